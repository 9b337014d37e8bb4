"""The rule wrong-converter."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import ANY

RULE = Rule(
    name="wrong-converter",
    summary="a converter is applied to memory whose descriptor is another",
    demands=("convert",),
    arrives=ANY,
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="a test of the type that is not among the known ones",
    since="0.1",
    sources=(
        "page_slab(), mm/slab.h",
        "page_ptdesc(), include/linux/mm_types.h",
    ),
)
