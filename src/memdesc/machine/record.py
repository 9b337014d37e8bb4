"""Records a typed allocation trace of the running kernel."""

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from memdesc import outlet
from memdesc.errors import InputError
from memdesc.machine.trace.convert import Progress, convert
from memdesc.machine.trace.file import Tail
from memdesc.machine.trace.population import UNKNOWN, classify, counts
from memdesc.machine.trace.spool import Spool
from memdesc.machine.trace.tracefs import Instance, instance

PAGE_BYTES = 4096
PIECE = 1 << 16
"""Page frames that are read from /proc/kpageflags at once."""
_DRAIN_SECONDS = 0.02
_SHARE_OF_SAMPLES = 0.1
"""Of the time that may go into reading /proc/kpageflags."""
PROC = Path("/proc")


def record(
    output: Path, seconds: float, buffer_kib: int = 32768, sample_seconds: float = 1.0,
    progress: Progress | None = None, stop: Callable[[], bool] | None = None,
) -> Tail:  # fmt: skip
    """Record for `seconds` (for ever when 0, until `stop` says so), write the trace to `output`, return its end.

    Whatever ends it, the kernel's tracing is as it was before. Args: buffer_kib: the kernel's buffer of each
    CPU. sample_seconds: how often the kernel's counters are read.

    Raises: InputError: not root, a kernel without what is needed, or a place that cannot be written.
    """
    if os.sysconf("SC_PAGE_SIZE") != PAGE_BYTES:
        raise InputError(
            "memdesc machine record", f"machines of memdesc have pages of {PAGE_BYTES} bytes, this one others"
        )
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
    except OSError as error:
        raise InputError(str(output), f"cannot be written: {error.strerror}") from None
    try:
        with instance(buffer_kib, folder) as traced:
            _describe(traced, folder)
            _copy(traced, folder, seconds, sample_seconds, progress, stop)
            (folder / "lost").write_text(f"{traced.lost()}\n")
        return write(folder, output, progress)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(folder: Path, output: Path, progress: Progress | None = None) -> Tail:
    """Make the trace `output` of the recording in `folder` (see memdesc.machine.trace.spool), return its end.

    Raises: InputError: the recording lacks something, or `output` cannot be written.
    """
    with outlet.replacing(output) as stream:
        return convert(Spool(folder), stream, progress)


def _describe(traced: Instance, folder: Path) -> None:
    """Write down what is needed to understand the records."""
    kernel = os.uname()
    (folder / "release").write_text(kernel.release + "\n")
    (folder / "machine").write_text(kernel.machine + "\n")
    (folder / "header_page").write_text((traced.place.parents[1] / "events/header_page").read_text())
    (folder / "kallsyms").write_text((PROC / "kallsyms").read_text())
    (folder / "formats").mkdir()
    for name, text in traced.formats().items():
        (folder / "formats" / name.replace("/", ".")).write_text(text)


def _copy(
    traced: Instance, folder: Path, seconds: float, sample_seconds: float, progress: Progress | None,
    stop: Callable[[], bool] | None,
) -> None:  # fmt: skip
    """Copy the buffers into `folder` until it is time."""
    cpus = traced.open_buffers()
    with contextlib.ExitStack() as files:
        raw = {cpu: files.enter_context((folder / f"cpu{cpu}.raw").open("wb")) for cpu in cpus}
        marks = files.enter_context((folder / "marks").open("w"))

        def drain() -> None:
            for cpu in cpus:
                for block in traced.read(cpu):
                    raw[cpu].write(block)

        def mark(name: str, begin: int) -> None:
            marks.write(f"{name} {begin} {time.monotonic_ns()}\n")

        began = time.monotonic_ns()
        traced.switch(True)
        try:
            for pfn, flags, at in _kpageflags():
                (folder / f"population.{pfn}").write_bytes(flags)
                mark(f"population.{pfn}", at)
                drain()
            cost = time.monotonic_ns() - began
            _samples(folder, mark, drain, began, cost, seconds, sample_seconds, progress, stop)
        finally:
            traced.switch(False)
            drain()
            mark("trace", began)


def _samples(
    folder: Path, mark: Callable[[str, int], None], drain: Callable[[], None], began: int, cost: int,
    seconds: float, sample_seconds: float, progress: Progress | None, stop: Callable[[], bool] | None,
) -> None:  # fmt: skip
    """Drain the buffers and read the counters in turn; kinds of pages at the beginning, the end, and seldom."""
    number, next_sample, next_kinds = 0, 0, 0
    end = began + int(seconds * 1e9) if seconds else None
    done = False
    while True:
        now = time.monotonic_ns()
        done = (end is not None and now >= end) or (stop is not None and stop())
        if done or now >= next_sample:
            with_kinds = done or now >= next_kinds
            _sample(folder, number, mark, drain, with_kinds)
            number += 1
            next_sample = now + int(sample_seconds * 1e9)
            if with_kinds:
                next_kinds = now + max(int(cost / _SHARE_OF_SAMPLES), int(sample_seconds * 1e9))
        if done:
            return
        drain()
        if progress:
            whole = round(seconds)
            progress("recording", min(round((now - began) / 1e9), whole) if whole else 0, whole)
        time.sleep(_DRAIN_SECONDS)


def _sample(
    folder: Path, number: int, mark: Callable[[str, int], None], drain: Callable[[], None], with_kinds: bool
) -> None:
    name = f"sample.{number}"
    place = folder / name
    place.mkdir()
    begin = time.monotonic_ns()
    said = {file: (PROC / file).read_text() for file in ("vmstat", "zoneinfo", "meminfo")}
    mark(name, begin)
    for file, text in said.items():
        (place / file).write_text(text)
    if not with_kinds:
        return
    # A sample of its own: counting pages takes long enough for the counters to move on.
    name = f"sample.{number}k"
    place = folder / name
    place.mkdir()
    begin, total, carried = time.monotonic_ns(), dict[str, int](), UNKNOWN
    for _, words, _ in _kpageflags():
        codes = classify(np.frombuffer(words, "<u8"), carried)
        carried = int(codes[-1])
        for kind, pages in counts(codes).items():
            total[kind] = total.get(kind, 0) + pages
        drain()
    mark(name, begin)
    (place / "kinds").write_text(json.dumps(total))


def _kpageflags() -> Iterator[tuple[int, bytes, int]]:
    """Yield (pfn, words, when they began to be read) of all page frames, a piece at a time."""
    descriptor = os.open(PROC / "kpageflags", os.O_RDONLY)
    try:
        pfn = 0
        while True:
            begin = time.monotonic_ns()
            words = os.pread(descriptor, PIECE * 8, pfn * 8)
            if not words:
                return
            yield pfn, words, begin
            pfn += len(words) // 8
    finally:
        os.close(descriptor)
