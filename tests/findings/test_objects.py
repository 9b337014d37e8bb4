"""What a trace says where it goes from one object of a struct to another of the same struct."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level

OPTIONS = pipeline.Options(1, False, Level.NOTE, Interpretation.OTTAWA)
STRUCTS = "struct owl { int n; void *mem; };\nstruct hen { struct owl own, rx, tx, all[4]; };\n"
ONE = """
void f(struct hen *h, struct owl *o, int i)
{{
	struct owl *b = {};
	void *p = vmalloc(4);

	{} = p;
	sg_init_one(sg, {}, 4);
}}
"""
TWO = """
void f(struct hen *h, int i)
{{
	{} = vmalloc(4);
}}
void g(struct hen *other, int j)
{{
	sg_init_one(sg, {}, 4);
}}
"""


def _notes(folder: Path, text: str) -> list[str]:
    file = folder / "a.c"
    file.write_text(STRUCTS + text)
    (found,) = pipeline.check([file], None, OPTIONS, lambda *_: None).findings
    return [step.note for step in found.trace]


@pytest.mark.parametrize(
    ("made", "put", "used", "says"),
    [
        ("look(h)", "o->mem", "b->mem", "of 'o', and taken from 'b', which may be another struct owl"),
        ("look(h)", "h->own.mem", "b->mem", "of 'h->own', and taken from 'b'"),
        ("look(h)", "h->rx.mem", "h->tx.mem", "of 'h->rx', and taken from 'h->tx'"),
        ("&h->all[ONE]", "b->mem", "h->all[i].mem", "of 'b', and taken from 'h->all[i]'"),
        ("(struct owl *)h", "o->mem", "b->mem", "of 'o', and taken from 'b'"),
        ("&h->all[i]", "b->mem", "o->mem", "of 'b', and taken from 'o'"),
        ("&h->own", "h->own.mem", "b->mem", ""),
        ("o", "o->mem", "b->mem", ""),
        ("look(h)", "b->mem", "b->mem", ""),
        ("look(h)", "h->all[0 + i].mem", "h->all[i].mem", ""),
    ],
)
def test_in_one_function(tmp_path: Path, made: str, put: str, used: str, says: str) -> None:
    """Two expressions are two objects, unless one is a local that was made from the other."""
    notes = _notes(tmp_path, ONE.format(made, put, used))
    assert [note for note in notes if "taken from" in note and says in note] == ([notes[1]] if says else [])


@pytest.mark.parametrize(
    ("put", "used", "says"),
    [
        ("h->rx.mem", "other->tx.mem", "stored in owl.mem of 'h->rx', and taken from 'other->tx'"),
        ("h->rx.mem", "other->rx.mem", ""),
        ("h->all[i].mem", "other->all[j].mem", ""),
        ("h->all[ONE].mem", "other->all[TWO].mem", "of 'h->all[ONE]', and taken from 'other->all[TWO]'"),
    ],
)
def test_in_two_functions(tmp_path: Path, put: str, used: str, says: str) -> None:
    """Two members of one struct are two objects; names of variables of two functions tell nothing.

    Where memory is obtained in the line in which it is stored, the one step of that line says so.
    """
    notes = _notes(tmp_path, TWO.format(put, used))
    assert [note for note in notes if "taken from" in note and says in note] == ([notes[0]] if says else [])
