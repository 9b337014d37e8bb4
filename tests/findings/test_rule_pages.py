"""The pages of the rules: each example is checked, and says which of its lines the rule reports.

A ```c block of `rules/<name>.md` is a lone C file. A line that ends in `// expect` is reported under the
rule of the page; nothing else in the block is. A block without `// expect` is one that must stay clean.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings import registry
from memdesc.findings.model import Level

BLOCK = re.compile(r"^```c\n(.*?)^```$", re.M | re.S)
EXPECT = re.compile(r"//\s*expect(?P<nothing>\s+nothing)?\s*(from:.*)?$")


def _blocks() -> Iterator[tuple[str, int, str]]:
    for name in registry.rules():
        for number, match in enumerate(BLOCK.finditer(registry.page(name)), 1):
            yield name, number, match[1]


BLOCKS = list(_blocks())


def _expected(block: str) -> list[int]:
    matches = ((number, EXPECT.search(line)) for number, line in enumerate(block.split("\n"), 1))
    return [number for number, match in matches if match and not match["nothing"]]


@pytest.mark.parametrize(("name", "number", "block"), BLOCKS, ids=[f"{b[0]}-{b[1]}" for b in BLOCKS])
def test_example(name: str, number: int, block: str, tmp_path: Path) -> None:
    """The rule reports the marked lines of its example, and no rule any other."""
    path = tmp_path / f"example{number}.c"
    path.write_text(block)
    options = pipeline.Options(
        jobs=1, cache=False, level=Level.NOTE, interpretation=registry.rules()[name].interpretation
    )
    report = pipeline.check([path], None, options, lambda *_: None)
    assert report.statistics.unread == ()
    found = sorted((finding.line, finding.rule) for finding in report.findings)
    assert found == [(line, name) for line in _expected(block)]


@pytest.mark.parametrize("name", registry.rules())
def test_page(name: str) -> None:
    """A page shows what the rule reports and what it leaves alone, and says what to do about it."""
    page = registry.page(name)
    assert page.startswith(f"# {name}\n")
    lines = [line for _, _, block in filter(lambda b: b[0] == name, BLOCKS) for line in _expected(block)]
    assert lines, "no example that the rule reports"


def test_every_page_has_a_rule_and_every_rule_a_page() -> None:
    """Neighbours: rules/<name>.py and rules/<name>.md."""
    pages = {path.stem for path in registry.FOLDER.glob("*.md")}
    modules = {path.stem for path in registry.FOLDER.glob("*.py")} - {"__init__"}
    assert pages == modules
    assert {name.replace("-", "_") for name in registry.rules()} == modules
