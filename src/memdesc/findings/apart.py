"""Apart: what the text of the code says of two objects that share a node of the graph.

`Apart.of()` is the entrance. The graph has one node for a member of a struct, for the elements of an array, and for
what a pointer is stored as. Where the text names another variable, another element, a bit of the pointer or another
table of functions, the memory that was put there is not that which is used.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from memdesc.inference.graph import CALL, Sink
from memdesc.inference.solve import Solution
from memdesc.inference.trace import Tracer, Way
from memdesc.kinds import Kind
from memdesc.source.facts import undated

_NEAR = 400
"""Bytes before a place in which a statement begins, at most."""
_PLACES = Kind.STACK | Kind.GLOBAL | Kind.RESERVED | Kind.IO
"""Kinds that an address alone tells."""
_OBJECT = re.compile(rb"\s*(\w+)\s*\.\s*\w+")
_INITIALISED = re.compile(rb"\b(\w+)\s*(?:\[[^\]]*\]\s*)*=\s*\{[^;{}]*$")
_ELEMENT = re.compile(r"\b(\w+)\[(\d+)\]$")
_PUT = re.compile(rb"\b(\w+)\s*\[\s*(\d+)\s*\]\s*=[^=;]*$")
_RANGE = re.compile(r"\s*(?:[<>]=?)\s*")
_TABLE = re.compile(rb"\bstruct\s+(\w+)\s+\w+\s*(?:__\w+\s*)*=\s*\{([^{}]*)\}")
_STORED = re.compile(rb"\.\s*\w+\s*=\s*&?\s*([A-Za-z_]\w*)\s*(?=[,}\n]|$)")
_ASSIGNED = r"(?<![\w.>])%s\s*([-+*/|&^]?=)(?!=)\s*([^;,]+)"
_CONSTANT = re.compile(r"!?\s*-?\s*(?:\d\w*|[A-Z][A-Z0-9_]*|true|false)")

Texts = Callable[[str], bytes]


@dataclass(slots=True)
class Apart:
    """Finds what tells the memory of a way from that which is used."""

    solution: Solution
    tracer: Tracer
    texts: Texts
    _tables: dict[int, list[tuple[bytes, frozenset[str]]]] = field(default_factory=dict)

    def of(self, way: Way, sink: Sink, kind: Kind, expression: str) -> str:
        """Return what speaks for another object, empty when nothing does. Args: expression: what is used."""
        return (
            self._another_variable(way, sink)
            or self._another_table(way, sink)
            or self._own_function(way)
            or self._bits(way, sink)
            or (self._range(sink, expression) if kind & _PLACES else "")
        )

    def another_element(self, way: Way, sink: Sink, expression: str) -> str:
        """Whether the memory was put into another element of the array from which what is used is taken."""
        used = _ELEMENT.search(expression)
        if used is None:
            return ""
        for row in (way.row, *(hop.row for hop in way.hops)):
            if row < 0 or self._function(row) != self._function(sink.row):
                continue
            before = self._before(row)
            put = _PUT.search(before)
            if put is not None and put[1].decode() == used[1]:
                number = int(put[2])
            else:
                listed = _INITIALISED.search(before)
                if listed is None or listed[1].decode() != used[1]:
                    continue
                number = before[listed.end(1) :].count(b",")
            if number != int(used[2]):
                return f"it was put into {used[1]}[{number}], which is another element"
        return ""

    def constant(self, name: str, row: int) -> bool:
        """Whether a local is only ever given constants in the function of a row: it is a flag of its own."""
        linked = self.solution.graph.linked
        facts = linked.functions[int(linked.rows[row, 6])][1]
        if facts.end - facts.start > 1 << 16:
            return False
        text = self._text(row)[facts.start : facts.end].decode("latin-1")
        given = re.findall(_ASSIGNED % re.escape(name), text)
        values = {value.strip() for sign, value in given if sign == "="}
        return (
            len(values) > 1
            and all(sign == "=" for sign, _ in given)
            and all(_CONSTANT.fullmatch(value) for value in values)
            and not re.search(rf"&\s*{re.escape(name)}\b", text)
        )

    def number(self, name: str, row: int) -> bool:
        """Whether a name is a parameter of the function of a row that is no pointer, and is not assigned there."""
        linked = self.solution.graph.linked
        facts = linked.functions[int(linked.rows[row, 6])][1]
        numbers = {param for param, ctype in facts.params if "*" not in ctype}
        if name not in numbers or facts.macro or facts.end - facts.start > 1 << 16:
            return False
        text = self._text(row)[facts.start : facts.end].decode("latin-1")
        return not re.search(_ASSIGNED % re.escape(name), text)

    def _another_variable(self, way: Way, sink: Sink) -> str:
        """Whether it was put into a struct of the function, and is read of another struct of the same function."""
        heap = self.solution.graph.heap
        for n, hop in enumerate(way.hops):
            if hop.row < 0 or not heap[hop.target]:
                continue
            row = way.hops[n + 1].row if n + 1 < len(way.hops) else sink.row
            if row < 0 or self._function(row) != self._function(hop.row):
                continue
            put = self._object_put(hop.row)
            used = _OBJECT.match(self._text(row), self._offset(row))
            if put and used and put != used[1]:
                return f"it was put into '{put.decode()}', and what is used is of '{used[1].decode()}'"
        return ""

    def _object_put(self, row: int) -> bytes:
        """Return the struct variable into which a store puts something, empty when it is none."""
        match = _OBJECT.match(self._text(row), self._offset(row))
        if match is not None:
            return match[1]
        listed = _INITIALISED.search(self._before(row))
        return listed[1] if listed is not None else b""

    def _another_table(self, way: Way, sink: Sink) -> str:
        """Whether who put it into a member, and who uses it, are of two tables of functions of one type.

        Both tables stand in the same file, and none has both functions: they are for objects of their own, as two
        `struct file_operations` are.
        """
        linked = self.solution.graph.linked
        rows = [hop.row for hop in way.hops]
        for n, hop in enumerate(way.hops):
            if hop.row < 0 or linked.names.get(hop.target, "")[:2] != "f:":
                continue
            after = rows[n + 1] if n + 1 < len(rows) and rows[n + 1] >= 0 else sink.row
            if int(linked.rows[after, 7]) != int(linked.rows[hop.row, 7]):
                continue
            one, other = self._name(hop.row), self._name(after)
            if one != other and self._in_two(self._tables_of(hop.row), one, other):
                return f"{one}() and {other}() stand in two tables of functions, each for objects of its own"
        return ""

    @staticmethod
    def _in_two(tables: list[tuple[bytes, frozenset[str]]], one: str, other: str) -> bool:
        """Whether two functions stand in tables of one type, and in none together."""
        if any({one, other} <= names for _, names in tables):
            return False
        return not {tag for tag, names in tables if one in names}.isdisjoint(
            tag for tag, names in tables if other in names
        )

    def _tables_of(self, row: int) -> list[tuple[bytes, frozenset[str]]]:
        """Return (type, functions) of each initialised struct of the file of a row, by the text."""
        number = int(self.solution.graph.linked.rows[row, 7])
        found = self._tables.get(number)
        if found is None:
            found = self._tables[number] = [
                (match[1], frozenset(name.decode() for name in _STORED.findall(match[2])))
                for match in _TABLE.finditer(self._text(row))
            ]
        return found

    def _own_function(self, way: Way) -> str:
        """Whether a call through a member of an object leads to a function that its maker did not put there."""
        linked = self.solution.graph.linked
        facts = linked.functions[int(linked.rows[way.row, 6])][1]
        made = b""
        for hop in way.hops:
            if hop.row < 0 or hop.sort != CALL:
                continue
            construct = linked.ops[int(linked.rows[hop.row, 2])].split(":")
            if len(construct) < 2 or construct[1][:1] != "." or construct[1][1:2] == "(":
                continue
            member = construct[1].rpartition(".")[2].encode()
            made = made or self._text(way.row)[facts.start : facts.end]
            put = set(re.findall(rb"(?:->|\.)\s*%s\s*=\s*&?\s*(\w+)\s*[;,]" % re.escape(member), made))
            called = linked.names.get(hop.target, "").split(":")
            name = called[1].partition("@")[0] if len(called) > 1 else ""
            if put and name and name.encode() not in put:
                return f"whoever made it put {sorted(put)[0].decode()}() into '{member.decode()}'"
        return ""

    def _bits(self, way: Way, sink: Sink) -> str:
        """Whether bits of the pointer itself are asked for on the way from the member that holds it."""
        names = self.solution.graph.linked.names
        held = {names.get(hop.target, "")[2:].partition("#")[0] for hop in way.hops}
        members = {
            (name.partition("@")[0].partition(".")[0], name.rpartition(".")[2])
            for name in held
            if "." in name
        }
        rows = [sink.row, *(hop.row for hop in way.hops if hop.sort == CALL)]
        for atom in sorted(atom for row in rows for atom, _ in self.tracer.asked(row)):
            tag, dot, rest = atom.partition(".")
            if not dot or ":" in atom or "&" not in rest:
                continue
            member, _, asked = rest.partition("&")
            if (tag, member.rpartition(".")[2]) in members and asked:
                return f"'{atom}' asks for a bit of the pointer, which may tell what it leads to"
        return ""

    def _range(self, sink: Sink, expression: str) -> str:
        """Whether the address that is used was compared with another: it tells where it lies."""
        bare = "".join(expression.split())
        for atom, _ in sorted(self.tracer.asked(sink.row)):
            said = undated(atom).rpartition(":")[2]
            parts = ["".join(part.split()) for part in _RANGE.split(said, maxsplit=1)]
            if len(parts) == 2 and parts[0] == bare and not parts[1][:1].isdigit():
                return f"'{said}' asks where it lies"
        return ""

    def _function(self, row: int) -> int:
        return int(self.solution.graph.linked.rows[row, 6])

    def _name(self, row: int) -> str:
        return self.solution.graph.linked.functions[self._function(row)][1].name

    def _offset(self, row: int) -> int:
        return int(self.solution.graph.linked.rows[row, 4])

    def _text(self, row: int) -> bytes:
        linked = self.solution.graph.linked
        return self.texts(linked.paths[int(linked.rows[row, 7])])

    def _before(self, row: int) -> bytes:
        """Return the text before a place, from where its statement can begin."""
        at = self._offset(row)
        return self._text(row)[max(0, at - _NEAR) : at]
