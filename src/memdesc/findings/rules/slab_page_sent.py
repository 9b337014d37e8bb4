"""The rule slab-page-sent."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="slab-page-sent",
    summary="slab memory reaches the network's or a pipe's page references",
    demands=("sendable", "spliceable"),
    arrives=Kind.SLAB | Kind.LARGE,
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="a test in a caller that could not be linked",
    since="0.1",
    sources=(
        "sendpage_ok(), include/linux/net.h",
        '4e1e3dd88a4c ("RDMA/siw: Add sendpage_ok() check to disable MSG_SPLICE_PAGES")',
    ),
)
