"""Evidence for what a pointer stands for: what is done with each value, and with those that reach it.

Signatures say of a use that it takes its argument for a folio's head (`whole`), for any page of a folio
(`within`), for this very page (`exact`), or for another descriptor (`as ...`); the owners of the words of struct
page say more of the last sort (`owners.py`). Evidence goes against the flows, from a use to every value that may
be there. It does not go through a change of page: what is done to `page + n`, or to an address in the page, says
nothing of `page`. Nor does that a page is used as a folio go through members, globals and containers: they hold
what many put there. Which other descriptor a page has does go through members and globals, both ways: whoever
stores, compares and reads what a member holds agrees with the others. It does not go back through a test that
establishes it: behind `if (PageSlab(page))` any page would be a slab.

A number that says what is evident has the kinds of the owners in its lower half, and the uses above.
"""

import numpy as np
import numpy.typing as npt

from memdesc.inference.graph import CALL, DESCRIPTORS, INTRA, RETURN, Ints
from memdesc.inference.owners import SPOKEN, Said, refused
from memdesc.inference.solve import Solution
from memdesc.kinds import ANY, Kind
from memdesc.types import FRESH, HOW, Types

Bits = npt.NDArray[np.uint64]
WHOLE, EXACT, WITHIN, UNKNOWN, SET, ADDRESS, INDEX = (1 << n for n in range(48, 55))
"""Uses; SET is a word of a head that is written: whoever makes something of a page does that, too. ADDRESS is that
of this page, and of the whole folio if it is the head. UNKNOWN is a bit of what arrives: something may of which
nothing is known."""
KINDS = int(ANY)
PAGES = ("page", "folio")
_WORDS = {"folio": WHOLE, "page": EXACT, "within": WITHIN, "address": ADDRESS}


class Evidence:
    """Evidence of every node.

    Attributes: here: from uses in the same function. beyond: from those in called functions, too, and by what
    members hold. refused: types of which a use accepts no memory, by their kinds. after: for what a function
    returns, from uses by its callers. before: what is known of the values that arrive, and UNKNOWN when nothing
    is known of one. around: the owners of what arrives, members and globals included, and UNKNOWN. said: who says
    what of a node: (bits, row, who). sources, targets: the flows inside functions, by target.
    """

    def __init__(self, solution: Solution, types: Types, said: list[Said]) -> None:
        graph, linked = solution.graph, solution.graph.linked
        edges = solution.edges
        held = _containers(solution)
        shared = graph.heap | held
        own = ~(shared[edges[:, 0]] | shared[edges[:, 1]])
        same, parts = _constructs(solution)
        flows = own & same & (edges[:, 2] != RETURN)
        inside = flows & (edges[:, 2] == INTRA)
        self.said = _by_node(solution, said)
        start = np.zeros(linked.node_count, dtype=np.uint64)
        for node, found in self.said.items():
            for bits, _row, _name in found:
                start[node] |= np.uint64(bits)
        masks = _masks(solution, types)
        against = edges[:, [1, 0]]
        foreign = _foreign(solution)
        self.here = spread(start, against[inside], masks[inside])
        closed = (graph.heap & ~_of_pages(solution)) | held
        members = same & ~(closed[edges[:, 0]] | closed[edges[:, 1]]) & (edges[:, 2] != RETURN) & ~own
        passing = (flows | members) & ~foreign
        narrow = masks.copy()
        narrow[members] &= np.uint64(KINDS)
        narrow[_through_tables(solution)] &= ~np.uint64(KINDS | EXACT | ADDRESS)
        self.beyond = spread(start, against[passing], narrow[passing])
        asked = np.zeros(linked.node_count, dtype=np.uint64)
        for one in refused(graph, types):
            asked[one.node] |= np.uint64(int(one.kinds))
        self.refused = spread(asked, against[flows & ~foreign], narrow[flows & ~foreign])
        order = np.argsort(edges[inside, 1], kind="stable")
        self.sources, self.targets = edges[inside][order, 0], edges[inside][order, 1]
        returned = edges[own & (edges[:, 2] == RETURN)][:, :2]
        self.after = np.zeros(linked.node_count, dtype=np.uint64)
        np.bitwise_or.at(self.after, returned[:, 0], self.beyond[returned[:, 1]])
        # Whose a result is, callers of callers know as well.
        handed = np.concatenate([against[inside], returned[:, [1, 0]]])
        told = spread(self.beyond & np.uint64(KINDS), handed)
        np.bitwise_or.at(self.after, returned[:, 0], told[returned[:, 1]])
        self.before = self._before(edges[:, :2], flows, parts, _folios(solution))
        back = (edges[:, 2] == RETURN) & ~(closed[edges[:, 0]] | closed[edges[:, 1]])
        self.around = self._around(solution, (flows | members | back) & ~foreign)

    def _before(
        self, edges: Ints, flows: npt.NDArray[np.bool_], parts: npt.NDArray[np.bool_], folios: Ints
    ) -> Bits:
        count = len(self.here)
        head = np.zeros(count, dtype=bool)
        head[folios] = True
        arriving = flows | (parts & head[edges[:, 0]])
        reached = np.zeros(count, dtype=bool)
        reached[edges[arriving, 1]] = True
        known = (self.here & np.uint64(WHOLE | WITHIN)).astype(np.uint64)
        known[head] = WHOLE
        start = np.where((known == 0) & ~reached, np.uint64(UNKNOWN), known)
        open_ = edges[arriving & (known[edges[:, 1]] == 0)]
        leaving = spread(start, open_)
        before = np.zeros(count, dtype=np.uint64)
        np.bitwise_or.at(before, edges[arriving, 1], leaving[edges[arriving, 0]])
        return before

    def _around(self, solution: Solution, flows: npt.NDArray[np.bool_]) -> Bits:
        """Return the owners of what arrives at each node, and UNKNOWN where one is not known."""
        edges, count = solution.edges, len(self.here)
        reached = np.zeros(count, dtype=bool)
        reached[edges[flows, 1]] = True
        known = self.beyond & np.uint64(KINDS)
        given = np.zeros(count, dtype=np.uint64)
        fresh = np.zeros(count, dtype=bool)
        for node, kinds, _row, _name in solution.graph.sources:
            told = kinds & ~int(FRESH | HOW)
            given[node] |= np.uint64(told)
            fresh[node] = fresh[node] or not told
        start = np.where(known != 0, known, given)
        start = np.where((start == 0) & ~reached & ~fresh, np.uint64(UNKNOWN), start)
        leaving = spread(start, edges[flows & (known[edges[:, 1]] == 0)][:, :2])
        around = np.zeros(count, dtype=np.uint64)
        np.bitwise_or.at(around, edges[flows, 1], leaving[edges[flows, 0]])
        return around


def meaning(word: str) -> int:
    """Return what a word of DESCRIPTORS says, as numbers here have it."""
    return _WORDS[word] if word in _WORDS else int(SPOKEN[word])


def _by_node(solution: Solution, said: list[Said]) -> dict[int, list[tuple[int, int, str]]]:
    """Return node -> (bits, row, who says so)."""
    linked = solution.graph.linked
    found: dict[int, list[tuple[int, int, str]]] = {}
    for node, bit, row, name in solution.graph.evidence:
        bits = meaning(DESCRIPTORS[bit.bit_length() - 1])
        op = linked.ops[int(linked.rows[row, 2])] if row >= 0 else ""
        if bits == WHOLE and op.startswith("o:"):
            bits = SET
        elif bits == WHOLE and op.startswith("m:page") and op.endswith(".index"):
            bits = INDEX
        found.setdefault(node, []).append((bits, row, name))
    for one in said:
        found.setdefault(one.node, []).append((int(one.kinds), one.row, one.who))
    return found


def _masks(solution: Solution, types: Types) -> Bits:
    """Return, for each edge, which evidence goes back along it: not what the test it stands for establishes."""
    table = solution.graph.table.all
    masks = np.full(len(table), (1 << 64) - 1, dtype=np.uint64)
    for number, transfer in enumerate(table):
        if transfer.turns:
            continue
        for t in types.own():
            told = Kind(transfer.keep) & ~(HOW | Kind.TAIL | FRESH)
            if told & t.kinds and not told & ~(t.kinds | t.besides):
                masks[number] &= ~np.uint64(int(t.kinds))
    return masks[solution.edges[:, 3]]


def spread(bits: Bits, edges: Ints, masks: Bits | None = None) -> Bits:
    """Return `bits` after they went along `edges` (rows of source, target) as far as they can.

    Args: masks: for each edge, what goes along it.
    """
    bits = bits.copy()
    order = np.argsort(edges[:, 0], kind="stable")
    edges = edges[order]
    masks = masks[order] if masks is not None else None
    starts = np.searchsorted(edges[:, 0], np.arange(len(bits) + 1)).astype(np.int64)
    changed = np.flatnonzero(bits)
    while len(changed):
        counts = starts[changed + 1] - starts[changed]
        total = int(counts.sum())
        first = np.repeat(starts[changed] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        index = first + np.arange(total)
        found = edges[index]
        sent = bits[found[:, 0]] if masks is None else bits[found[:, 0]] & masks[index]
        targets = np.unique(found[:, 1])
        was = bits[targets].copy()
        np.bitwise_or.at(bits, found[:, 1], sent)
        changed = targets[bits[targets] != was]
    return bits


def _constructs(solution: Solution) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return, for each edge, whether its ends are the same pointer, and whether one is a part of the other."""
    linked, edges = solution.graph.linked, solution.edges
    changing = {"&", "+", "arr"}
    same = np.array([op not in changing and not op.startswith("r:") for op in linked.ops] + [True])
    part = np.array([op == "&" for op in linked.ops] + [False])
    rows = edges[:, 4]
    op = np.where(rows >= 0, linked.rows[np.maximum(rows, 0), 2], len(linked.ops))
    call = edges[:, 2] != INTRA
    return same[op] | call, part[op] & ~call


def _containers(solution: Solution) -> npt.NDArray[np.bool_]:
    """Return which nodes are what a container holds."""
    linked = solution.graph.linked
    found = np.zeros(linked.node_count, dtype=bool)
    found[[node for name, node in linked.symbols.items() if name.endswith("[]")]] = True
    held = np.array([op.startswith(("c:", "k:")) for op in linked.ops] or [False])
    rows = linked.rows[held[linked.rows[:, 2]]]
    found[np.where(rows[:, 0] > 0, rows[:, 0], rows[:, 1])] = True
    found[0] = False
    return found


def _of_pages(solution: Solution) -> npt.NDArray[np.bool_]:
    """Return which nodes are members and globals that are declared as a pointer to a page."""
    linked = solution.graph.linked
    declared: set[tuple[str, str]] = set()
    for facts in linked.files:
        for tag in facts.packed_structs:
            for name, (base, depth, array) in (facts.members(tag) or {}).items():
                if base in PAGES and depth == 1 and not array:
                    declared.add((tag, name))
    found = np.zeros(linked.node_count, dtype=bool)
    for symbol, node in linked.symbols.items():
        if symbol.startswith("f:"):
            tag, _, member = symbol[2:].partition("#")[0].partition(".")
            found[node] = (tag.partition("@")[0], member) in declared
        elif symbol.startswith("g:"):
            name, _, file = symbol[2:].partition("@")
            known = linked.files[int(file)].globals.get(name) if file else None
            found[node] = known is not None and known[0] in PAGES and known[1] == 1 and not known[2]
    return found


def _through_tables(solution: Solution) -> npt.NDArray[np.bool_]:
    """Return which edges are calls by a pointer in a table: what one of its functions does, others may not."""
    linked, edges = solution.graph.linked, solution.edges
    indirect = np.array([op.partition(":")[2].startswith(".") for op in linked.ops] + [False])
    rows = edges[:, 4]
    op = np.where(rows >= 0, linked.rows[np.maximum(rows, 0), 2], len(linked.ops))
    found: npt.NDArray[np.bool_] = (edges[:, 2] != INTRA) & indirect[op]
    return found


def _foreign(solution: Solution) -> npt.NDArray[np.bool_]:
    """Return which edges lead into a definition that belongs to an architecture the caller does not.

    A name that each architecture defines has one node, that of whichever definition was met first.
    """
    linked, edges = solution.graph.linked, solution.edges
    where = np.full(linked.node_count, -1, dtype=np.int32)
    numbers: dict[str, int] = {}
    for spelt, number in linked.definitions.items():
        path = linked.paths[linked.functions[number][0]]
        if not path.startswith("arch/"):
            continue
        arch = numbers.setdefault(path.split("/")[1], len(numbers))
        for n in range(len(linked.functions[number][1].params)):
            node = linked.symbols.get(f"p:{spelt}:{n}")
            if node is not None:
                where[node] = arch
    files = np.array(
        [numbers.get(p.split("/")[1], -1) if p.startswith("arch/") else -1 for p in linked.paths] or [-1],
        dtype=np.int32,
    )
    rows = edges[:, 4]
    caller = np.where(rows >= 0, files[linked.rows[np.maximum(rows, 0), 7]], -1)
    target = where[edges[:, 1]]
    foreign: npt.NDArray[np.bool_] = (edges[:, 2] == CALL) & (target >= 0) & (target != caller)
    return foreign


def _folios(solution: Solution) -> Ints:
    """Return the nodes of what is declared as a folio."""
    linked = solution.graph.linked
    found = []
    for n, facts in enumerate(linked.files):
        for declared in facts.declared:
            if declared.ctype.startswith("struct folio"):
                found += [linked.node(n, node) for node in declared.nodes]
    return np.array(found, dtype=np.int32)
