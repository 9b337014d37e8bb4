#!/usr/bin/env python3
"""Feed memdesc damaged input and say what came of it.

    python bench/fuzz.py [TARGET ...] [--seconds N] [--inputs N] [--seed S] [--corpus DIR] [--keep DIR]

For a minute in a merge, for hours by hand. Each input is a valid one in which a few things were changed with
knowledge of its form: fields of the frames of a trace (whose checksums are made anew), words of BTF, of dumps and of
what a cache holds, tokens of headers and of C, fields of a baseline. fuzz_targets.py has what reads them.

A process of its own reads thousands of them, and is replaced when it ends, hangs or holds too much. A fault is
whatever raises, ends the interpreter, takes over 20 seconds, or needs over 2 GiB; its input is kept in DIR. Now and
then an input is watched line by line; one that reaches lines that none did before joins the corpus, of which further
ones are made.
"""

import argparse
import gc
import hashlib
import json
import mmap
import os
import random
import re
import resource
import signal
import struct
import sys
import tempfile
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from fuzz_damage import words
from fuzz_targets import TARGETS, Slow, Target, place_of

MOST_SECONDS, MOST_BYTES = 20, 2 << 30
_WATCHED = 32
"""Of so many times that something is read, one is watched."""
_COLLECTED, _BROKEN = 64, 70
_LARGEST = 1 << 15
_MOST_KEPT = 4000
_SPACE_BYTES = 8 << 20
_GIVEN_BYTES = 7 << 20


@dataclass
class Counts:
    """What came of the inputs of one target. first: of each fault, what was said and the input."""

    ended: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    first: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    slowest: float = 0.0
    peak_bytes: int = 0
    grown: int = 0

    @property
    def inputs(self) -> int:
        """All that were fed."""
        return self.ended.total()

    def fault(self, kind: str, said: str, data: bytes, keep: Path | None, name: str) -> None:
        """Count a fault, and keep its input if it is the first of its kind."""
        self.ended["fault"] += 1
        self.faults[kind] += 1
        if self.faults[kind] == 1:
            self.first[kind] = said, data
            if keep is not None:
                stem = keep / f"{name}-{re.sub(r'[^A-Za-z0-9.]+', '-', kind)[:100]}"
                stem.write_bytes(data)
                stem.with_name(stem.name + ".said").write_text(f"{kind}\n{said}")


class Watch:
    """The lines of memdesc that inputs reached."""

    def __init__(self) -> None:
        self._seen: set[tuple[CodeType, int]] = set()

    @contextmanager
    def watching(self) -> Iterator[Callable[[], bool]]:
        """Note lines in a `with` block, and give what tells whether one of them is new."""
        before = len(self._seen)
        add = self._seen.add

        def line(frame: FrameType, event: str, _value: Any) -> Any:
            if event == "line":
                add((frame.f_code, frame.f_lineno))
            return line

        def entered(frame: FrameType, _event: str, _value: Any) -> Any:
            return line if "memdesc" in frame.f_code.co_filename else None

        sys.settrace(entered)
        try:
            yield lambda: len(self._seen) > before
        finally:
            sys.settrace(None)


class Corpus:
    """Seeds, and inputs that reached something new; in a folder if there is one, which later runs start from."""

    def __init__(self, seeds: Sequence[bytes], folder: Path | None) -> None:
        self._seeds, self.inputs, self._folder = seeds, list(seeds), folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self.inputs += [path.read_bytes() for path in sorted(folder.iterdir())[:_MOST_KEPT]]

    def one(self, source: random.Random) -> bytes:
        """Return one to damage; half of the time a seed, as most of the others are refused."""
        return source.choice(self._seeds if source.random() < 0.5 else self.inputs)

    def add(self, data: bytes) -> bool:
        """Keep an input, if there is room for it."""
        if len(data) > _LARGEST or len(self.inputs) >= _MOST_KEPT:
            return False
        self.inputs.append(data)
        if self._folder is not None:
            (self._folder / hashlib.blake2b(data, digest_size=8).hexdigest()).write_bytes(data)
        return True


class Feeder:
    """Makes inputs of a target and feeds them, in this process."""

    def __init__(self, name: str, target: Target, seed: str, corpus: Path | None, keep: Path | None) -> None:
        self.name, self.target, self.keep = name, target, keep
        self.random = random.Random(f"{name} {seed}")
        self.corpus, self.counts, self._watch = Corpus(target.seeds, corpus), Counts(), Watch()
        self._groups = 0
        signal.signal(signal.SIGALRM, _late)

    def made(self, most: int) -> list[bytes]:
        """Return the next inputs that are read together; one alone if it is to be watched."""
        if self._watches:
            most = 1
        return [
            self._damaged(self.random.choice(self.corpus.inputs)) for _ in range(min(self.target.group, most))
        ]

    @property
    def _watches(self) -> bool:
        return self._groups % _WATCHED == 0

    def _damaged(self, base: bytes) -> bytes:
        try:
            return self.target.damage(self.random, base)
        except (ValueError, LookupError, struct.error, zlib.error):  # one that is no longer of its form
            return words(self.random, base)

    def feed(self, inputs: Sequence[bytes]) -> None:
        """Feed inputs that are read together, and count what comes of them."""
        began = time.monotonic()
        try:
            if self._watches:
                with self._watch.watching() as news:
                    ended = self._read(inputs)
                if news():
                    self.counts.grown += self.corpus.add(inputs[0])
            else:
                ended = self._read(inputs)
        except (Exception, Slow) as error:
            self._blame(inputs, error)
        else:
            self.counts.ended.update(ended)
        self.counts.slowest = max(self.counts.slowest, time.monotonic() - began)
        self._groups += 1
        if self._groups % _COLLECTED == 0:
            gc.collect()  # a check turns it off
        self.counts.peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10

    def _read(self, inputs: Sequence[bytes]) -> list[str]:
        signal.alarm(MOST_SECONDS)
        try:
            return self.target.feed(inputs)
        finally:
            signal.alarm(0)

    def _blame(self, inputs: Sequence[bytes], error: BaseException) -> None:
        """Find which input of a group it was."""
        found = False
        for data in inputs if len(inputs) > 1 else ():
            try:
                self.counts.ended.update(self._read([data]))
            except (Exception, Slow) as own:
                self.counts.fault(place_of(own), _said(own), data, self.keep, self.name)
                found = True
        if not found:
            whole = b"\n/* next */\n".join(inputs)
            self.counts.fault(place_of(error), _said(error), whole, self.keep, self.name)


def _said(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def _late(_number: int, _frame: object) -> None:
    raise Slow


def fuzz(
    name: str, seconds: float, seed: int, folder: Path, keep: Path | None = None, most: int = 1 << 62,
    corpus: Path | None = None,
) -> Counts:  # fmt: skip
    """Feed `name` for `seconds`, or `most` inputs, in this process, and return what came of it.

    Args: seed: the same inputs come again. folder: where they are written. keep: where those of faults stay.
    """
    feeder = Feeder(name, TARGETS[name](folder), str(seed), corpus, keep)
    end = time.monotonic() + seconds
    while time.monotonic() < end and feeder.counts.inputs < most:
        feeder.feed(feeder.made(most - feeder.counts.inputs))
    return feeder.counts


def guarded(
    name: str, seconds: float, seed: int, folder: Path, keep: Path | None, most: int, corpus: Path | None,
) -> Counts:  # fmt: skip
    """Do as fuzz() does, but in a process that is replaced when it ends, hangs or holds too much."""
    total, end, round_ = Counts(), time.monotonic() + seconds, 0
    while time.monotonic() < end and total.inputs < most:
        round_ += 1
        space = mmap.mmap(-1, _SPACE_BYTES)
        child = os.fork()
        if child == 0:
            _work(name, f"{seed} {round_}", folder, keep, most - total.inputs, end, corpus, space)
        status = _waited(child, space)
        counts, given = _result(space), _given(space)
        space.close()
        total.ended += counts.ended
        total.faults += counts.faults
        total.first = {**counts.first, **total.first}
        total.slowest = max(total.slowest, counts.slowest)
        total.peak_bytes = max(total.peak_bytes, counts.peak_bytes)
        total.grown += counts.grown
        if status == _BROKEN:
            raise SystemExit("the fuzzer itself failed")
        if status != 0:
            kind = "hangs" if status == -signal.SIGKILL else f"ended by {status}"
            total.fault(kind, "the process that read it", b"\n/* next */\n".join(given), keep, name)
    return total


def _work(
    name: str, seed: str, folder: Path, keep: Path | None, most: int, end: float, corpus: Path | None,
    space: mmap.mmap,
) -> None:  # fmt: skip
    """Feed inputs until there were enough, or this process holds too much for the next; does not return."""
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES + (1 << 29), resource.RLIM_INFINITY))
        feeder = Feeder(name, TARGETS[name](folder), seed, corpus, keep)
        gc.collect()
        gc.freeze()
        held = 0
        while time.monotonic() < end and feeder.counts.inputs < most and held < MOST_BYTES >> 2:
            inputs = feeder.made(most - feeder.counts.inputs)
            _give(space, inputs, feeder.counts)
            feeder.feed(inputs)
            held = int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()
        _give(space, (), feeder.counts)
    except BaseException:
        traceback.print_exc()
        os._exit(_BROKEN)
    os._exit(0)


def _give(space: mmap.mmap, inputs: Sequence[bytes], counts: Counts) -> None:
    """Write down what is read next, for the case that nobody can be asked any more."""
    said = json.dumps(
        [counts.ended, counts.faults, counts.slowest, counts.peak_bytes, counts.grown, list(counts.first)]
    ).encode()
    at = 16 + len(said)
    space[16:at] = said
    number = 0
    for data in inputs:
        if at + 4 + len(data) > _GIVEN_BYTES:
            break
        struct.pack_into("<I", space, at, len(data))
        space[at + 4 : at + 4 + len(data)] = data
        at += 4 + len(data)
        number += 1
    struct.pack_into("<IId", space, 0, len(said), number, time.monotonic())


def _result(space: mmap.mmap) -> Counts:
    size, _, _ = struct.unpack_from("<IId", space)
    if not size:
        return Counts()
    ended, faults, slowest, peak, grown, first = json.loads(space[16 : 16 + size])
    return Counts(Counter(ended), Counter(faults), dict.fromkeys(first, ("", b"")), slowest, peak, grown)


def _given(space: mmap.mmap) -> list[bytes]:
    size, number, _ = struct.unpack_from("<IId", space)
    at, out = 16 + size, []
    for _ in range(number):
        (length,) = struct.unpack_from("<I", space, at)
        out.append(space[at + 4 : at + 4 + length])
        at += 4 + length
    return out


def _waited(child: int, space: mmap.mmap) -> int:
    """Return how a process ended; one that has read the same inputs for too long is ended, and -SIGKILL returned."""
    newest = time.monotonic()
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        _, _, last = struct.unpack_from("<IId", space)
        newest = max(newest, last)  # it is zero for a moment, while the process writes it
        if time.monotonic() - newest > 3 * MOST_SECONDS:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return -signal.SIGKILL
        time.sleep(0.05)


def row(name: str, counts: Counts, seconds: float) -> str:
    """Return what is printed of a target."""
    ended = ", ".join(f"{number:,} {how}" for how, number in sorted(counts.ended.items()))
    return (
        f"| {name} | {counts.inputs:,} | {ended} | {counts.faults.total():,} | {counts.grown:,} | "
        f"{counts.slowest:.1f} s | {counts.peak_bytes >> 20:,} MiB | {counts.inputs / max(seconds, 1e-3):,.0f} |"
    )


def main() -> int:
    """Fuzz what the command line names; return 1 when there were faults."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)} (default: all)"
    )
    parser.add_argument("--seconds", type=float, default=60, help="for each target")
    parser.add_argument("--inputs", type=int, default=1 << 62, help="for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="folder of inputs to start from, and to add to")
    parser.add_argument("--keep", type=Path, help="folder for inputs that were faults")
    args = parser.parse_args()
    if unknown := set(args.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    if args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
    failed = False
    print(
        "| target | inputs | ended | faults | added to the corpus | slowest | peak memory | inputs a second |"
    )
    print("|---|---|---|---|---|---|---|---|", flush=True)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    for name in args.targets or TARGETS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(dir=memory) as folder:
            corpus = args.corpus / name if args.corpus else None
            counts = guarded(name, args.seconds, args.seed, Path(folder), args.keep, args.inputs, corpus)
        print(row(name, counts, time.monotonic() - began), flush=True)
        for fault, times in counts.faults.most_common():
            print(f"    {times:6} {fault}", file=sys.stderr)
        failed = failed or bool(counts.faults) or counts.peak_bytes > MOST_BYTES
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
