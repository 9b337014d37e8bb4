"""Which descriptors there are to choose from: a value that the pipeline fills in from a design.

The words of struct page have owners: a member that only one descriptor has says which one it is. What a type
describes, which members are its own and which functions convert to it come from a design and from the tree;
nothing here names a type.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from memdesc.kinds import BESIDE, STATES, Kind

FOLIO_KINDS = Kind.FILE | Kind.ANON
"""What a descriptor describes that takes the part of struct folio."""
HOW = STATES | BESIDE
"""Bits that say how a page is held, whose it is and where it lies, not what it is."""
FRESH = Kind.DRIVER | Kind.BLOCK | Kind.NONCOMP | Kind.EXACT
"""What the page allocator gave is not yet what it will be, and contradicts nothing."""


@dataclass(frozen=True, slots=True)
class Type:
    """A descriptor that a pointer may be given.

    Attributes: name: as answers have it. kinds: the memory that it describes. besides: kinds that may arrive
    where it is used, though they do not speak for it (a table that was not constructed yet). lent: others are
    handed its memory as bare pages (buffers of a page_pool), so that a use of the page alone does not make the type.
    carved: others are handed pieces of its memory, whose page they may look up: memory alone does not make the type.
    """

    name: str
    kinds: Kind
    besides: Kind = Kind.NONE
    lent: bool = False
    carved: bool = False


@dataclass(frozen=True, slots=True)
class Types:
    """The types of a design, and what tells them.

    Attributes: name: of the design. all: in the order of the design. words: member of struct page -> kinds
    that alone keep something there. tags: struct that lies over struct page -> kinds that it describes.
    """

    name: str
    all: tuple[Type, ...]
    words: Mapping[str, Kind] = field(default_factory=dict)
    tags: Mapping[str, Kind] = field(default_factory=dict)

    def of(self, kinds: Kind) -> tuple[Type, ...]:
        """Return the types that describe any of `kinds`."""
        return tuple(t for t in self.all if t.kinds & kinds)

    @property
    def folio(self) -> Type | None:
        """The type of page cache and anonymous memory."""
        return next((t for t in self.all if t.kinds & FOLIO_KINDS), None)

    def own(self) -> Iterator[Type]:
        """Yield the types that are not the folio's."""
        for t in self.all:
            if not t.kinds & FOLIO_KINDS:
                yield t

    def only(self, kinds: Kind) -> Type | None:
        """Return the type, not the folio's, that describes all of `kinds` but how they are held and fresh ones."""
        told = kinds & ~(HOW | FRESH)
        if not told:
            return None
        for t in self.own():
            if told & t.kinds and not told & ~(t.kinds | t.besides):
                return t
        return None
