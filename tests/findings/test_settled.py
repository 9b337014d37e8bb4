"""Frees that are taken for each other: what tells the memories apart is asked, and answered the wrong way round.

Of each pair of functions the one is right and the other has its two frees swapped.
"""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level

OPTIONS = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)
STRUCT = "struct owl { void *buf; size_t n; int type; };\n"
PROGRAMS = {
    "a flag that is set with the memory": """
void f(int n)
{{
	bool vm = false;
	void *p = kmalloc(n, GFP_KERNEL);

	if (!p) {{
		p = vmalloc(n);
		vm = true;
	}}
	if (vm)
		{0}(p);
	else
		{1}(p);
}}
""",
    "a test of the kernel": """
void f(int n)
{{
	void *p = kvmalloc(n, GFP_KERNEL);

	if (is_vmalloc_addr(p))
		{0}(p);
	else
		{1}(p);
}}
""",
    "the size": """
void f(size_t n)
{{
	void *p;

	if (n > PAGE_SIZE)
		p = vmalloc(n);
	else
		p = kmalloc(n, GFP_KERNEL);
	if (n > PAGE_SIZE)
		{0}(p);
	else
		{1}(p);
}}
""",
    "a parameter, in an expression": """
void f(int n, bool big)
{{
	void *p = big ? vmalloc(n) : kmalloc(n, GFP_KERNEL);

	if (big)
		{0}(p);
	else
		{1}(p);
}}
""",
    "the size that the object keeps": """
void f(struct owl *o)
{{
	if (o->n > PAGE_SIZE)
		o->buf = vmalloc(o->n);
	else
		o->buf = kmalloc(o->n, GFP_KERNEL);
}}
void g(struct owl *o)
{{
	if (o->n > PAGE_SIZE)
		{0}(o->buf);
	else
		{1}(o->buf);
}}
""",
    "the type of the object": """
void f(struct owl *o)
{{
	switch (o->type) {{
	case OWL_LARGE:
		o->buf = vmalloc(o->n);
		break;
	case OWL_SMALL:
		o->buf = kmalloc(o->n, GFP_KERNEL);
		break;
	}}
}}
void g(struct owl *o)
{{
	switch (o->type) {{
	case OWL_LARGE:
		{0}(o->buf);
		break;
	case OWL_SMALL:
		{1}(o->buf);
		break;
	}}
}}
""",
}


def _rules(folder: Path, text: str) -> list[str]:
    file = folder / "a.c"
    file.write_text(STRUCT + text)
    return [found.rule for found in pipeline.check([file], None, OPTIONS, lambda *_: None).findings]


@pytest.mark.parametrize("name", PROGRAMS)
def test_frees_that_are_right(name: str, tmp_path: Path) -> None:
    """Nothing is said of who asks and frees rightly."""
    assert not _rules(tmp_path, PROGRAMS[name].format("vfree", "kfree"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_frees_that_are_swapped(name: str, tmp_path: Path) -> None:
    """That a function frees one way or another is no excuse where the answer is known."""
    found = _rules(tmp_path, PROGRAMS[name].format("kfree", "vfree"))
    assert found
    assert set(found) == {"mismatched-free"}


@pytest.mark.parametrize("question", ["look(o)", "o->type & OWL_LARGE", "o->n"])
def test_a_question_of_which_nothing_is_known(question: str, tmp_path: Path) -> None:
    """Where nothing tells how the question was answered when the memory was obtained, the function knows."""
    assert not _rules(
        tmp_path,
        f"""
void f(struct owl *o, bool big)
{{
	if (big)
		o->buf = vmalloc(o->n);
	else
		o->buf = kmalloc(o->n, GFP_KERNEL);
}}
void g(struct owl *o)
{{
	if ({question})
		kfree(o->buf);
	else
		vfree(o->buf);
}}
""",
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("if (is_vmalloc_addr(p)) kfree(p); else vfree(p);", 1),
        ("if (!is_vmalloc_addr(p)) vfree(p); else kfree(p);", 1),
        ("if (is_vmalloc_addr(p)) sg_init_one(s, p, 4);", 1),
        ("if (is_vmalloc_addr(p)) vfree(p); else kfree(p);", 0),
        ("WARN_ON(is_vmalloc_addr(p)); kfree(p);", 0),
        ("if (is_vmalloc_addr(p)) { look(p); } kfree(p);", 0),
        ("if (is_vmalloc_addr(p)) p = kmalloc(4, GFP_KERNEL); kfree(p);", 0),
    ],
)
def test_what_a_test_tells_of_memory_from_anywhere(text: str, count: int, tmp_path: Path) -> None:
    """A use of the tested value, in the branch of the answer that it does not accept."""
    assert len(_rules(tmp_path, f"void f(void *p, struct scatterlist *s)\n{{\n\t{text}\n}}\n")) == count
