"""The rule foreign-member."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import ANY

RULE = Rule(
    name="foreign-member",
    summary="a member of struct page or folio is read on memory that keeps something else there",
    demands=("member",),
    arrives=ANY,
    level=Level.ERROR,
    impact=Impact.WRONG,
    false_positives="a test of the kind that is not among the known ones",
    since="0.1",
    sources=(
        "struct page, include/linux/mm_types.h",
        '2f064f3485cd ("mm: make page pfmemalloc check more robust")',
    ),
)
