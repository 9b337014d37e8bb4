"""What is read again and what is known: by time stamps first, by content second."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from memdesc.source import listing, reading, survey
from memdesc.source.cache import Cache
from memdesc.source.facts import FileFacts
from memdesc.source.survey import Survey

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
    monkeypatch.setattr("memdesc.source.listing.RACY_NS", -(10**12))
    with Cache("k", tmp_path / "cache") as opened:
        yield opened


def _survey(tree: Path, cache: Cache | None) -> Survey:
    return reading.survey([tree], None, cache, 1, _quiet)


def _facts(tree: Path, cache: Cache | None) -> tuple[list[str], list[FileFacts], Survey]:
    found = _survey(tree, cache)
    paths, packed = reading.facts(found, cache, 1, _quiet)
    return paths, packed, found


def test_only_files_that_say_something_have_facts(tree: Path) -> None:
    """The others are read and hashed all the same."""
    paths, packed, found = _facts(tree, None)
    assert paths == ["a.c"]
    assert [f.name for f in packed[0].functions] == ["f"]
    assert [name for name, _ in found.files] == ["a.c", "include/linux/b.h"]
    assert all(found.hashes)
    assert found.hits == 0


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
    paths, packed, found = _facts(tree, cache)
    assert paths == ["a.c"]
    assert [f.name for f in packed[0].functions] == ["g"]
    assert found.digest() != first[2].digest()
    assert found.hits == 1


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
    listed = list(listing.folders(tree, []))
    (tree / "a.c").unlink()
    os.mkfifo(tree / "a.c")
    monkeypatch.setattr(listing, "folders", lambda _root, _unread: listed)
    found = _survey(tree, None)
    assert [(u.file, u.reason) for u in found.unread] == [("a.c", "is a FIFO; a regular file was expected")]


def test_a_file_that_is_gone_is_named(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the listing and the reading."""
    listed = list(listing.folders(tree, []))
    (tree / "a.c").unlink()
    monkeypatch.setattr(listing, "folders", lambda _root, _unread: listed)
    found = _survey(tree, None)
    assert [(u.file, u.reason) for u in found.unread] == [("a.c", "no such file or folder")]
    assert reading.facts(found, None, 1, _quiet) == ([], [])


def test_a_large_file_of_a_large_tree_is_not_read(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named with its size; a small tree is read whatever its files are like."""
    monkeypatch.setattr("memdesc.source.survey.MOST_FOLLOWED_BYTES", len(PAGES) - 1)
    assert _survey(tree, None).unread == []
    monkeypatch.setattr(survey, "SMALL_TREE", 0)
    found = _survey(tree, None)
    assert [(u.file, u.reason) for u in found.unread] == [("a.c", "too large (0 MiB)")]


def test_a_file_alone_is_one_file(tree: Path) -> None:
    """Though it lies in a tree."""
    found = reading.alone(tree / "a.c")
    assert (found.root, found.tree, len(found.files)) == (tree, None, 1)
    assert reading.facts(found, None, 1, _quiet)[0] == ["a.c"]


def test_functions_are_counted_whether_they_are_followed_or_not(tree: Path, cache: Cache) -> None:
    """Also from the cache, also of a file that says nothing."""
    plain = "int f(int a)\n{\n\treturn a;\n}\n\nint g(int a)\n{\n\treturn f(a);\n}\n"
    (tree / "b.c").write_text(plain)
    (tree / "c.c").write_text(plain.replace("int g", "static int\ng"))
    _age(tree)
    first = _survey(tree, cache)
    assert first.functions == 1 + 2 + 2
    assert _survey(tree, cache).functions == first.functions
    assert _survey(tree, None).functions == first.functions


def test_an_unchanged_folder_is_not_taken_apart(tree: Path, cache: Cache) -> None:
    """Its files are counted, named by the same shape, and their hashes are known; nothing is left to read."""
    first = _survey(tree, cache)
    again = survey.known([tree], None, cache)
    assert (again.files, set(again.folded), again.complete) == ([], {"", "include/linux"}, True)
    assert (again.count, again.read, again.functions) == (2, 2, 1)
    assert again.shape() == first.shape() is not None
    assert again.hash_of("a.c") == first.hash_of("a.c") != b""
    assert again.hash_of("b.c") == again.hash_of("include/a.c") == again.hash_of("x/a.c") == b""
    assert again.digest() == first.digest()
    assert sorted(name for name, _ in again.files) == ["a.c", "include/linux/b.h"]


def test_a_changed_folder_is_taken_apart_alone(tree: Path, cache: Cache) -> None:
    """Of its files the changed ones are read; the shape is that of a tree that was read from nothing."""
    (tree / "include" / "linux" / "c.h").write_text("#define C 1\n")
    _survey(tree, cache)
    (tree / "include" / "linux" / "c.h").write_text("struct c { struct page *page; };\n")
    found = survey.known([tree], None, cache)
    assert set(found.folded) == {""}
    assert [found.files[n][0] for n in found.todo] == ["include/linux/c.h"]
    reading.complete(found, [tree], cache, 1, _quiet)
    assert found.shape() == _survey(tree, None).shape()


def test_another_version_of_the_kernel_leaves_what_asks_for_none(tree: Path, cache: Cache) -> None:
    """Facts of a file that names LINUX_VERSION_CODE are made for the new version, the others stay."""
    asks = "#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)\n" + PAGES + "#endif\n"
    (tree / "v.c").write_text(asks)
    first = _survey(tree, cache)
    assert _survey(tree, cache).hits == 3
    (tree / "Makefile").write_text("VERSION = 6\nPATCHLEVEL = 12\n")
    second = _survey(tree, cache)
    assert second.shape() == _survey(tree, None).shape() != first.shape()
    (tree / "Makefile").write_text("VERSION = 6\nPATCHLEVEL = 1\n")
    assert _survey(tree, cache).shape() == first.shape()


def test_a_module_that_was_read_alone_is_read_whole_below_its_kernel(
    tree: Path, tmp_path: Path, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a large tree few functions are read, of a module all are: what was kept of the one is not taken for the
    other."""
    module = tmp_path / "module"
    module.mkdir()
    (module / "m.c").write_text("void keep(void *p)\n{\n\tstore(p);\n}\n")
    monkeypatch.setattr(survey, "SMALL_TREE", 0)
    assert (
        reading.survey([module], module, cache, 1, _quiet).shape()
        == reading.survey([module], module, None, 1, _quiet).shape()
    )
    below = reading.survey([module], tree, cache, 1, _quiet)
    assert below.shape() == reading.survey([module], tree, None, 1, _quiet).shape()
    assert below.shapes[[path for path, _ in below.files].index(str(module / "m.c"))] != b""


def test_what_was_kept_of_a_folder_comes_back() -> None:
    """Rows of files that could not be read, that say nothing, that have no shape; other bytes are refused."""
    rows = [
        ("a.c", listing.Stamp(1, 2, 3, 4), survey.Row(b"h" * 16, 3, b"s" * 16, survey.ALLOWING)),
        ("b.c", listing.Stamp(5, 6, 7, 8), survey.Row(b"", 0, None, 0)),
        ("c.c", listing.Stamp(5, 6, 7, 9), survey.Row(b"i" * 16, 1, b"", survey.SILENT)),
        ("d.c", listing.Stamp(5, 6, 7, 9), survey.Row(b"j" * 16, 1, b"t" * 16, survey.VERSIONED)),
    ]
    made = survey.folded(rows, 7, True)
    assert (made.read, made.defined, made.allows, made.lacks) == (3, 5, True, True)
    again = survey.Folded.of(made.listing, made.said())
    assert again == made
    assert again.files(7) == {name: (stamp, row) for name, stamp, row in rows if row.content}
    assert again.files(8)["d.c"][1] == survey.Row(b"j" * 16, 1, None, survey.VERSIONED)
    for said in (b"", made.said()[:-1], made.said() + b"x"):
        with pytest.raises(ValueError, match="no folder"):
            survey.Folded.of(made.listing, said)
