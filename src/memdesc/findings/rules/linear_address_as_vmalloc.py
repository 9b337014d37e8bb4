"""The rule linear-address-as-vmalloc."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="linear-address-as-vmalloc",
    summary="an address of the linear map where one of vmalloc() space is needed",
    demands=("vmalloced", "vmalloc", "coherent"),
    arrives=(
        Kind.FILE
        | Kind.ANON
        | Kind.TAIL
        | Kind.SLAB
        | Kind.LARGE
        | Kind.NET
        | Kind.TABLE
        | Kind.INSTALLED_TABLE
        | Kind.ZSMALLOC
        | Kind.DRIVER
        | Kind.BLOCK
        | Kind.NONCOMP
        | Kind.EXACT
        | Kind.FRAG
        | Kind.DEVICE
        | Kind.RESERVED
        | Kind.MOVABLE
        | Kind.HUGETLB
        | Kind.IOMMU
        | Kind.ZERO
        | Kind.UNTYPED_TABLE
        | Kind.USER
        | Kind.IO
        | Kind.KMAP
        | Kind.STACK
        | Kind.GLOBAL
        | Kind.PERCPU
        | Kind.VMALLOC
        | Kind.COHERENT
    ),
    level=Level.ERROR,
    impact=Impact.CRASH,
    false_positives="a correlated flag that says where the buffer came from",
    since="0.1",
    sources=(
        "vmalloc_to_page(), mm/vmalloc.c",
        "dma_mmap_attrs(), kernel/dma/mapping.c",
    ),
)
