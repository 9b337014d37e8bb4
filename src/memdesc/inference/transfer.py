"""What an edge does to the kinds that flow along it: keep some, turn some into others."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from memdesc.kinds import ANY, BESIDE, Kind

Kinds = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Transfer:
    """Kinds in `keep` pass as they are; each pair of `turns` turns the kinds of the first into the second."""

    keep: int
    turns: tuple[tuple[int, int], ...] = ()

    def __call__(self, kinds: int) -> int:
        """Return what arrives when `kinds` are sent."""
        out = kinds & self.keep
        for source, target in self.turns:
            if kinds & source:
                out |= target
        return out

    def then(self, other: "Transfer") -> "Transfer":
        """Return this transfer followed by `other`."""
        turns: dict[int, int] = {}
        for source, target in self.turns:
            turns[source] = turns.get(source, 0) | other(target)
        for source, target in other.turns:
            passing = source & self.keep
            if passing:
                turns[passing] = turns.get(passing, 0) | target
        return Transfer(self.keep & other.keep, tuple(sorted((s, t) for s, t in turns.items() if t)))


SAME = Transfer(int(ANY))
MOVED = Transfer(
    int(ANY & ~(Kind.BLOCK | Kind.COMPOUND)),
    ((int(Kind.BLOCK), int(Kind.NONCOMP)), (int(Kind.COMPOUND), int(Kind.TAIL))),
)
"""Pointer arithmetic: a later page of a block."""
RELEASED = Transfer(int(ANY & ~Kind.PTL), ((int(Kind.PTL), int(Kind.UNREF)),))
"""A page table lock is let go."""


def keeping(kinds: Kind) -> Transfer:
    """Return the transfer that lets only `kinds` pass; whose they are, no test of a kind tells."""
    return Transfer(int(kinds | BESIDE))


def viewing(kinds: Kind, source: Kind, target: Kind) -> Transfer:
    """Return the transfer of another view: only `kinds` pass, and `source` comes out as `target`."""
    if not source:
        return keeping(kinds)
    return Transfer(int(kinds & ~source | BESIDE), ((int(source & kinds), int(target)),))


def becoming(source: Kind, target: Kind, drops: Kind) -> Transfer:
    """Return the transfer of a call that turns `source` into `target` and drops bits."""
    if not target:
        return Transfer(int(ANY & ~drops))
    return Transfer(int(ANY & ~source & ~drops), ((int(source), int(target)),))


@dataclass(slots=True)
class Table:
    """All transfers of a graph, by number; 0 is SAME."""

    all: list[Transfer] = field(default_factory=lambda: [SAME])
    numbers: dict[Transfer, int] = field(default_factory=lambda: {SAME: 0})

    def number(self, transfer: Transfer) -> int:
        """Return the number of `transfer`."""
        found = self.numbers.get(transfer)
        if found is None:
            found = self.numbers[transfer] = len(self.all)
            self.all.append(transfer)
        return found

    def apply(
        self, kinds: Kinds, transfers: npt.NDArray[np.int32], keep: Kinds, special: npt.NDArray[np.bool_]
    ) -> Kinds:
        """Return what arrives along edges: `kinds` sent, `transfers` their numbers."""
        out = kinds & keep[transfers]
        odd = np.flatnonzero(special[transfers] & (kinds != 0))
        for at in odd:
            out[at] = self.all[transfers[at]](int(kinds[at]))
        return out
