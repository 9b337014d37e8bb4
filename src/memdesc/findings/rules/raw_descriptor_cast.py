"""The rule raw-descriptor-cast."""

from memdesc.findings.model import Impact, Interpretation, Level, Rule
from memdesc.kinds import ANY

RULE = Rule(
    name="raw-descriptor-cast",
    summary="a pointer to one descriptor is cast to another",
    demands=("newyork:raw-cast",),
    arrives=ANY,
    level=Level.WARNING,
    impact=Impact.FUTURE,
    false_positives="a converter that this file defines for itself, without _Generic",
    since="0.1",
    sources=("R12: include/linux/page-flags.h, mm/slab.h: only the conversion macros",),
    interpretation=Interpretation.NEWYORK,
    place=True,
)
