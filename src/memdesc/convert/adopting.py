"""Pointers that nobody asked for, and that hold nothing but what is converted: they become descriptors with it.

The inference says nothing of arrays of pages, and of some locals and members not enough. Where all that one of
them is given is a descriptor once the rest is converted, it is one, too. That is done for types whose converters only
cast.
"""

import re
from collections.abc import Collection, Iterable

from tree_sitter import Node

from memdesc.convert import flows, members
from memdesc.convert.flows import Source
from memdesc.convert.model import LOCAL, MEMBER, Target
from memdesc.convert.parsed import Files, Function, walk
from memdesc.convert.plans import Plan
from memdesc.places import Lines


def candidates(plans: Iterable[Plan], files: Files, within: Collection[str]) -> set[Target]:
    """Return the locals and members that are given to what is converted, or given what is converted.

    Args: within: the files in which they may be declared.
    """
    found: set[Target] = set()
    for plan in plans:
        for function, node in _beside(plan):
            name = _name(function, node)
            if name is None:
                continue
            if node.type == "identifier" and function.file in within:
                found |= _locals(function, name)
            elif node.type != "identifier":
                found |= _members(name, files, within)
    return found


def _beside(plan: Plan) -> Iterable[Source]:
    """Yield the expressions that a converted pointer comes from, and what it is assigned to."""
    for function, source in (*plan.sources, *plan.stored):
        yield from ((function, leaf) for leaf in flows.leaves(source))
    for body in plan.bodies:
        for each in walk(body.function.body):
            if each.type != "assignment_expression":
                continue
            value, target = each.child_by_field_name("right"), each.child_by_field_name("left")
            if value is None or target is None or body.function.text(value) != body.name:
                continue
            if body.function.span(value).start in body.scope:
                yield body.function, target


def _name(function: Function, node: Node) -> bytes | None:
    """Return the name of a local, or of the member that an expression is, or is an element of."""
    if node.type == "identifier":
        return function.text(node)
    inner = node.child_by_field_name("argument") if node.type == "subscript_expression" else node
    if inner is None or inner.type != "field_expression":
        return None
    return function.text(inner.child_by_field_name("field"))


def _locals(function: Function, name: bytes) -> set[Target]:
    declared = re.compile(
        rb"\bstruct\s+page\s*\*(?:\s*\w+\s*(?:=[^,;]*)?,\s*\*)*\s*(%s)\b\s*[=,;]" % re.escape(name)
    )
    start = function.span(function.body).start
    found = list(declared.finditer(function.source.masked, start, function.span(function.body).end))
    lines = Lines(function.source.data)
    spelt = name.decode("latin-1")
    return {Target(function.file, function.name, LOCAL, spelt, lines.line(m.start(1))) for m in found}


def _members(name: bytes, files: Files, within: Collection[str]) -> set[Target]:
    found = set()
    for path in within:
        if name not in files[path].source.masked:
            continue
        lines = Lines(files[path].source.data)
        for match in members.declarations(files[path], name):
            line = lines.line(match.start())
            found.add(
                Target(path, members.tag(files[path], match.start()), MEMBER, name.decode("latin-1"), line)
            )
    return found
