"""What is noted of a call's arguments, and of paths that conditions ask about, as text."""

import re

import tree_sitter

from memdesc.source.facts import Said
from memdesc.source.lvalues import Places

Node = tree_sitter.Node

_ARITHMETIC = frozenset({"+", "-", "*", "<<", ">>"})
_ANY_INDEX = re.compile(r"\[(?!\d+\])")


class Arguments(Places):
    """Tells arguments by their text: what conditions, flags and sizes are compared by."""

    def asked_as(self, path: str, node: Node | None = None) -> str:
        """Return how a condition on `path` is spelt: by the struct's name where it is a member.

        A member of an element that an index names is spelt so for this function alone.

        Args: node: where it is asked; without it, as if the function did not assign the member.
        """
        root, dot, rest = path.partition(".")
        declared = self.types.get(root)
        if dot and declared and declared[0] and declared[0] not in ("void", "int"):
            if _ANY_INDEX.search(rest):  # another function's index is another
                return f"{self.dated(path)}:{declared[0]}.{rest}"
            mark = self.moments.mark(rest.rpartition(".")[2], self.at(node)) if node is not None else ""
            return f"{self.dated(path)}~{mark}:{path}" if mark.isdigit() else f"{declared[0]}.{rest}{mark}"
        return f"{self.dated(path)}:{path}"

    def constants(self, arguments: list[Node]) -> Said:
        """Return the arguments that are constants, or parameters of this function: they decide conditions there."""
        said = []
        for n, argument in enumerate(arguments):
            if argument.type in ("number_literal", "true", "false", "null"):
                said.append((n, self.text(argument)))
            elif argument.type == "identifier":
                word = self.text(argument)
                if word.isupper() or (word in self.params and not self.types[word][1]):
                    said.append((n, word))
        return tuple(said)

    def said(self, node: Node) -> str:
        """Return an argument's words for conditions, the path's own text first."""
        path = self.path(node, {}).removeprefix("&")
        flags = (
            " ".join(v for k, v in self.flagged.items() if k == path or k.startswith(path + "."))
            if path
            else ""
        )
        return f"{self.text(node)[:60]}\0{flags or self.words_of(node)}"

    def size(self, node: Node) -> str:
        """Return an argument that says how much is allocated or freed: its text, and what can be compared."""
        return f"{self.text(node)[:60]}\0{self.measure(node)}"

    def measure(self, node: Node) -> str:
        """Return an expression so that equal texts are equal values, empty where that cannot be told."""
        kind = node.type
        if node.end_byte - node.start_byte > 120:
            return ""
        if kind == "number_literal":
            return self.text(node).rstrip("uUlL")
        if kind == "identifier":
            name = self.text(node)
            if name in self.types:
                known = self.flagged.get(name, "")
                once = known.isdigit() and self.stores.get(name, 0) < 2
                return known if once else f"{self.dated(name)}:{name}"
            return name
        if kind == "field_expression":
            path = self.path(node, {})
            return self.asked_as(path) if path else ""
        if kind == "sizeof_expression":
            return "".join(self.text(node).split())
        if kind == "binary_expression" and self.operator(node) in _ARITHMETIC:
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            one = self.measure(left) if left is not None else ""
            other = self.measure(right) if right is not None else ""
            return f"({one}{self.operator(node)}{other})" if one and other else ""
        if kind in ("cast_expression", "parenthesized_expression"):
            inner = node.child_by_field_name("value") or node.named_children[-1]
            return self.measure(inner)
        if kind == "call_expression" and self.callee(node) in ("get_order", "PAGE_ALIGN"):
            inside = [self.measure(argument) for argument in self.arguments(node)]
            return f"{self.callee(node)}({inside[0]})" if len(inside) == 1 and inside[0] else ""
        return ""
