"""Objects: where a way leaves one object of a struct and goes on from another, as far as the text tells.

The graph has one node for a member of a struct, whichever object it is of. `another()` is what a trace says there.
"""

import re
from collections.abc import Callable

from memdesc.findings.words import plain, taken
from memdesc.inference.graph import Sink
from memdesc.inference.solve import Solution
from memdesc.inference.trace import Way

_NEAR = 400
"""Bytes in which a statement stands, at most."""
_LONGEST = 1 << 16
"""Bytes of a function that are looked at."""
_OWNER = r"(?<![\w.>])(\w+(?:\s*(?:\.|->)\s*\w+|\s*\[[^\]\[;]*\])*?)\s*(?:\.|->)\s*%s\b"
"""The expression of the object of which a member is used."""
_ASSIGNED = r"(?<![\w.>])%s\s*=(?!=)\s*([^;]+);"
_VARYING = re.compile(r"\[(?![A-Z0-9_]+\])[^\]]*\]")
"""An index that is no constant: of two such, nobody knows whether they differ."""
_PLAIN = re.compile(r"&?\w+(?:(?:->|\.)\w+|\[[^\]]*\])*")
"""A variable, a member or an element, or the address of one."""
_FOLLOWED = 3
"""Locals that are replaced by what they were made from."""


def another(solution: Solution, texts: Callable[[str], bytes], way: Way, n: int, sink: Sink) -> str:
    """Return what tells that a member is put at hop `n` and used next of another object, empty when nothing does.

    These are two expressions of one function, or two members in which two functions find their object. What two
    functions call by names of their own may be one object.
    """
    places = at_hop(solution, texts, way, n, sink)
    if places is None:
        return ""
    put, used = places
    if not put.said or not used.said or put.object == used.object:
        return ""
    if put.function != used.function and (not put.member or not used.member or put.member == used.member):
        return ""
    tag = plain(solution.graph.linked.names[way.hops[n].target][2:]).removesuffix("[]").rpartition(".")[0]
    if put.said == used.said:
        return taken(put.made, used.made, tag)
    return taken(put.said, used.said, tag)


def at_hop(
    solution: Solution, texts: Callable[[str], bytes], way: Way, n: int, sink: Sink
) -> "tuple[Place, Place] | None":
    """Return where a member is put at hop `n` and where it is used next, None when the hop leads to no member."""
    hop = way.hops[n]
    name = solution.graph.linked.names.get(hop.target, "")
    if name[:2] != "f:" or hop.row < 0:
        return None
    after = next((each.row for each in way.hops[n + 1 :] if each.row >= 0), sink.row)
    member = plain(name[2:]).removesuffix("[]").rpartition(".")[2]
    return Place(solution, texts, hop.row, member), Place(solution, texts, after, member)


class Place:
    """The object of which a member is used in the statement at a row.

    Attributes: row: of the facts. function: its number. said: the object as it is written, empty when there is none.
    made: the same with locals replaced by what they were made from. object: that without indexes that vary.
    """

    def __init__(self, solution: Solution, texts: Callable[[str], bytes], row: int, member: str) -> None:
        linked = solution.graph.linked
        self.row, self.function = row, int(linked.rows[row, 6])
        facts = linked.functions[self.function][1]
        text, at = texts(linked.paths[int(linked.rows[row, 7])]), int(linked.rows[row, 4])
        start = max(text.rfind(mark, max(0, at - _NEAR), at) for mark in (b";", b"{", b"}")) + 1
        statement = text[start : at + _NEAR].partition(b";")[0].decode("latin-1")
        owner = re.search(_OWNER % re.escape(member), statement)
        self._before = text[max(facts.start, at - _LONGEST) : max(start, facts.start)].decode("latin-1")
        self.said = "".join(owner[1].split()) if owner else ""
        self.made = self._made_from(self.said)
        self.object = _VARYING.sub("[]", self.made.replace("->", "."))

    @property
    def member(self) -> str:
        """The member of another struct in which the object lies or to which that leads, empty for a variable."""
        _, dot, last = self.object.rpartition(".")
        return last if dot else ""

    def _made_from(self, said: str) -> str:
        for _ in range(_FOLLOWED):
            root = _root(said)
            values = list(re.finditer(_ASSIGNED % re.escape(root), self._before)) if root else []
            value = "".join(values[-1][1].split()) if values else ""
            if not _PLAIN.fullmatch(value) or not _encloses(self._before[values[-1].end() :]):
                break
            said = value.removeprefix("&") + said[len(root) :]
        return said


def _encloses(text: str) -> bool:
    """Whether no block ends in a text that did not begin there: what stands before it, was done."""
    depth = 0
    for brace in re.findall("[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return True


def _root(said: str) -> str:
    """Return the variable with which an expression begins."""
    found = re.match(r"\w+", said)
    return found[0] if found else ""
