"""The rule reference-to-misc-page."""

from memdesc.findings.model import Impact, Interpretation, Level, Rule
from memdesc.kinds import ANY, Kind

RULE = Rule(
    name="reference-to-misc-page",
    summary="a reference is taken on memory that will have no count",
    demands=("newyork:described-count",),
    arrives=(
        Kind.DRIVER | Kind.BLOCK | Kind.EXACT | Kind.FRAG | Kind.RESERVED | Kind.COHERENT | Kind.ZSMALLOC
    ),
    level=Level.WARNING,
    impact=Impact.FUTURE,
    false_positives="none known",
    since="0.1",
    sources=(
        "R5: kernelnewbies.org/MatthewWilcox/Memdescs: misc memory has no reference count and no map count",
    ),
    interpretation=Interpretation.NEWYORK,
    owned=ANY,
)
