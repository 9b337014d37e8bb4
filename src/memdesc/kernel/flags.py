"""Words of /proc/kpageflags: which kind of page each is.

A machine has millions of pages and, of the bits that matter, some dozens of combinations, so each of these is
understood once (`kind_of()`) and then looked up: `Vocabulary.read()` finds its slot by one multiplication.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memdesc.kernel.population import TAIL, Codes, Page, Words

_STABLE = """
    locked error referenced uptodate dirty lru active slab writeback reclaim buddy mmap anon swapcache swapbacked
    head tail huge unevictable hwpoison nopage ksm thp offline zero-page idle pgtable
"""
_INTERNAL = """
    reserved mlocked owner-2 private private-2 owner-private arch uncached softdirty arch-2 arch-3
"""
NAMES: dict[int, str] = {
    bit: name
    for first, names in ((0, _STABLE), (32, _INTERNAL))
    for bit, name in enumerate(names.split(), first)
}
"""Bit -> its name. Source: include/uapi/linux/kernel-page-flags.h, include/linux/kernel-page-flags.h."""

BIT: dict[str, int] = {name: 1 << bit for bit, name in NAMES.items()}


def names_of(word: int) -> tuple[str, ...]:
    """Return the names of the bits of `word`, bit numbers where there is no name."""
    return tuple(NAMES.get(bit, f"bit-{bit}") for bit in range(64) if word >> bit & 1)


_RULES: tuple[tuple[str, Page], ...] = (
    ("nopage", Page.ABSENT),
    ("hwpoison", Page.HWPOISON),
    # A page has one type, and the type is written where only this kind of page may write: it comes before
    # what is read from mapping, which each kind uses as it likes.
    ("buddy", Page.FREE),
    ("offline", Page.OFFLINE),
    ("slab", Page.SLAB),
    ("pgtable", Page.TABLE),
    ("huge", Page.HUGETLB),
    ("zero-page", Page.ZERO),
    ("reserved", Page.RESERVED),
    ("anon ksm", Page.KSM),
    ("anon", Page.ANON),
    ("swapcache", Page.SWAPCACHE),
    ("swapbacked", Page.SHMEM),
    # Neither anonymous nor swap-backed: the LRU, dirty bits and large folios of rmap are the page cache's.
    ("lru", Page.FILE),
    ("writeback", Page.FILE),
    ("dirty", Page.FILE),
    ("thp", Page.FILE),
)
"""Flags that a word must have, and what the page then is; the first row that holds decides.

Source: stable_page_flags(), fs/proc/page.c.
"""

_MASKS = tuple((sum(BIT[name] for name in flags.split()), page) for flags, page in _RULES)


def kind_of(word: int) -> Page:
    """Return what a page with these flags is; UNKNOWN when they do not tell."""
    return next((page for mask, page in _MASKS if word & mask == mask), Page.UNKNOWN)


MATTERS = BIT["head"] | BIT["tail"]
"""Bits from which kind, block and misreport follow; all others may be anything."""
for _mask, _ in _MASKS:
    MATTERS |= _mask

_HEAD, _TAIL, _FREE = BIT["head"], BIT["tail"], BIT["buddy"]
_SLOT_BITS = 16
_PLAIN, _IS_HEAD, _IS_FREE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class _Table:
    """Words in slots. A word's slot is the upper bits of word * factor; `role` says what begins there."""

    factor: np.uint64
    words: Words
    kind: Codes
    role: Codes
    misread: Codes

    def slots(self, words: Words) -> NDArray[np.int64]:
        product: Words = words * self.factor
        product >>= np.uint64(64 - _SLOT_BITS)
        return product.view(np.int64)


@dataclass(frozen=True, slots=True)
class Read:
    """What words say: kind and misread as in Columns; role: 255 tail, 1 head, 2 free, 0 any other."""

    kind: Codes
    role: Codes
    misread: Codes | None


class Vocabulary:
    """The words met so far. It may be used by several threads.

    Args: misread: says for a word, of which only MATTERS is left, which misreport of the kernel it is (place
    plus 1), 0 for none.
    """

    def __init__(self, misread: Callable[[int], int] = lambda _word: 0) -> None:
        self._misread = misread
        self._lock = threading.Lock()
        self._known: set[int] = {0}
        self._table = self._build(0x9E3779B97F4A7C15)

    def read(self, words: Words, want_misread: bool = False) -> Read:
        """Return what each of `words` says."""
        words = words & np.uint64(MATTERS)
        while True:
            table = self._table
            slots = table.slots(words)
            if bool(np.array_equal(table.words.take(slots), words)):
                break
            self._learn(words, table)
        misread = table.misread.take(slots) if want_misread else None
        return Read(table.kind.take(slots), table.role.take(slots), misread)

    def _learn(self, words: Words, table: _Table) -> None:
        """Take in the words that `table` does not have."""
        strange = np.unique(words[table.words.take(table.slots(words)) != words])
        with self._lock:
            self._known.update(strange.tolist())
            self._table = self._build(int(self._table.factor))

    def _build(self, factor: int) -> _Table:
        """Return a table in which every known word has a slot of its own."""
        # Another odd factor until no two words meet; with some dozens of words nearly every factor does.
        known = np.array(sorted(self._known), np.uint64)
        while True:
            times = np.uint64(factor)
            slots = ((known * times) >> np.uint64(64 - _SLOT_BITS)).astype(np.int64)
            if len(np.unique(slots)) == len(known):
                break
            factor = (factor * 0xD1342543DE82EF95 + 1) % (1 << 64) | 1
        table = _Table(
            times, np.zeros(1 << _SLOT_BITS, np.uint64), np.zeros(1 << _SLOT_BITS, np.uint8),
            np.zeros(1 << _SLOT_BITS, np.uint8), np.zeros(1 << _SLOT_BITS, np.uint8),
        )  # fmt: skip
        # Word 0 has slot 0, whose word is 0: an empty slot elsewhere must not pass for it, and cannot.
        table.words[slots] = known
        for slot, word in zip(slots.tolist(), known.tolist(), strict=True):
            table.kind[slot] = kind_of(word)
            table.role[slot] = _role(word)
            table.misread[slot] = self._misread(word)
        return table


def _role(word: int) -> int:
    if word & _FREE:
        return _IS_FREE
    if word & _TAIL:
        return TAIL
    return _IS_HEAD if word & _HEAD else _PLAIN
