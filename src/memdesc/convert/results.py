"""The result of one function: its declarations, what it returns, and the calls that get it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from tree_sitter import Node

from memdesc.convert import flows
from memdesc.convert.descriptors import Descriptor
from memdesc.convert.edits import Edit
from memdesc.convert.mentions import Mentions, exported, forward, in_macro, member, no_function, pasted
from memdesc.convert.model import Reason, Refused, Target
from memdesc.convert.parsed import File, Files, Function, walk
from memdesc.places import Span

_TYPE = re.compile(rb"\bstruct\s+(page)\s*\*(\s*)(?:(?:__\w+|noinline\w*)\s+)*$")
_PLAIN = frozenset(
    [
        "argument_list",
        "assignment_expression",
        "init_declarator",
        "return_statement",
        "expression_statement",
        "parenthesized_expression",
        "unary_expression",
        "binary_expression",
        "conditional_expression",
    ]
)


@dataclass(slots=True)
class Result:
    """A result. sources: what is returned. declared: edits of its declarations, by file. calls: that get it."""

    definitions: list[Function] = field(default_factory=list)
    sources: list[tuple[Function, Node]] = field(default_factory=list)
    declared: list[tuple[str, Edit]] = field(default_factory=list)
    calls: list[tuple[Function, Node]] = field(default_factory=list)


def plan(target: Target, files: Files, mentions: Mentions, to: Descriptor) -> Result:
    """Return what becomes of the result of a function. Raises: Refused: it cannot be converted."""
    home = files[target.file]
    own = home.defined(target.function)
    if not own or home.unread(target.function):
        raise Refused(Reason.UNREAD if home.unread(target.function) else Reason.NOT_FOUND)
    local = target.file.endswith(".c") and all(f.static for f in own)
    found = Result()
    for path in [target.file] if local else sorted({target.file, *mentions(target.function)}):
        file = files[path]
        here = file.defined(target.function)
        if path != target.file and path.endswith(".c") and any(f.static for f in here):
            continue
        if file.unread(target.function):
            raise Refused(Reason.UNREAD, path)
        found.definitions += here
        _file(target, file, here, found, to)
    if len({f.file for f in found.definitions if f.file.endswith(".c")}) > 1:
        raise Refused(Reason.SEVERAL)
    for function in found.definitions:
        returned = [n for n in walk(function.body) if n.type == "return_statement"]
        for node in returned:
            if len(node.named_children) != 1 or not flows.simple(node.named_children[0]):
                raise Refused(Reason.EXPRESSION)
            found.sources.append((function, node.named_children[0]))
        if not returned:
            raise Refused(Reason.NOT_FOUND)
    return found


def _file(target: Target, file: File, here: Iterable[Function], found: Result, to: Descriptor) -> None:
    name = target.function.encode()
    masked = file.source.masked
    if not re.search(rb"\b" + name + rb"\b", masked):
        return
    if pasted(file, name):
        raise Refused(Reason.MACRO, f"one in {file.path} makes names such as this")
    seen = set()
    for function, node in file.calls(name):
        parent, callee = node.parent, node.child_by_field_name("function")
        if parent is None or callee is None or parent.type not in _PLAIN:
            raise Refused(Reason.EXPRESSION, f"in {function.name}()")
        seen.add(function.span(callee).start)
        found.calls.append((function, node))
    for match in re.finditer(rb"\b" + name + rb"\b", masked):
        at = match.start()
        if at in seen or member(masked, at) or exported(masked, at) or no_function(file, match):
            continue
        if in_macro(file, at):
            raise Refused(Reason.MACRO, file.path)
        typed = _TYPE.search(masked[max(0, at - 200) : at])
        called = re.compile(rb"\s*\(").match(masked, match.end())
        if typed is None or called is None or (file.inside(at) and at not in {f.named for f in here}):
            raise Refused(Reason.PROTOTYPE if called and not file.inside(at) else Reason.TABLE, file.path)
        start = max(0, at - 200) + typed.start(1)
        found.declared.append((file.path, Edit(Span(start, start + len(b"page")), to.tag.encode())))
        if typed[2] and b"\n" not in typed[2] and typed.end() == typed.end(2):
            found.declared.append((file.path, Edit(Span(at - len(typed[2]), at), b"")))
        edit = forward(masked, at, to) if not file.path.endswith(".c") else None
        if edit:
            found.declared.append((file.path, edit))


def page_again(function: Function, call: Node, to: Descriptor) -> list[Edit]:
    """Return the edits that make the page again of a call that gives the descriptor."""
    span = function.span(call)
    parent = call.parent
    bare = parent is not None and parent.type in (
        "argument_list",
        "assignment_expression",
        "init_declarator",
        "return_statement",
    )
    if parent is not None and parent.type == "expression_statement":
        return []
    if to.back:
        before, after = to.back.encode() + b"(", b")"
    else:
        before, after = (b"&", b"->page") if bare else (b"(&", b"->page)")
        if call.type == "assignment_expression":
            before, after = b"&(", b")->page"
    return [Edit(Span(span.start, span.start), before), Edit(Span(span.end, span.end), after)]
