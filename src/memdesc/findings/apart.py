"""Apart: what the text of the code says of two objects that share a node of the graph.

`Apart.reasons()` is the entrance. The graph has one node for a member of a struct, for the elements of an array, and
for what a pointer is stored as. Where the text names another variable, another element, a bit of the pointer or
another table of functions, the memory that was put there is not that which is used.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from memdesc.findings.objects import at_hop
from memdesc.findings.words import struct_of
from memdesc.inference.graph import CALL, RETURN, Sink
from memdesc.inference.solve import Solution
from memdesc.inference.trace import Hop, Tracer, Way
from memdesc.kinds import Kind
from memdesc.source.facts import undated

_NEAR = 400
"""Bytes before a place in which a statement begins, at most."""
_PLACES = Kind.STACK | Kind.GLOBAL | Kind.RESERVED | Kind.IO
"""Kinds that an address alone tells."""
_OBJECT = re.compile(rb"\s*(\w+)\s*(\.|->)\s*\w+")
_INITIALISED = re.compile(rb"\b(\w+)\s*(?:\[[^\]]*\]\s*)*=\s*\{[^;{}]*$")
_ELEMENT = re.compile(r"\b(\w+)\[(\w+)\]\)?$")
_INDEXED = re.compile(r"(\w+)\[(\w+)\]")
_PUT = re.compile(rb"\b(\w+)\s*\[\s*(\w+)\s*\]\s*=[^=;]*$")
_PUT_HERE = re.compile(rb"(\w+)\s*\[\s*(\w+)\s*\]\s*=(?!=)")
_PUT_INTO = re.compile(rb"\(\s*&\s*(\w+)\s*\[\s*(\w+)\s*\]\s*,")
_RANGE = re.compile(r"\s*(?:[<>]=?)\s*")
_PARAMETER = re.compile(r"(\w+)(?:==([A-Z_][A-Z0-9_]*|\d+))?")
_INDEX = re.compile(rb"\[\s*([A-Za-z_]\w*)\s*\]")
_FILLED = re.compile(r"[(,]\s*&\s*(\w+)\s*(?=[,)])")
_NAME = re.compile(r"!?\w+")
_TABLE = re.compile(rb"\bstruct\s+(\w+)\s+\w+\s*(?:__\w+\s*)*=\s*\{([^{}]*)\}")
_STORED = re.compile(rb"\.\s*\w+\s*=\s*&?\s*([A-Za-z_]\w*)\s*(?=[,}\n]|$)")
_ASSIGNED = r"(?<![\w.>])%s\s*([-+*/|&^]?=)(?!=)\s*([^;,]+)"
_TAKEN = re.compile(rb"\s*([\w.>\[\]-]+)\s*&\s*~")
_MASKED = re.compile(r"(\w+)&(\w+)")
_CONSTANT = re.compile(r"!?\s*-?\s*(?:\d\w*|[A-Z][A-Z0-9_]*|true|false)")

OBJECTS = frozenset(
    {
        "another-variable",
        "another-element",
        "another-key",
        "another-table",
        "implementation",
        "own-function",
        "given",
        "left",
        "bits",
        "copy",
        "range",
    }
)
"""The names of what is found here."""

Texts = Callable[[str], bytes]


def freeing(sink: Sink) -> bool:
    """Whether a use ends an allocation, or gives a page back to its pool."""
    return sink.demand.action == "free" or sink.demand.word == "pooled"


@dataclass(slots=True)
class Apart:
    """Finds what tells the memory of a way from that which is used."""

    solution: Solution
    tracer: Tracer
    texts: Texts
    _tables: dict[int, list[tuple[bytes, frozenset[str]]]] = field(default_factory=dict)
    _types: dict[str, set[bytes]] = field(default_factory=dict)

    def reasons(self, way: Way, sink: Sink, kind: Kind, expression: str) -> Iterator[tuple[str, str]]:
        """Yield (name, what speaks for another object). Args: expression: what is used."""
        questions: tuple[tuple[str, Callable[[], str]], ...] = (
            ("another-variable", lambda: self._another_variable(way, sink)),
            ("another-element", lambda: self._another_element(way, sink, expression)),
            ("another-key", lambda: self._another_key(way)),
            ("another-table", lambda: self._another_table(way, sink)),
            ("implementation", lambda: self._implementation(way, sink)),
            ("own-function", lambda: self._own_function(way)),
            ("given", lambda: self._given(way, sink)),
            ("left", lambda: self._left(way, sink)),
            ("bits", lambda: self._bits(way, sink)),
            ("copy", lambda: self._copy(sink, expression)),
            ("range", lambda: self._range(sink, expression) if kind & _PLACES else ""),
        )
        for name, question in questions:
            if said := question():
                yield name, said

    def _given(self, way: Way, sink: Sink) -> str:
        """Whether a call gives a parameter that the way needs to be otherwise: a constant, or what was tested."""
        linked = self.solution.graph.linked
        for n, hop in enumerate(way.hops):
            if hop.sort != CALL or hop.row < 0:
                continue
            behind = [*(h.row for h in way.hops[n + 1 :]), sink.row]
            inside = self._function(next(row for row in behind if row >= 0))
            facts = linked.functions[inside][1]
            names = [name for name, _ in facts.params]
            wanted = {
                (match[1], match[2] or ""): answer
                for row in behind
                if row >= 0 and self._function(row) == inside
                for atom, answer in self.tracer.asked(row)
                if (match := _PARAMETER.fullmatch("".join(undated(atom).partition(":")[2].split())))
                and match[1] in names
            }
            arguments = self._arguments(hop.row) if wanted else []
            if len(arguments) != len(names):
                continue
            for (name, constant), answer in sorted(wanted.items()):
                text = arguments[names.index(name)]
                given = self._truth(text, hop.row) if not constant else self._equals(text, constant)
                if given is not None and given != answer and not self._assigned(inside, name):
                    said = f"'{text}'" if constant else f"{'a' if given else 'no'} '{name}'"
                    return f"{facts.name}() is called with {said} there"
        return ""

    @staticmethod
    def _equals(text: str, constant: str) -> bool | None:
        """Return whether an argument is a constant, None when it is neither that nor another constant."""
        return text == constant if _CONSTANT.fullmatch(text) else None

    def _assigned(self, function: int, name: str) -> bool:
        linked = self.solution.graph.linked
        file, facts = linked.functions[function]
        text = self.texts(linked.paths[file])[facts.start : facts.end].decode("latin-1")
        return re.search(_ASSIGNED % re.escape(name), text) is not None

    def _truth(self, text: str, row: int) -> bool | None:
        """Return whether an argument is true, None when that is not known."""
        if text in ("NULL", "0", "false"):
            return False
        if text == "true" or text[:1] == "&" or (text.isdigit() and text != "0"):
            return True
        if not text.isidentifier():
            return None
        answers = {
            answer
            for atom, answer in self.tracer.known(row)
            if ":" in atom and undated(atom).partition(":")[2] == text
        }
        return answers.pop() if len(answers) == 1 else None

    def _arguments(self, row: int) -> list[str]:
        """Return the texts of the arguments of the call in which an argument stands at the place of a row."""
        text = self._text(row)
        at = min(self._offset(row), len(text))  # the file may have been cut since its facts were collected
        depth = 0
        start = at
        while start > max(0, at - _NEAR):
            start -= 1
            c = text[start]
            depth += (c == 0x29) - (c == 0x28)
            if depth < 0:
                break
        if depth >= 0:
            return []
        return self._listed(text, start)

    @staticmethod
    def _listed(text: bytes, start: int) -> list[str]:
        """Return the texts between the parentheses that open at a place, by their commas."""
        found: list[str] = []
        begin, depth = start + 1, 0
        for end in range(start + 1, min(len(text), start + 2 * _NEAR)):
            c = text[end]
            if c in b"([{":
                depth += 1
            elif c in b")]}":
                if not depth:
                    return [*found, text[begin:end].decode("latin-1").strip()]
                depth -= 1
            elif c == 0x2C and not depth:
                found.append(text[begin:end].decode("latin-1").strip())
                begin = end + 1
        return []

    def _left(self, way: Way, sink: Sink) -> str:
        """Whether the function that gave one memory or another left word of it in a variable that is asked."""
        linked = self.solution.graph.linked
        rows = [sink.row, *(hop.row for hop in way.hops if hop.sort == CALL and hop.row >= 0)]
        for hop in way.hops:
            if hop.sort != RETURN or hop.row < 0:
                continue
            if not self.solution.at(hop.target) & int(sink.demand.accepts):
                continue
            at = self._offset(hop.row)
            call = self._text(hop.row)[at : at + _NEAR].partition(b";")[0].decode("latin-1")
            filled = set(_FILLED.findall(call))
            for row in rows:
                if self._function(row) != self._function(hop.row):
                    continue
                for atom, _ in sorted(self.tracer.asked(row)):
                    said = undated(atom).partition(":")[2]
                    name = _NAME.match(said)
                    if name and name[0] in filled:
                        called = linked.functions[self._function(way.row)][1].name
                        return (
                            f"'{said}' asks what was left there by the call through which {called}() gave it"
                        )
        return ""

    def _another_element(self, way: Way, sink: Sink, expression: str) -> str:
        """Whether the memory was put into another element of the array from which what is used is taken.

        Two numbers differ, and so do a number and an index that is said to be more, or two of which it is said that
        they are not equal.
        """
        if said := self._another_object(way, sink):
            return said
        used = _ELEMENT.search(expression)
        if used is None:
            return ""
        own = self._function(sink.row)
        for hop in (None, *way.hops):
            row = way.row if hop is None else hop.row
            if row < 0 or not (self._function(row) == own or self._in_global(hop)):
                continue
            index = self._index_put(row, used[1])
            if index and index != used[2] and self._differ(index, used[2], sink.row):
                return f"it was put into {used[1]}[{index}], which is another element"
        return ""

    def _another_object(self, way: Way, sink: Sink) -> str:
        """Whether it was put into an object that is one element of an array, and is read of another element."""
        for n in range(len(way.hops)):
            places = at_hop(self.solution, self.texts, way, n, sink)
            if places is None:
                continue
            put, used = places
            indexes = dict(_INDEXED.findall(used.made))
            # It may be loaded before the index is asked.
            asked = [used.row, *([sink.row] if self._function(sink.row) == used.function else [])]
            for array, one in _INDEXED.findall(put.made):
                other = indexes.get(array, one)
                differ = one != other and _CONSTANT.fullmatch(one)
                if differ and any(self._differ(one, other, row) for row in asked):
                    return f"it was put into {array}[{one}], which is another element than {array}[{other}]"
        return ""

    def _another_key(self, way: Way) -> str:
        """Whether a function put it into an array under one constant, and another got it under another."""
        linked = self.solution.graph.linked
        for n, hop in enumerate(way.hops):
            if hop.row < 0 or linked.names.get(hop.target, "")[:2] not in ("f:", "g:"):
                continue
            put = next((h.row for h in reversed(way.hops[:n]) if h.sort == CALL), -1)
            got = next((h.row for h in way.hops[n:] if h.sort == RETURN), -1)
            read = way.hops[n + 1].row if n + 1 < len(way.hops) else -1
            if min(put, got, read) < 0:
                continue
            one = self._key(hop.row, self._arguments(put))
            at = self._offset(got)
            call = self._text(got).find(b"(", at, at + _NEAR)
            other = self._key(read, self._listed(self._text(got), call)) if call >= 0 else ""
            if one and other and one != other:
                return f"it was put there as {one}, and what is used was got as {other}"
        return ""

    def _key(self, row: int, arguments: list[str]) -> str:
        """Return the constant that a call gives for the parameter by which a statement indexes, empty for others."""
        names = [name for name, _ in self.solution.graph.linked.functions[self._function(row)][1].params]
        indexes = {index.decode() for index in _INDEX.findall(self._statement(row))}
        found = [a for a, name in zip(arguments, names, strict=False) if name in indexes]
        return found[0] if len(found) == 1 and found[0].isupper() else ""

    def _in_global(self, hop: Hop | None) -> bool:
        names = self.solution.graph.linked.names
        return hop is not None and names.get(hop.target, "")[:2] == "g:"

    def _index_put(self, row: int, array: str) -> str:
        """Return the index of the element of an array that is assigned, initialised or filled at a row."""
        before = self._before(row)
        put = _PUT.search(before) or _PUT_HERE.match(self._text(row), self._offset(row))
        if put is None and (filled := _PUT_INTO.search(self._statement(row))):
            put = filled
        if put is not None and put[1].decode() == array:
            return put[2].decode()
        listed = _INITIALISED.search(before)
        return str(before[listed.end(1) :].count(b",")) if listed and listed[1].decode() == array else ""

    def _differ(self, one: str, other: str, row: int) -> bool:
        """Whether two indexes are not the same, by their text or by what was asked before."""
        if (one.isdigit() and other.isdigit()) or (one.isupper() and other.isupper()):
            return True
        answers = {
            ("".join(undated(atom).partition(":")[2].split()), answer)
            for atom, answer in self.tracer.known(row)
        }
        equal = {f"{one}=={other}", f"{other}=={one}"}
        return (
            any((said, False) in answers for said in equal)
            or (one == "0" and ((f"{other}>0", True) in answers or (other, True) in answers))
            or any((said.replace("==", "!="), True) in answers for said in equal)
            or any(
                answer
                and said.startswith(f"{other}==")
                and said not in equal
                and said[len(other) + 2 :].isupper()
                for said, answer in answers
            )
        )

    def _statement(self, row: int) -> bytes:
        """Return the text of the statement in which a place is."""
        at = self._offset(row)
        before = self._before(row)
        start = max(before.rfind(b";"), before.rfind(b"{"), before.rfind(b"}")) + 1
        return before[start:] + self._text(row)[at : at + _NEAR].partition(b";")[0]

    def constant(self, name: str, row: int) -> bool:
        """Whether a local is only ever given constants in the function of a row, or by those it is handed to.

        Then it is a flag of its own, and not what a call returned.
        """
        linked = self.solution.graph.linked
        facts = linked.functions[int(linked.rows[row, 6])][1]
        if facts.end - facts.start > 1 << 16:
            return False
        text = self._text(row)[facts.start : facts.end].decode("latin-1")
        given = re.findall(_ASSIGNED % re.escape(name), text)
        values = {value.strip() for sign, value in given if sign == "="}
        filled = re.search(rf"\w\s*\([^;]*[(,]\s*&\s*{re.escape(name)}\s*[,)]", text) is not None
        return (
            (len(values) > 1 or filled)
            and all(sign == "=" for sign, _ in given)
            and all(_CONSTANT.fullmatch(value) for value in values)
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
        """Whether it was put into a struct of the function, and is read of another struct of the same function.

        Or whether each is a struct that its own function has on the stack, and no pointer leads to the first.
        """
        heap = self.solution.graph.heap
        for n, hop in enumerate(way.hops):
            if hop.row < 0 or not heap[hop.target]:
                continue
            row = way.hops[n + 1].row if n + 1 < len(way.hops) else sink.row
            if row < 0:
                continue
            put, pointed = self._object_put(hop.row)
            used, led = self._object(row)
            if self._function(row) != self._function(hop.row):
                if put and used and self._kept(hop.row, put) and self._declared(row, used):
                    return f"it was put into '{put.decode()}' of {self._name(hop.row)}(), and no pointer leads there"
                continue
            if put and used and put != used and not (pointed and led):
                return f"it was put into '{put.decode()}', and what is used is of '{used.decode()}'"
        return ""

    def _kept(self, row: int, name: bytes) -> bool:
        """Whether a struct is a local of the function of a row, and is neither copied whole nor pointed to."""
        goes = rb"&\s*%s\b(?!\s*\.)|(?:=|\breturn\b)\s*%s\s*[;,]" % (name, name)
        return self._declared(row, name) and not re.search(goes, self._own(row))

    def _declared(self, row: int, name: bytes) -> bool:
        return re.search(rb"\bstruct\s+\w+\s+(?:\w+\s*,\s*)*%s\s*[;,=]" % name, self._own(row)) is not None

    def _own(self, row: int) -> bytes:
        """Return the text of the function of a row, but for very long ones."""
        facts = self.solution.graph.linked.functions[self._function(row)][1]
        return self._text(row)[facts.start : min(facts.end, facts.start + (1 << 16))]

    def _object_put(self, row: int) -> tuple[bytes, bool]:
        """Return as _object() does into what a store puts something; an initialiser stands within its variable."""
        found = self._object(row)
        listed = _INITIALISED.search(self._before(row)) if not found[0] else None
        return (listed[1], False) if listed is not None else found

    def _object(self, row: int) -> tuple[bytes, bool]:
        """Return (struct variable, or parameter that points to one, whose member stands at a row; whether it points).

        A parameter points to no variable of its own function. What is neither has no name here.
        """
        match = _OBJECT.match(self._text(row), self._offset(row))
        if match is None or match[2] == b".":
            return (match[1], False) if match is not None else (b"", False)
        facts = self.solution.graph.linked.functions[self._function(row)][1]
        own = match[1].decode() in {name for name, _ in facts.params}
        return (
            (match[1], True)
            if own and not self._assigned(self._function(row), match[1].decode())
            else (b"", True)
        )

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
            other = self._name(after)
            before = dict.fromkeys(self._name(row) for row in (hop.row, *rows[:n][::-1], way.row) if row >= 0)
            for one in before:
                if one == other or self._in_table(self._tables_of(hop.row), one, other):
                    break
                if self._in_two(self._tables_of(hop.row), one, other):
                    return (
                        f"{one}() and {other}() stand in two tables of functions, each for objects of its own"
                    )
        return ""

    def one_table(self, way: Way, other: Way, sink: Sink) -> bool:
        """Whether who obtained the memory and who uses it are of one table of functions, the other way's of another.

        Both tables are of one type: what one implementation makes, it uses itself.
        """
        user = self._name(sink.row)
        one, rival = self._name(way.row), self._name(other.row)
        tables = self._tables_of(sink.row)
        return (
            one != user
            and self._in_table(tables, one, user)
            and not self._in_table(tables, rival, user)
            and self._in_two(tables, one, rival)
        )

    def _implementation(self, way: Way, sink: Sink) -> str:
        """Whether the function that frees it is of another table of a type than the one that obtained or kept it.

        What one implementation of a table makes, it frees itself. The tables may stand in different files.
        """
        if not freeing(sink):
            return ""
        heap = self.solution.graph.heap
        other = self._name(sink.row)
        types = self._types_of(other)
        for row in (way.row, *(hop.row for hop in way.hops if hop.row >= 0 and heap[hop.target])):
            one = self._name(row)
            tables = self._tables_of(row) if types else []
            if one == other or self._in_table(tables, one, other):
                return ""
            if any(one in names and tag in types for tag, names in tables):
                return f"{one}() and {other}() are of two tables of functions, each for objects of its own"
        return ""

    def _types_of(self, name: str) -> set[bytes]:
        """Return the types of the tables of functions in which a function is stored."""
        if not self._types:
            for member, functions in self.solution.graph.linked.stored.items():
                tag = member.partition(".")[0].partition("@")[0].encode()
                for function in functions:
                    self._types.setdefault(function.partition("@")[0], set()).add(tag)
        return self._types.get(name, set())

    @staticmethod
    def _in_table(tables: list[tuple[bytes, frozenset[str]]], one: str, other: str) -> bool:
        return any({one, other} <= names for _, names in tables)

    @staticmethod
    def _in_two(tables: list[tuple[bytes, frozenset[str]]], one: str, other: str) -> bool:
        """Whether two functions stand in tables of one type."""
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
        members = {(struct_of(name), name.rpartition(".")[2]) for name in held if "." in name}
        rows = [sink.row, *(hop.row for hop in way.hops if hop.sort == CALL)]
        for atom in sorted(atom for row in rows for atom, _ in self.tracer.asked(row)):
            tag, dot, rest = atom.partition(".")
            if not dot or ":" in atom or "&" not in rest:
                continue
            member, _, asked = rest.partition("&")
            if (tag, member.rpartition(".")[2]) in members and asked:
                return f"'{atom}' asks for a bit of the pointer, which may tell what it leads to"
        heap = self.solution.graph.heap
        for n, hop in enumerate(way.hops):
            row = way.hops[n + 1].row if n + 1 < len(way.hops) else sink.row
            taken = (
                _TAKEN.match(self._text(row), self._offset(row)) if heap[hop.target] and row >= 0 else None
            )
            if taken:
                return f"a bit is taken off '{taken[1].decode()}', which may tell what it leads to"
        for row in rows:
            for atom, _ in sorted(self.tracer.asked(row)):
                asks = _MASKED.fullmatch("".join(undated(atom).partition(":")[2].split()))
                if asks and self._masks(row, asks[1], asks[2]):
                    return f"'{asks[0]}' asks for a bit of the pointer, which may tell what it leads to"
        return ""

    def _masks(self, row: int, name: str, bit: str) -> bool:
        """Whether the function of a row takes a bit away from a local that it asks for that bit."""
        linked = self.solution.graph.linked
        facts = linked.functions[self._function(row)][1]
        text = "".join(self._text(row)[facts.start : facts.end].decode("latin-1").split())
        return f"({name}&~{bit})" in text or f"{name}&~{bit};" in text

    def _range(self, sink: Sink, expression: str) -> str:
        """Whether the address that is used was compared with another: it tells where it lies."""
        bare = "".join(expression.split())
        for atom, _ in sorted(self.tracer.asked(sink.row)):
            said = undated(atom).rpartition(":")[2]
            parts = ["".join(part.split()) for part in _RANGE.split(said, maxsplit=1)]
            if len(parts) == 2 and parts[0] == bare and not parts[1][:1].isdigit():
                return f"'{said}' asks where it lies"
        return ""

    def _copy(self, sink: Sink, expression: str) -> str:
        """Whether what is used was compared with what the same variable held before: it may have been replaced."""
        bare = "".join(expression.split())
        facts = self.solution.graph.linked.functions[self._function(sink.row)][1]
        for atom, _ in sorted(self.tracer.asked(sink.row)) if bare.isidentifier() else ():
            said = "".join(undated(atom).partition(":")[2].split())
            other = re.fullmatch(rf"{bare}[!=]=([a-z_]\w*)|([a-z_]\w*)[!=]={bare}", said)
            name = other and (other[1] or other[2])
            if not name:
                continue
            before = self._text(sink.row)[facts.start : self._offset(sink.row)].decode("latin-1")
            if re.search(rf"(?<![\w.>]){name}\s*=\s*{bare}\s*[;,]", before):
                return f"'{said}' asks whether it was replaced"
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
