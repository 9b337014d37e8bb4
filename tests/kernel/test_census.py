"""The census against a slow one, and what must hold of every census."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_machine import FakeDoor, of_array, tiled
from memdesc.errors import InputError
from memdesc.kernel import census as module
from memdesc.kernel.census import Census, count
from memdesc.kernel.flags import BIT
from memdesc.kernel.live import LiveSource
from memdesc.kernel.population import CHUNK_PAGES, ROWS, Columns, Page

WORDS = [
    sum(BIT[name] for name in flags.split())
    for flags in ("slab", "lru", "anon lru", "buddy", "", "reserved", "pgtable", "nopage", "swapbacked lru")
]


def _count(words: list[int], **more: object) -> Census:
    return count(LiveSource(FakeDoor(len(words), of_array(np.array(words, np.uint64)))), **more)  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.integers(1, 40)), min_size=1, max_size=40))
def test_every_page_is_counted_once(given: list[tuple[int, int]]) -> None:
    """Pages by kind equal a loop's, and blocks hold just these pages."""
    words = [word for word, number in given for _ in range(number)]
    census = _count(words)
    kinds = Counter(word for word in words)
    assert census.frames == len(words) == sum(each.pages for each in census.counts)
    assert census.pages(Page.SLAB) == kinds[BIT["slab"]]
    assert census.pages(Page.ANON) == kinds[BIT["anon"] | BIT["lru"]]
    assert census.pages(Page.ABSENT) == kinds[BIT["nopage"]]
    assert census.pages() == len(words) - kinds[BIT["nopage"]]
    for each in census.counts:
        assert sum(number << order for order, number in enumerate(each.blocks)) == each.pages


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_the_size_of_chunks_changes_nothing(seed: int) -> None:
    """A machine larger than a chunk, with blocks that end where chunks do."""
    rng = np.random.default_rng(seed)
    orders = rng.integers(0, 11, 600)
    kinds = rng.choice(np.array([BIT["slab"], BIT["lru"], BIT["buddy"], 0], np.uint64), 600)
    words: list[np.ndarray[tuple[int], np.dtype[np.uint64]]] = []
    place = 0
    for order, kind in zip(orders.tolist(), kinds.tolist(), strict=True):
        if place % (1 << order):
            continue
        block = np.full(1 << order, kind, np.uint64)
        if kind != BIT["buddy"] and order:
            block |= np.uint64(BIT["tail"])
            block[0] = kind | BIT["head"]
        words.append(block)
        place += len(block)
    array = np.concatenate(words)
    found = []
    for size in (CHUNK_PAGES, 1 << 11):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "CHUNK_PAGES", size)
            found.append(count(LiveSource(FakeDoor(len(array), of_array(array)))).counts)
    assert found[0] == found[1]


def test_groups_add_up() -> None:
    """The pages of all zones are the pages of the machine."""
    census = _count(WORDS * 50, by=("zone", "node"))
    for name in ("zone", "node"):
        assert sum(group.pages for group in census.by[name]) == census.pages()


def test_unknown_pages_keep_their_flags() -> None:
    """What is not understood is shown as it was read."""
    census = _count([0, 0, BIT["mmap"], BIT["slab"]])
    assert census.unknown_flags == (((), 2), (("mmap",), 1))


def test_chunks_go_to_whoever_asks() -> None:
    """All of them, in order."""
    seen: list[Columns] = []
    words = np.zeros(3 * CHUNK_PAGES + 5, np.uint64)
    count(LiveSource(FakeDoor(len(words), of_array(words))), also=seen.append)
    assert [columns.first for columns in seen] == [0, CHUNK_PAGES, 2 * CHUNK_PAGES, 3 * CHUNK_PAGES]
    assert sum(len(columns.kind) for columns in seen) == len(words)


def test_no_such_dimension() -> None:
    """A word that is none is named."""
    with pytest.raises(InputError, match="'colour' is none of kind, order"):
        _count([0], by=("colour",))


def test_every_kind_has_its_row() -> None:
    """Codes fit in the tables, and names are unique."""
    assert set(ROWS) == set(Page)
    assert len({row.name for row in ROWS.values()}) == len(Page)
    assert max(Page) < 32


@pytest.mark.real
def test_memory_does_not_grow_with_the_machine() -> None:
    """A machine of 1 TiB needs what one of 8 GiB needs, but for some mebibytes."""
    import tracemalloc

    rng = np.random.default_rng(2)
    words = rng.choice(np.array(WORDS, np.uint64), CHUNK_PAGES)
    peaks = []
    for gibibytes in (8, 1024):
        source = LiveSource(FakeDoor(gibibytes * CHUNK_PAGES, tiled(words)))
        tracemalloc.start()
        census = count(source, ("zone",), picture=True)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert census.frames == gibibytes * CHUNK_PAGES
    assert peaks[1] < peaks[0] + (16 << 20)
    assert peaks[1] < 192 << 20
