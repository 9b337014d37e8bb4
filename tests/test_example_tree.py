"""The example tree: every planted misuse is reported, and nothing beside it."""

from pathlib import Path

import pytest

from marks import marks, told
from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level, Report

TREE = Path(__file__).parents[1] / "examples" / "tree"
FILES = sorted(path.relative_to(TREE) for path in TREE.rglob("*.c"))


@pytest.fixture(scope="module")
def report() -> Report:
    """The whole tree, checked once."""
    options = pipeline.Options(jobs=1, cache=False, level=Level.WARNING, interpretation=Interpretation.OTTAWA)
    return pipeline.check([TREE], None, options, lambda *_: None)


def test_the_tree_is_a_tree(report: Report) -> None:
    """It is found by walking up, its version is read, and so is every file."""
    assert Path(report.tree) == TREE
    assert report.kernel.startswith("6.1.0")
    assert report.statistics.unread == ()
    assert report.statistics.files_read == report.statistics.files


@pytest.mark.parametrize("file", FILES, ids=str)
def test_file(file: Path, report: Report) -> None:
    """Every expected line is reported, and no line without a mark."""
    found = [finding for finding in report.findings if finding.file == str(file)]
    wanted = marks(TREE / file)
    assert any(mark.word == "expect" for mark in wanted)
    for mark in wanted:
        if mark.word == "expect":
            assert any(mark.met_by(finding) for finding in found), f"{mark} is not met by:\n{told(found)}"
    stray = [finding for finding in found if finding.line not in {mark.line for mark in wanted}]
    assert not stray, told(stray)


def test_nothing_is_reported_elsewhere(report: Report) -> None:
    """The headers are clean."""
    assert [f for f in report.findings if Path(f.file) not in FILES] == []


def test_part_of_the_tree(report: Report) -> None:
    """A folder of it reports the same as the whole does there."""
    options = pipeline.Options(jobs=1, cache=False, level=Level.WARNING, interpretation=Interpretation.OTTAWA)
    part = pipeline.check([TREE / "net"], None, options, lambda *_: None)
    assert part.findings == tuple(f for f in report.findings if f.file.startswith("net/"))
