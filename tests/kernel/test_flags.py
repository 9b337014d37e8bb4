"""Words of kpageflags and what they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memdesc.kernel.flags import BIT, MATTERS, Vocabulary, kind_of, names_of
from memdesc.kernel.population import TAIL, Page


def _word(flags: str) -> int:
    return sum(BIT[name] for name in flags.split())


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ("uptodate lru mmap anon swapbacked", Page.ANON),
        ("uptodate lru anon ksm swapbacked", Page.KSM),
        ("uptodate lru active referenced", Page.FILE),
        ("uptodate lru swapbacked", Page.SHMEM),
        ("swapbacked swapcache", Page.SWAPCACHE),
        ("slab", Page.SLAB),
        ("slab anon", Page.SLAB),
        ("slab anon ksm tail", Page.SLAB),
        ("buddy", Page.FREE),
        ("buddy uptodate", Page.FREE),
        ("pgtable referenced", Page.TABLE),
        ("huge head lru", Page.HUGETLB),
        ("thp zero-page", Page.ZERO),
        ("reserved private", Page.RESERVED),
        ("offline", Page.OFFLINE),
        ("nopage", Page.ABSENT),
        ("hwpoison lru", Page.HWPOISON),
        ("", Page.UNKNOWN),
        ("mmap", Page.UNKNOWN),
        ("head", Page.UNKNOWN),
    ],
)
def test_what_flags_say(flags: str, kind: Page) -> None:
    """Types come before what is read from mapping; what no flag tells stays unknown."""
    assert kind_of(_word(flags)) is kind


def test_names_go_back_and_forth() -> None:
    """A word is the sum of its names; a bit without one is numbered."""
    word = _word("lru anon reserved")
    assert set(names_of(word)) == {"lru", "anon", "reserved"}
    assert names_of(1 << 60) == ("bit-60",)


words = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=400)


@given(words)
def test_looking_up_is_understanding(given: list[int]) -> None:
    """Whatever the words, the table says what each says alone."""
    read = Vocabulary(lambda word: 1 + (word & BIT["anon"] > 0)).read(np.array(given, np.uint64), True)
    assert read.kind.tolist() == [kind_of(word) for word in given]
    assert read.misread is not None
    assert read.misread.tolist() == [1 + (word & BIT["anon"] > 0) for word in given]
    for word, role in zip(given, read.role.tolist(), strict=True):
        if word & BIT["buddy"]:
            assert role == 2
        elif word & BIT["tail"]:
            assert role == TAIL
        else:
            assert role == (1 if word & BIT["head"] else 0)


def test_every_combination_of_what_matters_fits() -> None:
    """Thousands of different words, which no machine has, still each get a slot."""
    bits = [bit for bit in range(64) if MATTERS >> bit & 1]
    rng = np.random.default_rng(1)
    picked = rng.integers(0, 2, (200, len(bits)), np.uint64)
    given = (picked << np.array(bits, np.uint64)).sum(1, dtype=np.uint64)
    vocabulary = Vocabulary()
    assert vocabulary.read(given).kind.tolist() == [kind_of(int(word)) for word in given]
    assert vocabulary.read(given[:1]).kind.tolist() == [kind_of(int(given[0]))]
