"""Functions of real kernels that handle pages of several kinds, and do it well: nothing is reported in them."""

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import Run
from memdesc.source.gather import Scope, gather
from memdesc.source.vocabulary import vocabulary

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("whole kernel")]

_HEAD, *_ROWS = (Path(__file__).parent / "tricky.tsv").read_text().splitlines()
TRICKY = [dict(zip(_HEAD.split("\t"), row.split("\t"), strict=True)) for row in _ROWS]


@pytest.fixture(scope="module")
def tricky(kernel: Path) -> list[dict[str, str]]:
    """The rows of the table that are about this kernel."""
    rows = [row for row in TRICKY if kernel.name.endswith(row["kernel"])]
    assert len(rows) >= 20
    return rows


def test_they_are_read(tricky: list[dict[str, str]], kernel: Path) -> None:
    """Each is in the tree, is among the functions that are followed, and parses without a fault."""
    for row in tricky:
        facts = gather((kernel / row["file"]).read_bytes(), vocabulary(), {}, Scope(False))
        found = [function for function in facts.functions if function.name == row["function"]]
        assert found, row
        assert not any(function.error for function in found), row


def test_nothing_is_reported_in_them(tricky: list[dict[str, str]], kernel: Path, memdesc: Run) -> None:
    """At every level, with the whole tree around them."""
    said = memdesc("check", kernel, "--format", "json", "--level", "note", timeout=30 * 60)
    findings: list[dict[str, Any]] = json.loads(said.stdout)["findings"]
    assert findings
    within = {(row["file"], row["function"]) for row in tricky}
    wrong = [f for f in findings if (f["file"], f["function"]) in within]
    assert not wrong, [f"{f['file']}:{f['line']}: {f['message']}" for f in wrong]
