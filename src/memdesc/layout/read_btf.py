"""Types from BTF: the type information that every modern kernel carries about itself.

`read(path)` takes a BTF file (/sys/kernel/btf/vmlinux), a vmlinux ELF or a bzImage. One pass over the
records finds where each type starts; types are made when they are asked for, so that reading the page types
of a kernel costs little more than that pass. Source: Documentation/bpf/btf.rst, include/uapi/linux/btf.h.

    >>> types = read("/sys/kernel/btf/vmlinux")                 # doctest: +SKIP
    >>> types.struct("slab").offset("slab_cache")               # doctest: +SKIP
    8
    >>> sum(1 for _ in types.all_structs())                     # doctest: +SKIP
    10480
"""

import struct
import sys
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from memdesc.errors import InputError
from memdesc.escape import visible
from memdesc.layout.abi import Abi, Encoding, Scalar, of_machine
from memdesc.layout.image import MAGIC, Image, open_image
from memdesc.layout.model import Array, Enum, Member, Opaque, Pointer, Struct, Type, Typedef, Types, strip
from memdesc.layout.spelling import array_of, hole, qualified, qualifiers

INT, PTR, ARRAY, STRUCT, UNION, ENUM, FWD, TYPEDEF, VOLATILE, CONST = range(1, 11)
RESTRICT, FUNC, FUNC_PROTO, VAR, DATASEC, FLOAT, DECL_TAG, TYPE_TAG, ENUM64 = range(11, 20)

# Words that follow the three of every record: (fixed, for each of vlen entries). Index is the kind.
_FIXED = (0, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0)
_EACH = (0, 0, 0, 0, 3, 3, 2, 0, 0, 0, 0, 0, 0, 2, 0, 3, 0, 0, 0, 3)
_MODIFIERS = frozenset((VOLATILE, CONST, RESTRICT, TYPE_TAG))
_QUALIFIER = {VOLATILE: "volatile", CONST: "const", RESTRICT: "restrict", TYPE_TAG: ""}
_NAMED = frozenset((STRUCT, UNION, ENUM, ENUM64, TYPEDEF))
_MAX_DEPTH = 200
_LONGEST_SPELLING = 1000
"""Characters of a type written out; the longest of Linux 6.18 has 266."""
_C_NAME = {
    "long unsigned int": "unsigned long",
    "long int": "long",
    "long long unsigned int": "unsigned long long",
    "long long int": "long long",
    "short unsigned int": "unsigned short",
    "short int": "short",
    "__int128 unsigned": "unsigned __int128",
    "bool": "_Bool",
}


def read(path: str | Path) -> "BtfTypes":
    """Return the types of the BTF, vmlinux or bzImage at `path`.

    Raises: InputError: the file cannot be read, holds no BTF, or its BTF is damaged.
    """
    return BtfTypes(open_image(path), str(path))


class BtfTypes(Types):
    """The types of one BTF blob, made on demand. Ids are BTF's own: 1 is the first record, 0 is void."""

    __slots__ = (
        "_busy",
        "_by_name",
        "_enumerators",
        "_made",
        "_spelled",
        "_starts",
        "_strings",
        "_words",
        "abi",
        "origin",
    )

    def __init__(self, image: Image, origin: str) -> None:
        self.origin = origin
        raw = image.btf
        byteorder, types, strings = _sections(raw, origin)
        if len(types) % 4:
            raise InputError(origin, "BTF is damaged: the type section is no whole number of words")
        words = array("I", types)
        if byteorder != sys.byteorder:
            words.byteswap()
        self._words = words
        self._strings = strings
        self._starts = _scan(words, origin)
        self._made: dict[int, Type] = {}
        self._spelled: dict[int, str] = {}
        self._busy: set[int] = set()
        self._by_name: dict[str, list[int]] = {}
        self._enumerators: dict[str, int] | None = None
        self._name_types()
        pointer = image.pointer or self._long_size()
        self.abi: Abi = of_machine(image.machine, byteorder, pointer)

    # -- by name ------------------------------------------------------------------------------------

    def find(self, name: str) -> Struct | None:
        """See Types.find(). Of several structs of one name the first with members is returned."""
        keyword, _, bare = name.rpartition(" ")
        best: Struct | None = None
        for number in self._by_name.get(bare, ()):
            kind = self.type(number)
            found = strip(kind) if isinstance(kind, Typedef) and not keyword else kind
            if isinstance(found, Struct) and keyword in ("", found.keyword):
                if found.members and not isinstance(kind, Typedef):
                    return found
                best = best or found
        return best

    def enum(self, name: str) -> Enum | None:
        """See Types.enum()."""
        for number in self._by_name.get(name.removeprefix("enum "), ()):
            kind = self.type(number)
            if isinstance(kind, Enum):
                return kind
        return None

    def enumerator(self, name: str) -> int | None:
        """See Types.enumerator(); the first call walks all enumerations."""
        if self._enumerators is None:
            found: dict[str, int] = {}
            for number, start in enumerate(self._starts, 1):
                if (self._words[start + 1] >> 24) & 31 in (ENUM, ENUM64):
                    kind = self.type(number)
                    if isinstance(kind, Enum):
                        for label, value in kind.values:
                            found.setdefault(label, value)
            self._enumerators = found
        return self._enumerators.get(name)

    def names(self) -> tuple[str, ...]:
        """See Types.names()."""
        seen = dict.fromkeys(self._name(start) for _, start in self._structs())
        seen.pop("", None)
        return tuple(seen)

    def typedef(self, name: str) -> Typedef | None:
        """Return the typedef called `name`, or None."""
        for number in self._by_name.get(name, ()):
            kind = self.type(number)
            if isinstance(kind, Typedef):
                return kind
        return None

    def all_structs(self) -> Iterator[tuple[int, Struct]]:
        """Yield (BTF id, struct or union) for every one there is, anonymous ones and doubles included."""
        for number, _ in self._structs():
            kind = self.type(number)
            assert isinstance(kind, Struct)
            yield number, kind

    def __len__(self) -> int:
        return len(self._starts)

    # -- by id --------------------------------------------------------------------------------------

    def type(self, number: int, depth: int = 0) -> Type:
        """Return the type with BTF id `number`.

        Raises: InputError: the BTF is damaged: an id out of range, a type that contains itself.
        """
        made = self._made.get(number)
        if made is not None:
            return made
        if number == 0:
            return Opaque("void")
        if number > len(self._starts):
            self._damaged(number, f"there are only {len(self._starts)} types")
        if number in self._busy:
            self._damaged(number, "it contains itself")
        if depth > _MAX_DEPTH:
            self._damaged(number, f"types nest more than {_MAX_DEPTH} deep")
        self._busy.add(number)
        try:
            made = self._make(number, depth + 1)
        finally:
            self._busy.discard(number)
        self._made[number] = made
        return made

    def _make(self, number: int, depth: int) -> Type:
        start = self._starts[number - 1]
        words = self._words
        info, size = words[start + 1], words[start + 2]
        kind = (info >> 24) & 31
        if kind in (STRUCT, UNION):
            return self._struct(number, start, kind, depth)
        if kind == PTR:
            pointer = self.abi.pointer
            return Pointer(self.spell(size, depth), pointer, pointer)
        if kind in _MODIFIERS:
            return self.type(size, depth)
        if kind == TYPEDEF:
            target = self.type(size, depth)
            return Typedef(self._name(start), target, target.align, self._qualifiers(size)[0])
        if kind == ARRAY:
            return Array(self.type(words[start + 3], depth), words[start + 5])
        if kind == INT:
            return self._int(number, start)
        if kind in (ENUM, ENUM64):
            return self._enum(start, kind)
        if kind == FLOAT:
            return Scalar(self._name(start), size, self._natural(size), "float", True)
        if kind in (FWD, FUNC, FUNC_PROTO):
            return Opaque(self.spell(number, depth))
        return self._damaged(number, f"kind {kind} is no type of a member")

    def _struct(self, number: int, start: int, kind: int, depth: int) -> Struct:
        words = self._words
        info, size = words[start + 1], words[start + 2]
        packed_widths = info >> 31
        members = []
        align, whole, last = 1, size * 8, 0
        at = start + 3
        for _ in range(info & 0xFFFF):
            target = self.type(words[at + 1], depth)
            place = words[at + 2]
            width: int | None = None
            if packed_widths:
                width = place >> 24 or None
                place &= 0xFFFFFF
            elif (bits := self._int_bits(words[at + 1])) is not None:
                place, width = place + bits[0], bits[1]
            end = place + (target.size * 8 if width is None else width)
            if end > whole:
                self._damaged(number, f"member '{self._string(words[at])}' ends at bit {end} of {whole}")
            last = max(last, end)
            # BTF keeps no alignment: a member that does not lie on its own was packed.
            natural = target.align
            if natural > align and (width is not None or place % (natural * 8) == 0):
                align = natural
            kept, _ = self._qualifiers(words[at + 1])
            members.append(Member(self._string(words[at]), target, place, width, qualifiers=kept))
            at += 3
        while size % align:
            align >>= 1
        # Padding at the end that the members do not explain comes from an aligned attribute.
        wider = align
        while wider < 4096 and -(-last // (wider * 8)) * wider < size:
            wider *= 2
        if size % wider == 0 and -(-last // (wider * 8)) * wider == size:
            align = wider
        return Struct(
            self._string(words[start]), "struct" if kind == STRUCT else "union", size, align, tuple(members)
        )

    def _int(self, number: int, start: int) -> Scalar:
        size, data = self._words[start + 2], self._words[start + 3]
        if size not in (1, 2, 4, 8, 16):
            self._damaged(number, f"an integer of {size} bytes")
        name = self._name(start)
        encoding: Encoding = "bool" if (data >> 24) & 4 else "int"
        return Scalar(_C_NAME.get(name, name), size, self._natural(size), encoding, bool((data >> 24) & 1))

    def _int_bits(self, number: int) -> tuple[int, int] | None:
        """Return (offset, width) of the older form of bit-fields: an integer narrower than its bytes."""
        for _ in range(_MAX_DEPTH):
            if not 0 < number <= len(self._starts):
                return None
            start = self._starts[number - 1]
            kind = (self._words[start + 1] >> 24) & 31
            if kind == INT:
                data = self._words[start + 3]
                offset, width = (data >> 16) & 255, data & 255
                return (offset, width) if offset or width != self._words[start + 2] * 8 else None
            if kind != TYPEDEF and kind not in _MODIFIERS:
                return None
            number = self._words[start + 2]
        return None

    def _enum(self, start: int, kind: int) -> Enum:
        words = self._words
        info, size = words[start + 1], words[start + 2]
        signed = bool(info >> 31)
        step, bits = (3, 64) if kind == ENUM64 else (2, 32)
        values = []
        for n in range(info & 0xFFFF):
            at = start + 3 + n * step
            value = words[at + 1] | (words[at + 2] << 32 if kind == ENUM64 else 0)
            if signed and value >> (bits - 1):
                value -= 1 << bits
            values.append((self._string(words[at]), value))
        return Enum(self._name(start), size, self._natural(size), signed, tuple(values))

    # -- spelling -----------------------------------------------------------------------------------

    def spell(self, number: int, depth: int = 0) -> str:
        """Return the type with BTF id `number` as C writes it, without making what pointers point to.

        Each type is spelled once, and none at more than _LONGEST_SPELLING: where functions take functions that
        take functions, what is written out can grow by a power of what is there.
        """
        known = self._spelled.get(number)
        if known is None:
            known = self._spell(number, depth)
            if len(known) > _LONGEST_SPELLING:
                known = known[:_LONGEST_SPELLING] + " ..."
            self._spelled[number] = known
        return known

    def _spell(self, number: int, depth: int) -> str:
        if number == 0:
            return "void"
        if number > len(self._starts):
            self._damaged(number, f"there are only {len(self._starts)} types")
        if depth > _MAX_DEPTH:
            self._damaged(number, f"types nest more than {_MAX_DEPTH} deep")
        words, depth = self._words, depth + 1
        start = self._starts[number - 1]
        info = words[start + 1]
        kind = (info >> 24) & 31
        if kind in _QUALIFIER:
            kept, number = self._qualifiers(number)
            return qualified(self.spell(number, depth), kept)
        name = self._name(start)
        if kind in (STRUCT, UNION, FWD):
            union = kind == UNION or (kind == FWD and info >> 31)
            return f"{'union' if union else 'struct'} {name or '{...}'}"
        if kind in (ENUM, ENUM64):
            return f"enum {name or '{...}'}"
        if kind == PTR:
            return Pointer(self.spell(words[start + 2], depth), 0, 1).spelling
        if kind == ARRAY:
            return array_of(self.spell(words[start + 3], depth), words[start + 5])
        if kind == FUNC_PROTO:
            result = self.spell(words[start + 2], depth)
            at = hole(result)
            arguments = self._arguments(start, info & 0xFFFF, depth)
            return f"{result[:at].rstrip()} ({arguments}){result[at:]}"
        return _C_NAME.get(name, name)

    def _qualifiers(self, number: int) -> tuple[str, int]:
        """Return the qualifiers of a type, and the id of the type without them."""
        words: list[str] = []
        for _ in range(_MAX_DEPTH):
            if not 0 < number <= len(self._starts):
                break
            start = self._starts[number - 1]
            kind = (self._words[start + 1] >> 24) & 31
            if kind not in _QUALIFIER:
                break
            words.append(_QUALIFIER[kind])
            number = self._words[start + 2]
        return qualifiers(words), number

    def _arguments(self, start: int, count: int, depth: int) -> str:
        given, length = [], 0
        for n in range(count):
            number = self._words[start + 4 + n * 2]
            given.append(self.spell(number, depth) if number else "...")
            length += len(given[-1]) + 2
            if length > _LONGEST_SPELLING:
                break
        return ", ".join(given) or "void"

    # -- raw ----------------------------------------------------------------------------------------

    def _structs(self) -> Iterator[tuple[int, int]]:
        words = self._words
        for number, start in enumerate(self._starts, 1):
            if (words[start + 1] >> 24) & 31 in (STRUCT, UNION):
                yield number, start

    def _name_types(self) -> None:
        words, index, string = self._words, self._by_name, self._string
        for number, start in enumerate(self._starts, 1):
            if (words[start + 1] >> 24) & 31 in _NAMED and words[start]:
                index.setdefault(string(words[start]), []).append(number)

    def _long_size(self) -> int:
        words = self._words
        for start in self._starts:
            if (words[start + 1] >> 24) & 31 == INT and self._name(start) in (
                "long unsigned int",
                "unsigned long",
            ):
                size = words[start + 2]
                if size in (4, 8):
                    return size
        return 8

    def _natural(self, size: int) -> int:
        return (
            min(size, self.abi.wide)
            if size == 8
            else (size if size in (1, 2, 4) else 16 if size == 16 else 4)
        )

    def _name(self, start: int) -> str:
        return self._string(self._words[start])

    def _string(self, offset: int) -> str:
        end = self._strings.find(b"\0", offset)
        if end < 0 or offset >= len(self._strings):
            raise InputError(
                self.origin, f"BTF is damaged: a name lies at byte {offset} of {len(self._strings)}"
            )
        text = self._strings[offset:end].decode("ascii", "replace")
        # The kernel takes only names that C knows; others are damage, and may steer a terminal.
        return text if text.isprintable() else visible(text)

    def _damaged(self, number: int, why: str) -> "Opaque":
        raise InputError(self.origin, f"BTF is damaged at type {number}: {why}")


def _sections(raw: bytes, origin: str) -> tuple[Literal["little", "big"], bytes, bytes]:
    """Return byte order, type section and string section."""
    if len(raw) < 24:
        raise InputError(origin, "BTF is cut short in its header")
    byteorder: Literal["little", "big"] = "little" if raw[0] == MAGIC & 255 else "big"
    end = "<" if byteorder == "little" else ">"
    magic, version, _, header = struct.unpack_from(end + "HBBI", raw)
    if magic != MAGIC:
        raise InputError(origin, f"is no BTF: it starts with {magic:#06x}")
    if version != 1:
        raise InputError(origin, f"is BTF of version {version}; only version 1 is known")
    type_at, type_size, name_at, name_size = struct.unpack_from(end + "IIII", raw, 8)
    if header < 24 or header + max(type_at + type_size, name_at + name_size) > len(raw):
        need = header + max(type_at + type_size, name_at + name_size)
        raise InputError(origin, f"BTF is cut short: its header announces {need} bytes, {len(raw)} are there")
    strings = raw[header + name_at : header + name_at + name_size]
    if strings and strings[0] and not strings[-1]:
        raise InputError(origin, "is the BTF of a module, which needs the kernel's; give vmlinux's instead")
    if not strings or strings[-1]:
        raise InputError(origin, "BTF is damaged: its string section does not start and end with a zero byte")
    return byteorder, raw[header + type_at : header + type_at + type_size], strings


def _scan(words: "array[int]", origin: str) -> list[int]:
    """Return the word at which each record starts; entry 0 is type id 1."""
    fixed, each = _FIXED, _EACH
    starts: list[int] = []
    add = starts.append
    at, end = 0, len(words)
    try:
        while at < end:
            info = words[at + 1]
            kind = (info >> 24) & 31
            add(at)
            at += 3 + fixed[kind] + (each[kind] and each[kind] * (info & 0xFFFF))
            if not kind:
                raise IndexError
    except IndexError:
        number = len(starts)
        kind = (words[starts[-1] + 1] >> 24) & 31 if starts and starts[-1] + 1 < end else -1
        why = f"kind {kind} is not known" if kind == 0 or kind > ENUM64 else "its record is cut short"
        raise InputError(origin, f"BTF is damaged at type {number}: {why}") from None
    if at != end:
        raise InputError(origin, f"BTF is damaged at type {len(starts)}: its record is cut short")
    return starts
