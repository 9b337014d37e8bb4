"""How a kernel writes into struct page what the page is: found from its layout, never from its version.

`detect()` asks which members and enumerators there are and returns an `StructPage`, whose `says` is printed by
the census. Source: include/linux/page-flags.h, include/linux/mm_types.h, mm/internal.h; the table of changes:
    5.x    page_type: bits, inverted, by macros that no type shows (buddy 0x80, offline, table, guard)
    6.6    the order of a compound page is in the low byte of _flags_1 (ebc1baf5c9b4), hugetlb a flag of it
    6.9    hugetlb is a type (d99e3140a4d3); 6.10 slab too (46df8e73a4a3), and types are an enum (ff202303c398)
    6.12   one type a page, in the top byte (4ffca5a96678)
    7.1    compound_info may hold a mask instead of a pointer (d50569612c29)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memdesc.errors import InputError
from memdesc.kernel.population import Page
from memdesc.layout.model import Field, Types

KINDS: Mapping[str, Page] = {
    "buddy": Page.FREE, "offline": Page.OFFLINE, "table": Page.TABLE, "guard": Page.GUARD,
    "hugetlb": Page.HUGETLB, "slab": Page.SLAB, "zsmalloc": Page.ZSMALLOC, "unaccepted": Page.UNACCEPTED,
    "large_kmalloc": Page.LARGE_KMALLOC, "netpp": Page.NET,
}  # fmt: skip
"""Name of a page type without its prefix -> kind of page."""

MACROS: Mapping[str, int] = {"buddy": 0x80, "offline": 0x100, "table": 0x200, "guard": 0x400}
"""The inverted bits of kernels whose types are macros; VMCOREINFO says whether the first two still hold."""

_TOP_BYTE, _INVERTED = "top byte", "inverted bits"


@dataclass(frozen=True, slots=True)
class Word:
    """A number in a page descriptor, or in one of those that follow it in its block.

    Attributes: page: which descriptor from the head, 0 or 1. offset: bytes in it. dtype: of numpy. mask: bits.
    """

    page: int
    offset: int
    dtype: str
    mask: int = 0

    def of(self, raw: bytes | bytearray | memoryview, size: int) -> NDArray[Any]:
        """Return the number in each of the descriptors of `size` bytes in `raw`, without a copy."""
        return np.ndarray((len(raw) // size,), np.dtype(self.dtype), raw, self.offset, (size,))


@dataclass(frozen=True, slots=True)
class StructPage:
    """Where a kernel keeps what a page is.

    Attributes: size: bytes of struct page. form: "top byte" or "inverted bits". types: name -> value or bit.
    bits: enum pageflags, name without PG_ -> number. order: of a compound page. hugetlb: (word, value) that
    tell a hugetlb page where no type does. memcg, entire_mapcount, pool: None where the kernel has no such.
    """

    size: int
    form: str
    types: Mapping[str, int]
    bits: Mapping[str, int]
    flags: Word
    type: Word
    mapcount: Word
    refcount: Word
    mapping: Word
    private: Word
    head: Word
    head_name: str
    order: Word
    order_name: str
    hugetlb: tuple[Word, int] | None
    memcg: Word | None
    entire_mapcount: Word | None
    pool: Word | None
    why_not: tuple[str, ...]

    def typed(self, name: str, word: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Return which of the page_type words say that the page has the type `name`."""
        if name not in self.types:
            return np.zeros(len(word), np.bool_)
        found: NDArray[np.bool_]
        if self.form == _TOP_BYTE:
            found = (word >> np.uint32(24)) == np.uint32(self.types[name])
        else:
            base = np.uint32(self._base())
            found = (word & (base | np.uint32(self.types[name]))) == base
        return found

    def any_type(self, word: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Return which of the words hold a type, known or not, rather than a count of mappings."""
        found: NDArray[np.bool_]
        if self.form == _TOP_BYTE:
            top = word >> np.uint32(24)
            found = (top >= np.uint32(0x80)) & (top != np.uint32(0xFF))
        else:
            base, every = np.uint32(self._base()), np.uint32(0)
            for bit in self.types.values():
                every |= np.uint32(bit)
            found = ((word & base) == base) & ((word & every) != every)
        return found

    def _base(self) -> int:
        return 0x8000_0000 if any(bit >> 28 for bit in self.types.values()) else 0xF000_0000

    @property
    def says(self) -> str:
        """The encoding in a sentence."""
        values = ", ".join(f"{name} {value:#x}" for name, value in self.types.items())
        kept = "as the top byte" if self.form == _TOP_BYTE else "as cleared bits"
        slab = "" if "slab" in self.types else f"; slab is bit {self.bits.get('slab', -1)} of flags"
        return (
            f"struct page has {self.size} bytes; page_type holds types {kept} ({values}){slab}; "
            f"the head of a tail page is in {self.head_name}, the order of a block in {self.order_name}"
        )


def detect(types: Types, numbers: Mapping[str, int]) -> StructPage:
    """Return how the kernel with these `types` encodes what a page is.

    numbers: NUMBER() of its VMCOREINFO, for what no type shows. Raises: InputError: something that cannot be
    done without is in none of the known forms.
    """
    page = types.struct("page")
    named = types.enum("pageflags")
    if named is None:
        raise InputError(types.origin, "has no enum pageflags: flags of pages cannot be told")
    bits = {name.removeprefix("PG_"): value for name, value in named.values}
    form, kinds = _types(types, numbers)
    head_name = "compound_info" if page.find("compound_info") else "compound_head"
    head = page.find(head_name)
    word = page.find("page_type")
    if head is None or word is None:
        missing = "page_type" if head else "compound_head"
        raise InputError(types.origin, f"struct page has no member '{missing}': its types are not known here")
    order, order_name = _order(types)
    why_not = (
        [] if page.find("pp_magic") or types.find("netmem_desc") else ["pages of a page_pool are not marked"]
    )
    if "slab" not in kinds and "slab" not in bits:
        raise InputError(types.origin, "marks slab pages neither by a type nor by a flag that is known here")
    if "zsmalloc" not in kinds:
        why_not.append("pages of zsmalloc have no type: told by their movable_ops where they have them")
    if "large_kmalloc" not in kinds:
        why_not.append("large kmalloc() has no type: counted as unknown")
    entire = _member(types, ("folio", "_entire_mapcount"), ("page", "compound_mapcount"))
    return StructPage(
        size=page.size, form=form, types=kinds, bits=bits,
        flags=_word(page.field("flags"), page.size, "<u8"), type=_word(word, page.size, "<u4"),
        mapcount=_word(page.field("_mapcount"), page.size, "<i4"),
        refcount=_word(page.field("_refcount"), page.size, "<i4"),
        mapping=_word(page.field("mapping"), page.size, "<u8"),
        private=_word(page.field("private"), page.size, "<u8"),
        head=_word(head, page.size, "<u8"), head_name=f"page.{head_name}",
        order=order, order_name=order_name, hugetlb=_hugetlb(types, kinds, bits),
        memcg=_optional(_member(types, ("page", "memcg_data"), ("folio", "memcg_data")), page.size, "<u8"),
        entire_mapcount=_in_block(entire, page.size, "<i4"),
        pool=_optional(_member(types, ("page", "pp_magic"), ("netmem_desc", "pp_magic")), page.size, "<u8"),
        why_not=tuple(why_not),
    )  # fmt: skip


def _types(types: Types, numbers: Mapping[str, int]) -> tuple[str, dict[str, int]]:
    enum = types.enum("pagetype")
    if enum is not None:
        top = [(name, value) for name, value in enum.values if name.startswith("PGTY_")]
        if top:
            known = {name.removeprefix("PGTY_"): value for name, value in top}
            known.pop("mapcount_underflow", None)
            return _TOP_BYTE, known
        return _INVERTED, {name.removeprefix("PG_"): value for name, value in enum.values}
    bits = dict(MACROS)
    for name, number in ("buddy", "PAGE_BUDDY_MAPCOUNT_VALUE"), ("offline", "PAGE_OFFLINE_MAPCOUNT_VALUE"):
        said = numbers.get(number)
        if said is not None and ~said != bits[name]:
            raise InputError(
                types.origin, f"has no enum pagetype, and VMCOREINFO says {number}={said}, which is not known"
            )
    return _INVERTED, bits


def _order(types: Types) -> tuple[Word, str]:
    size = types.struct("page").size
    for struct, path, mask in (
        ("page", "compound_order", 0xFF), ("folio", "_folio_order", 0xFF), ("folio", "_flags_1", 0xFF),
    ):  # fmt: skip
        found = types.find(struct)
        member = found.find(path) if found else None
        if member is not None:
            at = member.offset if struct == "folio" else member.offset + size
            # All three forms keep it in the lowest byte of a little-endian number.
            return Word(1, at - size, "u1", mask), f"{struct}.{path}"
    raise InputError(types.origin, "keeps the order of compound pages in none of the places known here")


def _hugetlb(types: Types, kinds: Mapping[str, int], bits: Mapping[str, int]) -> tuple[Word, int] | None:
    size = types.struct("page").size
    if "hugetlb" in kinds:
        return None
    flags = _member(types, ("folio", "_flags_1"))
    if "hugetlb" in bits and flags is not None:
        return Word(1, flags.offset - size, "<u8", 1 << bits["hugetlb"]), 1 << bits["hugetlb"]
    value = types.enumerator("HUGETLB_PAGE_DTOR")
    if value is None:
        return None
    destructor = _member(types, ("folio", "_folio_dtor"))
    if destructor is not None:
        return Word(1, destructor.offset - size, "u1", 0xFF), value
    destructor = _member(types, ("page", "compound_dtor"))
    return None if destructor is None else (Word(1, destructor.offset, "u1", 0xFF), value)


def _member(types: Types, *places: tuple[str, str]) -> Field | None:
    for struct, path in places:
        found = types.find(struct)
        member = found.find(path) if found else None
        if member is not None:
            return member
    return None


def _word(member: Field, size: int, dtype: str) -> Word:
    return Word(member.offset // size, member.offset % size, dtype)


def _optional(member: Field | None, size: int, dtype: str) -> Word | None:
    return None if member is None else _word(member, size, dtype)


def _in_block(member: Field | None, size: int, dtype: str) -> Word | None:
    """Return a member of the second descriptor: in struct folio it lies there, in struct page it overlays."""
    if member is None:
        return None
    return Word(1, member.offset % size, dtype)
