"""One local `struct page *` of a function: its declaration, what is assigned to it, and its uses."""

from dataclasses import dataclass, field

from tree_sitter import Node

from memdesc.convert import flows
from memdesc.convert.correspondences import Correspondences
from memdesc.convert.edits import Edit
from memdesc.convert.model import Reason, Refused, Target
from memdesc.convert.parsed import Function, walk
from memdesc.convert.uses import Body, all_seen, alone, changes, is_name, own_one, use
from memdesc.places import Lines, Span


@dataclass(slots=True)
class Local:
    """A local. sources: what it is assigned. siblings: the other names of its declaration."""

    body: Body
    sources: list[Node] = field(default_factory=list)
    siblings: tuple[str, ...] = ()


def plan(function: Function, target: Target, known: Correspondences) -> Local:
    """Return what becomes of a local. Raises: Refused: it cannot be converted."""
    name = target.name.encode()
    declaration, declarator = _declaration(function, target)
    block = declaration.parent
    kind = declaration.child_by_field_name("type")
    if block is None or block.type != "compound_statement" or kind is None:
        raise Refused(Reason.NOT_FOUND)
    if b"".join(function.text(kind).split()) != b"structpage" or any(
        n.type in ("storage_class_specifier", "type_qualifier") for n in declaration.named_children
    ):
        raise Refused(Reason.NOT_FOUND)
    start = function.span(declaration).start
    scope = Span(start, function.span(block).end)
    same = [n for n in walk(block) if is_name(function, n, name)]
    mine = [n for n in same if function.span(n).start in scope]
    if sum(_declares(n) for n in mine) != 1:
        raise Refused(Reason.NAME_TAKEN, f"{target.name} is declared twice")
    own = own_one(function, name, known.to) if block == function.body else None
    renamed = own[0] if own else known.to.named(name)
    local = Local(Body(function, name, renamed, known.to, scope=scope))
    body = local.body
    value = declarator.child_by_field_name("value") if declarator.type == "init_declarator" else None
    if own is None and renamed != name and _taken(function, renamed):
        local.body = body = _alias(function, declaration, value, body)
        left_out = body.edits[0].span
        value = None
    else:
        left_out = own[1] if own else Span(0, 0)
        if own:
            body.edits.append(Edit(left_out, b""))
            body.useful = body.reads = True
            body.gains += 1
        local.siblings = _siblings(function, declaration, declarator)
        tag = function.span(kind).end
        body.edits.append(Edit(Span(tag - len(b"page"), tag), known.to.tag.encode()))
        if renamed != name:
            body.edits.append(Edit(function.span(next(n for n in mine if _declares(n))), renamed))
    if value is not None:
        local.sources.append(value)
    uses = [n for n in mine if not _declares(n) and function.span(n).start not in left_out]
    all_seen(function, name, {function.span(n).start for n in mine}, left_out, scope)
    for each in uses:
        parent = each.parent
        if (
            parent is not None
            and parent.type == "assignment_expression"
            and parent.child_by_field_name("left") == each
        ):
            _assigned(local, each, parent)
        else:
            use(body, each, known)
    local.siblings += tuple(each.decode("latin-1") for each in body.partners if each != name)
    if any(not flows.simple(source) for source in (*local.sources, *body.sources)):
        raise Refused(Reason.EXPRESSION)
    return local


def _declaration(function: Function, target: Target) -> tuple[Node, Node]:
    """Return the declaration of a local and its own declarator."""
    name = target.name.encode()
    lines = Lines(function.source.data)
    found = []
    for node in walk(function.body):
        if node.type != "declaration":
            continue
        for declarator in node.children_by_field_name("declarator"):
            inner = _pointer(declarator)
            if inner is not None and function.text(inner) == name:
                found.append((lines.line(function.span(inner).start), node, declarator))
    here = [f for f in found if f[0] == target.line] or found
    if len(here) != 1:
        raise Refused(Reason.NOT_FOUND)
    return here[0][1], here[0][2]


def _pointer(declarator: Node) -> Node | None:
    """Return the name that a declarator declares as a single pointer."""
    inner = (
        declarator.child_by_field_name("declarator") if declarator.type == "init_declarator" else declarator
    )
    if inner is None or inner.type != "pointer_declarator" or len(inner.named_children) != 1:
        return None
    name = inner.child_by_field_name("declarator")
    return name if name is not None and name.type == "identifier" else None


def _declares(node: Node) -> bool:
    parent = node.parent
    while parent is not None and parent.type in ("pointer_declarator", "array_declarator"):
        parent = parent.parent
    if parent is None or parent.type not in ("declaration", "init_declarator", "parameter_declaration"):
        return False
    if parent.type == "init_declarator":
        declarator = parent.child_by_field_name("declarator")
        return declarator is not None and declarator.start_byte <= node.start_byte < declarator.end_byte
    return True


def _siblings(function: Function, declaration: Node, own: Node) -> tuple[str, ...]:
    names = []
    for declarator in declaration.children_by_field_name("declarator"):
        if declarator == own:
            continue
        name = _pointer(declarator)
        if name is None:
            raise Refused(Reason.SIBLING)
        names.append(function.text(name).decode("latin-1"))
    return tuple(names)


def _taken(function: Function, name: bytes) -> bool:
    return any(
        n.type in ("identifier", "statement_identifier") and function.text(n) == name
        for top in (function.declarator, function.body)
        for n in walk(top)
    )


def _alias(function: Function, declaration: Node, value: Node | None, body: Body) -> Body:
    """Return a body in which a local that is `&folio->page` for good is that folio; its declaration goes."""
    refused = Refused(Reason.NAME_TAKEN, body.renamed.decode("latin-1"))
    text = b"".join(function.text(value).split())
    mine = flows.inner(text, body.to)
    if mine is None or not flows.is_one(function, mine, body.to) or changes(function, mine):
        raise refused
    lines = alone(function, declaration)
    if (
        lines is None
        or changes(function, body.name)
        or len(declaration.children_by_field_name("declarator")) > 1
    ):
        raise refused
    body.renamed = mine
    body.edits.append(Edit(lines, b""))
    body.gains += 1
    return body


def _assigned(local: Local, node: Node, parent: Node) -> None:
    operator, value = parent.child_by_field_name("operator"), parent.child_by_field_name("right")
    if operator is None or operator.type != "=" or value is None:
        raise Refused(Reason.CHANGED)
    holder = parent.parent
    while holder is not None and holder.type == "parenthesized_expression":
        holder = holder.parent
    if holder is None:
        raise Refused(Reason.UNREAD)
    if holder.type in ("if_statement", "while_statement", "unary_expression", "binary_expression"):
        if holder.type == "unary_expression" and local.body.function.text(holder)[:1] != b"!":
            raise Refused(Reason.EXPRESSION)
        if holder.type == "binary_expression" and not _null(local.body.function, holder):
            raise Refused(Reason.EXPRESSION)
        local.body.tests = True
    elif holder.type == "assignment_expression":
        outer = holder.child_by_field_name("left")
        if outer is None or outer.type != "identifier" or outer == node:
            raise Refused(Reason.EXPRESSION)
        local.siblings += (local.body.function.text(outer).decode("latin-1"),)
        local.body.given.append(parent)
    elif holder.type not in ("expression_statement", "for_statement", "comma_expression"):
        raise Refused(Reason.EXPRESSION)
    local.body.edits.append(Edit(local.body.function.span(node), local.body.renamed))
    if value.type == "assignment_expression":
        inner = value.child_by_field_name("left")
        local.siblings += (local.body.function.text(inner).decode("latin-1"),)
    local.sources.append(value)


def _null(function: Function, node: Node) -> bool:
    ends = [function.text(node.child_by_field_name(side)) for side in ("left", "right")]
    operator = node.child_by_field_name("operator")
    return operator is not None and (
        operator.type in ("&&", "||") or (operator.type in ("==", "!=") and b"NULL" in ends)
    )
