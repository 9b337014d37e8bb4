"""Page descriptors to kinds and orders, many at a time: what a page is by its own struct page and its head's.

`decode()` takes the descriptors of neighbouring frames as they lie in memory and answers for all of them with
numpy. What no descriptor tells (vmalloc, stacks, per-CPU chunks) is laid over it later, see holders.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memdesc.kernel.population import TAIL, Codes, Page
from memdesc.kernel.struct_page import KINDS, StructPage, Word

PP_SIGNATURE = 0x40 + 0xDEAD_0000_0000_0000
"""What pp_magic holds in a page of a page_pool, its two low bits aside. Source: include/linux/poison.h."""
MOST_ORDER = 64
_ANON, _MOVABLE, _KSM = 1, 2, 3

Frames = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Descriptors:
    """The struct pages of frames `first` on, as they lie in memory.

    Attributes: raw: their bytes. there: which of them could be read; bytes of the others are zero. vmemmap:
    kernel virtual address of the descriptor of frame 0.
    """

    form: StructPage
    first: int
    raw: bytes | bytearray | memoryview
    there: Mask
    vmemmap: int

    def column(self, word: Word) -> NDArray[Any]:
        """Return the number at `word` in each descriptor, disregarding Word.page; no copy."""
        return word.of(self.raw, self.form.size)

    def __len__(self) -> int:
        return len(self.there)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What descriptors say. kind, order: see Columns. head: place of the head of each page's block, in this
    array: its own for heads and lone pages, -1 where the head lies elsewhere or is none."""

    kind: Codes
    order: Codes
    head: Frames


Elsewhere = Callable[[Frames], tuple[Codes, Codes]]
"""Frames of heads outside the array -> (kind, order) of each."""


def decode(pages: Descriptors, elsewhere: Elsewhere | None = None) -> Decoded:
    """Return what each page is by its descriptor; UNKNOWN where it says nothing.

    elsewhere: asked for heads that lie outside of `pages`; without it their tails are UNKNOWN.
    Source: PageTail(), compound_order(), PageBuddy() and their kin in include/linux/page-flags.h, mm.h.
    """
    count = len(pages)
    head = heads(pages)
    places = np.arange(count, dtype=np.int64)
    tail = head != places
    kind = _own_kind(pages, tail)
    order = np.zeros(count, np.uint8)
    compound = flag(pages, "head") & ~tail
    order[compound] = compound_orders(pages, np.flatnonzero(compound))
    order[tail] = TAIL

    inside = tail & (head >= 0) & (head < count)
    target = head[inside]
    # A head that is no head leads nowhere: its tails stay unknown, and verify.py reports them.
    kind[inside] = np.where(compound[target], kind[target], np.uint8(Page.UNKNOWN))
    outside = np.flatnonzero(tail & ~inside)
    if len(outside):
        kind[outside] = Page.UNKNOWN
        if elsewhere is not None:
            wanted, which = np.unique(head[outside] + pages.first, return_inverse=True)
            kinds, orders = elsewhere(wanted)
            kind[outside] = np.where(orders != TAIL, kinds, np.uint8(Page.UNKNOWN))[which]
        head[outside] = -1
    _free_blocks(pages, kind, order, head)
    kind[~pages.there] = Page.UNKNOWN
    order[~pages.there] = 0
    return Decoded(kind, order, head)


def heads(pages: Descriptors) -> Frames:
    """Return the place of the head of each page's compound block, counted from the first of `pages`.

    A page that is no tail is its own head. The place can lie outside of `pages`, or anywhere when the
    descriptor is damaged. Source: _compound_head() and page_fixed_fake_head(), include/linux/page-flags.h.
    """
    form, count = pages.form, len(pages)
    word = pages.column(form.head).astype(np.uint64)
    places = np.arange(count, dtype=np.int64)
    tail = (word & np.uint64(1)) != 0
    at = word[tail] & ~np.uint64(1)
    base, size = np.uint64(pages.vmemmap), np.uint64(form.size)
    if form.head_name.endswith("compound_info"):
        # A mask rather than a pointer, where descriptors are a power of two in size (8c846c879e22, 7.1).
        own = (places[tail] + pages.first).astype(np.uint64) * size
        # The memory map lies lower than anything that a mask can look like.
        masked = (at >> np.uint64(40)) == np.uint64(0xFF_FFFF)
        at = np.where(masked, (own & at) + base, at)
    head = places.copy()
    head[tail] = ((at - base) // size).astype(np.int64) - pages.first
    # The descriptors of a hugetlb page may be mapped over and over to those of its first ones: what looks like
    # a head there, the next descriptor says is a tail of another.
    fake = np.flatnonzero(flag(pages, "head")[:-1] & ~tail[:-1] & tail[1:])
    wrong = fake[head[fake + 1] < fake]
    head[wrong] = head[wrong + 1]
    return head


def compound_orders(pages: Descriptors, at: Frames) -> Codes:
    """Return the orders of the compound blocks that start at the places `at`."""
    word = pages.form.order
    column = pages.column(word)
    following = np.minimum(at + word.page, len(pages) - 1)
    orders: Codes = (column[following] & np.uint8(word.mask)).astype(np.uint8)
    return orders


def _own_kind(pages: Descriptors, tail: Mask) -> Codes:
    """Return what each descriptor says by itself: for lone pages and heads; tails are overwritten later."""
    form = pages.form
    kind = np.zeros(len(pages), np.uint8)
    mapping = pages.column(form.mapping).astype(np.uint64)
    kinds_of_mapping = mapping & np.uint64(3)
    pointer = (mapping >> np.uint64(56)) == np.uint64(0xFF)
    lru = flag(pages, "lru")
    backed = flag(pages, "swapbacked")
    cached = pointer & (kinds_of_mapping == 0)
    kind[(cached | lru) & ~backed] = Page.FILE
    kind[(cached | lru) & backed] = Page.SHMEM
    # The flag is read only of what is backed by swap: elsewhere its bit means something else.
    kind[backed & flag(pages, "swapcache") & ~pointer] = Page.SWAPCACHE
    kind[pointer & (kinds_of_mapping == _ANON)] = Page.ANON
    kind[pointer & (kinds_of_mapping == _KSM)] = Page.KSM
    kind[pointer & (kinds_of_mapping == _MOVABLE)] = Page.MOVABLE
    if form.pool is not None:
        magic = pages.column(form.pool).astype(np.uint64)
        kind[(magic & ~np.uint64(3)) == np.uint64(PP_SIGNATURE)] = Page.NET
    if form.hugetlb is not None:
        word, value = form.hugetlb
        column = pages.column(word)
        mask = column.dtype.type(word.mask)
        at = np.flatnonzero(flag(pages, "head") & ~tail)
        at = at[at + word.page < len(pages)]
        kind[at[(column[at + word.page] & mask) == column.dtype.type(value)]] = Page.HUGETLB
    # A type is the kernel's own word; it comes after what members suggest.
    types = pages.column(form.type).astype(np.uint32)
    kind[form.any_type(types)] = Page.UNKNOWN
    for name, code in KINDS.items():
        if name in form.types:
            kind[form.typed(name, types)] = code
    if "slab" not in form.types:
        kind[flag(pages, "slab")] = Page.SLAB
    kind[flag(pages, "reserved")] = Page.RESERVED
    if "hwpoison" in form.bits:
        kind[flag(pages, "hwpoison")] = Page.HWPOISON
    return kind


def _free_blocks(pages: Descriptors, kind: Codes, order: Codes, head: Frames) -> None:
    """Give all pages of a free block the kind of its first, whatever their own descriptors still say."""
    at = np.flatnonzero((kind == Page.FREE) & (order != TAIL))
    if not len(at):
        return
    given = pages.column(pages.form.private)[at].astype(np.uint64)
    orders = np.minimum(given, np.uint64(MOST_ORDER - 1)).astype(np.int64)
    frame = at + pages.first
    # An order that its place cannot have is damage: such a page counts alone.
    orders[(given >= MOST_ORDER) | (frame & ((np.int64(1) << orders) - 1) != 0)] = 0
    sizes = np.minimum(np.int64(1) << orders, len(kind) - at)
    block = np.repeat(at, sizes)
    within = np.arange(len(block)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    kind[block + within] = Page.FREE
    order[block + within] = TAIL
    head[block + within] = block
    order[at] = orders
    # A first page that lies inside another's block is damage too; the larger block was written over it.
    head[at] = at


def flag(pages: Descriptors, name: str) -> Mask:
    """Return which of the pages have the flag PG_`name` set; none when the kernel has no such flag."""
    bit = pages.form.bits.get(name)
    if bit is None:
        return np.zeros(len(pages), np.bool_)
    flags = pages.column(pages.form.flags).astype(np.uint64)
    found: Mask = (flags >> np.uint64(bit)) & np.uint64(1) != 0
    return found
