"""Solving: kinds flow along the graph to a fixed point, on realisable paths only.

Two planes keep calls apart, as in Reps, Horwitz and Sagiv (POPL 1995) and in Johnson and Wagner (USENIX
Security 2004): a value in plane UP has not entered a call and may return out of the function it is in; a
value in plane DOWN came in through a call and goes on inward only. What passes through a helper and returns
does so by a *summary* from the helper's parameter to its result, laid at each call. Members and globals start
anew in UP.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from memdesc.inference.beliefs import Into, believed, unknown
from memdesc.inference.graph import CALL, INTRA, RETURN, Graph, Ints
from memdesc.inference.transfer import Transfer

Kinds = npt.NDArray[np.uint64]
_ROUNDS = 6


@dataclass(slots=True)
class Solution:
    """Kinds by node: `up` and `down` are the planes; `edges` the flows, summaries laid; rows as in Graph;
    `assumed`: sources of values of which nothing else is known (beliefs.py)."""

    graph: Graph
    edges: Ints
    up: Kinds
    down: Kinds
    assumed: list[tuple[int, int, int, str]] = field(default_factory=list)

    def at(self, node: int) -> int:
        """Return all kinds that arrive at a node."""
        return int(self.up[node] | self.down[node])


def solve(graph: Graph) -> Solution:
    """Return the least solution."""
    edges = graph.edges()
    edges = np.concatenate([edges, summaries(graph, edges)])
    count = graph.linked.node_count
    up = np.zeros(count, dtype=np.uint64)
    down = np.zeros(count, dtype=np.uint64)
    order = np.argsort(edges[:, 0], kind="stable")
    edges = edges[order]
    starts = np.searchsorted(edges[:, 0], np.arange(count + 1)).astype(np.int64)
    keep = np.array([t.keep for t in graph.table.all], dtype=np.uint64)
    special = np.array([bool(t.turns) for t in graph.table.all], dtype=bool)
    for node, kinds, _row, _name in graph.sources:
        up[node] |= np.uint64(kinds)
    changed = np.flatnonzero(up)
    _spread(graph, edges, starts, keep, special, up, down, changed)
    assumed: list[tuple[int, int, int, str]] = []
    into = Into(graph, edges)
    for told in (unknown, believed):
        more = list(told(graph, into, (up | down) != 0))
        for node, kinds, _row, _name in more:
            up[node] |= np.uint64(kinds)
        if more:
            _spread(graph, edges, starts, keep, special, up, down, np.unique([node for node, *_ in more]))
        assumed += more
    return Solution(graph, edges, up, down, assumed)


def _spread(
    graph: Graph,
    edges: Ints,
    starts: npt.NDArray[np.int64],
    keep: Kinds,
    special: npt.NDArray[np.bool_],
    up: Kinds,
    down: Kinds,
    changed: npt.NDArray[np.intp],
) -> None:
    heap = graph.heap
    while len(changed):
        counts = starts[changed + 1] - starts[changed]
        total = int(counts.sum())
        if not total:
            return
        index = np.repeat(
            starts[changed] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts
        ) + np.arange(total)
        found = edges[index]
        source, target, sort, transfer = found[:, 0], found[:, 1], found[:, 2], found[:, 3]
        rising = graph.table.apply(up[source], transfer, keep, special)
        falling = graph.table.apply(down[source], transfer, keep, special)
        to_heap = heap[target]
        new_up = np.where(sort == CALL, 0, rising) | np.where(to_heap & (sort != RETURN), falling, 0)
        new_down = np.where(sort == CALL, rising | falling, np.where((sort == INTRA) & ~to_heap, falling, 0))
        new_up = np.where(to_heap, new_up | rising, new_up).astype(np.uint64)
        targets = np.unique(target)
        before_up, before_down = up[targets].copy(), down[targets].copy()
        np.bitwise_or.at(up, target, new_up)
        np.bitwise_or.at(down, target, new_down.astype(np.uint64))
        changed = targets[(up[targets] != before_up) | (down[targets] != before_down)]


def summaries(graph: Graph, edges: Ints) -> Ints:
    """Return edges from arguments to results (and contents) of calls of functions that pass them through."""
    linked = graph.linked
    entries: dict[int, str] = {}
    exits: dict[int, str] = {}
    for name, node in linked.symbols.items():
        if name[0] == "p":
            entries[node] = name[2:]
            if name.endswith("[]"):
                exits[node] = name[2:]
        elif name[0] in "qr":
            exits[node] = name[2:]
    calls = edges[edges[:, 2] != INTRA]
    used_in = set(calls[calls[:, 2] == CALL][:, 1].tolist())
    used_out = set(calls[calls[:, 2] == RETURN][:, 0].tolist())
    inner = edges[edges[:, 2] == INTRA]
    inner = inner[~graph.heap[inner[:, 0]] & ~graph.heap[inner[:, 1]]]
    into: dict[int, list[tuple[int, int, int]]] = {}  # entry -> [(argument node, site, row)]
    for source, target, _sort, _t, row, site in calls[calls[:, 2] == CALL].tolist():
        into.setdefault(target, []).append((source, site, row))
    out_of: dict[tuple[int, int], int] = {}  # (exit, site) -> node that receives
    for source, target, _sort, _t, _row, site in calls[calls[:, 2] == RETURN].tolist():
        out_of[source, site] = target
    laid: list[tuple[int, int, int, int, int, int]] = []
    known: set[tuple[int, int, int]] = set()
    for _ in range(_ROUNDS):
        own = np.array(laid, dtype=np.int32).reshape(-1, 6)
        found = _through(
            np.concatenate([inner, own]), linked.node_count, entries, exits, used_in, used_out, graph
        )
        fresh = [f for f in found if f not in known]
        if not fresh:
            break
        known.update(fresh)
        for entry, leave, transfer in fresh:
            for argument, site, row in into.get(entry, ()):
                target = out_of.get((leave, site))
                if target is not None and target != argument:
                    laid.append((argument, target, INTRA, transfer, row, site))
    return np.array(laid, dtype=np.int32).reshape(-1, 6)


def _through(
    inner: Ints,
    count: int,
    entries: dict[int, str],
    exits: dict[int, str],
    used_in: set[int],
    used_out: set[int],
    graph: Graph,
) -> list[tuple[int, int, int]]:
    """Return (entry, exit, transfer) for every way through a function, inside it."""
    reaching = np.zeros(count, dtype=bool)
    reaching[[e for e in exits if e in used_out]] = True
    order = np.argsort(inner[:, 1], kind="stable")
    backward = inner[order]
    starts = np.searchsorted(backward[:, 1], np.arange(count + 1)).astype(np.int64)
    frontier = np.flatnonzero(reaching)
    while len(frontier):
        counts = starts[frontier + 1] - starts[frontier]
        total = int(counts.sum())
        if not total:
            break
        index = np.repeat(
            starts[frontier] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts
        ) + np.arange(total)
        sources = np.unique(backward[index, 0])
        frontier = sources[~reaching[sources]]
        reaching[frontier] = True
    useful = inner[reaching[inner[:, 0]] & reaching[inner[:, 1]]]
    forward: dict[int, list[tuple[int, int]]] = {}
    for source, target, _sort, transfer, _row, _site in useful.tolist():
        forward.setdefault(source, []).append((target, transfer))
    table = graph.table
    same = table.all[0]
    found = []
    for entry in entries:
        if entry not in used_in or not reaching[entry] or entry not in forward:
            continue
        state: dict[int, Transfer] = {entry: same}
        work = [entry]
        while work:
            node = work.pop()
            for target, transfer in forward.get(node, ()):
                passed = state[node].then(table.all[transfer]) if transfer else state[node]
                old = state.get(target)
                if old is None:
                    state[target] = passed
                elif old != passed:
                    joined = Transfer(old.keep | passed.keep, tuple(sorted({*old.turns, *passed.turns})))
                    if joined == old:
                        continue
                    state[target] = joined
                else:
                    continue
                work.append(target)
        for node, passed in state.items():
            if node in exits and node != entry and node in used_out and (passed.keep or passed.turns):
                found.append((entry, node, table.number(passed)))
    return found
