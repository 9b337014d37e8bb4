"""The graph that constraining makes of the linked facts: flows, sources, and demands."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from memdesc.inference.derive import Derivation
from memdesc.inference.effects import Effects
from memdesc.inference.link import Linked
from memdesc.inference.transfer import Table
from memdesc.source.signatures import Demand

Ints = npt.NDArray[np.int32]
INTRA, CALL, RETURN = 0, 1, 2
GIVEN_TO = "given to"
"""Begins the name of a source that is what callers give to a function, by its signature."""
DESCRIPTORS = ("folio", "page", "slab", "netmem", "ptdesc", "zpdesc", "within", "address")

NEEDED_BY = "needed by"
"""Begins the name of a source that is what a use says of a value of which nothing else is known."""
TOLD_BY = "told by"
"""Begins the name of a source that is what a test of the kernel says of the value that it is asked of."""


@dataclass(frozen=True, slots=True)
class Sink:
    """A use that accepts only some kinds: the node that reaches it, the demand, who demands, the row; `because`
    is the row of the assertion that the demand was derived from, -1 when there is none."""

    node: int
    demand: Demand
    name: str
    row: int
    because: int = -1


@dataclass(slots=True)
class Graph:
    """Flows with what they let pass, sources, and demands.

    Attributes: flows: rows of (source, target, sort, transfer, row of the facts, site); sort is INTRA in a
    function, CALL into one, RETURN out of one. heap: nodes that belong to no function (members, globals).
    sources: (node, kinds, row, what gives). late: the same, for nodes at which nothing else arrives, with
    the node that must be empty for some caller. evidence: (node, bit of DESCRIPTORS, row, who says). offered:
    what the signature of a function says of its parameters and result, by node: a word of DESCRIPTORS or "". alike:
    more flows, an array. told: functions that are tests of their argument by their signature. marked: function ->
    (byte offset, mark) of each call that leaves a mark on an object. derived: what the bodies demand.
    effects: what finds more of that.
    """

    linked: Linked
    table: Table
    flows: list[tuple[int, int, int, int, int, int]] = field(default_factory=list)
    alike: Ints = field(default_factory=lambda: np.empty((0, 6), dtype=np.int32))
    sources: list[tuple[int, int, int, str]] = field(default_factory=list)
    late: list[tuple[int, int, int, str, int]] = field(default_factory=list)
    sinks: list[Sink] = field(default_factory=list)
    evidence: list[tuple[int, int, int, str]] = field(default_factory=list)
    offered: dict[int, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    marked: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    converters: set[str] = field(default_factory=set)
    derived: Derivation = field(default_factory=Derivation)
    effects: "Effects | None" = None
    heap: "npt.NDArray[np.bool_]" = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def edges(self) -> Ints:
        """Return all flows as one array, six numbers a row."""
        return np.concatenate([self.alike, np.array(self.flows, dtype=np.int32).reshape(-1, 6)])

    def marks_near(self, functions: Iterable[int], mark: str) -> bool:
        """Return whether any function in the files of these leaves a mark on an object."""
        known = self.linked.functions
        files = {known[f][0] for f in functions}
        return any(
            known[f][0] in files and mark in (word for _, word in said) for f, said in self.marked.items()
        )
