"""Doubts: what makes a trace less than proof that memory of a kind is misused.

A finding whose trace leaves a doubt is a note at most. Each doubt is a reason that whoever reads the code
would give: *the code knows which it has*, in a way that is not followed.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from memdesc.findings.apart import Apart, freeing
from memdesc.findings.asked import Asked
from memdesc.findings.chosen import Chosen
from memdesc.findings.words import struct_of
from memdesc.inference.graph import CALL, NEEDED_BY, Sink
from memdesc.inference.solve import Solution
from memdesc.inference.trace import Answers, Tracer, Way
from memdesc.kinds import BESIDE, STATES, Kind
from memdesc.source.added import once
from memdesc.source.facts import undated
from memdesc.source.signatures import load

_WORD = re.compile(r"\w+")
_LOOKED_UP = Kind.FILE | Kind.ANON | Kind.DEVICE | Kind.HUGETLB | Kind.ZERO | Kind.MOVABLE | Kind.RESERVED
"""What a page may be that is found by its place in a mapping or a page table."""
_SET = re.compile(rb"(?:->|\.)\s*(\w+)\s*=\s*(?:true|TRUE|\w+_TRUE|1)\s*;")
_CALLS = 200
"""Calls of a function, and of its callers, that are looked at."""
_MANY = 3
"""Functions behind one member up to which a call through it is followed for sure, as in inference/constrain.py."""

DOUBTS = {
    "other-constant": "a member compared with one constant on the way, with another at the use",
    "own-value": "a member that is read is only compared with a value of its own",
    "spi-core": "a local variable that the SPI core maps page by page, or is too short for DMA",
    "anything": "a page found by number, or what a use needs, may be anything, and the way is long",
    "untold-test": "such a page passes a test that has no signature",
    "freed-tail": "what may be a tail is freed",
    "state": "what depends on a reference or a lock goes through several functions",
    "written": "a word is written of a page that was found",
    "seldom": "the source gives such memory seldom",
    "asserted": "an assertion is made by one who looked the page up, or knows the size",
    "many": "a call through a table that unrelated code fills",
    "marked": "a packet may have been marked",
    "referred": "memory of the stack or the image was handed out by reference before it is freed",
    "architecture": "memory of a driver comes to code of an architecture",
    "built-in": "a per-CPU variable of what is always built into the kernel",
    "device-word": "a word is read that only device memory keeps",
    "called-for-other": "every call stands under the opposite of what was asked where the memory was obtained",
    "flagged": "a member is asked that was set to a constant where the memory was put into its object",
    "asked-before": "callers ask another member of the object, or a test that tells",
    "shared": "a member of a struct that all of the kernel uses",
    "made": "the function that obtained the memory turns it into what is wanted",
    "another-variable": "the text names another variable of that struct",
    "another-element": "the text names another element of the array",
    "another-key": "kept under one constant, taken under another",
    "another-table": "the functions stand in two tables, each for objects of its own",
    "implementation": "memory is freed by another implementation of a table of functions",
    "own-function": "whoever made the object put another function there",
    "given": "a call gives a parameter otherwise than the way needs it",
    "left": "what the call that gave the memory left in a variable is asked",
    "bits": "a bit of the pointer is asked, or taken off",
    "copy": "it is compared with what the same variable held before",
    "range": "the address is compared with another",
    "far": "the way joins many members and calls",
    "own-test": "a function of the code asks a test that tells",
    "answered": "a comparison with a constant was answered otherwise where the memory was obtained",
    "placed": "the address of the member into which it was put is compared",
    "counted": "the code takes a reference of its own",
    "beside": "the same element of another array is asked, which is not set where the memory is put",
    "own-word": "the file writes the word of its pages that it reads",
    "pool-flag": "a flag beside the page may say that it is of a pool",
    "within": "a place within the memory, and memory of its own arrives there too",
    "another-puts": "another function puts memory in the same place that may be freed so",
    "decides-free": "a condition before the free may tell the memories apart",
    "other-free": "another free is for the other memory that is kept there",
    "other-use": "another use is for the other memory that is kept there",
    "decides-kept": "a member of the object that holds the memory may tell",
    "older-kernel": "only kernels before a version are harmed, and the file calls what only later ones have",
}
"""What each doubt is about, by its name, in the order in which they are asked."""
OFF: set[str] = set()
"""Doubts that are left out, to see what each is for."""


def weighed(reasons: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return the first (name of a doubt, what it says) that is not switched off; empty when there is none."""
    return next(((name, said) for name, said in reasons if name not in OFF), ("", ""))


@once
def _first_had() -> dict[str, tuple[int, ...]]:
    """Return the version since which there are signatures of a function, by its name; empty for any."""
    first: dict[str, tuple[int, ...]] = {}
    for signature in load():
        first[signature.name] = min(first.get(signature.name, signature.since), signature.since)
    return first


def _called(op: str) -> str:
    """Return the name of the function that a construct calls."""
    return op[2:].partition("@")[0].partition(":")[0]


@dataclass(slots=True)
class Doubts:
    """Finds the doubts about a way."""

    solution: Solution
    tracer: Tracer
    apart: Apart
    asked: Asked
    chosen: Chosen
    _calls: dict[str, list[int]] = field(default_factory=dict)
    _handed: dict[str, list[int]] = field(default_factory=dict)
    _by_op: "tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]] | None" = None

    def reasons(self, way: Way, sink: Sink, kind: Kind, expression: str) -> Iterator[tuple[str, str]]:
        """Yield (name of the doubt, why the code may be right all the same), each only when it is asked for.

        Args: expression: the text of what is used.
        """
        if way.assumed and self._stretched(way, sink):
            believed = way.source.startswith(NEEDED_BY)
            which = "that use may be of other memory" if believed else f"{way.source}() may give anything"
            yield "anything", f"{which}, and the code may know more"
        if way.assumed and self._asked(way):
            yield "untold-test", "a test on the way may tell what it is"
        if kind is Kind.TAIL and freeing(sink):
            yield "freed-tail", "it may be a tail, but whoever frees it says that it is none"
        if kind & STATES and self._stretched(way, sink):
            yield "state", "a reference may be taken on the way"
        if self._writing(sink) and (way.assumed or way.kinds & STATES or self._possible(way, sink)):
            yield "written", "whoever writes a word of a page that was found says what it is"
        found = freeing(sink) and self._found(way)
        uncertain = found or self._stretched(way, sink) or self._telling(sink)
        if self._possible(way, sink) and uncertain and not self._certain(way, sink, kind):
            yield "seldom", f"{way.source}() gives such memory seldom, and the code may know that it did not"
        if sink.because >= 0 and (reason := self._asserted(way, sink, kind)):
            yield "asserted", reason
        if many := self._one_of_many(way):
            yield "many", many
        when = sink.demand.when
        if when is not None and when[1] == "has" and not when[3] and self._marked(way, sink):
            yield "marked", "whoever made the packet may have marked it"
        if freeing(sink) and kind & (Kind.STACK | Kind.GLOBAL | Kind.PERCPU) and self._referred(way):
            yield "referred", "it was handed out by reference, and may have been replaced"
        if self._elsewhere(way, sink):
            yield "architecture", "the memory may not be of a driver for that architecture"
        if way.source == "percpu" and not freeing(sink) and self._built_in(way):
            yield "built-in", "per-CPU variables of the kernel itself lie in the linear map on most machines"
        if (
            self._telling(sink)
            and sink.demand.accepts & Kind.DEVICE
            and (kind is Kind.TAIL or len({*self._functions(way, sink)}) > 1)
        ):
            yield "device-word", "whoever reads what only device memory keeps says that it is such"
        if self._called_for_other(way, sink):
            yield (
                "called-for-other",
                "whoever calls the function does so only where other memory was obtained",
            )
        if flag := self._flagged(way, sink):
            yield (
                "flagged",
                f"'{flag}' is set where it was obtained, and this is done only where it is not",
            )
        if self._asked_before(way, sink):
            yield "asked-before", "whoever calls the function asks what is kept there"
        if self._shared(way, sink):
            yield "shared", "it is kept in a member that many use, each for objects of its own"
        if self.chosen.made(way, sink, kind):
            yield "made", "the function that obtained it makes it what is wanted"
        yield from self.apart.reasons(way, sink, kind, expression)
        yield from self.asked.reasons(way, sink, kind)
        if pooled := self._pooled(sink):
            yield "pool-flag", pooled
        yield from self.chosen.reasons(way, sink, kind, expression)
        if later := self._later(sink):
            yield (
                "older-kernel",
                f"only older kernels are harmed, which have no {later}() that the file calls",
            )

    def _later(self, sink: Sink) -> str:
        """Return a function called in the file of a use that only kernels have in which the use does no harm."""
        until = sink.demand.until
        if not until:
            return ""
        rows = self.solution.graph.linked.rows
        ops = np.unique(rows[rows[:, 7] == rows[sink.row, 7], 2]).tolist()
        called = {_called(op) for op in (self.solution.graph.linked.ops[n] for n in ops) if op[1:2] == ":"}
        return min((name for name in called if _first_had().get(name, ()) > until), default="")

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
            asked[function] = asked.get(function, frozenset()) | self.tracer.known(row)
        own = {linked.functions[function][1].name for function in until}
        for function, offset in until.items():
            said = graph.marked.get(function, ())
            if any(word == mark and (at < offset or not sink.demand.contents) for at, word in said):
                return True
            for row in np.flatnonzero(linked.rows[:, 6] == function).tolist():
                op = linked.ops[int(linked.rows[row, 2])]
                called = _called(op) if op[:2] == "c:" and int(linked.rows[row, 4]) < offset else ""
                if called in marking - own and self.tracer.agree(asked[function], self.tracer.known(row)):
                    return True
        return False

    def _referred(self, way: Way) -> bool:
        """Whether the memory went through a call by the address of the variable that holds it."""
        linked = self.solution.graph.linked
        ops = (linked.ops[int(linked.rows[hop.row, 2])] for hop in way.hops if hop.row >= 0)
        return any(op[:2] in ("i:", "d:") for op in ops)

    def _found(self, way: Way) -> bool:
        """Whether a function gave the one page that it found; one that fills a list gives what was asked for."""
        linked = self.solution.graph.linked
        return linked.ops[int(linked.rows[way.row, 2])][:2] == "r:"

    def _possible(self, way: Way, sink: Sink) -> bool:
        """Whether the source gives several kinds, one of which the use accepts: what arrives is a possibility."""
        kinds = way.kinds & ~int(STATES)
        return kinds.bit_count() > 2 and bool(kinds & int(sink.demand.accepts))

    def _certain(self, way: Way, sink: Sink, kind: Kind) -> bool:
        """Whether what arrives is no possibility of its source, but made so on the way, or a user's tail."""
        made = not kind & way.kinds
        return made or bool(kind & BESIDE) or (kind is Kind.TAIL and self._users(way, sink))

    def _users(self, way: Way, sink: Sink) -> bool:
        """Whether an array was filled with a user's pages, tails among them, and nothing else is kept there.

        That can be told where all of it stands in one file, the structs included.
        """
        linked, heap = self.solution.graph.linked, self.solution.graph.heap
        files = {int(linked.rows[row, 7]) for row in self._rows(way, sink)}
        if len(files) > 1 or linked.ops[int(linked.rows[way.row, 2])][:2] != "c:":
            return False
        own = linked.files[files.pop()].packed_structs
        for node in (way.node, *(hop.target for hop in way.hops)):
            if heap[node]:
                tag = struct_of(linked.names.get(node, "")[2:])
                if tag not in own or self.chosen.another(node, sink.demand.accepts, way, sink):
                    return False
        return True

    def _asserted(self, way: Way, sink: Sink, kind: Kind) -> str:
        """Whether memory may well be what an assertion says: whoever looked the page up, or made it, knows more."""
        kinds = way.kinds & ~int(STATES | Kind.TAIL)  # none: any page that may be a tail
        welcome = kinds & int(sink.demand.accepts)
        looked_up = kind & _LOOKED_UP or (kinds & int(Kind.FILE | Kind.ANON) and kind is not Kind.TAIL)
        found = looked_up or (kind is Kind.TAIL and (welcome or not kinds) and sink.because != sink.row)
        special = not sink.demand.accepts & (Kind.FILE | Kind.ANON)
        if found and (welcome or special or not kinds or self._stretched(way, sink)):
            return f"{way.source}() finds pages by their place, and an assertion is by one who knows which"
        if kind is Kind.VMALLOC and way.kinds & int(sink.demand.accepts & ~STATES):
            return f"{way.source}() gives it only for what is large, and an assertion is by one who knows the size"
        if kind & (Kind.DRIVER | Kind.BLOCK) and self._stretched(way, sink):
            return "what is fresh from the allocator may have become what it is to be"
        return ""

    @staticmethod
    def _telling(sink: Sink) -> bool:
        """Whether only one special kind can be meant: who reads what only it keeps says so."""
        special = not sink.demand.accepts & (Kind.FILE | Kind.ANON)
        return special and (
            sink.demand.action == "member"
            or (sink.demand.action == "use" and sink.because < 0 and bool(sink.demand.accepts & Kind.DEVICE))
        )

    def _one_of_many(self, way: Way) -> str:
        """Whether the way goes through a table of functions that unrelated parts of the kernel fill.

        Each of them has objects of its own. Only what comes from the folder of the function that is called, or from
        where it was put into the table, is known to be given to it.
        """
        linked = self.solution.graph.linked
        files = {int(linked.rows[way.row, 7])}
        for hop in way.hops:
            if hop.row < 0:
                continue
            files.add(int(linked.rows[hop.row, 7]))
            if hop.sort != CALL:
                continue
            construct = linked.ops[int(linked.rows[hop.row, 2])].split(":")
            member = construct[1].removeprefix(".") if len(construct) > 1 else ""
            behind = linked.stored.get(member, ()) if member != construct[-1] and "." in member else ()
            if len(behind) <= _MANY:
                continue
            called = linked.names.get(hop.target, "").split(":")
            number = linked.definitions.get(called[1], -1) if len(called) > 1 else -1
            if number < 0 or not self._fills(linked.functions[number][0], behind, files):
                name = f"{member.partition('@')[0].partition('.')[0]}.{member.rpartition('.')[2]}"
                return f"the call through {name} may lead to {len(behind)} functions, each for objects of its own"
        return ""

    def _fills(self, called: int, behind: Sequence[str], files: set[int]) -> bool:
        """Whether what comes from some files belongs to the implementation of a table in the file `called`.

        That is one of its folder, unless the folder holds several of them: mm/ is no driver.
        """
        linked = self.solution.graph.linked
        folder = os.path.dirname(linked.paths[called])
        numbers = (linked.definitions.get(name, -1) for name in behind)
        filling = {linked.functions[number][0] for number in numbers if number >= 0}
        alike = [file for file in filling if os.path.dirname(linked.paths[file]) == folder]
        if len(alike) > 1:
            return called in files
        return any(os.path.dirname(linked.paths[file]) == folder for file in files)

    def _elsewhere(self, way: Way, sink: Sink) -> bool:
        """Whether memory of a driver comes to the code of an architecture for which it may not be built."""
        linked = self.solution.graph.linked
        source, use = (linked.paths[int(linked.rows[row, 7])] for row in (way.row, sink.row))
        return use.startswith("arch/") and source.startswith(("drivers/", "sound/"))

    def _built_in(self, way: Way) -> bool:
        """Whether memory is of an architecture's own code: no module, whose per-CPU variables are mapped."""
        return self.solution.graph.linked.paths[int(self.solution.graph.linked.rows[way.row, 7])].startswith(
            "arch/"
        )

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
        tags = {struct_of(name) for name in kept}
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
            for atom, answer in self.tracer.known(way.row)
            if held.isdisjoint(_WORD.findall(atom))
        }
        if not chosen or linked.rows[way.row, 6] == linked.rows[sink.row, 6]:
            return False
        rows = self._rows_calling({linked.functions[int(linked.rows[sink.row, 6])][1].name})
        return bool(rows) and all(
            any((atom, not answer) in chosen for atom, answer in self.tracer.known(row)) for row in rows
        )

    def _flagged(self, way: Way, sink: Sink) -> str:
        """Return the member that is set true where the memory was obtained, and asked to be false before the use.

        That may be in a caller; they are followed for three calls.
        """
        linked = self.solution.graph.linked
        facts = linked.functions[int(linked.rows[way.row, 6])][1]
        if facts.end - facts.start > 1 << 16 or linked.rows[way.row, 6] == linked.rows[sink.row, 6]:
            return ""
        text = self.asked.texts(linked.paths[int(linked.rows[way.row, 7])])
        marks = {mark.decode() for mark in _SET.findall(text, facts.start, facts.end)}
        names = {linked.functions[int(linked.rows[sink.row, 6])][1].name} if marks else set()
        own = linked.rows[sink.row, 6]
        here = [sink.row, *(hop.row for hop in way.hops if hop.row >= 0 and linked.rows[hop.row, 6] == own)]
        told = [answer for row in here for answer in self.tracer.entered(row)]
        for _ in range(4):
            for atom, answer in sorted(told):
                if not answer and ":" not in atom and atom.rpartition(".")[2] in marks:
                    return atom.partition("@")[0] if "@" not in atom else atom.rpartition(".")[2]
            rows = self._rows_calling(names)[:_CALLS]
            told = [answer for row in rows for answer in self.tracer.known(row)]
            names = {linked.functions[int(linked.rows[row, 6])][1].name for row in rows}
        return ""

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
        """Whether a place is reached under a condition on a member of one of the structs, other than `members`.

        That the function could not get what it wanted to put into another member tells nothing.
        """
        failed = self.tracer.failed(row)
        asked = (atom for atom, _ in self.tracer.asked(row) if ":" not in atom and atom not in failed)
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
        unowned = freeing(sink) and way.source in ("stack", "global", "percpu")
        function, file = int(rows[sink.row, 6]), int(rows[sink.row, 7])
        for hop in way.hops:
            name = names.get(hop.target, "")
            if name[:2] != "f:" or int(rows[hop.row, 6]) == function:
                continue
            if unowned or ("#" in name and not (freeing(sink) and int(rows[hop.row, 7]) == file)):
                return True
        return False
