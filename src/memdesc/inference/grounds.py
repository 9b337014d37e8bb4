"""What an answer stands on: the uses and sources that speak for it, or what is not known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from memdesc.inference.descriptor import PAGE, Verdict
from memdesc.inference.evidence import ADDRESS, EXACT, INDEX, KINDS, SET, WHOLE, WITHIN, Evidence
from memdesc.inference.graph import RETURN
from memdesc.inference.solve import Solution
from memdesc.kinds import ANY, Kind
from memdesc.types import Types


@dataclass(frozen=True, slots=True)
class Found:
    """A use or a source: its row of the facts, the function or member, what it says (see Evidence)."""

    row: int
    name: str
    says: int = 0


_MOST = 4
_FAR = 2000
"""Nodes that a search looks at."""


class Demands:
    """What is asked of every node, backwards along the flows: kinds that all uses accept, and who says so."""

    def __init__(self, solution: Solution, evidence: Evidence) -> None:
        graph = solution.graph
        count = graph.linked.node_count
        self.evidence = evidence
        self.names = graph.linked.names
        self.accepts: npt.NDArray[np.uint64] = np.full(count, int(ANY), dtype=np.uint64)
        self.said: dict[int, list[Found]] = {}
        for sink in graph.sinks:
            if not sink.demand.contents and not sink.demand.interpretation:
                self.accepts[sink.node] &= np.uint64(int(sink.demand.accepts))
                self.said.setdefault(sink.node, []).append(Found(sink.row, sink.name))
        for node, found in evidence.said.items():
            self.said.setdefault(node, []).extend(Found(row, name, bits) for bits, row, name in found)
        self.given: dict[int, list[Found]] = {}
        for node, kinds, row, name in graph.sources:
            self.given.setdefault(node, []).append(Found(row, name, kinds))
        edges = solution.edges
        heap = graph.heap
        keeps = np.array([t.keep == int(ANY) or bool(t.turns) for t in graph.table.all])
        passing = (edges[:, 2] != RETURN) & ~heap[edges[:, 0]] & ~heap[edges[:, 1]] & keeps[edges[:, 3]]
        against = edges[passing]
        against = against[np.argsort(against[:, 1], kind="stable")]
        self._restrict(against, count)
        self._onward = _Neighbours(against[:, 0], against[:, 1], count)
        self._back = _Neighbours(edges[:, 1], edges[:, 0], count)

    def _restrict(self, edges: npt.NDArray[np.int32], count: int) -> None:
        starts = np.searchsorted(edges[:, 1], np.arange(count + 1)).astype(np.int64)
        changed = np.flatnonzero(self.accepts != int(ANY))
        while len(changed):
            counts = starts[changed + 1] - starts[changed]
            total = int(counts.sum())
            if not total:
                break
            index = np.repeat(starts[changed] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
            found = edges[index + np.arange(total)]
            source, target = found[:, 0], found[:, 1]
            sources = np.unique(source)
            before = self.accepts[sources].copy()
            np.bitwise_and.at(self.accepts, source, self.accepts[target])
            changed = sources[self.accepts[sources] != before]

    def uses(self, nodes: Sequence[int], wanted: int = 0, most: int = _MOST) -> list[Found]:
        """Return the nearest uses that say something of a value; with `wanted`, only those that say that."""
        found: list[Found] = []
        names: set[str] = set()
        seen = set(nodes)
        work = list(nodes)
        while work and len(found) < most and len(seen) < _FAR:
            following: list[int] = []
            for node in work:
                for one in self.said.get(node, ()):
                    if one.row >= 0 and one.name not in names and (not wanted or one.says & wanted):
                        found.append(one)
                        names.add(one.name)
                for target in self._onward.of(node):
                    if target not in seen:
                        seen.add(target)
                        following.append(target)
            work = following
        return found[:most]

    def grounds(self, nodes: Sequence[int], verdict: Verdict, types: Types) -> list[Found]:
        """Return what speaks for a verdict, the nearest first; for none, what is said at all."""
        if verdict.name is None:
            return self.uses(nodes)
        chosen = next((t for t in types.all if t.name == verdict.name), None)
        folio = types.folio
        if verdict.name == PAGE:
            wanted = (EXACT | ADDRESS, KINDS)
        elif chosen is not None and chosen is not folio:
            wanted = (int(chosen.kinds), 0)
        else:
            wanted = (WHOLE | SET | INDEX, WITHIN)
        for bits in filter(None, wanted):
            if found := self.uses(nodes, bits):
                return found
        kinds = int(chosen.kinds) if chosen is not None else 0
        return self._upwards(nodes, wanted[0], kinds) or self.uses(nodes)

    def _upwards(self, nodes: Sequence[int], wanted: int, kinds: int) -> list[Found]:
        """Return what is said of the values that arrive, or where their memory comes from."""
        seen = set(nodes)
        work = list(nodes)
        while work and len(seen) < _FAR // 4:
            following: list[int] = []
            for node in work:
                if given := [one for one in self.given.get(node, ()) if one.says & kinds and one.row >= 0]:
                    return given[:1]
                if int(self.evidence.beyond[node]) & wanted and (found := self.uses([node], wanted, 1)):
                    return found
                for source in self._back.of(node):
                    if source not in seen:
                        seen.add(source)
                        following.append(source)
            work = following
        return []

    def unknown(self, nodes: Sequence[int]) -> str:
        """Return which value that arrives nothing is known of, empty when there is none to name."""
        seen = set(nodes)
        work = list(nodes)
        while work and len(seen) < _FAR // 4:
            following: list[int] = []
            for node in work:
                before = self._back.of(node)
                if not before and node not in self.given and (said := self._named(node)):
                    return said
                for source in before:
                    if source not in seen:
                        seen.add(source)
                        following.append(source)
            work = following
        return ""

    def _named(self, node: int) -> str:
        name = self.names.get(node, "")
        sort, _, rest = name.partition(":")
        rest = rest.partition("#")[0].partition("@")[0].partition(":")[0]
        if sort == "p":
            return f"no caller of {rest}() is seen"
        if sort == "f":
            return f"nothing that is stored in {rest} is seen"
        return f"nothing that is stored in {rest} is seen" if sort == "g" else ""


class _Neighbours:
    """The other ends of edges, by one end."""

    def __init__(self, ends: npt.NDArray[np.int32], others: npt.NDArray[np.int32], count: int) -> None:
        order = np.argsort(ends, kind="stable")
        self._others = others[order]
        self._starts = np.searchsorted(ends[order], np.arange(count + 1))

    def of(self, node: int) -> list[int]:
        """Return the other ends of the edges at `node`."""
        found: list[int] = self._others[self._starts[node] : self._starts[node + 1]].tolist()
        return found


def says(bits: int) -> str:
    """Return what a use takes its argument for, in the words of the signatures."""
    if bits & KINDS:
        return "as " + "|".join(Kind(bits & KINDS).names)
    for bit, word in (
        (WHOLE | SET | INDEX, "whole"),
        (EXACT, "exact"),
        (ADDRESS, "address"),
        (WITHIN, "within"),
    ):
        if bits & bit:
            return word
    return ""
