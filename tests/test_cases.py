"""Historic bugs, one a file, each with its repair beside it (tests/c/cases/README.md explains the marks).

Every file is checked alone, without a tree: a marked line must be reported, and no other line may be.
"""

from pathlib import Path

import pytest

from marks import marks, told
from memdesc import pipeline
from memdesc.findings.model import Finding, Interpretation, Level
from memdesc.kinds import BY_NAME

CASES = Path(__file__).with_name("c") / "cases"
FILES = sorted(path.relative_to(CASES) for path in CASES.rglob("*.c"))
LONE = [file for file in FILES if file.parent.name != "layout"]


def _check(file: Path) -> tuple[Finding, ...]:
    options = pipeline.Options(jobs=1, cache=False, level=Level.WARNING, interpretation=Interpretation.OTTAWA)
    report = pipeline.check([CASES / file], None, options, lambda *_: None)
    assert report.statistics.unread == ()
    return report.findings


@pytest.mark.parametrize("file", LONE, ids=str)
def test_case(file: Path) -> None:
    """The bug is found, and nothing else is reported."""
    wanted = marks(CASES / file)
    findings = _check(file)
    stray = tuple(f for f in findings if f.line not in {mark.line for mark in wanted})
    assert not stray, f"lines without a mark:\n{told(stray)}"
    if wanted:
        met = [mark for mark in wanted if any(mark.met_by(finding) for finding in findings)]
        assert met, f"none of {wanted} is met by:\n{told(findings)}"


@pytest.mark.parametrize("file", [file for file in FILES if file not in LONE], ids=str)
def test_layout_case(file: Path) -> None:
    """What is for the layout part is no reason to report anything but the marked lines."""
    lines = {mark.line for mark in marks(CASES / file)}
    stray = tuple(finding for finding in _check(file) if finding.line not in lines)
    assert not stray, told(stray)


@pytest.mark.parametrize("file", FILES, ids=str)
def testmarks(file: Path) -> None:
    """Every mark can be read and names a kind; clean files have none, the others at least one."""
    text = (CASES / file).read_text("utf-8")
    wanted = marks(CASES / file)
    assert text.count("memdesc:") == len(wanted)
    assert {mark.word for mark in wanted} <= {"expect", "alt"}
    assert {mark.kind for mark in wanted} <= set(BY_NAME)
    assert bool(wanted) is not file.name.startswith("clean-")


def test_index() -> None:
    """The index names every file that holds a bug, with the kind and sink of its mark."""
    rows = [row.split("\t") for row in (CASES / "index.tsv").read_text("utf-8").splitlines()]
    named = {row[0]: (row[7], row[8]) for row in rows[1:]}
    for file in FILES:
        expected = [(mark.kind, mark.sink) for mark in marks(CASES / file) if mark.word == "expect"]
        if expected:
            assert named[str(file)] in expected
