"""One parameter of one function: what becomes of its declaration and of each of its uses."""

import re
from dataclasses import dataclass, field

from tree_sitter import Node

from memdesc.convert.correspondences import Correspondences
from memdesc.convert.descriptors import Descriptor
from memdesc.convert.edits import Edit
from memdesc.convert.model import Reason, Refused
from memdesc.convert.parsed import Function, arguments, walk
from memdesc.convert.paths import always
from memdesc.places import Span

_DECLARED = re.compile(rb"(?:const\s+)?struct\s+(page)\s*\*\s*(\w+)")
_ASSERTION = re.compile(r"[A-Z_]*(?:BUG|WARN|ASSERT)[A-Z_]*")
_ERRORS = frozenset(["IS_ERR", "IS_ERR_OR_NULL", "PTR_ERR", "PTR_ERR_OR_ZERO", "ERR_CAST"])
_FLOWS = frozenset(
    ["return_statement", "init_declarator", "conditional_expression", "parenthesized_expression"]
)
"""What hands a value on to what may be converted, too."""
_VALUES = frozenset(["initializer_list", "initializer_pair", "comma_expression"])
_TESTS = frozenset(["if_statement", "while_statement", "do_statement", "for_statement"])


_WALK = re.compile(rb"list_for_each_entry\w*")
_TAG = re.compile(rb"\bstruct\s+$")
_ANYWHERE = Span(0, 1 << 62)
_PAGE = "structpage*"


@dataclass(frozen=True, slots=True)
class Handed:
    """A use that hands the pointer on: `edit` holds as long as what receives it stays a page.

    against: where what it is compared with stands; `alike` holds where that is converted, too.
    """

    edit: Edit
    against: Span | None = None
    alike: Edit | None = None


@dataclass(slots=True)
class Body:
    """What becomes of a parameter or a local in one definition of its function.

    Attributes: name, renamed: before and after. edits: that are made in any case. handed: where it is handed on.
    useful: something there is written for folios. reads: what it points to is read somewhere, and `certain`: by
    every call. tests: it is compared with NULL. scope: where the name means it. gains, pages: how many uses have a
    form for folios, and how many need the page again. given, sources: expressions that are a descriptor now, and
    pages that are stored where one is. partners: what walks a list together with it; itself, where nothing does.
    named: it is a name; if not, an access to a member, which `scope` spans and which stays. passed: the functions,
    with the position of the argument, to which every call hands it on.
    """

    function: Function
    name: bytes
    renamed: bytes
    to: Descriptor
    edits: list[Edit] = field(default_factory=list)
    handed: list[Handed] = field(default_factory=list)
    useful: bool = False
    reads: bool = False
    certain: bool = False
    tests: bool = False
    scope: Span = _ANYWHERE
    gains: int = 0
    pages: int = 0
    given: list[Node] = field(default_factory=list)
    sources: list[Node] = field(default_factory=list)
    partners: list[bytes] = field(default_factory=list)
    named: bool = True
    passed: set[tuple[str, int]] = field(default_factory=set)

    @property
    def page(self) -> bytes:
        """The expression that is the page again."""
        return self.to.page(self.renamed)

    def placed(self, edit: Edit) -> list[Edit]:
        """Return an edit as it is made: an access stays, and what is put around it is inserted."""
        if self.named or edit.span != self.scope or not self.renamed:
            return [edit]
        before, _, after = edit.text.partition(self.renamed)
        sides = ((edit.span.start, before), (edit.span.end, after))
        return [Edit(Span(at, at), text) for at, text in sides if text]


def plan(function: Function, index: int, known: Correspondences) -> Body:
    """Return what becomes of parameter `index`. Raises: Refused: it cannot be converted."""
    parameters = function.parameters
    if index >= len(parameters):
        raise Refused(Reason.NOT_FOUND)
    match = _DECLARED.fullmatch(function.text(parameters[index]))
    if match is None:
        raise Refused(Reason.NOT_FOUND)
    name = match[2]
    own = own_one(function, name, known.to)
    renamed = own[0] if own else known.to.named(name)
    body = Body(function, name, renamed, known.to)
    if own is None and renamed != name and re.search(rb"\b" + renamed + rb"\b", function.whole):
        raise Refused(Reason.NAME_TAKEN, renamed.decode("latin-1"))
    body.scope = Span(function.item.start, function.item.end)
    start = function.span(parameters[index]).start
    body.edits += retyped(match, start, renamed, known.to)
    if renamed != name:
        body.edits += _documented(function, name, renamed)
    left_out = own[1] if own else Span(0, 0)
    if own:
        body.edits.append(Edit(left_out, b""))
        body.useful = body.reads = body.certain = True
        body.gains += 1
    uses = [
        node
        for node in walk(function.body)
        if is_name(function, node, name) and function.span(node).start not in left_out
    ]
    all_seen(function, name, {function.span(node).start for node in uses}, left_out)
    assigned = False
    for each in uses:
        parent = each.parent
        if (
            parent is not None
            and parent.type == "assignment_expression"
            and parent.child_by_field_name("left") == each
        ):
            _assigned(body, each, parent)
            assigned = True
        else:
            use(body, each, known)
    if body.partners:
        raise Refused(Reason.CHANGED, "it walks a list")
    if assigned:  # what is read may be another page than the one that came in
        body.certain = body.reads = False
        body.passed.clear()
    if re.search(rb"^[ \t]*#", function.whole, re.M):  # a use may be left out
        body.certain = False
        body.passed.clear()
    return body


def is_name(function: Function, node: Node, name: bytes) -> bool:
    """Whether a node is the name of a variable; a macro's argument `struct page` reads as one, and is none."""
    if node.type != "identifier" or function.text(node) != name:
        return False
    at = function.span(node).start
    return _TAG.search(function.source.masked[max(at - 20, 0) : at]) is None


def retyped(match: re.Match[bytes], start: int, renamed: bytes, to: Descriptor) -> list[Edit]:
    """Return the edits of a declaration whose tag is group 1 and whose name is group 2, with no space after `*`."""
    edits = [Edit(Span(start + match.start(1), start + match.end(1)), to.tag.encode())]
    star = match[0].index(b"*", match.end(1) - match.start()) + match.start()
    if renamed and (renamed != match[2] or match.start(2) != star + 1):
        edits.append(Edit(Span(start + star + 1, start + match.end(2)), renamed))
    return edits


def is_page(function: Function, index: int) -> bool:
    """Whether parameter `index` is declared as a page."""
    listed = function.parameters
    return index < len(listed) and _DECLARED.fullmatch(function.text(listed[index])) is not None


def own_one(function: Function, name: bytes, to: Descriptor) -> tuple[bytes, Span] | None:
    """Return the local descriptor that is made of a pointer once and for all, and what declares it: lines, or its
    part of a declaration of several."""
    own = re.compile(rb"\*\s*(\w+)\s*=\s*%s\(\s*%s\s*\)" % (to.of.encode(), name))
    for node in function.body.named_children:
        kind = node.child_by_field_name("type") if node.type == "declaration" else None
        if kind is None or function.text(kind).split() != [b"struct", to.tag.encode()]:
            continue
        listed = node.children_by_field_name("declarator")
        for at, declarator in enumerate(listed):
            match = own.fullmatch(function.text(declarator))
            if match is None:
                continue
            span = alone(function, node) if len(listed) == 1 else _among(function, listed, at)
            if span is None or changes(function, match[1]) or changes(function, name):
                return None
            return match[1], span
    return None


def _among(function: Function, listed: list[Node], at: int) -> Span:
    """Return what to leave out of a declaration so that one of several names is not declared."""
    mine = function.span(listed[at])
    if at:
        return Span(function.span(listed[at - 1]).end, mine.end)
    return Span(mine.start, function.span(listed[1]).start)


def alone(function: Function, declaration: Node) -> Span | None:
    """Return the lines that a declaration has for itself, with the empty one below if it is the only one."""
    span = function.span(declaration)
    data = function.source.data
    first = data.rfind(b"\n", 0, span.start) + 1
    last = data.find(b"\n", span.end) + 1
    if data[first : span.start].strip() or data[span.end : last].strip():
        return None
    above = data[data.rfind(b"\n", 0, max(first - 1, 0)) + 1 : first]
    below = data[last : data.find(b"\n", last) + 1]
    if above.strip() == b"{" and not below.strip():
        last += len(below)
    return Span(first, last)


def changes(function: Function, name: bytes) -> bool:
    """Return whether a name is declared twice, assigned, counted on, or its address is taken."""
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


def all_seen(
    function: Function, name: bytes, seen: set[int], left_out: Span, scope: Span | None = None
) -> None:
    """Raises: Refused: the name stands where no expression is (`seen`: where one is)."""
    scope = scope or function.span(function.body)
    masked = function.source.masked
    for each in re.finditer(rb"\b" + name + rb"\b", masked[scope.start : scope.end]):
        at = scope.start + each.start()
        if at in seen or at in left_out:
            continue
        if not re.search(rb"(?:->|\.|struct)\s*$", masked[max(at - 20, 0) : at]):
            raise Refused(Reason.UNREAD, f"'{name.decode('latin-1')}' in what is not an expression")


def use(body: Body, use: Node, known: Correspondences) -> None:
    """Add what becomes of one use. Raises: Refused: it cannot be converted."""
    function = body.function
    span = function.span(use)
    parent = use.parent
    if parent is None:
        raise Refused(Reason.UNREAD)
    kind = parent.type
    walked = _walked(function, use) if kind == "comma_expression" else None
    if walked is not None:
        _walks(body, use, *walked, known)
    elif kind == "argument_list" and parent.parent is not None and parent.parent.type == "call_expression":
        _argument(body, use, parent.parent, known)
    elif kind == "field_expression":
        _member(body, use, parent, known)
    elif kind == "assignment_expression" and parent.child_by_field_name("left") == use:
        raise Refused(Reason.CHANGED)
    elif _tested(function, use, parent):
        body.tests = True
        body.edits.append(Edit(span, body.renamed))
    elif kind == "assignment_expression" or kind in _FLOWS or kind == "cast_expression":
        body.handed.append(Handed(Edit(span, body.page)))
    elif _operator(parent) in ("==", "!="):
        left, right = parent.child_by_field_name("left"), parent.child_by_field_name("right")
        other = right if left == use else left
        against = function.span(other) if other is not None else None
        body.handed.append(Handed(Edit(span, body.page), against, Edit(span, body.renamed)))
    elif kind in _VALUES or function.text(parent)[:1] == b"*":
        body.edits.append(Edit(span, body.page))
        body.pages += 1
    else:
        raise Refused(Reason.CHANGED)


def _assigned(body: Body, node: Node, parent: Node) -> None:
    """Add what becomes of an assignment to a parameter."""
    value, holder = parent.child_by_field_name("right"), parent.parent
    plain = holder is not None and holder.type in (
        "expression_statement",
        "for_statement",
        "comma_expression",
    )
    if value is None or _operator(parent) != "=" or not plain:
        raise Refused(Reason.CHANGED)
    body.edits.append(Edit(body.function.span(node), body.renamed))
    body.sources.append(value)


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
    if called == body.to.of and len(given) == 1:
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
        body.gains += 1
    elif len(given) == 1 and (called in ("likely", "unlikely", *_ERRORS) or _ASSERTION.fullmatch(called)):
        body.tests |= called in ("likely", "unlikely", *_ERRORS)
        body.edits.append(Edit(span, body.renamed))
    else:
        body.handed.append(Handed(Edit(span, body.page)))
        if callee is not None and callee.type == "identifier" and always(use, function.body):
            body.passed.add((called, index))


def _walked(function: Function, use: Node) -> tuple[str, list[Node]] | None:
    """Return the macro that walks a list and what it is given, if `use` is among that; it reads as a loop."""
    top = use
    while top.parent is not None and top.parent.type in ("comma_expression", "parenthesized_expression"):
        top = top.parent
    loop = top.parent
    match = _WALK.match(function.text(loop)) if loop is not None and loop.type == "while_statement" else None
    if match is None:
        return None
    given, left = [], [top]
    while left:
        node = left.pop()
        if node.type in ("comma_expression", "parenthesized_expression"):
            left.extend(reversed(node.named_children))
        else:
            given.append(node)
    return match[0].decode("latin-1"), given


def _walks(body: Body, use: Node, called: str, given: list[Node], known: Correspondences) -> None:
    """Add a use as the cursor of a list, whose links lie in a member of the descriptor as well."""
    function = body.function
    index = given.index(use)
    cursors = 2 if "_safe" in called else 1
    at = cursors + 1
    if index >= cursors:
        body.handed.append(Handed(Edit(function.span(use), body.page)))
        return
    member = function.text(given[at]).decode("latin-1") if at < len(given) else ""
    other = known.members.get(member)
    if other is None:
        raise Refused(Reason.CHANGED, f"it walks a list by {member}")
    body.partners += [function.text(each) for each in given[:cursors]]
    body.edits.append(Edit(function.span(use), body.renamed))
    if other != member:
        body.edits.append(Edit(function.span(given[at]), other.encode()))
    _read(body, use)


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
    other = _typed(body, parent, name, known) or known.members.get(name)
    if other is None:
        body.pages += 1
        if body.to.back:
            body.edits.append(Edit(span, body.page))
        else:
            arrow = function.source.masked.index(b"->", span.end)
            body.edits.append(Edit(span, body.renamed + b"->page"))
            body.edits.append(Edit(Span(arrow, arrow + 2), b"."))
    else:
        body.edits.append(Edit(span, body.renamed))
        if other != name:
            body.edits.append(Edit(at, other.encode()))
    _read(body, use, other is not None)


def _typed(body: Body, access: Node, name: str, known: Correspondences) -> str | None:
    """Return the member that has the type of what is stored in `access`, or to which it is cast; the cast goes."""
    function = body.function
    parent = access.parent
    if parent is None:
        return None
    if name in known.links:
        if parent.type == "assignment_expression" and parent.child_by_field_name("left") == access:
            value = parent.child_by_field_name("right")
            if value is not None and _operator(parent) == "=":
                body.sources.append(value)
        elif function.text(parent)[:1] == b"&":
            raise Refused(Reason.CHANGED, f"the address of {name} is taken")
        else:
            body.given.append(access)
        return known.members[name]
    if parent.type == "cast_expression":
        kind = _spelt(function, parent.child_by_field_name("type"))
        other = known.typed.get((name, kind))
        if other is not None:
            start = function.span(parent).start
            body.edits.append(Edit(Span(start, function.span(access).start), b""))
            if kind == _PAGE:
                body.given.append(parent)
        return other
    if parent.type == "assignment_expression" and parent.child_by_field_name("left") == access:
        value = parent.child_by_field_name("right")
        inner = (
            value.child_by_field_name("value")
            if value is not None and value.type == "cast_expression"
            else None
        )
        other = known.typed.get((name, _PAGE))
        if (
            value is not None
            and inner is not None
            and other is not None
            and _operator(parent) == "="
            and inner.type == "identifier"
            and is_declared_page(function, function.text(inner))
            and b"*" not in function.text(value.child_by_field_name("type"))
        ):
            body.edits.append(Edit(Span(function.span(value).start, function.span(inner).start), b""))
            body.sources.append(inner)
            return other
    return None


def _spelt(function: Function, node: Node | None) -> str:
    return b"".join(function.text(node).split()).decode("latin-1")


def is_declared_page(function: Function, name: bytes) -> bool:
    """Whether `name` is declared as a pointer to a page in `function`."""
    pattern = rb"\bstruct\s+page\s*\*(?:\s*\w+\s*(?:=[^,;]*)?,\s*\*)*\s*" + name + rb"\b"
    return re.search(pattern, function.whole) is not None


def _read(body: Body, use: Node, useful: bool = True) -> None:
    body.useful |= useful
    body.gains += useful
    body.reads = True
    body.certain |= always(use, body.function.body)
