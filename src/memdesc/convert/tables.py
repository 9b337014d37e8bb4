"""Members of ops tables: the functions stored in them, the declaration of the member, and the calls through it.

The functions of a table are converted all together or not at all, with the member and every call through it.
"""

import re
from dataclasses import dataclass, field

from tree_sitter import Node

from memdesc.convert.descriptors import Descriptor
from memdesc.convert.edits import Edit
from memdesc.convert.mentions import Mentions, declaration
from memdesc.convert.model import Reason, Refused
from memdesc.convert.parsed import File, Files, Function, arguments, walk


@dataclass(slots=True)
class Table:
    """A member. stored: the functions stored in it, by file. declared: edits of its declaration. calls: through
    it."""

    stored: set[tuple[str, str]] = field(default_factory=set)
    declared: list[tuple[str, Edit]] = field(default_factory=list)
    calls: list[tuple[Function, Node]] = field(default_factory=list)


def table(member: str, index: int, files: Files, mentions: Mentions, to: Descriptor) -> Table:
    """Return what belongs to `member`, whose parameter `index` is a page.

    Raises: Refused: it is declared more than once, or used in a way that is not understood.
    """
    found = Table()
    count = 0
    paths = sorted(mentions(member))
    if len(paths) > _MOST_FILES:
        raise Refused(Reason.TABLE, f"{len(paths)} files have the word {member}")
    for path in paths:
        masked = files[path].source.masked
        for match in re.finditer(rb"\(\s*\*\s*" + member.encode() + rb"\s*\)", masked):
            edits = declaration(masked, match.end(), index, to)
            if edits is None:
                continue  # the member of another table
            if found.declared:
                raise Refused(Reason.TABLE, f"several tables have a member {member}")
            found.declared = [(path, edit) for edit in edits]
            count = _parameters(masked, match.end())
    if not found.declared:
        raise Refused(Reason.TABLE, f"the declaration of the member {member} is not found")
    for path in paths:
        _uses(member, index, count, files[path], found)
    return found


_MOST_FILES = 400
"""Files that name a member, up to which all are read: a word such as `func` is a member of many tables."""


def _parameters(masked: bytes, start: int) -> int:
    depth, commas = 0, 0
    for at in range(start, len(masked)):
        byte = masked[at : at + 1]
        depth += (byte in b"([{") - (byte in b")]}")
        commas += byte == b"," and depth == 1
        if byte == b")" and depth == 0:
            break
    return commas + 1


def _uses(member: str, index: int, count: int, file: File, found: Table) -> None:
    """Collect what one file does with a member."""
    masked = file.source.masked
    for match in re.finditer(
        rb"(?:->|\.)\s*" + member.encode() + rb"\b\s*(=(?!=)\s*&?\s*(\w+)\s*[,};])?", masked
    ):
        if match[1] is not None:
            if match[2] not in (b"NULL", b"0"):
                found.stored.add((file.path, match[2].decode("latin-1")))
        elif any(i.role == "macro" and i.start <= match.start() < i.end for i in file.source.items):
            raise Refused(Reason.TABLE, f"a macro uses the member {member}")
    for function in file.holding(member.encode()):
        for node in walk(function.body):
            if (
                node.type != "field_expression"
                or function.text(node.child_by_field_name("field")) != member.encode()
            ):
                continue
            call = node.parent
            while call is not None and call.type in ("parenthesized_expression", "pointer_expression"):
                call = call.parent
            if (
                call is None
                or call.type != "call_expression"
                or call.child_by_field_name("arguments") is None
            ):
                continue
            callee = call.child_by_field_name("function")
            if callee is None or not callee.start_byte <= node.start_byte < callee.end_byte:
                continue
            given = arguments(call)
            if len(given) == count:
                found.calls.append((function, given[index]))
