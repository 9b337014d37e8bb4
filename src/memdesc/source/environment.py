"""What the walk over a function knows at a place: the node that holds the value of each path.

That is a dict, copied at each branch, label and case. A function with many paths and many branches would copy the
square of its length: there it is held in `Pieces`, small dicts that copies share until one of them changes. Where
branches meet, only the pieces are compared that are not the same object. `empty(text)` chooses.
"""

import re
from collections.abc import Callable, Iterator
from typing import Self

_SHORT = 1 << 14
_MANY = 1000
_PATH = re.compile(rb"[A-Za-z_]\w*(?:\s*(?:->|\.)\s*[A-Za-z_]\w*|\s*\[\s*\w*\s*\])*")
BEFORE = "\0"
"""In a key `NAME\\0-PATH`: what PATH was before a call whose result NAME holds, and which changed nothing where NAME
is false (`+`: true)."""
Join = Callable[[dict[str, int], dict[str, int]], dict[str, int]]

_SHIFT = 6
"""A piece holds 64 paths: those that were first met one after the other."""


def attempt(key: str) -> tuple[str, str, str]:
    """Return the name, the sign and the path of a key with BEFORE; of any other the key and twice nothing."""
    name, _, rest = key.partition(BEFORE)
    return name, rest[:1], rest[1:]


def parts(path: str) -> Iterator[tuple[str, str]]:
    """Return (path, what it is a part of or what indexes it) for a path, for what it is a part of, and so on."""
    if BEFORE in path:
        name, _, changed = attempt(path)
        yield path, name
        yield path, changed
        return
    while not path.isidentifier():
        cut = max(path.rfind("."), path.rfind("["))
        if cut < 0:
            return
        yield path, path[:cut]
        if path[cut] == "[":
            yield path, path[cut + 1 : -1]
        path = path[:cut]


class Parted:
    """A dict in parts, for what the walk asks of one; it goes through its keys in the order of their pieces.

    Keys that begin with "!" have the first piece for themselves: they change at each branch.
    """

    __slots__ = ("_own", "_pieces", "_slots")

    def __init__(self, slots: dict[str, int]) -> None:
        """Make an empty one. Args: slots: in which piece a key lies, the same for all that are compared."""
        self._slots = slots
        self._pieces: list[dict[str, int]] = [{}]
        self._own = {0}

    def copy(self) -> Self:
        """Return a copy; what is changed in one of both from now on is not in the other."""
        new = self.beside()
        new.become(self)
        return new

    def beside(self) -> Self:
        """Return an empty one that can be compared with this one."""
        return type(self)(self._slots)

    def become(self, other: Self) -> None:
        """Hold what `other` holds, and nothing else."""
        self._pieces = other._pieces.copy()
        self._own = set()
        other._own = set()

    def get(self, key: str, default: int = 0) -> int:
        """Return the value of a key."""
        slot = self._slots.get(key, -1)
        return self._pieces[slot].get(key, default) if 0 <= slot < len(self._pieces) else default

    def __getitem__(self, key: str) -> int:
        slot = self._slots[key]
        if slot >= len(self._pieces):
            raise KeyError(key)
        return self._pieces[slot][key]

    def __contains__(self, key: str) -> bool:
        slot = self._slots.get(key, -1)
        return 0 <= slot < len(self._pieces) and key in self._pieces[slot]

    def __setitem__(self, key: str, value: int) -> None:
        slot = self._slots.get(key, -1)
        if slot < 0:
            slot = self._slots[key] = 0 if key[:1] == "!" else 1 + (len(self._slots) >> _SHIFT)
        while slot >= len(self._pieces):
            self._own.add(len(self._pieces))
            self._pieces.append({})
        self._ours(slot)[key] = value

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        del self._ours(self._slots[key])[key]

    def pop(self, key: str, default: int | None = None) -> int | None:
        """Remove a key; returns its value, `default` when there is none."""
        return self._ours(self._slots[key]).pop(key) if key in self else default

    def _ours(self, slot: int) -> dict[str, int]:
        if slot not in self._own:
            self._pieces[slot] = self._pieces[slot].copy()
            self._own.add(slot)
        return self._pieces[slot]

    def __iter__(self) -> Iterator[str]:
        for piece in self._pieces:
            yield from piece

    def items(self) -> Iterator[tuple[str, int]]:
        """Return keys and values."""
        for piece in self._pieces:
            yield from piece.items()

    def differing(self, other: Self) -> list[tuple[dict[str, int], dict[str, int], int]]:
        """Return the pieces that are not the same in `other`, those of it, and their numbers."""
        one, two = self._pieces, other._pieces
        pairs = [(a, b, n) for n, (a, b) in enumerate(zip(one, two, strict=False)) if a is not b]
        pairs += [(a, {}, n) for n, a in enumerate(one[len(two) :], len(two))]
        pairs += [({}, b, n) for n, b in enumerate(two[len(one) :], len(one))]
        return pairs

    def joined(self, other: Self, join: Join) -> Self:
        """Return what two have in common, and what `join` makes of each two pieces that differ."""
        out = self.copy()
        for one, two, slot in self.differing(other):
            while slot >= len(out._pieces):
                out._pieces.append({})
            out._pieces[slot] = join(one, two)
            out._own.add(slot)
        return out


class _Order:
    """In which order a function set what lies below a path, whichever its environments were.

    above: what `parts()` says of a path. below: for each path, what was set below it; an environment knows from
    where on it may hold any of that. last: where in `below` a path stands for the last time.
    """

    __slots__ = ("above", "below", "last", "slots")

    def __init__(self) -> None:
        self.above: dict[str, tuple[tuple[str, str], ...]] = {}
        self.below: dict[str, list[str]] = {}
        self.last: dict[tuple[str, str], int] = {}
        self.slots: dict[str, int] = {}


class Pieces(Parted):
    """An environment in pieces, which can forget what lies below a path without going through all that ever did."""

    __slots__ = ("_gone", "_order")

    def __init__(self, slots: dict[str, int], order: _Order | None = None) -> None:
        """Make an empty one. Args: slots, order: those of the function."""
        super().__init__(slots)
        self._order = order or _Order()
        self._gone = Parted(self._order.slots)
        """For a path, up to where in `order.below` nothing is held any more, if it was not set again behind that."""

    def beside(self) -> Self:
        """Return an empty one that can be compared with this one."""
        return type(self)(self._slots, self._order)

    def become(self, other: Self) -> None:
        """Hold what `other` holds, and nothing else."""
        super().become(other)
        self._gone.become(other._gone)

    def __setitem__(self, key: str, value: int) -> None:
        super().__setitem__(key, value)
        order = self._order
        above = order.above.get(key)
        if above is None:
            above = order.above[key] = tuple(parts(key)) if key[:1] != "!" else ()
        for pair in above:
            if order.last.get(pair, -1) < self._gone.get(pair[1]):
                entries = order.below.setdefault(pair[1], [])
                order.last[pair] = len(entries)
                entries.append(pair[0])

    def below(self, path: str) -> list[str]:
        """Return the keys that are parts of a path, or that it indexes, and parts of these."""
        found, seen, waiting = [], {path}, [path]
        while waiting:
            upper = waiting.pop()
            entries = self._order.below.get(upper, [])
            for n in range(self._gone.get(upper), len(entries)):
                key = entries[n]
                if key not in seen:
                    seen.add(key)
                    waiting.append(key)
                    if key in self:
                        found.append(key)
        return found

    def forget(self, path: str) -> None:
        """Remove what is `below()` a path."""
        waiting = [path]
        while waiting:
            upper = waiting.pop()
            entries = self._order.below.get(upper, [])
            start = self._gone.get(upper)
            if start < len(entries):
                self._gone[upper] = len(entries)
                for key in entries[start:]:
                    self.pop(key)
                    waiting.append(key)

    def joined(self, other: Self, join: Join) -> Self:
        """Return what two have in common, and what `join` makes of each two pieces that differ.

        What it holds of parts of other paths, both hold: it was set behind the end of what either knows to be gone.
        """
        out = super().joined(other, join)
        out._gone = out._gone.joined(other._gone, _later)
        return out


def _later(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {key: max(one.get(key, 0), other.get(key, 0)) for key in (*one, *other)}


Env = dict[str, int] | Pieces


def empty(text: bytes) -> Env:
    """Return an environment in which nothing is known, for a function whose body is `text`."""
    many = len(text) > _SHORT and len(set(_PATH.findall(text))) > _MANY
    return Pieces({}) if many else {}


def beside(env: Env) -> Env:
    """Return another environment of the same function in which nothing is known."""
    return env.beside() if isinstance(env, Pieces) else {}


def become(env: Env, other: Env) -> None:
    """Let `env` hold what `other` does."""
    if env is other:
        return
    if isinstance(env, Pieces):
        assert isinstance(other, Pieces)
        env.become(other)
    else:
        env.clear()
        env.update(other.items())


def joined(a: Env, b: Env, join: Join) -> Env:
    """Return what `join` makes of both; of parts in which they are the same, it makes nothing else."""
    if isinstance(a, Pieces):
        assert isinstance(b, Pieces)
        return a.joined(b, join)
    assert isinstance(b, dict)
    return join(a, b)


def may_change(env: Env, assigned: set[str]) -> list[str]:
    """Return at least those paths of `env` that name, or are parts of, or are indexed by what is assigned."""
    if isinstance(env, dict):
        return list(env)
    found: dict[str, None] = {}
    for path in sorted(assigned):
        if path in env:
            found[path] = None
        found.update(dict.fromkeys(env.below(path)))
    return list(found)


def other_than(env: Env, other: Env) -> Iterator[tuple[str, int]]:
    """Return at least those paths and values of `env` that `other` does not have; `other` may change meanwhile."""
    if isinstance(env, Pieces):
        assert isinstance(other, Pieces)
        return (item for one, _, _ in env.differing(other) for item in one.items())
    return iter(env.items())
