"""Zones of memory in a dump, their free lists as counted, and the counters behind /proc/vmstat.

Source: struct pglist_data and struct zone, include/linux/mmzone.h; mm/vmstat.c.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memdesc.errors import InputError
from memdesc.kernel.decode import Descriptors
from memdesc.kernel.objects import Kernel
from memdesc.kernel.population import Codes, Counters, Zone

_NO_ZONE = 255
_MOST_NODES = 1024


@dataclass(frozen=True, slots=True)
class Zones:
    """The zones of a dump.

    Attributes: rows: those that span anything. at: kernel addresses of their struct zone. places: (node, index
    in the node) of each. zone_shift, zone_mask, node_shift: where flags of a page keep both.
    """

    rows: tuple[Zone, ...]
    at: tuple[int, ...]
    places: tuple[tuple[int, int], ...]
    zone_shift: int
    zone_mask: int
    node_shift: int

    def column(self, pages: Descriptors) -> Codes:
        """Return the place in `rows` of each page's zone, 255 where its flags name none."""
        flags = pages.column(pages.form.flags).astype(np.uint64)
        number = (flags >> np.uint64(self.zone_shift)) & np.uint64(self.zone_mask)
        number |= (flags >> np.uint64(self.node_shift)) << np.uint64(8)
        out = np.full(len(pages), _NO_ZONE, np.uint8)
        for place, (node, index) in enumerate(self.places[:_NO_ZONE]):
            out[number == np.uint64(node << 8 | index)] = place
        return out


def read_zones(kernel: Kernel) -> Zones:
    """Return the zones of the kernel.

    Raises: InputError: they cannot be found.
    """
    rows, at, places = [], [], []
    zone = kernel.struct("zone")
    first = kernel.offset("pglist_data", "node_zones")
    for node in _nodes(kernel):
        number = kernel.number("pglist_data", "node_id", node)
        for index in range(min(kernel.number("pglist_data", "nr_zones", node), 16)):
            each = node + first + index * zone.size
            spanned = kernel.number("zone", "spanned_pages", each)
            if not spanned:
                continue
            start = kernel.number("zone", "zone_start_pfn", each)
            rows.append(
                Zone(
                    number,
                    kernel.text(kernel.number("zone", "name", each)),
                    start,
                    start + spanned,
                    kernel.number("zone", "present_pages", each),
                    kernel.number("zone", "managed_pages", each),
                )
            )
            at.append(each)
            places.append((number, index))
    kinds = kernel.types.enumerator("__MAX_NR_ZONES") or 4
    zone_bits = max(1, (kinds - 1).bit_length()) if kinds > 1 else 0
    # enum zone_type of 3 or 4 members takes two bits: ZONES_SHIFT, include/linux/page-flags-layout.h.
    mask = kernel.types.find("nodemask_t")
    node_bits = (mask.size * 8 - 1).bit_length() if mask is not None and mask.size > 8 else 6
    if "contig_page_data" in kernel.symbols.find(("contig_page_data",)):
        node_bits = 0
    shift = 64 - node_bits - zone_bits
    return Zones(tuple(rows), tuple(at), tuple(places), shift, (1 << zone_bits) - 1, min(64 - node_bits, 63))


def _nodes(kernel: Kernel) -> list[int]:
    found = kernel.symbols.find(("node_data", "contig_page_data"))
    if "contig_page_data" in found:
        return [found["contig_page_data"]]
    table = found.get("node_data") or kernel.symbol("node_data")
    mask = kernel.types.find("nodemask_t")
    count = min(mask.size * 8, _MOST_NODES) if mask is not None else 64
    raw = np.frombuffer(kernel.paging.read(table, 8 * count), "<u8")
    return [int(each) for each in raw if int(each) >> 56 == 0xFF]


def free_area_counts(kernel: Kernel, zones: Zones) -> tuple[int, ...]:
    """Return order -> free blocks of all zones, as the kernel counts them (/proc/buddyinfo)."""
    area = kernel.struct("free_area")
    orders = kernel.count_of("zone", "free_area")
    first = kernel.offset("zone", "free_area")
    return tuple(
        sum(kernel.number("free_area", "nr_free", at + first + order * area.size) for at in zones.at)
        for order in range(orders)
    )


def read_counters(kernel: Kernel, zones: Zones, cached_free: int | None) -> Counters:
    """Return what the kernel counts itself; what cannot be found is left out.

    Source: vmstat_text and vmstat_start(), mm/vmstat.c; meminfo_proc_show(), fs/proc/meminfo.c.
    """
    pages: dict[str, int] = {}
    try:
        pages |= _vmstat(kernel)
    except InputError:
        pages.clear()
    for name, symbol, size in (("MemTotal", "_totalram_pages", 8), ("VmallocUsed", "nr_vmalloc_pages", 8)):
        at = kernel.symbols.find((symbol,)).get(symbol)
        if at is not None:
            pages[name] = int.from_bytes(kernel.paging.read(at, size), "little")
    percpu = kernel.symbols.find(("pcpu_nr_populated", "pcpu_nr_units"))
    if len(percpu) == 2:
        populated, units = (int.from_bytes(kernel.paging.read(at, 4), "little") for at in percpu.values())
        pages["Percpu"] = populated * units
    if "nr_kernel_stack" in pages:
        pages["KernelStack"] = pages["nr_kernel_stack"] // 4
    unmanaged = sum(zone.unmanaged for zone in zones.rows)
    return Counters(pages, free_area_counts(kernel, zones), cached_free, unmanaged)


def _vmstat(kernel: Kernel) -> dict[str, int]:
    sizes = [
        kernel.types.enumerator(name) or 0
        for name in ("NR_VM_ZONE_STAT_ITEMS", "NR_VM_NUMA_EVENT_ITEMS", "NR_VM_NODE_STAT_ITEMS")
    ]
    texts = kernel.symbol("vmstat_text")
    out: dict[str, int] = {}
    for name, start, count in (
        ("vm_zone_stat", 0, sizes[0]), ("vm_node_stat", sizes[0] + sizes[1], sizes[2]),
    ):  # fmt: skip
        values = _longs(kernel, kernel.symbol(name), count)
        named = _longs(kernel, texts + 8 * start, count)
        out |= {
            kernel.text(int(at)): max(int(value), 0)
            for at, value in zip(named.view(np.uint64), values, strict=True)
        }
    return out


def _longs(kernel: Kernel, address: int, count: int) -> NDArray[np.int64]:
    return np.frombuffer(kernel.paging.read(address, 8 * count), "<i8")
