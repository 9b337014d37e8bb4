"""Beliefs: what is taken for true of memory whose origin nobody shows.

Where code hands a value to a function that takes one kind of memory alone, it believes the value to be of that kind.
If nothing else is known of the value, it is that kind where it is used otherwise, too: one of the two is wrong
(after Engler, Chen, Hallem, Chou, Chelf: Bugs as deviant behavior, SOSP 2001).
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt

from memdesc.inference.graph import CALL, INTRA, NEEDED_BY, Graph, Ints
from memdesc.kinds import BESIDE, STATES

_MOST = 50
"""Values behind one another that are followed back from a use."""


def believed(graph: Graph, into: "Into", known: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int, int, str]]:
    """Yield (node, kind, row of the use, what needs it) of values at which nothing arrives.

    Args: into: all flows. known: by node, whether something arrives there.
    """
    uses = []
    for sink in graph.sinks:
        demand = sink.demand
        kinds = demand.accepts & ~(STATES | BESIDE)
        if (
            demand.action != "use"
            or demand.contents
            or demand.interpretation
            or demand.when
            or known[sink.node]
        ):
            continue
        if kinds.bit_count() == 1 and sink.because < 0:
            uses.append((sink, kinds))
    for sink, kinds in uses:
        node = into.origin(sink.node, int(graph.linked.rows[sink.row, 6]))
        if graph.linked.names.get(node, "").endswith("[]"):
            continue  # a container holds what many put there
        if not known[node] and not graph.heap[node]:
            yield node, int(kinds), sink.row, f"{NEEDED_BY} {sink.name}"


def unknown(graph: Graph, into: "Into", known: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int, int, str]]:
    """Yield what a call may give when nothing arrives at its argument, or nothing from one of its function's callers.

    Args: into: all flows. known: by node, whether something arrives there.
    """
    for node, kinds, row, name, empty in graph.late:
        if not known[empty] or any(
            sort == CALL and not known[source]
            for source, _, sort, *_ in into.flows(into.origin(empty, int(graph.linked.rows[row, 6])))
        ):
            yield node, kinds, row, name


class Into:
    """Flows by what they lead to."""

    def __init__(self, graph: Graph, edges: Ints) -> None:
        self.graph, self.edges = graph, edges

    @cached_property
    def _ordered(self) -> tuple[Ints, Ints]:
        """(numbers of the flows by what they lead to, what these lead to): made when the first is asked for."""
        order = np.argsort(self.edges[:, 1], kind="stable").astype(np.int32)
        return order, self.edges[order, 1]

    def flows(self, node: int) -> list[list[int]]:
        """Return the flows into a node."""
        order, targets = self._ordered
        first, last = np.searchsorted(targets, [node, node + 1])
        found: list[list[int]] = self.edges[order[first:last]].tolist()
        return found

    def origin(self, node: int, function: int) -> int:
        """Return the first node of a function that holds the value of `node` and no other."""
        for _ in range(_MOST):
            inner = self.flows(node)
            if len(inner) != 1:
                return node
            source, _, sort, transfer, row, _ = inner[0]
            if sort != INTRA or transfer or self.graph.heap[source] or row < 0:
                return node
            if int(self.graph.linked.rows[row, 6]) != function:
                return node
            node = source
        return node
