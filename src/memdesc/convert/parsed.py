"""Files as the rewriting looks at them: functions with their syntax trees, and the text under a node."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tree_sitter import Node

from memdesc.places import Span
from memdesc.source.text import Item, Source, split
from memdesc.source.tree import Reader


@dataclass(frozen=True, slots=True)
class Function:
    """A function definition that parses as it is written. delta: a node's start_byte + delta is its offset."""

    file: str
    source: Source
    item: Item
    delta: int
    declarator: Node
    body: Node
    name: str

    @property
    def whole(self) -> bytes:
        """Its text without comments and literals."""
        return self.source.masked[self.item.start : self.item.end]

    @property
    def static(self) -> bool:
        """Whether only its file sees it."""
        return re.search(rb"\bstatic\b", self.source.masked[self.item.start : self.item.body]) is not None

    @property
    def named(self) -> int:
        """The offset of its name."""
        node = self.declarator.child_by_field_name("declarator")
        return node.start_byte + self.delta if node else self.item.start

    @property
    def parameters(self) -> list[Node]:
        """Its declared parameters."""
        listed = self.declarator.child_by_field_name("parameters")
        return [n for n in listed.named_children if n.type == "parameter_declaration"] if listed else []

    def span(self, node: Node) -> Span:
        """Return where `node` lies in the file."""
        return Span(node.start_byte + self.delta, node.end_byte + self.delta)

    def text(self, node: Node | None) -> bytes:
        """Return the text of `node`, as it is in the file but for comments; none without a node."""
        if node is None:
            return b""
        return self.source.masked[node.start_byte + self.delta : node.end_byte + self.delta]


class File:
    """A file and its functions, each parsed when it is first asked for.

    Attributes: pasted: what the names look like that its macros make of parts.
    """

    def __init__(self, path: str, source: Source, reader: Reader) -> None:
        self.path = path
        self.source = source
        self.pasted = _pasted(source)
        self._reader = reader
        self._items = [item for item in source.items if item.role == "function"]
        self._parsed: dict[int, tuple[Function | None, str]] = {}
        self._calls: dict[int, dict[bytes, list[Node]]] = {}

    def holding(self, word: bytes) -> Iterator[Function]:
        """Yield the functions whose text has `word`, as a word or as part of one."""
        for number in self._with(word):
            function, _ = self._function(number)
            if function is not None:
                yield function

    def defined(self, name: str) -> list[Function]:
        """Return the functions called `name`: several in the branches of an `#if`."""
        return [each for each in self.holding(name.encode("latin-1")) if each.name == name]

    def unread(self, name: str) -> bool:
        """Whether a function called `name` does not parse as it is written."""
        return any(self._function(number)[1] == name for number in self._with(name.encode("latin-1")))

    def calls(self, name: bytes) -> list[tuple[Function, Node]]:
        """Return the calls of a function, and in which function each stands."""
        found = []
        for number in self._with(name):
            function, _ = self._function(number)
            if function is not None:
                found += [(function, node) for node in self._called(number, function).get(name, ())]
        return found

    def at(self, offset: int) -> Function | None:
        """Return the function that holds `offset`."""
        for number, item in enumerate(self._items):
            if item.start <= offset < item.end:
                function, _ = self._function(number)
                if function is not None:
                    return function
        return None

    def inside(self, offset: int) -> bool:
        """Whether a function or macro holds `offset`."""
        return any(
            item.role in ("function", "macro") and item.start <= offset < item.end
            for item in self.source.items
        )

    def _with(self, word: bytes) -> Iterator[int]:
        masked = self.source.masked
        return (n for n, item in enumerate(self._items) if masked.find(word, item.start, item.end) >= 0)

    def _function(self, number: int) -> tuple[Function | None, str]:
        """Return a function, and its name if it does not parse as it is written."""
        if number not in self._parsed:
            self._parsed[number] = self._read(self._items[number])
        return self._parsed[number]

    def _read(self, item: Item) -> tuple[Function | None, str]:
        tree, delta = self._reader.tree(self.source, item)
        definition = next((n for n in walk(tree.root_node) if n.type == "function_definition"), None)
        declarator = _first(definition, "function_declarator") if definition else None
        body = definition.child_by_field_name("body") if definition else None
        named = declarator.child_by_field_name("declarator") if declarator else None
        if declarator is None or body is None or named is None:
            return None, item.name
        name = self.source.masked[named.start_byte + delta : named.end_byte + delta].decode("latin-1")
        function = Function(self.path, self.source, item, delta, declarator, body, name)
        return function, name if tree.root_node.has_error else ""

    def _called(self, number: int, function: Function) -> dict[bytes, list[Node]]:
        if number not in self._calls:
            found: dict[bytes, list[Node]] = {}
            for node in walk(function.body):
                callee = node.child_by_field_name("function") if node.type == "call_expression" else None
                if callee is not None and callee.type == "identifier":
                    found.setdefault(function.text(callee), []).append(node)
            self._calls[number] = found
        return self._calls[number]


class Files:
    """The files of a tree, each split once. text: gives them."""

    def __init__(self, text: Callable[[str], bytes]) -> None:
        self.text = text
        self._known: dict[str, File] = {}
        self._reader = Reader()

    def __getitem__(self, path: str) -> File:
        """Return the file at `path`; an empty one where there is none."""
        if path not in self._known:
            self._known[path] = File(path, split(self.text(path)), self._reader)
        return self._known[path]


def _pasted(source: Source) -> tuple[re.Pattern[bytes], ...]:
    """Return what the names look like that macros make of parts (`prefix_##what`)."""
    found: dict[bytes, None] = {}
    for item in source.items:
        text = source.masked[item.start : item.end] if item.role == "macro" else b""
        if b"##" not in text:
            continue
        head = re.match(rb"#\s*define\s+\w+\(([^()]*)\)", text)
        parameters = set(re.findall(rb"\w+", head[1])) if head else set()
        for made in re.findall(rb"\w+(?:\s*##\s*\w+)+", text):
            words = re.split(rb"\s*##\s*", made)
            if sum(len(word) for word in words if word not in parameters) >= _LEAST_PASTED:
                found[b"".join(rb"\w+" if word in parameters else re.escape(word) for word in words)] = None
    return tuple(re.compile(pattern) for pattern in found)


_LEAST_PASTED = 3
"""Letters that a macro must give of a name: what it makes of its arguments alone could be any."""


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and all below it, in the order of the text."""
    stack = [node]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(top.children))


def arguments(call: Node) -> list[Node]:
    """Return the arguments of a call, without comments."""
    listed = call.child_by_field_name("arguments")
    return [n for n in listed.named_children if n.type != "comment"] if listed else []


def _first(node: Node, sort: str) -> Node | None:
    return next((n for n in walk(node) if n.type == sort), None)
