"""The rule unreferenced-page-used."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="unreferenced-page-used",
    summary="a page is used on which no reference is held",
    demands=("use",),
    arrives=Kind.UNREF | Kind.PTL,
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="another lock or owner that keeps the page",
    since="0.1",
    sources=(
        "follow_pfn() and get_page_unless_zero(), include/linux/mm.h",
        'f8be156be163 ("KVM: do not allow mapping valid but non-reference-counted pages")',
    ),
)
