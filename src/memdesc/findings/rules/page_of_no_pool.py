"""The rule page-of-no-pool."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="page-of-no-pool",
    summary="a page that belongs to no page_pool is given to one",
    demands=("pooled",),
    arrives=(
        Kind.FILE
        | Kind.ANON
        | Kind.TAIL
        | Kind.SLAB
        | Kind.LARGE
        | Kind.TABLE
        | Kind.INSTALLED_TABLE
        | Kind.ZSMALLOC
        | Kind.DRIVER
        | Kind.BLOCK
        | Kind.NONCOMP
        | Kind.EXACT
        | Kind.FRAG
        | Kind.DEVICE
        | Kind.FREE
        | Kind.RESERVED
        | Kind.OFFLINE
        | Kind.GUARD
        | Kind.MOVABLE
        | Kind.HUGETLB
        | Kind.IOMMU
        | Kind.ZERO
        | Kind.UNTYPED_TABLE
        | Kind.COHERENT
        | Kind.VMALLOC
        | Kind.IO
        | Kind.KMAP
        | Kind.STACK
        | Kind.GLOBAL
        | Kind.USER
        | Kind.PERCPU
    ),
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="a flag beside the pointer that says where the page came from",
    since="0.1",
    sources=("page_pool_put_unrefed_page(), net/core/page_pool.c",),
)
