"""Functions that take exactly one type of page: pass another, and a checker of types says so, as does the call.

    slab_objects(slab)          of a Slab
    folio_mapcount(folio)       of a Folio
    page_pool_of(net)           of a NetPage
    user_mappings(page)         of any Mappable: a Folio, NetPage, VmallocPage, DriverPage or DevicePage

All read the descriptor through the kernel's layout; user_mappings() also works live, by /proc/kpagecount.
"""

from dataclasses import dataclass

from memdesc.errors import InputError
from memdesc.kernel.pages import (
    Folio,
    Mappable,
    NetPage,
    PageHandle,
    PageTable,
    Slab,
    ZsmallocPage,
    described,
    expect,
)


@dataclass(frozen=True, slots=True)
class SlabObjects:
    """Objects of one slab. cache: the kmem_cache's name; in_use and total count objects."""

    cache: str
    in_use: int
    total: int
    frozen: bool


def slab_objects(slab: Slab) -> SlabObjects:
    """Return which cache a slab belongs to and how many of its objects are in use.

    Raises: TypeError: `slab` is no Slab. InputError: its descriptor cannot be read.
    Source: struct slab, mm/slab.h. Objects on a CPU's free list count as in use, as in the kernel.
    """
    expect(slab, Slab, slab_objects)
    return SlabObjects(
        slab_cache_name(slab), slab.member("inuse"), slab.member("objects"), bool(slab.member("frozen"))
    )


def slab_cache_name(slab: Slab) -> str:
    """Return the name of the cache of a slab.

    Raises: TypeError: `slab` is no Slab. InputError: the cache cannot be read.
    """
    expect(slab, Slab, slab_cache_name)
    cache = slab.member("slab_cache")
    source = slab.memory.descriptors
    assert source is not None  # member() refuses without
    name = source.types.struct("kmem_cache").field("name")
    raw = source.read(cache + name.offset, name.size)
    return source.string(int.from_bytes(raw, source.types.abi.byteorder))


def folio_mapcount(folio: Folio) -> int:
    """Return how often pages of a folio are mapped to user space.

    Raises: TypeError: `folio` is no Folio. InputError: its descriptor cannot be read.
    Source: folio_mapcount(), include/linux/mm.h: _mapcount + 1, or _large_mapcount + 1 of a large folio. Before
    that member was there (6.9), total_mapcount(), mm/huge_memory.c: mappings of the whole and of each page.
    """
    expect(folio, Folio, folio_mapcount)
    if not folio.order:
        return max(folio.member("_mapcount") + 1, 0)
    source = folio.memory.descriptors
    large = source.types.find("struct folio") if source else None
    if source is None or (large is not None and large.find("_large_mapcount")):
        return folio.member("_large_mapcount") + 1
    each = user_mappings(folio)
    page = source.types.struct("page")
    whole = (large.find("_entire_mapcount") if large else None) or page.field("compound_mapcount")
    # In struct page the member overlays the second descriptor; in struct folio it lies there.
    raw = source.page_structs(folio.pfn, 2)[page.size :]
    at = whole.offset % page.size
    entire = int.from_bytes(raw[at : at + whole.size], source.types.abi.byteorder, signed=True) + 1
    # Each page's count has the mappings of the whole in it; here they count once.
    return each - (folio.pages - 1) * entire


def folio_ref_count(folio: Folio) -> int:
    """Return the references on a folio.

    Raises: TypeError: `folio` is no Folio. InputError: its descriptor cannot be read.
    """
    expect(folio, Folio, folio_ref_count)
    return folio.member("_refcount")


def page_pool_of(net: NetPage) -> int:
    """Return the address of the page_pool that a page belongs to.

    Raises: TypeError: `net` is no NetPage. InputError: its descriptor cannot be read.
    """
    expect(net, NetPage, page_pool_of)
    return net.member("pp")


def table_owner(table: PageTable) -> int:
    """Return the address of the mm_struct that a top-level page table belongs to, 0 where it keeps none.

    Raises: TypeError: `table` is no PageTable. InputError: its descriptor cannot be read.
    """
    expect(table, PageTable, table_owner)
    return table.member("pt_mm")


def zspage_of(page: ZsmallocPage) -> int:
    """Return the address of the zspage that a page of zsmalloc is part of.

    Raises: TypeError: `page` is no ZsmallocPage. InputError: its descriptor cannot be read.
    """
    expect(page, ZsmallocPage, zspage_of)
    return page.member("zspage", "private")


def user_mappings(page: Mappable) -> int:
    """Return how often the pages of a block are mapped to user space, all together.

    Raises: TypeError: `page` may never be mapped (a Slab, a PageTable, ...). InputError: it cannot be read.
    Source: folio_precise_page_mapcount(), fs/proc/internal.h.
    """
    if not isinstance(page, Mappable):
        what = described(page)
        why = ", which is never mapped to user space" if isinstance(page, PageHandle) else ""
        raise TypeError(f"user_mappings() takes a page that may be mapped, not {what}{why}")
    found = page.memory.columns(page.pfn, page.pages, frozenset(("mapcount",))).mapcount
    if found is None:
        raise InputError(f"pfn {page.pfn:#x}", "has a count of mappings that this source cannot read")
    return int(found.sum())
