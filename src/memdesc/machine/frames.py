"""Pages of one kind: taken from the buddy allocator, described, marked with their type; and given back.

Every manager owns the frames of its kind; this is where the bytes of a page begin and end to mean something.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from memdesc.machine.blocks import Blocks
from memdesc.machine.buddy import NO_TYPE, Buddy
from memdesc.machine.handles import Page
from memdesc.machine.memmap import FREE, Memmap
from memdesc.machine.memory import PAGE_SHIFT
from memdesc.machine.objects import Objects
from memdesc.machine.shape import KINDS, PageShape, Shape

H = TypeVar("H", bound=Page)


class Ground:
    """What every manager stands on: memory, memmap, buddy allocator, addresses, separate descriptors.

    Attributes: take_descriptor, give_descriptor: allocate and free the descriptor of a kind that has them
    apart (see slabs.Descriptors). extra_allocations: how many were allocated so far.
    """

    def __init__(self, page: PageShape) -> None:
        self.page, self.memory, self.design = page, page.memory, page.design
        self.memmap = Memmap(self.memory, page)
        self.objects = Objects(self.memory)
        self.buddy = Buddy(self.memmap)
        self.extra_allocations = 0
        self.take_descriptor: Callable[[int], int] = _none
        self.give_descriptor: Callable[[int, int], None] = _none_back


class Frames(Generic[H]):
    """The pages of one kind (or of two that share a descriptor: file and anon).

    Attributes: refcount, flags: members that every manager needs; None where the design has none.
    """

    def __init__(self, ground: Ground, kind: str, handle: type[H]) -> None:
        memmap = ground.memmap
        self.ground, self.memmap, self.buddy, self.handle = ground, memmap, ground.buddy, handle
        self.shape = shape = Shape(kind, ground.page)
        self.kind = KINDS.index(kind)
        self.blocks = Blocks(memmap, shape)
        self.flags = self.blocks.flags
        self.refcount = shape.generic("refcount", "_refcount", "__page_refcount", "refcount")
        self.counted = self.refcount is not None and not shape.frozen
        self._type = ground.page.find("type") if shape.type_value is not None else None
        self._mark = shape.type_value or 0
        self._pfn = shape.exactly("pfn") if shape.separate else None
        self._apart = shape.separate
        self._slow = shape.separate or ground.page.find("memdesc") is not None
        self._start, self._size = memmap.start, memmap.size
        # Source: __SetPageSlab() before pages had types of their own
        slab_bit = ground.design.types.enumerator("PG_slab")
        flagged = kind == "slab" and self._type is None and not self._slow and slab_bit is not None
        self._flag = 1 << slab_bit if flagged and slab_bit is not None else 0

    def allocate(self, order: int = 0, at: int | None = None) -> H:
        """Return a new block, its reference count 1 where the kind counts references.

        Args: at: None takes a separate descriptor from its slab cache; else it is to lie in the page itself.
        Raises: OutOfMemory, InputError: see Buddy.take() and Blocks.make().
        """
        apart = self._apart
        if apart and at is None:
            at = self.ground.take_descriptor(self.kind)
            try:
                pfn = self.buddy.take(order)
            except OSError:
                self.ground.give_descriptor(self.kind, at)
                raise
        else:
            pfn = self.buddy.take(order)
            at = self._start + pfn * self._size if at is None else self._inside(pfn)
        if self._slow or order:
            self.blocks.make(pfn, order, at)
            if self._pfn is not None:
                self._pfn.view[(at + self._pfn.offset) >> self._pfn.shift] = pfn
        count = self.refcount
        if count is not None and self.counted:
            count.view[(at + count.offset) >> count.shift] = 1
        kind = self._type
        if kind is not None:
            kind.view[(at + kind.offset) >> kind.shift] = self._mark
        if self._flag and self.flags is not None:
            self.flags.set(at, self.flags.get(at) | self._flag)
        self.memmap.become(pfn, order, self.kind)
        return self.handle(pfn, at)

    def release(self, handle: H, order: int) -> None:
        """Give the block back; its manager has undone whatever it wrote beyond type and references."""
        pfn, at = handle.pfn, handle.at
        ground = self.ground
        count = self.refcount
        if count is not None and self.counted:
            count.view[(at + count.offset) >> count.shift] = 0
        kind = self._type
        if kind is not None:
            kind.view[(at + kind.offset) >> kind.shift] = NO_TYPE
        if self._flag and self.flags is not None:
            self.flags.set(at, self.flags.get(at) & ~self._flag)
        if self._slow:
            self.blocks.unmake(pfn, order)
            if self._apart and at >> PAGE_SHIFT != pfn:
                ground.give_descriptor(self.kind, at)
        elif order:
            self.blocks.unmake(pfn, order)
        self.memmap.become(pfn, order, FREE)
        self.buddy.give(pfn, order)

    def reserve(self, number: int) -> list[int]:
        """Return `number` separate descriptors for pages that a split makes, or none when they overlay.

        Raises: OutOfMemory: there are not as many, and none was taken.
        """
        kind = self.kind
        out: list[int] = []
        try:
            while self.shape.separate and len(out) < number:
                out.append(self.ground.take_descriptor(kind))
        except OSError:
            for at in out:
                self.ground.give_descriptor(kind, at)
            raise
        return out

    def adopt(self, pfn: int, spare: list[int]) -> H:
        """Return a page of a block that was unmade as a page of its own, described by one of `spare`."""
        at = spare.pop() if self.shape.separate else self._start + pfn * self._size
        if self._pfn is not None:
            self._pfn.set(at, pfn)
        self.memmap.truth[pfn] = self.kind
        page = self.handle(pfn, at)
        self.settle(page)
        return page

    def settle(self, page: H) -> None:
        """Make a page of a block that was unmade a block of order 0."""
        self.blocks.make(page.pfn, 0, page.at)
        self.memmap.note(page.pfn, "a page of its own since its block was split")

    def order(self, handle: H) -> int:
        """Return the order of the handle's block, as its bytes say."""
        return self.blocks.order(handle.pfn, handle.at)

    def _inside(self, pfn: int) -> int:
        """Return the place, cleared, of a descriptor in its own page: that of a slab of slab descriptors."""
        at = pfn << PAGE_SHIFT
        self.memmap.memory.bytes[at : at + self.shape.size] = bytes(self.shape.size)
        return at


def _none(kind: int) -> int:
    raise NotImplementedError(kind)


def _none_back(kind: int, at: int) -> None:
    raise NotImplementedError(kind, at)
