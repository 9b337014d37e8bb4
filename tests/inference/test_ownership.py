"""The words of struct page have owners: who touches them, who agrees with those who do, and who does not."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.errors import InputError
from memdesc.findings.model import Interpretation, Level
from memdesc.inference.declare import Entity, Inference

OPTIONS = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)
FLAGS = """#define PAGE_TYPE_OPS(uname, lname, fname) \\
static inline int Page##uname(const struct page *page) { return 0; }
PAGE_TYPE_OPS(Zsmalloc, zsmalloc, zsmalloc)
"""


def infer(folder: Path, source: str, design: str | None = None) -> Inference:
    """Return what is inferred of a lone file with this text."""
    path = folder / "own.c"
    path.write_text(source)
    return pipeline.infer([path], None, OPTIONS, lambda *_: None, design)


def in_tree(folder: Path, source: str, version: tuple[int, int] = (6, 12)) -> Inference:
    """The same in a tree whose page-flags.h declares the type of zsmalloc's pages."""
    (folder / "include" / "linux").mkdir(parents=True)
    (folder / "mm").mkdir()
    (folder / "Makefile").write_text(
        f"VERSION = {version[0]}\nPATCHLEVEL = {version[1]}\nSUBLEVEL = 0\nEXTRAVERSION =\n"
    )
    (folder / "include" / "linux" / "page-flags.h").write_text(FLAGS)
    path = folder / "mm" / "own.c"
    path.write_text(source)
    return pipeline.infer([path], folder, OPTIONS, lambda *_: None)


def of(found: Inference, function: str, name: str = "page") -> Entity:
    """Return what is said of a parameter or local; of the result when `name` is the function's."""
    (entity,) = (e for e in found.entities if e.function == function and e.name == name)
    return entity


TOUCHES = """
static void *touch(struct kmem_cache *s, struct page *page)
{
	void *start = page_address(page);
	int order = compound_order(page);

	if (PageLocked(page))
		unlock_page(page);
	page->freelist = NULL;
	__free_pages(page, order);
	return start;
}
"""


def test_neutral_uses_do_not_count_against_an_owner(tmp_path: Path) -> None:
    """What any memory allows (its address, order, flags, freeing) says nothing against a slab's own word."""
    entity = of(infer(tmp_path, TOUCHES), "touch")
    assert (entity.type, entity.grounds[0].what, entity.grounds[0].says) == (
        "slab",
        "page->freelist",
        "as slab",
    )
    assert entity.evidence[0] == "page->freelist at own.c:9"


@pytest.mark.parametrize(
    "use",
    [
        "((struct page *)page)->inuse = 1;",
        "page[0].freelist = NULL;",
        "(page)->objects = 1;",
        "take(&page->counters);",
        "if (page->frozen) return;",
    ],
)
def test_a_word_is_seen_however_it_is_spelt(tmp_path: Path, use: str) -> None:
    """Through casts, subscripts, stars, by its address, in a condition."""
    assert of(infer(tmp_path, f"void f(struct page *page)\n{{\n\t{use}\n}}\n"), "f").type == "slab"


@pytest.mark.parametrize(
    ("use", "descriptor"),
    [
        ("page->pp_magic = 1;", "netmem"),
        ("page->pmd_huge_pte = NULL;", "ptdesc"),
        ("page->slab_cache = NULL;", "slab"),
        ("page->lru.next = NULL;", None),
        ("list_del(&page->buddy_list);", "page"),  # free memory has no type there
    ],
)
def test_each_owner(tmp_path: Path, use: str, descriptor: str | None) -> None:
    """By the members that its descriptor alone has; lru is everyone's."""
    assert of(infer(tmp_path, f"void f(struct page *page)\n{{\n\t{use}\n}}\n"), "f").type == descriptor


def test_words_of_two_owners_make_a_page(tmp_path: Path) -> None:
    """Where functions that it is handed to use words of two."""
    found = infer(
        tmp_path,
        "static void a(struct page *page)\n{\n\tpage->freelist = NULL;\n}\n"
        "static void b(struct page *page)\n{\n\tpage->pp = NULL;\n}\n"
        "void f(struct page *page, int how)\n{\n\tif (how)\n\t\ta(page);\n\telse\n\t\tb(page);\n}\n",
    )
    assert (of(found, "a").type, of(found, "b").type, of(found, "f").type) == ("slab", "netmem", "page")


AGREES = """
struct kept { struct page *page; };
static void use(struct page *page)
{
	page->inuse = 0;
}
static void hand(struct page *page)
{
	void *at = page_address(page);
}
static int same(struct kept *k, struct page *page)
{
	return k->page == page;
}
void start(struct kept *k, struct page *page)
{
	use(page);
	hand(page);
	k->page = page;
}
struct page *stop(struct kept *k)
{
	struct page *page = k->page;

	return page;
}
"""


def test_who_hands_on_and_stores_agrees(tmp_path: Path) -> None:
    """A helper that each caller gives slabs, a member, and what is read of it."""
    found = infer(tmp_path, AGREES)
    assert of(found, "hand").type == "slab"
    assert of(found, "stop").type == "slab"
    assert of(found, "stop", "stop").type == "slab"
    assert next(e for e in found.entities if e.name == "kept.page").type == "slab"


def test_a_helper_of_several_owners_is_of_none(tmp_path: Path) -> None:
    """One caller more, of which nothing is known or that has another type, and the helper does not agree."""
    other = "void other(struct page *page)\n{\n\tpage->pp = NULL;\n\thand(page);\n}\n"
    assert of(infer(tmp_path, AGREES + other), "hand").type == "page"
    unknown = "void unknown(struct page *page)\n{\n\thand(page);\n}\n"
    assert of(infer(tmp_path, AGREES + unknown), "hand").type == "page"


def test_a_test_is_no_evidence_for_what_was_before(tmp_path: Path) -> None:
    """Behind `if (PageSlab(page))` any page is a slab."""
    found = infer(
        tmp_path,
        "void f(struct page *page)\n{\n\tif (PageSlab(page))\n\t\tpage->freelist = NULL;\n"
        "\telse\n\t\tSetPageUptodate(page);\n}\n",
    )
    assert of(found, "f").type != "slab"


@pytest.mark.parametrize(
    ("line", "descriptor"),
    [
        ("VM_BUG_ON_PAGE(!PageSlab(page), page);", "slab"),
        ("BUG_ON(!PageSlab(page));", "slab"),
        ("if (!PageSlab(page))\n\t\treturn -EINVAL;", None),
    ],
)
def test_an_assertion_is_evidence(tmp_path: Path, line: str, descriptor: str | None) -> None:
    """Who asserts that a page is a slab wants one; who returns an error is ready for another."""
    found = infer(tmp_path, f"int f(struct page *page)\n{{\n\t{line}\n\treturn g();\n}}\n")
    assert of(found, "f").type == descriptor


def test_a_driver_may_use_any_word_in_its_own_pages(tmp_path: Path) -> None:
    """A file that obtains pages and never makes, tests or converts a slab has none."""
    source = (
        "struct page *f(gfp_t gfp)\n{\n\tstruct page *page = alloc_page(gfp);\n\n"
        "\tif (page)\n\t\tpage->freelist = NULL;\n\treturn page;\n}\n"
    )
    assert of(infer(tmp_path, source), "f").type != "slab"
    made = source.replace("page->freelist", "__SetPageSlab(page), page->freelist")
    assert of(infer(tmp_path, made), "f").type == "slab"


def test_an_owner_does_not_speak_through_a_table(tmp_path: Path) -> None:
    """What one of the functions behind a pointer does, the caller's page need not be."""
    found = infer(
        tmp_path,
        "static int one(struct page *page)\n{\n\treturn page->inuse;\n}\n"
        "static int two(struct page *page)\n{\n\treturn 0;\n}\n"
        "struct ops { int (*do_it)(struct page *page); };\n"
        "static const struct ops a = { .do_it = one };\nstatic const struct ops b = { .do_it = two };\n"
        "int call(struct ops *ops, struct page *page)\n{\n\treturn ops->do_it(page);\n}\n",
    )
    assert (of(found, "one").type, of(found, "call").type) == ("slab", None)


HEADS = """
static int compare(struct page *page)
{
	return g(page);
}
static void copy(struct page *page, char *to)
{
	memcpy_from_page(to, page, 0, 8);
}
static int look(struct address_space *mapping)
{
	struct page *page = find_lock_page(mapping, 0);

	copy(page, buffer);
	return compare(page);
}
static struct page *exact(struct address_space *mapping)
{
	return grab_cache_page(mapping, 0);
}
"""


def test_heads_that_arrive_are_a_folio(tmp_path: Path) -> None:
    """Unless this very page is used."""
    found = infer(tmp_path, HEADS)
    assert (of(found, "compare").type, of(found, "copy").type) == ("folio", None)


def test_write_begin_gives_what_write_end_gets(tmp_path: Path) -> None:
    """Through two members of the table of operations, by reference."""
    found = in_tree(
        tmp_path,
        "static int own_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned len,\n"
        "\t\tunsigned copied, struct page *page, void *fsdata)\n{\n\treturn h(page);\n}\n"
        "const struct address_space_operations own_aops = { .write_end = own_write_end };\n"
        "int writes(struct file *file, struct address_space *mapping, loff_t pos, unsigned len)\n{\n"
        "\tconst struct address_space_operations *a_ops = mapping->a_ops;\n\tstruct page *page;\n\tvoid *data;\n\n"
        "\ta_ops->write_begin(file, mapping, pos, len, &page, &data);\n"
        "\treturn a_ops->write_end(file, mapping, pos, len, len, page, data);\n}\n",
        (6, 1),
    )
    assert of(found, "own_write_end").arrives.names == ("file",)
    assert of(found, "own_write_end").type == "folio"


def test_a_destructor_makes_a_huge_page(tmp_path: Path) -> None:
    """And no other destructor does."""
    source = "struct page *f(gfp_t gfp)\n{\n\tstruct page *page = alloc_pages(gfp, 9);\n\n"
    source += "\tset_compound_page_dtor(page, %s);\n\treturn page;\n}\n"
    huge = in_tree(tmp_path / "huge", source % "HUGETLB_PAGE_DTOR", (6, 1))
    assert of(huge, "f", "f").type == "folio"
    plain = in_tree(tmp_path / "plain", source % "COMPOUND_PAGE_DTOR", (6, 1))
    assert of(plain, "f", "f").type is None


def test_page_types_are_read_from_the_tree(tmp_path: Path) -> None:
    """Their tests and setters, which no text spells."""
    found = in_tree(
        tmp_path,
        "static void set(struct page *page)\n{\n\t__SetPageZsmalloc(page);\n}\n"
        "static int get(struct page *page)\n{\n\tVM_BUG_ON_PAGE(!PageZsmalloc(page), page);\n\treturn g();\n}\n"
        "static void set_other(struct page *page)\n{\n\t__SetPageOther(page);\n}\n",
    )
    assert [of(found, name).type for name in ("set", "get", "set_other")] == ["zpdesc", "zpdesc", None]


TABLE = """
static int head(struct page *page)
{
	return PageUptodate(page);
}
static int also(struct page *page)
{
	return PageDirty(page);
}
static int silent(struct page *page)
{
	return 0;
}
static int this(struct page *page)
{
	return page_to_pfn(page);
}
struct ops { int (*do_it)(struct page *page); };
static const struct ops a = { .do_it = head };
static const struct ops b = { .do_it = also };
static const struct ops c = { .do_it = silent };
"""


def test_a_table_has_one_type(tmp_path: Path) -> None:
    """Those of which nothing is told follow the others; one that needs the page keeps it for all."""
    found = infer(tmp_path, TABLE)
    assert [of(found, name).type for name in ("head", "also", "silent")] == ["folio"] * 3
    found = infer(tmp_path, TABLE + "static const struct ops d = { .do_it = this };\n")
    assert [of(found, name).type for name in ("head", "also", "silent", "this")] == [
        "page",
        "page",
        None,
        "page",
    ]
    assert of(found, "head").why == "ops.do_it() is called with a page, which this() needs"


@pytest.mark.parametrize(
    ("design", "names"),
    [
        ("proposal-2021", ("slab_page", "net_page")),
        ("memdesc-8", ("slab", "netmem_desc")),
        ("linux-6.18", ("slab", "netmem_desc")),
    ],
)
def test_types_come_from_the_design(tmp_path: Path, design: str, names: tuple[str, str]) -> None:
    """By the names that they have there."""
    source = TOUCHES + "void f(struct page *page)\n{\n\tpage->pp = NULL;\n}\n"
    found = infer(tmp_path, source, design)
    assert (of(found, "touch").type, of(found, "f").type) == names
    assert found.design == design
    assert set(names) <= set(found.types)


def test_a_type_written_this_morning(tmp_path: Path) -> None:
    """A header says which kind of memory it describes; its members are its words, its converters are known."""
    header = tmp_path / "own.h"
    header.write_text(
        "struct brick { /* memdesc: kind=zsmalloc */\n\tunsigned long flags;\n\tvoid *mortar;\n"
        "\tunsigned long pad[3];\n};\n"
    )
    found = infer(
        tmp_path,
        "struct brick *to_brick(struct page *page)\n{\n\treturn (struct brick *)page;\n}\n"
        "void f(struct page *page)\n{\n\tuse(to_brick(page));\n}\n"
        "void g(struct page *page)\n{\n\tpage->mortar = NULL;\n}\n",
        str(header),
    )
    assert (of(found, "f").type, of(found, "g").type) == ("brick", "brick")


@pytest.mark.parametrize("design", ["no-such-design", "/dev/null", "."])
def test_a_design_that_cannot_be_read(tmp_path: Path, design: str) -> None:
    """Is refused with a reason, before the tree is read."""
    with pytest.raises(InputError):
        infer(tmp_path, TOUCHES, design)


def test_undetermined_says_what_would_decide(tmp_path: Path) -> None:
    """A clause, and which value is not known."""
    entity = of(infer(tmp_path, "void f(struct page *page)\n{\n\tg(page);\n}\n"), "f")
    assert entity.type is None
    assert entity.why == "a use, or where its memory comes from; no caller of f() is seen"


def test_the_element_of_a_loop_is_the_local(tmp_path: Path) -> None:
    """What a macro that iterates assigns is the local's value, too."""
    found = infer(
        tmp_path,
        "void f(struct list_head *list)\n{\n\tstruct page *page;\n\n"
        "\tlist_for_each_entry(page, list, lru)\n\t\tpage->inuse = 0;\n}\n",
    )
    assert of(found, "f").type == "slab"
