"""The rule page-not-in-use."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="page-not-in-use",
    summary="a free, offline or guard page is used",
    demands=("use",),
    arrives=Kind.FREE | Kind.OFFLINE | Kind.GUARD,
    level=Level.WARNING,
    impact=Impact.MEMORY,
    false_positives="a reference taken by another name",
    since="0.1",
    sources=("pfn_to_online_page(), mm/memory_hotplug.c",),
)
