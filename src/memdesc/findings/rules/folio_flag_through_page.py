"""The rule folio-flag-through-page."""

from memdesc.findings.model import Impact, Interpretation, Level, Rule
from memdesc.kinds import ANY

RULE = Rule(
    name="folio-flag-through-page",
    summary="a flag that only a folio keeps is reached through struct page",
    demands=("newyork:flagless",),
    arrives=ANY,
    level=Level.NOTE,
    impact=Impact.FUTURE,
    false_positives="none known",
    since="0.1",
    sources=("R10: Wilcox, linux-mm, 9 Jan 2026: which flags stay in page->flags",),
    interpretation=Interpretation.NEWYORK,
    place=True,
)
