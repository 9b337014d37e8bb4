"""Calls that a checker of types must refuse, and calls that it must let pass. Read by test_typed.py, never run.

A line that ends in `# refused: X` must be reported, and the report must name X; no other line may be.
"""

from typing import assert_type

from memdesc.kernel.pages import (
    DriverPage,
    Folio,
    FreePage,
    LargeKmalloc,
    Mappable,
    Memory,
    NetPage,
    PageHandle,
    PageTable,
    Slab,
    VmallocPage,
    ZsmallocPage,
)
from memdesc.kernel.typed import (
    SlabObjects,
    folio_mapcount,
    folio_ref_count,
    page_pool_of,
    slab_cache_name,
    slab_objects,
    table_owner,
    user_mappings,
    zspage_of,
)


def right(
    slab: Slab, folio: Folio, net: NetPage, table: PageTable, area: VmallocPage, page: ZsmallocPage
) -> None:
    """Each function with the page that it takes."""
    assert_type(slab_objects(slab), SlabObjects)
    assert_type(folio_mapcount(folio), int)
    page_pool_of(net)
    table_owner(table)
    zspage_of(page)
    user_mappings(folio)
    user_mappings(net)
    user_mappings(area)


def narrowed(memory: Memory, pfn: int) -> int:
    """A page of unknown kind has to be looked at first."""
    page = memory.page(pfn)
    if isinstance(page, Slab):
        return slab_objects(page).in_use
    if isinstance(page, Mappable):
        return user_mappings(page)
    return 0


def each(memory: Memory) -> int:
    """Handles of one type, all of them."""
    for net in memory.each(NetPage):
        page_pool_of(net)
    return sum(slab_objects(slab).in_use for slab in memory.each(Slab))


def each_wrong(memory: Memory) -> None:
    """And no other."""
    for table in memory.each(PageTable):
        user_mappings(table)  # refused: PageTable


def wrong(slab: Slab, folio: Folio, net: NetPage, table: PageTable, free: FreePage, bare: DriverPage) -> None:
    """The proposal's sentence: you cannot pass a net_page to a slab function, or vice versa."""
    slab_objects(net)  # refused: NetPage
    slab_cache_name(folio)  # refused: Folio
    page_pool_of(slab)  # refused: Slab
    folio_mapcount(slab)  # refused: Slab
    folio_mapcount(net)  # refused: NetPage
    folio_ref_count(table)  # refused: PageTable
    table_owner(bare)  # refused: DriverPage
    zspage_of(slab)  # refused: Slab
    user_mappings(slab)  # refused: Slab
    user_mappings(table)  # refused: PageTable
    user_mappings(free)  # refused: FreePage


def not_looked_at(memory: Memory, page: PageHandle, large: LargeKmalloc, pfn: int) -> None:
    """Nor a page of which nothing is known, nor a number."""
    slab_objects(memory.page(0))  # refused: PageHandle
    user_mappings(page)  # refused: PageHandle
    user_mappings(large)  # refused: LargeKmalloc
    folio_mapcount(pfn)  # refused: int
