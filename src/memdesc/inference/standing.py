"""Which pointers stand where in a file, and how they are written: what `memdesc explain` can be asked about."""

import re

import numpy as np

from memdesc.inference.grounds import Demands
from memdesc.inference.solve import Solution
from memdesc.kinds import ANY
from memdesc.places import Lines

LONGEST = 80
"""Bytes of an expression that are shown."""
MOST = 6
_CLEANED = re.compile(r"\**\s*(?:const\s+)?(\w+)\s+__(?:free|cleanup)\b")
_NAMED = re.compile(rb"[A-Za-z_]")
_ENDS = re.compile(rb"[,;{}?:\n]|(?<![=!<>])=(?!=)")


def written(text: bytes, offset: int) -> str:
    """Return the expression that begins at `offset` bytes, up to what ends it: a comma, an assignment, a bracket."""
    depth, at = 0, offset
    while at < len(text) and at - offset < LONGEST:
        byte = text[at : at + 1]
        if byte in b"([":
            depth += 1
        elif byte in b")]":
            if not depth:
                break
            depth -= 1
        elif not depth and at > offset and _ENDS.match(text, at):
            break
        at += 1
    return shown(text, offset, at)


def shown(text: bytes, offset: int, end: int) -> str:
    """Return the expression between two offsets in bytes as a message shows it; the line when that is empty.

    Where the name of a variable stands in its declaration (`*p __free(kfree) = f()`) it is the name.
    """
    said = " ".join(text[offset:end].decode("utf-8", "replace").split())
    declared = _CLEANED.match(said)
    if declared:
        return declared[1]
    if said:
        return said
    first, last = text.rfind(b"\n", 0, offset) + 1, text.find(b"\n", offset)
    return " ".join(text[first : last if last >= 0 else None].decode("utf-8", "replace").split())[:LONGEST]


def standing(
    solution: Solution, demands: Demands, file: str, text: bytes, first: int, last: int
) -> list[tuple[int, int, str]]:
    """Return (line, column, expression) of the pointers in lines `first` to `last` of which something is known.

    A pointer that stands there several times is told once a line; those of one line in the order of columns.
    """
    linked = solution.graph.linked
    place = Lines(text)
    start, end = place.start_of(max(first, 1)), place.start_of(last + 1)
    number = linked.paths.index(file)
    rows = linked.rows
    here = np.flatnonzero((rows[:, 7] == number) & (rows[:, 4] >= start) & (rows[:, 4] < end))
    found: dict[tuple[int, str], int] = {}
    for row in here.tolist():
        source, target, offset = int(rows[row, 0]), int(rows[row, 1]), int(rows[row, 4])
        node = target if target and (not source or solution.graph.heap[source]) else source
        if not (solution.at(node) or int(demands.accepts[node]) != int(ANY)):
            continue
        expression = written(text, offset)
        if not _NAMED.search(expression.encode()):
            continue
        line, column = place.line_column(offset)
        known = found.get((line, expression))
        found[line, expression] = min(column, known) if known else column
    return sorted((line, column, expression) for (line, expression), column in found.items())


def nearest(
    solution: Solution, demands: Demands, file: str, text: bytes, line: int
) -> list[tuple[int, int, str]]:
    """Return the pointers of the lines nearest to `line` of which something is known, as `standing()` does."""
    whole = standing(solution, demands, file, text, 1, text.count(b"\n") + 1)
    whole.sort(key=lambda one: (abs(one[0] - line), one))
    return sorted(whole[:3])
