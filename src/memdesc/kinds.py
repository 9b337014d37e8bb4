"""What a piece of memory is: kinds, sets of kinds, and what may be done with them.

A set of kinds is a bit set; inclusion is the order of the lattice, union the join. The empty set says
that nothing is known to arrive; it is not the same as `ANY`, which says that everything may.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntFlag


class Kind(IntFlag):
    """One bit a kind; a value with several bits is a set of kinds."""

    NONE = 0
    FILE = 1 << 0  # page cache
    ANON = 1 << 1  # anonymous memory
    TAIL = 1 << 2  # second or later page of a compound block, or one that may be
    SLAB = 1 << 3  # kmalloc(), kmem_cache_alloc() and the pages behind them
    LARGE = 1 << 4  # kmalloc() beyond the caches: pages of the buddy, freed with kfree()
    NET = 1 << 5  # page of a page_pool
    TABLE = 1 << 6  # constructed page table page
    ZSMALLOC = 1 << 7  # page or object of zsmalloc
    VMALLOC = 1 << 8  # address in vmalloc() or vmap() space
    DRIVER = 1 << 9  # bare page of alloc_pages() or __get_free_pages()
    BLOCK = 1 << 10  # first page of an order > 0 block without __GFP_COMP
    NONCOMP = 1 << 11  # later page of such a block: no reference count of its own
    EXACT = 1 << 12  # alloc_pages_exact()
    FRAG = 1 << 13  # piece of a page_frag or napi fragment
    DEVICE = 1 << 14  # ZONE_DEVICE
    FREE = 1 << 15  # in the buddy allocator
    RESERVED = 1 << 16  # handed out before the page allocator was up, or PageReserved
    OFFLINE = 1 << 17
    GUARD = 1 << 18
    MOVABLE = 1 << 19  # balloon and other movable_ops pages
    HUGETLB = 1 << 20
    PERCPU = 1 << 21
    COHERENT = 1 << 22  # dma_alloc_coherent(): in the linear map or not
    IO = 1 << 23  # ioremap()ed
    STACK = 1 << 24  # local variable; vmalloc space with VMAP_STACK
    GLOBAL = 1 << 25  # object or function of the kernel or module image
    USER = 1 << 26  # user space address
    UNREF = 1 << 27  # page on which no reference is held
    PTL = 1 << 28  # page kept only by a page table lock that is held
    IOMMU = 1 << 29  # iommu_alloc_pages()
    ZERO = 1 << 30  # the zero page
    UNTYPED_TABLE = 1 << 31  # pagetable_alloc() before its constructor, or after its destructor
    MANAGED = 1 << 32  # memory that a device frees when it goes (devm_kmalloc()), besides what it is
    COMPOUND = 1 << 33  # first page of an order > 0 block with __GFP_COMP, besides what it is
    KMAP = 1 << 34  # address of kmap() and its kin for a page that may lie in high memory
    INSTALLED_TABLE = 1 << 35  # page table found by a walk, made by whoever installed it: constructed or not
    PINNED = 1 << 36  # page of pin_user_pages(), which unpin_user_page() gives back, besides what it is

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the kinds in this set, in the order of their bits."""
        return tuple(NAMES[bit] for bit in BITS if self & bit)


BITS: tuple[Kind, ...] = tuple(Kind(1 << n) for n in range(37))
"""All kinds. Arrays of sets have 64 bits an element."""
NAMES: dict[Kind, str] = {bit: (bit.name or "").lower().replace("_", "-") for bit in BITS}
BY_NAME: dict[str, Kind] = {name: bit for bit, name in NAMES.items()}
ANY = Kind((1 << len(BITS)) - 1)

ADDRESS_ONLY = Kind.VMALLOC | Kind.STACK | Kind.GLOBAL | Kind.USER | Kind.IO | Kind.PERCPU | Kind.KMAP
"""Kinds that only an address can have: no struct page of the linear map stands behind it."""

STATES = Kind.UNREF | Kind.PTL
"""Bits that say how a page is held rather than what it is."""

BESIDE = Kind.MANAGED | Kind.COMPOUND | Kind.PINNED
"""Bits that say whose memory is, where in a block it lies or how it is held, beside a bit that says what it is."""


def beside(action: str) -> Kind:
    """Return the bits beside what memory is that a list of kinds accepts, for a demand of this action."""
    return Kind.COMPOUND | Kind.PINNED if action == "free" else BESIDE


@dataclass(frozen=True, slots=True)
class Capability:
    """Something that may be done with memory, and the kinds with which it may be done.

    Attributes: name: the word used in signatures. kinds: what may be handed in, as far as no layout has to
    be asked. says: completes the sentence "... accepts only". source: where the kernel says so. layout: what
    else a kind must be by the layout of struct page (a name in `Layout.lacks`), empty when nothing.
    """

    name: str
    kinds: Kind
    says: str
    source: str
    layout: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the layout of a kernel's struct page decides about kinds of memory.

    Attributes: name: what it was read from. lacks: capability of the layout ("mappable", "on the LRU"), or
    "->WORD" for a word of struct page, -> the kinds that do not have it, or keep something else in that
    word. told: kinds that it knows anything of; others lack nothing.
    """

    name: str = ""
    lacks: Mapping[str, Kind] = field(default_factory=dict)
    told: Kind = Kind.NONE


_NO_PAGE = Kind.FREE | Kind.OFFLINE | Kind.GUARD
_TYPED = Kind.LARGE | Kind.TABLE | Kind.ZSMALLOC
_REFCOUNTED = ANY & ~(Kind.SLAB | Kind.LARGE | Kind.NONCOMP | Kind.UNREF | ADDRESS_ONLY | _NO_PAGE)
_SOME_TABLE = Kind.TABLE | Kind.INSTALLED_TABLE
_PUTTABLE = (_REFCOUNTED | Kind.UNREF) & ~(Kind.NET | Kind.TABLE | Kind.UNTYPED_TABLE | Kind.IOMMU)
_SENDABLE = _REFCOUNTED & ~(_SOME_TABLE | Kind.UNTYPED_TABLE | Kind.IOMMU)
_LINEAR = ANY & ~ADDRESS_ONLY & ~(Kind.COHERENT | Kind.ZSMALLOC)
_MAPPABLE = ANY & ~(Kind.LARGE | Kind.UNTYPED_TABLE | Kind.STACK | Kind.USER)
"""Besides what the layout decides: kfree() asks nobody who maps the memory, a table is about to get its type."""
_FOLIO = (
    Kind.FILE | Kind.ANON | Kind.DEVICE | Kind.HUGETLB | Kind.ZERO | Kind.MOVABLE | STATES
)  # fmt: skip
_DESCRIBED = (
    Kind.FILE | Kind.ANON | Kind.TAIL | Kind.SLAB | Kind.LARGE | Kind.NET | Kind.TABLE | Kind.ZSMALLOC
    | Kind.DEVICE | Kind.HUGETLB | Kind.MOVABLE | Kind.UNTYPED_TABLE
)  # fmt: skip

CAPABILITIES: dict[str, Capability] = {
    c.name: c
    for c in (
        Capability("any", ANY, "memory of any kind", "-"),
        Capability(
            "refcounted", _REFCOUNTED, "pages that count references",
            "get_page(), include/linux/mm.h; slab pages are frozen since 9aec2fb0fd5e (6.14)",
        ),
        Capability(
            "puttable", _PUTTABLE, "pages whose last reference gives them back to the page allocator",
            "put_page(), include/linux/mm.h; page_pool_put_page() for pages of a pool",
        ),
        Capability(
            "unpinned", ANY & ~Kind.PINNED, "pages that were not pinned by pin_user_pages()",
            "unpin_user_page(), mm/gup.c; Documentation/core-api/pin_user_pages.rst",
        ),
        Capability(
            "sendable", _SENDABLE, "pages that the network may take references on",
            "sendpage_ok(), include/linux/net.h",
        ),
        Capability(
            "spliceable", _SENDABLE, "pages that a pipe or a socket may take references on",
            "sendpage_ok(), include/linux/net.h; struct pipe_buf_operations, include/linux/pipe_fs_i.h",
        ),
        Capability(
            "unpooled", ANY & ~Kind.NET, "pages that do not belong to a page_pool",
            "skb_mark_for_recycle(), include/linux/skbuff.h",
        ),
        Capability(
            "mappable", _MAPPABLE, "pages that may be mapped to user space",
            "validate_page_before_insert(), mm/memory.c", layout="mappable",
        ),
        Capability(
            "insertable", _MAPPABLE & ~(Kind.ANON | Kind.NONCOMP),
            "pages that a driver may insert into a user mapping",
            "validate_page_before_insert(), mm/memory.c", layout="mappable",
        ),
        Capability(
            "rmappable", _MAPPABLE, "pages with a map count",
            "folio_add_file_rmap_ptes(), mm/rmap.c", layout="mappable",
        ),
        Capability(
            "linear", _LINEAR, "addresses of the kernel's linear map",
            "virt_addr_valid(); __virt_to_phys_nodebug(), arch/arm64/include/asm/memory.h",
        ),
        Capability(
            "dma", _LINEAR, "addresses of the linear map that a device may be given",
            "dma_map_single_attrs(), include/linux/dma-mapping.h; Documentation/core-api/dma-api-howto.rst",
        ),
        Capability(
            "usb-buffer", _LINEAR | Kind.COHERENT, "buffers that a USB controller may be given",
            "usb_hcd_map_urb_for_dma(), drivers/usb/core/hcd.c",
        ),
        Capability(
            "dma-safe", ANY & ~(Kind.STACK | Kind.GLOBAL | Kind.USER | Kind.IO | Kind.PERCPU),
            "buffers that are safe for DMA", "Documentation/core-api/dma-api-howto.rst",
        ),
        Capability(
            "dma-sent", ANY & ~(Kind.STACK | Kind.GLOBAL | Kind.USER | Kind.IO | Kind.PERCPU),
            "buffers that are safe for DMA", "include/linux/spi/spi.h; the device only reads them",
        ),
        Capability(
            "packet-buffer", _LINEAR & ~(Kind.SLAB | Kind.LARGE), "buffers cut from pages",
            "__build_skb(), net/core/skbuff.c; slab memory has slab_build_skb() since ce098da1497c (6.2)",
        ),
        Capability(
            "vmalloced", Kind.VMALLOC | Kind.IO | Kind.COHERENT | Kind.STACK | Kind.GLOBAL | Kind.PERCPU,
            "addresses of the vmalloc() space", "vmalloc_to_page(), mm/vmalloc.c",
        ),
        Capability(
            "lockable", _REFCOUNTED & ~(Kind.TAIL | Kind.TABLE | Kind.UNTYPED_TABLE | Kind.IOMMU),
            "the head page of a folio",
            "folio_lock(), include/linux/pagemap.h: PG_locked is a flag of the head",
        ),
        Capability(
            "untailed", ANY & ~(Kind.TAIL | Kind.SLAB | Kind.TABLE | ADDRESS_ONLY),
            "the head page of a folio",
            "PF_NO_TAIL() and PF_HEAD() in include/linux/page-flags.h",
        ),
        Capability(
            "head", ANY & ~Kind.TAIL, "the first page of a compound block",
            "VM_BUG_ON_PAGE(PageTail(page), page) in the callee",
        ),
        Capability(
            "flagged",
            ANY & ~(_TYPED | Kind.UNTYPED_TABLE | Kind.IOMMU | Kind.SLAB | Kind.NONCOMP | ADDRESS_ONLY | _NO_PAGE)
            | Kind.ZSMALLOC,
            "pages that may carry the flags of a folio", "include/linux/page-flags.h: PG_locked, PG_dirty, ...",
        ),
        Capability(
            "stable", ANY & ~Kind.UNREF, "pages on which a reference is held",
            "folio_wait_writeback(), mm/page-writeback.c, sleeps on a folio that must not go away",
        ),
        Capability(
            "folio", _FOLIO, "the page cache or anonymous memory", "struct folio, include/linux/mm_types.h",
        ),
        Capability(
            "cached", ANY & ~(_TYPED | Kind.UNTYPED_TABLE | ADDRESS_ONLY | _NO_PAGE),
            "memory whose ->mapping is that of a folio, or NULL",
            "struct folio, include/linux/mm_types.h", layout="->mapping",
        ),
        Capability(
            "lru-listed", ANY & ~(Kind.LARGE | Kind.UNTYPED_TABLE | ADDRESS_ONLY),
            "folios that the LRU lists hold", "folio_add_lru(), mm/swap.c", layout="on the LRU",
        ),
        Capability(
            "pooled", Kind.NET | STATES, "pages of a page_pool",
            "page_pool_put_unrefed_page(), net/core/page_pool.c",
        ),
        Capability(
            "constructed", _SOME_TABLE | Kind.SLAB | Kind.RESERVED | Kind.GLOBAL | Kind.ZERO | STATES,
            "page table pages that went through their constructor",
            "pagetable_pte_ctor(), include/linux/mm.h; arch/*/include/asm/pgalloc.h",
        ),
        Capability(
            "slab-object", Kind.SLAB | Kind.INSTALLED_TABLE, "objects of a slab cache",
            "kmem_cache_free(), mm/slub.c",
        ),
        Capability(
            "any-slab", Kind.SLAB | Kind.LARGE | STATES, "memory of kmalloc() or of a slab cache",
            "virt_to_slab(), mm/slab.h",
        ),
        Capability(
            "any-table", _SOME_TABLE | Kind.UNTYPED_TABLE | Kind.DRIVER | Kind.RESERVED | Kind.GLOBAL | STATES,
            "page table pages", "struct ptdesc, include/linux/mm_types.h",
        ),
        Capability(
            "any-zsmalloc", Kind.ZSMALLOC | Kind.DRIVER | Kind.MOVABLE | STATES, "pages of zsmalloc",
            "struct zpdesc, mm/zpdesc.h",
        ),
        Capability(
            "page-memory", Kind.DRIVER | Kind.BLOCK | Kind.INSTALLED_TABLE | STATES,
            "memory of alloc_pages() and __get_free_pages()", "__free_pages(), mm/page_alloc.c",
        ),
        Capability(
            "contig-memory", Kind.DRIVER | Kind.BLOCK | Kind.NONCOMP | Kind.HUGETLB | STATES,
            "memory of alloc_contig_range() or of a CMA area", "free_contig_range(), mm/page_alloc.c",
        ),
        Capability(
            "exact-memory", Kind.EXACT, "memory of alloc_pages_exact()",
            "free_pages_exact(), mm/page_alloc.c",
        ),
        Capability(
            "frag-memory",
            Kind.FRAG | Kind.DRIVER | Kind.BLOCK | Kind.EXACT | Kind.TAIL | Kind.RESERVED | STATES,
            "fragments of pages", "page_frag_free(), mm/page_frag_cache.c: drops a reference on the page",
        ),
        Capability(
            "kmalloc-memory", Kind.SLAB | Kind.LARGE, "memory of kmalloc() and its kin", "kfree(), mm/slub.c",
        ),
        Capability(
            "kmalloc-or-constant", Kind.SLAB | Kind.LARGE | Kind.GLOBAL,
            "memory of kmalloc() or of read-only data", "kfree_const(), mm/util.c",
        ),
        Capability(
            "kvmalloc-memory", Kind.SLAB | Kind.LARGE | Kind.VMALLOC,
            "memory of kmalloc(), vmalloc() and kvmalloc()", "kvfree(), mm/util.c",
        ),
        Capability(
            "vmalloc-memory", Kind.VMALLOC, "memory of vmalloc() and vmap()", "vfree(), mm/vmalloc.c",
        ),
        Capability(
            "coherent-memory", Kind.COHERENT, "memory of dma_alloc_coherent() and its kin",
            "dma_free_attrs(), kernel/dma/mapping.c",
        ),
        Capability(
            "percpu-memory", Kind.PERCPU, "memory of alloc_percpu()", "free_percpu(), mm/percpu.c",
        ),
        Capability(
            "io-memory", Kind.IO, "mappings of ioremap()", "iounmap(), arch/*/mm/ioremap.c",
        ),
        Capability(
            "reserved-memory", Kind.RESERVED | Kind.INSTALLED_TABLE | STATES,
            "memory handed out before the page allocator was up",
            "free_reserved_page(), include/linux/mm.h; memblock_free(), mm/memblock.c",
        ),
        Capability(
            "iommu-memory", Kind.IOMMU, "pages of iommu_alloc_pages()",
            "iommu_free_pages(), drivers/iommu/iommu-pages.h",
        ),
        Capability(
            "untyped-memory", Kind.UNTYPED_TABLE | Kind.INSTALLED_TABLE | Kind.RESERVED | STATES,
            "memory of pagetable_alloc() whose destructor ran, or whose constructor did not",
            "pagetable_free(), include/linux/mm.h",
        ),
        Capability(
            "table-memory", _SOME_TABLE | Kind.SLAB | Kind.RESERVED | STATES,
            "page table pages that went through their constructor",
            "pte_free(), include/asm-generic/pgalloc.h",
        ),
        Capability(
            "kernel-table-memory", _SOME_TABLE | Kind.UNTYPED_TABLE | Kind.RESERVED | STATES,
            "page table pages of pagetable_alloc()", "pte_free_kernel(), include/asm-generic/pgalloc.h",
        ),
        Capability(
            "in-folio", (_FOLIO | Kind.TAIL) & ~Kind.MOVABLE, "pages that belong to a folio",
            "page_folio() is to return NULL for others: Wilcox, linux-mm, 9 Jan 2026",
        ),
        Capability(
            "bare", ANY & ~_DESCRIBED, "pages without a descriptor of their own",
            "compound_head() is to be a BUG() on others: Wilcox, linux-mm, 9 Jan 2026",
        ),
        Capability(
            "page-counted", ANY & ~(Kind.FILE | Kind.ANON | Kind.TAIL | Kind.HUGETLB | Kind.DEVICE),
            "pages whose reference count is in struct page",
            "the pages of a folio are to count 0: Wilcox, linux-mm, 9 Jan 2026",
        ),
        Capability(
            "described-count",
            _FOLIO | Kind.TAIL | Kind.NET | _SOME_TABLE | Kind.UNTYPED_TABLE | Kind.SLAB | Kind.LARGE
            | _NO_PAGE | ADDRESS_ONLY | Kind.NONCOMP | Kind.IOMMU,
            "pages whose descriptor counts references",
            "get_page() and put_page() are to refuse misc memory: kernelnewbies.org/MatthewWilcox/Memdescs",
        ),
        Capability(
            "folio-page", Kind.NONE, "nothing: struct folio is to contain no struct page",
            "kernelnewbies.org/MatthewWilcox/Memdescs: folio_page() and page_folio() alone are to stay",
        ),
        Capability(
            "raw-cast", Kind.NONE, "nothing: descriptors are to be memory of their own",
            "the converters in include/linux/page-flags.h, mm/slab.h, include/linux/mm_types.h",
        ),
        Capability(
            "flagless", Kind.NONE, "nothing: the flag is to live in struct folio alone",
            "which flags stay in page->flags: Wilcox, linux-mm, 9 Jan 2026",
        ),
    )
}  # fmt: skip
