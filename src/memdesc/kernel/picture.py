"""Physical memory as a picture: cells of equal size, each with the kind that most of its pages have."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from memdesc.kernel.population import CHUNK_PAGES, Codes, Columns, Page

MOST_CELLS = 1 << 18
"""The picture never has more; a cell holds a power of two of page frames."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Cells along physical memory.

    Attributes: cell_pages: page frames of a cell. first: frame of the first cell. kind: uint8, the commonest
    kind of memory in each cell (ABSENT when there is none). share: uint8, how much of the cell it is, 255 for all.
    """

    first: int
    cell_pages: int
    kind: Codes
    share: Codes


class Painter:
    """Adds chunk after chunk to a picture of `ranges`."""

    def __init__(self, ranges: Sequence[range]) -> None:
        self._first = min((span.start for span in ranges), default=0) // CHUNK_PAGES * CHUNK_PAGES
        frames = max(max((span.stop for span in ranges), default=0) - self._first, 1)
        self._cell = 1
        while self._cell * MOST_CELLS < frames:
            self._cell <<= 1
        # A cell larger than a chunk is filled by several: keep pages of the commonest kind so far.
        cells = -(-frames // self._cell)
        self._kind = np.full(cells, Page.ABSENT, np.uint8)
        self._most = np.zeros(cells, np.int64)
        self._open: dict[int, np.ndarray[tuple[int], np.dtype[np.int64]]] = {}

    def add(self, columns: Columns) -> None:
        """Paint the pages of `columns`."""
        start = columns.first - self._first
        cell = (np.arange(start, start + len(columns.kind)) // self._cell).astype(np.int64)
        low = int(cell[0])
        cell -= low
        cell <<= 5
        cell += columns.kind
        found = np.bincount(cell, minlength=(int(cell[-1] >> 5) + 1) * 32).astype(np.int64)
        sums = found.reshape(-1, 32)
        if self._cell > len(columns.kind):
            for place, row in enumerate(sums):
                known = self._open.setdefault(low + place, np.zeros(32, np.int64))
                known += row
                self._open = {k: v for k, v in self._open.items() if k >= low}
                self._set(low + place, known.reshape(1, 32))
            return
        self._set(low, sums)

    def _set(self, low: int, sums: "np.ndarray[tuple[int, int], np.dtype[np.int64]]") -> None:
        memory = sums.copy()
        memory[:, Page.ABSENT] = 0
        best = memory.argmax(1)
        most = memory.max(1)
        rows = slice(low, low + len(sums))
        self._kind[rows] = np.where(most > 0, best, Page.ABSENT)
        self._most[rows] = most

    def picture(self) -> Picture:
        """Return what was painted."""
        share = np.minimum(self._most * 255 // self._cell, 255).astype(np.uint8)
        return Picture(self._first, self._cell, self._kind, share)
