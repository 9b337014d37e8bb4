#!/usr/bin/env python3
"""Feed memdesc damaged input and say what came of it.

    python bench/fuzz.py [TARGET ...] --seconds N --seed S [--keep DIR]

For minutes in a merge, for hours by hand. Each input is a valid one in which a few things were changed with
knowledge of its form: fields of the frames of a trace (whose checksums are made anew), words of BTF and of ELF
cores, tokens of headers and of C, fields of a baseline. The command runs on it as a user would run it, in this
process. A fault is "this is a bug", more than 20 s, or more than 2 GiB; its input is kept in DIR.
"""

import argparse
import contextlib
import io
import json
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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import numpy as np  # noqa: E402

import fake_dump  # noqa: E402
from btf import Builder  # noqa: E402
from memdesc.cli.main import main as memdesc  # noqa: E402
from memdesc.machine.trace.events import COLUMNS  # noqa: E402

MOST_SECONDS, MOST_BYTES = 20, 2 << 30
NUMBERS = (0, 1, 2, 7, 8, 63, 64, 127, 255, 4095, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 52,
           (1 << 63) - 1, 1 << 63, (1 << 64) - 1)  # fmt: skip
LEAVES: tuple[Any, ...] = (
    *NUMBERS, -1, 1 << 70, 1e300, None, True, "", "x" * 300, "\x1b[2J\n", [], {}, [[]], {"a": 1},
)  # fmt: skip
_FRAME = struct.Struct("<4sII")


class Slow(BaseException):
    """An input took more than MOST_SECONDS."""


@dataclass
class Target:
    """Valid inputs, what damages one, and the words of the commands; FILE stands for the input."""

    seeds: Callable[[], list[bytes]]
    damage: Callable[[random.Random, bytes], bytes]
    commands: Sequence[str]
    suffix: str = ""


@dataclass
class Counts:
    """What came of the inputs of one target."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0

    @property
    def inputs(self) -> int:
        """All that were fed."""
        return sum(self.statuses.values())


def words(random_: random.Random, data: bytes) -> bytes:
    """Return binary data with a few words, bytes or pieces changed."""
    out = bytearray(data)
    for _ in range(random_.choice((1, 1, 1, 2, 4, 8))):
        size = random_.choice((1, 2, 4, 4, 4, 8))
        if len(out) < 16:
            break
        at = random_.randrange(0, len(out) - size) // size * size
        what = random_.random()
        if what < 0.7:
            old = int.from_bytes(out[at : at + size], "little")
            new = random_.choice(
                (random_.choice(NUMBERS), old + 1, old - 1, old ^ 1 << random_.randrange(8 * size))
            )
            out[at : at + size] = (new & (1 << 8 * size) - 1).to_bytes(size, "little")
        elif what < 0.8:
            del out[at : at + random_.randrange(1, 64)]
        elif what < 0.9:
            piece = out[at : at + random_.randrange(1, 256)]
            out[random_.randrange(len(out)) : 0] = piece
        elif what < 0.95:
            other = random_.randrange(len(out) - size)
            out[at : at + size] = out[other : other + size]
        else:
            del out[random_.randrange(len(out)) :]
    return bytes(out)


_TOKEN = re.compile(rb"[A-Za-z_]\w*|0[xX][0-9a-fA-F]+|\d+|\s+|\"[^\"\n]*\"|/\*.*?\*/|.", re.S)
_PIECES = (
    b"(", b")", b"{", b"}", b"[", b"]", b";", b",", b"*", b"&", b"?", b":", b"=", b"->", b".", b"\n#if A\n",
    b"\n#else\n", b"\n#endif\n", b"\n#define x(a) a a\n", b"struct", b"union", b"enum", b"int", b"unsigned long",
    b"0", b"-1", b"<<", b"/", b"0xffffffffffffffff", b"99999999999999999999", b"sizeof(x)", b"if (p)", b"for (;;)",
    b"goto out;", b"out:", b"case 1:",
    b"switch (x) {", b"return p;", b"static", b"struct page *p", b"/*", b"*/", b'"', b"'", b"\\\n", b"\0", b"\xff",
    b"<%", b"%>",
    b"__attribute__((packed))", b"__aligned(64)", b": 3", b"[0]", b"[1UL << 40]", b"do {", b"} while (0);",
)  # fmt: skip


def tokens(random_: random.Random, data: bytes) -> bytes:
    """Return text with a few tokens changed, or a piece nested and repeated."""
    out = _TOKEN.findall(data)
    for _ in range(random_.choice((1, 1, 2, 4, 8, 16))):
        at = random_.randrange(len(out) + 1)
        end = min(len(out), at + random_.choice((1, 1, 1, 3, 10, 40)))
        what = random_.random()
        if what < 0.3:
            out[at:end] = [random_.choice(_PIECES)]
        elif what < 0.45:
            out[at:at] = [random_.choice(_PIECES)]
        elif what < 0.6:
            del out[at:end]
        elif what < 0.8:
            to = random_.randrange(len(out) + 1)
            out[to:to] = out[at:end]
        elif what < 0.95 and out:
            out[at:end] = [random_.choice(out)]
        else:
            out[at:at] = out[at:end] * random_.choice((2, 30, 300))
    return b"".join(out)


def leaves(random_: random.Random, value: Any) -> Any:
    """Return a JSON value with one place changed."""
    if isinstance(value, dict) and value and random_.random() < 0.9:
        key = random_.choice(list(value))
        out = dict(value)
        if random_.random() < 0.1:
            del out[key]
        else:
            out[key] = leaves(random_, value[key])
        return out
    if isinstance(value, list) and value and random_.random() < 0.8:
        at = random_.randrange(len(value))
        return [*value[:at], leaves(random_, value[at]), *value[at + random_.choice((0, 1, 1, 1)) :]]
    return random_.choice(LEAVES)


def lines(random_: random.Random, data: bytes) -> bytes:
    """Return a file of a JSON value a line with one value changed, or one that is no JSON."""
    if random_.random() < 0.2:
        return words(random_, data)
    out = data.splitlines()
    at = random_.randrange(len(out))
    out[at] = json.dumps(leaves(random_, json.loads(out[at]))).encode()
    return b"\n".join(out) + b"\n"


def frames(random_: random.Random, data: bytes) -> bytes:
    """Return a trace whose frames say something else, with checksums that are right."""
    magic, at = data[:14], 14
    found: list[tuple[bytes, bytes]] = []
    while at < len(data):
        name, length, _ = _FRAME.unpack_from(data, at)
        found.append((name, zlib.decompress(data[at + _FRAME.size : at + _FRAME.size + length])))
        at += _FRAME.size + length
    for _ in range(random_.choice((1, 1, 2, 3))):
        number = random_.randrange(len(found))
        name, payload = found[number]
        what = random_.random()
        if what < 0.05:
            del found[number]
        elif what < 0.1:
            found.insert(random_.randrange(len(found)), (name, payload))
        elif what < 0.15:
            found[number] = (random_.choice(found)[0], payload)
        elif what < 0.2:
            found[number] = (name, words(random_, payload))
        elif name == b"EVNT":
            found[number] = (name, _columns(random_, payload))
        elif name == b"POPL":
            found[number] = (name, _runs(random_, payload))
        else:
            try:
                found[number] = (name, json.dumps(leaves(random_, json.loads(payload))).encode())
            except ValueError:  # it was damaged before
                found[number] = (name, words(random_, payload))
        if not found:
            return magic
    packed = [(name, zlib.compress(payload, 1)) for name, payload in found]
    return magic + b"".join(_FRAME.pack(name, len(each), zlib.crc32(each)) + each for name, each in packed)


def _columns(random_: random.Random, payload: bytes) -> bytes:
    count = struct.unpack_from("<Q", payload)[0]
    if len(payload) != 8 + count * COLUMNS.itemsize or not count:
        return payload
    out, at = bytearray(payload), 8
    names = list(COLUMNS.names or ())
    chosen = random_.choice(names)
    for name in names:
        size = COLUMNS[name].itemsize
        if name == chosen:
            for _ in range(random_.choice((1, 1, 10, count))):
                cell = at + random_.randrange(count) * size
                new = random_.choice((*NUMBERS[:9], random_.choice(NUMBERS), random_.randrange(1 << 18)))
                out[cell : cell + size] = (new & (1 << 8 * size) - 1).to_bytes(size, "little")
        at += count * size
    return bytes(out)


def _runs(random_: random.Random, payload: bytes) -> bytes:
    out = bytearray(payload)
    count = struct.unpack_from("<Q", payload, 24)[0] if len(payload) >= 32 else 0
    if random_.random() < 0.3 or len(payload) != 32 + 6 * count or not count:
        at = random_.randrange(4) * 8
        out[at : at + 8] = random_.choice(NUMBERS).to_bytes(8, "little")
        return bytes(out)
    row = random_.randrange(count)
    at, size = random_.choice(((32 + row, 1), (32 + count + row, 1), (32 + 2 * count + 4 * row, 4)))
    out[at : at + size] = (random_.choice(NUMBERS) & (1 << 8 * size) - 1).to_bytes(size, "little")
    return bytes(out)


def _btf() -> list[bytes]:
    out = []
    for end in "<>":
        made = Builder(end)
        long, integer = made.integer("unsigned long", 8), made.integer("int", 4)
        array = made.add(3, "", 0, (integer, long, 4))
        pointer = made.add(2, "", long)
        inner = made.record(5, "", 16, [("a", long, 0), ("b", pointer, 0), ("c", array, 0)])
        made.add(6, "pageflags", 4, (made.name("PG_locked"), 0, made.name("PG_slab"), 9), 2)
        for name in ("page", "folio", "slab", "ptdesc"):
            members = [
                ("flags", long, 0),
                ("mapping", pointer, 64),
                ("", inner, 128),
                ("_refcount", integer, 256),
            ]
            made.record(4, name, 64, members)
        out.append(made.bytes())
    return out


def _files(*patterns: str) -> list[bytes]:
    return [path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def _baseline() -> list[bytes]:
    row = {"id": "F:1", "rule": "slab-page-sent", "file": "mm/a.c", "function": "f", "expression": "p"}
    return [b"".join(json.dumps({**row, "id": f"F:{number}"}).encode() + b"\n" for number in range(4))]


def _cores() -> list[bytes]:
    note = (
        b"OSRELEASE=6.12.1\nPAGESIZE=4096\nSYMBOL(init_uts_ns)=ffffffff82000000\nSYMBOL(swapper_pg_dir)=ffffffff80001000\n"
        b"NUMBER(phys_base)=0\nKERNELOFFSET=0\nSIZE(page)=64\nOFFSET(page.flags)=0\nNUMBER(pgtable_l5_enabled)=0\n"
    )
    pages = {
        **fake_dump.page_tables({0xFFFFFFFF81000000: 0x3000, 0xFFFFFFFF82000000: 0x4000}),
        0x3000: bytes(4096), 0x4000: bytes(range(256)) * 16,
    }  # fmt: skip
    by_frame = {address // 4096: page for address, page in pages.items()}
    cores = [fake_dump.elf_core(pages, note), fake_dump.elf_core({0x1000: bytes(64)}, note)]
    cores += [fake_dump.kdump(by_frame, note), fake_dump.flattened(cores[1], [100, 20])]
    return cores


def _traces() -> list[bytes]:
    """Return a small trace with all frames and operations; the stacks are those of a recorded one."""
    from memdesc.machine.trace.file import FORMAT, Head, Sample, Tail, Trace, Writer
    from memdesc.machine.trace.population import Runs

    stacks = next(frame for frame in Trace(ROOT / RECORDED) if isinstance(frame, list))
    random_, stream = random.Random(1), io.BytesIO()
    writer = Writer(stream, Head(FORMAT, "6.12.0", "x86_64", 4096, 4096, 2, ("kmem/mm_page_alloc",)))
    rows = [
        (16, 0, 64),
        (1, 0, 64),
        (1, 3, 16),
        (0, 0, 256),
        (4, 1, 32),
        (7, 0, 64),
        (17, 4, 4),
        (31, 0, 3392),
    ]
    code, order, blocks = (np.array(column) for column in zip(*rows, strict=True))
    writer.population(Runs(0, 1, 5, code.astype(np.uint8), order.astype(np.uint8), blocks.astype(np.uint32)))
    writer.stacks(stacks)
    for number in range(3):
        events = np.zeros(120, COLUMNS)
        events["time"] = np.arange(120) * 1000 + number * 200_000 + 10
        events["op"] = [random_.choice((1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8)) for _ in range(120)]
        events["order"] = [random_.choice((0, 0, 0, 1, 2, 3)) for _ in range(120)]
        events["pfn"] = [random_.randrange(4096) >> each << each for each in events["order"].tolist()]
        events["stack"] = [random_.randrange(len(stacks) + 1) for _ in range(120)]
        events["index"] = [random_.randrange(20) for _ in range(120)]
        events["object"] = [random_.randrange(5) for _ in range(120)]
        writer.events(events)
        counters = {"nr_free_pages": 3, "nr_file_pages": 7, "pgmigrate_success": number}
        at = number * 200_000
        writer.sample(Sample(at, at + 90_000, counters, {"VmallocUsed": 8}, 5, {"file": 4, "slab": 1}))
    writer.tail(Tail(360, 700_000, 1, 2, 3))
    return [stream.getvalue()]


RECORDED = "tests/machine/traces/debian-6.12.trace"
CASE = ROOT / "tests/c/cases"
TARGETS: dict[str, Target] = {
    "trace": Target(
        _traces, frames,
        ("machine compare --design linux-6.12 --trace FILE --no-lines",),
    ),
    "header": Target(
        lambda: _files("src/memdesc/layout/designs/*.h", "tests/layout/headers/*.h"), tokens,
        ("layout check FILE", "layout show FILE", "layout header FILE"), ".h",
    ),
    "btf": Target(_btf, words, ("layout check FILE", "layout show FILE", "layout header FILE")),
    "core": Target(_cores, words, ("census --dump FILE",)),
    "c": Target(
        lambda: _files("tests/c/cases/*.c"), tokens,
        ("check FILE --no-cache --jobs 1 --level note", "infer FILE --no-cache --jobs 1"), ".c",
    ),
    "baseline": Target(
        _baseline, lines, (f"check {sorted(CASE.glob('*.c'))[0]} --no-cache --jobs 1 --baseline FILE",)
    ),
}  # fmt: skip


def run(command: list[str]) -> tuple[int, str, str]:
    """Return status, what was said on standard error, and what kind of fault it is, empty for none."""
    out, err = io.StringIO(), io.StringIO()
    before = (
        signal.signal(signal.SIGALRM, _late),
        signal.getsignal(signal.SIGINT),
        signal.getsignal(signal.SIGTERM),
    )
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            signal.alarm(MOST_SECONDS)
            status = memdesc(["--traceback", *command])
    except SystemExit as ended:
        status = int(ended.code or 0)
    except Slow:
        where = next((f"{f.name} ({Path(f.filename).name}:{f.lineno})" for f in _ours()), "")
        return 2, "", f"slow in {where}"
    except BaseException as error:
        return 2, traceback.format_exc(), f"{type(error).__name__} out of main"
    finally:
        signal.alarm(0)
        for number, handler in zip((signal.SIGALRM, signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)
    said = err.getvalue()
    if "this is a bug" not in said:
        return status, said, "not enough memory" if "not enough memory" in said else ""
    places = re.findall(r'/(\w+\.py)", line (\d+), in (\w+)', said)
    kind = re.findall(r"^(\w+(?:\.\w+)*(?:Error|Exception|Bug))\b", said, re.M)
    return status, said, f"{kind[-1] if kind else '?'} at {':'.join(places[-1]) if places else '?'}"


def _ours() -> list[traceback.FrameSummary]:
    _, _, trace = sys.exc_info()
    return [frame for frame in reversed(traceback.extract_tb(trace)) if "memdesc/" in frame.filename]


def fuzz(
    name: str, seconds: float, seed: int, folder: Path, keep: Path | None = None, most: int | None = None
) -> Counts:
    """Feed `name` for `seconds`, or `most` inputs, and return what came of it.

    Args: seed: the same inputs come again. folder: where they are written. keep: where those of faults stay.
    """
    target, random_, counts = TARGETS[name], random.Random(f"{name} {seed}"), Counts()
    seeds = target.seeds()
    path = folder / f"input{target.suffix}"
    end = time.monotonic() + seconds
    while time.monotonic() < end and (most is None or counts.inputs < most):
        data = target.damage(random_, random_.choice(seeds))
        path.write_bytes(data)
        words_ = [str(path) if word == "FILE" else word for word in random_.choice(target.commands).split()]
        began = time.monotonic()
        status, said, fault = run(words_)
        counts.slowest = max(counts.slowest, time.monotonic() - began)
        counts.statuses[status] += 1
        if fault:
            counts.faults[fault] += 1
            if keep is not None and counts.faults[fault] == 1:
                stem = keep / f"{name}-{re.sub(r'[^A-Za-z0-9.]+', '-', fault)}"
                stem.with_name(stem.name + target.suffix).write_bytes(data)
                stem.with_name(stem.name + ".said").write_text(f"{' '.join(words_)}\n{said}")
    return counts


def _late(_number: int, _frame: object) -> None:
    raise Slow


def main() -> int:
    """Fuzz what the command line names; return 1 when there were faults."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)} (default: all)"
    )
    parser.add_argument("--seconds", type=float, default=60, help="for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for inputs that were faults")
    args = parser.parse_args()
    if unknown := set(args.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    if args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES + (1 << 30), resource.RLIM_INFINITY))
    failed = False
    print("| target | inputs | clean, found | refused | faults | slowest | peak memory so far |")
    print("|---|---|---|---|---|---|---|")
    for name in args.targets or TARGETS:
        with tempfile.TemporaryDirectory() as folder:
            counts = fuzz(name, args.seconds, args.seed, Path(folder), args.keep)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        taken = counts.statuses[0] + counts.statuses[1]
        print(
            f"| {name} | {counts.inputs:,} | {taken:,} | {counts.statuses[2]:,} | {counts.faults.total():,} "
            f"| {counts.slowest:.1f} s | {peak:,} MiB |",
            flush=True,
        )
        for fault, times in counts.faults.most_common():
            print(f"    {times:6} {fault}", file=sys.stderr)
        failed = failed or bool(counts.faults) or peak > MOST_BYTES >> 20
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
