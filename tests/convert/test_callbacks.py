"""Functions that are handed on as a type of callbacks are converted together with the type, or stay."""

import pytest

from memdesc.convert.correspondences import Correspondences
from memdesc.convert.edits import apply
from memdesc.convert.model import Conversion, Reason, Target
from memdesc.convert.rewrite import rewrite

KNOWN = Correspondences({("unlock", 0): "folio_unlock"}, {})
HEADER = b"""\
struct page;
typedef int (*each_t)(int n, struct page *page, void *data);
int for_all(struct list *all, each_t call, void *data);
"""
WALK = b"""\
static int one(struct list *all, each_t call)
{
	if (call && all)
		return (*call)(1, all->page, 0);
	return 0;
}
int for_all(struct list *all, each_t call, void *data)
{
	struct page *page;

	if (!call)
		return 0;
	while ((page = next(all)))
		if (call(1, page, data))
			return 1;
	return one(all, call);
}
EXPORT_SYMBOL(for_all);
"""
USER = b"""\
static int visit(int n, struct page *page, void *data)
{
	unlock(page);
	return n;
}
void user(struct list *all)
{
	for_all(all, visit, 0);
	for_all(all, NULL, 0);
}
"""
OTHER = USER.replace(b"visit", b"other").replace(b"user", b"others")
FILES = {"include/w.h": HEADER, "mm/w.c": WALK, "fs/a.c": USER, "fs/b.c": OTHER}
TARGETS = [Target("fs/a.c", "visit", 1), Target("fs/b.c", "other", 1)]


def _run(files: dict[str, bytes], targets: list[Target] = TARGETS) -> Conversion:
    return rewrite(
        lambda path: files.get(path, b""),
        targets,
        KNOWN,
        lambda name: [path for path, data in files.items() if name.encode() in data],
    )


def test_a_type_and_its_functions() -> None:
    """The type, each function of it, and each call through it; names of the type stay."""
    made = _run(FILES)
    assert made.converted == tuple(TARGETS)
    after = {path: apply(FILES[path], edits) for path, edits in made.edits.items()}
    assert b"typedef int (*each_t)(int n, struct folio *folio, void *data);" in after["include/w.h"]
    assert b"(*call)(1, page_folio(all->page), 0)" in after["mm/w.c"]
    assert b"call(1, page_folio(page), data)" in after["mm/w.c"]
    assert b"int visit(int n, struct folio *folio, void *data)\n{\n\tfolio_unlock(folio);" in after["fs/a.c"]
    again = {**FILES, **after}
    assert _run(again).edits == {}


@pytest.mark.parametrize(
    ("path", "old", "new", "detail"),
    [
        ("mm/w.c", b"one(all, call)", b"strange(all, call)", "given to strange()"),
        ("mm/w.c", b"return one(all, call)", b"all->call = call; return one(all, call)", "for_all() uses"),
        ("mm/w.c", b"if (!call)", b"call = next;\n\tif (!call)", "for_all() uses"),
        ("mm/w.c", b"EXPORT_SYMBOL", b"int (*kept)() = for_all;\nEXPORT_SYMBOL", "mm/w.c uses"),
        ("mm/w.c", b"EXPORT_SYMBOL", b"#define ALL(x) for_all(x, other, 0)\nEXPORT_SYMBOL", "mm/w.c uses"),
        ("mm/w.c", b"EXPORT_SYMBOL", b"static each_t kept;\nEXPORT_SYMBOL", "mm/w.c uses"),
        ("mm/w.c", b"struct page *page;\n", b"struct page *page;\n\teach_t kept = 0;\n", "mm/w.c uses"),
        ("fs/b.c", b"for_all(all, other, 0)", b"for_all(all, all->call, 0)", "others() uses"),
        ("fs/b.c", b"for_all(all, other, 0)", b"for_all(all, kept, 0)", "it also holds kept()"),
        ("include/w.h", b"list *all, each_t call", b"list *all, each_t call, each_t more", "is not found"),
        ("include/w.h", b"typedef int (*each_t)", b"typedef int (*each_t)(int);\ntypedef int (*each_t)", "not under"),
    ],
)  # fmt: skip
def test_stays(path: str, old: bytes, new: bytes, detail: str) -> None:
    """Whatever might be called with a page elsewhere keeps the page for all."""
    assert old in FILES[path]
    made = _run({**FILES, path: FILES[path].replace(old, new, 1)})
    assert "fs/a.c" not in made.edits
    found = next(no for no in made.refused if no.target.function == "visit")
    assert found.reason == Reason.TABLE
    assert detail in found.detail


def test_one_that_is_no_target() -> None:
    """A function of the type that takes a page and must stay holds back the others; one without a page does not."""
    made = _run(FILES, TARGETS[:1])
    assert made.edits == {}
    assert [no.detail for no in made.refused] == ["it also holds other()"]


def test_a_type_of_functions() -> None:
    """A type that is a function's, not a pointer's, and a declaration after an #include."""
    header = HEADER.replace(b"int (*each_t)(", b"int each_t(").replace(
        b"struct page;\n", b"#include <linux/list.h>\n"
    )
    files = {**FILES, "include/w.h": header, "mm/w.c": WALK.replace(b"each_t call", b"each_t *call")}
    made = _run(files)
    assert made.converted == tuple(TARGETS)
    assert b"typedef int each_t(int n, struct folio *folio, void *data);" in apply(
        header, made.edits["include/w.h"]
    )


def test_other_programs_and_system_calls() -> None:
    """A function of the same name in tools/, and a system call of the name, are others."""
    files = {
        **FILES,
        "tools/t.c": b"int for_all(int n);\nint t(void)\n{\n\treturn for_all(3);\n}\n",
        "kernel/sys.c": b"COND_SYSCALL(for_all);\nSYSCALL_DEFINE1(for_all, int, n)\n{\n\treturn 0;\n}\n",
    }
    assert _run(files).converted == tuple(TARGETS)
