"""Calls at which a known kind of memory is lost: it is handed to a function of which nothing is known.

Nothing is known of a function that has no signature, neither a shipped nor a generated one, and whose body was not
read; that is one through which no memory comes to a use that refuses it, as far as its file tells. Kinds that nearly
all memory has (objects of slab caches, locals, the image) tell little and are not counted.
"""

from collections import Counter

from memdesc.inference.constrain import Unread
from memdesc.inference.graph import Graph
from memdesc.inference.solve import solve
from memdesc.kinds import BESIDE, STATES, Kind
from memdesc.source.signatures import Signatures

EVERYWHERE = Kind.SLAB | Kind.STACK | Kind.GLOBAL | STATES | BESIDE


def lost(
    graph: Graph, known: Signatures, version: tuple[int, ...] | None, unread: Unread
) -> Counter[tuple[str, int]]:
    """Return (function, number of the argument) -> calls at which memory of a known kind is handed to it."""
    linked = graph.linked
    solution = solve(graph)
    found: Counter[tuple[str, int]] = Counter()
    telling: dict[int, tuple[str, int]] = {}
    for number, op in enumerate(linked.ops):
        if op[:2] != "a:" or op.count(":") != 2:
            continue
        name, argument = op[2:].rsplit(":", 1)
        if name[:1] == "." or "@" in name or f"p:{name}:{argument}" in linked.symbols:
            continue
        if known.of(name, version) is None and unread(name) is None:
            telling[number] = (name, int(argument))
    for row in linked.rows:
        slot = telling.get(int(row[2]))
        if slot is not None and Kind(solution.at(int(row[0]))) & ~EVERYWHERE:
            found[slot] += 1
    return found
