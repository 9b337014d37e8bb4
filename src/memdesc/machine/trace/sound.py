"""Whether the frames of a trace say what a recording can say.

A valid checksum proves that a frame is as somebody wrote it, not that its numbers mean anything. Here they are
held against each other once, when they are read, so that a replay may rely on them: operations and kinds exist,
blocks lie at multiples of their size and within the machine, time does not run backwards, pieces of the
population do not overlap and come before the first event, and stacks are there before they are named.

Raises, in all of it: ValueError: which is not so.
"""

import numpy as np
from numpy.typing import NDArray

from memdesc.machine.trace.events import Events, Op
from memdesc.machine.trace.population import CODES, HOLE, Runs

MOST_ORDER = 20
"""A folio of a gigabyte has order 18."""
_MOST_PFN = 1 << 52
_MOST_TIME = 1 << 62
_BLOCKS = (Op.ALLOCATE, Op.FREE, Op.CACHE_ADD)
"""Operations whose order is that of the block at pfn."""


class Sound:
    """What the frames so far have said. pages: page frames of the machine, from the head."""

    def __init__(self) -> None:
        self.pages = 0
        self._stacks = 0
        self._end = 0
        self._begun = False

    def stacks(self, count: int) -> None:
        """Take over `count` stacks."""
        self._stacks += count

    def population(self, runs: Runs) -> None:
        """Hold a piece of the population against the machine of `pages` pages and the pieces before."""
        if self._begun:
            raise ValueError("a population after events")
        if runs.pfn < self._end or runs.pfn >= _MOST_PFN:
            raise ValueError("pieces of the population that overlap")
        code, order = runs.code, runs.order.astype(np.int64)
        if not len(code):
            return
        if bool(((code >= len(CODES)) & (code != HOLE)).any()):
            raise ValueError("a kind that there is not")
        if int(order.max()) > MOST_ORDER:
            raise ValueError("a block of an order that there is not")
        covered = runs.blocks.astype(np.int64) << order
        if float(covered.sum(dtype=np.float64)) >= _MOST_PFN:
            raise ValueError("more pages than an address can name")
        ends = runs.pfn + np.cumsum(covered)
        if _loose((ends - covered).astype(np.uint64), order.astype(np.uint64)):
            raise ValueError("a block that does not lie at a multiple of its size")
        there = code != HOLE
        if bool(there.any()) and int(ends[there].max()) > self.pages:
            raise ValueError("pages behind the last")
        self._end = int(ends[-1])

    def events(self, events: Events) -> None:
        """Hold events against what is known."""
        self._begun = True
        if not len(events):
            return
        if int(events["stack"].max()) > self._stacks:
            raise ValueError("a stack that it does not have")
        ops, time = events["op"], events["time"]
        if int(ops.min()) < min(Op) or int(ops.max()) > max(Op):
            raise ValueError("an operation that there is not")
        if int(time.max()) >= _MOST_TIME or bool((time[1:] < time[:-1]).any()):
            raise ValueError("time that runs backwards")
        blocks = events[np.isin(ops, _BLOCKS)]
        if not len(blocks):
            return
        order = blocks["order"].astype(np.uint64)
        if int(order.max()) > MOST_ORDER:
            raise ValueError("a block of an order that there is not")
        if int(blocks["pfn"].max()) >= _MOST_PFN or _loose(blocks["pfn"], order):
            raise ValueError("a block that does not lie at a multiple of its size")


def _loose(pfn: NDArray[np.uint64], order: NDArray[np.uint64]) -> bool:
    """Whether a block does not begin at a multiple of its size."""
    one = np.uint64(1)
    return bool((pfn & ((one << order) - one)).any())
