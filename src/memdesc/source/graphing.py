"""The graph of one file as it grows: nodes, edges, symbols, and the values of expressions.

`Graphing` holds what is common to a file and what belongs to the function being walked; `collect.Walk` adds
statements and conditions.
"""

import re
from array import array
from dataclasses import dataclass, field
from typing import Any

import tree_sitter

from memdesc.source.facts import Declared
from memdesc.source.vocabulary import Vocabulary

Node = tree_sitter.Node
Env = dict[str, int]
Local = tuple[str, int, bool, bool]
"""(name of the type without struct, pointer depth, array, static)"""

CONTAINERS = frozenset({
    "scatterlist", "sg_table", "bio", "bio_vec", "sk_buff", "skb_frag", "skb_frag_t", "msghdr",
    "iov_iter", "xarray", "pagevec", "folio_batch", "ptr_ring", "page_frag", "sg_mapping_iter",
    "pipe_buffer", "skb_shared_info", "request", "splice_pipe_desc", "xdr_buf", "sg_page_iter", "kvec",
    "radix_tree_root"
})  # fmt: skip
PAGES = frozenset(
    {"page", "folio", "slab", "ptdesc", "zpdesc", "netmem_ref", "pgtable_t", "net_iov", "zspage"}
)
_FLAGS = re.compile(r"~?\b[A-Z_][A-Z0-9_]{3,}\b")
_SCALARS = frozenset({
    "int", "bool", "u8", "u16", "u32", "s32", "char", "short", "size_t", "ssize_t", "gfp_t", "loff_t",
    "float", "unsigned", "spinlock_t", "atomic_t", "__u32", "__u16", "__u8", "s64", "s8", "s16",
    "time64_t", "uint32_t", "uint8_t"
})  # fmt: skip
_SIMPLE = re.compile(r"\w+")


@dataclass(slots=True)
class Output:
    """What a file's facts are made of while they are collected."""

    strings: dict[str, int] = field(default_factory=dict)
    edges: "array[int]" = field(default_factory=lambda: array("i"))
    nodes: int = 1
    symbols: dict[str, int] = field(default_factory=dict)
    sites: list[tuple[str, int, tuple[tuple[int, str], ...]]] = field(default_factory=lambda: [("", 0, ())])
    conditions: list[tuple[tuple[str, bool], ...]] = field(default_factory=lambda: [()])
    condition_numbers: dict[tuple[tuple[str, bool], ...], int] = field(default_factory=lambda: {(): 0})
    stored: list[tuple[str, str]] = field(default_factory=list)
    declared: list[Declared] = field(default_factory=list)


class Graphing:
    """Expressions of one function at a time, and what they emit."""

    def __init__(
        self,
        data: bytes,
        words: Vocabulary,
        globals_: dict[str, Local],
        functions: frozenset[str],
        array_members: frozenset[str],
    ) -> None:
        self.data = data
        self.words = words
        self.globals = globals_
        self.functions = functions
        self.array_members = array_members
        self.out = Output()
        self.begin("", 0, 0, ())

    def begin(self, name: str, number: int, delta: int, params: tuple[tuple[str, Local], ...]) -> Env:
        """Start a function; returns the environment at its beginning."""
        self.name, self.number, self.delta = name, number, delta
        self.types: dict[str, Local] = {}
        self.contents: dict[str, int] = {}
        self.predicates: dict[str, Node] = {}
        self.flagged: dict[str, str] = {}
        self.marked: dict[str, str] = {}
        self.breaks: list[list[Env]] = []
        self.continues: list[list[Env]] = []
        self.pending: dict[str, list[Env]] = {}
        self.mute = 0
        self.markers: list[str] = []
        self.result_content = False
        env: Env = {"!": 0}
        for n, (parameter, local) in enumerate(params):
            self.types[parameter] = local
            env[parameter] = self.symbol(f"p:{name}:{n}")
            if local[0] in CONTAINERS or local[1] > 1:
                self.contents[parameter] = self.symbol(f"p:{name}:{n}[]")
        self.params = {parameter: n for n, (parameter, _) in enumerate(params)}
        return env

    # --- emission ---------------------------------------------------------------------------------

    def fresh(self) -> int:
        """Return the number of a new node."""
        number = self.out.nodes
        self.out.nodes = number + 1
        return number

    def symbol(self, name: str) -> int:
        """Return the node of a symbol, the same one each time."""
        symbols = self.out.symbols
        number = symbols.get(name)
        if number is None:
            number = symbols[name] = self.fresh()
        return number

    def string(self, text: str) -> int:
        """Return the number of a string."""
        strings = self.out.strings
        number = strings.get(text)
        if number is None:
            number = strings[text] = len(strings)
        return number

    def edge(
        self, source: int, target: int, op: str, node: Node, env: Env | None = None, site: int = 0
    ) -> None:
        """Emit an edge at `node`, under the conditions of `env`."""
        self.out.edges.extend(
            (
                source,
                target,
                self.string(op),
                site,
                node.start_byte + self.delta,
                env["!"] if env else 0,
                self.number,
            )
        )

    def flow(self, source: int, op: str, node: Node, env: Env | None = None, site: int = 0) -> int:
        """Return a new node to which `source` flows."""
        number = self.fresh()
        self.edge(source, number, op, node, env, site)
        return number

    def also(self, condition: int, atom: str, answer: bool) -> int:
        """Return the condition set with one more answer; the latest answer to a question holds."""
        held = self.out.conditions[condition]
        if (atom, answer) in held or len(held) > 12:
            return condition
        return self._condition((*(h for h in held if h[0] != atom), (atom, answer)))

    def common(self, one: int, other: int) -> int:
        """Return the condition set that two branches share."""
        if one == other:
            return one
        mine = set(self.out.conditions[other])
        return self._condition(tuple(h for h in self.out.conditions[one] if h in mine))

    def _condition(self, held: tuple[tuple[str, bool], ...]) -> int:
        number = self.out.condition_numbers.get(held)
        if number is None:
            number = self.out.condition_numbers[held] = len(self.out.conditions)
            self.out.conditions.append(held)
        return number

    # --- text and declarators -----------------------------------------------------------------------

    def text(self, node: Node) -> str:
        """Return the source text of a node."""
        return self.data[node.start_byte + self.delta : node.end_byte + self.delta].decode("utf-8", "replace")

    def operator(self, node: Node) -> str:
        """Return the operator of an expression, empty when it has none."""
        found = node.child_by_field_name("operator")
        return found.type if found is not None else ""

    def macro_name(self, node: Node, word: bytes) -> str:
        """Return the macro that stands where the tree has a keyword, empty when the keyword itself does."""
        start = node.start_byte + self.delta
        if self.data.startswith(word, start):
            return ""
        match = re.compile(rb"\w+").match(self.data, start)
        return match[0].decode("ascii", "replace") if match else ""

    def type_name(self, node: Node | None) -> str:
        """Return the name of a type without struct, union and qualifiers."""
        if node is None:
            return ""
        if node.type in ("struct_specifier", "union_specifier"):
            tag = node.child_by_field_name("name")
            return self.text(tag) if tag is not None else ""
        if node.type in ("type_identifier", "primitive_type"):
            return self.text(node)
        return "unsigned long" if "long" in self.text(node) else self.text(node)

    def declarator(self, node: Node) -> tuple[str, int, bool, bool]:
        """Return (name, pointer depth, array, is a function or a pointer to one) of a declarator."""
        depth, is_array, function = 0, False, False
        current: Node | None = node
        while current is not None:
            kind = current.type
            if kind == "pointer_declarator":
                depth += 1
            elif kind == "array_declarator":
                is_array = True
            elif kind == "function_declarator":
                inner = current.child_by_field_name("declarator")
                function = inner is None or inner.type != "parenthesized_declarator"
                current = inner
                if not function:
                    return self._innermost(current), 1, is_array, False
                continue
            elif kind in ("identifier", "field_identifier", "type_identifier"):
                return self.text(current), depth, is_array, function
            inner = current.child_by_field_name("declarator")
            if inner is None:
                named = current.named_children
                inner = (
                    named[-1]
                    if named and kind in ("parenthesized_declarator", "attributed_declarator")
                    else None
                )
            current = inner
        return "", depth, is_array, function

    def _innermost(self, node: Node | None) -> str:
        while node is not None:
            if node.type in ("identifier", "field_identifier"):
                return self.text(node)
            node = node.named_children[-1] if node.named_children else None
        return ""

    def callee(self, node: Node) -> str:
        """Return the name of what is called; `.TAG.MEMBER` for a function pointer, empty when unknown."""
        function = node.child_by_field_name("function")
        if function is None:
            return ""
        if function.type == "identifier":
            return self.text(function)
        if function.type == "parenthesized_expression" and function.named_child_count == 1:
            inner = function.named_children[0]
            if inner.type == "pointer_expression" and inner.named_children:
                inner = inner.named_children[-1]
            function = inner
        if function.type == "field_expression":
            key = self.member_key(self.path(function, {}))
            return "." + key if key else ""
        return ""

    def arguments(self, node: Node) -> list[Node]:
        """Return the arguments of a call."""
        found = node.child_by_field_name("arguments")
        return [c for c in found.named_children if c.type != "comment"] if found is not None else []

    def flat(self, node: Node) -> list[Node]:
        """Return the operands of a comma expression in parentheses."""
        while node.type == "parenthesized_expression" and node.named_child_count:
            node = node.named_children[0]
        found: list[Node] = []
        while node.type == "comma_expression":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is None or right is None:
                break
            if left.type == "comma_expression" and right.type != "comma_expression":
                found.insert(0, right)
                node = left
            else:
                found.append(left)
                node = right
        if found and node.start_byte < found[0].start_byte:
            return [node, *found]
        return [*found, node]

    def local(self, name: str, base: str, depth: int, is_array: bool, node: Node) -> None:
        """Called for each local declared; overridden to note page pointers."""

    # --- paths --------------------------------------------------------------------------------------

    def path(self, node: Node, env: Env) -> str:
        """Return the lvalue that an expression is, as text; empty when it is none that can be told again."""
        kind = node.type
        if kind == "identifier":
            name = self.text(node)
            return "" if name in _CONSTANTS or (name not in self.types and name.isupper()) else name
        if kind == "field_expression":
            argument, member = node.child_by_field_name("argument"), node.child_by_field_name("field")
            if argument is None or member is None:
                return ""
            base = self.path(argument, env)
            if not base:
                declared = self.type_of(argument)
                if not declared:
                    return ""
                base = f"({declared})"
            name = self.text(member)
            if base.startswith("&"):
                base = base[1:]
            if name in self.words.elements and (
                base.count(".")
                or self.types.get(base, ("", 0, False, False))[0] in CONTAINERS
                or base in self.params
                or base.startswith("(")
            ):
                declared = self.type_of(argument)
                if declared in CONTAINERS:
                    return self._plain(base) + "[]"
            if name in self.words.transparent:
                return base
            return f"{base}.{name}"
        if kind == "parenthesized_expression":
            inner = [c for c in node.named_children if c.type != "comment"]
            return self.path(inner[0], env) if len(inner) == 1 else ""
        if kind == "cast_expression":
            value = node.child_by_field_name("value")
            return self.path(value, env) if value is not None else ""
        if kind == "subscript_expression":
            argument, index = node.child_by_field_name("argument"), node.child_by_field_name("index")
            if argument is None or index is None:
                return ""
            base = self.path(argument, env)
            if not base:
                return ""
            said = self.text(index)
            return f"{base}[{said if _SIMPLE.fullmatch(said) else '?'}]"
        if kind == "pointer_expression":
            argument = node.child_by_field_name("argument")
            if argument is None:
                return ""
            base = self.path(argument, env)
            if self.operator(node) == "&":
                return "&" + base if base and not base.startswith("&") else ""
            return base[1:] if base.startswith("&") else base + "[]" if base else ""
        if kind == "call_expression":
            name = self.callee(node)
            arguments = self.arguments(node)
            same = self.words.same.get(name)
            if same is not None and same < len(arguments):
                return self.path(arguments[same], env)
            inside = self.words.inside.get(name)
            if inside is not None and inside < len(arguments):
                base = self.path(arguments[inside], env)
                return self._plain(base.removeprefix("&")) + "[]" if base else ""
            if name in _UNWRAPPED and arguments:
                return self.path(arguments[0], env)
        return ""

    def _plain(self, path: str) -> str:
        """A path without the index at its end: an element of an array of containers is the container."""
        return re.sub(r"\[[^\]]+\]$", "", path)

    def type_of(self, node: Node) -> str:
        """Return the struct's name that an expression points to or is, empty when unknown here.

        A chain of members is answered as `TAG.MEMBER...`, to be resolved when files are linked.
        """
        kind = node.type
        if kind == "identifier":
            name = self.text(node)
            local = self.types.get(name) or self.globals.get(name)
            return local[0] if local else ""
        if kind in ("parenthesized_expression", "subscript_expression", "pointer_expression"):
            inner = node.child_by_field_name("argument") or (
                node.named_children[0] if node.named_children else None
            )
            return self.type_of(inner) if inner is not None else ""
        if kind == "cast_expression":
            described = node.child_by_field_name("type")
            if described is not None:
                return self.type_name(described.child_by_field_name("type"))
        if kind == "field_expression":
            argument, member = node.child_by_field_name("argument"), node.child_by_field_name("field")
            if argument is None or member is None:
                return ""
            base = self.type_of(argument)
            return f"{base}.{self.text(member)}" if base else ""
        if kind == "call_expression":
            name, arguments = self.callee(node), self.arguments(node)
            if name in _TYPED_BY_SECOND and len(arguments) > 1:
                return self.text(arguments[1]).removeprefix("struct ").rstrip("* ")
            if name in self.words.same and arguments:
                return "skb_shared_info" if name == "skb_shinfo" else self.type_of(arguments[0])
            return _RESULTS.get(name, "")
        return ""

    def member_key(self, path: str) -> str:
        """Return `TAG.MEMBER...` for a path through members, empty when its root's type is unknown."""
        root, dot, rest = path.partition(".")
        if not dot:
            return ""
        root = root.split("[", 1)[0]
        rest = re.sub(r"\[[^\]]*\](?=\.)", "", rest)
        if root.startswith("("):
            closing = path.index(")")
            base = path[1:closing]
            rest = re.sub(r"\[[^\]]*\](?=\.)", "", path[closing + 2 :])
            return f"{base}.{rest}"
        local = self.types.get(root) or self.globals.get(root)
        if local and local[0]:
            return f"{local[0]}.{rest}"
        return ""

    def pointer(self, path: str) -> bool:
        """Whether a path may hold an address: all but scalars may."""
        local = self.types.get(path)
        return local is None or local[1] > 0 or local[0] not in _SCALARS

    # --- loads and stores ------------------------------------------------------------------------------

    def load(self, path: str, node: Node, env: Env) -> int:
        """Return the node that holds the value of `path`, 0 when nothing can be known of it."""
        if path in env:
            return env[path]
        if path.startswith("&"):
            return self.address(path[1:], node, env)
        number = self._load(path, node, env)
        if number:
            if "!m" in env:
                number = self.flow(number, self.markers[env["!m"]], node, env)
            env[path] = number
        return number

    def _load(self, path: str, node: Node, env: Env) -> int:
        local = self.types.get(path)
        if local is not None:
            if local[2] or (
                local[1] == 0
                and local[0] not in _SCALARS
                and not local[3]
                and path not in self.params
                and local[0] in CONTAINERS
            ):
                return self.flow(0, "s:global" if local[3] else "s:stack", node, env)
            return self.fresh() if local[1] or local[0] not in _SCALARS else 0
        if path.isidentifier():
            known = self.globals.get(path)
            if path in self.functions and known is None:
                return self.flow(0, "s:global", node, env)
            if known is not None:
                if known[2]:
                    return self.flow(0, "s:global", node, env)
                if known[1] == 0 and known[0] in _SCALARS:
                    return 0
                number = self.fresh()
                self.edge(self.symbol(f"g:{path}"), number, "=", node, env)
                return number
            return 0
        content = path.endswith("]")
        stem = re.sub(r"(\[[^\]]*\])$", "", path) if content else path
        if content:
            source = self.content_of(stem, env)
            return self.flow(source, "=", node, env) if source else 0
        key = self.member_key(stem)
        number = 0
        base = self._base(path, node, env)
        if key:
            number = self.fresh()
            symbol = self.symbol("f:" + key)
            self.edge(symbol, number, "=", node, env)
            if base:
                self.edge(base, number, "arr", node, env, symbol)
                self.edge(base, 0, f"m:{key}", node, env)
        elif base and path.rsplit(".", 1)[-1] in self.array_members:
            number = self.flow(base, "&", node, env)
        return number

    def _base(self, path: str, node: Node, env: Env) -> int:
        """Return the node of the object whose member `path` is: its address for one reached by a pointer."""
        stem = path.rpartition(".")[0]
        if not stem or stem.startswith("("):
            return 0
        stem = self._plain(stem) if stem.endswith("]") and not stem.endswith("[]") else stem
        local = self.types.get(stem) or (self.globals.get(stem) if stem not in self.types else None)
        if local is not None and local[1] == 0 and not local[2] and stem not in env:
            return self.flow(0, "s:stack" if stem in self.types and not local[3] else "s:global", node, env)
        if (
            local is not None
            and local[1] == 0
            and not local[2]
            and local[0] not in _SCALARS
            and stem not in self.params
        ):
            return self.flow(0, "s:stack" if stem in self.types and not local[3] else "s:global", node, env)
        return self.load(stem, node, env)

    def address(self, path: str, node: Node, env: Env) -> int:
        """Return the node of `&path`."""
        if path.endswith("]"):
            stem = re.sub(r"(\[[^\]]*\])$", "", path)
            inner = self.load(stem, node, env)
            return self.flow(inner, "&", node, env) if inner else 0
        if "." in path:
            inner = self._base(path, node, env)
            return self.flow(inner, "&", node, env) if inner else 0
        local = self.types.get(path)
        if local is not None:
            return self.flow(0, "s:global" if local[3] else "s:stack", node, env)
        if path in self.globals or path in self.functions:
            return self.flow(0, "s:global", node, env)
        return 0

    def store(self, path: str, number: int, node: Node, env: Env) -> None:
        """Let `path` be the value `number`."""
        if path.startswith("&"):
            return
        if path.endswith("]"):
            stem = re.sub(r"(\[[^\]]*\])$", "", path)
            self.forget(path, env)
            if number:
                target = self.content_of(stem, env)
                if target:
                    self.edge(number, target, "=", node, env)
            return
        self.forget(path, env)
        env[path] = self.keep(path, number, node)
        if "." not in path:
            if path not in self.types and path in self.globals and number:
                self.edge(number, self.symbol(f"g:{path}"), "=", node, env)
            return
        key = self.member_key(path)
        if key and number:
            self.edge(number, self.symbol("f:" + key), "=", node, env)
            if key.split(".", 1)[0] in _STORED_MEMBERS:
                self.edge(number, 0, f"w:{key}", node, env)

    def keep(self, _path: str, number: int, _node: Node) -> int:
        """Called with what a path is assigned; overridden to note page pointers."""
        return number

    def forget(self, path: str, env: Env) -> None:
        """Drop what was known of the members and elements of `path`, and of what it indexes."""
        dotted, indexed, used = path + ".", path + "[", f"[{path}]"
        gone = [p for p in env if p.startswith((dotted, indexed)) or used in p]
        for p in gone:
            del env[p]
        self.predicates.pop(path, None)

    def remember(self, name: str, value: Node) -> None:
        """`bool slab = PageSlab(page)`: keep the condition for when the variable is asked."""
        if (
            value.type in _PREDICATES
            and value.end_byte - value.start_byte < 160
            and b"(" in self.data[value.start_byte + self.delta : value.end_byte + self.delta]
        ):
            self.predicates[name] = value

    # --- contents of containers --------------------------------------------------------------------------

    def content_of(self, path: str, env: Env) -> int:
        """Return the node of what the container at `path` holds."""
        path = self._plain(path.removeprefix("&")) if not path.endswith("[]") else path
        held = self.contents.get(path)
        if held is not None:
            return held
        if path in self.params:
            number = self.symbol(f"p:{self.name}:{self.params[path]}[]")
        elif path in self.types:
            number = self.fresh()
        elif path.isidentifier():
            if path not in self.globals:
                return 0
            number = self.symbol(f"g:{path}[]")
        else:
            key = self.member_key(path)
            if not key:
                return 0
            number = self.symbol("f:" + key + "[]")
        self.contents[path] = number
        return number

    def content(self, node: Node, env: Env) -> int:
        """Return the node of what the container holds to which an expression points, 0 when unknown."""
        while node.type in ("cast_expression", "parenthesized_expression"):
            inner = node.child_by_field_name("value") or (
                node.named_children[0] if node.named_children else None
            )
            if inner is None:
                return 0
            node = inner
        if node.type == "binary_expression":
            left = node.child_by_field_name("left")
            return self.content(left, env) if left is not None else 0
        path = self.path(node, env)
        if path.startswith("&"):
            bare = path[1:]
            local = self.types.get(bare)
            if (
                local is not None
                and not local[2]
                and (local[1] > 0 or local[0] in ("unsigned long", "pgtable_t", "dma_addr_t"))
            ):
                number = self.fresh()
                env[bare] = number  # what the call left there
                return number
            if bare.endswith("]") and not bare.endswith("[]"):
                declared = self.types.get(bare.split("[", 1)[0])
                if declared and declared[0] in PAGES:
                    return self.content_of(self._plain(bare), env)
            return self.content_of(bare, env)
        if path.endswith("]") and not path.endswith("[]"):
            return self.content_of(self._plain(path) + "[]", env)
        if path:
            return self.content_of(path, env)
        if node.type == "call_expression":
            name = self.callee(node)
            if name and name not in self.words.known:
                return self.symbol(f"r:{name}[]")
        return 0

    def holds(self, node: Node) -> bool:
        """Whether an argument points to a container, by its declared type."""
        base = self.type_of(node)
        if base.rsplit(".", 1)[-1] in self.words.transparent or base in CONTAINERS:
            return True
        path = self.path(node, {})
        local = self.types.get(path.removeprefix("&"))
        if local is None:
            return path in self.contents
        if path.startswith("&"):
            return local[0] in PAGES or (local[1] > 0 and not local[2]) or local[0] == "unsigned long"
        return (local[0] in PAGES and local[1] + local[2] > 1) or path in self.contents

    def alias(self, path: str, value: Node, env: Env) -> None:
        """Two pointers to one container hold the same."""
        root = path.split(".", 1)[0]
        local = self.types.get(path) or (self.types.get(root) if "." not in path else None)
        wanted = path in self.contents or (
            local is not None and (local[0] in CONTAINERS or (local[0] in PAGES and local[1] > 1))
        )
        if not wanted and not self.holds(value):
            return
        if value.type == "number_literal":
            return
        one = self.content_of(path, env)
        other = self.content(value, env)
        if one and other and one != other:
            self.edge(other, one, "[]", value, env)
            self.edge(one, other, "[]", value, env)

    # --- words in flags ------------------------------------------------------------------------------------

    def note_words(self, path: str, value: Node, fresh: bool) -> None:
        """Keep which constants a flags variable was made of; `?` stands for what is unknown."""
        said = self.words_of(value)
        if said:
            held = [] if fresh else self.flagged.get(path, "?").split()
            self.flagged[path] = " ".join(dict.fromkeys([*held, *said.split()]))

    def words_of(self, node: Node) -> str:
        """Return the words of flags in an expression, its locals' included; `?` for what is unknown."""
        if node.end_byte - node.start_byte > 200:
            return "?"
        text = self.text(node)
        words = _FLAGS.findall(text)
        rest = re.findall(r"\b[a-z_]\w*(?:(?:->|\.)\w+)*", _FLAGS.sub(" ", text))
        for name in rest:
            path = name.replace("->", ".")
            words += self.flagged.get(path, "?").split()
        words = list(dict.fromkeys(words))
        if len(words) > _MOST_WORDS:
            return "?"
        return " ".join(words) if words else text.strip() if text.strip().isdigit() else ""

    # --- values ------------------------------------------------------------------------------------------

    def value(self, node: Node, env: Env) -> int:
        """Return the node of an expression's value, 0 when it has none to follow; emits what it does."""
        method = _VALUES.get(node.type)
        if method is None:
            for child in node.named_children:
                self.value(child, env)
            return 0
        number: int = method(self, node, env)
        return number

    def _identifier(self, node: Node, env: Env) -> int:
        path = self.path(node, env)
        return self.load(path, node, env) if path else 0

    def _place(self, node: Node, env: Env) -> int:
        path = self.path(node, env)
        if path:
            return self.load(path, node, env)
        for child in node.named_children:
            if child.type not in ("field_identifier",):
                self.value(child, env)
        return 0

    def _pointer(self, node: Node, env: Env) -> int:
        path = self.path(node, env)
        if path:
            return self.load(path, node, env)
        argument = node.child_by_field_name("argument")
        if argument is None:
            return 0
        if self.operator(node) == "&" and argument.type in ("field_expression", "subscript_expression"):
            inner = argument.child_by_field_name("argument")
            number = self.value(inner, env) if inner is not None else 0
            return self.flow(number, "&", node, env) if number else 0
        number = self.value(argument, env)
        return 0 if self.operator(node) == "*" else number

    def _inner(self, node: Node, env: Env) -> int:
        number = 0
        for child in node.named_children:
            if child.type == "compound_statement":
                number = self.statement_expression(child, env)
            elif child.type != "comment":
                number = self.value(child, env)
        return number

    def statement_expression(self, node: Node, env: Env) -> int:
        """`({ ...; value; })`; the walk over statements is in collect."""
        children = [c for c in node.named_children if c.type != "comment"]
        block: Any = getattr(self, "block", None)
        after = block(children[:-1], env) if block and children else env
        if after is not None and after is not env:
            env.clear()
            env.update(after)
        last = children[-1] if children else None
        if last is not None and last.type == "expression_statement" and last.named_children:
            return self.value(last.named_children[0], env)
        if last is not None and block:
            block([last], env)
        return 0

    def _cast(self, node: Node, env: Env) -> int:
        value = node.child_by_field_name("value")
        return self.value(value, env) if value is not None else 0

    def _binary(self, node: Node, env: Env) -> int:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return 0
        operator = self.operator(node)
        if operator in ("&&", "||"):
            condition: Any = self
            yes, no = condition.condition(node, env)
            merged = condition.merge(yes, no, node)
            if merged is not None:
                env.clear()
                env.update(merged)
            return 0
        one, other = self.value(left, env), self.value(right, env)
        if operator in ("+", "-"):
            base = one or (other if operator == "+" else 0)
            moved = right if one else left
            if operator == "-" and one and other:
                return 0
            if base:
                constant = moved.type == "number_literal" or (
                    moved.type == "identifier" and self.text(moved).isupper()
                )
                return self.flow(base, "&" if constant else "+", node, env)
            return 0
        if operator in ("|", "&", ">>", "<<", "^"):
            return one
        return 0

    def _assignment(self, node: Node, env: Env) -> int:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return 0
        operator = self.operator(node)
        number = self.value(right, env)
        path = self.path(left, env)
        if not path:
            for child in left.named_children:
                if child.type not in ("field_identifier", "identifier"):
                    self.value(child, env)
            return number
        if operator == "=":
            self.assign(path, number, left, right, env)
        else:
            self.note_words(path, right, False)
            if operator in ("+=", "-=") and env.get(path):
                old = env[path]
                self.forget(path, env)
                env[path] = self.keep(path, self.flow(old, "+", node, env), node)
        if "." in path and self.types.get(path.partition(".")[0]):
            self._member_access(path, left, env)
        return number

    def assign(self, path: str, number: int, left: Node, right: Node, env: Env) -> None:
        """Store a value in a path, with what follows for conditions, flags, contents, function pointers."""
        self.store(path, number, left, env)
        self.unask(path, env)
        if right.type in ("identifier", "number_literal", "true", "false"):
            self.known(path, self.text(right), env)
        if "." not in path:
            self.remember(path, right)
        self.note_words(path, right, True)
        self.alias(path, right, env)
        if right.type == "identifier" and "." in path:
            name = self.text(right)
            if name in self.functions and name not in self.types:
                key = self.member_key(path)
                if key:
                    self.out.stored.append((key, name))

    def unask(self, path: str, env: Env) -> None:
        """What was asked of a path before it was assigned says nothing any more."""
        name = self.asked_as(path)
        held = self.out.conditions[env["!"]]
        kept = tuple(h for h in held if h[0] != name and not h[0].startswith(name + "=="))
        if len(kept) < len(held):
            env["!"] = self._condition(kept)

    def known(self, path: str, constant: str, env: Env) -> None:
        """`x->how = HOW_POOL`: what comes after knows the answer to `x->how == HOW_POOL`."""
        if "." in path and (constant.isupper() or constant in ("true", "false") or constant.isdigit()):
            name = self.asked_as(path)
            if constant in ("true", "false"):
                env["!"] = self.also(env["!"], name, constant == "true")
            elif constant not in ("NULL", "0"):
                env["!"] = self.also(env["!"], f"{name}=={constant}", True)

    def asked_as(self, path: str) -> str:
        """Return how a condition on `path` is spelt: by the struct's name where it is a member."""
        root, dot, rest = path.partition(".")
        declared = self.types.get(root)
        if dot and declared and declared[0] and declared[0] not in ("void", "int"):
            return f"{declared[0]}.{rest}"
        return f"{self.name}:{path}"

    def _member_access(self, _path: str, _node: Node, _env: Env) -> None:
        """A member is written; what that says of the object is left to reads."""

    def _update(self, node: Node, env: Env) -> int:
        argument = node.child_by_field_name("argument")
        if argument is None:
            return 0
        number = self.value(argument, env)
        path = self.path(argument, env)
        if path and number and self.pointer(path):
            self.forget(path, env)
            env[path] = self.keep(path, self.flow(number, "+", node, env), node)
        elif path:
            self.forget(path, env)
        return number

    def _ternary(self, node: Node, env: Env) -> int:
        asked = node.child_by_field_name("condition")
        first, second = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
        if asked is None or second is None:
            return 0
        condition: Any = self
        yes, no = condition.condition(asked, env)
        one = self.value(first, yes) if first is not None else self.value(asked, yes)
        other = self.value(second, no)
        merged = condition.merge(yes, no, node)
        if merged is not None:
            env.clear()
            env.update(merged)
        if not one or not other:
            if one or other:
                return self.flow(one or other, "=", node, yes if one else no)
            return 0
        number = self.fresh()
        self.edge(one, number, "=", node, yes)
        self.edge(other, number, "=", node, no)
        return number

    def _comma(self, node: Node, env: Env) -> int:
        numbers = [self.value(child, env) for child in node.named_children]
        if (
            node.parent is not None
            and node.parent.type == "parenthesized_expression"
            and self.data.startswith(b"_Generic", node.parent.start_byte + self.delta)
        ):
            held = [n for n in numbers[1:] if n]
            return held[0] if held else 0
        return numbers[-1] if numbers else 0

    def _literal(self, node: Node, env: Env) -> int:
        """A compound literal: `(struct x){ .page = p }`."""
        return 0

    def _string(self, node: Node, env: Env) -> int:
        return self.flow(0, "s:global", node, env)

    def _call_value(self, node: Node, env: Env) -> int:
        return self.call(node, env, True)

    def call(self, node: Node, env: Env, wanted: bool) -> int:
        """Emit a call; returns the node of its result when `wanted`."""
        if self.mute:  # it was emitted where the condition was first met
            return 0
        name = self.callee(node)
        arguments = self.arguments(node)
        words = self.words
        if not name:
            function = node.child_by_field_name("function")
            if function is not None and function.type == "field_expression":
                member = function.child_by_field_name("field")
                name = ".?." + self.text(member) if member is not None else ""
            for argument in arguments:
                self.value(argument, env) if not name else None
            if not name:
                return 0
        if name in _UNWRAPPED and arguments:
            return self.value(arguments[0], env)
        if name in ("container_of", "list_entry", "container_of_const") and arguments:
            self.value(arguments[0], env)
            number = self.value(arguments[0], env)
            return self.flow(number, "&", node, env) if number else 0
        if name in words.takes:
            target, source = words.takes[name]
            if max(target, source) < len(arguments):
                number = self.value(arguments[source], env)
                path = self.path(arguments[target], env)
                if path:
                    self.assign(path, number, arguments[target], arguments[source], env)
                return number
        if name in words.same or name in words.inside:
            path = self.path(node, env)
            if path:
                return self.load(path, node, env)
        return self._call(node, name, arguments, env, wanted)

    def _call(self, node: Node, name: str, arguments: list[Node], env: Env, wanted: bool) -> int:
        words = self.words
        said: tuple[tuple[int, str], ...] = ()
        if name in words.worded or name.rpartition(".")[2] in words.worded or name[0] == ".":
            said = tuple((n, self._said(a)) for n, a in enumerate(arguments))
        elif name in words.marks and arguments:
            said = ((0, self.text(arguments[0])),)
        site = len(self.out.sites)
        self.out.sites.append((name, node.start_byte + self.delta, said))
        containers = words.containers.get(name, ())
        known = name in words.known
        roots: list[str] = []
        after: list[tuple[str, int, int]] = []
        for n, argument in enumerate(arguments):
            number = self.value(argument, env)
            if number:
                self.edge(number, 0, f"a:{name}:{n}", argument, env, site)
            if n in containers or (not known and argument.type != "number_literal" and self.holds(argument)):
                content = self.content(argument, env)
                if content:
                    self.edge(content, 0, f"c:{name}:{n}", argument, env, site)
            if (
                argument.type == "identifier"
                and self.text(argument) in self.functions
                and self.text(argument) not in self.types
            ):
                self.out.stored.append((f"p:{name}:{n}", self.text(argument)))
            path = self.path(argument, env) if argument.type in _LVALUES else ""
            if path and not known:
                roots.append(path.removeprefix("&").split(".", 1)[0])
            if number and path and n in words.changed.get(name, ()):
                after.append((path, number, n))
        if name.startswith("dma_alloc"):  # the handle they leave is a valid one
            for argument in arguments:
                path = self.path(argument, env)
                if path.startswith("&") and "." in path:
                    env["!"] = self.also(env["!"], f"{self.asked_as(path[1:])}==DMA_MAPPING_ERROR", False)
        for path, number, n in after:
            env[path] = self.flow(number, f"t:{name}:{n}", node, env, site)
        if name in words.ends:
            self._end(name, node, env, site)
        if roots:
            for path in [
                p for p in env if "." in p and p.split(".", 1)[0] in roots and p not in self.assigned(env)
            ]:
                del env[path]
        if not wanted and not self._returns_content(name):
            return 0
        return self.flow(0, f"r:{name}", node, env, site)

    def assigned(self, env: Env) -> Env:
        """Paths that a call does not make us forget: those which this function assigned or narrowed."""
        return env

    def _returns_content(self, _name: str) -> bool:
        return False

    def _said(self, node: Node) -> str:
        """Return an argument's words for conditions, the path's own text first."""
        path = self.path(node, {}).removeprefix("&")
        flags = (
            " ".join(v for k, v in self.flagged.items() if k == path or k.startswith(path + "."))
            if path
            else ""
        )
        return f"{self.text(node)[:60]}\0{flags or self.words_of(node)}"

    def _end(self, name: str, node: Node, env: Env, site: int) -> None:
        for path in list(env):
            number = env[path]
            local = self.types.get(path.split(".", 1)[0].split("[", 1)[0])
            if path is not None and number and path != "!" and local is not None and local[0] in PAGES:
                env[path] = self.flow(number, f"e:{name}", node, env, site)


_MOST_WORDS = 24
_PREDICATES = frozenset({"call_expression", "unary_expression", "binary_expression"})
_CONSTANTS = frozenset({"NULL", "true", "false"})
_LVALUES = frozenset({"identifier", "field_expression", "pointer_expression", "subscript_expression",
    "cast_expression", "parenthesized_expression"})  # fmt: skip
_UNWRAPPED = frozenset(
    {"likely", "unlikely", "WARN_ON", "WARN_ON_ONCE", "__force", "ACCESS_ONCE", "READ_ONCE"}
)
_TYPED_BY_SECOND = frozenset({
    "container_of", "list_entry", "list_first_entry", "list_last_entry", "hlist_entry",
    "list_first_entry_or_null", "rb_entry", "rb_entry_safe", "container_of_const", "list_entry_rcu"
})  # fmt: skip
_RESULTS = {
    "virt_to_page": "page", "pfn_to_page": "page", "page_folio": "folio", "virt_to_head_page": "page",
    "compound_head": "page", "sg_page": "page", "skb_shinfo": "skb_shared_info", "virt_to_folio":
    "folio", "pfn_folio": "folio", "virt_to_slab": "slab", "page_slab": "slab", "folio_slab": "slab",
    "pte_page": "page", "pmd_page": "page", "vmalloc_to_page": "page", "page_ptdesc": "ptdesc",
    "virt_to_ptdesc": "ptdesc", "current": "task_struct"
}  # fmt: skip
_STORED_MEMBERS = frozenset({"vm_fault", "urb"})

_VALUES: dict[str, Any] = {
    "identifier": Graphing._identifier,
    "field_expression": Graphing._place,
    "subscript_expression": Graphing._place,
    "pointer_expression": Graphing._pointer,
    "parenthesized_expression": Graphing._inner,
    "cast_expression": Graphing._cast,
    "binary_expression": Graphing._binary,
    "assignment_expression": Graphing._assignment,
    "update_expression": Graphing._update,
    "conditional_expression": Graphing._ternary,
    "comma_expression": Graphing._comma,
    "call_expression": Graphing._call_value,
    "compound_literal_expression": Graphing._literal,
    "string_literal": Graphing._string,
    "concatenated_string": Graphing._string,
    "sizeof_expression": lambda self, node, env: 0,
    "alignof_expression": lambda self, node, env: 0,
    "number_literal": lambda self, node, env: 0,
    "char_literal": lambda self, node, env: 0,
    "type_descriptor": lambda self, node, env: 0,
    "field_identifier": lambda self, node, env: 0,
    "comment": lambda self, node, env: 0,
    "null": lambda self, node, env: 0,
    "true": lambda self, node, env: 0,
    "false": lambda self, node, env: 0,
}
