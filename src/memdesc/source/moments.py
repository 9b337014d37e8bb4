"""When an answer about a member or a local holds, in a function that assigns it.

`if (q->on) return; q->on = 1;` leaves an object of which `q->on` is true, although it was false when it was asked.
What is asked before the first assignment holds where the function begins, what is asked behind the last one holds
where it ends; what is asked in between holds in the function alone. A mark in the condition says which.

What an assignment makes known (`vm = true;`) has a mark of its own: it replaces what was known before it.
"""

import re
from bisect import bisect_left

ENTRY, EXIT, ASSIGNED = "\x02", "\x03", "\x04"
"""Marks behind a name: asked before the function assigns it; behind its last assignment; known by an assignment."""
_WRITTEN = re.compile(
    rb"(?:->|\.)\s*(\w+)\s*(?:\[[^\]]*\]\s*)?(?:(?:<<|>>|[-+|&^*/%])?=(?!=)|\+\+|--)"
    rb"|(?:\+\+|--)\s*\(?\s*\w+(?:(?:->|\.)\w+)*(?:->|\.)(\w+)"
)


class Moments:
    """Where a function assigns which members, by the text of its body.

    Args: text: the body, without comments. start: the offset of its first byte.
    """

    def __init__(self, text: bytes = b"", start: int = 0) -> None:
        self.start, self.end = start, start + len(text)
        self._writes: dict[str, list[int]] = {}
        for match in _WRITTEN.finditer(text):
            member = (match[1] or match[2]).decode("ascii", "replace")
            self._writes.setdefault(member, []).append(start + match.end())

    def mark(self, member: str, at: int) -> str:
        """Return the mark of what is asked of a member at an offset.

        Empty where the member is not assigned here or the offset lies elsewhere; the number of the assignment
        where there is one before and one behind.
        """
        writes = self._writes.get(member)
        if writes is None or not self.start <= at <= self.end:
            return ""
        before = bisect_left(writes, at)
        if not before:
            return ENTRY
        return EXIT if before == len(writes) else str(before)


def unmarked(atom: str) -> str:
    """Return a condition without marks."""
    return atom.replace(ENTRY, "").replace(EXIT, "").replace(ASSIGNED, "")


def at_end(atom: str) -> str:
    """Return a condition as it is asked where the function ends: what holds there has no mark."""
    return atom.replace(EXIT, "").replace(ASSIGNED, "")


def at_entry(atom: str) -> str:
    """Return a condition as it is asked where the function begins, empty if it asks of what was assigned."""
    return "" if EXIT in atom or ASSIGNED in atom else atom.replace(ENTRY, "")
