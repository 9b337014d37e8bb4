"""What every page frame is at one moment, as /proc/kpageflags says, and what the kernel counts then.

Source: Documentation/admin-guide/mm/pagemap.rst; stable_page_flags(), fs/proc/page.c;
include/uapi/linux/kernel-page-flags.h.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memdesc.kinds import NAMES, Kind

LRU, SLAB, BUDDY, ANON = 1 << 5, 1 << 7, 1 << 10, 1 << 12
SWAPBACKED, HEAD, TAIL, HUGE, UNEVICTABLE = 1 << 14, 1 << 15, 1 << 16, 1 << 17, 1 << 18
NOPAGE, OFFLINE, ZERO_PAGE, PGTABLE, RESERVED = 1 << 20, 1 << 23, 1 << 24, 1 << 26, 1 << 32
"""Bits of a word of /proc/kpageflags."""

UNKNOWN, HOLE = 0, 255
"""Codes that are no kind: not to be told from the flags; no page at all."""

_LADDER: tuple[tuple[int, Kind], ...] = (
    (SLAB, Kind.SLAB),  # before ANON: slab pages are said to be anonymous as well (see docs/layout.md)
    (PGTABLE, Kind.TABLE),
    (BUDDY, Kind.FREE),
    (OFFLINE, Kind.OFFLINE),
    (HUGE, Kind.HUGETLB),
    (ZERO_PAGE, Kind.ZERO),
    (ANON, Kind.ANON),
    (LRU | SWAPBACKED | UNEVICTABLE, Kind.FILE),
    (RESERVED, Kind.RESERVED),
)
"""The first row of which a page has a bit says its kind."""

CODES: tuple[str, ...] = ("unknown", *NAMES.values())
"""Code of a page -> its name; code 1 is the first kind of memdesc.kinds."""


def code_of(kind: Kind) -> int:
    """Return the number by which arrays of pages call `kind`, 0 for NONE."""
    return kind.bit_length()


def kind_of_code(code: int) -> Kind:
    """Return the kind that `code` stands for."""
    return Kind(1 << (code - 1)) if code else Kind.NONE


def classify(flags: NDArray[np.uint64], carried: int = UNKNOWN) -> NDArray[np.uint8]:
    """Return the code of each page of `flags`, words of /proc/kpageflags.

    A tail page is what its head is. Args: carried: the code of the last head before the first page.
    """
    codes = np.zeros(len(flags), np.uint8)
    for bits, kind in reversed(_LADDER):
        codes[flags & np.uint64(bits) != 0] = code_of(kind)
    codes[flags & np.uint64(NOPAGE) != 0] = HOLE
    tails = flags & np.uint64(TAIL) != 0
    if tails.any():
        heads = np.where(tails, -1, np.arange(len(flags)))
        head = np.maximum.accumulate(heads)
        codes = np.where(tails, np.where(head >= 0, codes[head], carried), codes).astype(np.uint8)
    return codes


def counts(codes: NDArray[np.uint8]) -> dict[str, int]:
    """Return pages by name of kind; holes are no pages."""
    numbers = np.bincount(codes, minlength=256)
    return {name: int(numbers[code]) for code, name in enumerate(CODES) if numbers[code]}


@dataclass(frozen=True, slots=True)
class Runs:
    """Blocks of pages from page frame `pfn` on, run-length encoded.

    Attributes: begin, end: when they were read, nanoseconds since the trace began. code, order: of each block
    of a run. blocks: in the run; the run covers blocks << order page frames.
    """

    pfn: int
    begin: int
    end: int
    code: NDArray[np.uint8]
    order: NDArray[np.uint8]
    blocks: NDArray[np.uint32]

    @property
    def pages(self) -> int:
        """Page frames that the runs cover, holes included."""
        return int((self.blocks.astype(np.int64) << self.order.astype(np.int64)).sum())

    @property
    def present(self) -> int:
        """Page frames that exist."""
        there = self.code != HOLE
        return int((self.blocks[there].astype(np.int64) << self.order[there].astype(np.int64)).sum())

    def __iter__(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield (pfn, code, order, blocks) of each run."""
        pfn = self.pfn
        for code, order, blocks in zip(
            self.code.tolist(), self.order.tolist(), self.blocks.tolist(), strict=True
        ):
            yield pfn, code, order, blocks
            pfn += blocks << order


def encode(flags: NDArray[np.uint64], pfn: int, begin: int, end: int, carried: int = UNKNOWN) -> Runs:
    """Return `flags`, words of /proc/kpageflags from page frame `pfn` on, as runs.

    A compound page is one block where its size is a power of two and its start a multiple of that.
    """
    codes = classify(flags, carried)
    size = len(flags)
    head = flags & np.uint64(HEAD) != 0
    tail = flags & np.uint64(TAIL) != 0
    starts = np.flatnonzero(~tail)
    lengths = np.diff(np.append(starts, size))
    if len(starts) == 0 or starts[0] > 0:
        # Tails whose head lies before this piece: single pages.
        loose = size if len(starts) == 0 else int(starts[0])
        starts = np.concatenate([np.arange(loose), starts])
        lengths = np.concatenate([np.ones(loose, lengths.dtype), lengths])
    whole = head[starts] & ((lengths & (lengths - 1)) == 0) & ((starts + pfn) % np.maximum(lengths, 1) == 0)
    broken = np.flatnonzero(~whole & (lengths > 1))
    if len(broken):
        starts = np.concatenate([starts, *(np.arange(starts[b] + 1, starts[b] + lengths[b]) for b in broken)])
        lengths[broken] = 1
        lengths = np.concatenate([lengths, np.ones(len(starts) - len(lengths), lengths.dtype)])
        turn = np.argsort(starts, kind="stable")
        starts, lengths = starts[turn], lengths[turn]
    order = np.round(np.log2(np.maximum(lengths, 1))).astype(np.uint8)
    code = codes[starts]
    fresh = np.flatnonzero(np.append(True, (code[1:] != code[:-1]) | (order[1:] != order[:-1])))
    blocks = np.diff(np.append(fresh, len(code))).astype(np.uint32)
    return Runs(pfn, begin, end, code[fresh], order[fresh], blocks)


def parse_counters(text: str) -> dict[str, int]:
    """Return the numbers of /proc/vmstat, or of /proc/meminfo in its units, by name."""
    found = {}
    for line in text.splitlines():
        words = line.replace(":", " ").split()
        if len(words) >= 2 and words[1].isdigit():
            found[words[0]] = int(words[1])
    return found


def parse_free(text: str) -> int:
    """Return how many pages are free, those that CPUs keep for themselves included, from /proc/zoneinfo.

    Both are read of a zone at once, where /proc/vmstat has only the first, read at another moment.
    """
    total = 0
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["count:"] or words[:2] == ["pages", "free"]:
            total += int(words[-1])
    return total
