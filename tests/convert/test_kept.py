"""What stands for what, kept: it comes back as it was, and only for the same headers and the same program."""

from pathlib import Path

import pytest

from memdesc.convert import correspondences, kept
from memdesc.convert.correspondences import CACHE, COMPATIBILITY, FLAGS, TYPES, Correspondences
from memdesc.source.cache import Cache

HEADERS = ["include/linux/mm.h", "include/linux/pagemap.h"]
FILES = {
    HEADERS[0]: b"""
void unlock_page(struct page *page);
void folio_unlock(struct folio *folio);
static inline loff_t page_offset(struct page *page)
{
	return page->index << 12;
}
""",
    HEADERS[1]: b"""
static inline loff_t folio_pos(struct folio *folio)
{
	return page_offset(&folio->page);
}
struct page *read_one(struct inode *inode);
struct folio *read_whole(struct inode *inode);
""",
    FLAGS: b"""
#define TESTPAGEFLAG(uname, lname) \\
static inline bool folio_test_##lname(struct folio *folio) { return 1; } \\
static inline int Page##uname(struct page *page) { return 1; }
TESTPAGEFLAG(Locked, locked)
""",
    TYPES: b"""
struct page {
	struct address_space *mapping;
};
struct folio {
	struct address_space *mapping;
};
FOLIO_MATCH(mapping, mapping);
""",
    COMPATIBILITY: b"""
void unlock_page(struct page *page)
{
	folio_unlock(page_folio(page));
}
""",
    CACHE: b"""
struct folio *read_whole(struct inode *inode)
{
	return reading(inode);
}
struct page *read_one(struct inode *inode)
{
	return &read_whole(inode)->page;
}
""",
}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one each time that the headers are looked through."""
    calls: list[int] = []
    real = correspondences.read

    def read(*args: object) -> Correspondences:
        calls.append(1)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(correspondences, "read", read)
    return calls


def _read(files: dict[str, bytes], place: Path, headers: list[str] = HEADERS) -> Correspondences:

    def texts(path: str) -> bytes:
        return files.get(path, b"")

    with Cache("key", place) as cache:
        return kept.read(texts, headers, cache)


def test_they_come_back(tmp_path: Path, counted: list[int]) -> None:
    """All of them, and each file is a part of the name."""
    made = _read(FILES, tmp_path)
    assert made.functions
    assert made.members
    assert made.exact
    assert made.results
    assert made.pages
    assert made.readers
    assert _read(FILES, tmp_path) == made
    assert len(counted) == 1
    for path in FILES:
        _read({**FILES, path: FILES[path] + b"\n"}, tmp_path)
    assert len(counted) == 1 + len(FILES)
    _read(FILES, tmp_path, HEADERS[:1])
    assert len(counted) == 2 + len(FILES)


def test_another_program(tmp_path: Path, counted: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """What it made is not ours."""
    _read(FILES, tmp_path)
    monkeypatch.setattr(kept, "PROGRAM", kept.PROGRAM[1:])
    _read(FILES, tmp_path)
    assert len(counted) == 2


def test_without_a_cache(counted: list[int]) -> None:
    """They are made each time."""
    for _ in range(2):
        kept.read(lambda path: FILES.get(path, b""), HEADERS, None)
    assert len(counted) == 2


@pytest.mark.parametrize("blob", [b"", b"[", b"null", b"[[],[],[],[],[]]", b"[[1],[],[],[],[],[]]", b"\xff"])
def test_other_bytes(blob: bytes) -> None:
    """They are nothing that was kept."""
    assert kept.unpack(blob) is None
