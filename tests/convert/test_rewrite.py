"""Parameters become folios, or stay with a reason."""

import pytest

from memdesc.convert.correspondences import Correspondences
from memdesc.convert.edits import apply
from memdesc.convert.rewrite import Reason, Target, rewrite

KNOWN = Correspondences({("unlock", 0): "folio_unlock", ("PageX", 0): "folio_test_x"}, {"index": "index"})

BEFORE = b"""\
static int inner(struct page *page, int n) /* page: kept in comments */
{
	if (PageX(page))
		n += other(page, "page");
	unlock(page);
	return n + page->index;
}

static int outer(int n, struct page *page)
{
	unlock(page);
	return inner(page, n);
}

int from_outside(struct page *page)
{
	return outer(1, page) + inner(find(1), 2);
}
"""
AFTER = b"""\
static int inner(struct folio *folio, int n) /* page: kept in comments */
{
	if (folio_test_x(folio))
		n += other(&folio->page, "page");
	folio_unlock(folio);
	return n + folio->index;
}

static int outer(int n, struct folio *folio)
{
	folio_unlock(folio);
	return inner(folio, n);
}

int from_outside(struct page *page)
{
	return outer(1, page_folio(page)) + inner(page_folio(find(1)), 2);
}
"""


def test_converted() -> None:
    """Two functions and their calls are converted together, and a second run finds nothing to do."""
    targets = [Target("inner", 0), Target("outer", 1)]
    made = rewrite(BEFORE, targets, KNOWN)
    assert made.converted == tuple(targets)
    assert apply(BEFORE, made.edits) == AFTER
    assert rewrite(AFTER, targets, KNOWN).edits == ()


def test_one_alone() -> None:
    """What calls a converted function, and stays itself, converts at the call."""
    made = rewrite(BEFORE, [Target("inner", 0)], KNOWN)
    assert b"\treturn inner(page_folio(page), n);" in apply(BEFORE, made.edits)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("page++; unlock(page);", Reason.CHANGED),
        ("page = next(page); unlock(page);", Reason.CHANGED),
        ("unlock(page); hand(&page);", Reason.CHANGED),
        ("unlock(page); hand(page + 1);", Reason.CHANGED),
        ("unlock(page); hand(page[1]);", Reason.CHANGED),
        ("if (!page) return; unlock(page);", Reason.MAYBE_NULL),
        ("if (page == NULL) return; unlock(page);", Reason.MAYBE_NULL),
        ("if (n) return; unlock(page);", Reason.MAYBE_NULL),
        ("if (n) unlock(page);", Reason.MAYBE_NULL),
        ("if (n && PageX(page)) n = 1;", Reason.MAYBE_NULL),
        ("unlock(page); hand(page->private);", Reason.PAGE_MEMBER),
        ("int folio = 1; unlock(page);", Reason.NAME_TAKEN),
        ("hand(page);", Reason.MAYBE_NULL),
        ("unlock(page);\n#ifdef A\nhand(page);\n#endif\n", Reason.DIRECTIVE),
    ],
)
def test_stays(body: str, reason: Reason) -> None:
    """What cannot be understood in full stays, byte for byte."""
    text = f"static void f(struct page *page, int n)\n{{\n{body}\n}}\n".encode()
    made = rewrite(text, [Target("f", 0)], KNOWN)
    assert made.edits == ()
    assert [no.reason for no in made.refused] == [reason]


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ("struct operations ops = { .f = f };", Reason.ESCAPES),
        ("#define CALL(p) f(p)", Reason.ESCAPES),
        ("void g(void) { f(NULL); }", Reason.MAYBE_NULL),
    ],
)
def test_callers(after: str, reason: Reason) -> None:
    """A function that is used other than by calls in its file stays."""
    text = f"static void f(struct page *page)\n{{\n\tunlock(page);\n}}\n{after}\n".encode()
    made = rewrite(text, [Target("f", 0)], KNOWN)
    assert made.edits == ()
    assert [no.reason for no in made.refused] == [reason]
    assert (
        rewrite(text.replace(b"static ", b""), [Target("f", 0)], KNOWN).refused[0].reason is Reason.NOT_STATIC
    )
