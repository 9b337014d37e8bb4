"""What a piece of memory is: kinds, sets of kinds, and what may be done with them.

A set of kinds is a bit set; inclusion is the order of the lattice, union the join. The empty set says
that nothing is known to arrive; it is not the same as `ANY`, which says that everything may.
"""

from dataclasses import dataclass
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

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the kinds in this set, in the order of their bits."""
        return tuple(NAMES[bit] for bit in BITS if self & bit)


BITS: tuple[Kind, ...] = tuple(Kind(1 << n) for n in range(32))
NAMES: dict[Kind, str] = {bit: (bit.name or "").lower().replace("_", "-") for bit in BITS}
BY_NAME: dict[str, Kind] = {name: bit for bit, name in NAMES.items()}
ANY = Kind((1 << 32) - 1)

ADDRESS_ONLY = Kind.VMALLOC | Kind.STACK | Kind.GLOBAL | Kind.USER | Kind.IO | Kind.PERCPU
"""Kinds that only an address can have: no struct page of the linear map stands behind it."""

STATES = Kind.UNREF | Kind.PTL
"""Bits that say how a page is held rather than what it is."""


@dataclass(frozen=True, slots=True)
class Capability:
    """Something that may be done with memory, and the kinds with which it may be done.

    Attributes: name: the word used in signatures. kinds: what may be handed in. says: completes the
    sentence "... accepts only". source: where the kernel says so.
    """

    name: str
    kinds: Kind
    says: str
    source: str


_REFCOUNTED = (
    Kind.FILE | Kind.ANON | Kind.TAIL | Kind.NET | Kind.DRIVER | Kind.BLOCK | Kind.FRAG | Kind.DEVICE
    | Kind.HUGETLB | Kind.MOVABLE | Kind.RESERVED | Kind.EXACT | Kind.COHERENT | Kind.ZERO | Kind.PTL
    | Kind.ZSMALLOC
)  # fmt: skip
_MAPPABLE = (
    Kind.FILE | Kind.ANON | Kind.TAIL | Kind.NET | Kind.DRIVER | Kind.BLOCK | Kind.EXACT | Kind.FRAG
    | Kind.DEVICE | Kind.HUGETLB | Kind.RESERVED | Kind.ZERO | Kind.NONCOMP
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
            "sendable", _REFCOUNTED & ~Kind.NONCOMP, "pages that the network may take references on",
            "sendpage_ok(), include/linux/net.h",
        ),
        Capability(
            "mappable", _MAPPABLE, "pages that may be mapped to user space",
            "validate_page_before_insert(), mm/memory.c",
        ),
        Capability(
            "linear", ANY & ~ADDRESS_ONLY & ~Kind.COHERENT, "addresses of the kernel's linear map",
            "virt_addr_valid(); __virt_to_phys_nodebug(), arch/arm64/include/asm/memory.h",
        ),
        Capability(
            "lockable",
            (_REFCOUNTED & ~Kind.TAIL) | Kind.UNREF, "the head page of a folio",
            "folio_lock(), include/linux/pagemap.h: PG_locked is a flag of the head",
        ),
        Capability(
            "folio", Kind.FILE | Kind.ANON | Kind.DEVICE | Kind.HUGETLB | Kind.PTL | Kind.ZERO,
            "the page cache or anonymous memory", "struct folio, include/linux/mm_types.h",
        ),
    )
}  # fmt: skip
