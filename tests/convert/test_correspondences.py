"""What a tree says of what stands for what."""

from memdesc.convert.correspondences import read

FILES = {
    "mm/folio-compat.c": b"""
void unlock_it(struct page *page) { return folio_unlock_it(page_folio(page)); }
void hidden(struct page *page) { folio_hidden(page_folio(page)); }
int again(struct control *c, struct page *page)
{
	/* the page comes second */
	return folio_again(c, page_folio(page));
}
int more(struct page *page) { return folio_more(page_mapping(page), page_folio(page)); }
""",
    "include/linux/pagemap.h": b"""
void unlock_it(struct page *page);
void folio_unlock_it(struct folio *folio);
int again(struct control *c, struct page *page);
int folio_again(struct control *c, struct folio *folio);
#ifdef A
static inline int two(struct page *page) { return folio_two(page_folio(page)); }
#else
static inline int two(struct page *page) { return 0; }
#endif
static inline void get_it(struct page *page) { folio_get_it(page_folio(page)); }
""",
    "include/linux/page-flags.h": b"""
#define TESTFLAG(uname, lname, policy) \\
static inline bool folio_test_##lname(struct folio *folio) { return 1; } \\
static inline int Page##uname(struct page *page) { return 1; }
#define SETFLAG(uname, lname, policy) \\
static inline void folio_set_##lname(struct folio *folio) { } \\
static inline void SetPage##uname(struct page *page) { }
#define FLAG(uname, lname, policy) TESTFLAG(uname, lname, policy) SETFLAG(uname, lname, policy)
#define ODD(uname, lname) \\
static inline void __folio_clear_##lname(struct folio *folio) { } \\
static inline int Page##uname(struct page *page) { return 1; }
FLAG(Dirty, dirty, PF_HEAD)
ODD(Buddy, buddy)
TESTFLAG(Huge, huge, PF_HEAD)
static inline int PageHuge(struct page *page) { return 0; }
""",
    "include/linux/mm_types.h": b"""
struct page {
	pgoff_t index;
	unsigned long private;
};
struct folio {
	pgoff_t index;
	void *private;
};
#define FOLIO_MATCH(pg, fl) static_assert(offsetof(struct page, pg) == offsetof(struct folio, fl))
FOLIO_MATCH(index, index);
FOLIO_MATCH(private, private);
#undef FOLIO_MATCH
""",
}


def test_pairs() -> None:
    """Wrappers, flags and members are found; a wrapper with another body, or another type, is none."""
    known = read(lambda path: FILES.get(path, b""), ["include/linux/pagemap.h"])
    assert known.functions == {
        ("unlock_it", 0): "folio_unlock_it",
        ("again", 1): "folio_again",
        ("get_it", 0): "folio_get_it",
        ("PageDirty", 0): "folio_test_dirty",
        ("SetPageDirty", 0): "folio_set_dirty",
    }
    assert known.members == {"index": "index"}


def test_exact() -> None:
    """A folio function that is a call of a page function is the same for any page; nothing else is."""
    text = (
        b"static inline loff_t folio_pos(struct folio *folio)\n{\n\treturn page_offset(&folio->page);\n}\n"
        b"static inline void folio_mark(int n, struct folio *folio)\n{\n\tmark(n, &folio->page);\n}\n"
        b"static inline void folio_other(int n, struct folio *folio)\n{\n\tother(&folio->page, n);\n}\n"
        b"static inline void folio_more(struct folio *folio)\n{\n\tmore(&folio->page, 1);\n}\n"
        b"static inline void folio_two(struct folio *folio)\n{\n\ttwo(&folio->page);\n\tone(folio);\n}\n"
    )
    known = read(lambda path: text if path == "a.h" else b"", ["a.h"])
    assert known.exact == {("page_offset", 0): "folio_pos", ("mark", 1): "folio_mark"}


def test_bodies() -> None:
    """A function of a page that does with its folio what another does is a pair; one that does more is none."""
    text = b"""
static inline void folio_take(struct folio *folio)
{
	might_sleep();
	if (!folio_try(folio))
		__folio_take(folio);
}
static inline void take_page(struct page *page)
{
	struct folio *folio;
	might_sleep();

	folio = page_folio(page);
	if (!folio_try(folio))
		__folio_take(folio);
}
static inline void take_two(struct page *page)
{
	struct folio *f = page_folio(page);
	might_sleep();
	if (!folio_try(f)) __folio_take(f);
}
static inline void take_more(struct page *page)
{
	struct folio *folio = page_folio(page);
	might_sleep();
	if (!folio_try(folio))
		__folio_take(folio);
	also(page);
}
"""
    known = read(lambda path: text if path == "a.h" else b"", ["a.h"])
    assert known.functions == {("take_page", 0): "folio_take", ("take_two", 0): "folio_take"}


def test_readers() -> None:
    """Functions of headers that read what they are given in any case, in each of their definitions."""
    header = b"""
static inline long place(struct page *page) { return (long)page->index << 12; }
static inline long second(int n, const struct page *p) { return n + p->index; }
static inline long perhaps(struct page *page) { return page ? page->index : 0; }
static inline long also(int n, struct page *page) { return n && page->index; }
static inline long *within(struct page *page) { return &page->index; }
static inline long more(struct page *page) { int n = 2; return n; }
#ifdef A
static inline long here(struct page *page) { return page->index; }
#else
static inline long here(struct page *page) { return 0; }
#endif
"""
    found = read(lambda path: header if path == "include/linux/a.h" else b"", ["include/linux/a.h"])
    assert found.readers == {("place", 0), ("second", 1)}
    assert set(found.reading) == found.readers
