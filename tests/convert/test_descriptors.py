"""Pages become a type that is not the folio: what is read from headers, and what becomes of the code."""

import pytest

from memdesc.convert.correspondences import Correspondences, Word, of_words
from memdesc.convert.descriptors import Descriptor, converters
from memdesc.convert.edits import Edit, apply
from memdesc.convert.introducing import introduced
from memdesc.convert.model import LOCAL, RESULT, Conversion, Reason, Target
from memdesc.convert.rewrite import rewrite
from memdesc.places import Span

ZP = Descriptor("zp", "page_zp", "zp_page", header="mm/zp.h")
WORDS = [
    Word("flags", "flags", "unsigned long", "unsigned long"),
    Word("index", "next", "unsigned long", "struct zp *"),
    Word("index", "handle", "unsigned long", "unsigned long"),
    Word("mate", "mate", "struct page *", "struct zp *"),
    Word("private", "owner", "unsigned long", "struct owner *"),
]
HEADER = b"""\
static inline void zp_lock(struct zp *zp)
{
	lock_page(zp_page(zp));
}
"""


def known() -> Correspondences:
    """What stands for what in these tests."""
    return of_words(lambda _: HEADER, ["mm/zp.h"], ZP, WORDS)


def convert(text: bytes, *targets: Target) -> tuple[bytes, Conversion]:
    """Return the text after the conversion of `targets`."""
    made = rewrite(lambda _: text, targets, known())
    return apply(text, made.edits.get("a.c", ())), made


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "#define page_ptdesc(p) (_Generic((p), \\\n\tconst struct page *: (const struct ptdesc *)(p), \\\n"
            "\tstruct page *: (struct ptdesc *)(p)))\n"
            "#define ptdesc_page(pt) (_Generic((pt), \\\n\tconst struct ptdesc *: (const struct page *)(pt), \\\n"
            "\tstruct ptdesc *: (struct page *)(pt)))\n",
            Descriptor("ptdesc", "page_ptdesc", "ptdesc_page", header="a.h"),
        ),
        (
            "#define page_slab(p) (_Generic((p), \\\n\tstruct page *: (struct slab *)head(p)))\n"
            "#define slab_page(s) folio_page(slab_folio(s), 0)\n",
            Descriptor("slab", "page_slab", "slab_page", True, "a.h"),
        ),
        (
            "static inline struct zp *zp_of(struct page *page)\n{\n\treturn (struct zp *)page;\n}\n"
            "static inline struct page *zp_page(struct zp *zp)\n{\n\treturn (struct page *)zp;\n}\n",
            Descriptor("zp", "zp_of", "zp_page", header="a.h"),
        ),
        ("#define page_zp(p) (_Generic((p), struct page *: (struct zp *)(p)))\n", None),
    ],
)
def test_converters(text: str, found: Descriptor | None) -> None:
    """The converters of a type are found by what they take and give; one that only casts reads nothing."""
    tag = found.tag if found else "zp"
    assert converters(tag, [("a.h", text)]) == found


def test_uses() -> None:
    """A member of the same place and type, a function that is a call, and a comparison lose the page."""
    before = (
        b"static int f(struct page *page, struct page *old)\n{\n\tlock_page(page);\n\tother(page);\n"
        b"\treturn page == old && page->flags && page->lru && old->flags;\n}\n"
    )
    after, made = convert(before, Target("a.c", "f", 0), Target("a.c", "f", 1))
    assert after == (
        b"static int f(struct zp *zp, struct zp *old)\n{\n\tzp_lock(zp);\n\tother(zp_page(zp));\n"
        b"\treturn zp == old && zp->flags && zp_page(zp)->lru && old->flags;\n}\n"
    )
    assert len(made.converted) == 2


def test_null() -> None:
    """A converter that only casts is given NULL as well as anything."""
    before = (
        b"struct page *maybe(void);\nstatic int f(struct page *page)\n{\n\treturn page ? page->flags : 0;\n}\n"
        b"int g(void)\n{\n\treturn f(maybe());\n}\n"
    )
    after, _ = convert(before, Target("a.c", "f", 0))
    assert b"f(page_zp(maybe()))" in after
    assert b"return zp ? zp->flags : 0;" in after


def test_casts() -> None:
    """What code casts a number to is the type that the descriptor's member has."""
    before = (
        b"static struct page *next(struct page *page)\n{\n\treturn (struct page *)page->index;\n}\n"
        b"static struct owner *owner(struct page *page)\n{\n\treturn (struct owner *)page->private;\n}\n"
        b"static void link(struct page *page, struct page *other)\n{\n\tpage->index = (unsigned long)other;\n"
        b"\tpage->index = 0;\n\tuse(next(page), (struct page *)page->index);\n}\n"
    )
    after, _ = convert(
        before,
        Target("a.c", "next", 0),
        Target("a.c", "next", RESULT),
        Target("a.c", "owner", 0),
        Target("a.c", "link", 0),
    )
    assert after == (
        b"static struct zp *next(struct zp *zp)\n{\n\treturn zp->next;\n}\n"
        b"static struct owner *owner(struct zp *zp)\n{\n\treturn zp->owner;\n}\n"
        b"static void link(struct zp *zp, struct page *other)\n{\n\tzp->next = page_zp(other);\n"
        b"\tzp->handle = 0;\n\tuse(zp_page(next(zp)), zp_page(zp->next));\n}\n"
    )


def test_links() -> None:
    """A member that is a page, and a descriptor in the descriptor, gives and takes descriptors."""
    before = (
        b"static void f(struct page *page, struct page *other)\n{\n\tstruct page *mate = page->mate;\n\n"
        b"\tuse(mate->flags);\n\tpage->mate = other;\n\tuse(page->mate);\n}\n"
    )
    after, _ = convert(before, Target("a.c", "f", 0), Target("a.c", "f", LOCAL, "mate", 3))
    assert after == (
        b"static void f(struct zp *zp, struct page *other)\n{\n\tstruct zp *mate = zp->mate;\n\n"
        b"\tuse(mate->flags);\n\tzp->mate = page_zp(other);\n\tuse(zp_page(zp->mate));\n}\n"
    )


def test_chain() -> None:
    """A chain of assignments becomes one of descriptors where all of it does."""
    before = (
        b"struct page *find(void);\nstatic void f(void)\n{\n\tstruct page *page, *next;\n\n\tnext = page = find();\n"
        b"\tuse(page->flags, next->flags);\n}\n"
    )
    both = [Target("a.c", "f", LOCAL, name, 4) for name in ("page", "next")]
    after, _ = convert(before, *both)
    assert b"struct zp *zp, *next;\n\n\tnext = zp = page_zp(find());" in after
    assert convert(before, both[0])[1].refused[0].reason is Reason.SIBLING


def test_names() -> None:
    """A type whose name says page leaves the names of pointers as they are."""
    assert ZP.named(b"first_page") == b"first_zp"
    assert Descriptor("net_page", "a", "b").named(b"first_page") == b"first_page"


@pytest.mark.parametrize(
    ("path", "text", "wanted"),
    [
        ("mm/a.c", b"#include <linux/b.h>\n\nint a;\n", b'#include <linux/b.h>\n#include "zp.h"\n\nint a;\n'),
        (
            "mm/a.c",
            b'#include <linux/b.h>\n#ifdef X\n#include "c.h"\n#endif\n',
            b'#include <linux/b.h>\n#include "zp.h"\n#ifdef X\n#include "c.h"\n#endif\n',
        ),
        ("mm/a.c", b'#include "zp.h"\n', b'#include "zp.h"\n'),
        ("net/core/a.c", b"#include <linux/b.h>\n", b'#include <linux/b.h>\n#include "../../mm/zp.h"\n'),
        ("mm/a.h", b"struct page;\nstruct zp;\n#include <linux/b.h>\n", None),
    ],
)
def test_include(path: str, text: bytes, wanted: bytes | None) -> None:
    """What uses the type includes its header, after the others; a header that has the name alone does not."""
    one = rewrite(lambda _: b"", [], known())
    assert introduced(one, lambda _: text, ZP, b"made") == one
    text, wanted = text + b"int z;\n", wanted + b"int z;\n" if wanted is not None else None
    at = len(text)
    some = Conversion({path: (convert_edit(at),)}, (), (), {})
    made = introduced(some, lambda _: text, ZP, b"made")
    assert apply(b"", made.edits["mm/zp.h"]) == b"made"
    assert apply(text, made.edits[path]) == (text if wanted is None else wanted) + b"/* edited */"


def convert_edit(at: int) -> Edit:
    """An edit at the end of a text."""
    return Edit(Span(at, at), b"/* edited */")


def test_lists() -> None:
    """What walks a list by a member that the descriptor has is a descriptor; all cursors of a walk, or none."""
    before = (
        b"static void f(struct list_head *all)\n{\n\tstruct page *page, *next;\n\n"
        b"\tlist_for_each_entry_safe(page, next, all, links)\n\t\tuse(page->flags);\n}\n"
    )
    both = [Target("a.c", "f", LOCAL, name, 3) for name in ("page", "next")]
    links = Word("links", "links", "struct list_head", "struct list_head")
    told = of_words(lambda _: HEADER, ["mm/zp.h"], ZP, [*WORDS, links])
    made = rewrite(lambda _: before, both, told)
    assert b"list_for_each_entry_safe(zp, next, all, links)\n\t\tuse(zp->flags);" in apply(
        before, made.edits["a.c"]
    )
    assert not rewrite(lambda _: before, both[:1], told).converted
    assert convert(before, *both)[1].refused[0].reason is Reason.CHANGED


def test_assigned() -> None:
    """A parameter may be assigned: what is assigned becomes a descriptor, too."""
    before = (
        b"static int f(struct page *page)\n{\n\twhile (page->flags)\n\t\tpage = page->mate;\n"
        b"\treturn page->flags;\n}\n"
    )
    after, _ = convert(before, Target("a.c", "f", 0))
    assert b"f(struct zp *zp)\n{\n\twhile (zp->flags)\n\t\tzp = zp->mate;\n\treturn zp->flags;" in after


def test_tag() -> None:
    """The tag that a macro is given is not the variable of the same name."""
    before = (
        b"static void f(struct list_head *h)\n{\n\tstruct page *page = container_of(h, struct page, lru);\n\n"
        b"\tuse(page->flags);\n}\n"
    )
    after, _ = convert(before, Target("a.c", "f", LOCAL, "page", 3))
    assert b"struct zp *zp = page_zp(container_of(h, struct page, lru));" in after


def test_same_word() -> None:
    """A label, a local and a file that are called as a function do not hand it on."""
    before = (
        b"#include <f/x.h>\nstatic int f(struct page *page)\n{\n\treturn page->flags;\n}\n"
        b"static void g(void)\n{\n\tint f;\n\n\tuse(f);\n}\n"
        b"static void h(struct page *page)\n{\n\tif (f(page))\n\t\tgoto f;\n\tuse(1);\nf:\n\tuse(2);\n}\n"
    )
    after, _ = convert(before, Target("a.c", "f", 0))
    assert b"f(page_zp(page))" in after
