"""The rule tail-page-as-head."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="tail-page-as-head",
    summary="a tail page where only the head of a folio will do",
    demands=("use",),
    arrives=Kind.TAIL,
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="a page that cannot be a tail because its owner makes no large folios",
    since="0.1",
    sources=(
        "PF_HEAD() and PF_NO_TAIL(), include/linux/page-flags.h",
        'c424be1cbbf8 ("mm: munlock: fix a bug where THP tail page is encountered")',
    ),
)
