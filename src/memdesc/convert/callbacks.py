"""Types of callbacks: the functions that are handed on as one, the type's declaration, and the calls of it.

`typedef int (*writepage_t)(struct page *page, void *data)`: the functions that are given to parameters of such a type
are converted all together or not at all, with the type and every call through it. All of them are known only where
the type stands nowhere but at parameters of functions, and each of these is called, handed on as the same type, asked
for being NULL, or set to NULL.
"""

import re
from dataclasses import dataclass, field

from tree_sitter import Node

from memdesc.convert.descriptors import Descriptor
from memdesc.convert.mentions import Mentions, declaration, exported, handed, in_macro
from memdesc.convert.model import Reason, Refused
from memdesc.convert.parsed import File, Files, Function, arguments, walk
from memdesc.convert.tables import Table

Given = tuple[str, int]
"""A function and the position of an argument."""

_PARAMETER = re.compile(rb"(\w+)\s*\*?\s*(\w+)")
_TESTS = frozenset(["if_statement", "while_statement", "unary_expression"])
_OTHERS = "tools/"
"""Programs of their own, with functions that are called as the kernel's are."""
_SYSCALL = re.compile(rb"\b(?:COND_|COMPAT_)?(?:SYSCALL)(?:_DEFINE\d|_COMPAT)?\s*\(\s*$")
"""Before the name of a system call, which may be that of a function, too. Source: linux/syscalls.h."""
_MOST_FILES = 60
"""Files that name a type, up to which all are read."""


def type_of(given: Given, files: Files, mentions: Mentions) -> str:
    """Return the name of the type of a function's parameter. Raises: Refused: it has none that is a name."""
    name, position = given
    found = set()
    for path in _files(mentions, name):
        for function in files[path].defined(name):
            listed = function.parameters
            match = _PARAMETER.fullmatch(function.text(listed[position])) if position < len(listed) else None
            found.add(match[1].decode("latin-1") if match else "")
    if len(found) != 1 or "" in found:
        raise Refused(Reason.TABLE, f"it is given to {name}()")
    return found.pop()


def table(name: str, index: int, files: Files, mentions: Mentions, to: Descriptor) -> Table:
    """Return what belongs to the type of callbacks `name`, whose parameter `index` is a page.

    Raises: Refused: it is used in a way that is not understood.
    """
    found = _Type(name, index, to)
    paths = _files(mentions, name)
    if len(paths) > _MOST_FILES:
        raise Refused(Reason.TABLE, f"{len(paths)} files have the word {name}")
    for path in paths:
        _declared(found, files[path])
    if not found.table.declared:
        raise Refused(Reason.TABLE, f"the declaration of {name} is not found")
    if strange := found.passed - found.taken.keys():
        raise Refused(Reason.TABLE, f"a {name} is given to {min(strange)[0]}()")
    for given, holders in sorted(found.taken.items(), key=lambda each: each[0]):
        if not holders:
            raise Refused(Reason.TABLE, f"{given[0]}(), which takes a {name}, is not found")
        for path in _files(mentions, given[0]):
            _calls(found, given, files[path])
    return found.table


def _files(mentions: Mentions, name: str) -> list[str]:
    return [path for path in sorted(mentions(name)) if not path.startswith(_OTHERS)]


@dataclass(slots=True)
class _Type:
    """taken: the parameters that have the type -> their functions. passed: those that are given one. table: what
    belongs to it."""

    name: str
    index: int
    to: Descriptor
    taken: dict[Given, list[Function]] = field(default_factory=dict)
    passed: set[Given] = field(default_factory=set)
    table: Table = field(default_factory=Table)

    def refused(self, where: str) -> Refused:
        return Refused(Reason.TABLE, f"{where} uses the type {self.name}")


def _declared(found: _Type, file: File) -> None:
    """Collect where one file has the type, and what is done with parameters of it."""
    masked = file.source.masked
    word = found.name.encode()
    for match in re.finditer(rb"\b" + word + rb"\b", masked):
        at = match.start()
        start = max(masked.rfind(each, 0, at) for each in (b";", b"}", b"\n#", b"{")) + 1
        before = masked[start:at]
        if re.search(rb"(?:^|\n)\s*typedef\b[^()]*(?:\(\s*\*\s*)?$", before):
            pointer = re.search(rb"\(\s*\*\s*$", before)
            end = re.compile(rb"\s*\)" if pointer else rb"").match(masked, match.end())
            edits = declaration(masked, end.end(), found.index, found.to) if end else None
            if edits is None or found.table.declared:
                raise Refused(Reason.TABLE, f"the declaration of {found.name} is not understood")
            found.table.declared = [(file.path, edit) for edit in edits]
            continue
        holder = file.at(at)
        if in_macro(file, at):
            raise found.refused("a macro")
        given = _parameter(before)
        if given is None or (holder is not None and at >= holder.item.start + _body(holder)):
            raise found.refused(file.path)
        holders = found.taken.setdefault(given, [])
        if holder is not None and holder.name == given[0]:
            holders.append(holder)
            _uses(found, holder, given)


def _body(function: Function) -> int:
    return function.span(function.body).start - function.item.start


def _parameter(before: bytes) -> Given | None:
    """Return the function of which a parameter begins after `before`, and its position."""
    depth = position = 0
    for at in range(len(before) - 1, -1, -1):
        byte = before[at : at + 1]
        depth += (byte in b")]") - (byte in b"([")
        if byte == b"," and depth == 0:
            position += 1
        if depth < 0:
            name = re.search(rb"(\w+)\s*$", before[:at])
            return (name[1].decode("latin-1"), position) if name else None
    return None


def _uses(found: _Type, function: Function, given: Given) -> None:
    """Collect what a function does with its parameter of the type."""
    name = _named(function, given)
    if name is None:
        return
    for node in walk(function.body):
        if node.type != "identifier" or function.text(node) != name or node.parent is None:
            continue
        callee, parent = node, _outer(node)
        while parent is not None and parent.type in ("parenthesized_expression", "pointer_expression"):
            callee, parent = parent, _outer(parent)
        if parent is None:
            raise found.refused(f"{function.name}()")
        if parent.type == "call_expression" and parent.child_by_field_name("function") == callee:
            listed = arguments(parent)
            if found.index >= len(listed):
                raise found.refused(f"{function.name}()")
            found.table.calls.append((function, listed[found.index]))
        elif (on := handed(function, function.span(node).start)) is not None:
            found.passed.add(on)
        elif not (node.parent.type in _TESTS or _condition(node.parent) or _compared(function, node.parent)):
            raise found.refused(f"{function.name}()")


def _outer(node: Node) -> Node | None:
    return node.parent


def _named(function: Function, given: Given) -> bytes | None:
    listed = function.parameters
    match = _PARAMETER.fullmatch(function.text(listed[given[1]])) if given[1] < len(listed) else None
    return match[2] if match else None


def _condition(parent: Node) -> bool:
    """Whether a name stands alone in parentheses as a condition."""
    holder = parent.parent
    return parent.type == "parenthesized_expression" and holder is not None and holder.type in _TESTS


def _compared(function: Function, parent: Node) -> bool:
    """Whether a name is compared with NULL, or becomes it."""
    if parent.type == "assignment_expression":
        return function.text(parent.child_by_field_name("right")) == b"NULL"
    operator = parent.child_by_field_name("operator") if parent.type == "binary_expression" else None
    if operator is None:
        return False
    ends = [function.text(parent.child_by_field_name(side)) for side in ("left", "right")]
    return operator.type in ("&&", "||") or (operator.type in ("==", "!=") and b"NULL" in ends)


def _calls(found: _Type, given: Given, file: File) -> None:
    """Collect what one file gives to a parameter of the type."""
    name, position = given
    seen = {each.named for each in file.defined(name)}
    for function, node in file.calls(name.encode()):
        listed = arguments(node)
        if position >= len(listed):
            raise found.refused(f"{function.name}()")
        value = function.text(listed[position])
        callee = node.child_by_field_name("function")
        seen.add(function.span(callee).start if callee is not None else 0)
        own = {_named(h, g) for g, holders in found.taken.items() for h in holders if h is function}
        if value in own or value in (b"NULL", b"0"):
            continue
        if listed[position].type != "identifier":
            raise found.refused(f"{function.name}()")
        found.table.stored.add((file.path, value.decode("latin-1")))
    masked = file.source.masked
    for match in re.finditer(rb"\b" + name.encode() + rb"\b", masked):
        at = match.start()
        called = re.compile(rb"\s*\(").match(masked, match.end())
        if at in seen or exported(masked, at) or (called and not file.inside(at)):
            continue
        before = masked[max(0, at - 40) : at]
        if re.search(rb"(?:->|\.|\bstruct)\s*$", before) or _SYSCALL.search(before):
            continue
        raise found.refused(file.path)
