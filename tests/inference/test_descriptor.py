"""Which descriptor a page pointer should have: a folio, this very page, or nobody knows."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level
from memdesc.inference.descriptor import Seen, judge
from memdesc.inference.evidence import EXACT, UNKNOWN, WHOLE, WITHIN
from memdesc.kinds import ANY, Kind
from memdesc.layout.offer import types_of
from memdesc.report import text

TYPES = types_of(None, None)
SLAB, NET = int(Kind.SLAB), int(Kind.NET)


def descriptor(seen: Seen) -> str | None:
    """Return the name of the type that is judged right among those of the newest kernel."""
    return judge(seen, TYPES).name


FILE, TAIL, DRIVER, ANON = Kind.FILE, Kind.TAIL, Kind.DRIVER, Kind.ANON


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Seen(Kind.NONE, 0, 0, 0), None),
        (Seen(Kind.NONE, WHOLE, WHOLE, UNKNOWN), "folio"),
        (Seen(FILE, WHOLE | EXACT, WHOLE | EXACT, 0), "folio"),  # a head may be mapped, too
        (Seen(FILE | TAIL, WHOLE | EXACT, WHOLE | EXACT, 0), "page"),
        (Seen(FILE | TAIL, WITHIN, WITHIN, 0), "folio"),  # it finds the head, and does nothing else
        (Seen(FILE | TAIL, WITHIN | EXACT, WITHIN | EXACT, 0), "page"),
        (Seen(Kind.NONE, EXACT, EXACT, UNKNOWN), "page"),
        (Seen(Kind.NONE, EXACT, EXACT, WHOLE | UNKNOWN), None),
        (Seen(FILE, 0, EXACT | WHOLE, UNKNOWN), "folio"),  # a head somewhere is a head here
        (Seen(FILE | ANON, 0, 0, UNKNOWN), "folio"),  # all that arrives are heads
        (Seen(FILE, EXACT, EXACT, WHOLE), "folio"),  # each caller hands in a head
        (Seen(FILE, EXACT, EXACT, WHOLE | UNKNOWN), None),
        (Seen(Kind.NONE, WITHIN | EXACT, WITHIN | EXACT, 0), None),
        (Seen(DRIVER, WHOLE, WHOLE, 0), None),  # a driver's page has an index as well
        (Seen(Kind.NET, 0, 0, 0), "netmem"),
        (Seen(Kind.NET, EXACT, EXACT, 0), "page"),
        (Seen(Kind.SLAB | FILE, WITHIN, WITHIN, 0), "page"),
        (
            Seen(Kind.SLAB, SLAB | EXACT | WHOLE, SLAB | EXACT | WHOLE, UNKNOWN),
            "slab",
        ),  # its own words decide
        (Seen(DRIVER, SLAB | WITHIN, SLAB | WITHIN, UNKNOWN), "slab"),  # fresh pages contradict nothing
        (Seen(Kind.SLAB, 0, 0, UNKNOWN), None),  # pieces of a slab are anybody's
        (Seen(Kind.NONE, EXACT, EXACT, UNKNOWN, around=SLAB), "slab"),  # whoever hands it in says so
        (Seen(Kind.NONE, EXACT, EXACT, UNKNOWN, around=SLAB | UNKNOWN), "page"),
        (Seen(Kind.ZSMALLOC | Kind.SLAB, EXACT, EXACT, UNKNOWN), "zpdesc"),  # an object that lies there, too
        (Seen(Kind.ZSMALLOC | Kind.TABLE, EXACT, EXACT, UNKNOWN), "page"),
        (Seen(Kind.NONE, 0, SLAB | NET, UNKNOWN), "page"),  # words of two
        (Seen(Kind.NONE, SLAB, SLAB, UNKNOWN, refused=Kind.SLAB), "page"),
        (Seen(Kind.NONE, WITHIN, WITHIN, 0, offered=""), None),  # made to be given any page
        (Seen(FILE, WHOLE, WHOLE, 0, offered="page"), "page"),
        (Seen(Kind.NONE, 0, 0, 0, "struct folio *"), "folio"),
    ],
)
def test_judgements(seen: Seen, expected: str | None) -> None:
    """Kinds and evidence decide together."""
    assert descriptor(seen) == expected


KINDS = st.builds(Kind, st.integers(0, int(ANY)))
BITS = st.integers(0, (1 << 36) - 1)
USES = st.integers(0, 15).map(lambda n: n << 32)


@given(KINDS, BITS, BITS, BITS, st.booleans())
def test_whatever_is_seen_has_an_answer(
    arrives: Kind, here: int, more: int, before: int, returned: bool
) -> None:
    """It is one of the descriptors or none, and how a page is held does not matter."""
    seen = Seen(arrives, here, here | more, before, "struct page *", returned)
    held = Seen(arrives | Kind.UNREF | Kind.PTL, here, here | more, before, "struct page *", returned)
    assert descriptor(seen) == descriptor(held)
    assert descriptor(seen) in {*(t.name for t in TYPES.all), "page", None}


@given(USES, USES)
def test_a_tail_that_is_used_as_a_page_is_no_folio(here: int, before: int) -> None:
    """Whatever else is known of it."""
    assert descriptor(Seen(FILE | TAIL, here | EXACT, here | EXACT, before)) == "page"


SOURCE = """
static void wipe(struct page *page)
{
	clear_highpage(page);
}
static void finish(struct page *page)
{
	SetPageUptodate(page);
	unlock_page(page);
}
void whole(struct page *page)
{
	finish(page);
}
void later(struct page *page, int n)
{
	clear_highpage(page + n);
}
void stored(struct page *page, struct page_pool *pool)
{
	page->pp = pool;
}
void of_folio(struct folio *folio)
{
	handed(&folio->page);
}
struct page *made(struct address_space *mapping)
{
	struct page *page = find_lock_page(mapping, 0);

	SetPageUptodate(page);
	return page;
}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree of which two files in tools/ and one elsewhere declare a page."""
    (tmp_path / "include" / "linux").mkdir(parents=True)
    (tmp_path / "Makefile").write_text("VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\nEXTRAVERSION =\n")
    for name in ("mm/own.c", "tools/mm/own.c", "tools/testing/own.c", "toolset/own.c"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("void use(struct page *page)\n{\n	lock_page(page);\n}\n")
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "listed", "left_out"),
    [
        (["."], {"mm/own.c", "toolset/own.c"}, 2),
        (["tools"], {"tools/mm/own.c", "tools/testing/own.c"}, 0),
        (["tools/mm"], {"tools/mm/own.c"}, 0),
        (["tools/testing/own.c"], {"tools/testing/own.c"}, 0),
        (["mm"], {"mm/own.c"}, 0),
        ([".", "tools/mm"], {"mm/own.c", "toolset/own.c", "tools/mm/own.c"}, 1),
    ],
)
def test_tools_are_left_out_unless_they_are_asked_for(
    tree: Path, asked: list[str], listed: set[str], left_out: int
) -> None:
    """Their struct page is not the kernel's; how many were left out is told."""
    options = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)
    found = pipeline.infer([tree / path for path in asked], tree, options, lambda *_: None)
    assert {e.file for e in found.entities} == listed
    assert found.left_out == left_out
    told = f"{left_out} declaration{'s' * (left_out > 1)} in tools/ left out; name the folder to see them"
    assert (told in text.infer_summary(found)) == bool(left_out)


def test_a_file_outside_a_tree_may_lie_in_tools(tmp_path: Path) -> None:
    """Only a kernel's own tools/ is left out."""
    options = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)
    (tmp_path / "tools").mkdir()
    for name in ("own.c", "tools/own.c"):
        (tmp_path / name).write_text("void use(struct page *page)\n{\n	lock_page(page);\n}\n")
    found = pipeline.infer([tmp_path / "own.c", tmp_path / "tools/own.c"], None, options, lambda *_: None)
    assert [e.file for e in found.entities] == ["own.c", "tools/own.c"]
    assert not found.left_out


def test_a_file(tmp_path: Path) -> None:
    """Evidence comes back from called functions and stores, not through arithmetic."""
    path = tmp_path / "own.c"
    path.write_text(SOURCE)
    options = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)
    found = pipeline.infer([path], None, options, lambda *_: None).entities
    said = {(e.function, e.role.value): e.descriptor for e in found if e.role.value in ("param", "return")}
    assert said == {
        ("wipe", "param"): "page",
        ("finish", "param"): "folio",
        ("whole", "param"): "folio",
        ("later", "param"): None,
        ("stored", "param"): "netmem",
        ("of_folio", "param"): "folio",
        ("made", "return"): "folio",
    }
