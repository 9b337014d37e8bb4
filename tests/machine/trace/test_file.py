"""Trace files: what is written is read, and what is cut or damaged is said in one line."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memdesc.errors import InputError
from memdesc.machine.trace.events import COLUMNS, Events
from memdesc.machine.trace.file import FORMAT, Frame, Head, Sample, Tail, Trace, Writer
from memdesc.machine.trace.population import encode

HEAD = Head(FORMAT, "6.99.0-test", "x86_64", 4096, 1024, 2, ("kmem/mm_page_alloc",))


def _made(count: int, seed: int) -> Events:
    numbers = np.random.default_rng(seed)
    events = np.zeros(count, COLUMNS)
    for name in COLUMNS.names or ():
        top = {1: 200, 4: 1 << 31, 8: 1 << 50}[COLUMNS[name].itemsize]
        events[name] = numbers.integers(0, top, count)
    events["time"].sort()
    events["stack"] = 0
    events["op"] = events["op"] % 8 + 1
    events["order"] %= 11
    events["pfn"] = events["pfn"] >> events["order"] << events["order"]
    return events


def _written(path: Path, chunks: list[Events]) -> bytes:
    stream = io.BytesIO()
    writer = Writer(stream, HEAD)
    writer.population(encode(np.full(1024, 1 << 10, np.uint64), 0, 3, 5))
    writer.stacks([("a", "b")])
    for chunk in chunks:
        writer.events(chunk)
    writer.sample(Sample(1, 2, {"nr_free_pages": 3}, {}, -1, {"file": 4}))
    writer.tail(Tail(sum(map(len, chunks)), 9, 0, 0, 0))
    path.write_bytes(stream.getvalue())
    return stream.getvalue()


def _read(path: Path) -> tuple[Trace | None, list[Frame]]:
    """Return the trace and its frames; None when it is refused, in one line."""
    try:
        trace = Trace(path)
        return trace, list(trace)
    except InputError as error:
        said = str(error)
    assert "\n" not in said
    return None, []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 500), max_size=4), st.integers(0, 99))
def test_frames_come_back(tmp_path_factory: pytest.TempPathFactory, sizes: list[int], seed: int) -> None:
    """Every column, the population, stacks, samples and the end."""
    path = tmp_path_factory.mktemp("trace") / "t"
    chunks = [_made(size, seed + size) for size in sizes]
    _written(path, chunks)
    trace = Trace(path)
    frames = list(trace)
    assert trace.head == HEAD
    assert not trace.cut
    found = [frame for frame in frames if isinstance(frame, np.ndarray)]
    assert all(np.array_equal(a, b) for a, b in zip(found, chunks, strict=True))
    assert frames[1] == [("a", "b")]
    assert frames[-2] == Sample(1, 2, {"nr_free_pages": 3}, {}, -1, {"file": 4})


def test_a_trace_cut_anywhere_is_partial_or_refused(tmp_path: Path) -> None:
    """Never another error, never a frame that was not written, and never taken for whole."""
    path = tmp_path / "t"
    chunks = [_made(30, 1), _made(30, 2)]
    whole = _written(path, chunks)
    partial = 0
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        trace, frames = _read(path)
        if trace is None:
            continue
        assert trace.cut
        found = [frame for frame in frames if isinstance(frame, np.ndarray)]
        partial += 1
        assert all(np.array_equal(a, b) for a, b in zip(found, chunks, strict=False))
    assert partial > len(whole) / 3


def test_a_damaged_trace_says_where(tmp_path: Path) -> None:
    """A byte that changed is not taken for what it says now."""
    path = tmp_path / "t"
    whole = _written(path, [_made(200, 1)])
    for at in range(14, len(whole), 37):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        trace, _ = _read(path)
        assert trace is None or trace.cut, "a length that changed may reach beyond the end"


def test_other_files_are_refused(tmp_path: Path) -> None:
    """Not a trace; a trace of another format; a stack that is not there; no file."""
    path = tmp_path / "t"
    path.write_bytes(b"PERFILE2" + bytes(100))
    with pytest.raises(InputError, match="no trace"):
        Trace(path)
    stream = io.BytesIO()
    Writer(stream, Head(99, "", "", 4096, 0, 0, ()))
    path.write_bytes(stream.getvalue())
    with pytest.raises(InputError, match="format 99"):
        Trace(path)
    stream = io.BytesIO()
    events = _made(1, 1)
    events["stack"] = 5
    Writer(stream, HEAD).events(events)
    path.write_bytes(stream.getvalue())
    with pytest.raises(InputError, match="stack"):
        list(Trace(path))
    with pytest.raises(InputError, match="cannot be read"):
        Trace(tmp_path / "none")
