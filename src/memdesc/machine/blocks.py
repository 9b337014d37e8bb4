"""Blocks: how the pages of one allocation are known to belong together, and how large the block is.

Where descriptors overlay struct page, the first page carries PG_head, the second the order, and every page
after the first a compound_head that leads to it. Where they lie apart, every page's memdesc leads to the same
descriptor, whose flags carry the order; a descriptor without flags leaves it to be counted.

Source: prep_compound_page(), prep_compound_tail(), free_tail_page_prepare(), mm/page_alloc.c.
"""

from __future__ import annotations

from memdesc.errors import InputError
from memdesc.layout.values import TAIL_MAPPING, poison_delta
from memdesc.machine.memmap import Memmap
from memdesc.machine.memory import Member
from memdesc.machine.shape import MISC_ORDER_SHIFT, Shape

FLAG_NAMES = (
    "locked", "referenced", "uptodate", "dirty", "lru", "active", "workingset", "waiters", "error", "slab",
    "owner_priv_1", "reserved", "private", "writeback", "head", "reclaim", "swapbacked", "unevictable",
)  # fmt: skip
ORDER_SHIFT = 24
"""Where flags of a separate descriptor keep the order: above the page flags, below zone and node."""
ORDER_BITS = 15
FEW = 8
"""Up to so many tails are written one by one, more at once."""


def flags_of(shape: Shape) -> dict[str, int]:
    """Return page flag -> its bit as a number; a flag that the design does not number gets a free bit."""
    types = shape.design.types
    out = {}
    for name in FLAG_NAMES:
        value = types.enumerator(f"PG_{name}")
        if value is not None:
            out[name] = 1 << value
    free = [n for n in range(ORDER_SHIFT) if not any(bit == 1 << n for bit in out.values())]
    for name in FLAG_NAMES:
        if name not in out:
            out[name] = 1 << free.pop(0)
    return out


class Blocks:
    """Makes and unmakes the blocks of one kind.

    Attributes: shape: of the kind. flags: its flags word, or None.
    """

    def __init__(self, memmap: Memmap, shape: Shape) -> None:
        page = memmap.page
        self.memmap, self.shape = memmap, shape
        self.flags = shape.generic("flags", "flags", "__page_flags", "pt_flags", "_flags")
        self._bits = flags_of(shape)
        self._memdesc = page.find("memdesc")
        self._apart, self._base = shape.separate, memmap.memory.base
        self._kind = shape.memdesc_value(0, 0) if self._memdesc is not None else 0
        self._head = page.find("head")
        self._mapping = page.find("mapping")
        self._page_flags = page.find("flags")
        self._order = page.named("compound_order", "_folio_order")
        delta = poison_delta(memmap.memory.abi)
        self._tail_mapping = TAIL_MAPPING + delta
        self._none = memmap.undescribed("reserved") if self._memdesc is not None else 0

    def make(self, pfn: int, order: int, at: int) -> None:
        """Make one block of the frames from `pfn` on, described at `at`.

        Raises: InputError: the design has no way to say so.
        """
        memdesc = self._memdesc
        if memdesc is not None:
            value = self._kind | (self._base + at if self._apart else order << MISC_ORDER_SHIFT)
            if not order:
                place = self.memmap.start + pfn * self.memmap.size
                memdesc.view[(place + memdesc.offset) >> memdesc.shift] = value
                return
            self._fill(memdesc, pfn, 1 << order, value)
            if self._apart and self.flags is not None:
                self.flags.set(at, self.flags.get(at) | order << ORDER_SHIFT)
            return
        if not order:
            return
        first = self.memmap.at(pfn)
        head, flags = self._need_head(), self._page_flags
        self._fill(head, pfn + 1, (1 << order) - 1, self.memmap.memory.address(first) | 1)
        if self._mapping is not None:
            self._fill(self._mapping, pfn + 1, (1 << order) - 1, self._tail_mapping & self._mapping.mask)
        second = first + self.memmap.size
        if self._order is not None:
            self._order.set(second, order)
        elif flags is not None:
            flags.set(second, flags.get(second) & ~255 | order)
        if flags is not None:
            flags.set(first, flags.get(first) | self._bits["head"])

    def unmake(self, pfn: int, order: int) -> None:
        """Make single pages of the block again, as the buddy allocator takes them."""
        memdesc = self._memdesc
        if memdesc is not None:
            if order:
                self._fill(memdesc, pfn, 1 << order, self._none)
            else:
                at = self.memmap.start + pfn * self.memmap.size
                memdesc.view[(at + memdesc.offset) >> memdesc.shift] = self._none
            return
        if not order:
            return
        first, flags = self.memmap.at(pfn), self._page_flags
        second = first + self.memmap.size
        if self._order is not None:
            self._order.set(second, 0)
        elif flags is not None:
            flags.set(second, flags.get(second) & ~255)
        self._fill(self._need_head(), pfn + 1, (1 << order) - 1, 0)
        if self._mapping is not None:
            self._fill(self._mapping, pfn + 1, (1 << order) - 1, 0)
        if flags is not None:
            flags.set(first, flags.get(first) & ~self._bits["head"])

    def order(self, pfn: int, at: int) -> int:
        """Return the order of the block that starts at `pfn`, as its bytes say. Source: folio_order()."""
        if self._memdesc is not None:
            if not self.shape.separate:
                return self._memdesc.get(self.memmap.at(pfn)) >> MISC_ORDER_SHIFT & 63
            flags = self.flags
            if flags is not None:
                return flags.view[(at + flags.offset) >> flags.shift] >> ORDER_SHIFT & ORDER_BITS
            return self._counted(pfn)
        flags = self._page_flags
        if flags is None or not flags.get(self.memmap.at(pfn)) & self._bits["head"]:
            return 0
        second = self.memmap.at(pfn + 1)
        return self._order.get(second) if self._order is not None else flags.get(second) & 255

    def _counted(self, pfn: int) -> int:
        """Return the order of a block whose descriptor does not keep it: its pages share one memdesc."""
        assert self._memdesc is not None
        word, order = self._memdesc.get(self.memmap.at(pfn)), 0
        while pfn + (1 << order) < self.memmap.pages:
            if self._memdesc.get(self.memmap.at(pfn + (1 << order))) != word:
                break
            order += 1
        return order

    def _need_head(self) -> Member:
        if self._head is None:
            raise InputError(
                self.shape.design.name,
                f"cannot hold blocks of several {self.shape.kind} pages: {self.memmap.page.struct.spelling} "
                "has no member for the way to the first page (compound_head or memdesc)",
            )
        return self._head

    def _fill(self, member: Member, pfn: int, count: int, value: int) -> None:
        if count <= FEW:
            at, step = self.memmap.at(pfn), self.memmap.size
            for _ in range(count):
                member.set(at, value)
                at += step
            return
        self.memmap.column(member, pfn, count)[:] = value
        lines, memory = self.memmap.memory.lines, self.memmap.memory
        if memory.counting:
            first = self.memmap.at(pfn) + member.offset
            lines.update(at >> 6 for at in range(first, first + count * self.memmap.size, self.memmap.size))
