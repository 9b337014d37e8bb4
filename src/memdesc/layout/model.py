"""Types as they lie in memory, wherever they came from: the model that the rest of memdesc reads memory with.

A `Types` is a set of named types laid out for one `Abi`; `read_btf.read()` and `read_c.read()` make one.
Every record is frozen and picklable. Offsets are bytes, `bit_offset` and `bit_size` are bits.

    >>> from memdesc.layout import read_btf
    >>> types = read_btf.read("/sys/kernel/btf/vmlinux")        # doctest: +SKIP
    >>> page = types.struct("page")                             # doctest: +SKIP
    >>> page.size, page.offset("_refcount")                     # doctest: +SKIP
    (64, 52)
    >>> [field.path for field in page.at(24)]                   # doctest: +SKIP
    ['mapping', '_pp_mapping_pad', 'zone_device_data', ...]
    >>> page.field("lru.next").dtype(types.abi.byteorder)       # doctest: +SKIP
    '<u8'
    >>> types.enumerator("PGTY_slab")                           # doctest: +SKIP
    245

Questions about what a kernel has are asked by presence: `page.find("compound_info")` is None when there is
no such member, `types.find("zpdesc")` when there is no such type. Bits are counted in memory order: on a
little-endian ABI bit 0 of a byte is its least significant one, on a big-endian ABI its most significant
one; so BTF and DWARF count them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import ClassVar, Literal

from memdesc.errors import InputError
from memdesc.layout.abi import Abi, Scalar
from memdesc.layout.spelling import pointer_to, put, qualified

MAX_NESTING = 200
"""Types within types: structs in structs, arrays of arrays, typedefs of typedefs."""
MAX_MEMBERS = 1 << 17
"""Members of one struct with those of all structs in it, each counted as often as it occurs."""
ELEMENTS_SEEN = 64
"""Of an array, so many elements are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A pointer. target: what it points to, as C writes it ("struct kmem_cache", "void (*)(int)")."""

    depth: ClassVar[int] = 0
    target: str
    size: int
    align: int

    @property
    def spelling(self) -> str:
        """The type as C writes it."""
        return pointer_to(self.target)


@dataclass(frozen=True, slots=True)
class Opaque:
    """A type without a size: void, a function, a struct that is only named."""

    depth: ClassVar[int] = 0
    spelling: str
    size: int = 0
    align: int = 1


@dataclass(frozen=True, slots=True)
class Array:
    """An array; count is 0 for a flexible one.

    Raises: InputError: types nest too deep in it.
    """

    element: Type
    count: int
    depth: int = field(default=0, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _deepen(self, self.element)

    @property
    def size(self) -> int:
        """Bytes of the whole array."""
        return self.element.size * self.count

    @property
    def align(self) -> int:
        """Alignment of the element, in bytes."""
        return self.element.align

    @property
    def spelling(self) -> str:
        """The type as C writes it, without a name: `int[2][3]`."""
        inner: Type = self
        counts = ""
        while isinstance(inner, Array):
            counts += f"[{inner.count}]"
            inner = inner.element
        return put(inner.spelling, counts)


@dataclass(frozen=True, slots=True)
class Enum:
    """An enumeration; values are (name, value) in the order of declaration. ones: bits that some value has set."""

    depth: ClassVar[int] = 0
    name: str
    size: int
    align: int
    signed: bool
    values: tuple[tuple[str, int], ...]
    ones: int = field(default=0, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ones = 0
        for _, value in self.values:
            ones |= value
        object.__setattr__(self, "ones", ones & ((1 << (self.size * 8 if self.size < 16 else 128)) - 1))

    @property
    def spelling(self) -> str:
        """The type as C writes it."""
        return f"enum {self.name}" if self.name else "enum"


@dataclass(frozen=True, slots=True)
class Typedef:
    """A name for another type. qualifiers: those of the type named, "const volatile".

    Raises: InputError: types nest too deep in it.
    """

    name: str
    target: Type
    align: int
    qualifiers: str = ""
    depth: int = field(default=0, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _deepen(self, self.target)

    @property
    def size(self) -> int:
        """Bytes of the type named."""
        return self.target.size

    @property
    def spelling(self) -> str:
        """The name."""
        return self.name


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a struct or union as declared; name is empty for an anonymous struct, union or padding.

    bit_offset counts from the start of the struct that declares it; bit_size is the width of a bit-field,
    None for any other member. place: file:line:column of its declaration, empty for BTF. notes: what the
    design says about it, `key` or `key=value` (see docs/layout.md). qualifiers: those of the member itself (of
    its elements, for an array), "const volatile"; those of what a pointer points to are in its target.
    """

    name: str
    type: Type
    bit_offset: int
    bit_size: int | None = None
    place: str = ""
    notes: tuple[str, ...] = ()
    qualifiers: str = ""

    @property
    def spelling(self) -> str:
        """Its type as C writes it, with the qualifiers."""
        return qualified(self.type.spelling, self.qualifiers)

    @property
    def offset(self) -> int:
        """Byte that holds the member's first bit."""
        return self.bit_offset >> 3


@dataclass(frozen=True, slots=True)
class Field:
    """A member as seen from the outermost struct: a path, and a place counted from its start.

    Attributes: path: "lru.next"; members of anonymous structs and unions are reached directly, as in C.
    leaf: it is a unit of its own: a number, an array, or a struct that only wraps one number (atomic_t,
    memdesc_flags_t). What such a wrapper holds has a path too, but is no leaf.
    """

    path: str
    type: Type
    bit_offset: int
    bit_size: int
    is_bit_field: bool
    leaf: bool
    member: Member

    @property
    def offset(self) -> int:
        """Byte that holds the first bit."""
        return self.bit_offset >> 3

    @property
    def size(self) -> int:
        """Bytes of its type; for a bit-field the bytes that it touches."""
        if self.is_bit_field:
            return ((self.bit_offset & 7) + self.bit_size + 7) >> 3
        return self.bit_size >> 3

    @property
    def bit_end(self) -> int:
        """First bit after it."""
        return self.bit_offset + self.bit_size

    def dtype(self, byteorder: Literal["little", "big"]) -> str:
        """Return the numpy dtype that reads it: '<u8', '>i4'; for pointers unsigned.

        Raises: InputError: a bit-field, struct or array has none.
        """
        kind = unwrap(self.type)
        if self.is_bit_field or isinstance(kind, Struct | Array | Opaque) or kind.size not in (1, 2, 4, 8):
            raise InputError(self.path, "is not a number that can be read by itself")
        letter = "f" if isinstance(kind, Scalar) and kind.encoding == "float" else "u"
        if letter == "u" and isinstance(kind, Scalar | Enum) and kind.signed:
            letter = "i"
        return f"{'<' if byteorder == 'little' else '>'}{letter}{kind.size}"

    def value(self, raw: bytes, byteorder: Literal["little", "big"]) -> int:
        """Return its value as an integer from the bytes of the outermost struct (signed where its type is).

        Raises: InputError: `raw` ends before the member does, or the member is a struct or array.
        """
        kind = unwrap(self.type)
        if isinstance(kind, Struct | Array | Opaque):
            raise InputError(self.path, "is not a number that can be read by itself")
        last = (self.bit_end + 7) >> 3
        if len(raw) < last:
            raise InputError(
                self.path, f"lies at bytes {self.offset} to {last - 1}, and only {len(raw)} were given"
            )
        number = int.from_bytes(raw[self.offset : last], byteorder)
        low = self.bit_offset & 7 if byteorder == "little" else (last << 3) - self.bit_end
        number = (number >> low) & ((1 << self.bit_size) - 1)
        if isinstance(kind, Scalar | Enum) and kind.signed and number >> (self.bit_size - 1):
            number -= 1 << self.bit_size
        return number


@dataclass(frozen=True, slots=True, eq=False)
class Struct:
    """A struct or union with its members placed; compared by identity, as C compares struct types.

    align is what the compiler gives it; BTF does not store it, so there it is inferred from the members.
    place: file:line:column of the declaration, empty for BTF. weight: members at every depth; cells: values that
    members and elements of arrays are, at most ELEMENTS_SEEN of an array. Both are counted without walking into
    structs that several members share, so that they are known before anything is expanded.
    Raises: InputError: types nest too deep in it.
    """

    name: str
    keyword: Literal["struct", "union"]
    size: int
    align: int
    members: tuple[Member, ...]
    place: str = ""
    notes: tuple[str, ...] = ()
    # A memo of `flatten()`, not part of the value: empty until the first query.
    _memo: dict[str, Field] = field(default_factory=dict, init=False, repr=False, compare=False, hash=False)
    depth: int = field(default=0, init=False, repr=False, compare=False)
    weight: int = field(default=0, init=False, repr=False, compare=False)
    cells: int = field(default=0, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        depth = cells = 0
        weight = len(self.members)
        for member in self.members:
            kind = member.type
            depth = max(depth, kind.depth)
            if kind.depth:
                inside, held = _within(kind)
                weight += inside
                cells += held
            else:
                cells += 1
        object.__setattr__(self, "weight", weight)
        object.__setattr__(self, "cells", cells)
        _set_depth(self, depth + 1)

    @property
    def spelling(self) -> str:
        """The type as C writes it."""
        return f"{self.keyword} {self.name}" if self.name else self.keyword

    def fields(self) -> tuple[Field, ...]:
        """Return every member at every depth, outer before inner, in the order of declaration."""
        return tuple(self._index().values())

    def leaves(self) -> tuple[Field, ...]:
        """Return the members that are units of their own (see Field), in the order of declaration."""
        return tuple(f for f in self._index().values() if f.leaf)

    def find(self, path: str) -> Field | None:
        """Return the member at `path` ("mapping", "lru.next", "bits.inuse"), or None."""
        return self._index().get(path)

    def field(self, path: str) -> Field:
        """Return the member at `path`.

        Raises: InputError: there is none; the message names the closest.
        """
        found = self._index().get(path)
        if found is None:
            close = get_close_matches(path, self._index(), 1)
            hint = f"; did you mean '{close[0]}'?" if close else ""
            raise InputError(self.spelling, f"has no member '{path}'{hint}")
        return found

    def offset(self, path: str) -> int:
        """Return the byte offset of the member at `path`; raises InputError as `field()` does."""
        return self.field(path).offset

    def at(self, offset: int) -> tuple[Field, ...]:
        """Return the leaves that cover byte `offset`, in the order of declaration."""
        return self.overlapping(offset * 8, 8)

    def overlapping(self, bit_offset: int, bit_size: int) -> tuple[Field, ...]:
        """Return the leaves that share at least one bit with the given range."""
        end = bit_offset + bit_size
        return tuple(f for f in self.leaves() if f.bit_offset < end and bit_offset < f.bit_end)

    def must_be_small(self, count: int, what: str) -> None:
        """Raise InputError when `count`, its members or its values, is more than are looked at."""
        if count > MAX_MEMBERS:
            raise InputError(
                self.place or self.spelling,
                f"{self.spelling} holds {number(count)} {what}, with those of the structs in it; "
                f"at most {number(MAX_MEMBERS)} are looked at",
            )

    def _index(self) -> dict[str, Field]:
        if not self._memo and self.members:
            self.must_be_small(self.weight, "members")
            self._memo.update((f.path, f) for f in flatten(self))
        return self._memo


Type = Scalar | Pointer | Opaque | Array | Enum | Typedef | Struct


def number(value: int) -> str:
    """Return `value` as messages show it: one that a damaged file names may have thousands of digits."""
    if value.bit_length() <= 64:
        return f"{value:,}"
    return f"more than 2^{value.bit_length() - 1}"


def _deepen(outer: Array | Typedef, inner: Type) -> None:
    _set_depth(outer, inner.depth + 1)


def _set_depth(kind: Array | Typedef | Struct, depth: int) -> None:
    if depth > MAX_NESTING:
        place = kind.place if isinstance(kind, Struct) else ""
        raise InputError(place or kind.spelling[:80], f"types nest more than {MAX_NESTING} deep")
    object.__setattr__(kind, "depth", depth)


def _within(kind: Type) -> tuple[int, int]:
    """Return (members, values) inside of a member of type `kind`, the member itself not counted."""
    times = 1
    kind = strip(kind)
    if isinstance(kind, Struct):
        weight = kind.weight
    else:
        weight = 0
    while isinstance(kind, Array):
        times *= max(1, min(kind.count, ELEMENTS_SEEN))
        kind = strip(kind.element)
    return weight, times * (max(kind.cells, 1) if isinstance(kind, Struct) else 1)


def strip(kind: Type) -> Scalar | Pointer | Opaque | Array | Enum | Struct:
    """Return the type behind any typedefs."""
    while isinstance(kind, Typedef):
        kind = kind.target
    return kind


def unwrap(kind: Type) -> Scalar | Pointer | Opaque | Array | Enum | Struct:
    """Return the number behind typedefs and behind structs that wrap exactly it; else as strip()."""
    kind = strip(kind)
    if isinstance(kind, Struct) and len(kind.members) == 1 and kind.members[0].bit_size is None:
        inner = unwrap(kind.members[0].type)
        if inner.size == kind.size and not isinstance(inner, Struct | Array):
            return inner
    return kind


def flatten(struct: Struct) -> Iterator[Field]:
    """Yield every member of `struct` at every depth as a Field; unnamed bit-fields are left out."""
    return _flatten(struct, "", 0, False)


def _flatten(struct: Struct, prefix: str, base: int, wrapped: bool) -> Iterator[Field]:
    for member in struct.members:
        kind = strip(member.type)
        at = base + member.bit_offset
        if member.name:
            bits = kind.size * 8 if member.bit_size is None else member.bit_size
            path = prefix + member.name
            # struct { u64 dma; } pool; is a group, atomic_t and struct llist_node are numbers.
            named = isinstance(member.type, Typedef) or not isinstance(kind, Struct) or bool(kind.name)
            leaf = named and not isinstance(unwrap(kind), Struct)
            yield Field(
                path, member.type, at, bits, member.bit_size is not None, leaf and not wrapped, member
            )
            if isinstance(kind, Struct):
                yield from _flatten(kind, path + ".", at, wrapped or leaf)
        elif isinstance(kind, Struct):
            yield from _flatten(kind, prefix, at, wrapped)


class Types(ABC):
    """A set of named types laid out for one ABI. origin: what it was read from, for messages."""

    abi: Abi
    origin: str

    @abstractmethod
    def find(self, name: str) -> Struct | None:
        """Return the struct, union, or typedef of one, called `name` ("page", "struct page"), or None."""

    @abstractmethod
    def enum(self, name: str) -> Enum | None:
        """Return the enumeration called `name`, or None."""

    @abstractmethod
    def enumerator(self, name: str) -> int | None:
        """Return the value of the enumerator called `name`, of whichever enumeration, or None."""

    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """Return the names of all structs and unions, in the order of declaration, each once."""

    def struct(self, name: str) -> Struct:
        """Return the struct or union called `name`.

        Raises: InputError: there is none.
        """
        found = self.find(name)
        if found is None:
            raise InputError(self.origin, f"declares no struct or union '{name}'")
        return found


@dataclass(frozen=True, slots=True)
class Declared(Types):
    """Types held in dictionaries: what a C header declares."""

    abi: Abi
    origin: str
    structs: dict[str, Struct]
    enums: dict[str, Enum]
    enumerators: dict[str, int]
    typedefs: dict[str, Type]

    def find(self, name: str) -> Struct | None:
        """See Types.find()."""
        keyword, _, bare = name.rpartition(" ")
        found = self.structs.get(bare)
        if found is not None and keyword in ("", found.keyword):
            return found
        named = self.typedefs.get(bare) if not keyword else None
        kind = strip(named) if named is not None else None
        return kind if isinstance(kind, Struct) else None

    def enum(self, name: str) -> Enum | None:
        """See Types.enum()."""
        return self.enums.get(name.removeprefix("enum "))

    def enumerator(self, name: str) -> int | None:
        """See Types.enumerator()."""
        return self.enumerators.get(name)

    def names(self) -> tuple[str, ...]:
        """See Types.names()."""
        return tuple(self.structs)
