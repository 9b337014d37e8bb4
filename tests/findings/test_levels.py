"""Levels: each contains the ones above it, record by record."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level, Report

CASES = Path(__file__).parents[1] / "c" / "cases"
BOTH = """
struct heron { void *mem; bool big; };
void get(struct heron *h, int n) { if (n) h->mem = vmalloc(n); else h->mem = kmalloc(4, GFP_KERNEL); }
void put(struct heron *h) { if (h->big) kfree(h->mem); }
void put_late(struct heron *h, int n)
{
	void *mem = h->mem;

	if (n)
		wait(n);
	kfree(mem);
}
"""


def _check(path: Path, level: Level) -> Report:
    options = pipeline.Options(1, False, level, Interpretation.OTTAWA)
    return pipeline.check([path], None, options, lambda *_: None)


def _contained(path: Path) -> None:
    notes = _check(path, Level.NOTE).findings
    for level in Level:
        report = _check(path, level)
        assert report.findings == tuple(f for f in notes if f.level >= level)
        assert report.notes == (0 if level is Level.NOTE else sum(f.level is Level.NOTE for f in notes))


@pytest.mark.parametrize("file", sorted(CASES.glob("*.c"))[::4], ids=lambda path: path.name)
def test_cases(file: Path) -> None:
    """What is reported at a level is what the next lower level reports, less what is less sure."""
    _contained(file)


def test_a_note_replaces_nothing(tmp_path: Path) -> None:
    """A note about memory from the same place, nearer to it, does not stand for the error."""
    (tmp_path / "a.c").write_text(BOTH)
    _contained(tmp_path / "a.c")
    assert [f.level for f in _check(tmp_path / "a.c", Level.NOTE).findings][-1] is Level.ERROR
