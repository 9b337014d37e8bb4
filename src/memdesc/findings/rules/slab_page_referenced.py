"""The rule slab-page-referenced."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="slab-page-referenced",
    summary="a reference is taken or dropped on slab memory",
    demands=("refcounted", "puttable"),
    arrives=Kind.SLAB | Kind.LARGE,
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="memory of a cache that is really handed out by page, told apart by a flag of its own",
    since="0.1",
    sources=(
        "get_page(), include/linux/mm.h",
        '9aec2fb0fd5e ("slab: allocate frozen pages", 6.14)',
    ),
)
