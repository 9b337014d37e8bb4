"""Functions that the macros of a file define are read as if they were written out."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level
from memdesc.source.expanding import Expander
from memdesc.source.text import split

OPTIONS = pipeline.Options(1, False, Level.NOTE, Interpretation.OTTAWA)
MACROS = """
#define HEAD_ONLY(page, enforce) ({				\\
		VM_BUG_ON_PGFLAGS(enforce && PageTail(page), page);	\\
		page; })
#define ONE(name, policy)				\\
static inline void Take##name(struct page *page)	\\
{ set_bit(PG_##name, &policy(page, 1)->flags); }
#define OTHER(name, policy)				\\
static inline int Ask##name(struct page *page)		\\
{ return test_bit(PG_##name, &policy(page, 0)->flags); }
#define BOTH(name, policy)	ONE(name, policy) OTHER(name, policy)
BOTH(Swan, HEAD_ONLY)
	ONE(Goose, HEAD_ONLY)
int plain(struct page *page) { return 0; }
"""
USE = """
void f(void)
{
	struct page *page = follow_page(vma, address, FOLL_GET);
	%s(page);
}
"""


@pytest.mark.parametrize(("name", "wrong"), [("TakeSwan", True), ("TakeGoose", True), ("AskSwan", False)])
def test_policies(name: str, wrong: bool, tmp_path: Path) -> None:
    """What a policy asserts is demanded by the functions that have it, at the place of the invocation.

    It is a note: a page that is looked up need not be a tail, and what is asserted is believed to be known.
    """
    path = tmp_path / "f.c"
    path.write_text(MACROS + USE % name)
    findings = pipeline.check([path], None, OPTIONS, lambda *_: None).findings
    assert [f.rule for f in findings] == ["tail-page-as-head"] * wrong
    if wrong:
        line = 12 if "Swan" in name else 13
        assert f"f.c:{line})" in findings[0].message


@pytest.mark.parametrize(
    "text",
    [
        b"#define F(x) F(x) void g##x(void) {}\nF(1)\n",
        b"#define A(x) B(x)\n#define B(x) A(x) int f(void) {}\nA(1)\n",
        b"#define F(x, y) int f##x(int y) { }\nF(1\n",
        b"#define F(x, y) int f##x(int y) { }\nF(1)\nF(,)\nF(1, 2, 3)\n",
        b"#define F(x) x x x x x x x x\n#define G(x) F(F(F(F(F(F(F(F(x)))))))) int f(void) {}\nG(int a;)\n",
        b"#define F(x) ##x## int f(void) {\nF(\xff)\n",
    ],
)
def test_odd_macros(text: bytes) -> None:
    """Macros that call themselves, are not closed or grow without end do no harm."""
    assert all(len(out) < 1 << 20 for _, out in Expander(split(text), frozenset()).definitions())
