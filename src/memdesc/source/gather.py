"""Facts of one file: which functions matter, what its structs and globals are, and the walk over each.

`gather(data, ...)` is the entrance. Nothing here raises for any input: what does not parse is said so.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

import tree_sitter

from memdesc.source.choosing import choose
from memdesc.source.configured import Answers, enclosing
from memdesc.source.environment import Env
from memdesc.source.expanding import Expander
from memdesc.source.facts import WIDTH, Declared, FileFacts, FunctionFacts, pack_conditions, pack_structs
from memdesc.source.graphing import CONTAINERS, Local
from memdesc.source.handing import cleanups, settle
from memdesc.source.inlining import Inlining, acting
from memdesc.source.items import Item, Source
from memdesc.source.moments import Moments
from memdesc.source.structs import Member, structs
from memdesc.source.telling import telling
from memdesc.source.text import split
from memdesc.source.tree import Reader
from memdesc.source.vocabulary import Vocabulary

Node = tree_sitter.Node


_MAXIMUM_DEPTH = 900
_BRACKET = re.compile(rb"[()\[\]{}]")
_NO_CONDITIONS = pack_conditions(((),))


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to be read: `all_functions` for a lone file, those that matter in a tree.

    version: of the kernel that it is read for, None where that is not known.
    """

    all_functions: bool
    version: tuple[int, ...] | None = None


def gather(data: bytes, words: Vocabulary, known: dict[str, dict[str, Member]], scope: Scope) -> FileFacts:
    """Return the facts of a file's bytes.

    Args: known: members of structs that need no declaration. scope: which functions to read.
    """
    source = split(data, scope.version)
    return facts_of(source, words, known, scope)


def declarations(data: bytes, version: tuple[int, ...] | None = None) -> FileFacts:
    """Return the struct definitions of a file alone: enough for a header that handles no pages."""
    found, typedefs = structs(split(data, version))
    return _empty(found, typedefs)


def _empty(found: dict[str, dict[str, Member]], typedefs: dict[str, str]) -> FileFacts:
    return FileFacts(
        (), array("i"), 1, (), (), ((),), _NO_CONDITIONS, pack_structs(found), typedefs, (), (), {}
    )


def facts_of(
    source: Source, words: Vocabulary, known: dict[str, dict[str, Member]], scope: Scope
) -> FileFacts:
    """Return the facts of a file that was split."""
    found, typedefs = structs(source)
    functions = [i for i in source.items if i.role == "function"]
    macros = [i for i in source.items if i.role == "macro" and i.params]
    globals_, initialisers, per_cpu = _globals(source)
    chosen = functions + macros
    if not scope.all_functions:
        chosen = choose(source, functions, macros, frozenset(globals_))
    if not chosen and not scope.all_functions:
        return _empty(found, typedefs)
    arrays = frozenset(
        name
        for group in (known, found)
        for held in group.values()
        for name, member in held.items()
        if member[2]
    )
    names = frozenset(f.name for f in functions)
    names |= frozenset(_prototypes(source))
    walker = _Walk(source.data, words, globals_, names, arrays, per_cpu)
    reader = walker.reader = Reader()
    walker.flag_macros = _flag_macros(source)
    walker.macros, walker.masked = acting(source, words.known), source.masked
    read: list[FunctionFacts] = []
    for item in chosen:
        read.append(walker.function(source, item, reader, len(read)))
    for offset, text in Expander(source, words.known).definitions():
        read += walker.generated(text, offset, reader, scope, len(read))
    for item in initialisers:
        walker.initialiser(source, item, reader)
    out = walker.out
    settle(out, frozenset(f.name for f in read))
    read += _unread(source, functions, chosen, out.strings)
    for item in source.items:
        if item.role == "object" and source.masked.startswith(b"DEFINE_FREE", item.start):
            out.stored += cleanups(source.masked[item.start : item.end])
    return FileFacts(
        tuple(out.strings),
        out.edges,
        out.nodes,
        tuple((n, s) for s, n in out.symbols.items()),
        tuple(read),
        tuple(out.sites),
        pack_conditions(tuple(out.conditions)),
        pack_structs(found),
        typedefs,
        tuple(out.stored),
        tuple(out.declared),
        globals_,
    )


_GLOBAL = re.compile(
    rb"^\s*(?P<head>(?:(?:static|const|extern|volatile|struct|union|enum|unsigned|signed|__\w+|D(?:EFINE|ECLARE)_(?P<percpu>PER_CPU)\w*\s*\()\s*)*)(?P<type>\w+)"
    rb"(?P<rest>[\s*]*(?P<rows>(?:\[[^\]]*\]\s*)*),?[\s*]*(?:(?:__\w+|const)\s+)*(?P<name>[A-Za-z_]\w*)\s*(?P<array>(?:\[[^\]]*\])*))\s*(?:__\w+(?:\([^)]*\))?\s*)*(?P<after>[=;,)]|$)"
)
_PROTOTYPE = re.compile(rb"([A-Za-z_]\w*)\s*\([^;{}]*\)[^;{}()]*;?\s*$", re.S)


_FLAGS = re.compile(rb"[\s(\\]*[A-Z_]\w*(?:[\s)\\]*\|[\s(\\]*[A-Z_]\w*)*[\s)\\]*")


def _flag_macros(source: Source) -> dict[str, list[str]]:
    """Return the macros of a file that stand for one flag or several: `#define OWL_GFP (GFP_KERNEL | __GFP_COMP)`."""
    found = {}
    for item in source.items:
        if item.role == "macro" and not item.params and item.name.isupper() and item.end - item.body < 300:
            body = source.masked[item.body : item.end]
            if b"GFP_" in body and _FLAGS.fullmatch(body):
                found[item.name] = [word.decode() for word in re.findall(rb"\w+", body)]
    return found


def _globals(source: Source) -> tuple[dict[str, Local], list[Item], frozenset[str]]:
    """Return (global variables, those that have an initialiser list, names of those that each CPU has)."""
    per_cpu = set()
    found: dict[str, Local] = {}
    initialisers = []
    for item in source.items:
        if item.role != "object":
            continue
        text = source.masked[item.start : min(item.end, item.start + 400)]
        match = _GLOBAL.match(text)
        if not match or match["type"] in (b"typedef", b"return"):
            continue
        if match["after"] == b"" or text.startswith(b"typedef"):
            continue
        depth = match["rest"].split(match["name"])[0].count(b"*")
        name = match["name"].decode("ascii", "replace")
        rows = bool(match["array"] or match["rows"])
        array = rows and found.get(name, ("", 0, True))[2]  # #if may make it a pointer
        found[name] = (match["type"].decode("ascii", "replace"), depth, array, True)
        if match["percpu"]:
            per_cpu.add(name)
        if (
            b"=" in source.masked[item.start : item.end]
            and b"{" in source.masked[item.start : item.end]
            and item.end - item.start < 1 << 16
        ):
            initialisers.append(item)
    return found, initialisers, frozenset(per_cpu)


def _unread(
    source: Source, functions: list[Item], chosen: list[Item], strings: Iterable[str]
) -> list[FunctionFacts]:
    """Return static functions that are called and were not chosen: the kernel may have others of their names."""
    known = {item.name for item in chosen}
    called = {op.split(":")[1] for op in strings if ":" in op} - known
    return [
        FunctionFacts(item.name, item.start, item.start, (), "", True, True, False)
        for item in functions
        if item.name in called and b"static" in source.masked[item.start : item.body].split()
    ]


def _prototypes(source: Source) -> list[str]:
    names = []
    for item in source.items:
        if item.role == "object" and item.end - item.start < 600:
            text = source.masked[item.start : item.end]
            if b"(" in text and b"=" not in text and b"typedef" not in text:
                match = re.match(rb"[\w\s*]*?[\s*]([A-Za-z_]\w*)\s*\(", text)
                if match:
                    names.append(match[1].decode("ascii", "replace"))
    return names


_DESIGNATED = re.compile(rb"\.(\w+)\s*=\s*&?\s*([A-Za-z_]\w*)\s*(?=[,}])")


class _Walk(Inlining):
    """The walk with what `infer` speaks of noted on the way."""

    _enclosing: tuple[Source, list[tuple[int, Answers]]] | None = None

    def begin(self, name: str, number: int, delta: int, params: tuple[tuple[str, Local], ...]) -> Env:
        self.noted: dict[str, tuple[str, str, int, list[int]]] = {}
        return super().begin(name, number, delta, params)

    def local(self, name: str, base: str, depth: int, is_array: bool, node: Node) -> None:
        if base in ("page", "folio") and depth == 1 and not is_array:
            self.noted.setdefault(name, ("local", f"struct {base} *", self.at(node), []))

    def compiled(self, source: Source, offset: int) -> Answers:
        """Return under which conditions what stands at an offset is compiled."""
        if self._enclosing is None or self._enclosing[0] is not source:
            self._enclosing = source, enclosing(source.masked)
        held = self._enclosing[1]
        return held[bisect_right(held, offset, key=lambda one: one[0]) - 1][1]

    def keep(self, path: str, number: int, _node: Node) -> int:
        noted = self.noted.get(path)
        if noted and number and not self.mute:
            noted[3].append(number)
        return number

    def function(self, source: Source, item: Item, reader: Reader, number: int) -> FunctionFacts:
        head = source.masked[item.start : item.body]
        static = b"static" in head.split()
        unread = FunctionFacts(item.name, item.start, item.end, (), "", static, item.role == "macro", True)
        if _nested(source.masked[item.start : item.end]):
            return unread
        tree, delta = reader.tree(source, item)
        root = tree.root_node
        error = root.has_error
        definition = _definition(root)
        if definition is None or _deep(root):
            return unread
        self.data = source.data
        self.delta = delta
        self.number = number
        macro = item.role == "macro"
        params, result, spans = _parameters(self, item, definition, macro)
        self.body = source.masked[item.body : item.end]
        env = self.begin(item.name, number, delta, params)
        self.moments = Moments(self.body, item.body)
        for atom, answer in self.compiled(source, item.start):
            env["!"] = self.also(env["!"], atom, answer)
        if macro and item.params and item.params[-1].endswith("..."):
            self.variadic = (item.params[-1].removesuffix("...").strip() or "__VA_ARGS__", len(params))
        self.result_content = result[1] > 1 or (result[0] in CONTAINERS and result[1] > 0)
        for n, (name, local) in enumerate(params):
            if local[0] in ("page", "folio") and local[1] == 1:
                self.noted[name] = ("param", f"struct {local[0]} *", spans[n], [env[name]])
        body = definition.child_by_field_name("body")
        if body is not None:
            end = self.statement(body, env)
            if end is not None:
                self.leave(end, body)
        self._declare(params, result, item, number)
        written = tuple((n, f"{local[0]} {'*' * (local[1] + local[2])}".strip()) for n, local in params)
        return FunctionFacts(
            item.name,
            item.start,
            item.end,
            written,
            f"{result[0]} {'*' * result[1]}".strip(),
            static,
            macro,
            error,
        )

    def generated(
        self, text: bytes, offset: int, reader: Reader, scope: Scope, number: int
    ) -> list[FunctionFacts]:
        """Walk the functions that a macro's invocation at `offset` defines; all of them stand there."""
        source, out = split(text), self.out
        edges, declared = len(out.edges), len(out.declared)
        read: list[FunctionFacts] = []
        for item in source.items:
            if item.role == "function" and (
                scope.all_functions or telling().strong.search(text, item.start, item.end)
            ):
                facts = self.function(source, item, reader, number + len(read))
                read.append(replace(facts, start=offset, end=offset, macro=True))
        for at in range(edges + 4, len(out.edges), WIDTH):
            out.edges[at] = offset
        del out.declared[declared:]  # nobody declares them so
        return read

    def _declare(
        self, params: tuple[tuple[str, Local], ...], result: tuple[str, int], item: Item, number: int
    ) -> None:
        index = {name: n for n, (name, _) in enumerate(params)}
        for name, (role, ctype, offset, nodes) in self.noted.items():
            at = index.get(name, -1) if role == "param" else -1
            self.out.declared.append(
                Declared(number, role, name, at, ctype, offset, tuple(dict.fromkeys(nodes)))
            )
        if result[0] in ("page", "folio") and result[1] == 1:
            node = self.symbol(f"r:{item.name}")
            self.out.declared.append(
                Declared(number, "return", item.name, -1, f"struct {result[0]} *", item.start, (node,))
            )

    def initialiser(self, source: Source, item: Item, reader: Reader) -> None:
        """Functions stored in the members of a file-scope struct."""
        text = source.masked[item.start : item.end]
        match = _GLOBAL.match(text)
        if not match:
            return
        tag = match["type"].decode("ascii", "replace")
        for member, name in _DESIGNATED.findall(text):
            function = name.decode("ascii", "replace")
            if function in self.functions:
                self.out.stored.append((f"{tag}.{member.decode('ascii', 'replace')}", function))


def _definition(root: Node) -> Node | None:
    for child in root.named_children:
        if child.type == "function_definition":
            return child
        if child.type in ("preproc_if", "preproc_ifdef", "linkage_specification", "ERROR"):
            inner = _definition(child)
            if inner is not None:
                return inner
    return None


def _nested(text: bytes) -> bool:
    """Whether brackets nest so deep that no walk follows: a parser needs a thousand times the memory for it."""
    if len(text) < 2 * _MAXIMUM_DEPTH:
        return False
    depth = 0
    for bracket in _BRACKET.findall(text):
        depth += 1 if bracket in b"([{" else -1
        if depth > _MAXIMUM_DEPTH:
            return True
    return False


def _deep(root: Node) -> bool:
    """Whether expressions nest deeper than a walk by recursion may follow; a bound on code nobody wrote."""
    cursor = root.walk()
    if root.end_byte < 4 * _MAXIMUM_DEPTH:
        return False
    deepest = depth = 0
    while True:
        if cursor.goto_first_child():
            depth += 1
            deepest = max(deepest, depth)
            if deepest > _MAXIMUM_DEPTH:
                return True
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return False
            depth -= 1


def _parameters(
    walk: _Walk, item: Item, definition: Node, macro: bool
) -> tuple[tuple[tuple[str, Local], ...], tuple[str, int], list[int]]:
    if macro:
        params = tuple((p, ("", 1, False, False)) for p in item.params if p.isidentifier())
        return params, ("", 0), [item.start] * len(params)
    base = walk.type_name(definition.child_by_field_name("type"))
    declarator = definition.child_by_field_name("declarator")
    depth = 0
    while declarator is not None and declarator.type != "function_declarator":
        if declarator.type == "pointer_declarator":
            depth += 1
        declarator = declarator.child_by_field_name("declarator") or (
            declarator.named_children[-1] if declarator.named_children else None
        )
    found: list[tuple[str, Local]] = []
    spans: list[int] = []
    listed = declarator.child_by_field_name("parameters") if declarator is not None else None
    children = listed.named_children if listed is not None else []
    for parameter in children:
        if parameter.type != "parameter_declaration":
            continue
        inner = parameter.child_by_field_name("declarator")
        name, stars, is_array, _ = walk.declarator(inner) if inner is not None else ("", 0, False, False)
        if inner is None and len(children) == 1:
            break
        tag = walk.type_name(parameter.child_by_field_name("type"))
        found.append((name or f"#{len(found)}", (tag, stars + is_array, False, False)))
        spans.append(parameter.start_byte + walk.delta)
    return tuple(found), (base, depth), spans


NOTHING = _empty({}, {})
"""The facts of a file that says nothing."""
