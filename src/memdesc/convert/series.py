"""A conversion as a series of patches: one function each, or a few that need each other, callees first.

Each patch is the difference between two conversions of the same tree, the second of which has one more unit among
what is asked for. So each state of the series is a conversion of its own, with its own boundaries, and the last is
the whole. A unit that cannot be converted without a later one waits for it and shares its patch.
"""

import heapq
from collections.abc import Callable, Collection, Iterator

from memdesc.convert.model import Conversion, Edits, Step, Target


def steps(made: Conversion, convert: Callable[[Collection[Target]], Conversion]) -> Iterator[Step]:
    """Yield the patches that together are `made`.

    Args: convert: gives the conversion of some targets alone.
    """
    asked: set[Target] = set()
    done: frozenset[Target] = frozenset()
    before: Edits = {}
    units = ordered(made)
    for count, unit in enumerate(units, 1):
        asked |= set(unit)
        now = made if count == len(units) else convert(asked)
        after = dict(now.edits)
        fresh = tuple(t for t in made.converted if t in now.converted and t not in done)
        if after == before or not fresh:
            continue
        yield Step(fresh, before, after)
        done, before = frozenset(now.converted), after


def ordered(made: Conversion) -> list[tuple[Target, ...]]:
    """Return what is converted by units that change together: what belongs to one function, callees first."""
    units: dict[tuple[str, str], list[Target]] = {}
    for target in made.converted:
        units.setdefault((target.file, target.function), []).append(target)
    order = {unit: at for at, unit in enumerate(sorted(units))}
    by_name: dict[tuple[str, str], tuple[str, str]] = {unit: unit for unit in units}
    later: dict[tuple[str, str], set[tuple[str, str]]] = {unit: set() for unit in units}
    needs: dict[tuple[str, str], set[tuple[str, str]]] = {unit: set() for unit in units}
    for unit, targets in units.items():
        for target in targets:
            for place in made.touched[target]:
                user = by_name.get(place)
                if user is not None and user != unit:
                    later[unit].add(user)
                    needs[user].add(unit)
    found = []
    ready = [(order[unit], unit) for unit in units if not needs[unit]]
    heapq.heapify(ready)
    left = set(units)
    while left:
        if not ready:  # functions that call each other
            unit = min(left, key=lambda u: (len(needs[u]), order[u]))
        else:
            unit = heapq.heappop(ready)[1]
        if unit not in left:
            continue
        left.discard(unit)
        found.append(tuple(sorted(units[unit])))
        for user in later[unit]:
            needs[user].discard(unit)
            if not needs[user] and user in left:
                heapq.heappush(ready, (order[user], user))
    return found
