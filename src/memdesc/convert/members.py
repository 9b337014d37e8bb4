"""One member `struct page *` of a struct, or an array of them: its declaration, and every access to it.

A member keeps its name. What an access hands on, or is given, is treated as that of a local; an array that is handed
on as a whole is cast, since what takes arrays of pages stays.
"""

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from memdesc.convert import flows
from memdesc.convert.correspondences import Correspondences
from memdesc.convert.edits import Edit
from memdesc.convert.flows import Source
from memdesc.convert.mentions import Mentions, Scan, forward
from memdesc.convert.model import Reason, Refused, Target
from memdesc.convert.parsed import File, Files, Function, walk
from memdesc.convert.uses import Body, use
from memdesc.places import Span

_ACCESS = rb"(?:->|\.)\s*%s\b"
_DECLARED = rb"\bstruct\s+(page)\s*\*\s*%s\s*((?:\[[^\]]*\]\s*)?);"
_OF_STRUCT = rb"\b(?:struct|union)\s+(\w+)\s*\**\s*(?:\w+\s*(?:=[^,;(){}]*)?,\s*\**\s*)*%s\b"
_INCLUDE = re.compile(rb"^[ \t]*#[ \t]*include[ \t]+([<\"])([\w./-]+)[>\"]", re.M)
_PLAIN = ("expression_statement", "for_statement", "comma_expression")


@dataclass(slots=True)
class Member:
    """A member. bodies: one for each access. sources: what is stored in it. declared: edits, by file."""

    array: bool = False
    bodies: list[Body] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    declared: list[tuple[str, Edit]] = field(default_factory=list)


def declarations(file: File, name: bytes) -> list[re.Match[bytes]]:
    """Return where a file declares a member `struct page *name`, outside of functions and macros."""
    masked = file.source.masked
    found = re.finditer(_DECLARED % re.escape(name), masked)
    return [m for m in found if not file.inside(m.start()) and b"\n" in masked[: m.start()]]


def tag(file: File, at: int) -> str:
    """Return the tag of the outermost struct around an offset that lies in no function."""
    found = list(
        re.finditer(rb"^(?:typedef\s+)?(?:struct|union)\s+(\w+)[^;{}]*\{", file.source.masked[:at], re.M)
    )
    return found[-1][1].decode("latin-1") if found else ""


def plan(target: Target, files: Files, mentions: Mentions, known: Correspondences) -> Member:
    """Return what becomes of a member. Raises: Refused: it cannot be converted."""
    name = target.name.encode()
    home = files[target.file]
    own = [m for m in declarations(home, name) if tag(home, m.start()) == target.function]
    if len(own) != 1 or not target.function:
        raise Refused(Reason.NOT_FOUND)
    match = own[0]
    found = Member(array=bool(match[2].strip()))
    at = match.start(1)
    found.declared.append((target.file, Edit(Span(at, at + len(match[1])), known.to.tag.encode())))
    if target.file.endswith(".h") and (edit := forward(home.source.masked, at, known.to)) is not None:
        found.declared.append((target.file, edit))
    for file, owner in _users(target, files, mentions):
        _file(file, name, owner, found, known)
    return found


@dataclass(frozen=True, slots=True)
class _Owner:
    """The struct of the member.

    Attributes: tag: its own. names: members and variables that are declared as one, or point to one. files: that have
    the tag; in others no variable is one.
    """

    tag: bytes
    names: frozenset[bytes]
    files: frozenset[str]

    def of(self, function: Function, base: Node | None) -> bool | None:
        """Whether `base`, of which a member is taken, is one; None where that is not known."""
        found = self._of(function, base)
        return False if found is None and function.file not in self.files else found

    def _of(self, function: Function, base: Node | None) -> bool | None:
        while base is not None and base.type in ("parenthesized_expression", "subscript_expression"):
            base = base.child_by_field_name("argument") or base.named_children[0]
        if base is not None and base.type == "field_expression":
            field = function.text(base.child_by_field_name("field"))
            others = set(re.findall(_OF_STRUCT % re.escape(field), function.source.masked)) - {self.tag}
            return None if others and field in self.names else field in self.names
        if base is None or base.type != "identifier":
            return None
        name = function.text(base)
        declared = _OF_STRUCT % re.escape(name)
        tags = set(re.findall(declared, function.whole)) or set(re.findall(declared, function.source.masked))
        return self.tag in tags if len(tags) == 1 else name in self.names if not tags else None


def _users(target: Target, files: Files, mentions: Mentions) -> Iterator[tuple[File, _Owner]]:
    """Yield the files that may take the member of its struct, each with what is known there of the struct."""
    own = target.function.encode()
    paths = {target.file}
    holders = {target.file}
    if target.file.endswith(".h"):
        if isinstance(mentions, Scan):
            mentions.look_for({target.name, target.function})
        paths |= set(mentions(target.name))
        holders |= set(mentions(target.function))
    declared = re.compile(
        rb"\b(?:struct|union)\s+%s\s*\**\s*((?:\w+\s*,\s*\**\s*)*\w+)\s*(?:\b__\w+\s*)?[;\[=,)]"
        % re.escape(own)
    )
    names: set[bytes] = set()
    holders = {path for path in holders if re.search(rb"\b%s\b" % re.escape(own), files.text(path))}
    for path in holders:
        for listed in declared.findall(files[path].source.masked):
            names |= set(re.findall(rb"\w+", listed))
    owner = _Owner(own, frozenset(names), frozenset(holders))
    each = b"|".join(map(re.escape, sorted(names))) or b"(?!)"
    taken = re.compile(
        rb"\b(?:%s)\s*(?:\[[^\]\n]*\]\s*)*(?:\.|->)\s*%s\b" % (each, re.escape(target.name.encode()))
    )
    for path in sorted(paths):
        if path in holders or (taken.search(files.text(path)) and _includes(path, holders, files)):
            yield files[path], owner


def _includes(path: str, wanted: Collection[str], files: Files, depth: int = 3) -> bool:
    """Return whether a file includes one of some headers, or through headers beside it."""
    folder = posixpath.dirname(path)
    for mark, named in _INCLUDE.findall(files.text(path)):
        name = named.decode("latin-1")
        near = posixpath.normpath(posixpath.join(folder, name))
        if f"include/{name}" in wanted or near in wanted:
            return True
        if mark == b'"' and depth and not near.startswith("..") and _includes(near, wanted, files, depth - 1):
            return True
    return False


def _file(file: File, name: bytes, owner: _Owner, found: Member, known: Correspondences) -> None:
    masked = file.source.masked
    seen: set[int] = set()
    for function in file.holding(name):
        if not re.search(_ACCESS % re.escape(name), function.whole):
            continue
        for node in walk(function.body):
            member = node.child_by_field_name("field") if node.type == "field_expression" else None
            if member is not None and function.text(member) == name:
                seen.add(function.span(member).start)
                mine = owner.of(function, node.child_by_field_name("argument"))
                if mine is None:
                    raise Refused(Reason.MEMBER, f"{function.name}() takes it of what is not known")
                if mine:
                    _access(function, node, found, known)
            elif node.type == "field_designator" and function.text(node).strip(b". \t\n") == name:
                seen.add(function.span(node).end - len(name))
                if owner.tag in function.whole:
                    _initialized(function, node, found)
    for match in re.finditer(_ACCESS % re.escape(name), masked):
        if match.end() - len(name) not in seen and owner.tag in masked:
            raise Refused(Reason.MEMBER, f"{file.path} uses it in what is no expression")


def _access(function: Function, node: Node, found: Member, known: Correspondences) -> None:
    """Add one access to the member."""
    parent = node.parent
    if found.array:
        if (
            parent is None
            or parent.type != "subscript_expression"
            or parent.child_by_field_name("argument") != node
        ):
            _whole(function, node, found, known)
            return
        node, parent = parent, parent.parent
    text = function.text(node)
    body = Body(function, b"".join(text.split()), text, known.to, scope=function.span(node), named=False)
    found.bodies.append(body)
    if parent is None or parent.type != "assignment_expression" or parent.child_by_field_name("left") != node:
        use(body, node, known)
        return
    value, operator = parent.child_by_field_name("right"), parent.child_by_field_name("operator")
    holder = parent.parent
    if value is None or operator is None or operator.type != "=":
        raise Refused(Reason.CHANGED)
    if holder is None or holder.type not in _PLAIN or not flows.simple(value):
        raise Refused(Reason.EXPRESSION, f"in {function.name}()")
    found.sources.append((function, value))


def _whole(function: Function, node: Node, found: Member, known: Correspondences) -> None:
    """Add an array that is handed on as a whole, with a cast; its size and its address are what they were."""
    parent = node.parent
    top = node
    if (
        parent is not None
        and parent.type == "binary_expression"
        and parent.child_by_field_name("left") == node
    ):
        top, parent = parent, parent.parent
    holder = parent.parent if parent is not None else None
    for each in (parent, holder):
        if each is not None and (
            each.type == "sizeof_expression"
            or function.text(each.child_by_field_name("function")) == b"ARRAY_SIZE"
        ):
            return
    if (
        parent is not None
        and holder is not None
        and parent.type == "pointer_expression"
        and function.text(parent)[:1] == b"&"
        and holder.type == "argument_list"
    ):
        return
    if parent is None or parent.type != "argument_list":
        raise Refused(Reason.CHANGED, f"in {function.name}()")
    start = function.span(top).start
    body = Body(function, b"", b"", known.to, scope=Span(start, start), named=False)
    body.edits.append(Edit(body.scope, b"(struct page **)"))
    found.bodies.append(body)


def _initialized(function: Function, designator: Node, found: Member) -> None:
    """Add what an initializer stores in the member."""
    pair = designator.parent
    value = pair.child_by_field_name("value") if pair is not None else None
    if found.array or value is None or not flows.simple(value):
        raise Refused(Reason.EXPRESSION, f"in {function.name}()")
    found.sources.append((function, value))
