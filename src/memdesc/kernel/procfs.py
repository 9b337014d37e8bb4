"""Files of /proc turned into records. Every function takes the text of a file and never fails on odd lines:

what it does not understand it leaves out, since kernels add lines. Sizes in the results are pages where the
name says pages, else what the name says.
"""

import re
from dataclasses import dataclass

from memdesc.kernel.population import Cache, Zone


@dataclass(frozen=True, slots=True)
class Area:
    """A line of /proc/vmallocinfo. pages: backed by pages of its own; 0 for ioremap() and vmap()."""

    size_bytes: int
    caller: str
    pages: int
    way: str


@dataclass(frozen=True, slots=True)
class ZoneInfo:
    """What /proc/zoneinfo says: the zones, and the pages in the lists of CPUs."""

    zones: tuple[Zone, ...]
    cached_free: int


def meminfo(text: str) -> dict[str, int]:
    """Return name -> value of /proc/meminfo; bytes, except for counts of huge pages."""
    out = {}
    for name, number, unit in re.findall(r"^([\w()]+):\s+(\d+)(?: (kB))?", text, re.M):
        out[name] = int(number) * (1024 if unit else 1)
    return out


def vmstat(text: str) -> dict[str, int]:
    """Return name -> number of /proc/vmstat."""
    return {name: int(number) for name, number in re.findall(r"^(\w+) (\d+)$", text, re.M)}


def slabinfo(text: str) -> tuple[Cache, ...]:
    """Return the caches of /proc/slabinfo, in its order.

    Source: s_show(), mm/slab_common.c. The objects of a slab times their size fit into its pages.
    """
    out = []
    for line in text.splitlines():
        front, _, rest = line.partition(" : tunables")
        numbers = re.search(r"slabdata\s+(\d+)\s+(\d+)", rest)
        words = front.split()
        if numbers is None or len(words) < 6 or not all(word.isdigit() for word in words[-5:]):
            continue
        active, objects, size_bytes, _, pages = map(int, words[-5:])
        order = max(pages, 1).bit_length() - 1
        out.append(Cache(" ".join(words[:-5]), int(numbers[2]), order, objects, active, size_bytes))
    return tuple(out)


def zoneinfo(text: str) -> ZoneInfo:
    """Return the populated zones of /proc/zoneinfo, ascending by place.

    Source: zoneinfo_show_print(), mm/vmstat.c.
    """
    zones = []
    cached = 0
    for part in re.split(r"^(?=Node )", text, flags=re.M):
        head = re.match(r"Node (\d+), zone\s+(\S+)", part)
        if head is None:
            continue
        said = {name: int(value) for name, value in re.findall(
            r"^\s+(spanned|present|managed|start_pfn):?\s+(\d+)$", part, re.M)}  # fmt: skip
        # The lists of CPUs: "count:" of each pageset.
        cached += sum(map(int, re.findall(r"^\s+count:\s+(\d+)$", part, re.M)))
        first = said.get("start_pfn", 0)
        if said.get("present"):
            zones.append(Zone(int(head[1]), head[2], first, first + said.get("spanned", 0),
                              said["present"], said.get("managed", 0)))  # fmt: skip
    return ZoneInfo(tuple(sorted(zones, key=lambda zone: (zone.first, zone.node))), cached)


def buddyinfo(text: str) -> tuple[int, ...]:
    """Return order -> free blocks of all zones together."""
    out: list[int] = []
    for numbers in re.findall(r"^Node\s+\d+, zone\s+\S+\s+([\d ]+)$", text, re.M):
        row = [int(number) for number in numbers.split()]
        out.extend([0] * (len(row) - len(out)))
        for order, number in enumerate(row):
            out[order] += number
    return tuple(out)


def vmallocinfo(text: str) -> tuple[Area, ...]:
    """Return the areas of /proc/vmallocinfo.

    Source: vmalloc_info_show(), mm/vmalloc.c.
    """
    out = []
    for line in text.splitlines():
        words = line.split()
        if len(words) < 2 or not words[1].isdigit():
            continue
        pages = next((int(word[6:]) for word in words if re.fullmatch(r"pages=\d+", word)), 0)
        caller = words[2].partition("+")[0] if len(words) > 2 and "+" in words[2] else ""
        way = next((w for w in ("vmalloc", "vmap", "ioremap", "user") if w in words), "")
        out.append(Area(int(words[1]), caller, pages if way != "vmap" else 0, way))
    return tuple(out)


def system_ram(text: str, page_bytes: int) -> tuple[range, ...]:
    """Return the page frames of the lines "System RAM" of /proc/iomem, ascending; empty where addresses are hidden.

    Memory that virtio-mem or dax/kmem added stands below the line of its device.
    """
    out = []
    for first, last in re.findall(r"^ *([0-9a-f]+)-([0-9a-f]+) : System RAM", text, re.M):
        start, end = int(first, 16) // page_bytes, (int(last, 16) + 1 + page_bytes - 1) // page_bytes
        if end - start > 1:
            out.append(range(start, end))
    return tuple(sorted(out, key=lambda span: span.start))
