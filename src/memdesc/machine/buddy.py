"""The buddy allocator: free blocks of 1 to 1024 pages on lists, split and merged, in zones with watermarks.

The links, the order and the mark of a free block lie in its first struct page. Where a design describes free
memory apart (memdesc-8), the descriptor lies in the free block itself: an allocation in order to free memory
could fail, and the block's bytes are nobody's meanwhile.

Source: mm/page_alloc.c: __rmqueue_smallest(), expand(), __free_one_page(), page_expected_state().
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import isqrt

from memdesc.machine.faults import OutOfMemory
from memdesc.machine.lists import List
from memdesc.machine.memmap import Memmap
from memdesc.machine.memory import PAGE_SHIFT, Member
from memdesc.machine.shape import MEMDESC_MASK, Shape

MAX_ORDER = 10
DMA32_PAGES = (4 << 30) >> PAGE_SHIFT
NO_TYPE = 0xFFFFFFFF


class Zone:
    """A range of frames with free lists of its own; page_zone() tells it from flags. heads: by order."""

    __slots__ = ("end", "heads", "name", "nr_free", "number", "start")

    def __init__(self, number: int, name: str, start: int, end: int, heads: list[int]) -> None:
        self.number, self.name, self.start, self.end, self.heads = number, name, start, end, heads
        self.nr_free = [0] * (MAX_ORDER + 1)


class Buddy:
    """The allocator of page frames.

    Attributes: free_pages: frames on its lists. managed: frames that it was given. min, low, high:
    watermarks in pages; below `low` it asks `reclaim` for pages, below `min` it refuses.
    """

    def __init__(self, memmap: Memmap) -> None:
        self.memmap = memmap
        memory, page = memmap.memory, memmap.page
        shape = Shape("free", page)
        self.inside = shape.separate
        first = shape.find("buddy_list.next", "lru.next") or page.find("list")
        first = shape.need("the free list", first, "buddy_list", "lru")
        memdesc = page.find("memdesc")
        self._order = shape.need(
            "the order", shape.find("private", "order") or page.named("private"), "private"
        )
        second = _link(memmap, first)
        self.list = List(memory, first, second)
        self._next = first
        self._type = page.find("type") if shape.type_value is not None else None
        self._mark = shape.type_value or 0
        if self._type is None and memdesc is None:
            shape.need("the mark of a free page", None, "page_type", "memdesc")
        self._memdesc = memdesc
        self._none = memmap.undescribed("reserved") if memdesc is not None else 0
        self._refcount = page.find("refcount")
        self._apart = 0
        if self.inside:
            self._apart = shape.memdesc_value(0, 0)
        self._step, self._start = (1 << PAGE_SHIFT, 0) if self.inside else (memmap.size, memmap.start)
        self.free_pages = 0
        self.managed = memmap.pages - memmap.first
        # Source: calculate_min_free_kbytes(): the square root of 16 times the memory in KiB
        self.min = isqrt(self.managed * 4 * 16) // 4
        self.low, self.high = self.min + self.min // 4, self.min + self.min // 2
        self.reclaim: Callable[[int], int] = _nothing
        self._wake = self.low
        self._reclaiming = False
        self.zones = self._zones()
        for zone in reversed(self.zones):
            self._give(zone)

    def _zones(self) -> list[Zone]:
        first, end = self.memmap.first, self.memmap.pages
        cuts = [("Normal", first, end)]
        if end > DMA32_PAGES and first < DMA32_PAGES:
            cuts = [("Normal", DMA32_PAGES, end), ("DMA32", first, DMA32_PAGES)]
        zones = []
        flags = self.memmap.page.find("flags")
        for name, start, stop in cuts:
            word = self.memmap.memory.abi.pointer * 2
            heads = [self.list.head_at(self.memmap.carve(word)) for _ in range(MAX_ORDER + 1)]
            number = 2 if name == "Normal" else 1
            zones.append(Zone(number, name, start, stop, heads))
            if flags is not None:
                self.memmap.column(flags, start, stop - start)[:] = number << flags.size * 8 - 4
        return zones

    def _give(self, zone: Zone) -> None:
        """Put the zone's frames on its lists, in the largest aligned blocks."""
        pfn = zone.start
        while pfn < zone.end:
            order = min(MAX_ORDER, (pfn & -pfn).bit_length() - 1, (zone.end - pfn).bit_length() - 1)
            self._put(zone, pfn, order)
            pfn += 1 << order
        self.free_pages += zone.end - zone.start

    def zone_of(self, pfn: int) -> Zone:
        """Return the zone of frame `pfn`, by its number."""
        zones = self.zones
        return zones[0] if pfn >= zones[0].start else zones[-1]

    def take(self, order: int) -> int:
        """Return the first frame of a free block of 2**order pages, which is off the lists now.

        Raises: OutOfMemory: reclaim found nothing more.
        """
        if order > MAX_ORDER:
            raise OutOfMemory(f"no block of order {order}: the largest has order {MAX_ORDER}")
        number = 1 << order
        if self.free_pages - number < self._wake:
            self._press(number)
        while True:
            for zone in self.zones:
                nr_free = zone.nr_free
                for found in range(order, MAX_ORDER + 1):
                    if nr_free[found]:
                        at = self.list.first(zone.heads[found])
                        pfn = (at - self._start) // self._step
                        self._remove(zone, at, pfn, found)
                        while found > order:
                            found -= 1
                            self._put(zone, pfn + (1 << found), found)
                        self.free_pages -= number
                        return pfn
            if self._reclaiming or not self._shrink(max(number, 32)):
                raise OutOfMemory(
                    f"no free block of order {order}: {self.free_pages} pages are free, in smaller blocks"
                )

    def give(self, pfn: int, order: int) -> None:
        """Put a block back on the lists, merged with whatever free buddies it has."""
        zone = self.zone_of(pfn)
        start, end = zone.start, zone.end
        self.free_pages += 1 << order
        while order < MAX_ORDER:
            buddy = pfn ^ (1 << order)
            if buddy < start or buddy + (1 << order) > end or not self.is_free(buddy, order):
                break
            self._remove(zone, self._start + buddy * self._step, buddy, order)
            pfn &= ~(1 << order)
            order += 1
        self._put(zone, pfn, order)

    def is_free(self, pfn: int, order: int) -> bool:
        """Whether a free block of that order starts at `pfn`, as its bytes say. Source: page_is_buddy()."""
        if self._type is not None:
            member = self._type
            if (
                member.view[(self.memmap.start + pfn * self.memmap.size + member.offset) >> member.shift]
                != self._mark
            ):
                return False
        else:
            memdesc = self._memdesc
            assert memdesc is not None
            word = memdesc.get(self.memmap.at(pfn))
            # where the list lies over memdesc, types 0, 4, 8 and 12 all mean the buddy allocator
            if (word & MEMDESC_MASK) != self._apart if self.inside else word & 3 or not word:
                return False
        return self._order.get(self._start + pfn * self._step) == order

    def blocks(self) -> Iterator[tuple[int, int]]:
        """Yield (pfn, order) of every free block, as its lists have them."""
        for zone in self.zones:
            for order, head in enumerate(zone.heads):
                for at in self.list.walk(head):
                    yield (at - self._start) // self._step, order

    def _put(self, zone: Zone, pfn: int, order: int) -> None:
        at = self._start + pfn * self._step
        if self.inside:
            assert self._memdesc is not None
            self._memdesc.set(self.memmap.at(pfn), self.memmap.memory.address(at) | self._apart)
        self.list.add(at, zone.heads[order])
        zone.nr_free[order] += 1
        member = self._order
        member.view[(at + member.offset) >> member.shift] = order
        kind = self._type
        if kind is not None:
            kind.view[(at + kind.offset) >> kind.shift] = self._mark

    def _remove(self, zone: Zone, at: int, pfn: int, order: int) -> None:
        self.list.remove(at)
        zone.nr_free[order] -= 1
        member = self._order
        member.view[(at + member.offset) >> member.shift] = 0
        kind = self._type
        if kind is not None:
            kind.view[(at + kind.offset) >> kind.shift] = NO_TYPE
        if self._memdesc is None:
            # Source: clear_page_pfmemalloc(), in prep_new_page()
            links = self._next
            links.view[(at + links.offset) >> links.shift] = 0
        else:
            # What the list wrote over memdesc and the reference count is put right.
            page = self.memmap.at(pfn)
            self._memdesc.set(page, self._none)
            if self._refcount is not None:
                self._refcount.set(page, 0)

    def _press(self, number: int) -> None:
        """Below the low watermark: let reclaim work up to the high one; below the lowest, refuse."""
        if self._reclaiming:
            return  # reclaim itself may use the reserve: PF_MEMALLOC
        freed = self._shrink(self.high - self.free_pages + number)
        # Nothing to be had: ask again only once the reserve has shrunk further.
        self._wake = self.low if freed else max(self.min, self.free_pages - number - 32)
        if freed and self.free_pages - number < self.min:
            self._shrink(number)
        if self.free_pages - number < self.min:
            raise OutOfMemory(
                f"{self.free_pages} pages are free, {self.min} of them in reserve, and nothing is to be reclaimed"
            )

    def _shrink(self, pages: int) -> int:
        self._reclaiming = True
        try:
            return self.reclaim(max(pages, 32))
        finally:
            self._reclaiming = False


def _nothing(_pages: int) -> int:
    return 0


def _link(memmap: Memmap, first: Member) -> Member:
    """Return the `prev` that follows a list_head's `next`."""
    word = memmap.memory.abi.pointer
    step = word if (first.shift or word == 1) else 1
    return memmap.memory.number(
        first.path.removesuffix("next") + "prev", first.offset + word, word, signed=False, align=step
    )
