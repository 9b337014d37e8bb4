"""Siblings among the signatures: functions that are called alike and take the same, but demand something else of it.

Two functions are siblings when their names say the same act, one with a word more (`flush_dcache_page` and
`flush_kernel_dcache_page`, `wait_on_page_locked` and `wait_on_page_locked_killable`), and their parameters have the
same types. What they demand is compared parameter by parameter. A difference is right where the data says so:
`unlike NAME: REASON` in one of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from memdesc.kinds import ANY, BESIDE, Kind
from memdesc.source.signatures import Signature, Signatures, Slot

_MANNER = frozenset({
    "attrs", "atomic", "check", "devm", "early", "exclusive", "inc", "irq", "killable", "napi", "node", "nolock",
    "noio", "nowait", "rcu", "return", "sync", "timeout", "trylock", "unlocked",
})  # fmt: skip
"""Words at the begin or end of a name that say how it is done, and not what."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two siblings, the parameter of which they demand something else, and the kinds that only one refuses."""

    one: Signature
    other: Signature
    parameter: int
    kinds: Kind


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name; leading underscores are none."""
    return tuple(word for word in name.split("_") if word)


def akin(one: str, other: str) -> bool:
    """Whether two names say the same act: they are the same but for a word between, or one of _MANNER at an end."""
    a, b = sorted((words(one), words(other)), key=len)
    if len(a) == len(b):
        return a == b
    if len(a) < 2 or len(b) - len(a) > 1:
        return False
    if a[0] == b[0] and a[-1] == b[-1]:
        return any(b[:n] + b[n + 1 :] == a for n in range(1, len(b) - 1))
    return (b[1:] == a and b[0] in _MANNER) or (b[:-1] == a and b[-1] in _MANNER)


def types(signature: Signature) -> tuple[str, ...]:
    """Return the types of the parameters, without qualifiers."""
    return tuple(" ".join(slot.ctype.replace("const ", "").split()) for slot in signature.params)


def refused(slot: Slot) -> dict[tuple[str, bool], Kind]:
    """Return what a parameter refuses in any case, by action and whether it is of the contents."""
    found: dict[tuple[str, bool], Kind] = {}
    for demand in slot.demands:
        if demand.when is None and not demand.interpretation:
            action = "free" if demand.action == "free" else "use"
            key = (action, demand.contents)
            found[key] = found.get(key, Kind.NONE) | (ANY & ~demand.accepts & ~BESIDE)
    return found


def unequal(known: Signatures, version: tuple[int, ...] | None) -> Iterator[Pair]:
    """Yield the siblings with unequal demands that give no reason."""
    by_types: dict[tuple[str, ...], list[Signature]] = {}
    for name in known.functions:
        signature = known.of(name, version)
        if signature is not None and "." not in name and not signature.iterator and signature.params:
            by_types.setdefault(types(signature), []).append(signature)
    for group in by_types.values():
        for one, other in combinations(sorted(group, key=lambda s: s.name), 2):
            if not akin(one.name, other.name) or excused(one, other.name) or excused(other, one.name):
                continue
            for n, (a, b) in enumerate(zip(one.params, other.params, strict=True)):
                mine, its = refused(a), refused(b)
                kinds = Kind.NONE
                for key in mine.keys() | its.keys():
                    kinds |= mine.get(key, Kind.NONE) ^ its.get(key, Kind.NONE)
                if kinds and not (a.guard or b.guard):
                    yield Pair(one, other, n, kinds)
                    break


def excused(signature: Signature, name: str) -> bool:
    """Whether a signature says why it is unlike another, or all others."""
    return bool(signature.result.whole_truth) or name in dict(signature.result.unlike)
