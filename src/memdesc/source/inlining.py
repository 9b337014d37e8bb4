"""Macros of the file at hand that act on the places they are given, walked where they are invoked.

`#define ALLOC(n) ((n)->data = vmalloc(SIZE))` stores in a member of whatever it is given, which no function could do:
such a macro is expanded, and what comes out is walked as a part of the function around it. Any other macro is taken
for a function (see gather). An edge made so stands where its text was written: in the macro, or in the argument.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

import tree_sitter

from memdesc.source.collect import Walk
from memdesc.source.environment import Env
from memdesc.source.items import Item, Source
from memdesc.source.reshape import reshape_body
from memdesc.source.tree import Reader

Node = tree_sitter.Node

_DEEP = 4
"""Macros within macros."""
_MOST = 64
"""Invocations that are expanded in one function."""
_LONGEST = 1 << 13
_DEFINITIONS = 3
"""Of one name, under as many #if."""
_LOOP = re.compile(rb"\s*(?:for|while|if|switch|case|else)\b")
_BRACE = re.compile(rb"[{}]")
_TOKEN = re.compile(rb"\s*##\s*|#\s*(?=[A-Za-z_])|\b[A-Za-z_]\w*\b")
_PLACE = (
    rb"\b(?:%s)\b[\s)]*(?:(?:->|\.)\s*[A-Za-z_]|(?:\[[^\]]*\]\s*)?(?:[-+|&]?=(?!=)))"
    rb"|(?<![\w)\]&]\s)(?<![\w)\]&])&[\s(]*\b(?:%s)\b(?!\s*[\w(])"
)
"""A parameter of which a member is reached, which is assigned, or whose address is taken."""

Piece = tuple[int, int]
"""(start in the expanded text, byte offset in the file of what stands there)"""


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro: its parameters, its text without comments and literals, and where this begins in the file."""

    params: tuple[str, ...]
    body: bytes
    start: int


def acting(source: Source, known: frozenset[str]) -> dict[str, tuple[Macro, ...]]:
    """Return the macros of a file that assign to an argument, reach a member of it or take its address, by name.

    A name that is defined more than once has all its definitions. Args: known: names that are left as they are.
    """
    found: dict[str, list[Macro]] = {}
    loops: set[str] = set()
    for item in source.items:
        if item.role == "macro" and item.params and item.name not in known:
            macro = _macro(source, item)
            if macro is None:
                loops.add(item.name)
            else:
                found.setdefault(item.name, []).append(macro)
    able = {n: tuple(each) for n, each in found.items() if n not in loops and len(each) <= _DEFINITIONS}
    acts = {name for name, each in able.items() if any(_acts(macro) for macro in each)}
    more = set(acts)
    while more:
        calls = re.compile(rb"\b(?:%s)\s*\(" % "|".join(more).encode())
        more = {n for n, each in able.items() if n not in acts and any(calls.search(m.body) for m in each)}
        acts |= more
    return {name: able[name] for name in acts}


def _macro(source: Source, item: Item) -> Macro | None:
    """Return a macro that can be walked where it stands, None for a loop's head and what no statement is."""
    body = source.masked[item.body : item.end].replace(b"\\\n", b" \n").replace(b"\\\r\n", b" \r\n")
    if len(body) > _LONGEST or not all(p.isidentifier() for p in item.params) or _LOOP.match(body):
        return None
    depths = list(accumulate((1 if brace == b"{" else -1 for brace in _BRACE.findall(body)), initial=0))
    return Macro(item.params, body, item.body) if min(depths) == depths[-1] == 0 else None


def _acts(macro: Macro) -> bool:
    names = "|".join(macro.params).encode()
    return re.search(_PLACE % (names, names), macro.body) is not None


class Inlining(Walk):
    """Walks what such macros stand for."""

    macros: "dict[str, tuple[Macro, ...]]"
    masked: bytes
    reader: Reader

    def begin(
        self,
        name: str,
        number: int,
        delta: int,
        params: "tuple[tuple[str, tuple[str, int, bool, bool]], ...]",
    ) -> Env:
        """Start a function; returns the environment at its beginning."""
        self.origins: list[Piece] = []
        self.inside: tuple[str, ...] = ()
        self.expanded = 0
        return super().begin(name, number, delta, params)

    def at(self, node: Node) -> int:
        """Return the byte offset in the file of what a node stands for."""
        place = node.start_byte + self.delta
        return self._origin(place) if self.origins else place

    def _origin(self, place: int) -> int:
        begins, offset = self.origins[max(bisect_right(self.origins, place, key=lambda p: p[0]) - 1, 0)]
        return offset + max(place - begins, 0)

    def inlines(self, name: str, node: Node) -> bool:
        """Whether a call is the invocation of a macro that is to be walked here."""
        macros = self.macros.get(name)
        return (
            macros is not None
            and not self.mute
            and name not in self.inside
            and len(self.inside) < _DEEP
            and self.expanded < _MOST
            and all(len(macro.params) == len(self.arguments(node)) for macro in macros)
        )

    def inlined(self, name: str, node: Node, env: Env) -> tuple[int, Env | None]:
        """Walk what an invocation stands for; returns the node of its value and the environment behind it."""
        arguments = [self._argument(argument) for argument in self.arguments(node)]
        values: list[int] = []
        after: Env | None = None
        for macro in self.macros[name]:
            self.expanded += 1
            text, origins = _filled(macro, arguments)
            walked = self._walked(name, text, origins, env.copy())
            if walked is None:
                return self._call(node, name, self.arguments(node), env, True), env
            number, left = walked
            values += [number] if number else []
            after = left if after is None else self.merge(after, left, node)
        if len(values) > 1:
            number = self.fresh()
            for each in values:
                self.edge(each, number, "=", node, env)
            return number, after
        return (values[0] if values else 0), after

    def _argument(self, node: Node) -> tuple[bytes, int]:
        start, end = node.start_byte + self.delta, node.end_byte + self.delta
        text = (self.data if self.origins else self.masked)[start:end]
        return text, self.at(node)

    def _walked(
        self, name: str, text: bytes, origins: list[Piece], env: Env
    ) -> tuple[int, Env | None] | None:
        tree, delta = self.reader.expansion(reshape_body(text))
        if tree.root_node.has_error:
            return None
        held = self.data, self.delta, self.origins, self.inside, self.predicates, self.sites_at, self.cleanups
        self.data, self.delta, self.origins = text, delta, origins
        self.inside = (*self.inside, name)
        self.predicates, self.sites_at, self.cleanups = {}, {}, []
        try:
            return self._body(tree.root_node, env)
        finally:
            (
                self.data,
                self.delta,
                self.origins,
                self.inside,
                self.predicates,
                self.sites_at,
                self.cleanups,
            ) = held

    def _body(self, root: Node, env: Env) -> tuple[int, Env | None]:
        body = root.named_children[0].child_by_field_name("body")
        inner = [c for c in body.named_children if c.named_children] if body is not None else []
        if len(inner) == 1 and inner[0].type == "expression_statement":
            return self.value(inner[0].named_children[0], env), env
        return 0, self.block(inner, env)


def _filled(macro: Macro, arguments: list[tuple[bytes, int]]) -> tuple[bytes, list[Piece]]:
    """Return what a macro stands for with these arguments, and where its pieces were written."""
    given = dict(zip((p.encode() for p in macro.params), arguments, strict=True))
    out: list[bytes] = []
    origins: list[Piece] = [(0, macro.start)]
    length = at = 0
    for match in _TOKEN.finditer(macro.body):
        token = match[0]
        if token[:1].isalpha() or token[:1] == b"_":
            if token not in given:
                continue
            text, offset = given[token]
        else:
            text, offset = b"", macro.start + match.end()
        before = macro.body[at : match.start()]
        out += [before, text]
        origins.append((length + len(before), offset))
        length += len(before) + len(text)
        at = match.end()
        origins.append((length, macro.start + at))
    return b"".join((*out, macro.body[at:])), origins
