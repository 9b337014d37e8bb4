"""Pages whose users keep little in the descriptor: page tables, vmalloc, drivers, zsmalloc, large kmalloc.

Source: include/linux/mm.h pagetable_pte_ctor(), pagetable_dtor(); mm/vmalloc.c vm_area_alloc_pages();
mm/zpdesc.h; mm/slub.c ___kmalloc_large_node().
"""

from __future__ import annotations

from typing import Generic, TypeVar

from memdesc.machine.frames import Frames, Ground
from memdesc.machine.handles import DriverPage, LargePage, Page, TablePage, VmallocPage, ZsmallocPage, expect
from memdesc.machine.memcg import Memcg
from memdesc.machine.shape import KINDS

H = TypeVar("H", bound=Page)


class Pages(Generic[H]):
    """Allocates and frees pages of one such kind. Its functions take just that type of page."""

    def __init__(self, ground: Ground, kind: str, handle: type[H]) -> None:
        self.memmap = ground.memmap
        self.frames = Frames(ground, kind, handle)
        self._handle, self._kind = handle, KINDS.index(kind)

    def allocate(self, order: int = 0) -> H:
        """Return 2**order new pages. Raises OutOfMemory."""
        return self.frames.allocate(order)

    def free(self, page: H) -> None:
        """Give them back. Raises: TypeError: of another type. Stale: freed before."""
        expect(page, self._handle)
        self.memmap.alive(page, self._kind)
        self.frames.release(page, self.frames.order(page))


class Drivers(Pages[DriverPage]):
    """Bare pages of alloc_pages(): nothing but what every page has."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground, "driver", DriverPage)


class Vmalloc(Pages[VmallocPage]):
    """Pages behind vmalloc() areas."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground, "vmalloc", VmallocPage)

    def area(self, pages: int) -> list[VmallocPage]:
        """Return the pages of a new area of `pages` pages; on failure none are kept. Raises OutOfMemory."""
        out: list[VmallocPage] = []
        try:
            for _ in range(pages):
                out.append(self.allocate())
        except OSError:
            self.free_area(out)
            raise
        return out

    def free_area(self, pages: list[VmallocPage]) -> None:
        """Free the pages of an area. Source: vfree()."""
        for page in pages:
            self.free(page)


class Large(Pages[LargePage]):
    """Pages of a kmalloc() beyond the slab caches; typed since PGTY_large_kmalloc."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground, "large", LargePage)


class Tables(Pages[TablePage]):
    """Page tables, with constructor and destructor: the page type, the owner, the charge."""

    def __init__(self, ground: Ground, memcg: Memcg) -> None:
        super().__init__(ground, "table", TablePage)
        shape = self.frames.shape
        self._memcg = memcg
        self._owner = shape.find("pt_mm")
        self._charge = shape.generic("memcg", "pt_memcg_data", "memcg_data")
        self._lock = shape.find("ptl")
        self._deposit = shape.find("pmd_huge_pte")

    def allocate(self, order: int = 0, owner: int = 0) -> TablePage:
        """Return a new, constructed page table of the mm at address `owner`. Source: pagetable_pte_ctor()."""
        page = super().allocate(order)
        if self._owner is not None and owner:
            self._owner.set(page.at, owner)
        if self._lock is not None:
            self._lock.set(page.at, 0)
        self._memcg.charge_page(self._charge, page.at)
        return page

    def free(self, page: TablePage) -> None:
        """Destruct it and give it back. Source: pagetable_dtor_free()."""
        expect(page, TablePage)
        self.memmap.alive(page, self._kind)
        self._memcg.uncharge_page(self._charge, page.at)
        for member in (self._owner, self._deposit):
            if member is not None:
                member.set(page.at, 0)
        super().free(page)


class Zsmalloc(Pages[ZsmallocPage]):
    """Pages of zsmalloc, each in a zspage: where its first object lies stands where the page type does."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground, "zsmalloc", ZsmallocPage)
        shape = self.frames.shape
        self._zspage, self._first = shape.find("zspage"), shape.find("first_obj_offset")
        self._next = shape.exactly("next")
        self._fill = 0

    def allocate(self, order: int = 0) -> ZsmallocPage:
        """Return a new page of a zspage. Source: alloc_zspage(), mm/zsmalloc.c."""
        page = super().allocate(order)
        self._fill = (self._fill + 416) % 4096
        if self._zspage is not None:
            self._zspage.set(page.at, self.memmap.memory.address(page.at & ~15))
        if self._first is not None:
            # the lower 16 bits; the type has the rest. Source: FIRST_OBJ_PAGE_TYPE_MASK, mm/zsmalloc.c
            self._first.set(page.at, self._first.get(page.at) & ~0xFFFF | self._fill)
        return page

    def free(self, page: ZsmallocPage) -> None:
        """Reset its descriptor and give it back. Source: reset_zpdesc()."""
        expect(page, ZsmallocPage)
        self.memmap.alive(page, self._kind)
        for member in (self._zspage, self._next):
            if member is not None:
                member.set(page.at, 0)
        if self._first is not None:
            self._first.set(page.at, self._first.mask)
        super().free(page)
