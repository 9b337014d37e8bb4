"""Facts: what one file's code does with pointers, before anyone says what it means.

A function's code becomes a graph. A node is a value at some point of the code; a *symbol* names a node that
other code can reach: `p:FUNCTION:N` a parameter, `r:FUNCTION` what is returned, `g:NAME` a global,
`f:TAG.MEMBER` a member (a chain of members is resolved when files are linked), each with `[]` behind it for
what the container it points to holds. An edge says that a value flows, and by which construct (`op`):

    =            assignment, return, merge of branches
    &            the address of a part of what the value points to
    +            pointer arithmetic by more than a constant
    arr          a member that lies in the object itself if it is an array (site: symbol of the member)
    g+:F:N g-:F:N  argument N of a call of F that was true, or false
    t:F:N        argument N after the call of F
    a:F:N        argument N of a call of F          (to node 0)
    c:F:N        what argument N of F contains      (both ways)
    r:F          what a call of F returned          (from node 0)
    k:F          what the result of a call of F contains (from node 0, both ways)
    s:WORD       memory that the language provides  (from node 0): stack, global, user
    m:TAG.MEMBER a member read through the value    (to node 0)
    w:TAG.MEMBER the value is stored in a member    (to node 0)
    o:TAG.MEMBER a member of the page it points to is written, or its address taken  (to node 0)
    x:TAG:TAG    a cast from one descriptor to another (to node 0)
    v:BY:FORMULA an assertion, or the return of an error, lets the value pass only so (to node 0; see assertions)

`pack()` and `unpack()` turn a file's facts into bytes for the cache and back.
"""

import marshal
import re
from array import array
from dataclasses import dataclass

WIDTH = 7
"""Numbers an edge: source, target, op (index of a string), site, byte offset, condition set, function."""

FORMAT = 7
"""To be raised whenever what facts say, or how they are packed, changes."""


Members = dict[str, tuple[str, int, bool]]
"""Member -> (type, pointer depth, array)."""
Conditions = tuple[tuple[tuple[str, bool], ...], ...]


_DATE = re.compile(r"^(\w+)(?:~\d+)+:")


def undated(atom: str) -> str:
    """Return a condition without its date: what a local is compared with is known from its assignments."""
    return _DATE.sub(r"\1:", atom)


@dataclass(frozen=True, slots=True)
class FunctionFacts:
    """One function (or function-like macro).

    Attributes: params: (name, type as written). static: visible in its file only. macro: it is one.
    error: a part of it did not parse.
    """

    name: str
    start: int
    end: int
    params: tuple[tuple[str, str], ...]
    result: str
    static: bool
    macro: bool
    error: bool


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

    Attributes: symbols: (node, symbol). sites: (callee, byte offset, arguments that conditions may ask
    about: ((index, words, known), ...)). stored: (symbol of a member, function) pairs. packed_conditions and
    packed_structs are most of the facts, of which a run needs few: see conditions() and members().
    """

    strings: tuple[str, ...]
    edges: "array[int]"
    node_count: int
    symbols: tuple[tuple[int, str], ...]
    functions: tuple[FunctionFacts, ...]
    sites: tuple[tuple[str, int, tuple[tuple[int, str], ...]], ...]
    packed_conditions: bytes
    packed_structs: dict[str, bytes]
    typedefs: dict[str, str]
    stored: tuple[tuple[str, str], ...]
    declared: tuple[Declared, ...]
    globals: dict[str, tuple[str, int, bool, bool]]

    def conditions(self) -> Conditions:
        """Return the sets of (what was asked, answer) that the edges name."""
        atoms, sets = marshal.loads(self.packed_conditions)
        return tuple(tuple((atoms[n >> 1], bool(n & 1)) for n in numbers) for numbers in sets)

    def members(self, tag: str) -> Members | None:
        """Return the members of the struct called `tag`, None when the file defines none."""
        packed = self.packed_structs.get(tag)
        if packed is None:
            return None
        found: Members = marshal.loads(packed)
        return found


def pack_conditions(conditions: Conditions) -> bytes:
    """Return sets of conditions as FileFacts keeps them."""
    numbers: dict[str, int] = {}
    sets = tuple(
        tuple(2 * numbers.setdefault(atom, len(numbers)) + answer for atom, answer in held)
        for held in conditions
    )
    return marshal.dumps((tuple(numbers), sets), 2)


def pack_structs(structs: dict[str, Members]) -> dict[str, bytes]:
    """Return structs as FileFacts keeps them."""
    return {tag: marshal.dumps(members, 2) for tag, members in structs.items()}


def pack(facts: FileFacts) -> bytes:
    """Return `facts` as bytes."""
    return marshal.dumps(
        (
            facts.strings,
            facts.edges.tobytes(),
            facts.node_count,
            facts.symbols,
            tuple(
                (f.name, f.start, f.end, f.params, f.result, f.static, f.macro, f.error)
                for f in facts.functions
            ),
            facts.sites,
            facts.packed_conditions,
            facts.packed_structs,
            facts.typedefs,
            facts.stored,
            tuple((d.function, d.role, d.name, d.index, d.ctype, d.offset, d.nodes) for d in facts.declared),
            facts.globals,
        ),
        2,
    )


def unpack(blob: bytes) -> FileFacts:
    """Return the facts that `pack()` made bytes of."""
    (
        strings,
        edges,
        nodes,
        symbols,
        functions,
        sites,
        conditions,
        structs,
        typedefs,
        stored,
        declared,
        globals_,
    ) = marshal.loads(blob)
    numbers = array("i")
    numbers.frombytes(edges)
    return FileFacts(
        strings,
        numbers,
        nodes,
        symbols,
        tuple(FunctionFacts(*f) for f in functions),
        sites,
        conditions,
        structs,
        typedefs,
        stored,
        tuple(Declared(*d) for d in declared),
        globals_,
    )
