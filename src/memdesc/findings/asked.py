"""Asked: what functions of the code itself ask or do, that tells a way is none.

The solver follows tests that have a signature. A function without one that asks such a test of its argument, a
question that was answered otherwise where the memory was obtained, and a reference that the code takes itself are
found here by the text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from memdesc.findings.registry import base
from memdesc.findings.words import struct_of
from memdesc.inference.graph import INTRA, Sink
from memdesc.inference.solve import Solution
from memdesc.inference.trace import Tracer, Way
from memdesc.kinds import STATES, Kind
from memdesc.source.added import once
from memdesc.source.facts import FunctionFacts, undated
from memdesc.source.signatures import load

_WITH_CONSTANT = re.compile(r"[\w.>\[\]-]+(?:[<>]=?|[!=]=)[A-Z][A-Z0-9_]*")
_PUT = re.compile(r"([A-Za-z_]\w*(?:\s*(?:->|\.)\s*\w+)+)\s*=\s*(?:\([^()]*\)\s*)*$")
_ELEMENT = re.compile(r"(\w+)\.(\w+)\[[^\]]*\](?:&.*)?", re.S)
_FARTHEST = 6
"""Calls and members of a way that may lead from one object to another."""
_LONGEST = 1 << 12
_CALLED = re.compile(r"(!\s*)?\b(\w+)\s*\(\s*(?:\([^()]*\)\s*)?(\w+)\s*\)")


@once
def telling() -> dict[str, tuple[Kind, Kind]]:
    """Return the tests by their signatures: what remains when they are true, and when not."""
    return {s.name: s.params[0].guard for s in load() if s.params and s.params[0].guard is not None}


@once
def _counting() -> "re.Pattern[bytes]":
    """Return what finds a call that takes a reference."""
    names = {s.name for s in load() for slot in s.params if slot.drops & Kind.UNREF}
    return re.compile(rb"\b(%s)\s*\(" % b"|".join(sorted(name.encode() for name in names)))


@dataclass(slots=True)
class Asked:
    """Finds what is asked and done on a way."""

    solution: Solution
    tracer: Tracer
    texts: Callable[[str], bytes]

    def reasons(self, way: Way, sink: Sink, kind: Kind) -> Iterator[tuple[str, str]]:
        """Yield (name, what speaks against the way)."""
        questions: tuple[tuple[str, Callable[[], str]], ...] = (
            ("far", lambda: self._far(way, sink)),
            ("own-test", lambda: self._tested(way, kind)),
            ("answered", lambda: self._answered(way, sink)),
            ("placed", lambda: self._placed(way, sink)),
            ("counted", lambda: self._counted(way, sink, kind)),
            ("beside", lambda: self._beside(way, sink)),
            ("own-word", lambda: self._own_word(sink, kind)),
        )
        for name, question in questions:
            if said := question():
                yield name, said

    def _far(self, way: Way, sink: Sink) -> str:
        """Whether a way is longer than any on which something was found: each member and call may join two objects.

        Of the 172 findings of Linux 6.1 and 6.12 that were read, those that were right had at most two members and
        three calls.
        """
        linked, heap = self.solution.graph.linked, self.solution.graph.heap
        members = sum(bool(heap[hop.target]) for hop in way.hops)
        calls = sum(hop.sort != INTRA for hop in way.hops)
        rows = [way.row, *(hop.row for hop in way.hops if hop.row >= 0), sink.row]
        files = {int(linked.rows[row, 7]) for row in rows}
        if members > 2 or members + calls > _FARTHEST or (members > 1 and len(files) > 2):
            return "it is a long way through calls and members, each of which joins what several objects have"
        registered = sum(
            linked.ops[int(linked.rows[hop.row, 2])][:2] == "h:" for hop in way.hops if hop.row >= 0
        )
        if registered > 1:
            return "it goes through two functions that are registered, and need not be called for each object"
        return ""

    def _tested(self, way: Way, kind: Kind) -> str:
        """Whether the way passes a function without signature that asks a test by which such memory cannot pass.

        What the function returns is taken for the answer, or its opposite where the test stands behind a `!`.
        """
        linked = self.solution.graph.linked
        for hop in way.hops if not kind & STATES else ():
            op = linked.ops[int(linked.rows[hop.row, 2])] if hop.row >= 0 else ""
            if op[:3] not in ("g+:", "g-:") or op.count(":") != 2:
                continue
            _, name, number = op.split(":")
            function = linked.definitions.get(name)
            if function is None:
                continue
            file, facts = linked.functions[function]
            if int(number) >= len(facts.params) or facts.end - facts.start > _LONGEST:
                continue
            parameter = facts.params[int(number)][0]
            body = self._body(file, facts)
            for said in _CALLED.finditer(body):
                guard, called = telling().get(said[2]), said[2]
                if not guard or said[3] != parameter:
                    continue
                true = (op[1] == "+") ^ bool(said[1]) ^ self._refuses(body, said.start())
                if guard[1 if true else 0] & kind and not guard[0 if true else 1] & kind:
                    return f"{facts.name}() asks {called}() of it"
        return ""

    @staticmethod
    def _refuses(body: str, at: int) -> bool:
        """Whether a test stands in an `if` behind which the function answers no, at once."""
        start = max(body.rfind(mark, 0, at) for mark in (";", "{", "}"))
        asked = re.match(r"\s*(?:else\s+)?if\s*\(", body[start + 1 : at])
        follows = re.match(r"[^;{}]*\)\s*\{?\s*return\s+(?:false|0|NULL)\s*;", body[at:])
        return bool(asked and follows)

    def _body(self, file: int, facts: FunctionFacts) -> str:
        linked = self.solution.graph.linked
        return self.texts(linked.paths[file])[facts.start : facts.end].decode("latin-1")

    def _answered(self, way: Way, sink: Sink) -> str:
        """Whether what is compared with a constant before the use was so where it was obtained, or the other way."""
        linked = self.solution.graph.linked
        if linked.rows[way.row, 6] == linked.rows[sink.row, 6]:
            return ""  # conditions of one function are followed
        given = self._compared(way.row)
        for said, answer in sorted(self._compared(sink.row).items()):
            if given.get(said, answer) != answer:
                return f"'{said}' was answered otherwise where it was obtained"
        return ""

    def _placed(self, way: Way, sink: Sink) -> str:
        """Whether the address of the very member into which it was put is compared before the use."""
        linked = self.solution.graph.linked
        at = int(linked.rows[way.row, 4])
        before = self.texts(linked.paths[int(linked.rows[way.row, 7])])[max(0, at - 120) : at]
        put = _PUT.search(before.decode("latin-1"))
        if put is None:
            return ""
        member = "&" + "".join(put[1].split())
        for atom, _ in sorted(self.tracer.asked(sink.row)):
            said = "".join(undated(atom).rpartition(":")[2].split())
            if re.search(rf"[!=]={re.escape(member)}\b|{re.escape(member)}[!=]=", said):
                return f"'{said}' asks whether it is what lies in '{member[1:]}'"
        return ""

    def _beside(self, way: Way, sink: Sink) -> str:
        """Whether the use asks the same element of another array, which is not set where the memory is put.

        `cmd->data[n]` and `cmd->flags[n]` are rows of one table: a flag that nobody sets is not there.
        """
        linked, heap = self.solution.graph.linked, self.solution.graph.heap
        for atom, answer in sorted(self.tracer.asked(sink.row)):
            element = _ELEMENT.fullmatch(undated(atom).partition(":")[2])
            if element is None or not answer:
                continue
            tag, member = element[1], element[2]
            for hop in way.hops:
                name = linked.names.get(hop.target, "") if heap[hop.target] and hop.row >= 0 else ""
                kept = struct_of(name[2:])
                if kept != tag or name[:2] != "f:" or not name.endswith("[]"):
                    continue
                file, facts = linked.functions[int(linked.rows[hop.row, 6])]
                if not re.search(rf"(?:->|\.)\s*{member}\b", self._body(file, facts)):
                    return f"'{member}' is asked of the same element, and {facts.name}() does not set it"
        return ""

    def _compared(self, row: int) -> dict[str, bool]:
        said = {
            "".join(undated(atom).partition(":")[2].split()): answer
            for atom, answer in self.tracer.known(row)
        }
        return {text: answer for text, answer in said.items() if _WITH_CONSTANT.fullmatch(text)}

    def _own_word(self, sink: Sink, kind: Kind) -> str:
        """Whether the file writes the word that it reads of pages of its own: it keeps there what it wants."""
        if sink.demand.action != "member" or not kind & (Kind.DRIVER | Kind.BLOCK | Kind.NONCOMP):
            return ""
        linked = self.solution.graph.linked
        member = sink.name.rpartition(">")[2].rpartition(".")[2]
        text = self.texts(linked.paths[int(linked.rows[sink.row, 7])])
        if re.search(rb"->\s*%s\s*=(?!=)" % re.escape(member.encode()), text):
            return f"the file keeps something of its own in '{member}' of its pages"
        return ""

    def _counted(self, way: Way, sink: Sink, kind: Kind) -> str:
        """Whether a function of the way takes a reference: it is that which is put, not the pool's, nor the pin."""
        if kind is not Kind.PINNED and (kind is not Kind.NET or base(sink.demand.word) != "puttable"):
            return ""
        linked = self.solution.graph.linked
        rows = [sink.row, *(hop.row for hop in way.hops if hop.row >= 0), way.row]
        for number in dict.fromkeys(int(linked.rows[row, 6]) for row in rows):
            file, facts = linked.functions[number]
            taken = _counting().search(self.texts(linked.paths[file]), facts.start, facts.end)
            if taken:
                return f"{facts.name}() takes a reference of its own ({taken[1].decode()}())"
        return ""
