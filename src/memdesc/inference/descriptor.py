"""The descriptor that a pointer should have: a judgement on kinds and evidence, and nothing else.

A `struct page *` means one of three things: the whole folio, of which it is the head; a page that somehow
belongs to a folio, which the code finds for itself; or this very page. `descriptor()` says "folio" when only the
first fits, "page" when only the last does, and None when it cannot be told.
"""

from dataclasses import dataclass

from memdesc.inference.constrain import DESCRIPTORS
from memdesc.inference.evidence import EXACT, UNKNOWN, WHOLE, WITHIN
from memdesc.kinds import STATES, Kind

CACHED = Kind.FILE | Kind.ANON | Kind.HUGETLB
"""What folios are for."""
_HEADS = CACHED | Kind.DEVICE | Kind.ZERO | Kind.MOVABLE
_MAKING = Kind.DRIVER
"""A page fresh from the allocator is not yet what it will be."""

OWN: dict[str, Kind] = {
    "slab": Kind.SLAB | Kind.LARGE,
    "netmem": Kind.NET | _MAKING,
    "ptdesc": Kind.TABLE | Kind.UNTYPED_TABLE | Kind.RESERVED | _MAKING,
    "zpdesc": Kind.ZSMALLOC | Kind.MOVABLE | _MAKING,
}
"""Kinds of memory that have a descriptor of their own."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one declared pointer; numbers are bits of DESCRIPTORS.

    Attributes: arrives: kinds. here: evidence from uses in the function itself. beyond: with those in
    functions that it is handed to. before: what is known of the values that arrive (see Evidence).
    offered: what the function's own signature says of it (see Graph), None without one. declared: the C type
    as written. returned: it is what a function returns; `beyond` then holds what its
    callers do, too.
    """

    arrives: Kind
    here: int
    beyond: int
    before: int
    declared: str = ""
    returned: bool = False
    offered: str | None = None


def descriptor(seen: Seen) -> str | None:
    """Return the descriptor that a pointer should have, None when nothing decides."""
    kinds = seen.arrives & ~STATES
    said = {name for n, name in enumerate(DESCRIPTORS) if seen.beyond >> n & 1}
    narrow = said & OWN.keys()
    if narrow:
        only = narrow.pop()
        mixed = narrow or seen.beyond & (WHOLE | WITHIN) or kinds & ~OWN[only]
        return "page" if mixed else only
    if seen.declared.startswith("struct folio"):
        return "folio"
    if seen.offered in DESCRIPTORS and seen.offered != "within":
        return seen.offered
    for name, own in OWN.items():
        if kinds and not kinds & ~(own & ~_MAKING & ~Kind.RESERVED) and not said:
            return name  # whatever is done with it is done in functions that were not read
    if kinds & ~(_HEADS | Kind.TAIL | _MAKING):
        return "page" if said else None
    return _page_or_folio(seen, kinds)


def _page_or_folio(seen: Seen, kinds: Kind) -> str | None:
    whole, exact, within = (bool(seen.beyond & bit) for bit in (WHOLE, EXACT, WITHIN))
    tail = bool(kinds & Kind.TAIL)
    cached = bool(kinds & CACHED) and not tail
    if exact and tail:
        return "page"
    if seen.offered is not None:
        return None  # made to be given any page
    if whole and (seen.here & WHOLE or not exact or (cached and not seen.here & EXACT)):
        if kinds == _MAKING and not within:
            return None  # an index that a driver keeps in a page of its own
        if seen.returned and (exact or not seen.here & WHOLE) and not cached:
            return None
        return "folio"
    if within and not exact:
        return "folio" if cached or not seen.returned else None
    filed = not kinds & ~(Kind.FILE | Kind.HUGETLB | _MAKING)
    if cached and (filed or not exact) and seen.before and not seen.before & UNKNOWN and not seen.returned:
        return "folio"  # whatever is handed in is dealt with as a head where it comes from
    if whole or within or kinds & CACHED or seen.before & (WHOLE | WITHIN) or (seen.returned and not kinds):
        return None
    return "page" if exact else None
