"""Lvalues as text: paths, the types of what they name, declarators."""

import re

import tree_sitter

from memdesc.source.environment import Env
from memdesc.source.graphing import CONTAINERS, SCALARS, Graphing

Node = tree_sitter.Node

_SIMPLE = re.compile(r"\w+")

_CONSTANTS = frozenset({"NULL", "true", "false"})

UNWRAPPED = frozenset(
    {"likely", "unlikely", "WARN_ON", "WARN_ON_ONCE", "__force", "ACCESS_ONCE", "READ_ONCE"}
)

_TYPED_BY_SECOND = frozenset(
    {
        "container_of",
        "list_entry",
        "list_first_entry",
        "list_last_entry",
        "hlist_entry",
        "list_first_entry_or_null",
        "rb_entry",
        "rb_entry_safe",
        "container_of_const",
        "list_entry_rcu",
    }
)

_RESULTS = {
    "virt_to_page": "page",
    "pfn_to_page": "page",
    "page_folio": "folio",
    "virt_to_head_page": "page",
    "compound_head": "page",
    "sg_page": "page",
    "skb_shinfo": "skb_shared_info",
    "virt_to_folio": "folio",
    "pfn_folio": "folio",
    "virt_to_slab": "slab",
    "page_slab": "slab",
    "folio_slab": "slab",
    "pte_page": "page",
    "pmd_page": "page",
    "vmalloc_to_page": "page",
    "page_ptdesc": "ptdesc",
    "virt_to_ptdesc": "ptdesc",
    "current": "task_struct",
}


class Paths(Graphing):
    """Names what expressions are."""

    def text(self, node: Node) -> str:
        """Return the source text of a node; a variable that hides another has a name of its own."""
        said = self.data[node.start_byte + self.delta : node.end_byte + self.delta].decode("utf-8", "replace")
        return self.renamed.get(said, said) if self.renamed and node.type == "identifier" else said

    def operator(self, node: Node) -> str:
        """Return the operator of an expression, or of an access to a member; empty when it has none."""
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
            name = self.text(function)
            return "." + self.pointer_to_function(name) if self._held(name) else name
        if function.type == "parenthesized_expression" and function.named_child_count == 1:
            inner = function.named_children[0]
            if inner.type == "pointer_expression" and inner.named_children:
                inner = inner.named_children[-1]
            function = inner
            if function.type == "identifier" and self._held(self.text(function)):
                return "." + self.pointer_to_function(self.text(function))
        if function.type == "field_expression":
            key = self.member_key(self.path(function, {}))
            return "." + key if key else ""
        return ""

    def _held(self, name: str) -> bool:
        """Whether a name that is called is a variable."""
        if name in self.types:
            return True
        return name in self.globals and name not in self.functions and not self.globals[name][2]

    def pointer_to_function(self, path: str) -> str:
        """Return how the pointer at `path` is spelt: `(F)#N` a parameter, `(F)NAME` a local, `(g)NAME` a global."""
        if "." in path:
            return self.member_key(path)
        if path in self.params:
            return f"({self.name})#{self.params[path]}"
        if path in self.types:
            return f"({self.name}){path}"
        return f"(g){path}" if path in self.globals else ""

    def points(self, path: str, value: Node) -> None:
        """Note which functions the pointer at `path` may point to, now that it was assigned `value`."""
        target = self.pointer_to_function(path)
        if not target:
            return
        for node in self._choices(value):
            if node.type == "identifier":
                name = self.text(node)
                if self.names_function(name):
                    self.out.stored.append((target, name))
                    continue
            source = self.pointer_to_function(self.path(node, {}))
            if source and source != target:
                known = path in self.callable or self.path(node, {}) in self.callable
                self.out.aliases.append((target, source, known))

    def names_function(self, name: str) -> bool:
        """Whether a name that is no variable is a function: of the file, or one that has a signature."""
        if name in self.types:
            return False
        return name in self.functions or (name in self.words.known and name not in self.globals)

    def _choices(self, node: Node) -> list[Node]:
        """Return the lvalues and names that an expression may be the value of."""
        kind = node.type
        if kind in ("identifier", "field_expression"):
            return [node]
        if kind == "conditional_expression":
            sides = (node.child_by_field_name("consequence"), node.child_by_field_name("alternative"))
            return [found for side in sides if side is not None for found in self._choices(side)]
        inner: Node | None = None
        if kind == "cast_expression":
            inner = node.child_by_field_name("value")
        elif kind == "pointer_expression" and self.operator(node) == "&":
            inner = node.child_by_field_name("argument")
        elif kind == "parenthesized_expression" and node.named_child_count == 1:
            inner = node.named_children[0]
        return self._choices(inner) if inner is not None else []

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

    def path(self, node: Node, env: Env) -> str:
        """Return the lvalue that an expression is, as text; empty when it is none that can be told again."""
        found = self._path(node, env)
        self.spoken_of(found)
        return found

    def spoken_of(self, path: str) -> None:
        """Note what a path that is more than a name is a part of: when that changes, nothing is known of the path."""
        while path not in self.compound and not path.isidentifier():
            self.compound.add(path)
            cut = max(path.rfind("."), path.rfind("["))
            if cut < 0:
                return
            self.below.setdefault(path[:cut], []).append(path)
            if path[cut] == "[":
                self.below.setdefault(path[cut + 1 : -1], []).append(path)
            path = path[:cut]

    def _path(self, node: Node, env: Env) -> str:
        kind = node.type
        if kind == "identifier":
            name = self.text(node)
            return (
                ""
                if name in _CONSTANTS
                or (name.isupper() and name not in self.types and name not in self.globals)
                else name
            )
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
                    if name not in self.words.arrays:
                        return self._plain(base) + "[]"
                    self.arrays_of[f"{base}.{name}"] = base
            if name in self.words.transparent and self._encloses(argument):
                return base
            if base[-1:] == "]" and base[-2:] != "[]" and self.operator(node) == "->":
                self.pointed.add(base)
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
            if base in self.arrays_of:
                return self._plain(self.arrays_of[base]) + "[]"
            said = self.text(index)
            return f"{base}[{said if _SIMPLE.fullmatch(said) else '?'}]"
        if kind == "pointer_expression":
            argument = node.child_by_field_name("argument")
            if argument is None:
                return ""
            base = self.path(argument, env)
            if self.operator(node) == "&":
                if base and self._reached(argument, env) == base:
                    return base
                return "&" + base if base and not base.startswith("&") else ""
            return base[1:] if base.startswith("&") else base + "[]" if base else ""
        if kind == "call_expression":
            name = self.callee(node)
            arguments = self.arguments(node)
            same = self.words.same.get(name)
            if same is None:
                same = self.words.per_cpu.get(name)
            self.note_per_cpu(name, arguments)
            if same is not None and same < len(arguments):
                return self.path(arguments[same], env)
            inside = self.words.inside.get(name)
            if inside is not None and inside < len(arguments):
                base = self.path(arguments[inside], env)
                return self._plain(base.removeprefix("&")) + "[]" if base else ""
            if name in UNWRAPPED and arguments:
                return self.path(arguments[0], env)
        return ""

    def _reached(self, node: Node, env: Env) -> str:
        """Return the path of the pointer by which a member is reached, nothing for what is no `pointer->member`.

        `&m->iter` is the pointer m itself where `m->iter` stands for what m contains.
        """
        if node.type != "field_expression" or self.operator(node) != "->":
            return ""
        pointer = node.child_by_field_name("argument")
        return self.path(pointer, env) if pointer is not None else ""

    def note_per_cpu(self, name: str, arguments: list[Node]) -> None:
        """`per_cpu(x, cpu)`, `this_cpu_ptr(&x)`: x is a variable of which each CPU has one."""
        at = self.words.per_cpu.get(name, len(arguments))
        if at < len(arguments):
            variable = self.path(arguments[at], {})
            if name not in self.words.same:
                variable = variable[1:] if variable.startswith("&") else ""
            if variable.isidentifier() and variable not in self.types:
                self.per_cpu.add(variable)

    def _encloses(self, node: Node) -> bool:
        """Whether a struct is one whose member holds what it contains itself; what is unknown may be."""
        declared = self.type_of(node)
        return not declared or "." in declared or declared in CONTAINERS or declared == "address_space"

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
        return local is None or local[1] > 0 or local[0] not in SCALARS
