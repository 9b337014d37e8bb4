"""The rule pinned-page-put."""

from memdesc.findings.model import Impact, Level, Rule
from memdesc.kinds import Kind

RULE = Rule(
    name="pinned-page-put",
    summary="a page of pin_user_pages() is given back by put_page() or its kin",
    demands=("unpinned",),
    arrives=Kind.PINNED,
    level=Level.ERROR,
    impact=Impact.MEMORY,
    false_positives="a reference that was taken besides, by a function that memdesc does not know",
    since="0.1",
    sources=(
        "unpin_user_page(), mm/gup.c",
        "Documentation/core-api/pin_user_pages.rst",
    ),
)
