"""The rule pool-page-as-plain."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="pool-page-as-plain",
    summary="a page of a page_pool is released as a plain page",
    demands=("use", "free"),
    arrives=Kind.NET,
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="a page that page_pool_release_page() took out of its pool",
    since="0.1",
    sources=(
        "page_pool_put_unrefed_page(), net/core/page_pool.c",
        'c3198822c6cb ("net: esp: fix bad handling of pages from page_pool")',
    ),
)
