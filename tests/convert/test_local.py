"""Locals and results become folios where that makes converters unnecessary, and stay where it might read NULL."""

import pytest

from memdesc.convert.correspondences import Correspondences
from memdesc.convert.edits import apply
from memdesc.convert.model import LOCAL, RESULT, Conversion, Reason, Target
from memdesc.convert.rewrite import rewrite

KNOWN = Correspondences(
    {("unlock", 0): "folio_unlock", ("PageX", 0): "folio_test_x"},
    {"index": "index"},
    {},
    {"get": "folio_get"},
)


def _run(text: bytes, *targets: Target) -> tuple[bytes, Conversion]:
    made = rewrite(lambda _: text, targets, KNOWN)
    return apply(text, made.edits.get("a.c", ())), made


def _local(name: str = "page", function: str = "f", line: int = 0) -> Target:
    return Target("a.c", function, LOCAL, name, line or 3)


@pytest.mark.parametrize(
    ("declaration", "body", "after"),
    [
        ("struct page *page = get(1);", "unlock(page);", "folio_unlock(folio);"),
        ("struct page *page = q->page;", "unlock(page);", "folio_unlock(folio);"),
        (
            "struct page *page = NULL;",
            "page = get(1); unlock(page);",
            "folio = folio_get(1); folio_unlock(folio);",
        ),
        (
            "struct page *page = get(1);",
            "if (!page) return; unlock(page);",
            "if (!folio) return; folio_unlock(folio);",
        ),
        (
            "struct page *page = get(1);",
            "r = PTR_ERR(page); unlock(page);",
            "r = PTR_ERR(folio); folio_unlock(folio);",
        ),
        (
            "struct page *page;",
            "page = n ? get(1) : &fo->page; unlock(page);",
            "folio = n ? folio_get(1) : fo; folio_unlock(folio);",
        ),
        (
            "struct page *page;",
            "while ((page = get(1))) unlock(page);",
            "while ((folio = folio_get(1))) folio_unlock(folio);",
        ),
        (
            "struct page *page;",
            "page = alloc(); unlock(page);",
            "folio = page_folio(alloc()); folio_unlock(folio);",
        ),
        (
            "struct page *page;",
            "page = compound_head(q->p); unlock(page);",
            "folio = page_folio(q->p); folio_unlock(folio);",
        ),
    ],
)
def test_converted(declaration: str, body: str, after: str) -> None:
    """The declaration, what is assigned and the uses change together."""
    text = f"static void f(int n, struct q *q, struct folio *fo)\n{{\n\t{declaration}\n\t{body}\n}}\n"
    found, made = _run(text.encode(), _local())
    assert [target.role for target in made.converted] == ["local"], made.refused
    assert f"\t{after}\n" in found.decode()
    assert b"struct folio *folio" in found
    again = rewrite(lambda _: found, [_local()], KNOWN)
    assert again.edits == {}


@pytest.mark.parametrize(
    ("declaration", "body", "reason"),
    [
        ("struct page *page = alloc();", "if (!page) return; unlock(page);", Reason.MAYBE_NULL),
        ("struct page *page = alloc();", "if (n) return; unlock(page);", Reason.MAYBE_NULL),
        ("struct page *page = q->p;", "if (q->p) unlock(page);", Reason.MAYBE_NULL),
        ("struct page *page;", "get_it(&page); unlock(page);", Reason.CHANGED),
        ("struct page *page = get(1);", "unlock(page); page++;", Reason.CHANGED),
        ("struct page *page = get(1);", "keep(page);", Reason.NOTHING),
        ("struct page *page = get(1);", "unlock(page); a(page); b(page); c(page);", Reason.MORE),
        ("struct page *page = get(1), **p;", "unlock(page);", Reason.SIBLING),
        ("struct page *page = get(1), *o = q->o;", "unlock(page);", Reason.SIBLING),
        ("struct page *page = get(1);", "{ struct page *page = get(2); unlock(page); }", Reason.NAME_TAKEN),
        ("struct page *page = get(1);", "int folio = 1; unlock(page);", Reason.NAME_TAKEN),
        ("struct page *page = get(1) + n;", "unlock(page);", Reason.EXPRESSION),
        ("struct page *page;", "unlock(page = get(1));", Reason.EXPRESSION),
        ("static struct page *page;", "page = get(1); unlock(page);", Reason.NOT_FOUND),
    ],
)
def test_stays(declaration: str, body: str, reason: Reason) -> None:
    """What cannot be understood, or needs more converters than before, stays byte for byte."""
    text = f"static void f(int n, struct q *q)\n{{\n\t{declaration}\n\t{body}\n}}\n"
    found, made = _run(text.encode(), _local())
    assert found.decode() == text
    assert [no.reason for no in made.refused] == [reason]


def test_alias() -> None:
    """A page that is a folio's for good is that folio: its declaration goes."""
    text = (
        b"static int f(struct file *file, struct folio *folio)\n{\n\tstruct page *page = &folio->page;\n"
        b"\tint n = 1;\n\n\tif (PageX(page))\n\t\tkeep(page);\n\tunlock(page);\n\treturn n;\n}\n"
    )
    found, _ = _run(text, _local())
    assert b"page *" not in found
    assert b"\tif (folio_test_x(folio))\n\t\tkeep(&folio->page);\n\tfolio_unlock(folio);\n" in found
    changed = text.replace(b"\tunlock", b"\tfolio = other();\n\tunlock")
    assert [no.reason for no in _run(changed, _local())[1].refused] == [Reason.NAME_TAKEN]


def test_several_in_one_declaration() -> None:
    """Locals of one declaration become folios all or none."""
    text = (
        b"static void f(void)\n{\n\tstruct page *page = get(1), *opage = get(2);\n"
        b"\tunlock(page);\n\tunlock(opage);\n}\n"
    )
    found, made = _run(text, _local(), _local("opage"))
    assert b"struct folio *folio = folio_get(1), *ofolio = folio_get(2);" in found
    assert len(made.converted) == 2


def test_scopes() -> None:
    """Two locals of the same name in two blocks are two; the one that stays is not touched."""
    text = (
        b"static void f(int n)\n{\n\tif (n) {\n\t\tstruct page *page = get(1);\n\t\tunlock(page);\n\t} else {\n"
        b"\t\tstruct page *page = alloc();\n\t\tif (page)\n\t\t\tunlock(page);\n\t}\n}\n"
    )
    found, made = _run(text, _local(line=4), _local(line=7))
    assert b"struct folio *folio = folio_get(1);\n\t\tfolio_unlock(folio);" in found
    assert b"struct page *page = alloc();\n\t\tif (page)\n\t\t\tunlock(page);" in found
    assert [no.reason for no in made.refused] == [Reason.MAYBE_NULL]


RESULTS = b"""\
static struct page *locked(int n)
{
	struct page *page = get(n);

	if (!page)
		return NULL;
	unlock(page);
	return page;
}

static void user(int n)
{
	struct page *page = locked(n);

	if (page)
		unlock(page);
	keep(locked(2));
	n = locked(3) == NULL;
}

static struct page *stays(int n)
{
	return locked(n);
}
"""


def test_result() -> None:
    """A result is a folio when the callers want one; who wants a page gets it by its address, NULL too."""
    targets = [_local(function="locked"), Target("a.c", "locked", RESULT), _local(function="user", line=12)]
    found, made = _run(RESULTS, *targets)
    assert [target.function for target in made.converted] == ["locked"], made.refused
    assert [no.reason for no in made.refused] == [Reason.MORE, Reason.MAYBE_NULL]
    assert found.startswith(b"static struct page *locked(int n)\n{\n\tstruct folio *folio = folio_get(n);\n")
    assert b"\treturn &folio->page;\n" in found
    fewer = RESULTS.replace(b"\tkeep(locked(2));\n", b"")
    found, made = _run(fewer, *targets)
    assert len(made.converted) == 3, made.refused
    assert found.startswith(b"static struct folio *locked(int n)\n")
    assert b"\treturn folio;\n" in found
    assert b"struct folio *folio = locked(n);" in found
    assert b"n = (&locked(3)->page) == NULL;" in found
    assert b"return &locked(n)->page;" in found


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (b"int h(void)\n{\n\treturn locked(1)->index;\n}\n", Reason.EXPRESSION),
        (b"struct ops ops = { .get = locked };\n", Reason.TABLE),
        (b"#define L locked(1)\n", Reason.MACRO),
        (
            b"void h(void)\n{\n\tunlock(locked(1));\n\tunlock(locked(1));\n\tunlock(locked(1));\n}\n",
            Reason.MORE,
        ),
    ],
)
def test_result_stays(more: bytes, reason: Reason) -> None:
    """A result that is used in another way than is understood, or by too many who want pages, stays."""
    targets = [_local(function="locked"), Target("a.c", "locked", RESULT), _local(function="user", line=13)]
    _, made = _run(RESULTS.replace(b"\tkeep(locked(2));\n", b"") + more, *targets)
    assert reason in [no.reason for no in made.refused if no.target.index == RESULT]


def _function(body: str) -> bytes:
    lines = "".join(f"\t{line}\n" if line else "\n" for line in body.split("|"))
    return f"void f(struct q *q, int n)\n{{\n{lines}}}\n".encode()


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (
            "struct page *page = q->page;|struct folio *folio = page_folio(page);||unlock(page);|use(folio, page);",
            "struct folio *folio = page_folio(q->page);||folio_unlock(folio);|use(folio, &folio->page);",
        ),
        (
            "struct page *page = q->page;|struct folio *x, *own = page_folio(page);||unlock(page);|use(own);",
            "struct folio *own = page_folio(q->page);|struct folio *x;||folio_unlock(own);|use(own);",
        ),
        (
            "struct page *page = q->page;|struct folio *own = page_folio(page), *x;||unlock(page);|use(own);",
            "struct folio *own = page_folio(q->page);|struct folio *x;||folio_unlock(own);|use(own);",
        ),
        (
            "struct folio *folio = q->folio;|struct page *page = folio_page(folio, 0);||unlock(page);",
            "struct folio *folio = q->folio;||folio_unlock(folio);",
        ),
    ],
)  # fmt: skip
def test_a_folio_beside_it(body: str, after: str) -> None:
    """A local whose folio is a local, too, is that folio; only one of the two is left."""
    line = 3 + next(at for at, each in enumerate(body.split("|")) if "struct page" in each)
    text, made = _run(_function(body), _local(line=line))
    assert not made.refused
    assert text == _function(after)
    assert _run(text)[1].edits == {}


@pytest.mark.parametrize(
    "body",
    [
        "struct page *page = q->page;|struct folio *folio = page_folio(page);||folio = next(folio);|unlock(page);",
        "struct page *page = q->page;|struct folio *folio = page_folio(page);||page = get(2);|unlock(page);",
        "struct page *page = q->page;|struct folio *folio = page_folio(q->other);||unlock(page);",
        "struct folio *folio = q->folio;|struct page *page = folio_page(folio, n);||unlock(page);",
        "struct page *page = q->page;|struct folio **folio = page_folio(page);||unlock(page);",
        "struct page *page = q->page;|long folio = page_folio(page);||unlock(page);",
    ],
)  # fmt: skip
def test_another_folio_beside_it(body: str) -> None:
    """One that changes, or is that of another page, is not the local's."""
    text = _function(body)
    line = 3 + next(at for at, each in enumerate(body.split("|")) if "struct page" in each)
    after, made = _run(text, _local(line=line))
    assert after == text
    assert [no.reason for no in made.refused] == [Reason.NAME_TAKEN]
