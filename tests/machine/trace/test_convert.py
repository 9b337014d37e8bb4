"""From a recording to a trace: stacks go with their events, CPUs are merged, what is lost is told."""

import struct
from pathlib import Path

import numpy as np
import pytest

from memdesc.errors import InputError
from memdesc.machine.record import write
from memdesc.machine.trace.events import Op
from memdesc.machine.trace.file import Sample, Tail, Trace
from spools import Buffer, write_spool

ALLOC, FREE = "kmem/mm_page_alloc", "kmem/mm_page_free"


def _events(trace: Trace) -> tuple[list[tuple[int, int, int, tuple[str, ...]]], Tail]:
    """Return (time, op, pfn, stack) of each event, and the tail."""
    stacks: list[tuple[str, ...]] = [()]
    found = []
    for frame in trace:
        if isinstance(frame, list):
            stacks += frame
        elif isinstance(frame, np.ndarray):
            found += [(int(e["time"]), int(e["op"]), int(e["pfn"]), stacks[e["stack"]]) for e in frame]
        elif isinstance(frame, Tail):
            return found, frame
    raise AssertionError("no tail")


def test_a_stack_goes_with_the_event_of_its_context(tmp_path: Path) -> None:
    """An interrupt between an event and its stack brings a pair of its own."""
    cpu = Buffer()
    cpu.event(110, ALLOC, 5, 0, 0, 0, pid=7)
    cpu.event(111, ALLOC, 6, 1, 0, 0, pid=7, flags=0x10)
    cpu.stack(112, "allocate_slab", pid=7, flags=0x10)
    cpu.stack(113, "do_anonymous_page", "do_syscall_64", pid=7)
    write(write_spool(tmp_path / "spool", [cpu], origin=100), tmp_path / "t")
    events, tail = _events(Trace(tmp_path / "t"))
    assert events == [
        (10, Op.ALLOCATE, 5, ("do_anonymous_page", "do_syscall_64")),
        (11, Op.ALLOCATE, 6, ("allocate_slab",)),
    ]
    assert (tail.events, tail.unpaired, tail.lost) == (2, 0, 0)


def test_cpus_are_merged_in_the_order_of_time(tmp_path: Path) -> None:
    """Whatever each CPU's buffers hold, times never go back, and nothing is left out."""
    cpus = [Buffer() for _ in range(3)]
    for number in range(3000):
        cpus[number * number % 3].event(1000 + 7 * number, FREE, number, 0)
    write(write_spool(tmp_path / "spool", cpus), tmp_path / "t")
    events, _ = _events(Trace(tmp_path / "t"))
    assert [pfn for _, _, pfn, _ in events] == list(range(3000))


def test_what_is_missing_is_counted(tmp_path: Path) -> None:
    """Allocations that failed, events without a stack, and records that the kernel lost."""
    cpu = Buffer()
    cpu.event(1, ALLOC, (1 << 64) - 1, 3, 0, 0)
    cpu.stack(2, "do_anonymous_page")
    cpu.event(3, ALLOC, 9, 0, 0, 0)
    cpu.flush()
    cpu.event(4, FREE, 9, 0)
    cpu.flush(flags=1 << 31)
    write(write_spool(tmp_path / "spool", [cpu]), tmp_path / "t")
    events, tail = _events(Trace(tmp_path / "t"))
    assert [(op, pfn, stack) for _, op, pfn, stack in events] == [(Op.ALLOCATE, 9, ()), (Op.FREE, 9, ())]
    assert (tail.failed, tail.unpaired, tail.lost) == (1, 1, 1)


def test_samples_stand_where_they_were_taken(tmp_path: Path) -> None:
    """A sample comes before the events that are later than its beginning."""
    cpu = Buffer()
    for time in (10, 20, 30):
        cpu.event(time, FREE, time, 0)
    spool = write_spool(tmp_path / "spool", [cpu])
    (spool / "sample.a").mkdir()
    (spool / "sample.a/vmstat").write_text("nr_free_pages 12\n")
    (spool / "sample.a/kpageflags").write_bytes(struct.pack("<3Q", 1 << 7, 1 << 7 | 1 << 12, 1 << 10))
    with (spool / "marks").open("a") as marks:
        marks.write("sample.a 15 25\n")
    write(spool, tmp_path / "t")
    frames = [frame for frame in Trace(tmp_path / "t") if isinstance(frame, Sample | np.ndarray)]
    assert [len(frame) if isinstance(frame, np.ndarray) else "sample" for frame in frames] == [1, "sample", 2]
    sample = next(frame for frame in frames if isinstance(frame, Sample))
    assert sample.vmstat == {"nr_free_pages": 12}
    assert sample.kinds == {"slab": 2, "free": 1}, (
        "a slab page with the bit of anonymous memory is a slab page"
    )


@pytest.mark.parametrize("whole", [False, True])
def test_a_recording_that_ends_in_the_middle_of_a_sub_buffer(tmp_path: Path, whole: bool) -> None:
    """What is whole is used; sub-buffers may have their unused ends or not."""
    cpu = Buffer()
    for time in range(1000):
        cpu.event(time, FREE, time, 0)
    spool = write_spool(tmp_path / "spool", [cpu])
    blocks = [block.ljust(4096, b"\0") if whole else block for block in cpu.blocks]
    (spool / "cpu0.raw").write_bytes(b"".join(blocks)[:-50])
    if whole:
        (spool / "whole").touch()
    write(spool, tmp_path / "t")
    events, _ = _events(Trace(tmp_path / "t"))
    lost = 0 if whole and len(cpu.blocks[-1]) <= 4046 else (len(cpu.blocks[-1]) - 16) // 24
    assert len(events) == 1000 - lost


@pytest.mark.parametrize("gone", ["release", "header_page", "kallsyms", "marks", "formats/ftrace.kernel_stack",
                                  "formats/kmem.mm_page_alloc"])  # fmt: skip
def test_a_spool_that_lacks_something_says_what(tmp_path: Path, gone: str) -> None:
    """One line, and no half-written trace."""
    spool = write_spool(tmp_path / "spool", [Buffer()])
    (spool / gone).unlink()
    with pytest.raises(InputError, match=gone.rpartition("/")[2].rpartition(".")[2]):
        write(spool, tmp_path / "t")
    assert not list(tmp_path.glob("t*"))


def test_hidden_addresses_are_refused(tmp_path: Path) -> None:
    """A table of symbols that was not read as root names nothing."""
    spool = write_spool(tmp_path / "spool", [Buffer()])
    (spool / "kallsyms").write_text("0000000000000000 T allocate_slab\n")
    with pytest.raises(InputError, match="as root"):
        write(spool, tmp_path / "t")


def test_a_recording_of_another_architecture_is_refused(tmp_path: Path) -> None:
    """Records of 32 bits, or of the other byte order, would be misread."""
    spool = write_spool(tmp_path / "spool", [Buffer()])
    (spool / "machine").write_text("s390x\n")
    with pytest.raises(InputError, match="'s390x' are not understood"):
        write(spool, tmp_path / "t")


def test_a_format_that_lacks_a_field_is_refused(tmp_path: Path) -> None:
    """A kernel whose event has another shape is named by event and field."""
    spool = write_spool(tmp_path / "spool", [Buffer()])
    place = spool / "formats/kmem.mm_page_free"
    place.write_text(place.read_text().replace("long pfn", "long frame"))
    with pytest.raises(InputError, match="mm_page_free: has no field 'pfn'"):
        write(spool, tmp_path / "t")
