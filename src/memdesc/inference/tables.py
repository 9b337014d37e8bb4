"""Functions that stand behind one pointer have one type: what a table of functions says of their parameters.

A function that is stored in a member of an ops struct is called with what the member is declared to take. So where
one of those stored there needs this very page, the others keep the page; and where all that are told convert, those
of which nothing is told do as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from memdesc.inference.declare import Entity, Role
from memdesc.inference.descriptor import PAGE
from memdesc.inference.link import Linked

_ENOUGH = 2
"""Functions that must be told before others follow them."""


def agree(entities: Sequence[Entity], linked: Linked, folio: str) -> list[Entity]:
    """Return `entities` with the answers that the tables of functions make of them.

    Args: folio: name of the type of page cache; others than this and the page are left alone.
    """
    places = _places(entities, linked)
    changed: dict[int, tuple[str, str]] = {}
    for member, functions in sorted(linked.stored.items()):
        for group in _groups(functions, places):
            _decide(member, [(n, entities[n]) for n in group], folio, changed)
    out = list(entities)
    for n, (name, why) in changed.items():
        out[n] = replace(out[n], descriptor=name, why=why)
    return out


def _places(entities: Sequence[Entity], linked: Linked) -> Mapping[str, dict[int, int]]:
    """Return function -> position of a parameter -> number of its entity."""
    spelt: dict[tuple[str, str], str] = {}
    for name, number in linked.definitions.items():
        file, facts = linked.functions[number]
        spelt[linked.paths[file], facts.name] = name
    found: dict[str, dict[int, int]] = {}
    for n, entity in enumerate(entities):
        known = spelt.get((entity.file, entity.function)) if entity.role is Role.PARAM else None
        if known is not None and entity.index is not None and entity.declared.startswith("struct page"):
            found.setdefault(known, {})[entity.index] = n
    return found


def _groups(functions: Sequence[str], places: Mapping[str, dict[int, int]]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for name in dict.fromkeys(functions):
        for index, n in places.get(name, {}).items():
            groups.setdefault(index, []).append(n)
    return [group for group in groups.values() if len(group) > 1]


def _decide(
    member: str, group: Sequence[tuple[int, Entity]], folio: str, changed: dict[int, tuple[str, str]]
) -> None:
    said = [e.descriptor for _, e in group]
    table = f"{member.partition('.')[0].partition('@')[0]}.{member.rpartition('.')[2]}"
    exact = next((e for _, e in group if e.descriptor == PAGE), None)
    if exact is not None:
        for n, entity in group:
            if entity.descriptor == folio:
                changed[n] = PAGE, f"{table}() is called with a page, which {exact.function}() needs"
    elif said.count(folio) >= _ENOUGH and set(said) <= {folio, None}:
        for n, entity in group:
            if entity.descriptor is None and n not in changed:
                changed[n] = folio, f"the other functions stored in {table} take a folio"
