"""The rule special-page-as-plain."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="special-page-as-plain",
    summary="a page table, zsmalloc or IOMMU page is treated as a plain page",
    demands=("use",),
    arrives=(
        Kind.TABLE
        | Kind.INSTALLED_TABLE
        | Kind.UNTYPED_TABLE
        | Kind.ZSMALLOC
        | Kind.IOMMU
        | Kind.SLAB
        | Kind.LARGE
    ),
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="a test of the type that is not among the known ones",
    since="0.1",
    sources=("struct ptdesc and struct page, include/linux/mm_types.h",),
)
