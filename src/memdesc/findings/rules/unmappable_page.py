"""The rule unmappable-page."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="unmappable-page",
    summary="memory that keeps something else where a mapping is counted reaches user space",
    demands=("mappable", "insertable", "rmappable", "cached", "lru-listed", "untailed", "lockable"),
    arrives=(
        Kind.SLAB
        | Kind.LARGE
        | Kind.TABLE
        | Kind.UNTYPED_TABLE
        | Kind.ZSMALLOC
        | Kind.NET
        | Kind.ANON
        | Kind.IOMMU
        | Kind.DEVICE
    ),
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="a type test in a caller that could not be linked",
    since="0.1",
    sources=(
        "validate_page_before_insert(), mm/memory.c",
        '0143d148d1e8 ("usb: usbfs: Enforce page requirements for mmap")',
    ),
)
