"""Contracts: bodies are held to what the signatures of their functions say.

Whoever calls a function believes its signature. So its body must be right for the memory that callers may give
(`brings`), and must return what callers rely on (`returns`).
"""

from collections.abc import Iterable

import numpy as np

from memdesc.inference.graph import GIVEN_TO, Sink
from memdesc.inference.link import Linked
from memdesc.kinds import Kind
from memdesc.source.signatures import Demand, Signature


def held(
    linked: Linked, signed: Iterable[tuple[str, Signature | None]]
) -> tuple[list[tuple[int, int, int, str]], list[Sink]]:
    """Return what callers give to the functions of the files, as sources, and what these must return.

    Of several definitions of a function each is held to it.
    """
    rows, symbols = linked.rows, linked.symbols
    given: dict[int, tuple[Kind, str]] = {}
    returned: dict[int, tuple[tuple[Demand, ...], str]] = {}
    for name, signature in signed:
        if signature is None:
            continue
        for number, slot in enumerate(signature.params):
            node = symbols.get(f"p:{name}:{number}")
            if slot.brings and node is not None:
                given[node] = slot.brings, name
        node = symbols.get(f"r:{name}")
        if signature.result.demands and node is not None:
            returned[node] = signature.result.demands, name
    sources, sinks = [], []
    begun: set[tuple[int, int]] = set()
    for row in np.flatnonzero(np.isin(rows[:, 0], list(given))).tolist():
        node, function = int(rows[row, 0]), int(rows[row, 6])
        if (node, function) not in begun:
            begun.add((node, function))
            kinds, name = given[node]
            sources.append((node, int(kinds), row, f"{GIVEN_TO} {name}"))
    for row in np.flatnonzero(np.isin(rows[:, 1], list(returned))).tolist():
        demands, name = returned[int(rows[row, 1])]
        node = int(rows[row, 0])
        sinks += [Sink(node, demand, name, row) for demand in demands if node]
    return sources, sinks
