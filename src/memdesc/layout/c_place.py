"""Where a compiler puts the members of a struct: the System V and AAPCS rules, and GNU's attributes.

The judges are gcc and clang (tests/layout/test_compilers.py); the rules are those that gcc calls
PCC_BITFIELD_TYPE_MATTERS, which all ABIs here share, with AAPCS' exception that an unnamed bit-field raises
the alignment of its struct.
"""

from dataclasses import dataclass

from memdesc.layout.abi import Abi
from memdesc.layout.model import Enum, Member, Type, strip


@dataclass(frozen=True, slots=True)
class Declaration:
    """A member before it has a place. align: bytes demanded by an attribute, 0 if none; packed: likewise."""

    name: str
    type: Type
    bit_size: int | None
    align: int
    packed: bool
    place: str
    notes: tuple[str, ...] = ()
    qualifiers: str = ""

    def at(self, bit_offset: int, bit_size: int | None) -> Member:
        """Return the member at its place."""
        return Member(self.name, self.type, bit_offset, bit_size, self.place, self.notes, self.qualifiers)


def place(
    members: list[Declaration], union: bool, packed: bool, align: int, abi: Abi
) -> tuple[int, int, tuple[Member, ...]]:
    """Return (size, alignment, members with their places) of a struct or union, in bytes.

    Args: packed: the struct carries the attribute. align: what its aligned attribute demands, or 0.
    """
    position = widest = 0
    whole = 1
    out = []
    for one in members:
        if union:
            position = 0
        tight = packed or one.packed
        natural = 1 if tight else one.type.align
        if one.bit_size is None:
            natural = max(natural, one.align)
            position = _up(position, natural * 8)
            whole = max(whole, natural)
            out.append(one.at(position, None))
            position += one.type.size * 8
        else:
            position, raises = _bit_field(one, position, tight, abi)
            whole = max(whole, raises)
            if one.bit_size or one.name:
                out.append(one.at(position, one.bit_size))
            position += one.bit_size
        widest = max(widest, position)
    whole = max(whole, align)
    return _up(_up(widest, 8), whole * 8) // 8, whole, tuple(out)


def sized_enum(name: str, values: tuple[tuple[str, int], ...], packed: bool, abi: Abi) -> Enum | None:
    """Return the enumeration with the size that compilers give it, or None when no integer holds it."""
    low, high = min(v for _, v in values), max(v for _, v in values)
    signed = low < 0
    for size in (1, 2, 4, 8) if packed else (4, 8):
        bits = size * 8 - signed
        if high < 1 << bits and (not signed or low >= -(1 << bits)):
            return Enum(name, size, abi.wide if size == 8 else size, signed, values)
    return None


def _bit_field(one: Declaration, position: int, tight: bool, abi: Abi) -> tuple[int, int]:
    """Return (first bit, alignment that it demands of the struct)."""
    width = one.bit_size or 0
    kind = strip(one.type)
    unit = one.type.align * 8
    counts = bool(one.name) or abi.anonymous_bit_fields_align
    if one.align:
        position = _up(position, one.align * 8)
    if width == 0:
        return _up(position, max(unit, one.align * 8)), one.type.align if counts else 1
    if tight:
        return position, max(1, one.align) if counts else 1
    if position % unit + width > kind.size * 8:
        position = _up(position, unit)
    return position, max(one.type.align, one.align) if counts else 1


def _up(position: int, unit: int) -> int:
    return -(-position // unit) * unit
