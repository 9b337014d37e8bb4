"""Deriving: what the bodies of functions say that their parameters must be.

An assertion about a value that is a parameter's is a demand of the function, if it stands under no condition that a
caller could avoid; `derive()` finds those. Any other is a demand where it stands.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from memdesc.inference.link import Linked
from memdesc.inference.transfer import SAME, Transfer
from memdesc.kinds import ANY, BESIDE, BITS, NAMES, STATES, Kind
from memdesc.places import Lines
from memdesc.source.signatures import Demand

_VARIANTS = ("arch/", "tools/")
"""Folders that define functions which others define too, for themselves."""
_MOST_KINDS = 8

Guard = Callable[[str, int, bool], Transfer]
"""What passes the test of argument N of a function, when it is answered so."""
View = Callable[[str], "tuple[int, Transfer] | None"]
"""The argument whose memory a function returns another view of, with what of it; None when there is none."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A demand that a function makes by an assertion. by: the macro, or the error returned. row: where it stands."""

    demand: Demand
    by: str
    row: int


@dataclass(frozen=True, slots=True)
class Told:
    """A derived demand for a reader: the function, the parameter's number and name, the demand as signatures have it,
    where it stands, and the line there."""

    function: str
    number: int
    parameter: str
    demand: str
    file: str
    line: int
    text: str


@dataclass(slots=True)
class Derivation:
    """Demands by function (spelt as in Linked) and parameter; others: assertions (node, row, demand, by) of no
    parameter."""

    demands: dict[tuple[str, int], tuple[Derived, ...]] = field(default_factory=dict)
    others: list[tuple[int, int, Demand, str]] = field(default_factory=list)


def worded(refused: Kind, action: str = "use") -> Demand:
    """Return the demand that refuses `refused`, worded as the notation of signatures has it."""
    accepts = ANY & ~refused
    bits = [NAMES[bit] for bit in BITS if refused & bit]
    kept = [NAMES[bit] for bit in BITS if accepts & bit]
    word = "|".join(kept) if len(kept) < len(bits) and len(kept) <= _MOST_KINDS else "!" + "|".join(bits)
    return Demand(word, accepts, action)


def accepted(formula: str, guard: Guard) -> Kind:
    """Return the kinds that pass the tests of a formula (see memdesc.source.assertions).

    A test refuses to know how a page is held, unless it is about nothing else.
    """
    total = Kind.NONE
    for alternative in formula.split("|"):
        kept = ANY
        for test in alternative.split("&"):
            name, _, argument = test[1:].partition("/")
            own = Kind(guard(name, int(argument), test[0] == "+").keep)
            kept &= own if own | STATES | BESIDE | Kind.NONCOMP == ANY else own | STATES | BESIDE
        total |= kept
    return total


def derive(linked: Linked, guard: Guard, view: View) -> Derivation:
    """Return what the assertions in all bodies demand."""
    out = Derivation()
    rows = linked.rows
    asserting = {n: op.split(":", 2) for n, op in enumerate(linked.ops) if op[:2] == "v:"}
    kinds = {n: accepted(op[2], guard) for n, op in asserting.items()}
    telling = [n for n, accepts in kinds.items() if accepts != ANY]
    if not telling:
        return out
    places = np.flatnonzero(np.isin(rows[:, 2], telling))
    names = {number: name for name, number in linked.definitions.items()}
    made: dict[tuple[str, int], list[Derived]] = {}
    bodies = _bodies(linked, np.unique(rows[places, 6]))
    transfers: dict[int, dict[int, dict[int, Transfer]]] = {}
    for row in places.tolist():
        node, op, function = int(rows[row, 0]), int(rows[row, 2]), int(rows[row, 6])
        refused = ANY & ~kinds[op]
        by = asserting[op][1]
        spelt = _spelt(linked, function, names)
        if not spelt or _conditional(linked, row):
            out.others.append((node, row, worded(refused), by))
            continue
        if function not in transfers:
            transfers[function] = _from_parameters(linked, spelt, function, bodies[function], guard, view)
        found = False
        for number, reached in transfers[function].items():
            if node in reached:
                through = reached[node]
                own = Kind(sum(int(b) for b in BITS if refused & b and through.keep & b))
                if own:
                    made.setdefault((spelt, number), []).append(Derived(worded(own), by, row))
                    found = True
        if not found:
            out.others.append((node, row, worded(refused), by))
    out.demands = {slot: tuple(_distinct(each)) for slot, each in made.items()}
    return out


def told(linked: Linked, derivation: Derivation, texts: Callable[[str], bytes]) -> tuple[Told, ...]:
    """Return the demands of all functions with their places, by name, parameter, file and line.

    Args: texts: gives the bytes of a file.
    """
    lines: dict[str, Lines] = {}
    found = []
    for (spelt, number), demands in derivation.demands.items():
        for each in demands:
            function, file, offset = (int(linked.rows[each.row, n]) for n in (6, 7, 4))
            path = linked.paths[file]
            at = lines.setdefault(path, Lines(texts(path)))
            line, _ = at.line_column(offset)
            params = linked.functions[function][1].params
            found.append(
                Told(
                    spelt.partition("@")[0],
                    number,
                    params[number][0] if number < len(params) else "",
                    each.demand.word,
                    path,
                    line,
                    at.text_of(line).strip(),
                )
            )
    return tuple(sorted(found, key=lambda t: (t.function, t.number, t.file, t.line, t.demand)))


def _distinct(found: list[Derived]) -> list[Derived]:
    kept: dict[Demand, Derived] = {}
    for each in found:
        kept.setdefault(each.demand, each)
    return list(kept.values())


def _spelt(linked: Linked, function: int, names: dict[int, str]) -> str:
    """Return how calls spell a function, empty when it is the variant of an architecture or has no name."""
    if function < 0:
        return ""
    file, facts = linked.functions[function]
    spelt = names.get(function, "")
    if "@" in spelt:
        return spelt
    return "" if linked.paths[file].startswith(_VARIANTS) else facts.name


def _conditional(linked: Linked, row: int) -> bool:
    return int(linked.rows[row, 5]) != 0 and bool(
        linked.files[int(linked.rows[row, 7])].conditions()[int(linked.rows[row, 5])]
    )


def _bodies(linked: Linked, functions: "np.ndarray[tuple[int], np.dtype[np.int32]]") -> dict[int, list[int]]:
    """Return the rows of each of some functions."""
    rows = np.flatnonzero(np.isin(linked.rows[:, 6], functions))
    found: dict[int, list[int]] = {int(f): [] for f in functions}
    for row, function in zip(rows.tolist(), linked.rows[rows, 6].tolist(), strict=True):
        found[function].append(row)
    return found


def _from_parameters(
    linked: Linked, spelt: str, function: int, body: list[int], guard: Guard, view: View
) -> dict[int, dict[int, Transfer]]:
    """Return, by parameter, the nodes of a body that hold its value, with what has passed up to there."""
    onward: dict[int, list[tuple[int, Transfer]]] = {}
    into: dict[int, list[int]] = {}
    given: dict[tuple[int, int], int] = {}
    for row in body:
        source, _, number, site = linked.rows[row, :4].tolist()
        op = linked.ops[number]
        if op[:2] == "a:" and op.count(":") == 2:
            given[site, int(op.rpartition(":")[2])] = source
    for row in body:
        source, target, number, site = linked.rows[row, :4].tolist()
        if not target:
            continue
        op = linked.ops[number]
        passed: Transfer | None = None
        if op in ("=", "&"):
            passed = SAME
        elif op[:3] in ("g+:", "g-:"):
            _, name, argument = op.split(":")[:3]
            passed = guard(name, int(argument), op[1] == "+")
        elif op[:2] == "r:" and (seen := view(op[2:])) is not None:
            source, passed = given.get((site, seen[0]), 0), seen[1]
        into.setdefault(target, []).append(source if passed is not None else 0)
        if passed is not None and source:
            onward.setdefault(source, []).append((target, passed))
    found: dict[int, dict[int, Transfer]] = {}
    for number in range(len(linked.functions[function][1].params)):
        start = linked.symbols.get(f"p:{spelt}:{number}")
        if start is None:
            continue
        reached = {start: SAME}
        work = [start]
        while work:
            node = work.pop()
            for target, transfer in onward.get(node, ()):
                passed = Transfer(reached[node].keep & transfer.keep)
                old = reached.get(target)
                joined = passed if old is None else Transfer(old.keep | passed.keep)
                if joined != old:
                    reached[target] = joined
                    work.append(target)
        # Where another value may stand there as well, nothing is said of the parameter.
        mixed = [node for node in reached if node != start and any(s not in reached for s in into[node])]
        while mixed:
            if reached.pop(mixed[-1], None) is None:
                mixed.pop()
            else:
                mixed += [target for target, _ in onward.get(mixed.pop(), ()) if target != start]
        found[number] = reached
    return found
