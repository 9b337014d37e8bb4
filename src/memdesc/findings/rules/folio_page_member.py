"""The rule folio-page-member."""

from memdesc.findings.model import Impact, Interpretation, Level, Rule
from memdesc.kinds import ANY

RULE = Rule(
    name="folio-page-member",
    summary="the page inside a folio is taken by its name",
    demands=("newyork:folio-page",),
    arrives=ANY,
    level=Level.NOTE,
    impact=Impact.FUTURE,
    false_positives="none known",
    since="0.1",
    sources=("R12: include/linux/page-flags.h: only the conversion macros",),
    interpretation=Interpretation.NEWYORK,
    place=True,
)
