"""How far a replayed trace agrees with what the recorded kernel counted at the same moments.

Source: enum node_stat_item and zone_stat_item, include/linux/mmzone.h; Documentation/filesystems/proc.rst for
/proc/meminfo and /proc/zoneinfo.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from memdesc.machine.outcome import Moment, Row
from memdesc.machine.trace.file import Sample

PAGE_KIB = 4


@dataclass(frozen=True, slots=True)
class Counter:
    """What the kernel counts of some kinds.

    Attributes: kinds: names in a trace. names: of the kernel's counters, summed; pages each, or KiB. meminfo:
    they are in /proc/meminfo, else in /proc/vmstat; no names: the free pages of /proc/zoneinfo.
    """

    kinds: tuple[str, ...]
    names: tuple[str, ...]
    in_kib: bool = False
    meminfo: bool = False


COUNTERS: tuple[Counter, ...] = (
    Counter(("free", "unknown"), ()),
    Counter(("file",), ("nr_file_pages",)),
    Counter(("anon",), ("nr_anon_pages",)),
    Counter(("slab",), ("nr_slab_reclaimable", "nr_slab_unreclaimable")),
    Counter(("table",), ("nr_page_table_pages",)),
    Counter(("zsmalloc",), ("nr_zspages",)),
    Counter(("stack",), ("nr_kernel_stack",), in_kib=True),
    Counter(("vmalloc", "stack"), ("VmallocUsed",), in_kib=True, meminfo=True),
)
"""Free pages of CPUs look like pages of no known kind at the beginning, hence "unknown" beside "free".
nr_anon_pages counts what is mapped, nr_page_table_pages what has its constructor behind it."""
FLAGGED = ("file", "anon", "slab", "table")
"""Kinds that /proc/kpageflags tells; "free" is not one, for want of the pages that CPUs keep."""


def counted(sample: Sample, counter: Counter) -> int | None:
    """Return what the kernel counted, in pages; None when it did not."""
    if not counter.names:
        return sample.free if sample.free >= 0 else None
    source = sample.meminfo if counter.meminfo else sample.vmstat
    if any(name not in source for name in counter.names):
        return None
    total = sum(source[name] for name in counter.names)
    return total // PAGE_KIB if counter.in_kib else total


def by_counters(moments: Sequence[Moment]) -> list[Row]:
    """Return, for each moment and counter, how far the replay and the kernel moved since the first moment."""
    rows = []
    for counter in COUNTERS:
        with_it = [
            (moment, now) for moment in moments if (now := counted(moment.sample, counter)) is not None
        ]
        for moment, now in with_it[1:]:
            first, began = with_it[0]
            moved = [
                sum(pages.get(kind, 0) - before.get(kind, 0) for kind in counter.kinds)
                for pages, before in (
                    (moment.least, first.most),
                    (moment.most, first.least),
                    (moment.least, first.least),
                    (moment.most, first.most),
                )
            ]
            rows.append(_row(moment, "+".join(counter.kinds) + " since the first", moved, now - began))
    return rows


def by_flags(moments: Sequence[Moment]) -> list[Row]:
    """Return, for each moment at which /proc/kpageflags was read, and each kind that it tells, both counts."""
    return [
        _row(
            moment,
            kind,
            [moment.least.get(kind, 0), moment.most.get(kind, 0)],
            moment.sample.kinds.get(kind, 0),
        )
        for moment in moments
        if moment.sample.kinds
        for kind in FLAGGED
    ]


def _row(moment: Moment, what: str, replayed: list[int], kernel: int) -> Row:
    """Return a row; the kernel counted while time went by, and what the replay had then is a range."""
    nearest = max(min(replayed), min(max(replayed), kernel))
    return Row(moment.sample.end / 1e9, what, nearest, kernel)
