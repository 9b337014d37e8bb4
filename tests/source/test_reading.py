"""What is read again and what is known: by time stamps first, by content second."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from memdesc.source import reading
from memdesc.source.cache import Cache
from memdesc.source.facts import FileFacts

PAGES = "struct page *f(void)\n{\n\treturn alloc_page(GFP_KERNEL);\n}\n"
OLD = time.time() - 3600


def _quiet(_phase: str, _done: int, _total: int) -> None:
    pass


def _age(root: Path) -> None:
    """Let every file look settled, so that its stamp is believed in the next run."""
    for path in root.rglob("*.[ch]"):
        os.utime(path, (OLD, OLD))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with a file that says something and one that does not."""
    root = tmp_path / "tree"
    (root / "include" / "linux").mkdir(parents=True)
    (root / "Makefile").write_text("VERSION = 6\nPATCHLEVEL = 1\n")
    (root / "a.c").write_text(PAGES)
    (root / "include" / "linux" / "b.h").write_text("#define B 1\n")
    return root


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cache]:
    """A cache that takes files for settled as soon as they are read."""
    monkeypatch.setattr("memdesc.source.cache.RACY_NS", -(10**12))
    with Cache("k", tmp_path / "cache") as opened:
        yield opened


def _survey(tree: Path, cache: Cache | None) -> reading.Survey:
    return reading.survey([tree], None, cache, 1, _quiet)


def _facts(tree: Path, cache: Cache | None) -> tuple[list[str], list[FileFacts], reading.Survey]:
    survey = _survey(tree, cache)
    paths, packed = reading.facts(survey, cache, 1, _quiet)
    return paths, packed, survey


def test_only_files_that_say_something_have_facts(tree: Path) -> None:
    """The others are read and hashed all the same."""
    paths, packed, survey = _facts(tree, None)
    assert paths == ["a.c"]
    assert [f.name for f in packed[0].functions] == ["f"]
    assert [name for name, _ in survey.files] == ["a.c", "include/linux/b.h"]
    assert all(survey.hashes)
    assert survey.hits == 0


def test_an_unchanged_tree_is_not_opened(tree: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stamps are believed, and the facts are those of the first time."""
    first = _facts(tree, cache)
    monkeypatch.setattr(reading, "_read_one", None)
    second = _facts(tree, cache)
    assert second[:2] == first[:2]
    assert second[2].digest() == first[2].digest()
    assert second[2].hits == 2


def test_a_file_with_new_times_is_hashed_and_not_parsed(
    tree: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout that comes back to known content costs no more than reading it."""
    first = _facts(tree, cache)
    _age(tree)
    monkeypatch.setattr(reading, "_facts", None)
    second = _facts(tree, cache)
    assert second[:2] == first[:2]
    assert second[2].hits == 2


def test_a_changed_file_is_read_again(tree: Path, cache: Cache) -> None:
    """Its facts are the new ones, and the digest of the tree is another."""
    first = _facts(tree, cache)
    (tree / "a.c").write_text(PAGES.replace("f(", "g("))
    paths, packed, survey = _facts(tree, cache)
    assert paths == ["a.c"]
    assert [f.name for f in packed[0].functions] == ["g"]
    assert survey.digest() != first[2].digest()
    assert survey.hits == 1


def test_a_renamed_file_is_another_tree(tree: Path) -> None:
    """The digest names paths as well as contents."""
    before = _survey(tree, None).digest()
    (tree / "a.c").rename(tree / "b.c")
    assert _survey(tree, None).digest() != before


def test_a_header_is_not_taken_for_a_source_of_the_same_content(tree: Path, cache: Cache) -> None:
    """Of a header that names no page its structs are facts; of a source they are not."""
    text = "struct s { int a; };\n"
    (tree / "s.c").write_text(text)
    for n in range(500):  # of a small tree every function is read
        (tree / "include" / f"{n}.h").write_text("")
    _facts(tree, cache)
    (tree / "s.h").write_text(text)
    paths, packed, _ = _facts(tree, cache)
    facts = dict(zip(paths, packed, strict=True))
    assert facts["s.h"].members("s") == {"a": ("int", 0, False)}
    assert "s.c" not in facts


def test_what_the_cache_lost_is_read_again(tree: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stamp without facts behind it."""
    first = _facts(tree, cache)
    monkeypatch.setattr(Cache, "get_many", lambda _self, _keys: {})
    second = _facts(tree, cache)
    assert second[:2] == first[:2]
    assert second[2].hits == 1


def test_a_file_that_became_a_fifo_is_not_waited_for(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the listing and the reading."""
    listed = reading.c_files(tree, [])
    (tree / "a.c").unlink()
    os.mkfifo(tree / "a.c")
    monkeypatch.setattr(reading, "c_files", lambda _root, _unread: listed)
    survey = _survey(tree, None)
    assert [(u.file, u.reason) for u in survey.unread] == [("a.c", "is a FIFO; a regular file was expected")]


def test_a_file_that_is_gone_is_named(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the listing and the reading."""
    listed = reading.c_files(tree, [])
    (tree / "a.c").unlink()
    monkeypatch.setattr(reading, "c_files", lambda _root, _unread: listed)
    survey = _survey(tree, None)
    assert [(u.file, u.reason) for u in survey.unread] == [("a.c", "no such file or folder")]
    assert reading.facts(survey, None, 1, _quiet) == ([], [])


def test_a_large_file_of_a_large_tree_is_not_read(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named with its size; a small tree is read whatever its files are like."""
    monkeypatch.setattr("memdesc.source.gather.MAXIMUM_BYTES", len(PAGES) - 1)
    assert _survey(tree, None).unread == []
    monkeypatch.setattr(reading, "_SMALL_TREE", 0)
    survey = _survey(tree, None)
    assert [(u.file, u.reason) for u in survey.unread] == [("a.c", "too large (0 MiB)")]


def test_a_file_alone_is_one_file(tree: Path) -> None:
    """Though it lies in a tree."""
    survey = reading.alone(tree / "a.c")
    assert (survey.root, survey.tree, len(survey.files)) == (tree, None, 1)
    assert reading.facts(survey, None, 1, _quiet)[0] == ["a.c"]


def test_functions_are_counted_whether_they_are_followed_or_not(tree: Path, cache: Cache) -> None:
    """Also from the cache, also of a file that says nothing."""
    plain = "int f(int a)\n{\n\treturn a;\n}\n\nint g(int a)\n{\n\treturn f(a);\n}\n"
    (tree / "b.c").write_text(plain)
    (tree / "c.c").write_text(plain.replace("int g", "static int\ng"))
    _age(tree)
    first = _survey(tree, cache)
    assert sum(first.defined) == 1 + 2 + 2
    assert _survey(tree, cache).defined == first.defined
    assert _survey(tree, None).defined == first.defined
