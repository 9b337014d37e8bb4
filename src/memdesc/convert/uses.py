"""One parameter of one function: what becomes of its declaration and of each of its uses."""

import re
from dataclasses import dataclass, field

from tree_sitter import Node

from memdesc.convert.correspondences import Correspondences
from memdesc.convert.edits import Edit
from memdesc.convert.model import Reason, Refused
from memdesc.convert.parsed import Function, arguments, walk
from memdesc.convert.paths import always
from memdesc.places import Span

_DECLARED = re.compile(rb"(?:const\s+)?struct\s+(page)\s*\*\s*(\w+)")
_ASSERTION = re.compile(r"[A-Z_]*(?:BUG|WARN|ASSERT)[A-Z_]*|IS_ERR|IS_ERR_OR_NULL")
_VALUES = frozenset(
    [
        "return_statement",
        "init_declarator",
        "initializer_list",
        "initializer_pair",
        "cast_expression",
        "comma_expression",
    ]
)
_TESTS = frozenset(["if_statement", "while_statement", "do_statement", "for_statement"])


@dataclass(frozen=True, slots=True)
class Handed:
    """A use as an argument: `edit` holds as long as the parameter at (function, index) stays a page."""

    function: str
    index: int
    edit: Edit


@dataclass(slots=True)
class Body:
    """What becomes of a parameter in one definition of its function.

    Attributes: name, renamed: of the parameter, before and after. edits: that are made in any case. handed: where it
    is handed on. useful: something there is written for folios. reads: what it points to is read somewhere, and
    `certain`: by every call. tests: it is compared with NULL.
    """

    function: Function
    name: bytes
    renamed: bytes
    edits: list[Edit] = field(default_factory=list)
    handed: list[Handed] = field(default_factory=list)
    useful: bool = False
    reads: bool = False
    certain: bool = False
    tests: bool = False

    @property
    def page(self) -> bytes:
        """The expression that is the page again."""
        return b"&" + self.renamed + b"->page"


def plan(function: Function, index: int, known: Correspondences) -> Body:
    """Return what becomes of parameter `index`. Raises: Refused: it cannot be converted."""
    parameters = function.parameters
    if index >= len(parameters):
        raise Refused(Reason.NOT_FOUND)
    match = _DECLARED.fullmatch(function.text(parameters[index]))
    if match is None:
        raise Refused(Reason.NOT_FOUND)
    name = match[2]
    own = local(function, name)
    renamed = own[0] if own else name.replace(b"page", b"folio")
    body = Body(function, name, renamed)
    if own is None and renamed != name and re.search(rb"\b" + renamed + rb"\b", function.whole):
        raise Refused(Reason.NAME_TAKEN, renamed.decode("latin-1"))
    start = function.span(parameters[index]).start
    body.edits.append(Edit(Span(start + match.start(1), start + match.end(1)), b"folio"))
    if renamed != name:
        body.edits.append(Edit(Span(start + match.start(2), start + match.end(2)), renamed))
        body.edits += _documented(function, name, renamed)
    left_out = own[1] if own else Span(0, 0)
    if own:
        body.edits.append(Edit(left_out, b""))
        body.useful = body.reads = body.certain = True
    uses = [
        node
        for node in walk(function.body)
        if node.type == "identifier"
        and function.text(node) == name
        and function.span(node).start not in left_out
    ]
    _all_seen(function, name, {function.span(node).start for node in uses}, left_out)
    for use in uses:
        _use(body, use, known)
    body.certain &= not re.search(rb"^[ \t]*#", function.whole, re.M)  # a use may be left out
    return body


def is_page(function: Function, index: int) -> bool:
    """Whether parameter `index` is declared as a page."""
    listed = function.parameters
    return index < len(listed) and _DECLARED.fullmatch(function.text(listed[index])) is not None


def local(function: Function, name: bytes) -> tuple[bytes, Span] | None:
    """Return the local folio that is made of the parameter once and for all, and the lines that declare it."""
    declaration = re.compile(rb"struct\s+folio\s*\*\s*(\w+)\s*=\s*page_folio\(\s*" + name + rb"\s*\)\s*;")
    for node in function.body.named_children:
        match = declaration.fullmatch(function.text(node)) if node.type == "declaration" else None
        if match is None:
            continue
        span = function.span(node)
        data = function.source.data
        first = data.rfind(b"\n", 0, span.start) + 1
        last = data.find(b"\n", span.end) + 1
        alone = not data[first : span.start].strip() and not data[span.end : last].strip()
        if not alone or _changes(function, match[1]) or _changes(function, name):
            return None
        above = data[data.rfind(b"\n", 0, max(first - 1, 0)) + 1 : first]
        below = data[last : data.find(b"\n", last) + 1]
        if above.strip() == b"{" and not below.strip():
            last += len(below)  # it was the only declaration
        return match[1], Span(first, last)
    return None


def _changes(function: Function, name: bytes) -> bool:
    """Whether a name is declared twice, assigned, counted on, or its address is taken."""
    declared = 0
    for node in walk(function.body):
        if node.type != "identifier" or function.text(node) != name or node.parent is None:
            continue
        parent = node.parent
        if parent.type in ("pointer_declarator", "init_declarator", "declaration", "array_declarator"):
            declared += parent.type != "init_declarator" or parent.child_by_field_name("declarator") == node
        elif (
            parent.type == "update_expression"
            or (parent.type == "assignment_expression" and parent.child_by_field_name("left") == node)
            or (parent.type == "pointer_expression" and function.text(parent)[:1] == b"&")
        ):
            return True
    return declared > 1


def _documented(function: Function, name: bytes, renamed: bytes) -> list[Edit]:
    """Return the edits of the kernel-doc comment above the function."""
    data = function.source.data
    before = data[: function.item.start].rstrip()
    start = before.rfind(b"/**")
    if not before.endswith(b"*/") or start < 0 or before.find(b"*/", start) != len(before) - 2:
        return []
    found = re.finditer(rb"@(" + name + rb")\b", before[start:])
    return [Edit(Span(start + m.start(1), start + m.end(1)), renamed) for m in found]


def _all_seen(function: Function, name: bytes, seen: set[int], left_out: Span) -> None:
    first = function.span(function.body).start
    masked = function.source.masked
    for each in re.finditer(rb"\b" + name + rb"\b", masked[first : function.item.end]):
        at = first + each.start()
        if at in seen or at in left_out:
            continue
        if not re.search(rb"(?:->|\.|struct)\s*$", masked[max(at - 20, 0) : at]):
            raise Refused(Reason.UNREAD, f"'{name.decode('latin-1')}' in what is not an expression")


def _use(body: Body, use: Node, known: Correspondences) -> None:
    function = body.function
    span = function.span(use)
    parent = use.parent
    if parent is None:
        raise Refused(Reason.UNREAD)
    kind = parent.type
    if kind == "argument_list" and parent.parent is not None and parent.parent.type == "call_expression":
        _argument(body, use, parent.parent, known)
    elif kind == "field_expression":
        _member(body, use, parent, known)
    elif kind == "assignment_expression" and parent.child_by_field_name("left") == use:
        raise Refused(Reason.CHANGED)
    elif kind in ("assignment_expression", *_VALUES):
        body.edits.append(Edit(span, body.page))
    elif _tested(function, use, parent):
        body.tests = True
        body.edits.append(Edit(span, body.renamed))
    elif (
        kind in ("parenthesized_expression", "conditional_expression")
        or function.text(parent)[:1] == b"*"
        or _operator(parent) in ("==", "!=")
    ):
        body.edits.append(Edit(span, body.page))
    else:
        raise Refused(Reason.CHANGED)


def _operator(node: Node) -> str:
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None else ""


def _tested(function: Function, use: Node, parent: Node) -> bool:
    """Whether a use asks if the pointer is NULL."""
    if parent.type == "unary_expression":
        return _operator(parent) == "!"
    if parent.type == "conditional_expression":
        return parent.child_by_field_name("condition") == use
    if parent.type == "parenthesized_expression":
        return parent.parent is not None and parent.parent.type in _TESTS
    if parent.type != "binary_expression":
        return False
    if _operator(parent) in ("==", "!="):
        left, right = parent.child_by_field_name("left"), parent.child_by_field_name("right")
        return function.text(right if left == use else left) in (b"NULL", b"0")
    return _operator(parent) in ("&&", "||")


def _argument(body: Body, use: Node, call: Node, known: Correspondences) -> None:
    function = body.function
    span = function.span(use)
    callee = call.child_by_field_name("function")
    called = function.text(callee).decode("latin-1")
    given = arguments(call)
    index = [n.id for n in given].index(use.id)
    if called == "page_folio" and len(given) == 1:
        body.edits.append(Edit(function.span(call), body.renamed))
        _read(body, use)
        return
    other = known.functions.get((called, index))
    if other is not None and callee is not None and callee.type == "identifier":
        body.edits.append(Edit(function.span(callee), other.encode()))
        body.edits.append(Edit(span, body.renamed))
        _read(body, use)
    elif (exact := known.exact.get((called, index))) is not None and callee is not None:
        body.edits.append(Edit(function.span(callee), exact.encode()))
        body.edits.append(Edit(span, body.renamed))
        body.useful = body.reads = True
    elif len(given) == 1 and (called in ("likely", "unlikely") or _ASSERTION.fullmatch(called)):
        body.tests |= called in ("likely", "unlikely") or called.startswith("IS_ERR")
        body.edits.append(Edit(span, body.renamed))
    else:
        body.handed.append(Handed(called, index, Edit(span, body.page)))


def _member(body: Body, use: Node, parent: Node, known: Correspondences) -> None:
    function = body.function
    span = function.span(use)
    member = parent.child_by_field_name("field")
    if member is None:
        raise Refused(Reason.CHANGED)
    at = function.span(member)
    if function.source.masked[span.end : at.start].strip() != b"->":
        raise Refused(Reason.CHANGED)
    name = function.text(member).decode("latin-1")
    other = known.members.get(name)
    if other is None:
        body.edits.append(Edit(span, body.renamed + b"->page"))
        arrow = function.source.masked.index(b"->", span.end)
        body.edits.append(Edit(Span(arrow, arrow + 2), b"."))
    else:
        body.edits.append(Edit(span, body.renamed))
        if other != name:
            body.edits.append(Edit(at, other.encode()))
    _read(body, use, other is not None)


def _read(body: Body, use: Node, useful: bool = True) -> None:
    body.useful |= useful
    body.reads = True
    body.certain |= always(use, body.function.body)
