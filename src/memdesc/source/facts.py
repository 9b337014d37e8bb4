"""Facts: what one file's code does with pointers, before anyone says what it means.

A function's code becomes a graph. A node is a value at some point of the code; a *symbol* names a node that
other code can reach: `p:FUNCTION:N` a parameter, `r:FUNCTION` what is returned, `g:NAME` a global,
`f:TAG.MEMBER` a member (a chain of members is resolved when files are linked), each with `[]` behind it for
what the container it points to holds; `p:FUNCTION:N*` what a pointer to a pointer leads to when the function is
called, `q:FUNCTION:N*` when it returns. F may be a pointer: `.TAG.MEMBER`, `.(F)#N` a parameter of F, `.(F)NAME` a
local of it, `.(g)NAME` a global, `.(free)NAME` what DEFINE_FREE(NAME) calls. An edge says that a value flows, and by
which construct (`op`):

    =            assignment, return, merge of branches
    &            the address of a part of what the value points to
    +            pointer arithmetic by more than a constant
    arr          a member that lies in the object itself if it is an array (site: symbol of the member)
    g+:F:N g-:F:N  argument N of a call of F that was true, or false
    t:F:N        argument N after the call of F
    a:F:N        argument N of a call of F          (to node 0)
    c:F:N        what argument N of F contains      (both ways)
    i:F:N d:F:N  what argument N of F leads to, before the call (to node 0) and after it
    r:F          what a call of F returned          (from node 0)
    k:F          what the result of a call of F contains (from node 0, both ways)
    h:F:N:G:K    argument K of a call of F whose argument N is the function G  (to node 0)
    s:WORD       memory that the language provides  (from node 0): stack, global, percpu, user
    m:TAG.MEMBER a member read through the value    (to node 0)
    w:TAG.MEMBER the value is stored in a member    (to node 0)
    o:TAG.MEMBER a member of the page it points to is cleared, or its address taken  (to node 0)
    u:TAG.MEMBER a member of the page it points to is written, or its address given to a call  (to node 0)
    x:TAG:TAG    a cast from one descriptor to another (to node 0)
    v:BY:FORMULA an assertion, or the return of an error, lets the value pass only so (to node 0; see assertions)

`packing.py` turns a file's facts into bytes for the cache and back; it takes what is spelt as CONSTRUCTS and SYMBOLS
say and nothing else, since the later stages take them apart.
"""

import re
import struct
from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from memdesc.source.moments import unmarked

WIDTH = 7
"""Numbers an edge: source, target, op (index of a string), site, byte offset, condition set, function."""

FORMAT = 31
"""To be raised whenever what facts say, or how they are packed, changes."""


Members = dict[str, tuple[str, int, bool]]
"""Member -> (type, pointer depth, array)."""
Conditions = tuple[tuple[tuple[str, bool], ...], ...]
Said = tuple[tuple[int, str], ...]
"""Arguments of a call: (index, the text, and behind a NUL what it may be; constants and parameters by text alone)."""


_NAME = r"[^:\x01]*"
_TEST = r"[+-]\w+/\d{1,6}"
CONSTRUCTS = (
    rf"(?:[acdit]|g[+-]):{_NAME}:\d{{1,6}}",
    rf"[ekmoruw]:{_NAME}",
    r"=|&|\+|arr|\[\]",
    r"s:(?:stack|global|percpu|user)",
    rf"v:-?\w+:{_TEST}(?:[&|]{_TEST})*",
    rf"x:{_NAME}:[A-Za-z_]\w*",
    rf"h:{_NAME}:\d{{1,6}}:\w+:\d{{1,6}}",
    r"gs:\w+",
    rf"gm:{_NAME}:[+-]",
)
"""How the op of an edge is spelt, the most frequent first."""
SYMBOLS = (rf"[fgr]:{_NAME}", rf"p:{_NAME}:\d{{1,6}}(?:\[\])*", rf"[pq]:{_NAME}:\d{{1,6}}\*")

END = "\x01"
"""Stands between strings that are packed; where one has it, it is a blank."""
_HEAD = struct.Struct("<3I")
_DATE = re.compile(r"^(\w+)(?:~\d+)+:")


def undated(atom: str) -> str:
    """Return a condition without its date: what a local is compared with is known from its assignments."""
    return _DATE.sub(r"\1:", atom)


@dataclass(frozen=True, slots=True)
class FunctionFacts:
    """One function (or function-like macro).

    Attributes: params: (name, type as written). static: visible in its file only. macro: it is one.
    error: a part of it did not parse. A static function of which no more is known than that calls of its name are
    meant for it has no extent.
    """

    name: str
    start: int
    end: int
    params: tuple[tuple[str, str], ...]
    result: str
    static: bool
    macro: bool
    error: bool

    @property
    def known(self) -> bool:
        """Whether the function was read."""
        return self.end > self.start


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration of a page or folio pointer: what `infer` speaks of. `nodes`: its values in the graph."""

    function: int
    role: str
    name: str
    index: int
    ctype: str
    offset: int
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FileFacts:
    """All facts of one file; numbers in `edges` are rows of WIDTH.

    Attributes: symbols: (node, symbol). sites: of each call the arguments that conditions may ask about, here
    or in the function that is called. stored: (pointer, function) pairs, or (pointer, "." and a pointer that it is a
    copy of). packed_conditions and packed_structs are most of the facts, of which a run needs few: see conditions()
    and members().
    """

    strings: tuple[str, ...]
    edges: "array[int]"
    node_count: int
    symbols: tuple[tuple[int, str], ...]
    functions: tuple[FunctionFacts, ...]
    sites: tuple[Said, ...]
    packed_conditions: bytes
    packed_structs: dict[str, bytes]
    typedefs: dict[str, str]
    stored: tuple[tuple[str, str], ...]
    declared: tuple[Declared, ...]
    globals: dict[str, tuple[str, int, bool, bool]]

    def without_graph(self) -> "FileFacts":
        """Return what is not yet told when the graph is linked: most of a run's memory is the graphs of its files."""
        return replace(self, strings=(), edges=array("I"), symbols=(), sites=())

    def conditions(self) -> Conditions:
        """Return the sets of (what was asked, answer) that the edges name."""
        return self._conditions(unmarked)

    def marked_conditions(self) -> Conditions:
        """Return the same, with marks that say when a member was asked; see `memdesc.source.moments`."""
        return self._conditions(str)

    def _conditions(self, spelt: Callable[[str], str]) -> Conditions:
        packed = self.packed_conditions
        sets, count, _ = _HEAD.unpack_from(packed)
        text = _HEAD.size + 4 * (sets + count)
        words = array("I")
        words.frombytes(packed[_HEAD.size : text])
        atoms = packed[text:].decode("utf-8", "replace").split(END)
        pairs = [
            (atom, answer) for atom in map(spelt, atoms) for answer in (False, True)
        ]  # most are in many sets
        flat = [pairs[n] for n in words[sets:]]
        return tuple(tuple(flat[a:b]) for a, b in pairwise(accumulate(words[:sets], initial=0)))

    def members(self, tag: str) -> Members | None:
        """Return the members of the struct called `tag`, None when the file defines none."""
        packed = self.packed_structs.get(tag)
        if packed is None:
            return None
        lines = packed.decode("utf-8", "replace").split(END)
        rows = zip(lines[::3], lines[1::3], lines[2::3], strict=False)
        return {name: (of, stars.count("*"), stars.endswith("]")) for name, of, stars in rows}


def pack_conditions(conditions: Conditions) -> bytes:
    """Return sets of conditions as FileFacts keeps them: how many sets, numbers and questions there are, the sets'
    lengths, the numbers in them (twice that of the question, and the answer), and the questions."""
    numbers: dict[str, int] = {}
    flat = array(
        "I",
        (2 * numbers.setdefault(atom, len(numbers)) + answer for held in conditions for atom, answer in held),
    )
    lengths = array("I", map(len, conditions))
    text = END.join([*(atom.replace(END, " ") for atom in numbers), ""])
    head = _HEAD.pack(len(lengths), len(flat), len(numbers))
    return b"".join((head, lengths.tobytes(), flat.tobytes(), text.encode("utf-8", "surrogatepass")))


def condition_sets(packed: bytes) -> int | None:
    """Return how many sets of conditions were packed, None if pack_conditions() did not make these bytes."""
    if len(packed) < _HEAD.size:
        return None
    sets, count, atoms = _HEAD.unpack_from(packed)
    text = _HEAD.size + 4 * (sets + count)
    if (
        text > len(packed)
        or packed.count(END.encode(), text) != atoms
        or (packed[text:] and packed[-1:] != END.encode())
    ):
        return None
    lengths, numbers = array("I"), array("I")
    lengths.frombytes(packed[_HEAD.size : _HEAD.size + 4 * sets])
    numbers.frombytes(packed[_HEAD.size + 4 * sets : text])
    sound = sum(lengths) == count and (not numbers or max(numbers) < 2 * atoms)
    return sets if sound else None


def pack_structs(structs: dict[str, Members]) -> dict[str, bytes]:
    """Return structs as FileFacts keeps them: of each member its name, its type, its stars and brackets.

    Whatever the bytes are, they say some struct: only the solver wants to know, and only of a few of them.
    """
    return {
        tag: END.join(
            line.replace(END, " ")
            for name, (of, depth, brackets) in members.items()
            for line in (name, of, "*" * depth + "[]" * brackets)
        ).encode("utf-8", "surrogatepass")
        for tag, members in structs.items()
    }
