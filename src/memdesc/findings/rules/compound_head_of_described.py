"""The rule compound-head-of-described."""

from memdesc.findings.model import Impact, Interpretation, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="compound-head-of-described",
    summary="compound_head() of memory that has a descriptor",
    demands=("newyork:bare",),
    arrives=(
        Kind.FILE
        | Kind.ANON
        | Kind.TAIL
        | Kind.SLAB
        | Kind.LARGE
        | Kind.NET
        | Kind.TABLE
        | Kind.ZSMALLOC
        | Kind.DEVICE
        | Kind.HUGETLB
        | Kind.MOVABLE
        | Kind.UNTYPED_TABLE
    ),
    level=Level.WARNING,
    impact=Impact.FUTURE,
    false_positives="none known",
    since="0.1",
    sources=(
        "R2: Wilcox, linux-mm, 8 Jan 2025 and 9 Jan 2026: compound_head() of a typed page is to be a BUG()",
    ),
    interpretation=Interpretation.NEWYORK,
)
