"""Evidence for what a pointer stands for: what is done with each value, and with those that reach it.

Signatures say of a use that it takes its argument for a folio's head (`whole`), for any page of a folio
(`within`), for this very page (`exact`), or for another descriptor (`as ...`). Evidence goes against the flows,
from a use to every value that may be there. It does not go through a change of page: what is done to `page + n`,
or to an address in the page, says nothing of `page`. Nor does it go through members, globals and containers: they
hold what many put there.
"""

import numpy as np
import numpy.typing as npt

from memdesc.inference.constrain import CALL, DESCRIPTORS, INTRA, RETURN, Ints
from memdesc.inference.solve import Solution

Bits = npt.NDArray[np.uint16]
WHOLE, EXACT, WITHIN = (1 << DESCRIPTORS.index(word) for word in ("folio", "page", "within"))
UNKNOWN = 1 << len(DESCRIPTORS)
"""Bit of `before`: something may arrive of which nothing is known."""


class Evidence:
    """Evidence of every node; numbers are bits of DESCRIPTORS.

    Attributes: here: from uses in the same function. beyond: from those in called functions too. after: for
    what a function returns, from uses by its callers. before: what is known of the values that arrive, and
    UNKNOWN when nothing is known of one. sources, targets: the flows inside functions, by target.
    """

    def __init__(self, solution: Solution) -> None:
        graph, linked = solution.graph, solution.graph.linked
        edges = solution.edges
        shared = graph.heap | _containers(solution)
        own = ~(shared[edges[:, 0]] | shared[edges[:, 1]])
        same, parts = _constructs(solution)
        flows = own & same & (edges[:, 2] != RETURN)
        inside = flows & (edges[:, 2] == INTRA)
        said = np.zeros(linked.node_count, dtype=np.uint16)
        for node, bit, _row, _name in graph.evidence:
            said[node] |= np.uint16(bit)
        against = edges[:, [1, 0]]
        self.here = spread(said, against[inside])
        self.beyond = spread(said, against[flows & ~_foreign(solution)])
        order = np.argsort(edges[inside, 1], kind="stable")
        self.sources, self.targets = edges[inside][order, 0], edges[inside][order, 1]
        returned = edges[own & (edges[:, 2] == RETURN)]
        self.after = np.zeros(linked.node_count, dtype=np.uint16)
        np.bitwise_or.at(self.after, returned[:, 0], self.beyond[returned[:, 1]])
        self.before = self._before(edges[:, :2], flows, parts, _folios(solution))

    def _before(
        self, edges: Ints, flows: npt.NDArray[np.bool_], parts: npt.NDArray[np.bool_], folios: Ints
    ) -> Bits:
        count = len(self.here)
        head = np.zeros(count, dtype=bool)
        head[folios] = True
        arriving = flows | (parts & head[edges[:, 0]])
        reached = np.zeros(count, dtype=bool)
        reached[edges[arriving, 1]] = True
        known = (self.here & np.uint16(WHOLE | WITHIN)).astype(np.uint16)
        known[head] = WHOLE
        start = np.where((known == 0) & ~reached, np.uint16(UNKNOWN), known)
        open_ = edges[arriving & (known[edges[:, 1]] == 0)]
        leaving = spread(start, open_)
        before = np.zeros(count, dtype=np.uint16)
        np.bitwise_or.at(before, edges[arriving, 1], leaving[edges[arriving, 0]])
        return before


def spread(bits: Bits, edges: Ints) -> Bits:
    """Return `bits` after they went along `edges` (rows of source, target) as far as they can."""
    bits = bits.copy()
    edges = edges[np.argsort(edges[:, 0], kind="stable")]
    starts = np.searchsorted(edges[:, 0], np.arange(len(bits) + 1)).astype(np.int64)
    changed = np.flatnonzero(bits)
    while len(changed):
        counts = starts[changed + 1] - starts[changed]
        total = int(counts.sum())
        first = np.repeat(starts[changed] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        found = edges[first + np.arange(total)]
        targets = np.unique(found[:, 1])
        was = bits[targets].copy()
        np.bitwise_or.at(bits, found[:, 1], bits[found[:, 0]])
        changed = targets[bits[targets] != was]
    return bits


def _constructs(solution: Solution) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return, for each edge, whether its ends are the same pointer, and whether one is a part of the other."""
    linked, edges = solution.graph.linked, solution.edges
    changing = {"&", "+", "arr"}
    same = np.array([op not in changing and not op.startswith("r:") for op in linked.ops] + [True])
    part = np.array([op == "&" for op in linked.ops] + [False])
    rows = edges[:, 4]
    op = np.where(rows >= 0, linked.rows[np.maximum(rows, 0), 2], len(linked.ops))
    call = edges[:, 2] != INTRA
    return same[op] | call, part[op] & ~call


def _containers(solution: Solution) -> npt.NDArray[np.bool_]:
    """Return which nodes are what a container holds."""
    linked = solution.graph.linked
    found = np.zeros(linked.node_count, dtype=bool)
    found[[node for name, node in linked.symbols.items() if name.endswith("[]")]] = True
    held = np.array([op.startswith(("c:", "k:")) for op in linked.ops] or [False])
    rows = linked.rows[held[linked.rows[:, 2]]]
    found[np.where(rows[:, 0] > 0, rows[:, 0], rows[:, 1])] = True
    found[0] = False
    return found


def _foreign(solution: Solution) -> npt.NDArray[np.bool_]:
    """Return which edges lead into a definition that belongs to an architecture the caller does not.

    A name that each architecture defines has one node, that of whichever definition was met first.
    """
    linked, edges = solution.graph.linked, solution.edges
    where = np.full(linked.node_count, -1, dtype=np.int32)
    numbers: dict[str, int] = {}
    for spelt, number in linked.definitions.items():
        path = linked.paths[linked.functions[number][0]]
        if not path.startswith("arch/"):
            continue
        arch = numbers.setdefault(path.split("/")[1], len(numbers))
        for n in range(len(linked.functions[number][1].params)):
            node = linked.symbols.get(f"p:{spelt}:{n}")
            if node is not None:
                where[node] = arch
    files = np.array(
        [numbers.get(p.split("/")[1], -1) if p.startswith("arch/") else -1 for p in linked.paths] or [-1],
        dtype=np.int32,
    )
    rows = edges[:, 4]
    caller = np.where(rows >= 0, files[linked.rows[np.maximum(rows, 0), 7]], -1)
    target = where[edges[:, 1]]
    foreign: npt.NDArray[np.bool_] = (edges[:, 2] == CALL) & (target >= 0) & (target != caller)
    return foreign


def _folios(solution: Solution) -> Ints:
    """Return the nodes of what is declared as a folio."""
    linked = solution.graph.linked
    found = []
    for n, facts in enumerate(linked.files):
        for declared in facts.declared:
            if declared.ctype.startswith("struct folio"):
                found += [linked.node(n, node) for node in declared.nodes]
    return np.array(found, dtype=np.int32)
