"""What memory is at hand: locals and members whose allocator the same file shows, and nothing contradicts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .rules import FAMILY
from .text import Assignment, Function

_NOTHING = re.compile(r"(?:NULL|0|0UL)\s*[;,)]")
_INDEX = re.compile(r"\[[^\[\]]*\]")


def split(path: str) -> tuple[str, str]:
    """Return the variable at the base of a path, and the rest without indices and with arrows as dots."""
    match = re.match(r"\w+", path)
    if match is None:
        return "", ""
    return match[0], _INDEX.sub("[]", path[match.end() :]).replace("->", ".")


@dataclass(slots=True)
class Given:
    """All that a file assigns to one local of a function, or to one member of a struct."""

    families: set[str] = field(default_factory=set)
    calls: list[tuple[Function, Assignment]] = field(default_factory=list)
    function: str = ""

    @property
    def family(self) -> str | None:
        """The one family of allocators, when there is no other value."""
        return next(iter(self.families)) if len(self.families) == 1 and "?" not in self.families else None


class AtHand:
    """The memory that a file shows: `of()` says which family a path is of."""

    def __init__(self, functions: list[Function]) -> None:
        self.locals: dict[tuple[int, str], Given] = {}
        self.members: dict[tuple[str, str], Given] = {}
        for function in functions:
            for one in function.assignments():
                key = self._key(function, one.path)
                if key is None or _NOTHING.match(one.value):
                    continue
                given = self._slot(function, key)
                family = FAMILY.get(one.call or "")
                given.families.add(family or "?")
                given.function = function.name
                if family:
                    given.calls.append((function, one))

    @staticmethod
    def _key(function: Function, path: str) -> tuple[str, str] | None:
        base, rest = split(path)
        if not rest or rest == "[]":
            return ("", base + rest)
        tag = function.structs.get(base)
        return (tag, rest) if tag else None

    def _slot(self, function: Function, key: tuple[str, str]) -> Given:
        if key[0]:
            return self.members.setdefault(key, Given())
        return self.locals.setdefault((function.start, key[1]), Given())

    def given(self, function: Function, path: str) -> Given | None:
        """Return what is assigned to `path` as `function` sees it; None when nothing is."""
        key = self._key(function, path)
        if key is None:
            return None
        return self.members.get(key) if key[0] else self.locals.get((function.start, key[1]))

    def of(self, function: Function, path: str) -> str | None:
        """Return the family of allocators that `path` comes from, if there is exactly one."""
        given = self.given(function, path)
        return given.family if given else None

    def near(self, function: Function, at: int) -> Iterator[tuple[str, str]]:
        """Yield (expression, family) of memory in scope at offset `at` of `function`, locals first."""
        for (start, name), given in self.locals.items():
            if start != function.start or given.family is None or "[" in name or name not in function.top:
                continue
            if min(one.start for _, one in given.calls) < at and not re.search(
                rf"&\s*{name}\b", function.body
            ):
                yield name, given.family
        for (tag, rest), given in self.members.items():
            if given.family is None or "[" in rest:
                continue
            if all(giver.start == function.start and one.start > at for giver, one in given.calls):
                continue
            for base, pointed in function.structs.items():
                if pointed == tag and base in function.top and self.settled(function, base, at):
                    yield base + "->" + rest[1:], given.family

    @staticmethod
    def settled(function: Function, base: str, at: int) -> bool:
        """Whether the pointer `base` has its value at `at`: a parameter, or initialised before."""
        if any(re.search(rf"\b{base}$", p) for p in function.parameters):
            return True
        return re.search(rf"\b{base}\s*=(?!=)", function.code[function.start : at]) is not None
