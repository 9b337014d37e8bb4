"""The rule page-of-another-kind."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="page-of-another-kind",
    summary="a page of one kind where the callee works on pages of another",
    demands=("use",),
    arrives=(
        Kind.FILE
        | Kind.ANON
        | Kind.DRIVER
        | Kind.BLOCK
        | Kind.EXACT
        | Kind.FRAG
        | Kind.DEVICE
        | Kind.RESERVED
        | Kind.MOVABLE
        | Kind.HUGETLB
        | Kind.COMPOUND
        | Kind.ZERO
    ),
    level=Level.WARNING,
    impact=Impact.MEMORY,
    false_positives="a flag beside the pointer that says what it is",
    since="0.1",
    sources=("the signature of the callee: memdesc signatures NAME",),
)
