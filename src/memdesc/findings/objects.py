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
_FOLLOWED = 3
"""Locals that are replaced by what they were made from."""


def another(solution: Solution, texts: Callable[[str], bytes], way: Way, n: int, sink: Sink) -> str:
    """Return what tells that a member is put at hop `n` and used next of another object, empty when nothing does.

    These are two expressions of one function, or two members in which two functions find their object. What two
    functions call by names of their own may be one object.
    """
    linked = solution.graph.linked
    hop = way.hops[n]
    name = linked.names.get(hop.target, "")
    after = next((each.row for each in way.hops[n + 1 :] if each.row >= 0), sink.row)
    if name[:2] != "f:" or hop.row < 0:
        return ""
    tag, _, member = plain(name[2:]).removesuffix("[]").rpartition(".")
    put, used = _Place(solution, texts, hop.row, member), _Place(solution, texts, after, member)
    if not put.said or not used.said or put.object == used.object:
        return ""
    if put.function != used.function and (not put.member or not used.member or put.member == used.member):
        return ""
    return taken(put.said, used.said, tag)


class _Place:
    """The object of which a member is used in the statement at a row.

    Attributes: function: its number. said: the object as it is written, empty when there is none. object: the same
    with locals that are given one value replaced by it, and indexes that are no constants left out.
    """

    def __init__(self, solution: Solution, texts: Callable[[str], bytes], row: int, member: str) -> None:
        linked = solution.graph.linked
        self.function = int(linked.rows[row, 6])
        facts = linked.functions[self.function][1]
        text, at = texts(linked.paths[int(linked.rows[row, 7])]), int(linked.rows[row, 4])
        start = max(text.rfind(mark, max(0, at - _NEAR), at) for mark in (b";", b"{", b"}")) + 1
        statement = text[start : at + _NEAR].partition(b";")[0].decode("latin-1")
        owner = re.search(_OWNER % re.escape(member), statement)
        self._body = text[facts.start : min(facts.end, facts.start + _LONGEST)].decode("latin-1")
        self.said = "".join(owner[1].split()) if owner else ""
        self.object = self._made_from(self.said)

    @property
    def member(self) -> str:
        """The member of another struct in which the object lies or to which that leads, empty for a variable."""
        _, dot, last = self.object.rpartition(".")
        return last if dot else ""

    def _made_from(self, said: str) -> str:
        for _ in range(_FOLLOWED):
            root = _root(said)
            values = set(re.findall(_ASSIGNED % re.escape(root), self._body)) if root else set()
            if len(values) != 1:
                break
            said = "".join(values.pop().split()) + said[len(root) :]
        return _VARYING.sub("[]", re.sub(r"^[&*(]+", "", said)).replace("->", ".")


def _root(said: str) -> str:
    """Return the variable with which an expression begins."""
    found = re.match(r"[&*(]*(\w+)", said)
    return found[1] if found else ""
