"""The rule count-of-folio-page."""

from memdesc.findings.model import Impact, Interpretation, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="count-of-folio-page",
    summary="the reference count in struct page is used for a page of a folio",
    demands=("newyork:page-counted",),
    arrives=Kind.FILE | Kind.ANON | Kind.TAIL | Kind.HUGETLB | Kind.DEVICE,
    level=Level.WARNING,
    impact=Impact.FUTURE,
    false_positives="none known",
    since="0.1",
    sources=(
        "R3: Wilcox, linux-mm, 9 Jan 2026: get_page() and put_page() redirect, _refcount of a "
        "folio's page is 0",
    ),
    interpretation=Interpretation.NEWYORK,
)
