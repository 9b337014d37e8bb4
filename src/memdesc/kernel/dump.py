"""The memory in a dump as a Source: every page by its descriptor, and by who holds it where that says nothing.

    memory = open_dump("vmcore")                    # layouts from the BTF that lies in the dump
    memory = open_dump("vmcore", "/boot/vmlinuz-6.12.101-amd64")
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memdesc.errors import InputError
from memdesc.kernel.core import PAGE, open_physical
from memdesc.kernel.decode import Decoded, Descriptors, decode, flag
from memdesc.kernel.groups import Groups
from memdesc.kernel.holders import Claims, claims
from memdesc.kernel.kallsyms import read_symbols
from memdesc.kernel.layouts import types_of
from memdesc.kernel.memmap import MemMap, read_memmap
from memdesc.kernel.objects import Kernel
from memdesc.kernel.pages import Memory
from memdesc.kernel.paging import Paging, paging_of
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
    Zone,
)
from memdesc.kernel.slabs import Caches, read_caches
from memdesc.kernel.struct_page import StructPage, detect
from memdesc.kernel.vmcoreinfo import Vmcoreinfo, candidates
from memdesc.kernel.zones import Zones, read_counters, read_zones
from memdesc.layout.model import Types

_WINDOW = 1 << 12
"""Chunks are read from a multiple of this many frames: no block of the buddy allocator is larger."""
_BARE = (Page.UNKNOWN, Page.RESERVED)


@dataclass(slots=True)
class DumpSource:
    """The memory of a dump; see population.Source and pages.Descriptors, both of which it is."""

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
    _counters: Counters | None = field(default=None)

    @property
    def types(self) -> Types:
        """The layout of the kernel."""
        return self.kernel.types

    def about(self) -> About:
        """See Source.about()."""
        partial = list(self.kernel.paging.memory.partial)
        gone = self.memmap.lost.get("descriptors", 0)
        if gone:
            partial.append(f"{gone} descriptors are not in the dump: their pages count as unknown")
        return About(
            origin=self.kernel.place,
            release=self.info.release,
            page_bytes=PAGE,
            page_struct_bytes=self.form.size,
            encoding=self.form.says,
            flags="the flags word of struct page",
            misreads=self.misreads,
            missing=self.missing,
            partial=tuple(partial),
        )

    def ranges(self) -> tuple[range, ...]:
        """See Source.ranges(): the sections of memory that are online."""
        return self.memmap.ranges

    def read(self, first: int, count: int, want: frozenset[str] = frozenset()) -> Columns:
        """See Source.read()."""
        start, pages, decoded = self._window(first, count)
        self._claim(pages, decoded)
        part = slice(first - start, first - start + count)
        kind, order = decoded.kind[part], decoded.order[part]
        head = decoded.head
        cache = cgroup = None
        if "cache" in want:
            cache = self._behind(self.all_caches.column(pages, (decoded.kind == Page.SLAB) & (head >= 0)), head)
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
            flags=pages.column(self.form.flags)[part].astype(np.uint64) if "flags" in want else None,
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

    def page_structs(self, pfn: int, count: int = 1) -> bytes:
        """See pages.Descriptors.page_structs()."""
        pages = self.memmap.read(pfn, count)
        if not pages.there.all():
            raise InputError(self.kernel.place, f"does not hold the descriptor of frame {pfn:#x}")
        return bytes(pages.raw)

    def string(self, address: int) -> str:
        """See pages.Descriptors.string()."""
        return self.kernel.text(address)

    def read_object(self, address: int, size_bytes: int) -> bytes:
        """Return bytes of a kernel object; see pages.Descriptors.read()."""
        return self.kernel.paging.read(address, size_bytes)

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
