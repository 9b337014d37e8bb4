"""The rule pool-page-in-unmarked-packet."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="pool-page-in-unmarked-packet",
    summary="a page of a page_pool goes into a packet that is not marked for recycling",
    demands=("unpooled",),
    arrives=Kind.NET,
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="a packet that a caller or a callee which could not be linked marks",
    since="0.1",
    sources=(
        "skb_mark_for_recycle(), include/linux/skbuff.h",
        '037965402a01 ("xen-netfront: Add missing skb_mark_for_recycle")',
    ),
)
