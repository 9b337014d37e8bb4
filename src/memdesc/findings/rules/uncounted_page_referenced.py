"""The rule uncounted-page-referenced."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="uncounted-page-referenced",
    summary="a reference is taken on a later page of a block without __GFP_COMP",
    demands=("use",),
    arrives=Kind.NONCOMP,
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="a block that split_page() has made into single pages",
    since="0.1",
    sources=(
        "prep_compound_page(), mm/page_alloc.c",
        '7d4194abfc4d ("nvme-tcp: check page by sendpage_ok() before calling kernel_sendpage()")',
    ),
)
