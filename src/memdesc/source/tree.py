"""Syntax trees of single items."""

import re

import tree_sitter
import tree_sitter_c

from memdesc.source.text import Item, Source, shape

_LANGUAGE = tree_sitter.Language(tree_sitter_c.language())
_STATEMENT = re.compile(rb"\s*+(?:do|if|for|while|switch|goto|return|\{|asm|__asm__)\b|\s*+[;{]")
_UNTYPED = re.compile(rb"[\s*]*+[A-Za-z_]\w*+\s*+\(")

EFFORTS = (0, 1, 2, 3)
_LARGE = 1 << 20

# What makes a macro's replacement text the body of a function.
_AS_EXPRESSION = (b"void m(){return ", b";}")
_AS_STATEMENTS = (b"void m(){", b";}")
_AS_DECLARATIONS = (b"", b";")
_AS_INITIALISER = (b"int m[]={", b"};")


class Reader:
    """Parses items; holds the one parser of a process."""

    __slots__ = ("_parser",)

    def __init__(self) -> None:
        self._parser = tree_sitter.Parser(_LANGUAGE)

    def tree(self, source: Source, item: Item) -> tuple[tree_sitter.Tree, int]:
        """Return the item's tree and what to add to a node's start_byte to get its byte offset in the file.

        A macro's replacement text is wrapped as the body of a function (`return EXPRESSION;` or statements).
        When something does not parse, heavier reshaping is tried; `root_node.has_error` of the result tells
        whether anything was lost after all.
        """
        if item.role == "macro":
            return self._macro(source, item)
        first: tree_sitter.Tree | None = None
        delta = item.start
        # No code is that long; what is, should not be parsed four times.
        for effort in EFFORTS if item.end - item.start < _LARGE else EFFORTS[:1]:
            text = shape(source, item, effort)
            prefix = b"void " if item.role == "function" and _UNTYPED.match(text) else b""
            suffix = b"" if item.role == "function" or text.endswith(b";") else b";"
            tree = self._parser.parse(prefix + text + suffix)
            if not tree.root_node.has_error:
                return tree, item.start - len(prefix)
            if first is None:
                first, delta = tree, item.start - len(prefix)
        assert first is not None
        return first, delta

    def expansion(self, text: bytes) -> tuple[tree_sitter.Tree, int]:
        """Return the tree of what a macro stands for, an expression or statements, as a function's body, and what to
        add to a node's start_byte to get its offset in `text`."""
        prefix, suffix = _AS_STATEMENTS
        return self._parser.parse(prefix + text + b";" + suffix), -len(prefix)

    def _macro(self, source: Source, item: Item) -> tuple[tree_sitter.Tree, int]:
        first: tuple[tree_sitter.Tree, int] | None = None
        for effort in (0, 1):
            body = shape(source, item, effort)[item.body - item.start :]
            wraps = [_AS_EXPRESSION, _AS_STATEMENTS, _AS_DECLARATIONS, _AS_INITIALISER]
            if _STATEMENT.match(body) or b";" in body.rstrip()[-1:]:
                wraps = [_AS_STATEMENTS, _AS_DECLARATIONS, _AS_EXPRESSION, _AS_INITIALISER]
            for prefix, suffix in wraps:
                tree = self._parser.parse(prefix + body + suffix)
                result = tree, item.body - len(prefix)
                if not tree.root_node.has_error:
                    return result
                if first is None:
                    first = result
        assert first is not None
        return first
