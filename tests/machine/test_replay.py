"""A trace that Debian's kernel 6.12 recorded of itself, replayed: tests/machine/guest has made it."""

from pathlib import Path

import pytest

from memdesc.machine import Machine
from memdesc.machine.agreement import by_counters, by_flags
from memdesc.machine.outcome import Replay
from memdesc.machine.replay import attribution, present_pages, replay
from memdesc.machine.trace.file import Trace

TRACE = Path(__file__).parent / "traces/debian-6.12.trace"
PER_CPU = 2 * 32
"""What two CPUs may have counted without telling: a fold of their counters is due at the threshold."""


@pytest.fixture(scope="module")
def counted() -> Replay:
    """The trace without a machine."""
    return replay(Trace(TRACE))


def test_it_agrees_with_the_flags_of_every_page(counted: Replay) -> None:
    """While the kernel looked at all its pages, the replay had as many of each kind that flags tell."""
    rows = by_flags(counted.moments)
    assert len(rows) == 7 * 4
    for row in rows:
        # page tables above the second level have no flag before 6.14
        room = 20 if row.what == "table" else 4
        assert abs(row.difference) <= room, row
    most = max(row.kernel for row in rows if row.what == "file")
    least = min(row.kernel for row in rows if row.what == "file")
    assert most - least > 5000, "and there was something to follow"


def test_it_agrees_with_the_counters(counted: Replay) -> None:
    """/proc/vmstat and /proc/meminfo moved as the replay did."""
    rows = by_counters(counted.moments)
    assert {row.what.split()[0] for row in rows} >= {"free+unknown", "file", "anon", "slab", "table", "stack"}
    assert max(abs(row.difference) for row in rows) <= PER_CPU
    anon = [row.kernel for row in rows if row.what.startswith("anon")]
    assert max(anon) > 500


def test_every_allocation_is_attributed(counted: Replay) -> None:
    """No stack of this kernel is unknown, and reading them alone says the same."""
    assert counted.attribution.share_unknown == 0
    assert attribution(Trace(TRACE)) == counted.attribution
    assert set(counted.attribution.pages) == {"file", "anon", "table", "driver", "slab", "frag"}
    assert (counted.lost, counted.cut, counted.odd.retyped, counted.odd.unattributed) == (0, False, 0, 0)
    assert counted.odd.overwritten + counted.odd.unseen_frees < 0.05 * counted.events


@pytest.mark.parametrize("design", ["linux-6.12", "memdesc-8"])
def test_a_machine_follows(counted: Replay, design: str) -> None:
    """Our machine ends with the pages of the recorded one, and has said what they cost meanwhile."""
    trace = Trace(TRACE)
    machine = Machine(design, present_pages(trace) * 4096)
    made = replay(trace, machine, check=0)
    assert made.pages == counted.pages
    assert made.odd == counted.odd
    now = machine.pages_by_kind()
    apart = machine.descriptors.pages
    assert now["anon"] == made.pages["anon"]
    assert now["file"] == made.pages["file"]
    assert now["slab"] == made.pages["slab"] + apart
    assert now["vmalloc"] == made.pages.get("stack", 0) + made.pages.get("vmalloc", 0)
    run = made.run
    assert run is not None
    assert run.costs.peak_descriptor_bytes >= max(point.descriptor_bytes for point in run.points)
    assert run.costs.memmap_bytes == machine.pages * machine.design.page.size
    assert 100 < len(run.points) <= 241
    assert [point.at for point in run.points] == sorted(point.at for point in run.points)
    assert run.misreads is not None
    if design == "memdesc-8":
        folios = next(cache for cache in run.costs.caches if cache.name == "folio")
        assert folios.used > 0
        assert run.costs.peak_descriptor_bytes > run.costs.memmap_bytes


def test_a_trace_that_was_cut_is_replayed_as_far_as_it_goes(tmp_path: Path) -> None:
    """And says so."""
    part = tmp_path / "t"
    part.write_bytes(TRACE.read_bytes()[:150_000])
    made = replay(Trace(part))
    assert made.cut
    assert 0 < made.events < 60_000
