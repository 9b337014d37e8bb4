"""Who owns what is done: uses that only memory with one descriptor allows.

A member of struct page that one descriptor alone keeps, a function that makes another descriptor of a page, a call
that makes memory of that kind or ends it, a demand that no other memory meets, an assertion: each says which
descriptor the pointer has, whatever else is done with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from memdesc.inference.graph import DESCRIPTORS, Graph
from memdesc.kinds import ADDRESS_ONLY, Kind
from memdesc.types import FOLIO_KINDS, FRESH, HOW, Type, Types

_PAGES = ("page", "folio")
SPOKEN = {"slab": Kind.SLAB, "netmem": Kind.NET, "ptdesc": Kind.TABLE, "zpdesc": Kind.ZSMALLOC}
"""What the signatures' `as X` says."""
_ASIDE = ADDRESS_ONLY | Kind.TAIL
_FOLIOS = FOLIO_KINDS | Kind.HUGETLB | Kind.DEVICE | Kind.ZERO | Kind.MOVABLE | Kind.TAIL


@dataclass(frozen=True, slots=True)
class Said:
    """A use of the value at `node` says that its memory is of `kinds`; who: the member or function."""

    node: int
    kinds: Kind
    row: int
    who: str


def owners(graph: Graph, types: Types) -> list[Said]:
    """Return what owners say, use by use."""
    signs = [
        *_converters(graph, types),
        *_turned(graph, types),
        *_demanded(graph, types),
        *_asserted(graph, types),
        *_offered(graph),
    ]
    return [*signs, *_confirmed(graph, types, list(_words(graph, types)), signs)]


def _confirmed(graph: Graph, types: Types, words: list[Said], signs: list[Said]) -> Iterator[Said]:
    """Yield the words that mean what they say: not those of a file that uses them for pages of its own.

    A driver may keep in its pages whatever it likes, under any name. It obtains them itself, and neither makes nor
    tests nor converts any memory of the owner's.
    """
    file = graph.linked.rows[:, 7]
    known = {(int(file[one.row]), int(one.kinds)) for one in signs}
    for _node, bit, row, _who in graph.evidence:
        kinds = SPOKEN.get(DESCRIPTORS[bit.bit_length() - 1])
        if kinds is not None:
            known.add((int(file[row]), int(kinds)))
    for name, sort in _guards(graph):
        kept = types.only(Kind(name))
        if kept is not None:
            known |= {(int(f), int(kept.kinds)) for f in np.unique(file[sort])}
    obtains = {int(file[row]) for _node, kinds, row, _name in graph.sources if kinds & int(FRESH)}
    for one in words:
        where = int(file[one.row])
        if where not in obtains or any(f == where and kinds & int(one.kinds) for f, kinds in known):
            yield one


def _guards(graph: Graph) -> Iterator[tuple[int, "np.ndarray[tuple[int], np.dtype[np.int64]]"]]:
    """Yield what each sort of guard keeps, and its rows."""
    edges = graph.edges()
    edges = edges[edges[:, 4] >= 0]
    guard = np.array([op.startswith("g+:") for op in graph.linked.ops] or [False])
    edges = edges[guard[graph.linked.rows[edges[:, 4], 2]]]
    for number in np.unique(edges[:, 3]).tolist():
        yield graph.table.all[number].keep, edges[edges[:, 3] == number, 4].astype(np.int64)


def _words(graph: Graph, types: Types) -> Iterator[Said]:
    """Members of struct page that one descriptor alone keeps, and all of the descriptors themselves."""
    told: dict[int, tuple[Kind, str]] = {}
    for number, op in enumerate(graph.linked.ops):
        if op[:2] not in ("m:", "o:", "u:"):
            continue
        tag, _, member = op[2:].partition(".")
        tag, member = tag.split("@")[0], member.split("[")[0]
        kinds = types.words.get(member, Kind.NONE) if tag in _PAGES else types.tags.get(tag, Kind.NONE)
        if kinds and not kinds & (FOLIO_KINDS | Kind.DEVICE):
            told[number] = kinds, f"{tag}->{member}"
    yield from _rows(graph, told)


def _converters(graph: Graph, types: Types) -> Iterator[Said]:
    """Functions with one parameter, a page, that give a descriptor of it."""
    linked = graph.linked
    found: dict[str, Kind] = {}
    for spelt, number in linked.definitions.items():
        facts = linked.functions[number][1]
        given = facts.result.replace("const ", "").replace("struct ", "")
        if len(facts.params) != 1 or not given.endswith("*") or given.count("*") != 1:
            continue
        taken = facts.params[0][1].replace("const ", "").replace("struct ", "")
        kinds = types.tags.get(given.rstrip(" *"), Kind.NONE)
        if taken.rstrip(" *") in _PAGES and taken.count("*") == 1 and _type(types, kinds) is not None:
            found[f"a:{spelt}:0"] = kinds
    told = {
        n: (found[op], f"{op.split(':')[1].split('@')[0]}()")
        for n, op in enumerate(linked.ops)
        if op in found
    }
    yield from _rows(graph, told)


def _turned(graph: Graph, types: Types) -> Iterator[Said]:
    """Calls after which the memory is of a kind that it was not, and the other way round."""
    linked, edges = graph.linked, graph.edges()
    table = graph.table.all
    for number, transfer in enumerate(table):
        for source, target in transfer.turns:
            own = types.only(Kind(target)) or types.only(Kind(source))
            if own is None and types.folio is not None and target == int(Kind.HUGETLB):
                own = types.folio
            if own is None:
                continue
            for at in np.flatnonzero(edges[:, 3] == number).tolist():
                row = int(edges[at, 4])
                op = linked.ops[int(linked.rows[row, 2])] if row >= 0 else ""
                if op.startswith("t:"):
                    for node in (int(edges[at, 0]), int(edges[at, 1])):
                        yield Said(
                            node,
                            own.kinds & Kind(target | source),
                            row,
                            f"{op.split(':')[1].split('@')[0]}()",
                        )


def _demanded(graph: Graph, types: Types) -> Iterator[Said]:
    """Uses that accept memory of one type alone; of an object and of an address we are not asked."""
    for sink in graph.sinks:
        demand = sink.demand
        if demand.contents or demand.interpretation or demand.when is not None or demand.action == "member":
            continue
        own = None if demand.accepts & _FOLIOS & ~Kind.TAIL else types.only(demand.accepts & ~_ASIDE)
        named = not own.carved or sink.because >= 0 if own is not None else False
        if own is not None and named and demand.action != "free":
            yield Said(sink.node, own.kinds, sink.row, f"{sink.name}()")


def _asserted(graph: Graph, types: Types) -> Iterator[Said]:
    """Assertions in the body of a function about its parameters; whoever returns an error instead is ready for it."""
    for (spelt, number), found in graph.derived.demands.items():
        node = graph.linked.symbols.get(f"p:{spelt}:{number}")
        for derived in found if node is not None else ():
            accepts = derived.demand.accepts
            own = None if accepts & _FOLIOS & ~Kind.TAIL else types.only(accepts & ~_ASIDE)
            if own is not None and node is not None and not derived.by.startswith("-"):
                yield Said(node, own.kinds, derived.row, f"{derived.by}()")


def _offered(graph: Graph) -> Iterator[Said]:
    """What the signature of a function says of what it returns holds in its definition."""
    for node, word in graph.offered.items():
        name = graph.linked.names.get(node, "")
        if word in SPOKEN and name.startswith("r:"):
            yield Said(node, SPOKEN[word], -1, f"{name[2:]}()")


def refused(graph: Graph, types: Types) -> list[Said]:
    """Return which types a use does not accept, whatever was or will be made of the memory."""
    found: list[Said] = []
    for sink in graph.sinks:
        demand = sink.demand
        if demand.contents or demand.interpretation or demand.when is not None or demand.action == "member":
            continue
        kinds = Kind.NONE
        for own in types.all:
            if (own.kinds & FOLIO_KINDS and not demand.accepts & (_FOLIOS | FRESH)) or (
                not own.kinds & FOLIO_KINDS and not demand.accepts & (own.kinds | own.besides | FRESH)
            ):
                kinds |= own.kinds
        if kinds:
            found.append(Said(sink.node, kinds, sink.row, f"{sink.name}()"))
    return found


def _rows(graph: Graph, told: dict[int, tuple[Kind, str]]) -> Iterator[Said]:
    rows = graph.linked.rows
    found = np.flatnonzero(np.isin(rows[:, 2], np.array(list(told), dtype=np.int32)))
    for row in found.tolist():
        kinds, who = told[int(rows[row, 2])]
        yield Said(int(rows[row, 0]), kinds, row, who)


def _type(types: Types, kinds: Kind) -> Type | None:
    """Return the type, not the folio's, that `kinds` are of."""
    return types.only(kinds & ~(HOW | FRESH))
