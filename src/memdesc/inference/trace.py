"""Traces: the way by which one kind reached one use, searched backwards along what the solver let flow.

A trace is reported only if it can be walked: calls match, and no two of its places ask for opposite answers
of one condition (`if (q->pooled)` where it was stored, `if (!q->pooled)` where it is used).
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from memdesc.inference.graph import CALL, RETURN
from memdesc.inference.solve import Solution
from memdesc.source.facts import Conditions

_STEPS = 600
_REVISITS = 2
_MOST_HOPS = 60

Answers = frozenset[tuple[str, bool]]
_Step = tuple[int, int, int, tuple[tuple[int, int], ...], int, int, Answers]
"""(source, sort, keep, turns, row, site, conditions)"""
_Hops = tuple[_Step, int, "_Hops", int] | None
"""The way so far: the flow, the node behind it, the flows behind that, and how many there are."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One flow of a trace: a row of the facts, and how it crosses functions."""

    row: int
    sort: int
    target: int
    through: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A trace: what gave the memory, the row where, and the hops to the use; `assumed` where nothing is known
    of the memory and so it may be of any kind; `kinds` are all that the source gives."""

    source: str
    row: int
    node: int
    hops: tuple[Hop, ...]
    assumed: bool = False
    kinds: int = 0


class Tracer:
    """Searches ways to nodes of one solution."""

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        edges = solution.edges
        order = np.argsort(edges[:, 1], kind="stable")
        self.edges = edges[order]
        count = solution.graph.linked.node_count
        self.starts = np.searchsorted(self.edges[:, 1], np.arange(count + 1)).astype(np.int64)
        self.given: dict[int, list[tuple[int, int, str, bool]]] = {}
        for node, kinds, row, name in solution.graph.sources:
            self.given.setdefault(node, []).append((kinds, row, name, False))
        for node, kinds, row, name, empty in solution.graph.late:
            if not solution.at(empty):
                self.given.setdefault(node, []).append((kinds, row, name, True))
        self.rows = solution.graph.linked.rows
        self._conditions: dict[int, Conditions] = {}
        self._asked: dict[tuple[int, int], Answers] = {}
        self.up, self.down = solution.up.tolist(), solution.down.tolist()
        self.heap = solution.graph.heap.tolist()
        self._into: dict[int, list[_Step]] = {}
        # What was found of sets of answers, which are few and are met again and again.
        self._agreed: dict[tuple[Answers, Answers, bool], bool] = {}
        self._crossed: dict[tuple[Answers, int, int, bool], Answers] = {}

    def asked(self, row: int) -> Answers:
        """Return the conditions under which the row's construct is reached."""
        if row < 0:
            return frozenset()
        condition, file = int(self.rows[row, 5]), int(self.rows[row, 7])
        if not condition:
            return frozenset()
        found = self._asked.get((file, condition))
        if found is None:
            sets = self._conditions.get(file)
            if sets is None:
                sets = self._conditions[file] = self.solution.graph.linked.files[file].conditions()
            found = self._asked[file, condition] = frozenset(sets[condition])
        return found

    def into(self, node: int) -> "list[_Step]":
        """Return the flows that lead to a node."""
        found = self._into.get(node)
        if found is None:
            table = self.solution.graph.table.all
            found = []
            for source, _target, sort, transfer, row, site in self.edges[
                self.starts[node] : self.starts[node + 1]
            ].tolist():
                step = table[transfer]
                found.append((source, sort, step.keep, step.turns, row, site, self.asked(row)))
            self._into[node] = found
        return found

    def find(self, node: int, kind: int, use_row: int, other_than: int = -1) -> Way | None:
        """Return the shortest way by which `kind` (one bit) reaches `node` and the use in `use_row`.

        Args: other_than: a row that is not to be its source.
        """
        return self._search(node, kind, use_row, other_than, True)[0]

    def find_at_all(self, node: int, kind: int, use_row: int) -> tuple[Way | None, bool]:
        """Return the same, and whether it is a way on which a member is one constant here and another there.

        Such a way is returned only where there is no other: it is walked only if the member changes meanwhile. A
        local that is compared so does not change.
        """
        way, met = self._search(node, kind, use_row, -1, True)
        if way is not None or not met:
            return way, False
        return self._search(node, kind, use_row, -1, False)[0], True

    def _search(
        self, node: int, kind: int, use_row: int, other_than: int, exclusive: bool
    ) -> tuple[Way | None, bool]:
        """Return the shortest way, and whether some were left out because they are `exclusive`: a member is one
        constant at one place and another at the next."""
        up, down, heap = self.up, self.down, self.heap
        start = self.asked(use_row)
        # What waits: (node, plane, bit, answers and hops up to the node behind, that node, the flow between).
        queue: deque[tuple[int, bool, int, Answers, _Hops, int, _Step | None]] = deque()
        for falling in (False, True):
            if (down if falling else up)[node] & kind:
                queue.append((node, falling, kind, start, None, 0, None))
        seen: dict[tuple[int, bool, int], int] = {}
        steps, met = 0, False
        while queue and steps < _STEPS:
            steps += 1
            at, falling, bit, answers, hops, behind, flow = queue.popleft()
            key = (at, falling, bit)
            visits = seen.get(key, 0)
            if visits >= _REVISITS:
                continue
            seen[key] = visits + 1
            if flow is not None:
                sort, own = flow[1], flow[6]
                answers = answers | own if own else answers
                if answers and (sort != 0 or heap[at] or heap[behind]):
                    answers = self._carried(answers, at, behind, sort != 0)
                hops = (flow, behind, hops, hops[3] + 1 if hops else 1)
            if not falling:
                for kinds, row, name, assumed in self.given.get(at, ()):
                    if kinds & bit and row != other_than:
                        own = self.asked(row)
                        if self.agree(answers, own, exclusive):
                            return Way(name, row, at, _walked(hops), assumed, kinds), met
                        met = met or (exclusive and self.agree(answers, own, False))
            if hops and hops[3] > _MOST_HOPS:
                continue
            for step in self.into(at):
                source, sort, keep, turns, _, _, own = step
                sent = self._sent(keep, turns, bit) if turns else bit & keep
                if not sent or not (up[source] | down[source]) & sent:
                    continue
                if own and answers and not self.agree(answers, own, exclusive):
                    met = met or (exclusive and self.agree(answers, own, False))
                    continue
                planes: tuple[bool, ...]
                if heap[at]:
                    planes = (False,) if sort == RETURN else (False, True)
                elif sort == CALL:
                    if not falling:
                        continue
                    planes = (False, True)
                elif sort == RETURN:
                    if falling:
                        continue
                    planes = (False,)
                else:
                    planes = (falling,)
                for plane in planes:
                    arriving = (down if plane else up)[source] & sent
                    while arriving:
                        low = arriving & -arriving
                        arriving ^= low
                        queue.append((source, plane, low, answers, hops, at, step))
        return None, met

    def _carried(self, answers: Answers, at: int, behind: int, crossing: bool) -> Answers:
        """Return which answers still hold at the node before a flow; `crossing` from one function to another, where
        locals are others."""
        key = (answers, at if self.heap[at] else 0, behind if self.heap[behind] else 0, crossing)
        found = self._crossed.get(key)
        if found is None:
            names = self.solution.graph.linked.names
            found = answers
            if self.heap[at] or self.heap[behind]:
                found = _forget(_forget(found, names.get(at, "")), names.get(behind, ""))
            if crossing:
                found = frozenset(h for h in found if ":" not in h[0])
            self._crossed[key] = found
        return found

    @staticmethod
    def _sent(keep: int, turns: tuple[tuple[int, int], ...], bit: int) -> int:
        sent = bit & keep
        for source, target in turns:
            if target & bit:
                sent |= source
        return sent

    def agree(self, one: Answers, other: Answers, exclusive: bool = True) -> bool:
        """Return whether one run of a function can give both sets of answers.

        Args: exclusive: whether a member that is compared with one constant cannot be another; a local never can.
        """
        key = (one, other, exclusive)
        found = self._agreed.get(key)
        if found is None:
            found = self._agreed[key] = _agree(one, other, exclusive)
        return found


def _walked(hops: _Hops) -> tuple[Hop, ...]:
    """Return the hops of a way, from what gave the memory to the use."""
    found = []
    while hops is not None:
        (_, sort, _, _, row, site, _), behind, hops, _ = hops
        found.append(Hop(row, sort, behind, sort == 0 and site > 0))
    return tuple(found)


def _agree(one: Answers, other: Answers, exclusive: bool) -> bool:
    for atom, answer in other:
        if (atom, not answer) in one:
            return False
        if answer and "==" in atom and (exclusive or ":" in atom) and _another_constant(atom, one):
            return False
    return True


def _another_constant(atom: str, answers: Answers) -> bool:
    """Whether something that is said to be one constant is among `answers` as another."""
    name = _compared(atom)
    return bool(name) and any(
        yes and other != atom and other.startswith(name) and _compared(other) for other, yes in answers
    )


def _compared(atom: str) -> str:
    """Return the part of a condition up to the constant with which something is compared, empty for others."""
    name, equal, side = atom.rpartition("==")
    return name + equal if equal and side[:1] != " " else ""


def _forget(answers: Answers, symbol: str) -> Answers:
    """What is asked of a member says nothing of when it was stored."""
    if symbol[:2] not in ("f:", "g:"):
        return answers
    spelt = symbol[2:].partition("#")[0].removesuffix("[]")
    name = spelt.split("@")[0]
    member = spelt.rpartition(".")[2]
    return frozenset(a for a in answers if a[0] != name and not a[0].endswith("." + member))
