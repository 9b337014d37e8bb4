"""Settled: whether what tells two memories apart was answered for this one, and so the use is of this one.

`if (vm) vfree(p); else kfree(p);` frees either memory rightly if `vm` is true of vmalloc() memory. That a function
frees the same pointer one way or another speaks for it; that the memory comes by a way on which the very question had
the very answer of the wrong branch, or was told by a test that the kernel answers by kind, speaks against it.
"""

from dataclasses import dataclass

from memdesc.findings.asked import telling
from memdesc.findings.chosen import asked_plainly
from memdesc.inference.graph import TOLD_BY, Sink
from memdesc.inference.solve import Solution
from memdesc.inference.trace import Answers, Tracer, Way
from memdesc.kinds import BESIDE, STATES, Kind

TOLD_APART = frozenset({"decides-free", "decides-kept", "other-free", "other-use", "another-puts"})
"""Doubts that a question may tell memories apart: where it was answered, there is none."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Looks for the answers on a way."""

    solution: Solution
    tracer: Tracer

    def by_test(self, way: Way, sink: Sink, kind: Kind) -> bool:
        """Whether the function of the use asks a test of the kernel that this passes, and nothing the use accepts."""
        if way.source.startswith(TOLD_BY):
            return True
        linked = self.solution.graph.linked
        own = linked.rows[sink.row, 6]
        accepts = sink.demand.accepts & ~(STATES | BESIDE)
        for hop in way.hops:
            op = linked.ops[int(linked.rows[hop.row, 2])] if hop.row >= 0 else ""
            if op[:3] not in ("g+:", "g-:") or linked.rows[hop.row, 6] != own:
                continue
            guard = telling().get(op.split(":")[1])
            if guard is not None and guard[op[1] == "-"] & kind and not guard[op[1] == "-"] & accepts:
                return True
        return False

    def by_condition(self, way: Way, sink: Sink, other: Sink) -> bool:
        """Whether what leads to the use, and not to the `other` one, was known so where the memory was obtained."""
        here, there = self.tracer.asked(sink.row), self.tracer.asked(other.row)
        apart = {answer for answer in here if not self.tracer.agree(there, frozenset((answer,)))}
        if not apart:
            return False
        known: dict[str, bool] = {}
        for row in self._before(way, sink):
            known.update(_plainly(self.tracer.known(row)))  # what comes later holds
        said = [known[atom] == answer for atom, answer in _plainly(frozenset(apart)) if atom in known]
        return bool(said) and all(said)

    def _before(self, way: Way, sink: Sink) -> list[int]:
        """Return the places of a way that lie before the question: where memory is obtained, put away and merged.

        What is loaded or computed in the function of the use may stand behind the question itself.
        """
        linked, heap = self.solution.graph.linked, self.solution.graph.heap
        put = max((n for n, hop in enumerate(way.hops) if heap[hop.target]), default=-1)
        found = [way.row]
        for n, hop in enumerate(way.hops):
            if hop.row < 0 or (n > put >= 0):
                continue
            own = linked.rows[hop.row, 6] == linked.rows[sink.row, 6]
            if n <= put or not own or linked.ops[int(linked.rows[hop.row, 2])] == "=":
                found.append(hop.row)
        return found


def _plainly(answers: Answers) -> list[tuple[str, bool]]:
    return sorted((asked_plainly(atom), answer) for atom, answer in answers)
