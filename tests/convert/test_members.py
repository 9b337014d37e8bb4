"""Members that hold descriptors, values that are `void *`, and pointers that come along."""

import pytest

from memdesc.convert.correspondences import Word, of_words
from memdesc.convert.descriptors import Descriptor
from memdesc.convert.edits import apply
from memdesc.convert.model import LOCAL, MEMBER, Conversion, Reason, Target
from memdesc.convert.rewrite import rewrite

ZP = Descriptor("zp", "page_zp", "zp_page", header="mm/zp.h")
WORDS = [
    Word("index", "next", "unsigned long", "struct zp *"),
    Word("index", "handle", "unsigned long", "unsigned long"),
]
HEADER = b"""\
struct page;
struct pool {
	int n;
	struct page *first;
	struct page *cache[8];
};
struct other {
	struct page *first;
};
void fill(int n, struct page **pages);
void *consume(struct pool *pool);
struct page *plain(void);
"""
FIRST = Target("include/a.h", "pool", MEMBER, "first", 4)
CACHE = Target("include/a.h", "pool", MEMBER, "cache", 5)


def convert(text: bytes, *targets: Target, header: bytes = HEADER) -> tuple[bytes, bytes, Conversion]:
    """Return the C file and the header after the conversion of `targets`."""
    texts = {"a.c": text, "include/a.h": header}
    known = of_words(lambda path: texts.get(path, b""), ["include/a.h"], ZP, WORDS)
    made = rewrite(lambda path: texts.get(path, b""), targets, known, lambda _: texts)
    after = {path: apply(texts[path], made.edits.get(path, ())) for path in texts}
    return after["a.c"], after["include/a.h"], made


def _argument(function: str, index: int = 0) -> Target:
    return Target("a.c", function, index)


TAKES = b"static int takes(struct page *page)\n{\n\treturn page->index == 3;\n}\n"


def test_member() -> None:
    """Reads, stores, tests and what is handed on; a member of the same name of another struct stays."""
    text = TAKES + (
        b"static void f(struct pool *pool, struct other *other)\n{\n"
        b"\tif (!pool->first || takes(pool->first))\n\t\tpool->first = NULL;\n"
        b"\tpool->first->index = 1;\n\tput(pool->first);\n\tother->first = pool->first;\n"
        b"\tpool->first = plain();\n\tother->first = plain();\n\ttakes(other->first);\n}\n"
    )
    after, header, made = convert(text, FIRST, _argument("takes"))
    assert set(made.converted) == {FIRST, _argument("takes")}
    assert b"struct page;\nstruct zp;\n" in header
    assert (
        b"\tstruct zp *first;\n\tstruct page *cache[8];\n};\nstruct other {\n\tstruct page *first;" in header
    )
    assert after.split(b"static void f", 1)[1] == (
        b"(struct pool *pool, struct other *other)\n{\n"
        b"\tif (!pool->first || takes(pool->first))\n\t\tpool->first = NULL;\n"
        b"\tpool->first->handle = 1;\n\tput(zp_page(pool->first));\n\tother->first = zp_page(pool->first);\n"
        b"\tpool->first = page_zp(plain());\n\tother->first = plain();\n\ttakes(page_zp(other->first));\n}\n"
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("g(&pool->first);", Reason.CHANGED),
        ("pool->first++;", Reason.CHANGED),
        ("return x->first;", None),
        ("find()->first = plain();", Reason.MEMBER),
    ],
)
def test_member_stays(body: str, reason: Reason | None) -> None:
    """Its address is taken, it is counted on, or it is taken of what nobody knows; not for another struct's."""
    text = (
        TAKES
        + b"static int f(struct pool *pool, struct other *x)\n{\n\ttakes(pool->first);\n\t%s\n}\n"
        % body.encode()
    )
    made = convert(text, FIRST, _argument("takes"))[2]
    assert [no.reason for no in made.refused] == ([reason] if reason else [])
    assert (FIRST in made.converted) == (reason is None)


def test_macro_uses_the_member() -> None:
    """What stands in a macro is no expression that could be edited."""
    header = HEADER + b"#define FIRST(pool) ((pool)->first)\n"
    made = convert(TAKES, FIRST, _argument("takes"), header=header)[2]
    assert [(no.target, no.reason) for no in made.refused] == [(FIRST, Reason.MEMBER)]


def test_array() -> None:
    """Elements are descriptors; the whole is cast where it is handed on, and not where its size is asked for."""
    text = TAKES + (
        b"static void f(struct pool *pool, int i)\n{\n"
        b"\tmemset(&pool->cache, 0, sizeof(pool->cache));\n\tfill(ARRAY_SIZE(pool->cache), pool->cache);\n"
        b"\tfill(2, pool->cache + i);\n\ttakes(pool->cache[i]);\n\tpool->cache[i++] = NULL;\n}\n"
    )
    after, header, made = convert(text, CACHE, _argument("takes"))
    assert made.refused == ()
    assert b"struct zp *cache[8];" in header
    assert after.split(b"{\n", 2)[2] == (
        b"\tmemset(&pool->cache, 0, sizeof(pool->cache));\n"
        b"\tfill(ARRAY_SIZE(pool->cache), (struct page **)pool->cache);\n"
        b"\tfill(2, (struct page **)pool->cache + i);\n\ttakes(pool->cache[i]);\n\tpool->cache[i++] = NULL;\n}\n"
    )


def test_holder() -> None:
    """A struct inside of another is told by the name of the member that it is, whatever its attributes."""
    header = HEADER + b"struct big {\n\tstruct pool mine ____cacheline_aligned;\n\tstruct other more;\n};\n"
    text = (
        b"#include <a.h>\n"
        + TAKES
        + (b"static void f(struct big *big)\n{\n\ttakes(big->mine.first);\n\tbig->more.first = plain();\n}\n")
    )
    after, _, made = convert(text, FIRST, _argument("takes"), header=header)
    assert made.refused == ()
    assert b"\ttakes(big->mine.first);\n\tbig->more.first = plain();\n" in after


def test_union() -> None:
    """A member of a union, taken of what is declared as one."""
    header = (
        HEADER
        + b"union both {\n\tstruct page *either;\n\tint n;\n};\nstruct holder {\n\tunion both *b;\n};\n"
    )
    text = (
        TAKES
        + b"static void f(struct holder *h, union both *u)\n{\n\ttakes(h->b->either);\n\tput(u->either);\n}\n"
    )
    either = Target("include/a.h", "both", MEMBER, "either", 14)
    after, told, made = convert(text, either, _argument("takes"), header=header)
    assert made.refused == ()
    assert b"union both {\n\tstruct zp *either;" in told
    assert b"\ttakes(h->b->either);\n\tput(zp_page(u->either));\n" in after


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        (
            b"#include <a.h>\nstatic void f(struct big *big)\n{\n\ttakes(big->mine.first);\n\tg()->first = 2;\n}\n",
            False,
        ),
        (b"#include <a.h>\nstatic void f(struct big *big)\n{\n\tput(big->mine.first);\n}\n", True),
        (b"static void f(struct big *big)\n{\n\tput(big->mine.first);\n}\n", False),
    ],
    ids=["no edit is needed", "a member that it sees", "it does not include the header"],
)
def test_file_without_the_struct(text: bytes, edited: bool) -> None:
    """A file that does not name the struct has it of a header that it includes, or has none of it."""
    texts = {"a.c": TAKES.replace(b"static ", b"") + FIRST_USE, "b.c": text}
    texts["include/a.h"] = HEADER + b"int takes(struct page *page);\nstruct big {\n\tstruct pool mine;\n};\n"
    known = of_words(lambda path: texts.get(path, b""), ["include/a.h"], ZP, WORDS)
    made = rewrite(lambda path: texts[path], [FIRST, _argument("takes")], known, lambda _: texts)
    assert made.refused == ()
    assert ("b.c" in made.edits) == edited


FIRST_USE = b"static int f(struct pool *pool)\n{\n\treturn takes(pool->first);\n}\n"


def test_two_structs_with_such_a_member() -> None:
    """Where a file has another struct with a member of the same name, it is not known which is meant."""
    header = HEADER + b"struct big {\n\tstruct pool mine;\n};\nstruct small {\n\tstruct other mine;\n};\n"
    text = TAKES + b"struct more {\n\tstruct other mine;\n\tstruct pool *pool;\n};\n" + FIRST_USE
    text += b"static void g(struct more *more)\n{\n\tput(more->mine.first);\n}\n"
    made = convert(text, FIRST, _argument("takes"), header=header)[2]
    assert [(no.target, no.reason) for no in made.refused] == [(FIRST, Reason.MEMBER)]


def test_void() -> None:
    """What is any pointer needs no converter, and gets none, which would refuse it."""
    text = TAKES + (
        b"static void f(struct pool *pool, void **data, struct page **pages)\n{\n"
        b"\tstruct page *page;\n\n\twhile ((page = consume(pool)))\n\t\ttakes(page);\n"
        b"\ttakes(data[1]);\n\ttakes(pages[1]);\n}\n"
    )
    page = Target("a.c", "f", LOCAL, "page", 7)
    after, _, made = convert(text, page, _argument("takes"))
    assert made.refused == ()
    assert b"\tstruct zp *zp;\n\n\twhile ((zp = consume(pool)))\n\t\ttakes(zp);\n" in after
    assert b"\ttakes(data[1]);\n\ttakes(page_zp(pages[1]));\n" in after


def test_tail() -> None:
    """What looks for the head has any page, of which such memory has no tails."""
    text = (
        TAKES
        + b"static int f(struct page *page)\n{\n\tpage = compound_head(page);\n\treturn takes(page);\n}\n"
    )
    made = convert(text, _argument("f"), _argument("takes"))[2]
    assert [(no.target, no.reason) for no in made.refused] == [(_argument("f"), Reason.TAIL)]
    assert made.converted == (_argument("takes"),)


ADOPTED = TAKES + (
    b"static void f(struct page *page, struct pool *pool)\n{\n\tstruct page *mine;\n\n"
    b"\tpage->index = 2;\n\tpool->first = page;\n\tmine = pool->first;\n\ttakes(mine);\n%s}\n"
)


def test_adopted() -> None:
    """A member and a local of which nobody said anything hold nothing else than what is converted."""
    asked = (_argument("f"), _argument("takes"), Target("include/a.h", "no", 0))
    after, header, made = convert(ADOPTED % b"", *asked)
    assert {t.what for t in made.converted if t not in asked} == {"member first", "local mine"}
    assert b"struct zp *first;" in header
    assert b"\tzp->handle = 2;\n\tpool->first = zp;\n\tmine = pool->first;\n\ttakes(mine);\n" in after


def test_not_adopted() -> None:
    """Something else is stored there; it stays, and is not said to have been refused."""
    asked = (_argument("f"), _argument("takes"), Target("include/a.h", "no", 0))
    after, header, made = convert(ADOPTED % b"\tpool->first = plain();\n", *asked)
    assert set(made.converted) == set(asked[:2])
    assert [no.target for no in made.refused] == [asked[2]]
    assert b"struct page *first;" in header
    assert b"\tpool->first = zp_page(zp);\n\tmine = pool->first;\n\ttakes(page_zp(mine));\n" in after


def test_adopted_only_where_asked() -> None:
    """A file that nobody asked for keeps its members."""
    _, header, made = convert(ADOPTED % b"", _argument("f"), _argument("takes"))
    assert "member" not in {t.role for t in made.converted}
    assert header == HEADER
