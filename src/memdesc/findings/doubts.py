"""Doubts: what makes a trace less than proof that memory of a kind is misused.

A finding whose trace leaves a doubt is a note at most. Each doubt is a reason that whoever reads the code
would give: *the code knows which it has*, in a way that is not followed.
"""

import os
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from memdesc.findings.apart import Apart
from memdesc.findings.asked import Asked
from memdesc.inference.graph import CALL, RETURN, Sink
from memdesc.inference.solve import Solution
from memdesc.inference.trace import Answers, Tracer, Way
from memdesc.kinds import BITS, STATES, Kind
from memdesc.source.facts import FunctionFacts, undated

_WORD = re.compile(r"\w+")
_RESULT = re.compile(r"!?\w+(?:\s*(?:[<>]=?|[=!]=)\s*-?\s*[A-Z0-9_]+)?")
"""A local alone, or compared with a number or a constant: in C, mostly what a call returned."""
_COMPARES = re.compile(r"[<>]|[=!]=(?!NULL|0$)|\w&\w")
_COUNTED = re.compile(r"--\w+|\w+--|\w+\s*[<>]=?.*", re.S)
"""How a loop ends."""
_LOOKED_UP = Kind.FILE | Kind.ANON | Kind.DEVICE | Kind.HUGETLB | Kind.ZERO | Kind.MOVABLE | Kind.RESERVED
"""What a page may be that is found by its place in a mapping or a page table."""
_MANY = 3
"""Functions behind one member up to which a call through it is followed for sure, as in inference/constrain.py."""
_MOST_FLOWS = 4000
"""Flows that are looked at to see whether a function turns memory into what is wanted."""
_STEPS = 1500
"""Flows looked at downstream of one place; more make no difference to what is found, and cost."""


def _called(op: str) -> str:
    """Return the name of the function that a construct calls."""
    return op[2:].partition("@")[0].partition(":")[0]


def _words(answers: Iterable[tuple[str, bool]]) -> set[str]:
    """Return the words of what was asked, without the function's name and dates."""
    return {word for atom, _ in answers for word in _WORD.findall(atom.rpartition(":")[2])}


def _asked(atom: str) -> str:
    """Return what is asked without the date; a comparison without its function: another may ask the same."""
    said = "".join(undated(atom).partition(":")[2].split())
    return said if _COMPARES.search(said) else undated(atom)


def freeing(sink: Sink) -> bool:
    """Whether a use ends an allocation, or gives a page back to its pool."""
    return sink.demand.action == "free" or sink.demand.word == "pooled"


@dataclass(slots=True)
class Doubts:
    """Finds the first doubt about a way, if there is one."""

    solution: Solution
    tracer: Tracer
    apart: Apart
    asked: Asked
    _calls: dict[str, list[int]] = field(default_factory=dict)
    _handed: dict[str, list[int]] = field(default_factory=dict)
    _by_op: "tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]] | None" = None
    _starts: "np.ndarray[tuple[int], np.dtype[np.int64]] | None" = None
    _demands: dict[int, list[Sink]] = field(default_factory=dict)
    _functions_by_name: dict[str, FunctionFacts] = field(default_factory=dict)
    _uses: dict[tuple[int, int], list[Sink]] = field(default_factory=dict)

    def of(self, way: Way, sink: Sink, kind: Kind, expression: str) -> str:
        """Return why the code may be right all the same, empty when nothing speaks for it.

        Args: expression: the text of what is used.
        """
        if way.assumed and self._stretched(way, sink):
            return f"{way.source}() may give anything, and the code may know more"
        if way.assumed and self._asked(way):
            return "a test on the way may tell what it is"
        if kind is Kind.TAIL and freeing(sink):
            return "it may be a tail, but whoever frees it says that it is none"
        if kind & STATES and self._stretched(way, sink):
            return "a reference may be taken on the way"
        if self._writing(sink) and (way.assumed or way.kinds & STATES or self._possible(way, sink)):
            return "whoever writes a word of a page that was found says what it is"
        if self._possible(way, sink) and (self._stretched(way, sink) or self._telling(sink)):
            return f"{way.source}() gives such memory seldom, and the code may know that it did not"
        if sink.because >= 0 and (reason := self._asserted(way, sink, kind)):
            return reason
        many = self._one_of_many(way)
        if many:
            return many
        when = sink.demand.when
        if when is not None and when[1] == "has" and not when[3] and self._marked(way, sink):
            return "whoever made the packet may have marked it"
        if freeing(sink) and kind & (Kind.STACK | Kind.GLOBAL) and self._referred(way):
            return "it was handed out by reference, and may have been replaced"
        if self._elsewhere(way, sink):
            return "the memory may not be of a driver for that architecture"
        if (
            self._telling(sink)
            and sink.demand.accepts & Kind.DEVICE
            and len({*self._functions(way, sink)}) > 1
        ):
            return "whoever reads what only device memory keeps says that it is such"
        if self._called_for_other(way, sink):
            return "whoever calls the function does so only where other memory was obtained"
        if self._asked_before(way, sink):
            return "whoever calls the function asks what is kept there"
        if self._shared(way, sink):
            return "it is kept in a member that many use, each for objects of its own"
        if self._made(way, sink, kind):
            return "the function that obtained it makes it what is wanted"
        told = self.apart.of(way, sink, kind, expression)
        told = told or self.asked.of(way, sink, kind)
        return told or self._pooled(sink) or self._chosen(way, sink, kind, expression)

    def _pooled(self, sink: Sink) -> str:
        """Whether a page is given to a pool under a flag that the function got beside it."""
        if sink.demand.word != "pooled":
            return ""
        for atom, answer in sorted(self.tracer.asked(sink.row)):
            name = undated(atom).partition(":")[2]
            if answer and name.isidentifier() and self.apart.number(name, sink.row):
                return f"'{name}' may say that it is of the pool"
        return ""

    def _functions(self, way: Way, sink: Sink) -> list[int]:
        rows = self.solution.graph.linked.rows
        return [int(rows[row, 6]) for row in self._rows(way, sink)]

    def _rows(self, way: Way, sink: Sink) -> list[int]:
        return [way.row, *(hop.row for hop in way.hops if hop.row >= 0), sink.row]

    def _stretched(self, way: Way, sink: Sink) -> bool:
        """Whether the way goes through more than one call, or a member that another function reads."""
        functions = set(self._functions(way, sink))
        calls = sum(hop.sort != 0 for hop in way.hops)
        return calls > 1 or len(functions) > 1 + calls

    def _asked(self, way: Way) -> bool:
        """Whether the way passes a test of a function that has no signature."""
        linked = self.solution.graph.linked
        for hop in way.hops:
            if hop.row < 0:
                continue
            op = linked.ops[int(linked.rows[hop.row, 2])]
            if op[:3] in ("g+:", "g-:") and op[3:].split(":")[0] not in self.solution.graph.told:
                return True
        return False

    def _handing(self) -> dict[str, list[int]]:
        """Return the numbers of the constructs that hand something to a function, by its name."""
        if not self._handed:
            for number, op in enumerate(self.solution.graph.linked.ops):
                if op[:2] in ("c:", "a:"):
                    self._handed.setdefault(_called(op), []).append(number)
        return self._handed

    def _writing(self, sink: Sink) -> bool:
        """Whether a word of the page is written: whoever does says what it is."""
        linked = self.solution.graph.linked
        return linked.ops[int(linked.rows[sink.row, 2])][:2] == "u:"

    def _marked(self, way: Way, sink: Sink) -> bool:
        """Whether the container may have the mark: kept somewhere, or marked before the use or before a call."""
        assert sink.demand.when is not None
        mark = sink.demand.when[2]
        linked, graph = self.solution.graph.linked, self.solution.graph
        held = {linked.names.get(hop.target, "") for hop in way.hops if graph.heap[hop.target]}
        if any(name.endswith("[]") for name in held):
            return True
        marking = {
            linked.functions[f][1].name
            for f, said in graph.marked.items()
            if any(word == mark for _, word in said)
        }
        for _ in range(2):  # what these are called by marks, too
            wanted = [n for name in sorted(marking) for n in self._handing().get(name, ())]
            rows = [row for number in wanted for row in self._of_op(number)]
            marking |= {linked.functions[int(linked.rows[row, 6])][1].name for row in rows}
        if not sink.demand.contents and self._callers_of(sink) & marking:
            return True
        until: dict[int, int] = {}
        asked: dict[int, Answers] = {}
        for row in self._rows(way, sink)[1:]:
            function, offset = int(linked.rows[row, 6]), int(linked.rows[row, 4])
            until[function] = max(until.get(function, 0), offset)
            asked[function] = asked.get(function, frozenset()) | self.tracer.asked(row)
        own = {linked.functions[function][1].name for function in until}
        for function, offset in until.items():
            said = graph.marked.get(function, ())
            if any(word == mark and (at < offset or not sink.demand.contents) for at, word in said):
                return True
            for row in np.flatnonzero(linked.rows[:, 6] == function).tolist():
                op = linked.ops[int(linked.rows[row, 2])]
                called = _called(op) if op[:2] == "c:" and int(linked.rows[row, 4]) < offset else ""
                if called in marking - own and self.tracer.agree(asked[function], self.tracer.asked(row)):
                    return True
        return False

    def _referred(self, way: Way) -> bool:
        """Whether the memory went through a call by the address of the variable that holds it."""
        linked = self.solution.graph.linked
        ops = (linked.ops[int(linked.rows[hop.row, 2])] for hop in way.hops if hop.row >= 0)
        return any(op[:2] in ("i:", "d:") for op in ops)

    def _possible(self, way: Way, sink: Sink) -> bool:
        """Whether the source gives several kinds, one of which the use accepts: what arrives is a possibility."""
        kinds = way.kinds & ~int(STATES)
        return kinds.bit_count() > 2 and bool(kinds & int(sink.demand.accepts))

    def _asserted(self, way: Way, sink: Sink, kind: Kind) -> str:
        """Whether memory may well be what an assertion says: whoever looked the page up, or made it, knows more."""
        welcome = way.kinds & int(sink.demand.accepts & ~(STATES | Kind.TAIL))
        found = kind & _LOOKED_UP or (kind is Kind.TAIL and welcome and sink.because != sink.row)
        if found and (welcome or self._stretched(way, sink)):
            return f"{way.source}() finds pages by their place, and an assertion is by one who knows which"
        if kind is Kind.VMALLOC and way.kinds & int(sink.demand.accepts & ~STATES):
            return f"{way.source}() gives it only for what is large, and an assertion is by one who knows the size"
        if kind & (Kind.DRIVER | Kind.BLOCK) and self._stretched(way, sink):
            return "what is fresh from the allocator may have become what it is to be"
        return ""

    @staticmethod
    def _telling(sink: Sink) -> bool:
        """Whether only one special kind can be meant: who reads what only it keeps says so."""
        return sink.demand.action == "member" and not sink.demand.accepts & (Kind.FILE | Kind.ANON)

    def _one_of_many(self, way: Way) -> str:
        """Whether the way goes through a table of functions that unrelated parts of the kernel fill.

        Each of them has objects of its own. Only what comes from the folder of the function that is called, or from
        where it was put into the table, is known to be given to it.
        """
        linked = self.solution.graph.linked
        folders = {os.path.dirname(linked.paths[int(linked.rows[way.row, 7])])}
        for hop in way.hops:
            if hop.row < 0:
                continue
            folders.add(os.path.dirname(linked.paths[int(linked.rows[hop.row, 7])]))
            if hop.sort != CALL:
                continue
            construct = linked.ops[int(linked.rows[hop.row, 2])].split(":")
            member = construct[1].removeprefix(".") if len(construct) > 1 else ""
            behind = linked.stored.get(member, ()) if member != construct[-1] and "." in member else ()
            if len(behind) <= _MANY:
                continue
            called = linked.names.get(hop.target, "").split(":")
            number = linked.definitions.get(called[1], -1) if len(called) > 1 else -1
            if number < 0 or os.path.dirname(linked.paths[linked.functions[number][0]]) not in folders:
                name = f"{member.partition('@')[0].partition('.')[0]}.{member.rpartition('.')[2]}"
                return f"the call through {name} may lead to {len(behind)} functions, each for objects of its own"
        return ""

    def _elsewhere(self, way: Way, sink: Sink) -> bool:
        """Whether memory of a driver comes to the code of an architecture for which it may not be built."""
        linked = self.solution.graph.linked
        source, use = (linked.paths[int(linked.rows[row, 7])] for row in (way.row, sink.row))
        return use.startswith("arch/") and source.startswith(("drivers/", "sound/"))

    def _asked_before(self, way: Way, sink: Sink) -> bool:
        """Whether the function is called under a test of what the memory is.

        That is a test by signature of the member that it is kept in, by a caller or by his; or, at every call of the
        function, a condition on another member of the struct that it is kept in.
        """
        linked = self.solution.graph.linked
        held = {linked.names.get(hop.target, "") for hop in way.hops}
        kept = {name[2:].partition("#")[0].removesuffix("[]") for name in held if name[:2] == "f:"}
        if not kept:
            return False
        members = {name.rpartition(".")[2] for name in kept}
        tags = {name.partition("@")[0].partition(".")[0] for name in kept}
        called = linked.functions[int(linked.rows[sink.row, 6])][1].name
        names = {called}
        for nearest in (True, False):  # its callers, and theirs
            rows = self._rows_calling(names)
            for row in rows:
                for atom, _ in self.tracer.asked(row):
                    words = set(_WORD.findall(atom))
                    if words & members and words & self.solution.graph.told:
                        return True
            if nearest and rows and all(self._asks_another(row, tags, members) for row in rows):
                return True
            names = {linked.functions[int(linked.rows[row, 6])][1].name for row in rows}
        return False

    def _called_for_other(self, way: Way, sink: Sink) -> bool:
        """Whether every call of the function is under the opposite of what was answered where memory was obtained.

        Whether there was any memory then is no such question.
        """
        linked = self.solution.graph.linked
        held = {linked.names.get(hop.target, "").partition("#")[0].rpartition(".")[2] for hop in way.hops}
        chosen = {
            (atom, answer)
            for atom, answer in self.tracer.asked(way.row)
            if held.isdisjoint(_WORD.findall(atom))
        }
        if not chosen or linked.rows[way.row, 6] == linked.rows[sink.row, 6]:
            return False
        rows = self._rows_calling({linked.functions[int(linked.rows[sink.row, 6])][1].name})
        return bool(rows) and all(
            any((atom, not answer) in chosen for atom, answer in self.tracer.asked(row)) for row in rows
        )

    def _rows_calling(self, names: set[str]) -> list[int]:
        """Return the rows of the facts in which one of some functions gets an argument."""
        if not self._calls:
            for number, op in enumerate(self.solution.graph.linked.ops):
                if op[:2] == "a:":
                    self._calls.setdefault(_called(op), []).append(number)
        wanted = [number for name in names for number in self._calls.get(name, ())]
        return [row for number in wanted for row in self._of_op(number)]

    def _callers_of(self, sink: Sink) -> set[str]:
        """Return the functions that call the function of a use, and those that call these."""
        linked = self.solution.graph.linked
        found = {linked.functions[int(linked.rows[sink.row, 6])][1].name}
        for _ in range(2):
            rows = self._rows_calling(found)
            found |= {linked.functions[int(linked.rows[row, 6])][1].name for row in rows}
        return found

    def _asks_another(self, row: int, tags: set[str], members: set[str]) -> bool:
        """Whether a place is reached under a condition on a member of one of the structs, other than `members`."""
        asked = (atom for atom, _ in self.tracer.asked(row) if ":" not in atom)
        return any(
            atom.partition(".")[0] in tags and _WORD.findall(atom.partition(".")[2])[:1] != [member]
            for atom in asked
            for member in members
        )

    def _of_op(self, number: int) -> list[int]:
        """Return the rows of the facts with a construct."""
        if self._by_op is None:
            ops = self.solution.graph.linked.rows[:, 2]
            order = np.argsort(ops, kind="stable")
            starts = np.searchsorted(ops[order], np.arange(len(self.solution.graph.linked.ops) + 1))
            self._by_op = order, starts
        order, starts = self._by_op
        found: list[int] = order[starts[number] : starts[number + 1]].tolist()
        return found

    def _shared(self, way: Way, sink: Sink) -> bool:
        """Whether the way goes through a member of a struct that all of the kernel uses, between functions.

        What one file keeps there and frees, it knows.
        """
        rows, names = self.solution.graph.linked.rows, self.solution.graph.linked.names
        unowned = freeing(sink) and way.source in ("stack", "global")
        function, file = int(rows[sink.row, 6]), int(rows[sink.row, 7])
        for hop in way.hops:
            name = names.get(hop.target, "")
            if name[:2] != "f:" or int(rows[hop.row, 6]) == function:
                continue
            if unowned or ("#" in name and not (freeing(sink) and int(rows[hop.row, 7]) == file)):
                return True
        return False

    def _made(self, way: Way, sink: Sink, kind: Kind) -> bool:
        """Whether the function that obtained the memory, or the one that uses it, turns it into what is wanted."""
        edges, starts = self.solution.edges, self._index()
        table = self.solution.graph.table.all
        rows = self.solution.graph.linked.rows
        here = {int(rows[way.row, 6]), int(rows[sink.row, 6])}
        seen = {way.node}
        work = deque([way.node])
        looked = 0
        while work and len(seen) < 200 and looked < _MOST_FLOWS:
            node = work.popleft()
            own = edges[starts[node] : min(starts[node + 1], starts[node] + _MOST_FLOWS)].tolist()
            looked += len(own)
            for _, target, sort, transfer, row, _ in own:
                if sort != 0 or row < 0 or int(rows[row, 6]) not in here:
                    continue
                for source, turned in table[transfer].turns:
                    if source & int(kind) and turned & int(sink.demand.accepts) & ~int(STATES):
                        return True
                if target not in seen and table[transfer].keep & int(kind):
                    seen.add(target)
                    work.append(target)
        return False

    def _chosen(self, way: Way, sink: Sink, kind: Kind, expression: str) -> str:
        """Whether memory that the use accepts meets the other on the way, and the code tells them apart."""
        free = freeing(sink)
        names = self.solution.graph.linked.names
        nodes = dict.fromkeys((way.node, *(hop.target for hop in way.hops), sink.node))
        left = next((n for n, hop in enumerate(way.hops) if hop.sort == RETURN), 0)
        inside = {way.node, *(hop.target for hop in way.hops[:left])}
        for node in nodes:
            welcome = self.solution.at(node) & int(sink.demand.accepts & ~STATES)
            other_way = self._another(node, welcome, way, sink) if welcome else None
            if other_way is None:
                continue
            if free and self._within(way) and not self._within(other_way):
                return "it is a place within that memory, and memory of its own arrives there too"
            decides = self._decides(way, other_way, sink, expression)
            heap = names.get(node, "")[:2] in ("f:", "g:")
            helped = self._one_helper(way, other_way, sink)
            if (
                free
                and heap
                and not self._either(way, other_way, kind) & welcome
                and not helped
                and not self._put_by_one(node, way, other_way)
            ):
                return "another function puts memory that may be freed so in the same place"
            if free and decides and (not helped or decides.partition(".")[0] in self._tags(way)):
                return f"memory that may be freed so arrives there too, and '{decides}' may decide"
            if node in inside and helped:
                continue  # what other callers do with theirs says nothing
            for other in self._downstream(node, int(kind) | welcome):
                if other.node in nodes:
                    continue
                accepts = int(other.demand.accepts)
                if free and freeing(other) and accepts & int(kind) and welcome & ~accepts:
                    return f"{other.name}() frees the other kind of memory that is kept there"
                if not free and decides and accepts & int(kind) and welcome & ~accepts:
                    return f"{other.name}() is for the other kind of memory that is kept there"
            if not free and decides.partition(".")[0] in self._tags(way):
                return f"'{decides}' may decide what is kept there"
        return ""

    @staticmethod
    def _either(way: Way, other: Way, kind: Kind) -> int:
        """Return the kinds of which the source of a way gives one or another; managed memory is always both."""
        return 0 if kind is Kind.MANAGED and not other.kinds & kind else way.kinds

    def _within(self, way: Way) -> bool:
        """Whether the way leads to a place within the memory, which nobody frees."""
        linked = self.solution.graph.linked
        return any(linked.ops[int(linked.rows[hop.row, 2])] == "+" for hop in way.hops if hop.row >= 0)

    def _tags(self, way: Way) -> set[str]:
        """Return the structs in whose members the memory is kept on its way."""
        names = self.solution.graph.linked.names
        held = (names.get(hop.target, "") for hop in way.hops)
        return {
            name[2:].partition("#")[0].partition("@")[0].partition(".")[0]
            for name in held
            if name[:2] == "f:"
        }

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
        before = {_asked(atom) for row in (way.row, other.row) for atom, _ in self.tracer.asked(row)}
        plain = "".join(expression.split())
        rows = (sink.row, *(hop.row for hop in way.hops if hop.sort == CALL))
        for (atom, _), at in sorted((answer, row) for row in rows for answer in self.tracer.asked(row)):
            if atom.isupper():
                continue  # what the configuration decides is followed, and tells nothing else
            place, colon, said = atom.partition(":")
            if not colon:
                if place not in own:
                    return place
            elif _asked(atom) in before or (
                "".join(said.split()) != plain
                and not (_RESULT.fullmatch(said) and not self._flag(said, at))
                and not _COUNTED.fullmatch(said)
            ):
                return said
        return ""

    def _flag(self, said: str, row: int) -> bool:
        """Whether what is asked is a local that is only given constants, or a number that the caller gave."""
        name = _WORD.search(said)
        return name is not None and (self.apart.constant(name[0], row) or self.apart.number(name[0], row))

    def _another(self, node: int, welcome: int, way: Way, sink: Sink) -> Way | None:
        """Return how welcome memory comes to a node from elsewhere than the memory of the way.

        Where a member is compared with a constant before the use, memory that is only there under another constant
        is not meant. A member that is true or false may have changed since.
        """
        row = (
            sink.row
            if any("==" in atom and ":" not in atom for atom, _ in self.tracer.asked(sink.row))
            else -1
        )
        for bit in BITS:
            found = self.tracer.find(node, int(bit), row, way.row) if welcome & bit else None
            if found is not None:
                return found
        return None

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
        chosen = self.tracer.asked(way.row) | self.tracer.asked(other.row)
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
