"""A conversion as a diff, as lines of text and as JSON."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from memdesc.convert.edits import Edit, apply
from memdesc.convert.model import Conversion, Target, Verdict
from memdesc.escape import visible
from memdesc.places import Lines, Span

VERSION = 1
_CONTEXT = 3
_UNENDED = b"\n\\ No newline at end of file\n"


def diff(before: Mapping[str, bytes], made: Conversion) -> bytes:
    """Return a unified diff of the edits, byte for byte, as `git apply` and `patch -p1` take it."""
    return b"".join(_file_diff(path, before[path], edits) for path, edits in made.edits.items())


def _file_diff(path: str, data: bytes, edits: Sequence[Edit]) -> bytes:
    name = path.encode("utf-8", "surrogateescape")
    lines = re.findall(rb"[^\n]*\n|[^\n]+", data)
    out = [b"--- a/" + name + b"\n+++ b/" + name + b"\n"]
    shift = 0
    for group in _groups(_blocks(data, edits)):
        first = max(group[0].first - _CONTEXT, 1)
        last = min(group[-1].last + _CONTEXT, len(lines))
        body, at = [], first
        for block in group:
            body += [b" " + line for line in lines[at - 1 : block.first - 1]]
            body += [b"-" + line for line in lines[block.first - 1 : block.last]]
            body += [b"+" + line for line in block.new]
            at = block.last + 1
        body += [b" " + line for line in lines[at - 1 : last]]
        grown = sum(len(block.new) - (block.last - block.first + 1) for block in group)
        count = last - first + 1
        out.append(b"@@ -%d,%d +%d,%d @@\n" % (first, count, first + shift, count + grown))
        out += [line if line.endswith(b"\n") else line + _UNENDED for line in body]
        shift += grown
    return b"".join(out)


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines first to last, from 1, that become the lines `new`."""

    first: int
    last: int
    new: list[bytes]


def _blocks(data: bytes, edits: Sequence[Edit]) -> list[_Block]:
    places = Lines(data)
    ranges: list[tuple[int, int, list[Edit]]] = []
    for edit in sorted(edits, key=lambda e: (e.span.start, e.span.end)):
        first = places.line(edit.span.start)
        last = places.line(max(edit.span.end - 1, edit.span.start))
        if data[edit.span.start : edit.span.end].endswith(b"\n") and not edit.text.endswith(b"\n"):
            last = places.line(edit.span.end) if edit.span.end < len(data) else last  # two lines are joined
        if ranges and first <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(last, ranges[-1][1]), [*ranges[-1][2], edit])
        else:
            ranges.append((first, last, [edit]))
    blocks: list[_Block] = []
    for first, last, mine in ranges:
        start, end = places.start_of(first), places.start_of(last + 1)
        moved = [Edit(Span(e.span.start - start, e.span.end - start), e.text) for e in mine]
        new = re.findall(rb"[^\n]*\n|[^\n]+", apply(data[start:end], moved))
        old = re.findall(rb"[^\n]*\n|[^\n]+", data[start:end])
        while new and last > first and new[-1] == old[-1]:
            del new[-1], old[-1]
            last -= 1
        if blocks and blocks[-1].last + 1 == first:
            before = blocks.pop()
            blocks.append(_Block(before.first, last, before.new + new))
        else:
            blocks.append(_Block(first, last, new))
    return blocks


def _groups(blocks: Sequence[_Block]) -> list[list[_Block]]:
    groups: list[list[_Block]] = []
    for block in blocks:
        if groups and block.first - groups[-1][-1].last <= 2 * _CONTEXT + 1:
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def text(made: Conversion, verdicts: Sequence[Verdict]) -> str:
    """Return a line for every parameter, what becomes of it and why, and for every function that was compared."""
    lines = [f"{t.file}: {t.function}() {t.what}: converted" for t in made.converted]
    for no in made.refused:
        more = f" ({no.detail})" if no.detail else ""
        lines.append(f"{no.target.file}: {no.target.function}() {no.target.what}: stays: {no.reason}{more}")
    for verdict in verdicts:
        lines.append(
            f"{verdict.file}: {verdict.function + '()' if verdict.function else 'the file'}: {verdict.says}"
        )
        lines += [f"    {line}" for line in verdict.lines]
    return "".join(visible(line) + "\n" for line in lines)


def as_json(made: Conversion, verdicts: Sequence[Verdict]) -> str:
    """Return the same as JSON."""
    record = {
        "version": VERSION,
        "converted": [_target(t) for t in made.converted],
        "refused": [
            {
                **_target(no.target),
                "reason": no.reason.name.lower().replace("_", "-"),
                "why": str(no.reason),
                "detail": no.detail,
            }
            for no in made.refused
        ],
        "verified": [
            {
                "file": v.file,
                "function": v.function,
                "verdict": v.says.name.lower().replace("_", "-"),
                "lines": v.lines,
            }
            for v in verdicts
        ],
    }
    return json.dumps(record, indent=2) + "\n"


def _target(target: Target) -> dict[str, object]:
    """Return a target as JSON: with an index if it is a parameter, with a name and a line if it is a local."""
    record: dict[str, object] = {"file": target.file, "function": target.function, "role": target.role}
    if target.index >= 0:
        return {**record, "index": target.index}
    return {**record, "name": target.name, "line": target.line} if target.name else record


def summary(made: Conversion, verdicts: Sequence[Verdict]) -> str:
    """Return what came of it: counts, and the reasons of what stays."""
    files = len(made.edits)
    roles = Counter(target.role for target in made.converted)
    parts = [_count(roles[role], role) for role in ("parameter", "result", "local") if roles[role]]
    said = f"{', '.join(parts) or 'nothing'} converted in {_count(files, 'file')}, "
    said += f"{len(made.refused)} stay\n"
    for reason, count in Counter(str(no.reason) for no in made.refused).most_common():
        said += f"{count:7}  {reason}\n"
    for name, group in (
        ("files", [v for v in verdicts if not v.function]),
        ("functions", [v for v in verdicts if v.function]),
    ):
        if group:
            parts = [f"{count} {says}" for says, count in Counter(str(v.says) for v in group).most_common()]
            said += f"{name}: {', '.join(parts)}\n"
    return said


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
