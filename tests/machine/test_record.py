"""Recording the running kernel: it is the kernel's own counters that judge; and what recording leaves behind."""

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Run
from memdesc.errors import InputError
from memdesc.machine.agreement import by_counters, by_flags
from memdesc.machine.record import record
from memdesc.machine.replay import replay
from memdesc.machine.trace import tracefs
from memdesc.machine.trace.file import Trace

WORK = Path(__file__).with_name("page_work.py")
GATHERED = 10_000 * (os.cpu_count() or 1)
"""Pages that a process's end may have taken from nr_anon_pages and not yet freed: MAX_GATHER_BATCH_COUNT."""
SETTINGS = ("trace_clock", "buffer_size_kb", "current_tracer", "tracing_on", "trace_options", "set_event",
            "events/kmem/enable", "events/kmem/mm_page_alloc/trigger", "events/filemap/enable")  # fmt: skip


@pytest.fixture(scope="module")
def tracing() -> Iterator[Path]:
    """The kernel's tracing, mounted for the tests when it is not; skips them where there is none."""
    if os.geteuid() != 0:
        pytest.skip("needs root; tests/machine/test_guest.py records elsewhere")
    place, mounted = tracefs.PLACES[0], False
    if not (place / "instances").is_dir():
        mounted = place.is_dir() and tracefs.mount(place)
    try:
        if not (place / "events/kmem/mm_page_alloc").is_dir():
            pytest.skip("this kernel has no tracefs; tests/machine/test_guest.py records elsewhere")
        yield place
    finally:
        if mounted:
            tracefs.umount(place)


def _settings(tracing: Path) -> dict[str, str]:
    said = {name: (tracing / name).read_text() for name in SETTINGS}
    said["instances"] = " ".join(sorted(path.name for path in (tracing / "instances").iterdir()))
    return said


def _settled(tracing: Path, before: dict[str, str]) -> dict[str, str]:
    """The settings, when the last reader has gone; an instance that is still read cannot be removed."""
    end = time.monotonic() + 20
    while _settings(tracing) != before and time.monotonic() < end:
        gc.collect()
        time.sleep(0.05)
    return _settings(tracing)


@pytest.mark.real
@pytest.mark.usefixtures("tracing")
@pytest.mark.xdist_group("tracefs")
def test_a_recording_agrees_with_the_kernel(tmp_path: Path) -> None:
    """Pages by kind follow /proc/vmstat and /proc/kpageflags, within what could not be attributed or seen."""
    worker = subprocess.Popen([sys.executable, WORK, tmp_path])
    try:
        began = time.monotonic()
        tail = record(
            tmp_path / "t", 0, sample_seconds=0.5,
            stop=lambda: worker.poll() is not None or time.monotonic() - began > 120,
        )  # fmt: skip
        assert worker.wait() == 0
    finally:
        worker.kill()
        worker.wait()
    assert tail.lost == 0
    assert tail.unpaired <= (os.cpu_count() or 1)  # the last event of a processor may have no stack yet
    made = replay(Trace(tmp_path / "t"))
    assert made.attribution.share_unknown < 0.01
    assert {"anon", "file", "slab", "table"} <= made.attribution.pages.keys()
    # What was freed and never seen, or overwritten, may have been of any kind; counters lag by up to 125 a CPU.
    unsure = (
        made.odd.unattributed
        + made.odd.unseen_frees
        + made.odd.overwritten
        + made.odd.retyped
        + made.migrated
    )
    room = 125 * (os.cpu_count() or 1) + unsure
    moved = by_counters(made.moments)
    anon = [row.kernel for row in moved if row.what.startswith("anon")]
    assert max(anon) - min(anon) > 10_000
    for row in moved:
        is_anon = row.what.startswith("anon")
        assert abs(row.difference) <= room + (GATHERED if is_anon else 0), (row, room)
    beyond = [row for row in moved if abs(row.difference) > room]
    assert len(beyond) <= 0.1 * len(moved), (beyond, room)
    for row in by_flags(made.moments):
        assert abs(row.difference) <= room + 0.002 * row.kernel, (row, room)


@pytest.mark.real
@pytest.mark.xdist_group("tracefs")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_it_the_settings_are_as_before(
    tracing: Path, tmp_path: Path, number: signal.Signals
) -> None:
    """An interrupt ends the recording in good order; even after a kill nothing is left behind."""
    before = _settings(tracing)
    output = tmp_path / "t"
    recorder = subprocess.Popen(
        [sys.executable, "-m", "memdesc", "machine", "record", "-o", str(output)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    mine = tracefs.PREFIX + str(recorder.pid)
    end = time.monotonic() + 60
    while mine not in _settings(tracing)["instances"] and time.monotonic() < end:
        time.sleep(0.05)
    assert mine in _settings(tracing)["instances"]
    time.sleep(1)
    recorder.send_signal(number)
    said, _ = recorder.communicate(timeout=120)
    if number is signal.SIGKILL:
        assert recorder.returncode == -signal.SIGKILL
        assert not output.exists()
    else:
        assert recorder.returncode == 0, said
        assert not Trace(output).cut
        assert "pages were allocated for" in said
    end = time.monotonic() + 20
    while (mine in _settings(tracing)["instances"] or list(tmp_path.glob(".*"))) and time.monotonic() < end:
        time.sleep(0.05)
    assert _settled(tracing, before) == before
    assert [path.name for path in tmp_path.iterdir()] == ([] if number is signal.SIGKILL else ["t"])


@pytest.mark.real
@pytest.mark.xdist_group("tracefs")
def test_an_exception_leaves_nothing_behind(tracing: Path, tmp_path: Path) -> None:
    """An error while recording is raised, and the settings are as before."""
    before = _settings(tracing)

    def fail() -> bool:
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        record(tmp_path / "t", 0, buffer_kib=4096, stop=fail)
    assert _settled(tracing, before) == before
    assert list(tmp_path.iterdir()) == []


def test_without_root_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, and nothing is left where the trace was to be."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(InputError, match="needs root"):
        record(tmp_path / "t", 1)
    assert list(tmp_path.iterdir()) == []


def test_wrong_arguments_are_one_line(memdesc: Run, tmp_path: Path) -> None:
    """A place that cannot be written, numbers that make no sense, a folder that is no recording."""
    for words, says in (
        (["-o", tmp_path / "no/such/t"], "no such folder"),
        (["--seconds", "-1"], "must be positive"),
        (["--sample", "0"], "must be positive"),
        (["--buffer", "0"], "from 1 to 4096"),
        (["--from", tmp_path], "cannot be read"),
    ):
        made = memdesc("machine", "record", *words)
        assert (made.returncode, made.stderr.count("\n")) == (2, 1), made.stderr
        assert says in made.stderr


def test_a_kernel_that_lacks_an_event_is_refused(tmp_path: Path) -> None:
    """By name of the event; and one without tracefs, by the option that it was built without."""
    place = tmp_path / "tracing/instances/x"
    (place / "events").mkdir(parents=True)
    (tmp_path / "tracing/events").mkdir()
    (tmp_path / "tracing/events/header_page").write_text(
        "".join(f"\tfield: u64 {name};\toffset:{at};\tsize:8;\tsigned:0;\n"
                for at, name in ((0, "timestamp"), (8, "commit"), (16, "data")))
    )  # fmt: skip
    for name in ("tracing_on", "buffer_size_kb"):
        (place / name).touch()
    (place / "trace_clock").write_text("[local] global\n")
    with pytest.raises(InputError, match="'mono'"):
        tracefs.Instance(place).prepare(64)
    (place / "trace_clock").write_text("[local] global mono\n")
    with pytest.raises(InputError, match="kmem/mm_page_alloc"):
        tracefs.Instance(place).prepare(64)


@pytest.mark.real
@pytest.mark.xdist_group("tracefs")
def test_tracefs_is_mounted_when_it_is_not_and_only_as_long(tracing: Path, tmp_path: Path) -> None:
    """Where nobody has mounted tracefs, recording does, and takes it away again, killed or not."""
    if subprocess.run(["umount", tracing], capture_output=True, check=False).returncode:
        pytest.skip("tracefs is in use")
    try:
        record(tmp_path / "t", 0.1)
        assert not (tracing / "instances").exists()
    finally:
        tracefs.mount(tracing)
