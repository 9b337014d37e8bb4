"""Unified diffs between two versions of one text that are both made by edits of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from memdesc.convert.edits import Edit, apply
from memdesc.places import Lines, Span

_CONTEXT = 3
_UNENDED = b"\n\\ No newline at end of file\n"
_UNCLEAR = re.compile(rb'[\x00-\x1f\x7f-\xff"\\]')
_ESCAPES = {b"\n": b"\\n", b"\t": b"\\t", b'"': b'\\"', b"\\": b"\\\\"}
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines first to last, from 1, that become the lines `new`; last is first - 1 where lines are only added."""

    first: int
    last: int
    new: list[bytes]


def named(path: str) -> bytes:
    """Return the name of a file as differences show it: quoted as git does where it is not plain text."""
    name = path.encode("utf-8", "surrogateescape")
    if not _UNCLEAR.search(name):
        return name
    return b'"' + _UNCLEAR.sub(lambda found: _ESCAPES.get(found[0], b"\\%03o" % found[0][0]), name) + b'"'


def between(path: str, base: bytes, before: Sequence[Edit], after: Sequence[Edit]) -> tuple[bytes, int, int]:
    """Return the difference between two edited versions of `base`, byte for byte as `git apply` and `patch -p1` take
    it, and how many lines it adds and removes; empty if they are the same."""
    old = _LINE.findall(apply(base, before))
    one, two = named(f"a/{path}"), named(f"b/{path}")
    if b" " in path.encode("utf-8", "surrogateescape"):
        one, two = one + b"\t", two + b"\t"  # which ends a name with a space in it
    if not old:
        new = _LINE.findall(apply(base, after))
        body = [b"+" + line if line.endswith(b"\n") else b"+" + line + _UNENDED for line in new]
        head = b"--- /dev/null\n+++ %s\n@@ -0,0 +1,%d @@\n" % (two, len(new))
        return (head + b"".join(body) if new else b""), len(new), 0
    blocks = _blocks(base, before, after)
    if not blocks:
        return b"", 0, 0
    out = [b"--- " + one + b"\n+++ " + two + b"\n"]
    shift = 0
    for group in _groups(blocks):
        first = max(group[0].first - _CONTEXT, 1)
        last = min(group[-1].last + _CONTEXT, len(old))
        body, at = [], first
        for block in group:
            body += [b" " + line for line in old[at - 1 : block.first - 1]]
            body += [b"-" + line for line in old[block.first - 1 : block.last]]
            body += [b"+" + line for line in block.new]
            at = block.last + 1
        body += [b" " + line for line in old[at - 1 : last]]
        grown = sum(len(block.new) - (block.last - block.first + 1) for block in group)
        count = last - first + 1
        out.append(b"@@ -%d,%d +%d,%d @@\n" % (first, count, first + shift, count + grown))
        out += [line if line.endswith(b"\n") else line + _UNENDED for line in body]
        shift += grown
    added = sum(len(block.new) for block in blocks)
    return b"".join(out), added, sum(block.last - block.first + 1 for block in blocks)


def _blocks(base: bytes, before: Sequence[Edit], after: Sequence[Edit]) -> list[_Block]:
    """Return the lines of the first version that are others in the second."""
    places = Lines(base)
    blocks: list[_Block] = []
    shift = 0
    for first, last in _ranges(base, places, [*before, *after]):
        start, end = places.start_of(first), places.start_of(last + 1)
        one, two = (_LINE.findall(_part(base, edits, start, end)) for edits in (before, after))
        at = first + shift
        for tag, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
            if tag != "equal":
                blocks.append(_Block(at + a, at + b - 1, two[c:d]))
        shift += len(one) - (last - first + 1)
    joined: list[_Block] = []
    for block in blocks:
        if joined and joined[-1].last + 1 == block.first:
            above = joined.pop()
            block = _Block(above.first, block.last, above.new + block.new)
        joined.append(block)
    return joined


def _ranges(base: bytes, places: Lines, edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """Return the lines that edits touch, apart."""
    ranges: list[tuple[int, int]] = []
    for edit in sorted(edits, key=lambda e: (e.span.start, e.span.end)):
        first = places.line(edit.span.start)
        last = places.line(max(edit.span.end - 1, edit.span.start))
        if base[edit.span.start : edit.span.end].endswith(b"\n") and not edit.text.endswith(b"\n"):
            last = places.line(edit.span.end) if edit.span.end < len(base) else last  # two lines are joined
        if ranges and first <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]))
        else:
            ranges.append((first, last))
    return ranges


def _part(base: bytes, edits: Sequence[Edit], start: int, end: int) -> bytes:
    mine = [
        Edit(Span(e.span.start - start, e.span.end - start), e.text)
        for e in edits
        if start <= e.span.start
        and e.span.end <= end
        and (e.span.start < end or e.span.start == end == len(base))
    ]
    return apply(base[start:end], mine)


def _groups(blocks: Sequence[_Block]) -> list[list[_Block]]:
    groups: list[list[_Block]] = []
    for block in blocks:
        if groups and block.first - groups[-1][-1].last <= 2 * _CONTEXT + 1:
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups
