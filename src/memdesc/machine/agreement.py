"""How far a replayed trace agrees with what the recorded kernel counted at the same moments.

Source: enum node_stat_item and zone_stat_item, include/linux/mmzone.h; Documentation/filesystems/proc.rst for
/proc/meminfo.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from memdesc.machine.outcome import Moment, Row
from memdesc.machine.trace.file import Sample

PAGE_KIB = 4


@dataclass(frozen=True, slots=True)
class Counter:
    """What the kernel counts of some kinds. kinds: names in a trace. names: summed; pages each, or KiB."""

    kinds: tuple[str, ...]
    names: tuple[str, ...]
    in_kib: bool = False
    of_meminfo: bool = False


COUNTERS: tuple[Counter, ...] = (
    Counter(("free",), ("nr_free_pages",)),
    Counter(("file",), ("nr_file_pages",)),
    Counter(("anon",), ("nr_anon_pages",)),
    Counter(("slab",), ("nr_slab_reclaimable", "nr_slab_unreclaimable")),
    Counter(("table",), ("nr_page_table_pages",)),
    Counter(("zsmalloc",), ("nr_zspages",)),
    Counter(("stack",), ("nr_kernel_stack",), in_kib=True),
    Counter(("vmalloc", "stack", "percpu"), ("VmallocUsed", "Percpu"), in_kib=True, of_meminfo=True),
)
"""nr_free_pages leaves out the pages that each CPU keeps for itself; nr_anon_pages counts those that are mapped."""


def counted(sample: Sample, counter: Counter) -> int | None:
    """Return what the kernel counted, in pages; None when it has no such counter."""
    source = sample.meminfo if counter.of_meminfo else sample.vmstat
    if not source or any(name not in source for name in counter.names):
        return None
    total = sum(source[name] for name in counter.names)
    return total // PAGE_KIB if counter.in_kib else total


def by_counters(moments: Sequence[Moment]) -> list[Row]:
    """Return, for each moment and counter, how far the replay and the kernel moved since the first moment."""
    with_counters = [moment for moment in moments if moment.sample.vmstat]
    rows = []
    for counter in COUNTERS:
        first = next((m for m in with_counters if counted(m.sample, counter) is not None), None)
        if first is None:
            continue
        began = counted(first.sample, counter) or 0
        for moment in with_counters:
            now = counted(moment.sample, counter)
            if now is None or moment is first:
                continue
            replayed = sum(moment.replayed.get(k, 0) - first.replayed.get(k, 0) for k in counter.kinds)
            rows.append(Row(moment.end / 1e9, "+".join(counter.kinds), replayed, now - began))
    return rows


def by_flags(moments: Sequence[Moment]) -> list[Row]:
    """Return, for each moment at which /proc/kpageflags was read, and each kind that it tells, both counts.

    Left out are the kinds that the flags do not tell; and "free", of which they lack what CPUs keep.
    """
    rows = []
    for moment in moments:
        for kind in ("file", "anon", "slab", "table"):
            if moment.sample.kinds:
                kernel = moment.sample.kinds.get(kind, 0)
                rows.append(Row(moment.end / 1e9, kind, moment.replayed.get(kind, 0), kernel))
    return rows
