"""Files as the rewriting looks at them: each function is parsed when it is asked for, and once."""

import pytest

from memdesc.convert.parsed import Files
from memdesc.source.tree import Reader

TEXT = b"""
static int one(struct page *page)
{
	return two(page) + two(0);
}
#ifdef A
int two(struct page *p)
{
	return 1;
}
#else
int two(struct page *p)
{
	return one(p);
}
#endif
int odd(struct page *p)
{
	return ((;
}
"""


def test_functions_by_name() -> None:
    """Definitions, calls with where they stand, what does not parse, and what stands at a place."""
    file = Files(lambda _: TEXT)["a.c"]
    assert [f.name for f in file.defined("two")] == ["two", "two"]
    assert [f.name for f in file.defined("tw")] == []
    assert [(f.name, f.text(node)) for f, node in file.calls(b"two")] == [
        ("one", b"two(page)"),
        ("one", b"two(0)"),
    ]
    assert [f.name for f, _ in file.calls(b"one")] == ["two"]
    assert file.calls(b"on") == []
    assert file.unread("odd")
    assert not file.unread("one")
    assert not file.unread("od")
    holder = file.at(TEXT.index(b"return one"))
    assert holder is not None
    assert holder.name == "two"
    assert holder is file.calls(b"one")[0][0]


def test_what_is_not_asked_for_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with many functions costs what is looked at."""
    parsed = []
    real = Reader.tree
    monkeypatch.setattr(Reader, "tree", lambda *a: parsed.append(a[2].name) or real(*a))
    file = Files(lambda _: TEXT)["a.c"]
    for _ in range(2):
        assert len(file.calls(b"one")) == 1
    assert parsed == ["one", "two"]
