"""A constructor that failed constructed nothing, however its answer is kept until it is asked for.

Each program frees the page of the constructor that failed; turned round, it frees the one that was constructed.
"""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level
from memdesc.source import environment

OPTIONS = pipeline.Options(1, False, Level.NOTE, Interpretation.OTTAWA)
HEAD = """
struct ptdesc *make(gfp_t gfp, int level)
{
	struct ptdesc *pt = pagetable_alloc(gfp, 0);
	bool ok = false;

	if (!pt)
		return NULL;
"""
TAIL = " {\n\t\tpagetable_free(pt);\n\t\treturn NULL;\n\t}\n\treturn pt;\n}\n"
PROGRAMS = {
    "at once": ("", "if (!pagetable_pte_ctor(pt))", "if (pagetable_pte_ctor(pt))"),
    "in a variable": ("ok = pagetable_pte_ctor(pt);", "if (!ok)", "if (ok)"),
    "in a variable of its own": ("int done = pagetable_pte_ctor(pt);", "if (done == 0)", "if (done)"),
    "as it is assigned": ("", "if (!(ok = pagetable_pte_ctor(pt)))", "if ((ok = pagetable_pte_ctor(pt)))"),
    "negated": ("bool failed = !pagetable_pte_ctor(pt);", "if (failed)", "if (!failed)"),
    "of two constructors": (
        "if (level)\n\t\tok = pagetable_pmd_ctor(pt);\n\telse\n\t\tok = pagetable_pte_ctor(pt);",
        "if (!ok)",
        "if (ok)",
    ),
    "of a switch that leaves some out": (
        "switch (level) {\n\tcase 0:\n\t\tok = pagetable_pte_ctor(pt);\n\t\tbreak;\n\tcase 1:\n"
        "\t\tok = pagetable_pmd_ctor(pt);\n\t\tbreak;\n\tdefault:\n\t\tok = true;\n\t}",
        "if (!ok)",
        "if (ok)",
    ),
    "behind something else": (
        "ok = pagetable_pte_ctor(pt);\n\tif (level)\n\t\tcount(level);",
        "if (!ok)",
        "if (ok)",
    ),
}


@pytest.fixture(params=["whole", "pieces"], autouse=True)
def _environments(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known of paths is kept in one dict, or as in functions of very many paths."""
    if request.param == "pieces":
        monkeypatch.setattr(environment, "_SHORT", 0)
        monkeypatch.setattr(environment, "_MANY", 0)


def _rules(folder: Path, text: str) -> list[str]:
    path = folder / "a.c"
    path.write_text(text)
    return [finding.rule for finding in pipeline.check([path], None, OPTIONS, lambda *_: None).findings]


@pytest.mark.parametrize("name", PROGRAMS)
def test_nothing_was_constructed(name: str, tmp_path: Path) -> None:
    """The page is what it was."""
    before, failed, _ = PROGRAMS[name]
    assert not _rules(tmp_path, f"{HEAD}\t{before}\n\t{failed}{TAIL}")


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_was_constructed(name: str, tmp_path: Path) -> None:
    """Where the answer was the other, the page is a table, and freed past its destructor."""
    before, _, passed = PROGRAMS[name]
    assert _rules(tmp_path, f"{HEAD}\t{before}\n\t{passed}{TAIL}") == ["table-not-destructed"]


def test_an_answer_that_was_replaced(tmp_path: Path) -> None:
    """Another answer in the same variable says nothing of the constructor."""
    text = f"{HEAD}\tok = pagetable_pte_ctor(pt);\n\tok = other(level);\n\tif (!ok){TAIL}"
    assert _rules(tmp_path, text) == ["table-not-destructed"]


def test_a_page_that_was_replaced(tmp_path: Path) -> None:
    """What the variable held before is of the page that it held then."""
    text = f"{HEAD}\tok = pagetable_pte_ctor(pt);\n\tpt = constructed(level);\n\tif (!ok){TAIL}"
    made = "static struct ptdesc *constructed(int n)\n{\n\tstruct ptdesc *pt = pagetable_alloc(0, 0);\n\n"
    made += "\tif (!pt || !pagetable_pte_ctor(pt))\n\t\treturn NULL;\n\treturn pt;\n}\n"
    assert _rules(tmp_path, made + text) == ["table-not-destructed"]
