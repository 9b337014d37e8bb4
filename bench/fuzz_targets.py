"""What the fuzzers of bench/fuzz.py feed: valid inputs, what damages one, and what reads it.

Most inputs go to the readers themselves, which takes a millisecond; some take the way that a user's take, through the
whole command. What a reader refuses raises InputError; whatever else is raised is a fault.
"""

import contextlib
import io
import random
import re
import signal
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import fuzz_cache
import fuzz_inputs
from fuzz_damage import frames, lines, tokens, words
from memdesc.cli.main import main as memdesc
from memdesc.errors import InputError
from memdesc.findings import baseline
from memdesc.findings.model import Finding, Interpretation, Level, Step
from memdesc.findings.registry import rules
from memdesc.kernel.census import count
from memdesc.kernel.dump import open_dump
from memdesc.kernel.reconcile import account
from memdesc.kinds import Kind
from memdesc.layout.chart import chart
from memdesc.layout.design import Design, load, of_btf
from memdesc.layout.hazards import check
from memdesc.layout.image import of_bytes
from memdesc.layout.read_btf import BtfTypes
from memdesc.machine.replay import attribution, present_pages, replay
from memdesc.machine.trace.file import Trace
from memdesc.pipeline import Options
from memdesc.pipeline import check as check_files


class Slow(BaseException):
    """Reading took too long."""


@dataclass(frozen=True)
class Target:
    """One kind of input.

    Attributes: seeds: valid ones. damage: makes a new one of one. feed: reads some and returns how each ended.
    group: how many are read together.
    """

    seeds: list[bytes]
    damage: Callable[[random.Random, bytes], bytes]
    feed: Callable[[Sequence[bytes]], list[str]]
    group: int = 1


class _Commands:
    """Reads one input by itself, and now and then by the whole command; FILE stands for the input."""

    def __init__(
        self, folder: Path, name: str, read: Callable[[Path], None], every: int, *commands: str
    ) -> None:
        self._path, self._read, self._every, self._commands = folder / name, read, every, commands
        self._count = 0

    def __call__(self, inputs: Sequence[bytes]) -> list[str]:
        return [self._one(data) for data in inputs]

    def _one(self, data: bytes) -> str:
        self._path.write_bytes(data)
        self._count += 1
        if self._count % self._every == 0:
            command = self._commands[self._count // self._every % len(self._commands)]
            return "refused" if run(command, self._path) == 2 else "taken"
        try:
            self._read(self._path)
        except InputError:
            return "refused"
        return "taken"


class _Fault(Exception):
    """A command ended as none may."""


def run(command: str, path: Path) -> int:
    """Return the status of a command in which FILE stands for `path`.

    Raises: _Fault: it ended as a bug does.
    """
    out, err = io.StringIO(), io.StringIO()
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            given = [str(path) if word == "FILE" else word for word in command.split()]
            status = memdesc(["--traceback", *given])
    except SystemExit as ended:
        status = int(ended.code or 0)
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)
    said = err.getvalue()
    if "this is a bug" in said or "not enough memory" in said:
        raise _Fault(f"{command}\n{said}")
    return status


def place_of(error: BaseException) -> str:
    """Return what kind of fault an exception is, and where it was raised."""
    if isinstance(error, _Fault):
        said = str(error)
        places = re.findall(r'/(\w+\.py)", line (\d+), in (\w+)', said)
        kinds = re.findall(r"^(\w+(?:\.\w+)*(?:Error|Exception|Bug))\b", said, re.M)
        return f"{kinds[-1] if kinds else '?'} at {':'.join(places[-1]) if places else '?'}"
    ours = [f for f in traceback.extract_tb(error.__traceback__) if "memdesc/" in f.filename]
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}:{ours[-1].name}" if ours else "?"
    return f"{type(error).__name__} at {where}"


def _chosen(path: Path, every: int) -> bool:
    """Whether an input is one of those, of so many, that go through what takes longer than reading."""
    return crc32(path.read_bytes()) % every == 0


def _header(path: Path) -> None:
    _used(load(path), path)


def _used(design: Design, path: Path) -> None:
    if _chosen(path, 10):
        chart(design, [], check(design))


def _btf(path: Path) -> None:
    data = path.read_bytes()
    _used(of_btf("btf", BtfTypes(of_bytes(data, "btf"), "btf")), path)


def _census(kernel: Path) -> Callable[[Path], None]:
    def read(path: Path) -> None:
        source = open_dump(path, kernel).source
        if _chosen(path, 4):
            account(count(source, ("cache", "cgroup", "zone")))

    return read


def _elf(kernel: Path) -> Callable[[Path], None]:
    census = _census(kernel)

    def read(path: Path) -> None:
        data = path.read_bytes()
        if data[16:17] == b"\x04":
            census(path)
        else:
            _btf(path)

    return read


def _trace(path: Path) -> None:
    trace = Trace(path)
    present_pages(trace)
    if _chosen(path, 4):
        attribution(trace)
    if _chosen(path, 10):
        replay(trace)


def _baseline() -> Callable[[Path], None]:
    step = Step("mm/a.c", 3, 7, "f", "\tput_page(p);", "a step")
    rule = next(iter(rules()))
    found = Finding(rule, Level.ERROR, "mm/a.c", 3, 7, "f", "p", Kind.SLAB, Kind.FILE, "m", "put_page", "kmalloc",
                    (step, step))  # fmt: skip

    def read(path: Path) -> None:
        entries = baseline.read(path.read_bytes().decode("utf-8", "surrogateescape"), "baseline")
        kept = baseline.compare([found], baseline.at_level(entries, Level.WARNING), ["mm"])
        baseline.write(kept.new)

    return read


_OPTIONS = Options(1, False, Level.NOTE, Interpretation.OTTAWA)
_CHECKS = ("check FILE --no-cache --jobs 1 --level note", "infer FILE --no-cache --jobs 1")


class _Sources:
    """Reads C files, all of a group in one run, as files of one folder are."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0

    def __call__(self, inputs: Sequence[bytes]) -> list[str]:
        self._count += 1
        paths = [self._folder / f"{number:03}.c" for number in range(len(inputs))]
        for path, data in zip(paths, inputs, strict=True):
            path.write_bytes(data)
        if self._count % 20 == 0:
            run(_CHECKS[self._count // 20 % len(_CHECKS)], paths[0])
        try:
            report = check_files(paths, None, _OPTIONS, lambda *_: None)
        except InputError:
            return ["refused"] if len(inputs) == 1 else [how for data in inputs for how in self([data])]
        found = {Path(finding.file).name for finding in report.findings}
        return ["with findings" if path.name in found else "without" for path in paths]


def _of_cache(
    made: type[fuzz_cache.Facts | fuzz_cache.Results | fuzz_cache.Databases],
) -> Callable[[Path], Target]:
    def target(folder: Path) -> Target:
        kind = made(folder)
        return Target(kind.seeds, kind.damage, lambda inputs: [kind.feed(data) for data in inputs])

    return target


def _target_elf(folder: Path) -> Target:
    kernel = folder / "kernel.btf"
    kernel.write_bytes(fuzz_inputs.kernel_types())
    feed = _Commands(folder, "input", _elf(kernel), 1000, f"census --dump FILE --kernel {kernel}")
    return Target([*fuzz_inputs.cores(), *fuzz_inputs.images()], words, feed)


def _target_kdump(folder: Path) -> Target:
    kernel = folder / "kernel.btf"
    kernel.write_bytes(fuzz_inputs.kernel_types())
    feed = _Commands(folder, "input", _census(kernel), 1000, f"census --dump FILE --kernel {kernel}")
    return Target(fuzz_inputs.kdumps(), words, feed)


_LAYOUT = ("layout check FILE", "layout show FILE", "layout header FILE")
_CASE = sorted((fuzz_inputs.ROOT / "tests/c/cases").glob("*.c"))[0]
TARGETS: dict[str, Callable[[Path], Target]] = {
    "c": lambda folder: Target(fuzz_inputs.sources(), tokens, _Sources(folder), 64),
    "header": lambda folder: Target(
        fuzz_inputs.headers(), tokens, _Commands(folder, "input.h", _header, 2000, *_LAYOUT)
    ),
    "btf": lambda folder: Target(fuzz_inputs.btf(), words, _Commands(folder, "input", _btf, 1000, *_LAYOUT)),
    "elf": _target_elf,
    "kdump": _target_kdump,
    "trace": lambda folder: Target(
        fuzz_inputs.traces(), frames,
        _Commands(folder, "input", _trace, 1000, "machine compare --design linux-6.12 --trace FILE --no-lines"),
    ),
    "baseline": lambda folder: Target(
        fuzz_inputs.baseline(), lines,
        _Commands(folder, "input", _baseline(), 1000, f"check {_CASE} --no-cache --jobs 1 --baseline FILE"),
    ),
    "facts": _of_cache(fuzz_cache.Facts),
    "results": _of_cache(fuzz_cache.Results),
    "databases": _of_cache(fuzz_cache.Databases),
}  # fmt: skip
