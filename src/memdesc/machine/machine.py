"""The machine: a design's memory, its managers, and the vocabulary in which traces are replayed."""

from __future__ import annotations

import errno
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from memdesc.errors import InputError
from memdesc.layout import design as designs
from memdesc.layout.abi import Abi
from memdesc.layout.design import Design
from memdesc.machine.cache import PageCache
from memdesc.machine.costs import Costs, KindCost, OperationCost
from memdesc.machine.descriptors import Descriptors
from memdesc.machine.faults import KernelError
from memdesc.machine.folios import Folios
from memdesc.machine.frames import Ground
from memdesc.machine.generic import Generic
from memdesc.machine.handles import (
    OF_KIND,
    DriverPage,
    Folio,
    Handle,
    LargePage,
    Mappable,
    NetPage,
    Slab,
    TablePage,
    VmallocPage,
    ZsmallocPage,
    describe,
    expect_mappable,
)
from memdesc.machine.memcg import Memcg
from memdesc.machine.memmap import ANON, FILE, FREE
from memdesc.machine.memory import PAGE_SIZE, Memory
from memdesc.machine.missing import Missing, held
from memdesc.machine.plain import Drivers, Large, Tables, Vmalloc, Zsmalloc
from memdesc.machine.pools import Pools
from memdesc.machine.processes import Mm, Processes
from memdesc.machine.reclaim import Reclaim
from memdesc.machine.rmap import Inserted
from memdesc.machine.shape import KINDS, PageShape
from memdesc.machine.slabs import Slabs


class Tally:
    """What one operation of the vocabulary did so far; see costs.OperationCost."""

    __slots__ = ("count", "extra", "lines", "name", "start")

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = self.extra = self.lines = self.start = 0


class Machine:
    """A computer's physical memory, described by a design, and the managers that work on it.

    Args: design: a Design or whatever memdesc.layout.design.load() takes. memory_bytes: physical memory; the
    memmap lies in it and is reserved. seed: of every choice that is made at random. count_lines: count the
    cache lines of descriptors that each operation of the vocabulary touches (some five times slower). abi:
    which ABI the design is laid out for when it is given by name.
    Raises: InputError: the design cannot hold a kind of page (it says which member is missing), or the memory
    cannot be had.

    The vocabulary for replaying traces is `allocate`, `free`, `cache_add`, `cache_delete`, `map`, `unmap`.
    Managers, each on its own type, are attributes: `folios`, `cache`, `processes`, `slabs`, `pools`,
    `tables`, `vmalloc`, `drivers`, `zsmalloc`, `large`, `memcg`, `reclaim`, `buddy`. `generic` has the reads
    that do not know the kind. `random` is the seeded source of every choice that a script makes.
    """

    def __init__(
        self, design: Design | str | Path, memory_bytes: int, seed: int = 0, *, count_lines: bool = False,
        abi: Abi | None = None,
    ) -> None:  # fmt: skip
        self.design = design if isinstance(design, Design) else designs.load(design, abi)
        self.random = Random(seed)
        self.memory_bytes = memory_bytes - memory_bytes % PAGE_SIZE
        if self.memory_bytes < 1 << 20:
            raise InputError("--memory", f"{memory_bytes} bytes are too few; at least 1M is needed")
        memory = Memory(self.design.abi, self.memory_bytes, count_lines=count_lines)
        self.ground = ground = Ground(PageShape(self.design, memory))
        self.memmap, self.buddy = ground.memmap, ground.buddy
        self.pages = ground.memmap.pages
        self.slabs = held(lambda: Slabs(ground))
        self.descriptors = Descriptors(ground, self.slabs)
        self.folios = held(lambda: Folios(ground))
        self.memcg = held(lambda: Memcg(ground, self.folios, self.slabs))
        self.cache = held(lambda: PageCache(ground, self.folios, self.memcg))
        self.pools = held(lambda: Pools(ground, seed))
        self.tables = held(lambda: Tables(ground, self.memcg))
        self.vmalloc, self.drivers = held(lambda: Vmalloc(ground)), held(lambda: Drivers(ground))
        self.zsmalloc, self.large = held(lambda: Zsmalloc(ground)), held(lambda: Large(ground))
        self.generic = Generic(ground, self.folios)
        self.inserted = Inserted(self.generic, self.folios, self.pools, self.vmalloc, self.drivers)
        self.processes = held(
            lambda: Processes(ground, self.folios, self.cache, self.tables, self.memcg, self.inserted)
        )
        self.reclaim = Reclaim(self.folios, self.cache, self.processes, self.slabs)
        if not any(isinstance(m, Missing) for m in (self.folios, self.cache, self.processes, self.slabs)):
            ground.buddy.reclaim = self.reclaim.shrink
        self._lines = memory.lines
        self._counting = count_lines
        self._operations: dict[tuple[str, str], Tally] = {}
        self._user: Mm | None = None
        self._user_pages: dict[int, list[int]] = {}
        self._next_page = 1 << 20
        self._frees: dict[type[object], Callable[..., object]] = {
            Slab: lambda page: self.slabs.free_slab(page),
            NetPage: lambda page: self.pools.free(page),
            TablePage: lambda page: self.tables.free(page),
            VmallocPage: lambda page: self.vmalloc.free(page),
            DriverPage: lambda page: self.drivers.free(page),
            ZsmallocPage: lambda page: self.zsmalloc.free(page),
            LargePage: lambda page: self.large.free(page),
            Folio: self._free_folio,
        }  # fmt: skip
        self._allocates: dict[str, Callable[[int], Handle]] = {
            "file": lambda order: self.folios.allocate("file", order),
            "anon": lambda order: self.folios.allocate("anon", order),
            "slab": lambda order: self.slabs.allocate_slab(order),
            "net": lambda order: self.pools.allocate(None, order),
            "table": lambda order: self.tables.allocate(order),
            "vmalloc": lambda order: self.vmalloc.allocate(order),
            "driver": lambda order: self.drivers.allocate(order),
            "zsmalloc": lambda order: self.zsmalloc.allocate(order),
            "large": lambda order: self.large.allocate(order),
        }  # fmt: skip

    # -- the vocabulary --

    def allocate(self, kind: str, order: int = 0) -> Handle:
        """Return 2**order pages of `kind` ("file", "anon", "slab", "net", "table", "zsmalloc", "vmalloc",
        "driver", "large"), with one reference where the kind counts them. File and anon pages are on no list
        and in no mapping yet; file pages are after cache_add(). A folio above order 9 is not to be had.

        Raises: OutOfMemory: nothing more could be reclaimed. KernelError: EINVAL, no such kind or order.
        """
        allocate = self._allocates.get(kind)
        if allocate is None:
            raise KernelError(errno.EINVAL, f"no kind is called '{kind}'; known: {', '.join(OF_KIND)}")
        counted = self._begin("allocate", kind)
        handle = allocate(order)
        self._end(counted)
        return handle

    def free(self, handle: Handle) -> None:
        """Give the pages back, whatever kind: unmapped by unmap()'s own process, out of its file, off its
        lists, and to the buddy allocator. References that others hold keep the memory until they are put.

        Raises: Stale: it was freed before. TypeError: not a handle.
        """
        free = self._frees.get(type(handle))
        if free is None:
            raise TypeError(f"only pages are freed, and this is {describe(handle)}")
        if self._user_pages and handle.pfn in self._user_pages and isinstance(handle, Mappable):
            while handle.pfn in self._user_pages:
                self.unmap(handle)
        counted = self._begin("free", KINDS[self.memmap.truth[handle.pfn] & 0x7F])
        free(handle)
        self._end(counted)

    def cache_add(self, folio: Folio, file: Hashable, index: int) -> None:
        """Put a file folio into the page cache of `file` (any key) at page `index`, and on the LRU.

        Raises: KernelError: EEXIST, EINVAL. TypeError: not a folio. Stale.
        """
        counted = self._begin("cache_add", "file")
        self.cache.add(folio, self.cache.open(file), index)
        self._end(counted)

    def cache_delete(self, folio: Folio) -> None:
        """Take a folio out of its file; it stays allocated until free().

        Raises: KernelError: EINVAL, it is in no file. TypeError: not a folio. Stale.
        """
        counted = self._begin("cache_delete", "file")
        self.cache.remove(folio)
        self._end(counted)

    def map(self, page: Mappable) -> None:
        """Map a page into the machine's own user process, once more each time.

        Raises: TypeError: slabs, page tables and the like. KernelError: EINVAL, the bytes forbid it: an
        anonymous page belongs to its process, a page type stands over _mapcount.
        """
        expect_mappable(page)
        if self._user is None:
            self._user = self.processes.start("user")
        counted = self._begin("map", KINDS[self.memmap.truth[page.pfn] & 0x7F])
        where = self._next_page
        self.processes.insert(self._user, where, page)
        self._next_page += 1
        self._user_pages.setdefault(page.pfn, []).append(where)
        self._end(counted)

    def unmap(self, page: Mappable) -> None:
        """Undo one map(). Raises: KernelError: EINVAL, it is not mapped by map(). TypeError."""
        expect_mappable(page)
        there = self._user_pages.get(page.pfn)
        if not there or self._user is None:
            raise KernelError(errno.EINVAL, f"{page} is not mapped by map()")
        counted = self._begin("unmap", KINDS[self.memmap.truth[page.pfn] & 0x7F])
        where = there.pop()
        if not there:
            del self._user_pages[page.pfn]
        self.processes.unmap(self._user, where)
        self._end(counted)

    @contextmanager
    def operation(self, name: str) -> Iterator[None]:
        """Count what is done inside as one operation called `name`: for scripts that use the managers."""
        counted = self._begin(name, "")
        try:
            yield
        finally:
            self._end(counted)

    def _free_folio(self, folio: Folio) -> None:
        self.memmap.alive(folio, FILE, ANON)
        if self.memmap.truth[folio.pfn] == FILE and self.folios.mapping.get(folio.at):
            file = self.cache.mapping_of(folio)
            if file is not None:
                self.processes.unmap_file(file, folio)
                self.cache.remove(folio)
        self.folios.put(folio)

    def _begin(self, name: str, kind: str) -> Tally:
        tally = self._operations.get((name, kind))
        if tally is None:
            tally = self._operations[name, kind] = Tally(f"{name} {kind}".rstrip())
        memmap = self.memmap
        memmap.number += 1
        memmap.operation = tally.name
        if self._counting:
            self._lines.clear()
        tally.start = self.ground.extra_allocations
        return tally

    def _end(self, tally: Tally) -> None:
        tally.count += 1
        tally.extra += self.ground.extra_allocations - tally.start
        if self._counting:
            tally.lines += len(self._lines)

    # -- what it costs --

    def pages_by_kind(self) -> dict[str, int]:
        """Return kind -> page frames now, "free" and "reserved" among them. Cheap: meant for sampling."""
        return dict(zip(KINDS, self.memmap.counts, strict=True))

    def descriptor_bytes(self) -> int:
        """Return what descriptors take now: the memmap, and pages that hold separate ones. Cheap."""
        return self.pages * self.design.page.size + self.descriptors.pages * PAGE_SIZE

    def costs(self) -> Costs:
        """Return what descriptors cost now and at their peak."""
        size, memmap, apart = self.design.page.size, self.memmap, self.descriptors
        kinds = tuple(
            KindCost(
                kind, memmap.counts[n], memmap.peaks[n], apart.used[n], apart.peaks[n],
                memmap.counts[n] * size + apart.used[n] * apart.sizes[n],
                memmap.peaks[n] * size + apart.peaks[n] * apart.sizes[n],
            )
            for n, kind in enumerate(KINDS)
        )  # fmt: skip
        operations = tuple(
            OperationCost(t.name, t.count, t.extra, t.lines, t.count if self._counting else 0)
            for t in self._operations.values()
        )
        whole = self.pages * size
        return Costs(
            self.design.name, self.design.abi.name, self.memory_bytes, size, whole,
            whole + apart.pages * PAGE_SIZE, whole + apart.peak_pages * PAGE_SIZE, kinds, apart.costs(), operations,
        )  # fmt: skip

    @property
    def free_pages(self) -> int:
        """Pages on the lists of the buddy allocator."""
        return self.memmap.counts[FREE]
