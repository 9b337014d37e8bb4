"""Unknown pages and the kernel's counters."""

import numpy as np

from fake_machine import FakeDoor, of_array
from memdesc.kernel.census import count
from memdesc.kernel.flags import BIT
from memdesc.kernel.live import LiveSource
from memdesc.kernel.reconcile import account

VMSTAT = """\
nr_slab_reclaimable 30
nr_slab_unreclaimable 15
nr_anon_pages 11
nr_zspages 2
nr_page_table_pages 0
"""
MEMINFO = "VmallocUsed: 80 kB\nKernelStack: 16 kB\nPercpu: 12 kB\n"
VMALLOCINFO = """\
0x0-0x1   20480 kernel_clone+0x94/0x3e0 pages=6 vmalloc N0=6
0x2-0x3   60000 other+0x1/0x2 pages=14 vmalloc N0=14
"""


def test_counters_account_for_unknown_pages() -> None:
    """Each row is a counter or a difference of two numbers; the rest is named, not hidden."""
    words = np.array([BIT["slab"]] * 40 + [BIT["anon"]] * 10 + [0] * 50, np.uint64)
    texts = {"proc/vmstat": VMSTAT, "proc/meminfo": MEMINFO, "proc/vmallocinfo": VMALLOCINFO}
    found = account(count(LiveSource(FakeDoor(100, of_array(words), texts, cached=7))))
    assert {entry.name: entry.pages for entry in found.entries} == {
        "free, in lists of CPUs": 7,
        "kernel stacks": 4,
        "kernel stacks kept for reuse": 2,
        "vmalloc": 14,
        "per-CPU memory": 3,
        "large kmalloc": 5,
        "zsmalloc": 2,
    }
    assert found.unknown == 50
    assert found.unaccounted == 50 - 37
    beside = {row.name: (row.counted, row.counter, row.difference) for row in found.agreements}
    assert "slab and large kmalloc" not in beside
    assert beside["anonymous"] == (10, 11, -1)


def test_what_no_flag_shows_is_no_difference() -> None:
    """Slab counts large kmalloc too: what flags do not show is an entry; a surplus of slab pages is a difference."""
    texts = {"proc/vmstat": VMSTAT}
    for slabs, wanted in ((40, []), (45, []), (50, [("slab", 5)])):
        words = np.array([BIT["slab"]] * slabs + [0] * 50, np.uint64)
        found = account(count(LiveSource(FakeDoor(len(words), of_array(words), texts))))
        rows = [(row.name, row.difference) for row in found.agreements if "slab" in row.name]
        assert rows == wanted


def test_free_memory_is_compared_with_both_counters() -> None:
    """On a guest whose free pages are in no list, MemFree differs from the pages seen free, and a row says so."""
    words = np.array([BIT["buddy"]] * 8 + [BIT["offline"]] * 12 + [0] * 20, np.uint64)
    texts = {"proc/meminfo": "MemFree: 112 kB\n", "proc/vmstat": "nr_balloon_pages 12\n"}
    found = account(count(LiveSource(FakeDoor(40, of_array(words), texts))))
    rows = {row.name: (row.counted, row.counter) for row in found.agreements}
    assert rows["free, as the kernel sums up"] == (8, 28)
    assert rows["balloon"] == (12, 12)


ZONES = """\
Node 0, zone   Normal
        spanned  {present}
        present  {present}
        managed  {managed}
  start_pfn:           0
"""


def test_pages_not_given_to_the_allocator_are_an_entry() -> None:
    """Reserved pages and those of a balloon are not managed either, and are counted where they are."""
    words = np.array([BIT["buddy"]] * 8 + [BIT["reserved"]] * 6 + [BIT["offline"]] * 4 + [0] * 30, np.uint64)
    for managed, wanted in ((38, 0), (18, 20)):
        texts = {"proc/zoneinfo": ZONES.format(present=48, managed=managed)}
        found = account(count(LiveSource(FakeDoor(48, of_array(words), texts))))
        assert sum(entry.pages for entry in found.entries if "not given" in entry.name) == wanted
        assert found.unaccounted == 30 - wanted


def test_without_counters_nothing_is_claimed() -> None:
    """Nothing is guessed."""
    found = account(count(LiveSource(FakeDoor(4, of_array(np.zeros(4, np.uint64))))))
    assert not found.entries
    assert not found.agreements
    assert found.unaccounted == found.unknown == 4
