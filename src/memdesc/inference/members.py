"""Members that bring memory of a kind, whoever filled them."""

from collections.abc import Iterable, Iterator

import numpy as np

from memdesc.inference.link import Linked
from memdesc.source.signatures import Member


def brought(linked: Linked, members: Iterable[Member]) -> Iterator[tuple[int, int, int, str]]:
    """Yield (node, kinds, row, member) for each read of a member that a signature says to bring memory."""
    bringing = {f"{m.struct}.{m.name}": int(m.gives) for m in members if m.gives}
    found = {
        number: (bringing[bare], bare.replace(".", "->"))
        for spelt, number in linked.symbols.items()
        if spelt[:2] == "f:" and (bare := _unplaced(spelt)) in bringing
    }
    if not found:
        return
    for row in np.flatnonzero(np.isin(linked.rows[:, 0], list(found))).tolist():
        if linked.ops[linked.rows[row, 2]] == "=":
            kinds, name = found[int(linked.rows[row, 0])]
            yield int(linked.rows[row, 1]), kinds, row, name


def _unplaced(symbol: str) -> str:
    """Return `TAG.MEMBER` of a member's symbol, wherever its struct is declared and whoever uses it."""
    tag, dot, member = symbol[2:].partition("#")[0].partition(".")
    return f"{tag.partition('@')[0]}{dot}{member}"
