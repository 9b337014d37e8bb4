"""A type that the tree does not have yet: its header is a new file, and what uses it includes that."""

import os
import posixpath
import re
from collections.abc import Callable
from dataclasses import replace

from memdesc.convert.descriptors import Descriptor
from memdesc.convert.edits import Edit
from memdesc.convert.model import Conversion
from memdesc.places import Span
from memdesc.source.mask import mask

_INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]+([<"][\w./-]+[>"])[^\n]*\n', re.M)
_CONDITION = re.compile(rb"^[ \t]*#[ \t]*(if\w*|endif)\b", re.M)


def guard(path: str) -> str:
    """Return the macro around the header at `path`."""
    return "_" + re.sub(r"\W", "_", path.removeprefix("include/")).upper()


def introduced(
    made: Conversion, text: Callable[[str], bytes], to: Descriptor, header: bytes | None
) -> Conversion:
    """Return a conversion with the header of the new type, and in each file that needs it the `#include`.

    Args: header: its text; None where the tree has it already, and only the `#include` may be missing.
    """
    if not made.edits or not to.header:
        return made
    edits = dict(made.edits)
    for path, mine in made.edits.items():
        if path != to.header and _needs(path, text(path), mine, to):
            edit = _include(path, text(path), to.header)
            if edit is not None:
                edits[path] = tuple(sorted((*mine, edit), key=lambda e: (e.span.start, e.span.end)))
    if header is not None:
        edits[to.header] = (Edit(Span(0, 0), header),)
    return replace(made, edits=dict(sorted(edits.items())))


def _needs(path: str, data: bytes, edits: tuple[Edit, ...], to: Descriptor) -> bool:
    """Whether a file uses more of the type than its name, or lacks the name."""
    if not path.endswith(".h"):
        return True
    words = (to.of.encode(), to.back.encode())
    named = b"struct " + to.tag.encode() + b";"
    return any(word in e.text for e in edits for word in words) or not (
        named in data or any(named in e.text for e in edits)
    )


def _include(path: str, data: bytes, header: str) -> Edit | None:
    """Return the edit that includes `header`, after the last include of its sort that no `#if` is around."""
    public = header.startswith("include/")
    name = (
        b"<%s>" % header.removeprefix("include/").encode()
        if public
        else b'"%s"' % posixpath.relpath(header, os.path.dirname(path)).encode()
    )
    masked = mask(data)
    found = []
    for match in _INCLUDE.finditer(data):
        if match[1] == name:
            return None
        opened = [m[1] for m in _CONDITION.finditer(masked, 0, match.start())]
        depth = sum(1 if word != b"endif" else -1 for word in opened)
        first = re.search(rb"^\{", masked, re.M)
        if (
            depth <= _around(path)
            and masked[match.start() : match.end()].strip()
            and (first is None or match.start() < first.start())
        ):
            found.append(match)
    folder = b"<" + posixpath.dirname(header.removeprefix("include/")).encode() + b"/"
    same = [m for m in found if m[1].startswith(folder if public else b'"')]
    if not found:
        return None
    at = (same or found)[-1].end()
    return Edit(Span(at, at), b"#include %s\n" % name)


def _around(path: str) -> int:
    """Return how many `#if` are around all of a file: the guard of a header."""
    return int(path.endswith(".h"))
