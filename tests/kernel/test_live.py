"""A machine behind a door."""

import os
from pathlib import Path

import numpy as np
import pytest

from fake_machine import FakeDoor, of_array
from memdesc.errors import InputError
from memdesc.kernel.census import count
from memdesc.kernel.door import Door, refused
from memdesc.kernel.encoding import encoding, misreads
from memdesc.kernel.flags import BIT
from memdesc.kernel.live import LiveSource, open_live
from memdesc.kernel.population import TAIL, Page
from memdesc.layout import design as designs

GIB_PAGES = 1 << 18


def word(flags: str) -> int:
    """Return the word with these flags."""
    return sum(BIT[name] for name in flags.split())


def machine(*flags: str, **more: object) -> LiveSource:
    """Return a machine with a page for each of `flags`."""
    words = np.array([word(each) for each in flags], np.uint64)
    design = designs.load("linux-6.18")
    return LiveSource(FakeDoor(len(words), of_array(words), **more), design)  # type: ignore[arg-type]


def test_blocks_and_kinds() -> None:
    """Tails are what their head is, free pages form blocks."""
    source = machine(
        "slab head", "slab tail", "slab", "lru head thp", "tail", "tail", "tail", "buddy", "buddy", ""
    )
    columns = source.read(0, 10)
    assert columns.kind.tolist() == [Page.SLAB] * 3 + [Page.FILE] * 4 + [Page.FREE] * 2 + [Page.UNKNOWN]
    assert columns.order.tolist() == [1, TAIL, 0, 2, TAIL, TAIL, TAIL, 0, 0, 0]


def test_slabs_that_read_as_anonymous() -> None:
    """They are slabs, and counted as misreported with the reason that the layout gives."""
    source = machine("slab", "slab anon", "slab anon ksm", "anon lru", "pgtable anon")
    census = count(source)
    assert census.pages(Page.SLAB) == 3
    assert census.pages(Page.ANON) == 1
    said = {misread.name: (pages, misread.says) for misread, pages in census.misreads}
    assert said["slab-as-anon"][0] == 1
    assert said["slab-as-ksm"][0] == 1
    assert "slabs (a number" in said["slab-as-anon"][1]
    # struct ptdesc keeps mapping where it is, so no layout explains this one.
    assert said["type-and-anon"][0] == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [("linux-6.18", {"slab-as-anon", "slab-as-ksm"}), ("linux-6.1", set())],
)
def test_the_layout_says_what_is_misread(name: str, expected: set[str]) -> None:
    """In 6.18 a count lies over mapping; in 6.1 a pointer, whose low bits are clear."""
    assert {each.name for each in misreads(designs.load(name)) if each.kind is Page.SLAB} == expected


@pytest.mark.parametrize(
    ("name", "way", "slab"),
    [("linux-6.18", "bytes", 0xF5), ("linux-6.12", "bytes", 0xF5), ("linux-6.1", "bits", None)],
)
def test_the_encoding_is_read_off_the_layout(name: str, way: str, slab: int | None) -> None:
    """By members and enumerators, never by a version."""
    found = encoding(designs.load(name).types)
    assert (found.way, found.types.get("slab")) == (way, slab)
    assert (f"slab {slab:#x}" if slab else "a cleared bit") in found.says


def test_holes() -> None:
    """Frames outside of memory are absent, whether the kernel says so or reports no flags."""
    iomem = "00000000-00001fff : System RAM\n00004000-00005fff : System RAM\n"
    source = machine("buddy", "", "", "reserved", "lru", "nopage", texts={"proc/iomem": iomem})
    columns = source.read(0, 6, frozenset(("misread",)))
    assert [Page(kind) for kind in columns.kind] == [
        Page.FREE, Page.UNKNOWN, Page.ABSENT, Page.RESERVED, Page.FILE, Page.ABSENT,
    ]  # fmt: skip
    census = count(source)
    assert {m.name: pages for m, pages in census.misreads} == {"hole-as-page": 1}
    assert census.pages() == 4


def test_large_holes_are_not_read() -> None:
    """Ranges follow memory, in whole chunks; small holes are read through."""
    page = 4096
    ram = [(0, GIB_PAGES), (2 * GIB_PAGES, 3 * GIB_PAGES + 5), (200 * GIB_PAGES, 201 * GIB_PAGES)]
    iomem = "".join(f"{a * page:08x}-{b * page - 1:08x} : System RAM\n" for a, b in ram)
    door = FakeDoor(
        201 * GIB_PAGES, lambda _first, number: np.zeros(number, np.uint64), {"proc/iomem": iomem}
    )
    source = LiveSource(door)
    assert source.ranges() == (range(4 * GIB_PAGES), range(200 * GIB_PAGES, 201 * GIB_PAGES))


@pytest.mark.parametrize("frames", [1, 2, 3, 5, 127, 128, 129, 1000])
def test_the_end_is_found(frames: int) -> None:
    """By asking, not by what another file says."""
    door = FakeDoor(frames, lambda _first, number: np.zeros(number, np.uint64))
    assert LiveSource(door).ranges() == (range(frames),)


def test_what_cannot_be_read_is_said() -> None:
    """Without the small files there is a census; it names them, and what that costs."""
    source = LiveSource(FakeDoor(2, of_array(np.array([word("slab"), word("anon")], np.uint64))))
    census = count(source, ("cgroup",))
    assert census.pages() == 2
    missing = {each.what: each.costs for each in census.about.missing}
    assert {"/proc/iomem", "/proc/vmstat", "/proc/kpagecgroup", "/sys/kernel/btf/vmlinux"} <= set(missing)
    assert all(missing.values())
    assert census.by["cgroup"] == ()


def test_cgroups_mapcounts_and_zones() -> None:
    """Columns that are asked for are filled."""
    words = np.array([word("anon mmap"), word("lru"), word("slab")], np.uint64)
    more = {
        "proc/kpagecgroup": of_array(np.array([7, 7, 0], np.uint64)),
        "proc/kpagecount": of_array(np.array([3, 0, 0], np.uint64)),
    }
    source = LiveSource(FakeDoor(3, of_array(words), words=more))
    columns = source.read(0, 3, frozenset(("mapcount", "cgroup", "zone")))
    assert columns.mapcount is not None
    assert columns.zone is not None
    assert columns.mapcount.tolist() == [3, 0, 0]
    assert columns.zone.tolist() == [0, 0, 0]
    census = count(source, ("cgroup", "zone", "node"))
    assert [(group.name, group.pages) for group in census.by["cgroup"]] == [("/a", 2), ("(none)", 1)]
    assert [(group.name, group.pages) for group in census.by["node"]] == [("node 0", 3)]


def test_tails_are_charged_with_their_head() -> None:
    """6.1 names no cgroup for the later pages of a folio."""
    words = np.array([word("lru head"), word("tail"), word("tail"), word("tail"), word("lru")], np.uint64)
    more = {"proc/kpagecgroup": of_array(np.array([7, 0, 0, 0, 8], np.uint64))}
    columns = LiveSource(FakeDoor(5, of_array(words), words=more)).read(0, 5, frozenset(("cgroup",)))
    assert columns.cgroup is not None
    assert columns.cgroup.tolist() == [7, 7, 7, 7, 8]


@pytest.mark.parametrize(("user", "says"), [(1000, "can be read by root only"), (0, "though by root")])
def test_the_door_says_who_may(user: int, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root meets refusals too, in a container say."""
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert says in str(refused("proc/kpageflags", PermissionError(13, "Permission denied")))


def test_the_door_says_why() -> None:
    """One line each: not there, no such option of the kernel."""
    said = {
        FileNotFoundError(2, "No such file"): "CONFIG_PROC_PAGE_MONITOR",
        OSError(5, "Input/output error"): "input/output error",
        OSError(22, "Invalid argument"): "64-bit words",
    }
    for error, words in said.items():
        assert words in str(refused("proc/kpageflags", error))


def test_the_door_reads_and_notes(tmp_path: Path) -> None:
    """Words from any place, fewer at the end; every byte is in the log."""
    folder = tmp_path / "proc"
    folder.mkdir()
    (folder / "kpageflags").write_bytes(np.arange(100, dtype=np.uint64).tobytes())
    door = Door(tmp_path)
    assert door.words("proc/kpageflags", 10, 5).tolist() == [10, 11, 12, 13, 14]
    assert door.words("proc/kpageflags", 98, 5).tolist() == [98, 99]
    assert not len(door.words("proc/kpageflags", 200, 5))
    assert door.log == {"proc/kpageflags": 56}
    with pytest.raises(InputError, match="does not exist"):
        door.text("proc/meminfo")
    door.close()


def test_an_empty_file_is_no_machine() -> None:
    """A container may show an empty kpageflags."""
    with pytest.raises(InputError, match="is empty"):
        LiveSource(FakeDoor(0, lambda _first, number: np.zeros(number, np.uint64)))


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to give it up")
@pytest.mark.skipif(not Path("/proc/kpageflags").exists(), reason="needs /proc/kpageflags")
def test_not_as_root() -> None:
    """Page flags are root's: one line says so."""
    os.seteuid(65534)
    try:
        with pytest.raises(InputError) as caught:
            open_live()
    finally:
        os.seteuid(0)
    assert str(caught.value) == "/proc/kpageflags: can be read by root only"
