"""The type that a pointer should have: a judgement on kinds and evidence, and nothing else.

The words of struct page have owners. Whatever touches a word that one descriptor alone keeps works on that
descriptor, whatever else it does that any kind of memory allows. Where no owner speaks, a `struct page *` means one
of three things: the whole folio, of which it is the head; a page that somehow belongs to a folio, which the code
finds for itself; or this very page. `judge()` says the folio's type when only the first fits, "page" when only the
last does, and nothing when it cannot be told. Memory fresh from the allocator is not yet anything.
"""

from dataclasses import dataclass

from memdesc.inference.evidence import ADDRESS, EXACT, INDEX, KINDS, SET, UNKNOWN, WHOLE, WITHIN
from memdesc.kinds import Kind
from memdesc.types import FOLIO_KINDS, FRESH, HOW, Type, Types

CACHED = Kind.FILE | Kind.ANON | Kind.HUGETLB
"""What folios are for."""
_HEADS = CACHED | Kind.DEVICE | Kind.ZERO | Kind.MOVABLE
PAGE = "page"
_HEAD = WHOLE | SET | INDEX
_THIS = EXACT | ADDRESS


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one declared pointer; numbers are those of Evidence.

    Attributes: arrives: kinds. here: evidence from uses in the function itself. beyond: with those in
    functions that it is handed to. before, around: what is known of the values that arrive. declared: the C
    type as written. returned: it is what a function returns; `beyond` then holds what its callers do, too.
    offered: what the function's own signature says of it (see Graph), None without one. refused: kinds of types
    that a use does not accept.
    """

    arrives: Kind
    here: int
    beyond: int
    before: int
    declared: str = ""
    returned: bool = False
    offered: str | None = None
    around: int = UNKNOWN
    refused: Kind = Kind.NONE


@dataclass(frozen=True, slots=True)
class Verdict:
    """A type, PAGE or None, and the sentence that says why, or what would decide it."""

    name: str | None
    why: str


def judge(seen: Seen, types: Types) -> Verdict:
    """Return the type that a pointer should have."""
    own = _owned(seen, types)
    if own is not None:
        return own
    folio = types.folio
    if folio is not None and seen.declared.startswith("struct folio"):
        return Verdict(folio.name, "it is declared so")
    offered = seen.offered
    if offered == "page":
        return Verdict(PAGE, "its signature says: this very page")
    if offered == "folio":
        return Verdict(folio.name if folio else PAGE, "its signature says: the head of a folio")
    if seen.refused & FOLIO_KINDS:
        return Verdict(PAGE, "a use accepts memory that no folio is")
    kinds = seen.arrives & ~HOW
    taken = seen.here & WHOLE and not seen.here & _THIS and not kinds & Kind.TAIL
    if kinds & ~(_HEADS | Kind.TAIL | FRESH) and not taken:
        if seen.beyond & (_HEAD | _THIS | WITHIN):
            return Verdict(PAGE, "memory of several descriptors arrives")
        alone = types.only(kinds)
        if alone is not None:
            return Verdict(
                None, f"memory of {alone.name} arrives, of which others get pieces; a use of its own words"
            )
        return Verdict(None, "memory of several descriptors arrives; a use that only one of them allows")
    if folio is None:
        return Verdict(None, f"no type of {types.name} describes page cache or anonymous memory")
    said = _page_or_folio(seen, kinds, folio.name)
    if said.name == PAGE and kinds and not kinds & ~FRESH:
        bare = next((t for t in types.own() if t.kinds & Kind.DRIVER), None)
        if bare is not None:
            return Verdict(bare.name, "memory of the page allocator that nobody made anything else of")
    return said


def _owned(seen: Seen, types: Types) -> Verdict | None:
    """Return the verdict of the owners of words, None when none speaks."""
    here = types.of(Kind(seen.here & KINDS))
    beyond = types.of(Kind(seen.beyond & KINDS))
    if not here and not beyond and seen.beyond & KINDS:
        names = "|".join(Kind(seen.beyond & KINDS).names)
        return Verdict(PAGE, f"words of {names} memory are used, which no type describes")
    if len(here) == 1 and not here[0].kinds & seen.refused:
        return Verdict(here[0].name, "a use of its own words")
    if len(beyond) > 1:
        return Verdict(PAGE, "words of " + " and ".join(t.name for t in beyond) + " are used")
    kinds = seen.arrives & ~(HOW | FRESH)
    for own in types.own():
        if own.carved and kinds & ~own.kinds and own not in beyond:
            kinds &= ~own.kinds  # an object that lies there says nothing of whose the page is
    if beyond:
        only = beyond[0]
        if kinds & ~(only.kinds | only.besides | Kind.TAIL) or only.kinds & seen.refused:
            return Verdict(PAGE, f"words of {only.name} are used, and other memory arrives or is asked for")
        return Verdict(only.name, "a use of its own words where it is handed to")
    used = seen.beyond & (_HEAD | _THIS | WITHIN)
    arriving = types.only(kinds)
    bare = bool(arriving is not None and arriving.lent and (used or seen.arrives & FRESH))
    if arriving is not None and not arriving.carved and not bare:
        return Verdict(arriving.name, "only memory of this kind arrives")
    around = types.of(Kind(seen.around & KINDS))
    if len(around) != 1 or seen.around & (UNKNOWN | KINDS & ~int(around[0].kinds)) or seen.offered:
        return None
    if kinds & ~(around[0].kinds | around[0].besides | Kind.TAIL) or around[0].kinds & seen.refused:
        return None
    if around[0] is types.folio and seen.around & KINDS & ~int(Kind.HUGETLB):
        return None  # of file memory it is asked which page of it
    return _agreed(around[0], used)


def _agreed(only: Type, used: int) -> Verdict | None:
    if only.lent and used:
        return None
    return Verdict(only.name, "whoever hands it in, or stores it there, uses its own words")


def _page_or_folio(seen: Seen, kinds: Kind, folio: str) -> Verdict:
    tail = bool(kinds & Kind.TAIL)
    cached = bool(kinds & CACHED) and not tail
    this = EXACT if cached else _THIS
    whole, exact, within = (bool(seen.beyond & bits) for bits in (_HEAD, this, WITHIN))
    if exact and tail:
        return Verdict(PAGE, "it may be a tail, and is used as this very page")
    if seen.offered is not None:
        return Verdict(None, "its signature says that any page may be given")
    if whole and not (exact and seen.here & this and not seen.here & _HEAD):
        if kinds and not kinds & ~FRESH and not within:
            return Verdict(
                None, "a word that a driver may keep in a page of its own; what memory else arrives"
            )
        if not kinds and not within and not seen.beyond & (WHOLE | SET):
            return Verdict(
                None, "an index that whoever owns the page may keep for himself; what memory arrives"
            )
        if seen.returned and (exact or not seen.here & _HEAD) and not cached:
            return Verdict(None, "callers use the result as a head and as a page; where it comes from")
        return Verdict(folio, "it is used as the head of a folio")
    if within and not exact:
        if cached or not seen.returned:
            return Verdict(folio, "each use finds the head by itself")
        return Verdict(None, "callers find the head by themselves; where the result comes from")
    if cached and not exact and not kinds & FRESH:
        return Verdict(folio, "all that arrives is the head of a folio")
    handed = seen.before & WHOLE and not seen.before & UNKNOWN and not tail
    if handed and not exact and not seen.returned:
        return Verdict(folio, "each caller uses what it hands in as the head of a folio")
    filed = not kinds & ~(Kind.FILE | Kind.HUGETLB | FRESH)
    if cached and (filed or not exact) and seen.before and not seen.before & UNKNOWN and not seen.returned:
        return Verdict(folio, "each caller deals with what it hands in as a head")
    if whole or within or kinds & CACHED or seen.before & (WHOLE | WITHIN) or (seen.returned and not kinds):
        return Verdict(None, "its uses fit a folio and a page")
    if exact:
        return Verdict(PAGE, "it is used as this very page")
    return Verdict(None, "a use, or where its memory comes from")
