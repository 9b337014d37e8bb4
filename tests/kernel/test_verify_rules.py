"""The rules of --verify as data: named, with a source, and in the documents."""

import re
from pathlib import Path

from memdesc.kernel.verify_rules import RULES

DOCUMENT = Path(__file__).parents[2] / "docs" / "dumps.md"


def test_rules_are_named_once() -> None:
    """In kebab-case, with a sentence and a source each."""
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    for rule in RULES:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
        assert rule.says
        assert not rule.says.endswith(".")
        assert rule.source


def test_the_document_has_all_of_them() -> None:
    """docs/dumps.md has a row for each rule, in their order, with the same words."""
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", DOCUMENT.read_text("utf-8"), re.M)
    assert [(name, says.replace("`", "")) for name, says in rows] == [(r.name, r.says) for r in RULES]
