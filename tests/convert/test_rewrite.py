"""Parameters become folios, or stay with a reason."""

import pytest

from memdesc.convert.correspondences import Correspondences
from memdesc.convert.edits import apply
from memdesc.convert.model import Conversion, Reason, Target
from memdesc.convert.rewrite import rewrite

KNOWN = Correspondences(
    {("unlock", 0): "folio_unlock", ("PageX", 0): "folio_test_x"},
    {"index": "index"},
    {("where", 0): "folio_where"},
)

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


def _run(text: bytes | dict[str, bytes], *names: str, index: int = 0, without: str = "") -> Conversion:
    """Convert parameter `index` of the functions `names`, of the first file or of FILE:NAME."""
    files = text if isinstance(text, dict) else {"a.c": text}
    first = next(iter(files))
    targets = [Target(*(name.split(":") if ":" in name else (first, name)), index) for name in names]
    return rewrite(
        lambda path: files.get(path, b""),
        targets,
        KNOWN,
        lambda name: [path for path, data in files.items() if name.encode() in data],
        [target for target in targets if target.function == without],
    )


def _all(files: dict[str, bytes], made: Conversion) -> dict[str, bytes]:
    return {path: apply(data, made.edits.get(path, ())) for path, data in files.items()}


def test_converted() -> None:
    """Two functions and their calls are converted together, and a second run finds nothing to do."""
    targets = [Target("a.c", "inner", 0), Target("a.c", "outer", 1)]
    made = rewrite(lambda _: BEFORE, targets, KNOWN)
    assert made.converted == tuple(targets)
    assert apply(BEFORE, made.edits["a.c"]) == AFTER
    assert made.touched[targets[0]] == {("a.c", "inner"), ("a.c", "outer"), ("a.c", "from_outside")}
    again = rewrite(lambda _: AFTER, targets, KNOWN)
    assert (again.edits, again.converted) == ({}, ())


def test_one_alone() -> None:
    """What calls a converted function, and stays itself, converts at the call."""
    made = _run(BEFORE, "inner")
    assert b"\treturn inner(page_folio(page), n);" in apply(BEFORE, made.edits["a.c"])


def test_line_ends_stay() -> None:
    """A file with CRLF keeps them, and every byte that is not a name."""
    text = BEFORE.replace(b"\n", b"\r\n")
    targets = [Target("a.c", "inner", 0), Target("a.c", "outer", 1)]
    made = rewrite(lambda _: text, targets, KNOWN)
    assert apply(text, made.edits["a.c"]) == AFTER.replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("page++; unlock(page);", Reason.CHANGED),
        ("if ((page = next(page))) unlock(page);", Reason.CHANGED),
        ("page += 1; unlock(page);", Reason.CHANGED),
        ("page = next(page); if (page) unlock(page);", Reason.MAYBE_NULL),
        ("page = next(page); hand(n); if (n) unlock(page);", Reason.MAYBE_NULL),
        ("unlock(page); hand(&page);", Reason.CHANGED),
        ("unlock(page); hand(page + 1);", Reason.CHANGED),
        ("unlock(page); hand(page[1]);", Reason.CHANGED),
        ("int folio = 1; unlock(page);", Reason.NAME_TAKEN),
        ("hand(page);", Reason.NOTHING),
        ("return page->private;", Reason.NOTHING),
        ("unlock(page);\n#define HAND hand(page)\nHAND;\n", Reason.UNREAD),
        ("struct folio *folio = page_folio(page); folio = next(folio);", Reason.NAME_TAKEN),
    ],
)
def test_stays(body: str, reason: Reason) -> None:
    """What cannot be understood in full stays, byte for byte."""
    text = f"static void f(struct page *page, int n)\n{{\n{body}\n}}\n".encode()
    made = _run(text, "f")
    assert made.edits == {}
    assert [no.reason for no in made.refused] == [reason]


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("unlock(page); keep(page->private);", "folio_unlock(folio); keep(folio->page.private);"),
        ("unlock(page); ASSERT(page);", "folio_unlock(folio); ASSERT(folio);"),
        ("unlock(page); IS_NODE(page);", "folio_unlock(folio); IS_NODE(&folio->page);"),
        ("unlock(page); x.page = page;", "folio_unlock(folio); x.page = &folio->page;"),
        ("unlock(page); if (page == p) n = 1;", "folio_unlock(folio); if (&folio->page == p) n = 1;"),
        ("if (!page) return; unlock(page);", "if (!folio) return; folio_unlock(folio);"),
        ("if (likely(page)) unlock(page);", "if (likely(folio)) folio_unlock(folio);"),
        ("unlock(page); n = (unsigned long)page;", "folio_unlock(folio); n = (unsigned long)&folio->page;"),
        ("keep(page_folio(page));", "keep(folio);"),
        (
            "unlock(page);\n#ifdef A\nhand(page);\n#endif\n",
            "folio_unlock(folio);\n#ifdef A\nhand(&folio->page);\n#endif\n",
        ),
        ("at = where(page);", "at = folio_where(folio);"),
        (
            "page = next(page); unlock(page);",
            "folio = page_folio(next(&folio->page)); folio_unlock(folio);",
        ),
        ("if (n) page = NULL; hand(page);", None),
        (
            "page = compound_head(page); unlock(page);",
            "folio = page_folio(&folio->page); folio_unlock(folio);",
        ),
        ("unlock(n ? page : p);", None),
        ("\tstruct folio *folio = page_folio(page);\n\n\tkeep(folio, page);", "\tkeep(folio, &folio->page);"),
    ],
)
def test_uses(body: str, after: str | None) -> None:
    """What becomes of each use."""
    text = f"static void f(struct page *page, int n)\n{{\n{body}\n}}\n"
    made = _run(text.encode(), "f")
    if after is None:
        assert [no.reason for no in made.refused] == [Reason.NOTHING]
        return
    expected = text.replace(body, after).replace("struct page *page", "struct folio *folio")
    assert apply(text.encode(), made.edits["a.c"]).decode() == expected


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ("struct operations ops = { .f = f };", Reason.TABLE),
        ("void g(void) { run(f); }", Reason.TABLE),
        ("#define CALL(p) f(p)", Reason.MACRO),
        ("#define MAKE(x) void make_##x(struct page *p) { x(p); }", None),
        ("void g(void) { f(NULL); f(find()); }", None),
    ],
)
def test_callers(after: str, reason: Reason | None) -> None:
    """A function that is used other than by calls that can be edited stays."""
    text = f"static void f(struct page *page)\n{{\n\tunlock(page);\n}}\n{after}\n".encode()
    for each in (text, text.replace(b"static ", b"")):
        made = _run(each, "f")
        assert (made.edits == {}) == (reason is not None)
        assert [no.reason for no in made.refused] == [reason] * (reason is not None)


@pytest.mark.parametrize("assigned", ["", "\tif (n)\n\t\tpage = NULL;\n"])
def test_a_pointer_that_is_assigned(assigned: str) -> None:
    """What is read of it is not sure to be what came in: a caller's page might be NULL."""
    text = f"static void f(struct page *page, int n)\n{{\n{assigned}\tunlock(page);\n}}\n"
    made = _run(f"{text}void g(struct page *p)\n{{\n\tf(p, 1);\n}}\n".encode(), "f")
    assert [no.reason for no in made.refused] == ([Reason.MAYBE_NULL] if assigned else [])


def test_pasted() -> None:
    """A name that a macro may make of parts is not touched: who uses it is not known."""
    text = b"void do_this(struct page *page)\n{\n\tunlock(page);\n}\n#define DO(what, p) do_##what(p)\n"
    assert [no.reason for no in _run(text, "do_this").refused] == [Reason.MACRO]
    assert _run(text.replace(b"do_##", b"to_##"), "do_this").refused == ()


@pytest.mark.parametrize(
    ("call", "given"),
    [
        ("f(n, p);", "page_folio(p)"),
        ("if (!p) return; f(n, p);", "page_folio(p)"),
        ("if (IS_ERR(p)) { n = 2; return; } f(n, p);", "page_folio(p)"),
        ("if (p) f(n, p);", "page_folio(p)"),
        ("if (p && n) f(n, p);", "page_folio(p)"),
        ("n = p->index; if (p) n = 2; f(n, p);", "page_folio(p)"),
        ("if (p) n = 1; f(n, p);", None),
        ("p = NULL; f(n, p);", None),
        ("if (!p) n = 2; f(n, p);", None),
        ("if (!p) return; again: p = next(); if (p) n = 2; f(n, p);", None),
        ("f(n, NULL); f(n, p);", None),
        ("if (!p) goto out; n = 2; out: n = p->index; f(n, p);", "page_folio(p)"),
        ("if (!p) goto out; n = p->index; out: n = 2; f(n, p);", None),
        ("if (!p) goto out; out: if (n) n = p->index; f(n, p);", None),
        ("f(n, &q->page);", "q"),
        ("if (p) n = 1; f(n, find());", None),
        ("struct folio *g = page_folio(p);\n f(n, p);", None),
        ("\n\tstruct folio *g = page_folio(p);\n\n f(n, p);", "g"),
    ],
)
def test_null(call: str, given: str | None) -> None:
    """page_folio() is put only where the page is known to be one: it was tested or read, or nobody doubts it."""
    text = (
        "static void f(int n, struct page *page)\n{\n\tif (n)\n\t\tunlock(page);\n}\n"
        f"void g(int n, struct page *p, struct folio *q)\n{{\n{call}\n}}\n"
    )
    made = _run(text.encode(), "f", index=1)
    if given is None and "page_folio" not in call:
        assert [no.reason for no in made.refused] == [Reason.MAYBE_NULL]
    elif given is not None:
        assert f"f(n, {given});".encode() in apply(text.encode(), made.edits["a.c"])


HEADER = b"""\
struct page;
int f(struct page *page, int n); /* page */
"""
HOME = b"""\
/**
 * f - do it
 * @page: what to do it to
 */
int f(struct page *page, int n)
{
	unlock(page);
	return n;
}
EXPORT_SYMBOL_GPL(f);
"""
USER = b"""\
void g(struct page *page, struct ops *ops)
{
	ops->f(page, 2);
	f(page, 1);
}
"""


def test_several_files() -> None:
    """A function that is not static is converted with its declarations, calls and comment, wherever they are."""
    other = (
        b"static int f(struct page *page)\n{\n\treturn 1;\n}\nint h(struct page *page) { return f(page); }\n"
    )
    files = {"a.c": HOME, "a.h": HEADER, "b.c": USER, "c.c": other}
    made = _run(files, "f")
    after = _all(files, made)
    assert after["a.h"] == b"struct page;\nstruct folio;\nint f(struct folio *folio, int n); /* page */\n"
    assert b" * @folio: what to do it to\n" in after["a.c"]
    assert b"\tf(page_folio(page), 1);" in after["b.c"]
    assert b"ops->f(page, 2)" in after["b.c"]
    assert after["c.c"] == other
    assert ("a.h", "") in made.touched[Target("a.c", "f", 0)]


def test_both_branches() -> None:
    """The empty function that a header gives where the real one is left out is converted with it."""
    real = b"#ifdef A\nint f(struct page *page);\n#else\n"
    header = real + b"static inline int f(struct page *page)\n{\n\treturn 0;\n}\n#endif\n"
    files = {"a.c": b"int f(struct page *page)\n{\n\treturn PageX(page);\n}\n", "a.h": header}
    after = _all(files, _run(files, "f"))
    assert after["a.h"].count(b"f(struct folio *folio)") == 2
    twice = {**files, "b.c": files["a.c"]}
    assert [no.reason for no in _run(twice, "f").refused] == [Reason.SEVERAL]


def test_alternatives() -> None:
    """Both definitions in the branches of an `#if` are converted."""
    one = b"static void f(struct page *page)\n{\n\tunlock(page);\n}\n"
    text = b"#ifdef A\n" + one + b"#else\n" + one.replace(b"unlock", b"PageX") + b"#endif\n"
    after = apply(text, _run(text, "f").edits["a.c"])
    assert after.count(b"f(struct folio *folio)") == 2
    assert b"folio_unlock(folio)" in after
    assert b"folio_test_x(folio)" in after


def test_given_up() -> None:
    """What does not build stays, and what calls it hands on a page again."""
    made = rewrite(
        lambda _: BEFORE,
        [Target("a.c", "inner", 0), Target("a.c", "outer", 1)],
        KNOWN,
        without=[Target("a.c", "inner", 0)],
    )
    assert [(no.target.function, no.reason) for no in made.refused] == [("inner", Reason.BUILD)]
    assert b"return inner(&folio->page, n);" in apply(BEFORE, made.edits["a.c"])


OPS = {
    "a.c": b"static int w(struct page *page, int n)\n{\n\tunlock(page);\n}\nstruct ops a = { .end = w };\n",
    "b.c": b"static int w(struct page *page, int n)\n{\n\treturn keep(page);\n}\nstruct ops b = {\n\t.end = w,\n};\n",
    "ops.h": b"struct ops {\n\tint (*end)(struct page *, int n);\n};\n",
    "run.c": (
        b"int run(struct ops *ops, struct page *page)\n{\n\tif (!ops->end)\n\t\treturn 1;\n"
        b"\treturn ops->end(page, 2);\n}\n"
    ),
}


def test_tables() -> None:
    """The functions of a table are converted together, with its member and the calls through it."""
    after = _all(OPS, _run(OPS, "a.c:w", "b.c:w"))
    assert b"int (*end)(struct folio *, int n);" in after["ops.h"]
    assert b"return ops->end(page_folio(page), 2);" in after["run.c"]
    assert b"keep(&folio->page)" in after["b.c"]
    assert b"w(struct folio *folio, int n)" in after["a.c"]


@pytest.mark.parametrize(
    ("files", "names", "detail"),
    [
        ({}, ["a.c:w"], "it also holds w()"),
        ({"c.c": b"struct ops c = { .end = other };"}, ["a.c:w", "b.c:w"], "it also holds other()"),
        ({"c.h": b"struct d { int (*end)(struct page *); };"}, ["a.c:w", "b.c:w"], "several tables"),
        ({"c.h": b"#define RUN(o, p) (o)->end(p, 1)\n"}, ["a.c:w", "b.c:w"], "a macro uses"),
        ({"b.c": OPS["b.c"].replace(b"keep(page)", b"page++")}, ["a.c:w", "b.c:w"], "it also holds w()"),
    ],
)
def test_tables_stay(files: dict[str, bytes], names: list[str], detail: str) -> None:
    """All together or none."""
    made = _run({**OPS, **files}, *names)
    assert made.edits == {}
    assert any(no.reason is Reason.TABLE and detail in no.detail for no in made.refused)


def test_another_table() -> None:
    """A member of the same name with another type is another member."""
    other = {
        "c.h": b"struct d { int (*end)(int); };",
        "c.c": b"int e(int n) { return n; }\nstruct d d = { .end = e };",
    }
    assert len(_run({**OPS, **other}, "a.c:w", "b.c:w").converted) == 2


def test_common_word() -> None:
    """A member whose name is a word of hundreds of files is not looked for in all of them."""
    many = {f"m{n}.c": b"int end;\n" for n in range(500)}
    made = _run({**OPS, **many}, "a.c:w", "b.c:w")
    assert made.edits == {}
    assert {no.detail for no in made.refused} == {"504 files have the word end"}


READS = """\
static void reads(struct page *page)
{
	unlock(page);
}
static void hands(int n, struct page *page)
{
	reads(page);
}
static void may(struct page *page, int n)
{
	if (n)
		reads(page);
	if (PageX(page))
		hand(n);
}
"""


@pytest.mark.parametrize(
    ("caller", "sure"),
    [
        ("hands(1, q->page);\n\tif (n)\n\t\tmaybe(q->page, n);", True),
        ("if (n)\n\t\thands(1, q->page);\n\tmaybe(q->page, n);", False),
        ("other(1, q->page);\n\tif (n)\n\t\tmaybe(q->page, n);", False),
        ("hands(1, q->page);\n\tq->page = next(q);\n\tmaybe(q->page, n);", False),
        ("(void)sizeof(hands(1, q->page));\n\tmaybe(q->page, n);", False),
    ],
)
def test_read_by_a_function_that_is_called(caller: str, sure: bool) -> None:
    """A function that reads what it is given shows that it is no NULL; so does one that hands it to such a one."""
    text = (
        f"{READS}static void maybe(struct page *page, int n)\n{{\n\tif (n)\n\t\tunlock(page);\n}}\n"
        f"void g(struct q *q, int n)\n{{\n\tif (!q->page)\n\t\thand(0);\n\t{caller}\n}}\n"
    ).encode()
    targets = [
        Target("a.c", "reads", 0),
        Target("a.c", "hands", 1),
        Target("a.c", "maybe", 0),
    ]
    made = rewrite(lambda _: text, targets, KNOWN)
    assert ("maybe" in {t.function for t in made.converted}) == sure
    refused = {no.target.function: no.reason for no in made.refused}
    assert refused.get("maybe") == (None if sure else Reason.MAYBE_NULL)


def test_another_function_of_the_name() -> None:
    """A static function of the caller's file hides the one that reads."""
    files = {
        "a.c": b"void reads(struct page *page)\n{\n\tunlock(page);\n}\n",
        "b.c": (
            b"static void maybe(struct page *page, int n)\n{\n\tif (n)\n\t\tunlock(page);\n}\n"
            b"void g(struct q *q, int n)\n{\n\tif (!q->page)\n\t\thand(0);\n"
            b"\treads(q->page);\n\tmaybe(q->page, n);\n}\n"
        ),
    }
    assert len(_run(files, "a.c:reads", "b.c:maybe").converted) == 2
    files["b.c"] = b"static void reads(struct page *page)\n{\n}\n" + files["b.c"]
    made = _run(files, "a.c:reads", "b.c:maybe")
    assert [no.reason for no in made.refused] == [Reason.MAYBE_NULL]
