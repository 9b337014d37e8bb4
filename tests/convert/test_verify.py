"""Changed files are compiled as before, and their functions compared in the judge build."""

import shutil
from pathlib import Path

import pytest

from memdesc.convert import compiling
from memdesc.convert.compiling import Shop, blamed
from memdesc.convert.edits import Edit
from memdesc.convert.identical import compare, judged
from memdesc.convert.memo import Memo
from memdesc.convert.model import Conversion, Says, Target
from memdesc.errors import InputError
from memdesc.places import Span

gcc = pytest.mark.skipif(
    not (shutil.which("gcc") and shutil.which("objdump")), reason="needs gcc and objdump"
)
FLAGS = """\
struct page { unsigned long flags, head; };
struct folio { struct page page; };
static inline unsigned long _compound_head(const struct page *page)
{
	unsigned long head = page->head;
	return head & 1 ? head - 1 : (unsigned long)page;
}
#define page_folio(p) ((struct folio *)_compound_head(p))
static inline int PageX(struct page *page) { return page_folio(page)->page.flags & 4; }
static inline int folio_test_x(struct folio *folio) { return folio->page.flags & 4; }
static inline int folio_test_y(struct folio *folio) { return folio->page.flags & 8; }
void unlock(struct page *page);
void folio_unlock(struct folio *folio);
"""
BEFORE = """\
#include <linux/page-flags.h>
int f(struct page *page) { if (PageX(page)) unlock(page); return 0; }
int g(struct page *page) { return f(page); }
"""
AFTER = """\
#include <linux/page-flags.h>
int f(struct folio *folio) { if (folio_test_x(folio)) folio_unlock(folio); return 0; }
int g(struct page *page) { return f(page_folio(page)); }
"""
TARGET = Target("a/a.c", "f", 0)
MADE = Conversion(
    {"a/a.c": (Edit(Span(0, 0), b""),)},
    (TARGET,),
    (),
    {TARGET: frozenset({("a/a.c", "f"), ("a/a.c", "g")})},
)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A tree of two files that was prepared, with the commands that kbuild would have left."""
    tree, build, work = (tmp_path / name for name in ("tree", "build", "work"))
    for folder in (tree / "include/linux", tree / "a", build / "a", work):
        folder.mkdir(parents=True)
    (tree / "include/linux/page-flags.h").write_text(FLAGS)
    (tree / "a/a.c").write_text(BEFORE)
    (build / "a/a.o").touch()
    command = (
        f"gcc -Wp,-MMD,a/.a.o.d -I{tree}/include -O2 -Wall -DHASH='$(pound)' -c -o a/a.o {tree}/a/a.c ; true"
    )
    (build / "a/.a.o.cmd").write_text(f"savedcmd_a/a.o := {command}\n\nsource_a/a.o := {tree}/a/a.c\n")
    return Shop(tree, build, work, 2, Memo(build))


@gcc
def test_builds(shop: Shop) -> None:
    """A good change compiles; the tree is not touched."""
    (verdict,) = shop.build_both({"a/a.c": AFTER.encode()})
    assert (verdict.file, verdict.says, verdict.lines) == ("a/a.c", Says.BUILDS, ())
    assert (shop.root / "a/a.c").read_text() == BEFORE


@gcc
@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("folio_test_x(folio)", "folio_test_x(page)", "error: 'page' undeclared"),
        ("return 0; }", "int unused; return 0; }", "warning: unused variable"),
    ],
)
def test_fails(old: str, new: str, word: str, shop: Shop) -> None:
    """An error or a new warning fails the file, and the parameter that edits its function is to blame."""
    after = {"a/a.c": AFTER.replace(old, new, 1).encode()}
    (verdict,) = shop.build_both(after)
    assert verdict.says is Says.FAILS
    assert verdict.lines[0].startswith("a/a.c:2:")
    assert word in verdict.lines[0].replace("‘", "'").replace("’", "'")
    assert blamed(MADE, [verdict], after) == {TARGET}


@gcc
def test_old_warnings(shop: Shop) -> None:
    """A warning that was there before is no news, wherever it stands now."""
    source = shop.root / "a/a.c"
    source.write_text(BEFORE + "static int unused;\n")
    (verdict,) = shop.build_both({"a/a.c": f"{AFTER}\nstatic int unused;\n".encode()})
    assert verdict.says is Says.BUILDS


@gcc
def test_left_out(shop: Shop) -> None:
    """A file that kbuild does not compile in this configuration is said to be one."""
    (shop.root / "a/b.c").write_text("")
    (verdict,) = shop.build_both({"a/b.c": b"int x;\n"})
    assert verdict.says is Says.NOT_BUILT


@gcc
def test_identical(shop: Shop) -> None:
    """Not the same object code, but the same in the judge build, where a wrapper counts as what it calls."""
    after = {"a/a.c": AFTER.encode()}
    found = compare(shop, after, MADE, {"unlock": "folio_unlock"}, FLAGS.encode())
    assert [(v.function, v.says) for v in found] == [("f", Says.IDENTICAL), ("g", Says.IDENTICAL)]
    found = compare(shop, after, MADE, {}, FLAGS.encode())
    assert [(v.function, v.says) for v in found] == [
        ("f", Says.DIFFERS),
        ("g", Says.IDENTICAL),
    ]  # only calls it
    assert any("folio_unlock" in line for line in found[0].lines)


@gcc
@pytest.mark.parametrize(
    ("old", "new"),
    [("folio_test_x", "folio_test_y"), ("return 0", "return 1"), ("folio_unlock(folio)", "folio_unlock(0)")],
)
def test_another_meaning_differs(old: str, new: str, shop: Shop) -> None:
    """A change of meaning is seen, and the lines that differ are shown."""
    after = {"a/a.c": AFTER.replace(old, new).encode()}
    found = compare(shop, after, MADE, {"unlock": "folio_unlock"}, FLAGS.encode())
    assert found[0].function == "f"
    assert found[0].says is Says.DIFFERS
    assert found[0].lines


MACRO = (
    FLAGS
    + """\
int __folio_start(struct folio *folio, int keep);
int start(struct page *page);
#define folio_start(folio)\t\\
	__folio_start(folio, 0)
"""
)


@gcc
@pytest.mark.parametrize(("keep", "says"), [("0", Says.IDENTICAL), ("1", Says.DIFFERS)])
def test_wrapper_of_a_macro(keep: str, says: Says, shop: Shop) -> None:
    """A wrapper is the macro that it calls, with the arguments that the macro adds, and with no others."""
    (shop.root / "include/linux/page-flags.h").write_text(MACRO)
    before = BEFORE.replace("unlock(page)", "start(page)")
    (shop.root / "a/a.c").write_text(before)
    after = {"a/a.c": AFTER.replace("folio_unlock(folio)", f"__folio_start(folio, {keep})").encode()}
    found = compare(shop, after, MADE, {"start": "folio_start"}, MACRO.encode())
    assert [(v.function, v.says) for v in found if v.function == "f"] == [("f", says)]


@gcc
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"folio_test_x(folio)"', Says.IDENTICAL),
        ('"folio_test_y(folio)"', Says.DIFFERS),
        ('"x"', Says.DIFFERS),
    ],
)
def test_conditions_as_strings(text: str, says: Says, shop: Shop) -> None:
    """An assertion prints its condition, in the names that are converted; another text is another."""
    declared = "void say(const char *);\n"
    (shop.root / "a/a.c").write_text(declared + BEFORE.replace("return 0", 'say("PageX(page)"); return 0'))
    after = {"a/a.c": (declared + AFTER.replace("return 0", f"say({text}); return 0")).encode()}
    same = {"unlock": "folio_unlock", "PageX": "folio_test_x"}
    found = compare(shop, after, MADE, same, FLAGS.encode())
    assert [(v.function, v.says) for v in found if v.function == "f"] == [("f", says)]


@pytest.mark.parametrize(
    "head",
    [
        "static inline unsigned long _compound_head(const struct page *page)\n{",
        "static __always_inline unsigned long _compound_head(const struct page *page)\n{",
        "static inline struct page *compound_head(struct page *page)\n{",
    ],
)
def test_judged(head: str) -> None:
    """The form of every release; another one is refused."""
    result = "unsigned long" if "_compound" in head else "struct page *"
    assert judged(f"{head} x".encode()) == f"{head} return ({result})page; x".encode()
    with pytest.raises(InputError, match="another compound_head"):
        judged(head.replace("inline", "").encode())


def test_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree that was built in place, an unknown configuration, a missing compiler: one line."""
    with (
        pytest.raises(InputError, match="neither a file nor a target"),
        compiling.workshop(tmp_path, None, "?", 1),
    ):
        pass
    with pytest.raises(InputError, match="failed"), compiling.workshop(tmp_path, None, "defconfig", 1):
        pass
    (tmp_path / ".config").touch()
    with pytest.raises(InputError, match="built in place"), compiling.workshop(tmp_path, None, "wide", 1):
        pass
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="needs make"):
        compiling.present()


@gcc
def test_place_is_no_difference(shop: Shop) -> None:
    """Where a line, a string or a jump's target lies is no difference; what they are is one."""
    head = "#include <linux/page-flags.h>\nint say(const char *text, int n);\n"
    f = 'int f(struct page *page) { while (say("this", __LINE__)) if (say("that", 2)) return 1; return 0; }\n'
    (shop.root / "a/a.c").write_text(head + f)
    other = 'int first(void) { return say("other words", 3); }\n'
    changed = f.replace("struct page *page", "struct folio *folio")
    made = Conversion(MADE.edits, MADE.converted, (), {TARGET: frozenset({("a/a.c", "f")})})
    found = compare(shop, {"a/a.c": (head + other + changed).encode()}, made, {}, FLAGS.encode())
    assert [(v.function, v.says) for v in found] == [("f", Says.IDENTICAL), ("first", Says.DIFFERS)], found
    for old, new in (('"that"', '"thus"'), ("while", "if"), ("return 1", "break")):
        text = (head + other + changed.replace(old, new)).encode()
        found = compare(shop, {"a/a.c": text}, made, {}, FLAGS.encode())
        assert found[0].says is Says.DIFFERS, (old, new)
