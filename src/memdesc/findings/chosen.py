"""Chosen: whether memory that a use accepts meets the other on its way, and the code tells the two apart."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from memdesc.findings.apart import Apart, freeing
from memdesc.findings.words import struct_of
from memdesc.inference.graph import CALL, RETURN, Sink
from memdesc.inference.solve import Solution
from memdesc.inference.trace import Tracer, Way
from memdesc.kinds import BITS, STATES, Kind
from memdesc.source.facts import FunctionFacts, undated

_WORD = re.compile(r"\w+")
_RESULT = re.compile(r"!?\w+(?:\s*(?:[<>]=?|[=!]=)\s*-?\s*[A-Z0-9_]+)?")
"""A local alone, or compared with a number or a constant: in C, mostly what a call returned."""
_COMPARES = re.compile(r"[<>]|[=!]=(?!NULL|0$)|\w&\w")
_COUNTED = re.compile(r"--\w+|\w+--|\w+\s*[<>]=?.*", re.S)
"""How a loop ends."""
_MOST_FLOWS = 4000
"""Flows that are looked at to see whether a function turns memory into what is wanted."""
_STEPS = 1500
"""Flows looked at downstream of one place; more make no difference to what is found, and cost."""


def _words(answers: Iterable[tuple[str, bool]]) -> set[str]:
    """Return the words of what was asked, without the function's name and dates."""
    return {word for atom, _ in answers for word in _WORD.findall(atom.rpartition(":")[2])}


def asked_plainly(atom: str) -> str:
    """Return what is asked without the date; a comparison without its function: another may ask the same."""
    said = "".join(undated(atom).partition(":")[2].split())
    return said if _COMPARES.search(said) else undated(atom)


@dataclass(slots=True)
class Chosen:
    """Finds other memory that comes to the same place, and what decides which it is."""

    solution: Solution
    tracer: Tracer
    apart: Apart
    _starts: "np.ndarray[tuple[int], np.dtype[np.int64]] | None" = None
    _demands: dict[int, list[Sink]] = field(default_factory=dict)
    _functions_by_name: dict[str, FunctionFacts] = field(default_factory=dict)
    _uses: dict[tuple[int, int], list[Sink]] = field(default_factory=dict)

    def reasons(self, way: Way, sink: Sink, kind: Kind, expression: str) -> Iterator[tuple[str, str]]:
        """Yield (name, reason) where memory that the use accepts meets the other, and the code tells them apart."""
        free = freeing(sink)
        names = self.solution.graph.linked.names
        nodes = dict.fromkeys((way.node, *(hop.target for hop in way.hops), sink.node))
        left = next((n for n, hop in enumerate(way.hops) if hop.sort == RETURN), 0)
        inside = {way.node, *(hop.target for hop in way.hops[:left])}
        for node in nodes:
            welcome = self.solution.at(node) & int(sink.demand.accepts & ~STATES)
            other_way = self.another(node, sink.demand.accepts, way, sink)
            if other_way is None:
                continue
            if free and self._within(way) and not self._within(other_way):
                yield "within", "it is a place within that memory, and memory of its own arrives there too"
            decides = self._decides(way, other_way, sink, expression)
            heap = names.get(node, "")[:2] in ("f:", "g:")
            helped = self._one_helper(way, other_way, sink)
            if (
                free
                and heap
                and not self._either(way, other_way, kind) & welcome
                and not helped
                and not self._put_by_one(node, way, other_way)
                and not self.apart.one_table(way, other_way, sink)
            ):
                yield "another-puts", "another function puts memory that may be freed so in the same place"
            if free and decides and (not helped or decides.partition(".")[0] in self._tags(way)):
                yield (
                    "decides-free",
                    f"memory that may be freed so arrives there too, and '{decides}' may decide",
                )
            if node in inside and helped:
                continue  # what other callers do with theirs says nothing
            for other in self._downstream(node, int(kind) | welcome):
                if other.node in nodes:
                    continue
                accepts = int(other.demand.accepts)
                if free and freeing(other) and accepts & int(kind) and welcome & ~accepts:
                    yield "other-free", f"{other.name}() frees the other kind of memory that is kept there"
                if not free and decides and accepts & int(kind) and welcome & ~accepts:
                    yield "other-use", f"{other.name}() is for the other kind of memory that is kept there"
            if not free and decides.partition(".")[0] in self._tags(way):
                yield "decides-kept", f"'{decides}' may decide what is kept there"

    @staticmethod
    def _either(way: Way, other: Way, kind: Kind) -> int:
        """Return the kinds of which the source of a way gives one or another; managed memory is always both."""
        return 0 if kind is Kind.MANAGED and not other.kinds & kind else way.kinds

    def _within(self, way: Way) -> bool:
        """Whether the way leads to a place within the memory, which nobody frees."""
        linked = self.solution.graph.linked
        ops = (linked.ops[int(linked.rows[hop.row, 2])] for hop in way.hops if hop.row >= 0)
        return any(op in ("+", "arr") for op in ops)  # an array in a struct is a place within it

    def _tags(self, way: Way) -> set[str]:
        """Return the structs in whose members the memory is kept on its way."""
        names = self.solution.graph.linked.names
        held = (names.get(hop.target, "") for hop in way.hops)
        return {struct_of(name[2:]) for name in held if name[:2] == "f:"}

    def _put_by_one(self, node: int, way: Way, other: Way) -> bool:
        """Whether one function puts both memories in a member or global: then they are in one object."""
        rows = self.solution.graph.linked.rows
        put = [
            {int(rows[hop.row, 6]) for hop in each.hops if hop.target == node and hop.row >= 0}
            for each in (way, other)
        ]
        return bool(put[0] & put[1])

    def _decides(self, way: Way, other: Way, sink: Sink, expression: str) -> str:
        """Return a condition before the use, or on the way to it, that may tell the memories apart, or nothing.

        It is one that was asked where either memory was obtained, or that asks a member or a function. Whether there
        is any memory at all, how often a loop has run, and whether a call failed tells nothing.
        """
        names = self.solution.graph.linked.names
        held = [names.get(hop.target, "") for hop in (*way.hops, *other.hops)]
        members = {name[2:].partition("#")[0].removesuffix("[]") for name in held if name[:2] == "f:"}
        own = {
            f"{member.partition('@')[0].partition('.')[0]}.{member.rpartition('.')[2]}" for member in members
        }
        before = {asked_plainly(atom) for row in (way.row, other.row) for atom, _ in self.tracer.known(row)}
        plain = "".join(expression.split())
        rows = (sink.row, *(hop.row for hop in way.hops if hop.sort == CALL))
        # Of an element of an array not even that is known: another element may have been meant.
        local = plain.isidentifier() and self._stays(way, sink)
        shared = self.tracer.asked(other.row) if local else frozenset()
        for said_so, at in sorted((answer, row) for row in rows for answer in self.tracer.asked(row)):
            atom = said_so[0]
            if atom.isupper():
                continue  # what the configuration decides is followed, and tells nothing else
            if said_so in shared:
                continue  # both memories come here with this answer: a way with another would be none
            place, colon, said = atom.partition(":")
            if not colon:
                if place not in own:
                    return place
            elif asked_plainly(atom) in before or (
                "".join(said.split()) != plain
                and not (_RESULT.fullmatch(said) and not self._flag(said, at))
                and not _COUNTED.fullmatch(said)
            ):
                return said
        return ""

    def _stays(self, way: Way, sink: Sink) -> bool:
        """Whether the memory is obtained in the function of the use and stays in its locals."""
        linked, heap = self.solution.graph.linked, self.solution.graph.heap
        return bool(linked.rows[way.row, 6] == linked.rows[sink.row, 6]) and not any(
            hop.sort or heap[hop.target] for hop in way.hops
        )

    def _flag(self, said: str, row: int) -> bool:
        """Whether what is asked is a local that is only given constants, or a number that the caller gave."""
        name = _WORD.search(said)
        return name is not None and (self.apart.constant(name[0], row) or self.apart.number(name[0], row))

    def another(self, node: int, accepts: Kind, way: Way, sink: Sink) -> Way | None:
        """Return how memory that the use accepts comes to a node from elsewhere than the memory of the way.

        Where a member is compared with a constant before the use, memory that is only there under another constant
        is not meant. A member that is true or false may have changed since.
        """
        welcome = self.solution.at(node) & int(accepts & ~STATES)
        if not welcome:
            return None
        row = (
            sink.row
            if any("==" in atom and ":" not in atom for atom, _ in self.tracer.asked(sink.row))
            else -1
        )
        for bit in BITS:
            found = self.tracer.find(node, int(bit), row, way.row) if welcome & bit else None
            if found is not None and not self._made_of_it(found, sink):
                return found
        return None

    def _made_of_it(self, way: Way, sink: Sink) -> bool:
        """Whether memory is the result of the very call that is the use: krealloc() of what is kept in its place."""
        rows = self.solution.graph.linked.rows
        site = int(rows[sink.row, 3])
        return site > 0 and bool(rows[way.row, 3] == site and rows[way.row, 7] == rows[sink.row, 7])

    def _one_helper(self, way: Way, other: Way, sink: Sink) -> bool:
        """Whether one function gives either memory, and nothing that is asked before the use can be what it asked.

        The caller of a helper that chooses by size, or by the configuration, does not know which it got.
        """
        helper = self._function(way.row)
        if helper != self._function(other.row) or helper == self._function(sink.row):
            return False
        own = [n for n, hop in enumerate(way.hops) if hop.row >= 0 and self._function(hop.row) == helper]
        beyond = way.hops[own[-1] + 1 if own else 0 :]
        answers = {
            answer
            for row in (sink.row, *(hop.row for hop in beyond if hop.sort == CALL))
            for answer in self.tracer.asked(row)
        }
        chosen = self.tracer.known(way.row) | self.tracer.known(other.row)
        return not _words(chosen) & _words(answers) and not self._flags(way, answers)

    def _function(self, row: int) -> tuple[int, str]:
        """Return file and name of the function of a row: alternatives of #if are one function."""
        linked = self.solution.graph.linked
        return int(linked.rows[row, 7]), linked.functions[int(linked.rows[row, 6])][1].name

    def _flags(self, way: Way, answers: set[tuple[str, bool]]) -> bool:
        """Whether a member, a parameter or a constant is asked other than what holds the memory: it may tell."""
        linked = self.solution.graph.linked
        held = set()
        for hop in way.hops:
            sort, _, name = linked.names.get(hop.target, "").partition(":")
            if sort in ("f", "g"):
                held.add(name.partition("#")[0].removesuffix("[]").rpartition(".")[2].partition("@")[0])
            elif sort == "p":
                spelt, _, number = name.rpartition(":")
                function = linked.definitions.get(spelt)
                params = linked.functions[function][1].params if function is not None else ()
                if number.isdigit() and int(number) < len(params):
                    held.add(params[int(number)][0])
        for atom, _ in answers:
            where, colon, asked = atom.rpartition(":")
            if atom.isupper():
                continue
            if not colon:
                if atom.rpartition(".")[2].partition("=")[0] not in held:
                    return True
                continue
            facts = self._named(where.partition("~")[0])
            if facts is not None and {name for name, _ in facts.params} & set(_WORD.findall(asked)) - held:
                return True
        return False

    def _named(self, name: str) -> FunctionFacts | None:
        """Return the facts of a function by its bare name, None when none is known."""
        if not self._functions_by_name:
            self._functions_by_name = {facts.name: facts for _, facts in self.solution.graph.linked.functions}
        return self._functions_by_name.get(name)

    def _index(self) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        if self._starts is None:
            count = self.solution.graph.linked.node_count
            self._starts = np.searchsorted(self.solution.edges[:, 0], np.arange(count + 1)).astype(np.int64)
            for sink in self.solution.graph.sinks:
                if not sink.demand.interpretation:
                    self._demands.setdefault(sink.node, []).append(sink)
        return self._starts

    def _downstream(self, node: int, kinds: int) -> list[Sink]:
        """Return the uses to which all of some kinds go from a node, past no test that tells them apart."""
        found = self._uses.get((node, kinds))
        if found is not None:
            return found
        found = self._uses[node, kinds] = []
        edges, starts = self.solution.edges, self._index()
        table = self.solution.graph.table.all
        seen = {node}
        work = deque([node])
        while work and len(seen) < _STEPS:
            at = work.popleft()
            found.extend(self._demands.get(at, ()))
            for _, target, _, transfer, _, _ in edges[starts[at] : starts[at + 1]].tolist():
                if target not in seen and table[transfer].keep & kinds == kinds:
                    seen.add(target)
                    work.append(target)
        return found

    def made(self, way: Way, sink: Sink, kind: Kind) -> bool:
        """Whether the function that obtained the memory, or the one that uses it, turns it into what is wanted.

        What the use itself makes of it comes too late, and another page of the block is other memory.
        """
        edges, starts = self.solution.edges, self._index()
        table = self.solution.graph.table.all
        rows = self.solution.graph.linked.rows
        here = {int(rows[way.row, 6]), int(rows[sink.row, 6])}
        seen = {way.node}
        work = deque([way.node])
        looked = 0
        while work and len(seen) < 200 and looked < _MOST_FLOWS:
            node = work.popleft()
            own = edges[starts[node] : min(starts[node + 1], starts[node] + _MOST_FLOWS)]
            looked += len(own)
            functions = rows[own[:, 4], 6].tolist()
            for (_, target, sort, transfer, row, _), function in zip(own.tolist(), functions, strict=True):
                if sort != 0 or row < 0 or function not in here:
                    continue
                if rows[row, 3] and rows[row, 3] == rows[sink.row, 3] and rows[row, 7] == rows[sink.row, 7]:
                    continue
                moved = self.solution.graph.linked.ops[int(rows[row, 2])] == "+"
                for source, turned in () if moved else table[transfer].turns:
                    if source & int(kind) and turned & int(sink.demand.accepts) & ~int(STATES):
                        return True
                if target not in seen and table[transfer].keep & int(kind):
                    seen.add(target)
                    work.append(target)
        return False
