"""Deriving: what the bodies of functions say that their parameters must be.

An assertion about a value that is a parameter's is a demand of the function, if it stands under no condition that a
caller could avoid; `derive()` finds those. Any other is a demand where it stands. That the function has another body
in another configuration excuses no caller.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from memdesc.inference.bodies import Bodies, Guard
from memdesc.inference.link import Linked
from memdesc.kinds import ANY, BESIDE, BITS, NAMES, STATES, Kind
from memdesc.places import Lines
from memdesc.source.signatures import Demand

_MOST_KINDS = 8


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


def derive(bodies: Bodies) -> Derivation:
    """Return what the assertions in all bodies demand."""
    out = Derivation()
    linked = bodies.linked
    rows = linked.rows
    asserting = {n: op.split(":", 2) for n, op in enumerate(linked.ops) if op[:2] == "v:"}
    kinds = {n: accepted(op[2], bodies.guard) for n, op in asserting.items()}
    telling = [n for n, accepts in kinds.items() if accepts != ANY]
    if not telling:
        return out
    places = np.flatnonzero(np.isin(rows[:, 2], telling))
    made: dict[tuple[str, int], list[Derived]] = {}
    for row in places.tolist():
        node, op, function = int(rows[row, 0]), int(rows[row, 2]), int(rows[row, 6])
        refused = ANY & ~kinds[op]
        by = asserting[op][1]
        spelt = bodies.spelt(function)
        if not spelt or bodies.conditional(row, compiled=False):
            out.others.append((node, row, worded(refused), by))
            continue
        found = False
        for number, own in refusing(bodies, function, node, refused):
            made.setdefault((spelt, number), []).append(Derived(worded(own), by, row))
            found = True
        if not found:
            out.others.append((node, row, worded(refused), by))
    out.demands = {slot: tuple(_distinct(each)) for slot, each in made.items()}
    return out


def refusing(bodies: Bodies, function: int, node: int, refused: Kind) -> list[tuple[int, Kind]]:
    """Return the parameters whose value stands at a node of a body, and which of `refused` they may bring there."""
    found = []
    for number, reached in bodies.parameters(function).items():
        if node in reached:
            own = refused & Kind(reached[node].keep)
            if own:
                found.append((number, own))
    return found


def told(linked: Linked, derivation: Derivation, texts: Callable[[str], bytes]) -> tuple[Told, ...]:
    """Return the demands of all functions with their places, by name, parameter, file and line.

    Args: texts: gives the bytes of a file.
    """
    lines: dict[str, Lines] = {}
    found = []
    for (spelt, number), demands in derivation.demands.items():
        for each in demands:
            file, offset = (int(linked.rows[each.row, n]) for n in (7, 4))
            function = linked.definitions.get(spelt, int(linked.rows[each.row, 6]))
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
