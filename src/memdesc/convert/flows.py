"""Where a pointer comes from: the expressions that give a local, a result or an argument its value."""

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass

from tree_sitter import Node

from memdesc.convert.descriptors import FOLIO, Descriptor
from memdesc.convert.edits import Edit
from memdesc.convert.parsed import Function, arguments, walk
from memdesc.convert.uses import Body, own_one
from memdesc.places import Span

_NULL = (b"NULL", b"0")
_MACROS = (b"pfn_to_page", b"virt_to_page", b"nth_page", b"folio_page", b"alloc_page", b"alloc_pages")
"""Macros that give a page. Source: linux/mm.h, linux/gfp.h, asm-generic/memory_model.h."""
_READS = (b"READ_ONCE", b"this_cpu_read", b"raw_cpu_read", b"rcu_dereference")
"""Macros that give what they are given. Source: asm-generic/rwonce.h, linux/percpu-defs.h, linux/rcupdate.h."""
_ERRORS = (b"ERR_PTR", b"ERR_CAST")

Source = tuple[Function, Node]
"""An expression in a function."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is converted, as the boundaries see it.

    Attributes: at: (file, offset of the name of a function) -> what is converted in that function. given: the calls
    whose result is converted, by file. results: function for pages -> function that gives the descriptor. to: the
    type that pages become. untyped: whether an expression is a `void *`, which is any pointer.
    """

    at: Mapping[tuple[str, int], list[Body]]
    given: frozenset[tuple[str, Span]]
    results: Mapping[str, str]
    to: Descriptor = FOLIO
    untyped: Callable[[Function, Node], bool] = lambda *_: False


def leaves(node: Node) -> list[Node]:
    """Return the expressions of which the value of `node` is one."""
    if node.type == "parenthesized_expression" and len(node.named_children) == 1:
        return leaves(node.named_children[0])
    if node.type == "conditional_expression":
        ends = [node.child_by_field_name(name) for name in ("consequence", "alternative")]
        if all(ends):
            return [leaf for end in ends if end is not None for leaf in leaves(end)]
    return [node]


def spans(sources: Iterable[Source]) -> set[tuple[str, Span]]:
    """Return where the leaves of some sources lie, by file."""
    return {(f.file, f.span(leaf)) for f, node in sources for leaf in leaves(node)}


def nothing(function: Function, leaf: Node) -> bool:
    """Return whether an expression is NULL or an error, which is no page."""
    if leaf.type == "call_expression":
        return function.text(leaf.child_by_field_name("function")) in _ERRORS
    return function.text(leaf) in _NULL


def one(around: Around, function: Function, leaf: Node) -> bytes | None:
    """Return the descriptor that a function has already of the page that `leaf` is; NULL is its own."""
    spelt = function.text(leaf)
    if nothing(function, leaf):
        return spelt
    text = b"".join(spelt.split())
    span = function.span(leaf)
    for body in around.at.get((function.file, function.named), ()):
        if body.name == text and span.start in body.scope:
            return body.renamed
    mine = inner(text, around.to)
    if mine is not None and is_one(function, mine, around.to):
        return mine
    local = own_one(function, text, around.to) if re.fullmatch(rb"\w+", text) else None
    if local is not None and local[1].end <= span.start:
        return local[0]
    return None


def inner(text: bytes, to: Descriptor) -> bytes | None:
    """Return the name of which `text`, without spaces, is the page: `&folio->page`, `ptdesc_page(ptdesc)`."""
    ways = [rb"%s\((\w+)\)" % to.back.encode()] if to.back else [rb"&(\w+)->page", rb"folio_page\((\w+),0\)"]
    return next((match[1] for way in ways if (match := re.fullmatch(way, text))), None)


def is_one(function: Function, name: bytes, to: Descriptor) -> bool:
    """Return whether `name` is declared as the descriptor in `function`."""
    pattern = rb"\bstruct\s+%s\s*\*(?:\s*\w+\s*,\s*\*)*\s*%s\b" % (to.tag.encode(), name)
    return re.search(pattern, function.whole) is not None


def paired(around: Around, function: Function, leaf: Node) -> Edit | None:
    """Return the edit that makes a call give the descriptor instead of the page."""
    callee = leaf.child_by_field_name("function") if leaf.type == "call_expression" else None
    if callee is None or callee.type != "identifier":
        return None
    name = function.text(callee).decode("latin-1")
    head = name == "compound_head" and around.to.reads and len(arguments(leaf)) == 1
    other = around.to.of if head else around.results.get(name)
    return Edit(function.span(callee), other.encode()) if other is not None else None


def converter(around: Around, function: Function, leaf: Node) -> bool:
    """Return whether `leaf` needs the converter to be a descriptor."""
    return (
        (function.file, function.span(leaf)) not in around.given
        and one(around, function, leaf) is None
        and paired(around, function, leaf) is None
        and not around.untyped(function, leaf)
    )


def page(function: Function, leaf: Node, pages: Container[bytes]) -> bool:
    """Return whether `leaf` is declared as a page somewhere: page_folio() takes no `void *`.

    Args: pages: the names that headers and the file declare as pages, or as arrays of them.
    """
    if leaf.type == "call_expression":
        given = leaf.child_by_field_name("arguments")
        if re.search(rb"\bstruct\s+page\b", function.text(given)):
            return True  # list_entry(at, struct page, lru)
        called = function.text(leaf.child_by_field_name("function"))
        if called in _READS and len(inside := arguments(leaf)) == 1:
            return page(function, inside[0], pages)
        return called in pages or called in _MACROS
    if leaf.type == "cast_expression":
        return b"".join(function.text(leaf.child_by_field_name("type")).split()) == b"structpage*"
    if leaf.type == "field_expression":
        return function.text(leaf.child_by_field_name("field")) in pages
    if leaf.type == "subscript_expression":
        base = leaf.child_by_field_name("argument")
        return base is not None and (base.type == "identifier" or page(function, base, pages))
    return True


def of_head(function: Function, leaf: Node) -> bool:
    """Return whether an expression looks for the head of a page, which then may be a tail."""
    called = leaf.child_by_field_name("function") if leaf.type == "call_expression" else None
    return called is not None and function.text(called) == b"compound_head"


def untyped(function: Function, leaf: Node, voids: Container[bytes]) -> bool:
    """Return whether `leaf` is declared as a `void *`, and nowhere as something else.

    Args: voids: the names that headers and the file declare so, and not as pages as well.
    """
    if leaf.type == "call_expression":
        return function.text(leaf.child_by_field_name("function")) in voids
    if leaf.type == "field_expression":
        return function.text(leaf.child_by_field_name("field")) in voids
    if leaf.type == "subscript_expression":
        base = leaf.child_by_field_name("argument")
        name = re.escape(function.text(base))
        plain = base is not None and base.type == "identifier"
        return plain and _declared(function, rb"\*\s*%s\b|%s\s*\[" % (name, name))
    return leaf.type == "identifier" and _declared(
        function, rb"%s\b(?!\s*\[)" % re.escape(function.text(leaf))
    )


def _declared(function: Function, name: bytes) -> bool:
    return re.search(rb"\bvoid\s*\*\s*(?:%s)" % name, function.whole) is not None


def boundary(around: Around, function: Function, node: Node) -> list[Edit]:
    """Return the edits that make a source give a descriptor."""
    edits: list[Edit] = []
    for leaf in leaves(node):
        span = function.span(leaf)
        if (function.file, span) in around.given:
            continue
        mine = one(around, function, leaf)
        if mine is not None:
            edits += [Edit(span, mine)] if mine != function.text(leaf) else []
        elif (edit := paired(around, function, leaf)) is not None:
            edits.append(edit)
        elif not around.untyped(function, leaf):
            edits += [
                Edit(Span(span.start, span.start), around.to.of.encode() + b"("),
                Edit(Span(span.end, span.end), b")"),
            ]
    return edits


def simple(node: Node) -> bool:
    """Return whether a source is understood: its edits cannot meet those of a call inside."""
    return all(
        leaf.type in ("identifier", "null", "number_literal")
        or (leaf.type == "call_expression" and _named(leaf.child_by_field_name("function")))
        or (leaf.type == "assignment_expression" and _plain(leaf))
        or (
            leaf.type in ("field_expression", "subscript_expression", "pointer_expression", "cast_expression")
            and not any(n.type in ("call_expression", "assignment_expression") for n in walk(leaf))
        )
        for leaf in leaves(node)
    )


def _plain(assignment: Node) -> bool:
    """Whether a name is assigned something that is understood: `a = b = f()`."""
    left, right = assignment.child_by_field_name("left"), assignment.child_by_field_name("right")
    operator = assignment.child_by_field_name("operator")
    return (
        left is not None
        and left.type == "identifier"
        and operator is not None
        and operator.type == "="
        and right is not None
        and simple(right)
    )


def _named(callee: Node | None) -> bool:
    return callee is not None and callee.type == "identifier"
