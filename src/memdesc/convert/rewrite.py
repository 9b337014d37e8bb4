"""Turns parameters `struct page *` of static functions into `struct folio *`, and the calls of these functions.

What is converted is a set of parameters of one file, each of which inference says is always a folio. Inside, what
has a correspondence is replaced by it, and every other use of the pointer's value becomes `&folio->page`, which is
the same address. A caller hands on `page_folio(page)`, or its own folio. Whatever cannot be understood in full is
refused with a reason and stays as it is.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from tree_sitter import Node

from memdesc.convert.correspondences import Correspondences
from memdesc.convert.edits import Edit
from memdesc.places import Span
from memdesc.source.text import Item, Source, split
from memdesc.source.tree import Reader

_NOT_ALWAYS = frozenset(
    [
        "for_statement",
        "do_statement",
        "case_statement",
        "labeled_statement",
        "sizeof_expression",
        "typeof",
        "gnu_asm_expression",
    ]
)


class Reason(StrEnum):
    """Why a parameter stays a page."""

    NOT_STATIC = "the function is not static: who calls it is not in this file"
    NOT_FOUND = "its declaration cannot be edited alone"
    UNREAD = "the function does not parse as it is written"
    DIRECTIVE = "the function has preprocessor directives"
    CHANGED = "the pointer is assigned, counted on or its address is taken"
    NAME_TAKEN = "the new name is in use in the function"
    PAGE_MEMBER = "a member of struct page that no member of struct folio stands for"
    MAYBE_NULL = "nothing shows that it is never NULL: page_folio() reads what it is given"
    ESCAPES = "the function is used other than by a call, or a call stands in a macro"
    NOTHING = "nothing in the function is written for folios"


@dataclass(frozen=True, slots=True)
class Target:
    """A parameter to convert: `index` from 0."""

    function: str
    index: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A parameter that stays, and the reason."""

    target: Target
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What was made of one file: the edits, the parameters that they convert, and those that stay."""

    edits: tuple[Edit, ...]
    converted: tuple[Target, ...]
    refused: tuple[Refusal, ...]


class _Refused(Exception):
    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


@dataclass(slots=True)
class _Function:
    item: Item
    root: Node
    delta: int
    declarator: Node
    body: Node
    name: str


@dataclass(slots=True)
class _Plan:
    """How one parameter is converted.

    Attributes: uses: occurrences of the parameter by offset in the file. edits: by span; `handed` are those at
    arguments of calls (function, index) -> the edits to make when that parameter is converted as well.
    """

    function: _Function
    name: bytes
    renamed: bytes
    edits: list[Edit]
    handed: dict[tuple[str, int], list[tuple[Span, Edit]]]


def rewrite(data: bytes, targets: Collection[Target], known: Correspondences) -> Rewritten:
    """Return the edits that convert as many of `targets`, parameters of functions defined in `data`, as is right."""
    if not targets:
        return Rewritten((), (), ())
    source = split(data)
    functions, unread = _functions(source)
    plans: dict[Target, _Plan] = {}
    refused: list[Refusal] = []
    for target in sorted(set(targets), key=lambda t: (t.function, t.index)):
        try:
            found = [f for f in functions if f.name == target.function]
            if len(found) != 1 or target.function in unread:
                raise _Refused(Reason.UNREAD if target.function in unread else Reason.NOT_FOUND)
            plans[target] = _plan(source, found[0], target, known)
        except _Refused as no:
            refused.append(Refusal(target, no.reason, no.detail))
    calls: dict[Target, list[tuple[_Function, Node]]] = {}
    for target in list(plans):
        try:
            calls[target] = _calls(source, functions, target)
        except _Refused as no:
            del plans[target]
            refused.append(Refusal(target, no.reason, no.detail))
    edits = [edit for plan in plans.values() for edit in plan.edits]
    for target in plans:
        for caller, argument in calls[target]:
            edits += _boundary(plans, caller, argument, edits)
    order = sorted(refused, key=lambda r: (r.target.function, r.target.index))
    return Rewritten(tuple(edits), tuple(plans), tuple(order))


def _functions(source: Source) -> tuple[list[_Function], set[str]]:
    """Return the functions of a file that parse as written, and the names of the others."""
    reader = Reader()
    found: list[_Function] = []
    unread: set[str] = set()
    for item in source.items:
        if item.role != "function":
            continue
        tree, delta = reader.tree(source, item)
        definition = next((n for n in _walk(tree.root_node) if n.type == "function_definition"), None)
        declarator = _first(definition, "function_declarator") if definition else None
        body = definition.child_by_field_name("body") if definition else None
        named = declarator.child_by_field_name("declarator") if declarator else None
        if definition is None or declarator is None or body is None or named is None:
            continue
        name = _text(source, named, delta).decode("utf-8", "replace")
        if tree.root_node.has_error:
            unread.add(name)
        found.append(_Function(item, definition, delta, declarator, body, name))
    return found, unread


def _plan(source: Source, function: _Function, target: Target, known: Correspondences) -> _Plan:
    head = source.masked[function.item.start : function.item.body]
    if not re.search(rb"\bstatic\b", head):
        raise _Refused(Reason.NOT_STATIC)
    whole = source.masked[function.item.start : function.item.end]
    if re.search(rb"^[ \t]*#", whole, re.M):
        raise _Refused(Reason.DIRECTIVE)
    listed = function.declarator.child_by_field_name("parameters")
    parameters = [n for n in listed.named_children if n.type == "parameter_declaration"] if listed else []
    if target.index >= len(parameters):
        raise _Refused(Reason.NOT_FOUND)
    parameter = parameters[target.index]
    text = _text(source, parameter, function.delta)
    match = re.fullmatch(rb"struct (page)\s*\*\s*(\w+)", text)
    if match is None:
        raise _Refused(Reason.NOT_FOUND)
    name = match[2]
    renamed = name.replace(b"page", b"folio") if b"page" in name else name
    if renamed != name and re.search(rb"\b" + renamed + rb"\b", whole):
        raise _Refused(Reason.NAME_TAKEN, renamed.decode())
    start = parameter.start_byte + function.delta
    plan = _Plan(
        function,
        name,
        renamed,
        [
            Edit(Span(start + match.start(1), start + match.end(1)), b"folio"),
            Edit(Span(start + match.start(2), start + match.end(2)), renamed),
        ],
        {},
    )
    uses = [
        n for n in _walk(function.body) if n.type == "identifier" and _text(source, n, function.delta) == name
    ]
    own = {n.start_byte + function.delta for n in uses}
    first = function.body.start_byte + function.delta
    for each in re.finditer(rb"\b" + name + rb"\b", source.masked[first : function.item.end]):
        at = first + each.start()
        if at not in own and not re.search(rb"(?:->|\.|struct)\s*$", source.masked[:at][-20:]):
            raise _Refused(Reason.UNREAD, f"'{name.decode()}' in what is not an expression")
    useful = certain = False
    for use in uses:
        replaced, reads = _use(source, plan, use, known)
        useful |= replaced
        certain |= reads and _always(use, function.body)
    if not certain:
        raise _Refused(Reason.MAYBE_NULL)
    if not useful:
        raise _Refused(Reason.NOTHING)
    return plan


def _use(source: Source, plan: _Plan, use: Node, known: Correspondences) -> tuple[bool, bool]:
    """Plan the edits of one use; return whether it has a correspondence, and whether it reads the memory."""
    delta = plan.function.delta
    span = Span(use.start_byte + delta, use.end_byte + delta)
    parent = use.parent
    if parent is None:
        raise _Refused(Reason.UNREAD)
    kind = parent.type
    if kind == "argument_list" and parent.parent is not None and parent.parent.type == "call_expression":
        call = parent.parent
        callee = call.child_by_field_name("function")
        called = _text(source, callee, delta) if callee is not None else b""
        index = _position(parent, use)
        if called == b"page_folio" and len(parent.named_children) == 1:
            plan.edits.append(Edit(Span(call.start_byte + delta, call.end_byte + delta), plan.renamed))
            return True, True
        name = called.decode("utf-8", "replace")
        other = known.functions.get((name, index))
        if other is not None and callee is not None and callee.type == "identifier":
            plan.edits.append(Edit(Span(callee.start_byte + delta, callee.end_byte + delta), other.encode()))
            plan.edits.append(Edit(span, plan.renamed))
            return True, True
        plan.edits.append(Edit(span, b"&" + plan.renamed + b"->page"))
        return False, False
    if kind == "field_expression":
        field = parent.child_by_field_name("field")
        member = _text(source, field, delta).decode() if field is not None else ""
        if field is None or source.masked[span.end : field.start_byte + delta].strip() != b"->":
            raise _Refused(Reason.CHANGED)
        if member not in known.members:
            raise _Refused(Reason.PAGE_MEMBER, member)
        plan.edits.append(Edit(span, plan.renamed))
        if known.members[member] != member:
            at = Span(field.start_byte + delta, field.end_byte + delta)
            plan.edits.append(Edit(at, known.members[member].encode()))
        return True, True
    if kind in ("return_statement", "init_declarator") or (
        kind == "assignment_expression" and parent.child_by_field_name("right") == use
    ):
        plan.edits.append(Edit(span, b"&" + plan.renamed + b"->page"))
        return False, False
    if kind == "binary_expression":
        operator = parent.child_by_field_name("operator")
        if operator is not None and operator.type in ("==", "!="):
            other_side = parent.child_by_field_name(
                "left" if parent.child_by_field_name("right") == use else "right"
            )
            if other_side is not None and _text(source, other_side, delta) in (b"NULL", b"0"):
                raise _Refused(Reason.MAYBE_NULL, "it is compared with NULL")
            plan.edits.append(Edit(span, b"&" + plan.renamed + b"->page"))
            return False, False
        if operator is not None and operator.type in ("&&", "||"):
            raise _Refused(Reason.MAYBE_NULL, "it is compared with NULL")
    if kind in ("parenthesized_expression", "unary_expression"):
        raise _Refused(Reason.MAYBE_NULL, "it is compared with NULL")
    raise _Refused(Reason.CHANGED)


def _always(use: Node, body: Node) -> bool:
    """Whether every call of the function comes by `use`, seen from where it stands alone."""
    node = use
    while node.parent is not None and node != body:
        parent = node.parent
        if parent.type in ("if_statement", "while_statement", "switch_statement"):
            if parent.child_by_field_name("condition") != node:
                return False
        elif parent.type in ("binary_expression", "conditional_expression"):
            operator = parent.child_by_field_name("operator")
            lazy = operator is None or operator.type in ("&&", "||")
            if lazy and parent.named_children[0] != node:
                return False
        elif parent.type in _NOT_ALWAYS:
            return False
        elif parent.type == "call_expression" and node.type == "argument_list":
            callee = parent.child_by_field_name("function")
            if callee is None or not re.fullmatch(rb"[a-z_]\w*|Page\w+|\w+Page\w+", callee.text or b""):
                return False  # a macro may drop its argument
            if (callee.text or b"") in (b"sizeof", b"typeof", b"__typeof__"):
                return False
        node = parent
    before = (n for n in _walk(body) if n.start_byte < use.start_byte)
    return not any(n.type in ("return_statement", "goto_statement") for n in before)


def _calls(source: Source, functions: list[_Function], target: Target) -> list[tuple[_Function, Node]]:
    """Return the arguments that are handed to `target` in its file, with their functions.

    Raises: _Refused: the name also stands where it cannot be edited.
    """
    name = target.function.encode()
    seen: set[int] = set()
    found = []
    for function in functions:
        named = function.declarator.child_by_field_name("declarator")
        if function.name == target.function and named is not None:
            seen.add(named.start_byte + function.delta)
        for node in _walk(function.body):
            if node.type != "call_expression":
                continue
            callee = node.child_by_field_name("function")
            if callee is None or _text(source, callee, function.delta) != name:
                continue
            listed = node.child_by_field_name("arguments")
            arguments = [n for n in listed.named_children if n.type != "comment"] if listed else []
            if target.index >= len(arguments):
                raise _Refused(Reason.ESCAPES)
            argument = arguments[target.index]
            if _text(source, argument, function.delta) in (b"NULL", b"0"):
                raise _Refused(Reason.MAYBE_NULL, "a caller passes NULL")
            seen.add(callee.start_byte + function.delta)
            found.append((function, argument))
    for match in re.finditer(rb"\b" + name + rb"\b", source.masked):
        if match.start() not in seen:
            raise _Refused(Reason.ESCAPES)
    return found


def _boundary(plans: dict[Target, _Plan], caller: _Function, argument: Node, edits: list[Edit]) -> list[Edit]:
    """Return what makes a folio of an argument that is a page; takes back the edit that made it a page."""
    span = Span(argument.start_byte + caller.delta, argument.end_byte + caller.delta)
    for plan in plans.values():
        page = Edit(span, b"&" + plan.renamed + b"->page")
        if plan.function is caller and page in edits:
            edits.remove(page)
            return [Edit(span, plan.renamed)]
    return [
        Edit(Span(span.start, span.start), b"page_folio("),
        Edit(Span(span.end, span.end), b")"),
    ]


def _position(arguments: Node, use: Node) -> int:
    return [n.id for n in arguments.named_children if n.type != "comment"].index(use.id)


def _text(source: Source, node: Node, delta: int) -> bytes:
    return source.masked[node.start_byte + delta : node.end_byte + delta]


def _first(node: Node, sort: str) -> Node | None:
    return next((n for n in _walk(node) if n.type == sort), None)


def _walk(node: Node) -> Iterator[Node]:
    stack = [node]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(top.children))
