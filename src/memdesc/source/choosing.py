"""Choosing: which functions of a file are read, by whether memory can come through them to a use that refuses it.

`choose()` is the entrance. What matters wherever it stands (`Telling.strong`) is chosen with its callers. For the
rest, the file's text says roughly where a value can go: from the right of an `=` to its left, from an argument to the
parameter, from `return` to the callers, from a store to a member to every read of a member of that name. A function
is chosen when it lies on such a way from one that gives memory of a kind to one that refuses that kind. The rough
graph leaves out conditions, types and order, so that it has every way that the walk would find, and more.
Only those functions are looked at that a value can come to.
"""

import re
from collections.abc import Iterator, Sequence

from memdesc.source.items import Item, Source
from memdesc.source.telling import ADDRESSES, COMMON, Telling, telling

_Node = bytes | tuple[int, bytes]
"""`.x` a member, `f()` a function and what it returns, `x` a global; (function, `x`) a local or parameter."""
_EVERY = 1
_ADDRESS = b"&"
"""The node of all addresses of objects."""

_WORDS = bytes(c if c == 95 or (c < 128 and chr(c).isalnum()) else 32 for c in range(256))
_ASSIGNED = re.compile(rb"(?:(->|\.)\s*)?\b([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)*=(?!=)")
_ASSIGNED_OF = re.compile(
    rb"\b(\w+)\s*\(\s*&?\s*([A-Za-z_]\w*)\s*(?:,[^=;()]*)?\)\s*(?:\[[^\]]*\]\s*)*=(?!=)"
)
"""An assignment to a call that stands for a variable."""
_BETWEEN = re.compile(rb"[;{}]")
_CALLED = re.compile(rb"(?:(->|\.)\s*)?\b([A-Za-z_]\w*)\s*\(")
_VALUE = re.compile(rb"(&)?\s*(?:(->|\.)\s*)?([A-Za-z_]\w*)\s*(?:(\()|(?=(->|\.)))?|[()]")
_BRACKET = re.compile(rb"[(),]")
_LOCAL_ARRAY = re.compile(rb"[;{}]\s*(?:\w+\s+)+\**(\w+)\s*\[[^\]]*\]\s*(?:\[[^\]]*\]\s*)*[;=,]")
_LAST_WORD = re.compile(rb"(\w+)\s*(?:\[[^\]]*\]\s*)*$")
_POINTED_NAME = re.compile(rb"\(\s*\*+\s*(\w+)")
_KEPT = re.compile(rb"(?:->|\.)\s*(\w+)\s*=\s*&?\s*([A-Za-z_]\w*)\s*(?=[,;}])")
_HANDED = re.compile(rb"[(,]\s*&?\s*([A-Za-z_]\w*)\s*(?=[,)])")
_THROUGH = re.compile(rb"(?:^|[^\w\s*])\s*\*+\s*$")
_WITHIN = re.compile(rb"\s*&\s*([A-Za-z_]\w*)\s*(?:->|\.)")
_IDENTIFIER = re.compile(rb"[A-Za-z_]\w*(?=\s*\()")
_NO_CALLS = frozenset((b"if", b"while", b"for", b"switch", b"return", b"sizeof", b"typeof"))
_MOST_BYTES = 1 << 16
"""Longer arguments are no arguments."""


def relevant(data: bytes) -> bool:
    """Whether a file can have anything to do with memory that is not of the slabs alone; cheap."""
    return telling().concerns(data)


def count(data: bytes) -> int:
    """Return how many functions a file defines, as the kernel writes them: the body opens in the first column."""
    return data.count(b"\n{")


def choose(
    source: Source, functions: Sequence[Item], macros: Sequence[Item], known: frozenset[str]
) -> list[Item]:
    """Return the functions and macros to read, by offset.

    Args: known: global variables of the file.
    """
    told = telling()
    masked = source.masked
    items = [*functions, *macros]
    chosen = {i.start: i for i in items if told.strong.search(masked, i.start, i.end)}
    names = {i.name.encode("latin-1") for i in chosen.values() if i.role == "function"}
    words = [frozenset(masked[i.start : i.end].translate(_WORDS).split()) for i in items]
    for item, own in zip(functions, words, strict=False):
        if item.start in chosen:
            continue
        if not names.isdisjoint(own) and not names.isdisjoint(
            _IDENTIFIER.findall(masked, item.body, item.end)
        ):
            chosen[item.start] = item  # hands to what matters, or has from it
        elif not told.frees.isdisjoint(own) and told.freed_address.search(masked, item.body, item.end):
            chosen[item.start] = item
    for item in _Ways(source, items, words, known, told).through():
        chosen[item.start] = item
    return [chosen[at] for at in sorted(chosen)]


class _Ways:
    """Where values of a file can go, read as far as it is asked for."""

    def __init__(
        self,
        source: Source,
        items: list[Item],
        words: list[frozenset[bytes]],
        known: frozenset[str],
        told: Telling,
    ) -> None:
        self.text = source.masked
        self.items = items
        self.told = told
        self.globals = {name.encode("latin-1") for name in known}
        self.words = words
        self.spoken: frozenset[bytes] = frozenset().union(*words)
        self.by_name: dict[bytes, list[int]] = {}
        for n, item in enumerate(items):
            self.by_name.setdefault(item.name.encode("latin-1"), []).append(n)
        self.onward: dict[_Node, list[tuple[_Node, int]]] = {}
        self.back: dict[_Node, list[tuple[_Node, int]]] = {}
        self.read: set[tuple[int, bytes]] = set()
        self.statements: dict[int, list[bytes]] = {}
        self.arrays: dict[int, frozenset[bytes]] = {}
        self.sinks: dict[_Node, int] = {}
        self.stored: dict[bytes, set[int]] = {}
        self.stored_in: dict[bytes, set[bytes]] = {}
        self.heads: dict[int, list[bytes]] = {}

    def through(self) -> list[Item]:
        """Return the functions on a way from memory to a use that refuses it."""
        told = self.told
        words = self.spoken
        givers = {name: told.gives[name] for name in words & told.gives.keys()}
        refusers = [
            (b"%s(%d" % (name, n), kinds, name in told.frees)
            for name in words & told.refuses.keys()
            for n, kinds in told.refuses[name].items()
        ]
        refusers += [(b"." + name, told.members[name], False) for name in words & told.members.keys()]
        refused = given = 0
        for _, kinds, _ in refusers:
            refused |= kinds
        for kinds in givers.values():
            given |= kinds
        # Buffers of a rarer kind are followed from where they come; what most objects are, from where it is refused.
        begun: dict[_Node, int] = {
            name + b"()": kinds & refused & ~COMMON
            for name, kinds in givers.items()
            if kinds & refused & ~COMMON
        }
        wanted: dict[_Node, int] = {}
        for node, kinds, frees in refusers:
            kinds &= COMMON & (given if frees else given | ADDRESSES)
            if kinds:
                wanted[node] = kinds
        if begun or wanted:
            self._store()
        if begun:
            self._spread(begun, self.onward, True)
        if wanted:
            self._spread(wanted, self.back, True)
        begun = {name + b"()": kinds & refused for name, kinds in givers.items() if kinds & refused}
        begun[_ADDRESS] = ADDRESSES
        reached = self._spread(begun, self.onward, False)
        ends = {node: self.sinks[node] & kinds for node, kinds in reached.items() if node in self.sinks}
        left = self._spread({n: k for n, k in ends.items() if k}, self.back, False)
        found = {
            number
            for node, kinds in reached.items()
            for target, number in self.onward.get(node, ())
            if kinds & left.get(target, 0)
        }
        found |= self._rivals(reached, ends)
        found |= self._handing(found)
        return [self.items[n] for n in sorted(found)]

    def _handing(self, found: set[int]) -> set[int]:
        """Return who hands on a function that is `found`, or one that hands on such a function, and so forth."""
        more: set[int] = set()
        left = set(self.stored_in)
        while names := {name for name in left if not (found | more).isdisjoint(self.by_name[name])}:
            left -= names
            more |= {n for n, words in enumerate(self.words) if not names.isdisjoint(words)}
        return more

    def _rivals(self, reached: dict[_Node, int], ends: dict[_Node, int]) -> set[int]:
        """Return the functions through which other memory comes to a member from which something wrong is freed.

        They say that the free may be of that memory. Only members are asked: what a function has it knows.
        """
        freed: dict[_Node, int] = {
            n: k
            for n, k in ends.items()
            if k and isinstance(n, bytes) and n.partition(b"(")[0] in self.told.frees
        }
        if not freed:
            return set()
        left = self._spread(freed, self.back, False)
        held: dict[_Node, int] = {
            node: _EVERY
            for node, kinds in left.items()
            if isinstance(node, bytes) and node[:1] == b"." and kinds & reached.get(node, 0)
        }
        if not held:
            return set()
        before = self._spread(held, self.back, True)
        words = self.spoken
        given = (name + b"()" for name in words & self.told.gives.keys())
        coming = self._spread({node: _EVERY for node in given if node in before}, self.onward, False)
        return {
            number
            for node in coming
            for target, number in self.onward.get(node, ())
            if node in before and target in before
        }

    def _store(self) -> None:
        for match in _KEPT.finditer(self.text):
            behind = self.by_name.get(match[2])
            if behind:
                self.stored.setdefault(match[1], set()).update(behind)
                self.stored_in.setdefault(match[2], set()).add(match[1])
        handed = {m[1] for m in _HANDED.finditer(self.text) if m[1] in self.by_name}
        if handed:
            for number, item in enumerate(self.items):
                for parameter in self._parameters(number):
                    if (
                        parameter in self.words[number]
                        and parameter + b"(" in self.text[item.body : item.end]
                    ):
                        for name in handed:
                            self.stored.setdefault(parameter, set()).update(self.by_name[name])
                            self.stored_in.setdefault(name, set()).add(parameter)

    def _spread(
        self, begun: dict[_Node, int], edges: dict[_Node, list[tuple[_Node, int]]], reading: bool
    ) -> dict[_Node, int]:
        """Return which kinds come to which node along `edges`; functions are read on the way if `reading`."""
        held = dict(begun)
        work = list(begun)
        while work:
            node = work.pop()
            kinds = held[node]
            if reading:
                self._meet(node, edges is self.back)
            for target, _ in edges.get(node, ()):
                before = held.get(target, 0)
                if kinds & ~before:
                    held[target] = before | kinds
                    work.append(target)
        return held

    def _meet(self, node: _Node, callers: bool) -> None:
        """Read every statement that names what `node` is; for a parameter the calls of its function, if `callers`."""
        if isinstance(node, bytes):
            word = node.strip(b".").partition(b"(")[0]
            if callers and node.endswith(b"()"):
                for number in self.by_name.get(word, ()):
                    self._read(number, b"" if self.items[number].role == "macro" else b"return")
        else:
            self._read(node[0], node[1].strip(b"*"))
            if (not callers and node[1][:1] != b"*") or node[1].strip(b"*") not in self._parameters(node[0]):
                return
            word = self.items[node[0]].name.encode("latin-1")
        behind = self.told.accessors.get(word, frozenset()) & self.spoken if node == b"." + word else ()
        for name in (word, *sorted((*self.stored_in.get(word, ()), *behind))):
            for number, words in enumerate(self.words):
                if name in words:
                    self._read(number, name)

    def _edge(self, source: _Node, target: _Node, number: int) -> None:
        self.onward.setdefault(source, []).append((target, number))
        self.back.setdefault(target, []).append((source, number))

    def _read(self, number: int, word: bytes) -> None:
        """Add what the statements of a function that name `word` do with values."""
        if (number, word) in self.read:
            return
        self.read.add((number, word))
        item = self.items[number]
        left = self.statements.get(number)
        if left is None:
            body = self.text[item.body : item.end]
            left = self.statements[number] = _BETWEEN.split(body)
            self.arrays[number] = frozenset(m[1] for m in _LOCAL_ARRAY.finditer(body))
        for n, statement in enumerate(left):
            if word in statement and statement:
                left[n] = b""
                self._statement(number, statement)

    def _statement(self, number: int, text: bytes) -> None:
        arrays = self.arrays[number]
        result = self.items[number].name.encode("latin-1") + b"()"
        for match in _ASSIGNED.finditer(text):
            target: _Node = b"." + match[2] if match[1] else self._variable(number, match[2])
            if isinstance(target, tuple) and _THROUGH.search(text, 0, match.start()):
                target = number, b"*" + match[2]
            if match[1] and match[2] in self.told.members:
                self.sinks[target] = self.told.members[match[2]]
            for value in self._values(text[match.end() :], number, arrays):
                self._edge(value, target, number)
        for match in _ASSIGNED_OF.finditer(text) if b")" in text else ():
            if match[1] in self.told.variables:
                for value in self._values(text[match.end() :], number, arrays):
                    self._edge(value, self._variable(number, match[2]), number)
        if b"return" in text:
            for value in self._values(text.partition(b"return")[2], number, arrays):
                self._edge(value, result, number)
        elif self.items[number].role == "macro":
            for value in self._values(text, number, arrays):
                self._edge(value, result, number)
        if b"(" in text:
            self._calls(text, number, arrays)

    def _calls(self, body: bytes, number: int, arrays: frozenset[bytes]) -> None:
        told = self.told
        near = not self.by_name.keys().isdisjoint(self.words[number])
        for match in _CALLED.finditer(body):
            name = match[2]
            refuses = told.refuses.get(name)
            own: Sequence[int] = () if match[1] else self.by_name.get(name, ())
            own = own or self._behind(name)
            joins = name in told.joins
            if refuses is None and not own and not joins and (match[1] or not near or name in _NO_CALLS):
                continue
            arguments = self._arguments(body, match.end())
            if refuses is None and not own and not joins:
                own = [n for a in arguments for n in self.by_name.get(a.strip(b" \t\n&"), ())]
                if not own:
                    continue
                passed = [v for a in arguments for v in self._values(a, number, arrays)]
                # What lies in an object (`call_rcu(&x->rcu, f)`) leads back to it.
                passed += [self._variable(number, m[1]) for a in arguments if (m := _WITHIN.match(a))]
                for callee in own:  # a function is handed on with what it is to be called with
                    for parameter in self._parameters(callee):
                        for value in passed:
                            self._edge(value, (callee, parameter), number)
                continue
            given = [list(self._values(a, number, arrays)) for a in arguments]
            for n, values in enumerate(given):
                back = _ADDRESS in values
                for value in values:
                    if refuses is not None and n in refuses:
                        sink = b"%s(%d" % (name, n)
                        self.sinks[sink] = refuses[n]
                        self._edge(value, sink, number)
                    for callee in own:
                        parameters = self._parameters(callee)
                        if n < len(parameters):
                            self._edge(value, (callee, parameters[n]), number)
                            if isinstance(value, tuple) or back:
                                self._edge((callee, b"*" + parameters[n]), _through(value, back), number)
            for n, member in told.puts.get(name, {}).items():
                for value in given[n] if n < len(given) else ():
                    self._edge(value, b"." + member, number)
            if joins:
                every = [value for values in given for value in values if value != _ADDRESS]
                for one in every:
                    for other in every:
                        if one != other:
                            self._edge(one, other, number)

    def _behind(self, member: bytes) -> Sequence[int]:
        """Return the functions of the file that are stored in a member, or handed to a parameter, of this name."""
        return sorted(self.stored.get(member, ()))

    def _variable(self, number: int, name: bytes) -> _Node:
        return name if name in self.globals else (number, name)

    def _values(self, text: bytes, number: int, arrays: frozenset[bytes]) -> Iterator[_Node]:
        """Yield what an expression can be the value of."""
        depth = skipped = 0
        for match in _VALUE.finditer(text):
            name, opens = match[3], match[4] is not None
            if name is None:
                depth += 1 if match[0][:1] == b"(" else -1
                if skipped and depth < skipped:
                    skipped = 0
                continue
            depth += opens
            if skipped:
                continue
            if opens:
                if match[1] and name in self.told.variables:
                    yield _ADDRESS
                if (
                    name not in self.told.passes and not name.isupper()
                ):  # a macro may hand on what it is given
                    skipped = depth
                if match[2]:
                    for callee in self._behind(name):
                        yield self.items[callee].name.encode("latin-1") + b"()"
                elif name in self.told.fields:
                    yield b"." + self.told.fields[name]
                else:
                    yield name + b"()"
            elif match[5]:
                continue
            elif match[2]:
                yield b"." + name
            else:
                if name in arrays or (match[1] and text[match.start() - 1 : match.start()] != b"&"):
                    yield _ADDRESS
                yield self._variable(number, name)

    def _arguments(self, body: bytes, start: int) -> list[bytes]:
        """Return the arguments of a call whose parenthesis opens before `start`."""
        found = []
        depth, begin = 1, start
        for match in _BRACKET.finditer(body, start, start + _MOST_BYTES):
            first = match[0]
            if first == b"(":
                depth += 1
            elif first == b")":
                depth -= 1
                if not depth:
                    found.append(body[begin : match.start()])
                    break
            elif depth == 1:
                found.append(body[begin : match.start()])
                begin = match.end()
        return found

    def _parameters(self, number: int) -> list[bytes]:
        item = self.items[number]
        if item.role == "macro":
            return [p.encode("latin-1") for p in item.params]
        held = self.heads.get(number)
        if held is None:
            head = self.text[item.start : item.body]
            held = self.heads[number] = []
            for part in self._arguments(head, _opening(head) + 1):
                match = _POINTED_NAME.search(part) or _LAST_WORD.search(part)
                held.append(match[1] if match else b"")
        return held


def _through(value: _Node, address: bool) -> _Node:
    """Return what a callee writes when it writes through an argument: a variable by its address, or further on."""
    return value if address or isinstance(value, bytes) else (value[0], b"*" + value[1])


def _opening(head: bytes) -> int:
    """Return where the parentheses of a function's parameters open."""
    depth = 0
    for at in range(len(head) - 1, -1, -1):
        if head[at] == 0x29:
            depth += 1
        elif head[at] == 0x28:
            depth -= 1
            if depth <= 0:
                return at
    return len(head)
