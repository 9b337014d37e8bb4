"""The rule table-not-destructed."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="table-not-destructed",
    summary="a constructed page table is freed without its destructor",
    demands=("free", "page-memory", "untyped-memory"),
    arrives=Kind.TABLE,
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="a destructor in a caller that could not be linked",
    since="0.1",
    sources=(
        "pagetable_dtor(), include/linux/mm.h",
        'c594b83457cc ("arm64: mm: call pagetable dtor when freeing hot-removed page tables")',
    ),
)
