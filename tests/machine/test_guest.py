"""Debian's kernels 6.1 and 6.12 record themselves in a virtual machine, and the replay follows what they count."""

import os
from pathlib import Path

import pytest

from memdesc.machine.agreement import by_counters, by_flags
from memdesc.machine.record import write
from memdesc.machine.replay import replay
from memdesc.machine.trace.file import Trace

guest = pytest.importorskip("guest")


@pytest.mark.real
@pytest.mark.xdist_group("guests")
@pytest.mark.parametrize("series", ["6.1", "6.12"])
def test_a_kernel_that_recorded_itself(
    series: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Pages by kind are those that the kernel's flags say, and move as its counters do."""
    from guest_recording import record_in_guest

    kept = os.environ.get("MEMDESC_GUESTS")
    kernels = (Path(kept) if kept else tmp_path_factory.getbasetemp() / "guests") / "kernels"
    try:
        spool = record_in_guest(series, kernels, tmp_path)
    except guest.Missing as missing:
        pytest.skip(str(missing))
    tail = write(spool, tmp_path / "t")
    assert tail.lost == tail.unpaired == 0
    made = replay(Trace(tmp_path / "t"))
    assert made.attribution.share_unknown < 0.01
    rows = by_flags(made.moments)
    for row in rows:
        room = 30 if row.what == "table" else 12
        assert abs(row.difference) <= room, row
    anon = [row.kernel for row in rows if row.what == "anon"]
    file = [row.kernel for row in rows if row.what == "file"]
    assert max(anon) - min(anon) > 500
    assert max(file) - min(file) > 5000
    for row in by_counters(made.moments):
        assert abs(row.difference) <= 125, row
