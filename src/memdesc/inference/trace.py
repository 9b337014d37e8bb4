"""Traces: the way by which one kind reached one use, searched backwards along what the solver let flow.

A trace is reported only if it can be walked: calls match, and no two of its places ask for opposite answers
of one condition (`if (q->pooled)` where it was stored, `if (!q->pooled)` where it is used).
"""

from array import array
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from memdesc.inference.graph import CALL, GIVEN_TO, RETURN
from memdesc.inference.solve import Solution
from memdesc.source.facts import Conditions
from memdesc.source.moments import ASSIGNED, ENTRY, EXIT, at_end, at_entry, unmarked

_STEPS = 600
_REVISITS = 2
_MOST_HOPS = 60
_FEW = 16
"""Answers up to which what came of them is kept: larger sets are many, and seldom met again."""

Answers = frozenset[tuple[str, bool]]
_NONE: Answers = frozenset()
_PLAIN = frozenset(("0", "false", "NULL"))
_Step = tuple[int, int, int, tuple[tuple[int, int], ...], int, int, Answers]
"""(source, sort, keep, turns, row, site, conditions)"""
_Hops = tuple[_Step, int, "_Hops", int] | None
"""The way so far: the flow, the node behind it, the flows behind that, and how many there are."""
_Place = tuple[int, bool, int, Answers, _Hops, int, _Step | None]
"""(node, whether it is below a call, kind, answers and hops up to the node behind, that node, the flow between)"""


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
        for node, kinds, row, name in solution.assumed:
            self.given.setdefault(node, []).append((kinds, row, name, True))
        self.rows = solution.graph.linked.rows
        self._conditions: dict[int, Conditions] = {}
        self._asked: dict[tuple[int, int], Answers] = {}
        self._plain: dict[Answers, Answers] = {}
        self._questions: dict[Answers, Answers] = {}
        # Not lists: a million numbers of Python are ten times as large.
        self.up, self.down = (
            array("Q", part.astype(np.uint64).tobytes()) for part in (solution.up, solution.down)
        )
        self.heap = solution.graph.heap.astype(np.uint8).tobytes()
        self._into: dict[int, list[_Step]] = {}
        self._bringing: dict[tuple[int, int], list[tuple[_Step, int]]] = {}
        # What was found of sets of answers, which are few and are met again and again.
        self._agreed: dict[tuple[Answers, Answers, bool], bool] = {}
        self._crossed: dict[tuple[Answers, int, int, bool], Answers] = {}

    def asked(self, row: int) -> Answers:
        """Return the conditions that were asked before the row's construct."""
        marked = self._marked(row)
        found = self._questions.get(marked)
        if found is None:
            found = self._questions[marked] = frozenset(
                (unmarked(atom), answer) for atom, answer in marked if ASSIGNED not in atom
            )
        return found

    def entered(self, row: int) -> Answers:
        """Return what was asked of members before the row's construct and held where its function began."""
        return frozenset(answer for answer in _at_entry(self._marked(row)) if ":" not in answer[0])

    def failed(self, row: int) -> frozenset[str]:
        """Return the members that the row's function assigned, and found to be NULL or zero before the construct."""
        return frozenset(
            unmarked(atom)
            for atom, answer in self._marked(row)
            if not answer and EXIT in atom and ASSIGNED not in atom and "=" not in atom and "&" not in atom
        )

    def known(self, row: int) -> Answers:
        """Return the same, and what assignments of constants make known there."""
        marked = self._marked(row)
        found = self._plain.get(marked)
        if found is None:
            found = self._plain[marked] = frozenset((unmarked(atom), answer) for atom, answer in marked)
        return found

    def _marked(self, row: int) -> Answers:
        """Return what is known, with marks that say when a member was asked; see `memdesc.source.moments`."""
        if row < 0:
            return frozenset()
        condition, file = int(self.rows[row, 5]), int(self.rows[row, 7])
        if not condition:
            return frozenset()
        found = self._asked.get((file, condition))
        if found is None:
            sets = self._conditions.get(file)
            if sets is None:
                sets = self._conditions[file] = self.solution.graph.linked.files[file].marked_conditions()
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
                found.append((source, sort, step.keep, step.turns, row, site, self._marked(row)))
            self._into[node] = found
        return found

    def bringing(self, node: int, bit: int) -> "list[tuple[_Step, int]]":
        """Return the flows that bring a kind to a node, each with the kinds that it makes this one of."""
        found = self._bringing.get((node, bit))
        if found is None:
            found = []
            for step in self.into(node):
                source, _, keep, turns, *_ = step
                sent = self._sent(keep, turns, bit) if turns else bit & keep
                if sent and (self.up[source] | self.down[source]) & sent:
                    found.append((step, sent))
            self._bringing[node, bit] = found
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
        met = False

        def behind(at: int, falling: bool, bit: int, answers: Answers, hops: _Hops) -> Iterator[_Place]:
            """Yield what lies before a node."""
            nonlocal met
            up, down = self.up, self.down
            for step, sent in self.bringing(at, bit):
                source, sort, *_, own = step
                if own and answers and not self.agree(answers, own, exclusive):
                    met = met or (exclusive and self.agree(answers, own, False))
                    continue
                for plane in self._planes(at, falling, sort):
                    arriving = (down if plane else up)[source] & sent
                    while arriving:
                        low = arriving & -arriving
                        arriving ^= low
                        yield source, plane, low, answers, hops, at, step

        heap, seen, steps = self.heap, dict[tuple[int, bool, int], int](), 0
        start = self._marked(use_row)
        first: list[_Place] = [
            (node, falling, kind, start, None, 0, None)
            for falling in (False, True)
            if (self.down if falling else self.up)[node] & kind
        ]
        # A place at which thousands of flows meet is left as soon as one of the first is a way.
        waiting: deque[Iterator[_Place]] = deque([iter(first)])
        while waiting:
            for at, falling, bit, answers, hops, last, flow in waiting.popleft():
                steps += 1
                if steps > _STEPS:
                    return None, met
                key = (at, falling, bit)
                visits = seen.get(key, 0)
                if visits >= _REVISITS:
                    continue
                seen[key] = visits + 1
                if flow is not None:
                    sort, own = flow[1], flow[6]
                    answers = answers | own if own else answers
                    inside: Answers | None = _NONE
                    if sort != 0:
                        inside = self._across(answers, at, last, flow)
                        if inside is None:
                            continue  # the call hands in a constant for which this place is not reached
                    if answers and (sort != 0 or heap[at] or heap[last]):
                        answers = self._carried(answers, at, last, sort != 0)
                    answers = answers | inside if inside else answers
                    hops = (flow, last, hops, hops[3] + 1 if hops else 1)
                if not falling:
                    for kinds, row, name, assumed in self.given.get(at, ()):
                        if kinds & bit and row != other_than:
                            if name.startswith(GIVEN_TO) and not self._same(
                                row, hops[0][4] if hops else use_row
                            ):
                                continue
                            own = self._marked(row)
                            if self.agree(answers, own, exclusive):
                                return Way(name, row, at, _walked(hops), assumed, kinds), met
                            met = met or (exclusive and self.agree(answers, own, False))
                if not hops or hops[3] <= _MOST_HOPS:
                    waiting.append(behind(at, falling, bit, answers, hops))
        return None, met

    def _planes(self, at: int, falling: bool, sort: int) -> tuple[bool, ...]:
        """Return on which side of a call the flows of a sort go on that lead to a node: up or falling."""
        if self.heap[at]:
            return (False,) if sort == RETURN else (False, True)
        if sort == CALL:
            return (False, True) if falling else ()
        if sort == RETURN:
            return () if falling else (False,)
        return (falling,)

    def _same(self, row: int, other: int) -> bool:
        """Whether two rows lie in one function: of several definitions of one, each goes its own way."""
        return other < 0 or bool(self.rows[row, 6] == self.rows[other, 6])

    def _across(self, answers: Answers, at: int, behind: int, flow: _Step) -> Answers | None:
        """Return what the arguments of a call say of conditions on the other side of it, None when they contradict.

        A constant argument answers what its function asks of that parameter; one that is a parameter of the caller
        has the same answers there.
        """
        row, site = flow[4], flow[5]
        linked = self.solution.graph.linked
        said = linked.sites[site] if site > 0 else ()
        if not said:
            return _NONE
        spelt = linked.names.get(behind if flow[1] == CALL else at, "").split(":")
        number = linked.definitions.get(spelt[1].removesuffix("[]"), -1) if len(spelt) > 1 else -1
        if number < 0 or row < 0:
            return _NONE
        callee, caller = linked.functions[number][1], linked.functions[int(self.rows[row, 6])][1]
        params, own = callee.params, dict(caller.params)
        found: set[tuple[str, bool]] = set()
        for n, text in said:
            if n >= len(params) or "\0" in text:
                continue
            inner, outer = f"{callee.name}:{params[n][0]}", f"{caller.name}:{text}"
            if text not in own:
                known = _constant(inner, text)
                if flow[1] == RETURN:
                    found |= known
                elif not self.agree(answers, known):
                    return None
                continue
            here, there = (inner, outer) if flow[1] == CALL else (outer, inner)
            found |= {
                (there + atom[len(here) :], answer)
                for atom, answer in answers
                if atom == here or atom.startswith(f"{here}==")
            }
        return frozenset(found)

    def _carried(self, answers: Answers, at: int, behind: int, crossing: bool) -> Answers:
        """Return which answers still hold at the node before a flow; `crossing` from one function to another, where
        locals are others."""
        key = (answers, at if self.heap[at] else 0, behind if self.heap[behind] else 0, crossing)
        found = self._crossed.get(key)
        if found is None:
            names = self.solution.graph.linked.names
            found = _at_entry(answers)
            if self.heap[at] or self.heap[behind]:
                found = _forget(_forget(found, names.get(at, "")), names.get(behind, ""))
            if crossing:
                found = frozenset(h for h in found if ":" not in h[0])
            if len(answers) <= _FEW:
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

        Args: one: what is known so far. other: what is asked at one more place, which comes before.
        exclusive: whether a member that is compared with one constant cannot be another; a local never can.
        """
        key = (one, other, exclusive)
        found = self._agreed.get(key)
        if found is None:
            found = _agree(one, other, exclusive)
            if len(one) + len(other) <= _FEW:
                self._agreed[key] = found
        return found


def _constant(name: str, text: str) -> Answers:
    """Return what a parameter that is given a constant answers."""
    if text in _PLAIN or text == "true" or text.isdigit():
        return frozenset(((name, text not in _PLAIN), (f"{name}=={text}", True)))
    return frozenset(((f"{name}=={text}", True),))


def _walked(hops: _Hops) -> tuple[Hop, ...]:
    """Return the hops of a way, from what gave the memory to the use."""
    found = []
    while hops is not None:
        (_, sort, _, _, row, site, _), behind, hops, _ = hops
        found.append(Hop(row, sort, behind, sort == 0 and site > 0))
    return tuple(found)


def _at_entry(answers: Answers) -> Answers:
    """Return what is known before a function that the way leaves to where its memory comes from."""
    if not any(ENTRY in atom or EXIT in atom or ASSIGNED in atom for atom, _ in answers):
        return answers
    return frozenset((said, answer) for atom, answer in answers if (said := at_entry(atom)))


def _agree(one: Answers, other: Answers, exclusive: bool) -> bool:
    for asked, answer in other:
        atom = at_end(asked)
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
