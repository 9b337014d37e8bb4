"""The running machine as a Source: /proc/kpageflags and its neighbours, understood with the kernel's own layout."""

import os
from collections.abc import Mapping

import numpy as np

from memdesc.errors import InputError
from memdesc.kernel import blocks, procfs
from memdesc.kernel.door import Door
from memdesc.kernel.encoding import encoding, misreads
from memdesc.kernel.flags import BIT, Vocabulary
from memdesc.kernel.pages import Memory
from memdesc.kernel.population import (
    CHUNK_PAGES,
    KPF,
    TAIL,
    About,
    Cache,
    Codes,
    Columns,
    Counters,
    Misread,
    Missing,
    Page,
    Words,
    Zone,
)
from memdesc.layout import design as designs
from memdesc.layout.design import Design

FLAGS, COUNT, CGROUP = "proc/kpageflags", "proc/kpagecount", "proc/kpagecgroup"
BTF = "sys/kernel/btf/vmlinux"
_GAP_PAGES = 64 * CHUNK_PAGES
"""A hole between ranges of memory that is at least this large is not read."""
_MOST_ORDER = 10
"""The largest order of the buddy allocator where /proc/buddyinfo does not tell."""

HOLE = Misread(
    "hole-as-page", Page.ABSENT,
    "reported as pages without flags instead of NOPAGE: /proc/iomem has no memory there, and kpage_read() "
    "gives 0 where there is no struct page",
)  # fmt: skip
RACE = Misread(
    "type-and-anon",
    Page.UNKNOWN,
    "reported with a type and as anonymous, which the layout does not explain: the page changed while it was read",
)


def open_live(door: Door | None = None) -> Memory:
    """Return the memory of the running machine. door: what /proc and /sys are read through.

    Raises: InputError: /proc/kpageflags cannot be read (only root may), or this is no Linux with it.
    """
    return Memory(LiveSource(door or Door()))


class LiveSource:
    """A Source over /proc. Pages change while they are read: every chunk is true at its own moment."""

    def __init__(self, door: Door, design: Design | None = None) -> None:
        """Read what is small. design: the layout, None for that of the running kernel's BTF.

        Raises: InputError: see open_live().
        """
        self.door = door
        self._missing: list[Missing] = []
        if not len(door.words(FLAGS, 0, 1)):
            raise InputError("/" + FLAGS, "is empty")
        self.page_bytes = os.sysconf("SC_PAGE_SIZE")
        self._design = design or self._layout()
        self._misreads = (*(misreads(self._design) if self._design else ()), RACE, HOLE)
        self._places = {each.name: place for place, each in enumerate(self._misreads, 1)}
        self._vocabulary = Vocabulary(self._misread)
        self._ram = procfs.system_ram(self._text("proc/iomem", "holes are not told from unknown pages"),
                                      self.page_bytes)  # fmt: skip
        info = procfs.zoneinfo(self._text("proc/zoneinfo", "no zones, no count of pages in CPU lists"))
        self._zones, self._cached = info.zones, info.cached_free
        free = procfs.buddyinfo(self._text("proc/buddyinfo", "the largest order of free blocks is assumed"))
        self._most_order = len(free) - 1 if free else _MOST_ORDER
        self._frames = self._end()
        self._caches: tuple[Cache, ...] | None = None

    # -- Source -------------------------------------------------------------------------------------

    def about(self) -> About:
        """See Source.about()."""
        design = self._design
        release = ""
        if self.door.exists("proc/sys/kernel/osrelease"):
            release = self.door.text("proc/sys/kernel/osrelease").strip()
        if design is None:
            says = "unknown: the kernel's BTF cannot be read"
        else:
            says = encoding(design.types).says
        missing = list(self._missing)
        if not self._ram:
            missing.append(Missing("/proc/iomem", "hides addresses or lists no memory",
                                   "holes are not told from unknown pages"))  # fmt: skip
        return About(
            "live", release, self.page_bytes, design.page.size if design else 0, says,
            KPF, self._misreads, tuple(dict.fromkeys(missing)), (), 2,
        )  # fmt: skip

    def ranges(self) -> tuple[range, ...]:
        """See Source.ranges(). Holes of less than 64 GiB are within a range: reading them costs little."""
        spans: list[range] = []
        for ram in self._ram or (range(self._frames),):
            start = ram.start // CHUNK_PAGES * CHUNK_PAGES
            end = min(-(-ram.stop // CHUNK_PAGES) * CHUNK_PAGES, self._frames)
            if start >= end:
                continue
            if spans and start - spans[-1].stop < _GAP_PAGES:
                spans[-1] = range(spans[-1].start, max(end, spans[-1].stop))
            else:
                spans.append(range(start, end))
        return tuple(spans)

    def read(self, first: int, count: int, want: frozenset[str] = frozenset()) -> Columns:
        """See Source.read()."""
        words = _full(self.door.words(FLAGS, first, count), count, BIT["nopage"])
        read = self._vocabulary.read(words, "misread" in want)
        kind, misread = read.kind, read.misread
        order = blocks.compound(read.role, kind)
        is_free = read.role == 2
        order[is_free] = TAIL
        places, orders = blocks.free(is_free, first, self._most_order)
        order[places] = orders
        outside = self._outside(first, count)
        if outside is not None:
            holes = outside & (kind == Page.UNKNOWN)
            kind[holes] = Page.ABSENT
            if misread is not None:
                misread[holes] = self._places[HOLE.name]
        return Columns(
            first, kind, order,
            mapcount=self._mapcount(first, count) if "mapcount" in want else None,
            flags=words if "flags" in want else None,
            cgroup=self._cgroup(first, order) if "cgroup" in want else None,
            zone=self._zone(first, count) if "zone" in want else None,
            misread=misread,
        )  # fmt: skip

    def zones(self) -> tuple[Zone, ...]:
        """See Source.zones()."""
        return self._zones

    def caches(self) -> tuple[Cache, ...]:
        """See Source.caches(). The kernel counts objects of CPUs' slabs as active."""
        if self._caches is None:
            text = self._text("proc/slabinfo", "no slab caches")
            self._caches = procfs.slabinfo(text)
        return self._caches

    def counters(self) -> Counters:
        """See Source.counters(); read anew each time."""
        page = self.page_bytes
        pages = dict(procfs.vmstat(self._text("proc/vmstat", "nothing to reconcile with")))
        info = procfs.meminfo(self._text("proc/meminfo", "nothing to reconcile with"))
        pages |= {
            name: value // page
            for name, value in info.items()
            if not name.startswith(("HugePages_", "Direct"))
        }
        stacks = 0
        areas = procfs.vmallocinfo(
            self._text("proc/vmallocinfo", "kernel stacks are not told from other vmalloc()")
        )
        for area in areas:
            if area.caller in _STACKS:
                stacks += area.pages
        if areas:
            pages["vmalloc areas"] = sum(area.pages for area in areas)
            pages["vmalloc stacks"] = stacks
        info_zones = procfs.zoneinfo(self._text("proc/zoneinfo", "no zones, no count of pages in CPU lists"))
        free = procfs.buddyinfo(self._text("proc/buddyinfo", "the largest order of free blocks is assumed"))
        zones = info_zones.zones
        if not zones:
            return Counters(pages, free)
        return Counters(pages, free, info_zones.cached_free, sum(zone.unmanaged for zone in zones))

    def cgroup_names(self) -> Mapping[int, str]:
        """See Source.cgroup_names()."""
        for top in ("sys/fs/cgroup/memory", "sys/fs/cgroup"):
            if self.door.exists(f"{top}/cgroup.procs"):
                return dict(self.door.inodes(top))
        return {}

    # -- parts --------------------------------------------------------------------------------------

    def _text(self, path: str, costs: str) -> str:
        try:
            return self.door.text(path)
        except InputError as error:
            self._missing.append(Missing(error.place, error.why, costs))
            return ""

    def _layout(self) -> Design | None:
        try:
            return designs.load(self.door.root / BTF)
        except InputError as error:
            self._missing.append(Missing(
                "/" + BTF, error.why, "sizes and encoding are unknown, contradictions unexplained"))  # fmt: skip
            return None

    def _misread(self, word: int) -> int:
        typed = next((name for bit, name in _TYPED if word & bit), "")
        if not typed or not word & BIT["anon"]:
            return 0
        what = "ksm" if word & BIT["ksm"] else "anon"
        return self._places.get(f"{typed}-as-{what}", self._places[RACE.name])

    def _end(self) -> int:
        """Return the number of frames that /proc/kpageflags has."""
        high = 1
        while len(self.door.words(FLAGS, high, 1)):
            high <<= 1
        low = high >> 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if len(self.door.words(FLAGS, middle, 1)) else (low, middle)
        return high

    def _outside(self, first: int, count: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]] | None":
        """Return which frames /proc/iomem does not list as memory; None when it lists all, or none at all."""
        if not self._ram or any(ram.start <= first and first + count <= ram.stop for ram in self._ram):
            return None
        out = np.ones(count, np.bool_)
        for ram in self._ram:
            out[max(ram.start - first, 0) : max(ram.stop - first, 0)] = False
        return out

    def _mapcount(self, first: int, count: int) -> "np.ndarray[tuple[int], np.dtype[np.int32]] | None":
        words = self._words(COUNT, first, count, "no counts of mappings")
        return None if words is None else words.astype(np.int32)

    def _cgroup(self, first: int, order: Codes) -> Words | None:
        words = self._words(CGROUP, first, len(order), "no memory cgroups")
        if words is None:
            return None
        # A block is charged as a whole; some kernels (6.1) say so of its first page only: page_cgroup_ino().
        heads = np.where(order != TAIL, np.arange(len(order)), 0)
        heads[0] = 0
        return words[np.maximum.accumulate(heads)]

    def _words(self, path: str, first: int, count: int, costs: str) -> Words | None:
        try:
            return _full(self.door.words(path, first, count), count, 0)
        except InputError as error:
            self._missing.append(Missing(error.place, error.why, costs))
            return None

    def _zone(self, first: int, count: int) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
        out = np.full(count, 255, np.uint8)
        for place, zone in enumerate(self._zones[:255]):
            out[max(zone.first - first, 0) : max(zone.end - first, 0)] = place
        return out


_TYPED = (
    (BIT["slab"], "slab"),
    (BIT["pgtable"], "table"),
    (BIT["offline"], "offline"),
    (BIT["buddy"], "free"),
)
_STACKS = frozenset(("alloc_thread_stack_node", "dup_task_struct", "copy_process", "kernel_clone"))
"""Callers whose vmalloc areas are kernel stacks: alloc_thread_stack_node(), or whatever it was inlined into."""


def _full(words: Words, count: int, rest: int) -> Words:
    """Return `words` with `rest` for each word that is missing at the end."""
    if len(words) == count:
        return words
    return np.concatenate((words, np.full(count - len(words), rest, np.uint64)))
