"""Page pools on net pages: the magic, the pool, the DMA address, recycling, and zero-copy to user space.

Source: net/core/page_pool.c page_pool_set_pp_info(), page_pool_set_dma_addr_netmem(), page_pool_put_page();
include/net/page_pool/helpers.h.
"""

from __future__ import annotations

from random import Random

from memdesc.layout.probes import MAGIC_SIGNATURE
from memdesc.layout.values import poison_delta
from memdesc.machine.faults import Stale
from memdesc.machine.frames import Frames, Ground
from memdesc.machine.handles import NetPage, describe, expect
from memdesc.machine.memmap import NET
from memdesc.machine.memory import PAGE_SHIFT

RING = 1024
"""Pages that a pool keeps for recycling at most. Source: page_pool_params.pool_size of common drivers."""
IOMMU_BITS = 36
"""Width of what an IOMMU hands out as DMA addresses where they have 64 bits."""


class PagePool:
    """A driver's pool. ring: pages that came back and wait, mapped for DMA, to be used again. waiting: their
    frames."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.address = 0
        self.ring: list[NetPage] = []
        self.waiting: set[int] = set()
        self.held = 0


class Pools:
    """All pools. Its functions take net pages only."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self.ground, self.memmap = ground, ground.memmap
        self.frames = Frames(ground, "net", NetPage)
        shape = self.frames.shape
        self._magic = shape.find("pp_magic")
        self._pool = shape.find("pp")
        self._dma = shape.need("the DMA address", None, "dma_addr", "dma_addr[0]", "dma")
        self._upper = shape.find("dma_addr[1]", "dma_addr_upper")
        self._count = shape.find("pp_ref_count", "pp_frag_count")
        if self._count is not None and self._upper is not None and self._count.offset == self._upper.offset:
            self._upper = None
        self.mapcount = shape.generic("mapcount", "_mapcount")
        self.refcount = shape.need("references", self.frames.refcount, "_refcount")
        self._mapping = None if shape.separate else ground.page.find("mapping")
        self._signature = MAGIC_SIGNATURE + poison_delta(ground.memory.abi)
        self._random = Random(seed)
        self._plain = self.create("replayed-pool")

    def create(self, name: str) -> PagePool:
        """Return a new pool."""
        return self.ground.objects.place(PagePool(name))

    def allocate(self, pool: PagePool | None = None, order: int = 0) -> NetPage:
        """Return a page of `pool`: one that came back, or a new one, mapped for DMA. Raises OutOfMemory."""
        pool = pool or self._plain
        pool.held += 1
        if pool.ring and not order:
            page = pool.ring.pop()
            pool.waiting.discard(page.pfn)
            if self._count is not None:
                self._count.set(page.at, 1)
            return page
        try:
            page = self.frames.allocate(order)
        except OSError:
            pool.held -= 1
            raise
        at = page.at
        if self._magic is not None:
            self._magic.set(at, self._signature)
        if self._pool is not None:
            self._pool.set(at, pool.address)
        if self._count is not None:
            self._count.set(at, 1)
        if self.frames.shape.separate and self.mapcount is not None:
            self.mapcount.set(at, -1)
        self._set_dma(page)
        return page

    def _set_dma(self, page: NetPage) -> None:
        """Map for DMA: the physical address, or wherever an IOMMU puts it when addresses are wide."""
        address = page.pfn << PAGE_SHIFT
        member, upper = self._dma, self._upper
        if member.size > self.ground.memory.abi.pointer or (
            upper is not None and self.ground.memory.abi.bits == 32
        ):
            address |= self._random.getrandbits(IOMMU_BITS - 32) << 32
        member.set(page.at, address & member.mask)
        if upper is not None:
            upper.set(page.at, address >> member.size * 8 & upper.mask)

    def put(self, page: NetPage) -> bool:
        """Give a page back to its pool: recycled when this was the last reference, which the answer says;
        else the pool lets go of it and the last holder frees it. Source: __page_pool_put_page()."""
        expect(page, NetPage)
        self.memmap.alive(page, NET)
        pool = self._holder(page)
        pool.held -= 1
        if self.refcount.get(page.at) == 1 and len(pool.ring) < RING and not self.frames.order(page):
            pool.ring.append(page)
            pool.waiting.add(page.pfn)
            return True
        self._clear(page)
        self.put_page(page)
        return False

    def pool_of(self, page: NetPage) -> PagePool:
        """Return the pool that the page's bytes point to."""
        address = self._pool.get(page.at) if self._pool is not None else 0
        return self.ground.objects.at(address, PagePool) if address else self._plain

    def _holder(self, page: NetPage) -> PagePool:
        """Return the pool that the page was taken from. Raises: Stale: it went back already."""
        pool = self.pool_of(page)
        if page.pfn in pool.waiting:
            raise Stale(f"{describe(page)} was given back to its pool")
        return pool

    def get_page(self, page: NetPage) -> None:
        """Take a reference, as zero-copy to user space does."""
        expect(page, NetPage)
        self.memmap.alive(page, NET)
        self.refcount.add(page.at, 1)

    def put_page(self, page: NetPage) -> None:
        """Drop one; with the last the page is freed."""
        expect(page, NetPage)
        self.memmap.alive(page, NET)
        if self.refcount.add(page.at, -1) == 0:
            self._clear(page)
            self.frames.release(page, self.frames.order(page))

    def free(self, page: NetPage) -> None:
        """Take a page out of its pool and free it, as a trace has it."""
        expect(page, NetPage)
        self.memmap.alive(page, NET)
        self._holder(page).held -= 1
        self._clear(page)
        self.put_page(page)

    def drain(self, pool: PagePool) -> int:
        """Free the pages that wait in `pool`; return how many. Source: page_pool_empty_ring()."""
        number = len(pool.ring)
        while pool.ring:
            page = pool.ring.pop()
            pool.waiting.discard(page.pfn)
            self._clear(page)
            self.put_page(page)
        return number

    def _clear(self, page: NetPage) -> None:
        """Source: page_pool_clear_pp_info()."""
        for member in (self._magic, self._pool, self._dma, self._upper, self._count, self._mapping):
            if member is not None:
                member.set(page.at, 0)
