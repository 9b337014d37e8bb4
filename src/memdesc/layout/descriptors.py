"""The descriptors that kernels and designs are known to have: declared data, found by presence.

BTF carries no comments, so what a kernel's struct is for is said here; a design's own comment
(`/* memdesc: kind=net, type=netpp */` at the struct) comes first.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of structs whose whole name matches `pattern`.

    Attributes: kinds: names of kinds (see memdesc.kinds). types: PGTY_ names without the prefix that mark
    such a page when the design's enum pagetype has them. must: capabilities without which the kind is of no
    use. frozen_by: an enumerator whose presence shows that pages of this kind no longer count references.
    cleared_by: what restores mapping and _mapcount before such a page is freed. standalone: it is cast to
    struct page without lying in the memory map. typed_by_macro: before enum pagetype such pages had a type
    too, by macros that the types do not show (PG_table, PG_buddy).
    """

    pattern: str
    kinds: tuple[str, ...]
    types: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    frozen_by: str = ""
    cleared_by: str = ""
    standalone: bool = False
    typed_by_macro: bool = False
    source: str = ""


ROWS: tuple[Row, ...] = (
    Row(r"folio", ("file", "anon"), must=("mappable", "refcounted", "lockable"),
        cleared_by="page_cache_delete(), free_pages_prepare()", source="include/linux/mm_types.h"),
    Row(r"slab(_page|_word)?", ("slab",), types=("slab",), frozen_by="PGTY_large_kmalloc",
        cleared_by="__free_slab()", source="mm/slab.h; frozen since 9aec2fb0fd5e (6.14)"),
    Row(r"netmem_desc|net_page|page_pool(_page)?|pool\d*|net(mem)?", ("net",), types=("netpp",),
        must=("mappable", "refcounted"),
        cleared_by="page_pool_clear_pp_info()",
        source="include/net/netmem.h; tcp_zerocopy_receive(), net/ipv4/tcp.c"),
    Row(r"net_iov", ("net",), types=("netpp",), standalone=True,
        source="include/net/netmem.h; 735a309b4bfb9e"),
    Row(r"ptdesc|table_page|page_table", ("table",), types=("table",), typed_by_macro=True,
        cleared_by="pagetable_dtor()",
        source="include/linux/mm_types.h"),
    Row(r"zpdesc", ("zsmalloc",), types=("zsmalloc",), cleared_by="reset_zpdesc()", source="mm/zpdesc.h"),
    Row(r"ioptdesc", ("iommu",), source="drivers/iommu/iommu-pages.h"),
    Row(r"tail(_page)?", ("tail",), cleared_by="free_tail_page_prepare()", source="include/linux/mm_types.h"),
    Row(r"buddy(_page)?|free(_page)?", ("free",), types=("buddy",), typed_by_macro=True,
        source="mm/page_alloc.c"),
    Row(r"dev_page|device(_page)?", ("device",), source="include/linux/mm_types.h"),
    Row(r"lru|list|file(_page)?", ("file", "anon"), cleared_by="free_pages_prepare()", source="struct page"),
    Row(r"callback_head|rcu_head", ("driver",), cleared_by="whoever frees by RCU", source="struct page"),
)  # fmt: skip

ARMS: tuple[tuple[str, str], ...] = (
    ("pp_magic", "page_pool"),
    ("dma_addr", "page_pool"),
    ("pmd_huge_pte", "page_table"),
    ("pt_mm", "page_table"),
    ("ptl", "page_table"),
    ("deferred_list", "tail"),
    ("compound_head", "tail"),
    ("compound_info", "tail"),
    ("pgmap", "device"),
    ("zone_device_data", "device"),
    ("slab_cache", "slab"),
    ("freelist", "slab"),
    ("lru", "lru"),
    ("mapping", "lru"),
)
"""Member -> what the arm of struct page's union that holds it is called here; the first match decides."""


@dataclass(frozen=True, slots=True)
class PageType:
    """Memory whose pages carry the page type `mark`; by_macro: they did before enum pagetype, too."""

    mark: str
    kind: str
    by_macro: bool = False


TYPES: tuple[PageType, ...] = (
    PageType("buddy", "free", by_macro=True),
    PageType("offline", "offline", by_macro=True),
    PageType("table", "table", by_macro=True),
    PageType("guard", "guard", by_macro=True),
    PageType("slab", "slab"),
    PageType("zsmalloc", "zsmalloc"),
    PageType("large_kmalloc", "large"),
)
"""hugetlb is not among them: its type is on the head alone, and its mappings count in _entire_mapcount."""


@dataclass(frozen=True, slots=True)
class Undescribed:
    """Words of struct page that memory without a descriptor of its own keeps something else in."""

    kind: str
    words: tuple[str, ...]
    source: str


UNDESCRIBED: tuple[Undescribed, ...] = (
    Undescribed("zsmalloc", ("_mapcount", "index", "private"),
                "head of mm/zsmalloc.c until struct zpdesc (6.14): page_type is an offset, index the next page"),
)  # fmt: skip


def row_of(name: str) -> Row | None:
    """Return what is known of structs called `name`, or None."""
    for row in ROWS:
        if re.fullmatch(row.pattern, name):
            return row
    return None
