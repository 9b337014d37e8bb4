"""The rule mismatched-free-size."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="mismatched-free-size",
    summary="more or less memory is freed than was allocated",
    demands=("size",),
    arrives=Kind.DRIVER | Kind.BLOCK | Kind.NONCOMP | Kind.EXACT | Kind.COHERENT | Kind.IOMMU | Kind.TABLE,
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="a block that was split, where the split is not seen",
    since="0.1",
    sources=(
        "free_pages(), mm/page_alloc.c: the caller says the order, nothing keeps it",
        "dma_free_attrs(), kernel/dma/mapping.c",
    ),
)
