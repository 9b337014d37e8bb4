"""Functions that return a page and those that return its folio, read from a tree."""

from memdesc.convert.returning import results

HEADER = """
struct page *get_page_at(struct map *m, int at, int flags);
struct folio *get_folio_at(struct map *m, int at, int flags);
struct page *unlike(struct map *m, int at);
struct folio *unlike_folio(struct map *m, int at);
static inline struct page *find_page(struct map *m, int at)
{
	return get_page_at(m, at, 1 | 2);
}
static inline struct folio *find_folio(struct map *m, int at)
{
	return get_folio_at(m, at, 1|2);
}
static inline struct folio *lock_folio(struct map *m, int at)
{
	return get_folio_at(m, at, 4);
}
static inline struct page *lock_page_at(struct map *m, int at)
{
	return get_page_at(m, at, 8);
}
static inline struct page *next_page(struct map *m)
{
	return &next_folio(m)->page;
}
struct folio *next_folio(struct map *m)
{
	return advance(m, 1);
}
"""
HOME = """
struct folio *get_folio_at(struct map *m, int at, int flags)
{
	if (flags)
		return 0;
	return walk(m, at);
}
struct page *get_page_at(struct map *m, int at, int flags)
{
	struct folio *folio;

	folio = get_folio_at(m, at, flags);
	if (!folio || is_value(folio))
		return &folio->page;
	return folio_file_page(folio, at);
}
struct folio *unlike_folio(struct map *m, int at)
{
	return walk(m, at);
}
struct page *unlike(struct map *m, int at)
{
	struct folio *folio = unlike_folio(m, at);
	if (IS_ERR(folio))
		return NULL;
	return &folio->page;
}
"""


def test_pairs() -> None:
    """Who ends in the same call with the same arguments is a pair; another way to say that there is none is none."""
    assert results({"a.h": HEADER, "a.c": HOME}, ["a.h"]) == {
        "get_page_at": "get_folio_at",
        "find_page": "find_folio",
        "next_page": "next_folio",
    }


def test_not_seen() -> None:
    """A pair is one only for who sees both."""
    assert results({"a.h": HEADER.replace("get_folio_at(", "x("), "a.c": HOME}, ["a.h"]) == {
        "next_page": "next_folio"
    }
