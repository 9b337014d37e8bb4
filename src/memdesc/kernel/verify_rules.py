"""What must hold of a page descriptor of each kind: rules as data, each with the question that finds its breach.

A rule gets a `Window` of neighbouring descriptors and returns which of them break it. A rule holds on every
healthy kernel whose layout it applies to; what a layout leaves open is no rule for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from memdesc.kernel.decode import PP_SIGNATURE, Decoded, Descriptors, flag
from memdesc.kernel.pointers import Pointers
from memdesc.kernel.population import TAIL, Codes, Page
from memdesc.kernel.slabs import Caches
from memdesc.kernel.struct_page import StructPage
from memdesc.kernel.zones import Zones

Mask = NDArray[np.bool_]
Numbers = NDArray[np.uint64]

LARGEST_ORDER = 30
"""No compound block is larger: a gigantic page of 16 GiB on any architecture has order 22."""
_FOLIOS = (Page.FILE, Page.ANON, Page.SHMEM, Page.KSM)
_AT_FREE = (
    "locked", "writeback", "lru", "active", "slab", "private", "private_2", "head", "unevictable", "mlocked",
    "reserved",
)  # fmt: skip
"""Flags that no free page has. Source: PAGE_FLAGS_CHECK_AT_FREE, include/linux/page-flags.h."""


@dataclass(frozen=True)
class Window:
    """Descriptors with all that rules ask of them. claimed: per page the kind its holder gives it, 0 for none."""

    pages: Descriptors
    decoded: Decoded
    claimed: Codes
    twice: Mask
    caches: Caches
    zones: Zones | None
    pointers: Pointers

    @property
    def form(self) -> StructPage:
        """Where members lie."""
        return self.pages.form

    def kind(self, *kinds: Page) -> Mask:
        """Return which pages are of one of these kinds."""
        return np.isin(self.decoded.kind, kinds)

    @cached_property
    def head(self) -> Mask:
        """Which pages begin a block: all but tails."""
        found: Mask = self.decoded.order != TAIL
        return found

    @cached_property
    def tail(self) -> Mask:
        """Which descriptors say of themselves that they are a compound tail."""
        found: Mask = self.word("head") & np.uint64(1) != 0
        return found

    @cached_property
    def mapping(self) -> Numbers:
        """The word mapping."""
        return self.word("mapping")

    @cached_property
    def types(self) -> NDArray[np.uint32]:
        """The word page_type, which is _mapcount of pages without a type."""
        return self.pages.column(self.form.type).astype(np.uint32)

    @cached_property
    def refcount(self) -> NDArray[np.int32]:
        """The count of references."""
        return self.pages.column(self.form.refcount).astype(np.int32)

    @cached_property
    def mapcount(self) -> NDArray[np.int32]:
        """The word _mapcount as it stands: -1 for a page that is not mapped."""
        return self.pages.column(self.form.mapcount).astype(np.int32)

    @cached_property
    def free_order(self) -> NDArray[np.int64]:
        """The order in each descriptor taken as that of a free block, -1 where no such block can begin."""
        order = self.word("private")
        frame = (np.arange(len(self.pages)) + self.pages.first).astype(np.uint64)
        most = np.uint64(self.pointers.most_order)
        fits = (order <= most) & (frame & ((np.uint64(1) << np.minimum(order, most)) - np.uint64(1)) == 0)
        found: NDArray[np.int64] = np.where(fits, order.view(np.int64), np.int64(-1))
        return found

    def flag(self, name: str) -> Mask:
        """Return which pages have the flag PG_`name`."""
        return flag(self.pages, name)

    def slab(self, path: str) -> NDArray[np.int64] | None:
        """Return a member of struct slab for each page, None when the kernel has no such member."""
        return self.pointers.member(self.pages, "slab", path)

    def word(self, name: str) -> Numbers:
        """Return the 64-bit number that the form calls `name`."""
        return self.pages.column(getattr(self.form, name)).astype(np.uint64)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. says: what must hold, and does not. source: where the kernel promises it. find: which pages
    break it. applies: whether the kernel's layout makes it a rule."""

    name: str
    says: str
    source: str
    find: Callable[[Window], Mask]
    applies: Callable[[Window], bool] = lambda _window: True


def _pointer(words: Numbers) -> Mask:
    found: Mask = (words >> np.uint64(56)) == np.uint64(0xFF)
    return found


def _tail_head(w: Window) -> Mask:
    """Tails whose head is not a head, or does not reach them."""
    out = np.zeros(len(w.pages), np.bool_)
    at = np.flatnonzero(w.tail & (w.decoded.kind != Page.FREE))
    if not len(at):
        return out
    place = w.decoded.head[at]
    inside = place >= 0
    near = np.maximum(place, 0)
    reach = np.int64(1) << np.minimum(w.decoded.order[near], 62).astype(np.int64)
    heads = (w.flag("head") & ~w.tail)[near]
    bad = inside & ~(heads & (at > near) & (at < near + reach))
    # A head outside of the window is that of a gigantic block; decode() has asked it what it is.
    bad |= ~inside & (w.decoded.kind[at] == Page.UNKNOWN)
    if not w.form.head_name.endswith("compound_info"):
        pointer = w.word("head")[at] - np.uint64(w.pages.vmemmap + 1)
        bad |= pointer % np.uint64(w.form.size) != 0
    out[at] = bad
    return out


def _head_tails(w: Window) -> Mask:
    """Heads of compound blocks that some page in their range does not know as its head."""
    out = np.zeros(len(w.pages), np.bool_)
    at = np.flatnonzero(w.flag("head") & ~w.tail & w.head & (w.decoded.kind != Page.FREE))
    if not len(at):
        return out
    orders = w.decoded.order[at].astype(np.int64)
    wild = (orders == 0) | (orders > LARGEST_ORDER)
    out[at[wild]] = True
    at, orders = at[~wild], orders[~wild]
    ends = np.minimum(at + (np.int64(1) << orders), len(w.pages))
    known = np.bincount(w.decoded.head[w.tail & (w.decoded.head >= 0)], minlength=len(w.pages))
    out[at] |= known[at] < ends - at - 1
    return out


def _own_mapcount(w: Window) -> Mask:
    """Pages without a type whose count of mappings is below -1."""
    plain = ~w.form.any_type(w.types) & (w.types != np.uint32(0xFFFF_FFFF))
    negative = w.mapcount < -1
    if "slab" not in w.form.types:  # slabs of such kernels keep something of their own there
        plain &= ~w.kind(Page.SLAB)
    found: Mask = plain & negative & w.pages.there
    return found


def _unknown_type(w: Window) -> Mask:
    """Types that the kernel does not have."""
    known = np.zeros(len(w.pages), np.bool_)
    for name in w.form.types:
        known |= w.form.typed(name, w.types)
    return w.form.any_type(w.types) & ~known & ~_slab_words(w)


def _slab_words(w: Window) -> Mask:
    return w.kind(Page.SLAB) if "slab" not in w.form.types else np.zeros(len(w.pages), np.bool_)


def _negative_refcount(w: Window) -> Mask:
    return w.refcount < 0


def _free_refcount(w: Window) -> Mask:
    found: Mask = w.kind(Page.FREE) & (w.refcount != 0)
    return found


def _tail_refcount(w: Window) -> Mask:
    found: Mask = w.tail & ~w.kind(Page.FREE, Page.RESERVED) & (w.refcount != 0)
    return found


def _unreferenced(w: Window) -> Mask:
    """Folios in use that nobody holds."""
    lone = w.kind(*_FOLIOS) & w.head
    found: Mask = lone & (w.refcount == 0)
    return found


def _mapped_more(w: Window) -> Mask:
    """Order-0 folios that are mapped more often than they are referenced: each mapping holds a reference."""
    lone = w.kind(*_FOLIOS) & (w.decoded.order == 0)
    found: Mask = (
        lone & ~w.form.any_type(w.types) & (w.mapcount + np.int32(1) > w.refcount) & (w.mapcount > -1)
    )
    return found


def _free_flags(w: Window) -> Mask:
    out = np.zeros(len(w.pages), np.bool_)
    for name in _AT_FREE:
        out |= w.flag(name)
    return out & w.kind(Page.FREE)


def _free_order(w: Window) -> Mask:
    """First pages of free blocks whose order is none that their place can have."""
    marked = w.form.typed("buddy", w.types) & ~w.tail
    found: Mask = marked & (w.free_order < 0)
    return found


def _free_inside(w: Window) -> Mask:
    """Free blocks that begin inside of another free block."""
    marked = np.flatnonzero(w.form.typed("buddy", w.types))
    out = np.zeros(len(w.pages), np.bool_)
    if len(marked) < 2:
        return out
    # A block whose order cannot be is a block of one page here: what it reaches over is not known.
    reach = np.maximum.accumulate(marked + (np.int64(1) << np.maximum(w.free_order[marked], 0)))
    out[marked[1:]] = marked[1:] < reach[:-1]
    return out


def _held_elsewhere(w: Window) -> Mask:
    """Pages that a holder has although their descriptor says that they are something else."""
    own = w.decoded.kind
    bare = (Page.UNKNOWN, Page.RESERVED, Page.ABSENT)
    tables = (w.claimed == Page.TABLE) & (own == Page.TABLE)
    zero = (w.claimed == Page.ZERO) & np.isin(own, (Page.ZERO, Page.RESERVED, Page.ANON, Page.UNKNOWN))
    # Deferred I/O of frame buffers writes mapping into pages of vmalloc: fb_deferred_io_fault().
    lent = (w.claimed == Page.VMALLOC) & np.isin(own, (Page.FILE, Page.SHMEM)) & ~w.flag("lru")
    found: Mask = (w.claimed != 0) & ~np.isin(own, bare) & ~tables & ~zero & ~lent
    return found


def _two_holders(w: Window) -> Mask:
    return w.twice


def _slab_cache(w: Window) -> Mask:
    """Slabs of a cache that there is not."""
    slabs = w.kind(Page.SLAB) & w.head
    found = w.caches.column(w.pages, slabs)
    return slabs & (found < 0)


def _slab_counts(w: Window) -> Mask:
    """Slabs with more objects in use than they have, or more than fit."""
    inuse, objects = w.slab("inuse"), w.slab("objects")
    slabs = w.kind(Page.SLAB) & w.head
    if inuse is None or objects is None:
        return np.zeros(len(w.pages), np.bool_)
    place = w.caches.column(w.pages, slabs)
    sizes = np.array([each.object_bytes for each in w.caches.rows] or [1], np.int64)
    room = np.int64(4096) << np.minimum(w.decoded.order, 20).astype(np.int64)
    full = (place >= 0) & (objects * sizes[np.maximum(place, 0)] > room)
    found: Mask = slabs & ((inuse > objects) | (objects == 0) | full)
    return found


def _slab_mapping(w: Window) -> Mask:
    """Slabs whose mapping says anonymous, movable or KSM."""
    found: Mask = w.kind(Page.SLAB) & w.head & (w.mapping & np.uint64(3) != 0)
    return found


def _file_mapping(w: Window) -> Mask:
    """Page cache whose mapping is no address_space."""
    at = w.kind(Page.FILE, Page.SHMEM) & w.head & _pointer(w.mapping)
    return w.pointers.bad(w.mapping, at, "address_space")


def _anon_mapping(w: Window) -> Mask:
    """Anonymous pages whose mapping is no anon_vma."""
    # Of a page that nobody maps any more the anon_vma may be gone; mapping is not cleared.
    at = w.kind(Page.ANON) & (w.decoded.order == 0) & (w.mapcount >= 0)
    return w.pointers.bad(w.mapping & ~np.uint64(3), at, "anon_vma")


def _net_signature(w: Window) -> Mask:
    """Pages that belong to a pool by pointer or by type, and do not carry its signature."""
    word = w.form.pool
    pool = w.pointers.pools(w.pages)
    if word is None or pool is None:
        return np.zeros(len(w.pages), np.bool_)
    signed = (w.pages.column(word).astype(np.uint64) & ~np.uint64(3)) == np.uint64(PP_SIGNATURE)
    bare = np.isin(w.decoded.kind, (Page.UNKNOWN, Page.NET)) & ~w.tail & (w.claimed == 0)
    found: Mask = (bare & ~signed & pool & (w.refcount > 0)) | (w.form.typed("netpp", w.types) & ~signed)
    return found


def _net_pool(w: Window) -> Mask:
    """Pages with the signature of a pool whose pointer to it leads nowhere."""
    member = w.pointers.member(w.pages, "page", "pp")
    at = w.kind(Page.NET)
    if member is None:
        return np.zeros(len(w.pages), np.bool_)
    return w.pointers.bad(member.view(np.uint64), at, "page_pool")


def _table_unreferenced(w: Window) -> Mask:
    """Page tables that nobody holds, or that could be reclaimed."""
    tables = w.kind(Page.TABLE) & ~w.tail
    without = tables & (w.refcount < 1)
    # Kernels that freeze their page tables count no references of any.
    frozen = without.sum() * 2 > tables.sum()
    found: Mask = tables & w.flag("lru") | (without & ~frozen)
    return found


def _zone_of_page(w: Window) -> Mask:
    """Pages whose flags name a zone that does not span them."""
    if w.zones is None or not w.zones.rows:
        return np.zeros(len(w.pages), np.bool_)
    place = w.zones.column(w.pages)
    frame = np.arange(len(w.pages)) + w.pages.first
    first = np.array([*(zone.first for zone in w.zones.rows), 0])
    end = np.array([*(zone.end for zone in w.zones.rows), 0])
    index = np.minimum(place, len(w.zones.rows))
    return (
        ~w.kind(Page.RESERVED, Page.ABSENT) & ((frame < first[index]) | (frame >= end[index])) & w.pages.there
    )


RULES: tuple[Rule, ...] = (
    Rule("tail-head", "the head that a tail page names is a head, and its block reaches the tail",
         "compound_head(), prep_compound_page()", _tail_head),
    Rule("head-tails", "every page behind the head of a compound block is its tail, and its order is possible",
         "prep_compound_page(), mm/page_alloc.c", _head_tails),
    Rule("mapcount-under", "_mapcount of a page without a type is at least -1",
         "page_mapcount(), include/linux/mm.h; bad_page() says 'nonzero mapcount'", _own_mapcount),
    Rule("type-unknown", "page_type holds a type that this kernel has",
         "enum pagetype, include/linux/page-flags.h", _unknown_type),
    Rule("refcount-negative", "_refcount is not negative", "put_page_testzero(), include/linux/mm.h",
         _negative_refcount),
    Rule("free-refcount", "a free page has no references", "check_new_pages(), mm/page_alloc.c", _free_refcount),
    Rule("tail-refcount", "a tail page has no references of its own", "prep_compound_tail(), mm/internal.h",
         _tail_refcount),
    Rule("folio-unreferenced", "a folio in use has a reference", "folio_get(), include/linux/mm.h", _unreferenced),
    Rule("mapped-beyond-references", "a page is mapped at most as often as it is referenced",
         "folio_expected_ref_count(), include/linux/mm.h", _mapped_more),
    Rule("free-flags", "a free page has none of the flags of pages in use",
         "PAGE_FLAGS_CHECK_AT_FREE, include/linux/page-flags.h", _free_flags),
    Rule("free-order", "a free block has an order that there is, and lies at a multiple of its size",
         "__free_one_page(), mm/page_alloc.c", _free_order),
    Rule("free-inside-free", "no free block begins inside of another", "__free_one_page(), mm/page_alloc.c",
         _free_inside),
    Rule("held-by-another", "a page that vmalloc, a stack, a page table or a CPU's free list has is nothing else",
         "mm/vmalloc.c, kernel/fork.c, mm/percpu.c, free_unref_page()", _held_elsewhere),
    Rule("two-holders", "a page has one holder", "as above", _two_holders),
    Rule("slab-cache", "slab_cache of a slab is a cache in the list of caches", "slab_caches, mm/slab_common.c",
         _slab_cache, lambda w: bool(w.caches.rows)),
    Rule("slab-counts", "a slab has at most as many objects in use as it has, and no more than fit into it",
         "struct slab, mm/slab.h; check_slab(), mm/slub.c", _slab_counts),
    Rule("slab-mapping", "mapping of a slab holds an aligned pointer: it cannot say anonymous or KSM",
         "struct slab, mm/slab.h, where slab_cache lies over mapping", _slab_mapping,
         lambda w: w.pointers.over_mapping("slab", "slab_cache")),
    Rule("file-mapping", "mapping of page cache is an address_space with an inode",
         "struct address_space, include/linux/fs.h", _file_mapping),
    Rule("anon-mapping", "mapping of an anonymous page that is mapped is an anon_vma in use",
         "struct anon_vma, include/linux/rmap.h", _anon_mapping),
    Rule("net-signature", "a page of a pool carries the pool's signature", "PP_SIGNATURE, include/linux/poison.h",
         _net_signature),
    Rule("net-pool", "a page with the signature of a pool points to a pool",
         "page_pool_set_pp_info(), net/core/page_pool.c", _net_pool),
    Rule("table-in-use", "a page table has a reference and is on no list of pages to reclaim",
         "pagetable_pte_ctor(), include/linux/mm.h", _table_unreferenced),
    Rule("zone-of-page", "a page lies in the zone that its flags name", "page_zone(), include/linux/mm.h",
         _zone_of_page),
)  # fmt: skip
