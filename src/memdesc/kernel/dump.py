"""The memory in a dump as a Source: every page by its descriptor, and by who holds it where that says nothing.

memory = open_dump("vmcore")                    # layouts from the BTF that lies in the dump
memory = open_dump("vmcore", "/boot/vmlinuz-6.12.101-amd64")
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from memdesc.errors import InputError
from memdesc.kernel.decode import Decoded, Descriptors, decode, heads
from memdesc.kernel.encoding import misreads
from memdesc.kernel.flags import BIT
from memdesc.kernel.groups import Groups
from memdesc.kernel.holders import Claims, claims
from memdesc.kernel.kallsyms import Symbols, read_symbols
from memdesc.kernel.layouts import types_of
from memdesc.kernel.mapcount import mapcounts
from memdesc.kernel.memmap import MemMap, read_memmap, says_missing
from memdesc.kernel.modules import owner_of
from memdesc.kernel.objects import IMAGE, Kernel
from memdesc.kernel.pages import Memory
from memdesc.kernel.paging import Paging, paging_of
from memdesc.kernel.physical import PAGE, Physical
from memdesc.kernel.population import (
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
from memdesc.kernel.slabs import Caches, read_caches
from memdesc.kernel.struct_page import StructPage, detect
from memdesc.kernel.vmcore import open_physical
from memdesc.kernel.vmcoreinfo import Vmcoreinfo, candidates
from memdesc.kernel.zones import Zones, read_counters, read_zones
from memdesc.layout.design import of_btf
from memdesc.layout.model import Types

_WINDOW = 1 << 12
"""Chunks are read from a multiple of this many frames: no block of the buddy allocator is larger."""
_BARE = (Page.UNKNOWN, Page.RESERVED)
_MOST_ELSEWHERE = 4096
_NAME_OBJECT_BYTES = 256
# PG_swapcache is another name of PG_owner_priv_1, and means itself only of pages that are backed by swap.
_REPORTED_AS = {"owner_priv_1": "owner-private", "arch_1": "arch", "swapcache": ""}
Number = TypeVar("Number", bound=np.generic)


@dataclass(slots=True)
class DumpSource:
    """The memory of a dump; see population.Source."""

    info: Vmcoreinfo
    kernel: Kernel
    form: StructPage
    memmap: MemMap
    claims: Claims
    all_zones: Zones | None
    all_caches: Caches
    groups: Groups
    misreads: tuple[Misread, ...]
    missing: tuple[Missing, ...]
    layout_from: str
    _counters: Counters | None = None
    _owners: dict[int, str] = field(default_factory=dict)
    _gone: dict[int, int] = field(default_factory=dict)

    def about(self) -> About:
        """See Source.about()."""
        return About(
            origin=self.kernel.place,
            release=self.info.release,
            page_bytes=PAGE,
            page_struct_bytes=self.form.size,
            encoding=f"{self.form.says} (layout: {self.layout_from}; VMCOREINFO: {self.info.found})",
            flags="KPF_ bits of the flags that each page or its head has",
            misreads=self.misreads,
            missing=self.missing,
            partial=self.kernel.paging.memory.partial + says_missing(sum(self._gone.values())),
        )

    def ranges(self) -> tuple[range, ...]:
        """See Source.ranges(): the sections of memory that are online."""
        return self.memmap.ranges

    def read(self, first: int, count: int, want: frozenset[str] = frozenset()) -> Columns:
        """See Source.read()."""
        start, pages, decoded = self.window(first, count)
        self._name_movable(pages, decoded)
        self._claim(pages, decoded)
        part = slice(first - start, first - start + count)
        kind, order = decoded.kind[part], decoded.order[part]
        if not pages.there[part].all():
            # By where a chunk starts, so that reading it again does not count it again.
            self._gone[first] = count - int(pages.there[part].sum())
        head = decoded.head
        cache = cgroup = None
        if "cache" in want:
            cache = self._behind(
                self.all_caches.column(pages, (decoded.kind == Page.SLAB) & (head >= 0)), head
            )
            cache = np.where(decoded.kind == Page.SLAB, cache, np.int32(-1)).astype(np.int32)[part]
        if "cgroup" in want:
            cgroup = self._behind(self.groups.column(pages), head)
            cgroup = np.where(decoded.kind == Page.SLAB, np.uint64(0), cgroup).astype(np.uint64)[part]
        return Columns(
            first,
            kind,
            order,
            refcount=pages.column(self.form.refcount)[part].astype(np.int32) if "refcount" in want else None,
            mapcount=mapcounts(pages, decoded)[part] if "mapcount" in want else None,
            flags=_reported(pages, decoded)[part] if "flags" in want else None,
            cgroup=cgroup,
            cache=cache,
            zone=self.all_zones.column(pages)[part] if "zone" in want and self.all_zones else None,
            misread=self._misread(pages, decoded)[part] if "misread" in want else None,
        )

    def zones(self) -> tuple[Zone, ...]:
        """See Source.zones()."""
        return self.all_zones.rows if self.all_zones else ()

    def caches(self) -> tuple[Cache, ...]:
        """See Source.caches(): as the kernel counts them; on nodes' lists of partial slabs objects are free."""
        return self.all_caches.rows

    def counters(self) -> Counters:
        """See Source.counters(): the same numbers that the kernel shows in /proc."""
        if self._counters is None:
            try:
                zones = self.all_zones
                self._counters = (
                    read_counters(self.kernel, zones, self.claims.cached_free) if zones else Counters()
                )
            except InputError:
                self._counters = Counters()
        return self._counters

    def cgroup_names(self) -> Mapping[int, str]:
        """See Source.cgroup_names(): the groups that pages read so far are charged to."""
        return dict(self.groups.names)

    def window(self, first: int, count: int) -> tuple[int, Descriptors, Decoded]:
        """Return descriptors and what they say, of a window around the frames asked for, and its first frame.

        It starts where no block of the buddy allocator can lie across, and ends so that every block whose head is
        in the frames has its second descriptor.
        """
        span = next((each for each in self.memmap.ranges if first in each), range(first, first + count))
        start = max(span.start, first & -_WINDOW)
        end = min(span.stop, first + count + 1)
        pages = self.memmap.read(start, end - start)
        return start, pages, decode(pages, self._elsewhere)

    def _elsewhere(self, frames: NDArray[np.int64]) -> tuple[Codes, Codes]:
        """Return (kind, order) of heads that lie outside of a window: those of gigantic blocks, or of damage."""
        kinds = np.full(len(frames), Page.UNKNOWN, np.uint8)
        orders = np.full(len(frames), TAIL, np.uint8)
        for place, frame in enumerate(frames.tolist()[:_MOST_ELSEWHERE]):
            if any(frame in span and frame + 1 in span for span in self.memmap.ranges):
                found = decode(self.memmap.read(frame, 2))
                kinds[place], orders[place] = found.kind[0], found.order[0]
        return kinds, orders

    def _claim(self, pages: Descriptors, decoded: Decoded) -> None:
        """Lay what holders say over what descriptors leave open."""
        places, kinds, orders = self.claims.inside(pages.first, len(pages))
        open_to = np.isin(decoded.kind[places], _BARE) & pages.there[places]
        # Reserved memory is told from the memory map and the zero page, and is reserved before all else.
        reserved = decoded.kind[places] == Page.RESERVED
        open_to &= ~reserved | np.isin(kinds, (Page.MEMMAP, Page.ZERO))
        decoded.kind[places[open_to]] = kinds[open_to]
        free = open_to & (kinds == Page.FREE_CACHED)
        decoded.order[places[free]] = orders[free]

    def _name_movable(self, pages: Descriptors, decoded: Decoded) -> None:
        """Tell the pages of zsmalloc from others with movable_ops, where they have no type: by whose ops they are.

        Source: zsmalloc_mops, mm/zsmalloc.c; PageMovable(), include/linux/page-flags.h.
        """
        places = np.flatnonzero(decoded.kind == Page.MOVABLE)
        if not len(places):
            return
        mapping = pages.column(self.form.mapping)[places].astype(np.uint64) & ~np.uint64(3)
        for each in np.unique(mapping).tolist():
            if each not in self._owners:
                try:
                    self._owners[each] = owner_of(self.kernel, each)
                except InputError:
                    self._owners[each] = ""
            if self._owners[each].startswith("zsmalloc"):
                decoded.kind[places[mapping == np.uint64(each)]] = Page.ZSMALLOC

    def _misread(self, pages: Descriptors, decoded: Decoded) -> Codes:
        """Return which pages this kernel's stable_page_flags() would report as anonymous or KSM besides."""
        out = np.zeros(len(pages), np.uint8)
        mapping = pages.column(self.form.mapping).astype(np.uint64) & np.uint64(3)
        low = self._behind(mapping, decoded.head)
        # KSM comes later in the list of misreads, and so overrides what its first bit alone would be.
        for place, each in enumerate(self.misreads, 1):
            needs = np.uint64(3) if each.name.endswith("-as-ksm") else np.uint64(1)
            out[(decoded.kind == each.kind) & (low & needs == needs)] = place
        return out

    @staticmethod
    def _behind(column: NDArray[Number], head: NDArray[np.int64]) -> NDArray[Number]:
        """Return `column` with each page given what its head has."""
        return column[np.maximum(head, 0)]


def _reported(pages: Descriptors, decoded: Decoded) -> Words:
    """Return the flags of pages as the bits that /proc/kpageflags has for them; a tail has those of its head.

    The word of a tail may hold something else: that of the second page of a folio its order, for one.
    """
    word = pages.column(pages.form.flags).astype(np.uint64)[np.maximum(decoded.head, 0)]
    out = np.zeros(len(pages), np.uint64)
    for name, bit in pages.form.bits.items():
        told = BIT.get(_REPORTED_AS.get(name, name.replace("_", "-")))
        if told is not None:
            out |= ((word >> np.uint64(bit)) & np.uint64(1)) * np.uint64(told)
    return out


@dataclass(frozen=True, slots=True)
class DumpDescriptors:
    """The bytes of page descriptors and of kernel objects in a dump; see pages.Descriptors."""

    kernel: Kernel
    memmap: MemMap

    @property
    def types(self) -> Types:
        """The layout of the kernel."""
        return self.kernel.types

    def page_structs(self, pfn: int, count: int = 1) -> bytes:
        """See pages.Descriptors.page_structs()."""
        pages = self.memmap.read(pfn, count)
        if not pages.there.all():
            raise InputError(self.kernel.place, f"does not hold the descriptor of frame {pfn:#x}")
        return bytes(pages.raw)

    def string(self, address: int) -> str:
        """See pages.Descriptors.string()."""
        return self.kernel.text(address)

    def read(self, address: int, size_bytes: int) -> bytes:
        """See pages.Descriptors.read()."""
        return self.kernel.paging.read(address, size_bytes)


def open_dump(path: str | Path, kernel: str | Path | None = None) -> Memory:
    """Return the memory in the dump at `path`.

    kernel: vmlinuz, vmlinux or BTF of the dumped kernel; None takes the BTF that lies in the dump.
    Raises: InputError: the dump cannot be read, is of a machine not known here, is of another kernel, or has
    nothing by which its page descriptors could be found.
    """
    physical = open_physical(path)
    try:
        return _open(physical, kernel)
    except InputError as error:
        if not physical.partial or error.place != physical.place:
            raise
        raise InputError(error.place, f"{error.why} ({physical.partial[0]})") from None


def _open(physical: Physical, kernel: str | Path | None) -> Memory:
    info, paging, symbols = _entrance(physical)
    types, layout_from = types_of(kernel, paging, symbols, info)
    here = Kernel(types, paging, symbols)
    form = detect(types, info.numbers)
    memmap = read_memmap(here, form, info)
    here.secret.append(lambda address, frame: _holds_no_name(memmap, address, frame))
    here.room.append(lambda address, frame: _room(here, memmap, address, frame))
    missing = [Missing("symbols", symbols.why, "most of what no descriptor tells")] if symbols.why else []
    missing += [Missing("a kind of page", why, "see the kinds unknown and movable") for why in form.why_not]
    zones: Zones | None = None
    try:
        zones = read_zones(here)
    except InputError as error:
        missing.append(Missing("zones", error.why, "no zones, no lists of free pages, no counters"))
    caches = read_caches(here, form.size)
    if caches.why:
        missing.append(Missing("slab caches", caches.why, "slabs are not told by cache"))
    held = claims(here, memmap, zones)
    source = DumpSource(
        info, here, form, memmap, held, zones, caches, Groups(here), misreads(of_btf(physical.place, types)),
        (*missing, *held.missing), layout_from,
    )  # fmt: skip
    return Memory(source, DumpDescriptors(here, memmap))


def _holds_no_name(memmap: MemMap, address: int, frame: int) -> bool:
    """Return whether a kernel address and its page frame are none where the kernel keeps names.

    They are literals of the image and of modules, or copies that kstrdup() made: at the start of an object of slab,
    which is aligned to a word. A pointer to anything else is damaged, and what is there may be a user's, a packet's,
    or left behind in a free page. Source: kstrdup_const(), mm/util.c; ARCH_KMALLOC_MINALIGN, include/linux/slab.h.
    """
    kind = _kind(memmap, frame)
    if address >= IMAGE:
        return kind not in (None, Page.RESERVED, Page.UNKNOWN)
    return kind is not Page.SLAB


def _room(kernel: Kernel, memmap: MemMap, address: int, frame: int) -> int:
    """Return how many bytes the object of slab has that begins at an address, 0 when none does that a name can be in.

    A copy of a name is in the smallest kmalloc() object that holds it: what is larger is a buffer, a path, a packet.
    """
    head = frame + int(heads(memmap.read(frame, 1))[0])
    struct = "slab" if kernel.has("slab", "slab_cache") else "page"
    try:
        cache = kernel.word(memmap.vmemmap + head * memmap.form.size + kernel.offset(struct, "slab_cache"))
        size, room = (kernel.number("kmem_cache", member, cache) for member in ("size", "object_size"))
        left = "red_left_pad"  # with slub_debug
        first = kernel.number("kmem_cache", left, cache) if kernel.has("kmem_cache", left) else 0
    except InputError:
        return 0
    at = address % PAGE + (frame - head) * PAGE - first
    return room if size > 0 and at >= 0 and at % size == 0 and room <= _NAME_OBJECT_BYTES else 0


def _kind(memmap: MemMap, frame: int) -> Page | None:
    """Return what the descriptor of a page frame, or of its head, tells; None when it has none."""
    for _ in range(2):
        if not any(frame in span for span in memmap.ranges):
            return None
        pages = memmap.read(frame, 1)
        head = int(heads(pages)[0])
        if not head:
            return Page(int(decode(pages).kind[0]))
        frame += head
    return Page.UNKNOWN


def _entrance(physical: Physical) -> tuple[Vmcoreinfo, Paging, Symbols]:
    """Return the VMCOREINFO that leads to the kernel's page tables, and what it leads to."""
    last: InputError | None = None
    for info in candidates(physical):
        try:
            paging = paging_of(physical, info)
            # What it says of the kernel's name must be there: a stale copy leads to other memory.
            paging.read(info.symbol("init_uts_ns", physical.place), 8)
        except InputError as error:
            last = last or error
            continue
        return info, paging, read_symbols(paging, info)
    if last is not None:
        raise last
    raise InputError(
        physical.place,
        "has no VMCOREINFO, neither in its notes nor in its memory: no kernel can be found in it",
    )
