"""Which member lies over which: two structs at the same address, member by member.

A `Cell` is the smallest thing that has a value of its own: a number, a pointer, a bit-field, or one element
of an array of these.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from memdesc.errors import InputError
from memdesc.layout.model import (
    ELEMENTS_SEEN,
    Array,
    Member,
    Opaque,
    Struct,
    Type,
    Typedef,
    strip,
    unwrap,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One value inside a struct.

    Attributes: path: "slab_list.prev", "dma_addr[1]". type: with its typedefs. owner: name of the struct that
    declares it ("list_head"). element: index in its array, None outside of one. Offsets count from the
    start of the outermost struct.
    """

    path: str
    type: Type
    bit_offset: int
    bit_size: int
    owner: str
    member: Member
    element: int | None = None

    @property
    def offset(self) -> int:
        """Byte that holds the first bit."""
        return self.bit_offset >> 3

    @property
    def bit_end(self) -> int:
        """First bit after it."""
        return self.bit_offset + self.bit_size

    @property
    def name(self) -> str:
        """The last part of the path, without an index."""
        return self.path.rpartition(".")[2].partition("[")[0]

    def bit_at(self, memory_bit: int, byteorder: str) -> int | None:
        """Return which bit of its integer value lies at `memory_bit` of the outermost struct, or None."""
        if not self.bit_offset <= memory_bit < self.bit_end:
            return None
        return memory_bit - self.bit_offset if byteorder == "little" else self.bit_end - 1 - memory_bit


@dataclass(frozen=True, slots=True)
class Overlap:
    """A range of bits that a cell of one struct shares with a cell of another."""

    inner: Cell
    outer: Cell
    bit_offset: int
    bit_size: int

    @property
    def exact(self) -> bool:
        """Both cells take exactly the same bits."""
        return self.inner.bit_offset == self.outer.bit_offset and self.inner.bit_size == self.outer.bit_size


@lru_cache(maxsize=1024)
def cells(struct: Struct, without: frozenset[str] = frozenset()) -> tuple[Cell, ...]:
    """Return the cells of `struct` in the order of declaration.

    Args: without: names of structs that are not entered when embedded (struct page inside struct folio).
    Raises: InputError: there are more than are looked at.
    """
    struct.must_be_small(struct.cells, "values")
    return tuple(_cells(struct, "", 0, without, struct.name))


def _cells(struct: Struct, prefix: str, base: int, without: frozenset[str], owner: str) -> Iterator[Cell]:
    for member in struct.members:
        kind = strip(member.type)
        at = base + member.bit_offset
        path = prefix + member.name
        if member.bit_size is not None:
            if member.name:
                yield Cell(path, member.type, at, member.bit_size, owner, member)
            continue
        if isinstance(kind, Struct) and kind.name in without:
            continue
        if isinstance(kind, Struct) and not (_wraps(member) and not isinstance(unwrap(kind), Struct)):
            inside = _cells(kind, path + "." if member.name else prefix, at, without, kind.name or owner)
            yield from (_as_part_of(member, cell) for cell in inside) if member.name else inside
        else:
            yield from _values(path, member.type, at, without, owner, member)


def _as_part_of(outer: Member, cell: Cell) -> Cell:
    """Return `cell` with the place of the member that brought its struct in, and with what is said there."""
    inner = cell.member
    if not outer.place and not outer.notes:
        return cell
    return replace(
        cell, member=replace(inner, place=outer.place or inner.place, notes=inner.notes or outer.notes)
    )


def _wraps(member: Member) -> bool:
    kind = strip(member.type)
    return isinstance(member.type, Typedef) or (isinstance(kind, Struct) and bool(kind.name))


def _values(
    path: str, kind: Type, at: int, without: frozenset[str], owner: str, member: Member
) -> Iterator[Cell]:
    bare = unwrap(kind)
    if isinstance(bare, Array):
        for n in range(min(bare.count, ELEMENTS_SEEN)):
            place = at + n * bare.element.size * 8
            inner = strip(bare.element)
            if isinstance(inner, Struct) and isinstance(unwrap(inner), Struct):
                yield from _cells(inner, f"{path}[{n}].", place, without, inner.name or owner)
            elif isinstance(inner, Array):
                yield from _values(f"{path}[{n}]", inner, place, without, owner, member)
            else:
                yield Cell(f"{path}[{n}]", bare.element, place, bare.element.size * 8, owner, member, n)
    elif not isinstance(bare, Opaque) and bare.size:
        yield Cell(path, kind, at, bare.size * 8, owner, member)


def overlay(inner: Struct, outer: Struct) -> tuple[Overlap, ...]:
    """Return which cells of `inner` lie over which cells of `outer` when both start at the same address.

    Returns: one Overlap a pair of cells that shares bits, ascending by place; empty when there is none.
    Raises: InputError: `inner` is the larger one.
    Source: SLAB_MATCH() in mm/slab.h, FOLIO_MATCH() in include/linux/mm_types.h check single members of this.
    """
    if inner.size > outer.size:
        raise InputError(
            inner.spelling, f"has {inner.size} bytes and does not fit {outer.spelling}'s {outer.size}"
        )
    out = []
    theirs = cells(outer)
    for cell in cells(inner):
        for other in theirs:
            first, end = max(cell.bit_offset, other.bit_offset), min(cell.bit_end, other.bit_end)
            if first < end:
                out.append(Overlap(cell, other, first, end - first))
    return tuple(sorted(out, key=lambda o: (o.bit_offset, o.outer.bit_offset, o.inner.path, o.outer.path)))


def holes(struct: Struct) -> tuple[tuple[int, int], ...]:
    """Return the (first byte, bytes) that no member covers, trailing padding included."""
    taken = sorted((field.bit_offset >> 3, (field.bit_end + 7) >> 3) for field in struct.leaves())
    out, at = [], 0
    for first, end in [*taken, (struct.size, struct.size)]:
        if first > at:
            out.append((at, first - at))
        at = max(at, end)
    return tuple(out)
