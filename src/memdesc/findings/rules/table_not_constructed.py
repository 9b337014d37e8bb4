"""The rule table-not-constructed."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="table-not-constructed",
    summary="memory without a page table's constructor where a page table is needed",
    demands=("constructed", "table-memory", "kernel-table-memory"),
    arrives=(
        Kind.FILE
        | Kind.ANON
        | Kind.TAIL
        | Kind.LARGE
        | Kind.NET
        | Kind.ZSMALLOC
        | Kind.VMALLOC
        | Kind.DRIVER
        | Kind.BLOCK
        | Kind.NONCOMP
        | Kind.EXACT
        | Kind.FRAG
        | Kind.DEVICE
        | Kind.FREE
        | Kind.OFFLINE
        | Kind.GUARD
        | Kind.MOVABLE
        | Kind.HUGETLB
        | Kind.PERCPU
        | Kind.COHERENT
        | Kind.IO
        | Kind.KMAP
        | Kind.STACK
        | Kind.USER
        | Kind.IOMMU
        | Kind.UNTYPED_TABLE
        | Kind.SLAB
        | Kind.GLOBAL
        | Kind.ZERO
    ),
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="an architecture whose tables need no constructor",
    since="0.1",
    sources=(
        "pagetable_pte_ctor(), include/linux/mm.h",
        "Documentation/mm/split_page_table_lock.rst",
    ),
)
