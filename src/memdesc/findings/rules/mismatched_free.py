"""The rule mismatched-free."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="mismatched-free",
    summary="memory is freed by another allocator than the one it came from",
    demands=("free", "packet-buffer", "page-memory"),
    arrives=(
        Kind.FILE
        | Kind.ANON
        | Kind.TAIL
        | Kind.SLAB
        | Kind.LARGE
        | Kind.ZSMALLOC
        | Kind.VMALLOC
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
        | Kind.PERCPU
        | Kind.COHERENT
        | Kind.IO
        | Kind.KMAP
        | Kind.UNREF
        | Kind.PTL
        | Kind.IOMMU
        | Kind.ZERO
        | Kind.UNTYPED_TABLE
        | Kind.INSTALLED_TABLE
        | Kind.MANAGED
    ),
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="a flag beside the pointer that says which allocator it was",
    since="0.1",
    sources=(
        "kvfree(), mm/util.c",
        'd5f9b005c306 ("net/mlx5: fix kfree mismatch in indir_table.c")',
    ),
)
