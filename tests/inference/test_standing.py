"""`explain`: every pointer of a line is told, nothing is called by an empty name, and a blank line points nearby."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.errors import InputError
from memdesc.findings.model import Interpretation, Level
from memdesc.inference.standing import shown, written
from memdesc.report import text

SOURCE = """\
void first(struct page *a, struct page **b)
{
	struct page *c = virt_to_page(kmalloc(10, GFP_KERNEL));

	put_page(c); get_page(a); lock_page(b[1]);
}

int second(int n)
{
	void *p __free(kfree) = vmalloc(n);

	kfree((void *)vmalloc(n));
	return 0;
}

void third(struct page **pages, struct page *few[4], struct folio *const *folios) { }
"""
OPTIONS = pipeline.Options(1, False, Level.NOTE, Interpretation.OTTAWA)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A lone file."""
    path = tmp_path / "a.c"
    path.write_text(SOURCE)
    return path


def _explain(source: Path, place: str) -> str:
    line, _, column = place.partition(":")
    found = pipeline.explain(source, int(line), int(column or 0), None, OPTIONS, lambda *_: None)
    return text.explain(found)


def test_a_line_with_several_pointers_says_so(source: Path) -> None:
    """The others are named with their columns; who gives a column is not told of them."""
    said = _explain(source, "5")
    assert "'c' in first()" in said
    assert "also on this line:" in said
    assert "'a' (column 24)" in said
    assert "'b[1]' (column 38)" in said
    assert "also on this line" not in _explain(source, "5:24")
    assert "'a' in first()" in _explain(source, "5:24")


def test_a_line_without_a_pointer_names_the_nearest(source: Path) -> None:
    """By line and column, so that they can be asked for."""
    with pytest.raises(InputError, match=r"no pointer .*; the nearest: .*'c' at 5:11"):
        _explain(source, "4")


def test_a_file_without_pointers_has_no_nearest(tmp_path: Path) -> None:
    """Nothing is made up."""
    path = tmp_path / "b.c"
    path.write_text("int nothing(void)\n{\n\treturn 0;\n}\n")
    with pytest.raises(InputError, match=r"stands there$"):
        _explain(path, "3")


@pytest.mark.parametrize(
    ("code", "expression"),
    [
        ("f(*(void **)&b, 3)", "*(void **)&b"),
        ("f(&x->member[n + 1]);", "&x->member[n + 1]"),
        ("f((void *)vmalloc(n));", "(void *)vmalloc(n)"),
        ("f(a == b ? c : d);", "a == b"),
        ("f(*p __free(kfree) = g());", "p"),
        ("f();", "f();"),
    ],
)
def test_an_expression_is_never_empty(code: str, expression: str) -> None:
    """Casts, addresses and calls are told as they are written; where nothing stands, the line is."""
    assert written(code.encode(), 2) == expression


def test_a_finding_names_the_variable_that_a_cleanup_frees(source: Path) -> None:
    """Not its declaration."""
    report = pipeline.check([source], None, OPTIONS, lambda *_: None)
    named = {finding.expression for finding in report.findings if finding.line == 10}
    assert named == {"p"}
    assert shown(b"x\n\t}\n", 3, 3) == "}"


def test_what_infer_passes_over_is_counted(source: Path) -> None:
    """Pointers to pointers to pages and arrays of them: in the summary, with the reason."""
    found = pipeline.infer([source], None, OPTIONS, lambda *_: None)
    assert found.containers == 4
    assert "4 declarations of several pages (struct page **, arrays) passed over" in text.infer_summary(found)
