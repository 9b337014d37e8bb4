"""Types of the model back as C text that compilers lay out the same way."""

import re
from collections.abc import Iterator
from dataclasses import replace

from memdesc.errors import InputError
from memdesc.layout.abi import Abi, Scalar
from memdesc.layout.c_place import Declaration, place
from memdesc.layout.model import Array, Enum, Member, Opaque, Pointer, Struct, Type, Typedef, strip
from memdesc.layout.spelling import put, qualified

INT128 = {"unsigned __int128": "memdesc_u128", "__int128": "memdesc_s128"}
_PEDANTIC_BIT_TYPES = frozenset(("int", "unsigned int", "signed int", "_Bool"))
_LARGEST_GAP = 128
"""Bits between two bit-fields that are filled up."""
_TAGGED = re.compile(r"\b(struct|union|enum) (\w+)")
_WORDS = re.compile(r"[A-Za-z_]\w*")


def declare(kind: Type, name: str, qualifiers: str = "") -> str:
    """Return the declaration of `name` as a `kind`: "int name[3]", "void (*name)(int)", "char *const name"."""
    if isinstance(kind, Array):
        counts = ""
        inner: Type = kind
        while isinstance(inner, Array):
            counts += f"[{inner.count}]" if inner.count else "[]"
            inner = inner.element
        return declare(inner, name + counts, qualifiers)
    return put(qualified(_spelling(kind), qualifiers), name)


def _spelling(kind: Type) -> str:
    if isinstance(kind, Scalar):
        return INT128.get(kind.name, kind.name)
    if isinstance(kind, Pointer) and "{...}" in kind.target:
        return "void *"
    return kind.spelling


def needs(kind: Type) -> Iterator[Type]:
    """Yield the named types that `kind` holds by value and that have to be defined before it, inner first."""
    if isinstance(kind, Typedef):
        yield from needs(kind.target)
        yield kind
    elif isinstance(kind, Array):
        yield from needs(kind.element)
    elif isinstance(kind, Struct):
        for member in kind.members:
            yield from needs(member.type)
        if kind.name:
            yield kind
    elif (isinstance(kind, Enum) and kind.name and kind.values) or (
        isinstance(kind, Scalar) and kind.name in INT128
    ):
        yield kind


def pointed(kind: Type) -> Iterator[tuple[str, str]]:
    """Yield ("struct", tag) for what pointers inside `kind` point to, and ("", name) for other names."""
    if isinstance(kind, Pointer):
        for match in _TAGGED.finditer(kind.target):
            yield match[1], match[2]
        for word in _WORDS.findall(_TAGGED.sub(" ", kind.target)):
            yield "", word
    elif isinstance(kind, Typedef):
        yield from pointed(kind.target)
    elif isinstance(kind, Array):
        yield from pointed(kind.element)
    elif isinstance(kind, Struct):
        for member in kind.members:
            yield from pointed(member.type)


def define(kind: Type, abi: Abi) -> str:
    """Return the definition of a named type, with the attributes that give it the same layout.

    Raises: InputError: no combination of attributes does (BTF of a struct with explicit gaps).
    """
    if isinstance(kind, Typedef):
        bare = strip(kind.target)
        align = f" __attribute__((aligned({kind.align})))" if kind.align != kind.target.align else ""
        if isinstance(bare, Struct) and not bare.name and not isinstance(kind.target, Typedef):
            return f"typedef {_body(bare, abi, 0)} {kind.name}{align};"
        if isinstance(bare, Enum) and not bare.name and not isinstance(kind.target, Typedef):
            return f"typedef {_enum(bare)} {kind.name};"
        return f"typedef {declare(kind.target, kind.name, kind.qualifiers)}{align};"
    if isinstance(kind, Struct):
        return _body(kind, abi, 0) + ";"
    if isinstance(kind, Enum):
        return _enum(kind) + ";"
    if isinstance(kind, Scalar):
        return f"__extension__ typedef {kind.name} {INT128[kind.name]};"
    raise InputError(kind.spelling, "has no definition")


def _enum(kind: Enum) -> str:
    lines = [f"\t{name} = {value if value < 4096 else hex(value)}," for name, value in kind.values]
    large = any(not -(1 << 31) <= value < 1 << 31 for _, value in kind.values)
    packed = " __attribute__((packed))" if kind.size < 4 else ""
    return "\n".join([f"{'__extension__ ' if large else ''}{kind.spelling} {{", *lines, f"}}{packed}"])


def _body(kind: Struct, abi: Abi, depth: int) -> str:
    indent = "\t" * depth
    kind, packed, align, per_member = _attributes(kind, abi)
    lines = [f"{kind.spelling} {{"]
    lines.extend(_member(m, abi, depth + 1, per_member) for m in kind.members)
    words = (["packed"] if packed else []) + ([f"aligned({align})"] if align else [])
    tail = f" __attribute__(({', '.join(words)}))" if words else ""
    return "\n".join([*lines, f"{indent}}}{tail}"])


def _member(member: Member, abi: Abi, depth: int, per_member: dict[int, int]) -> str:
    indent = "\t" * depth
    align = per_member.get(id(member), 0)
    tail = f" __attribute__((aligned({align})))" if align else ""
    if isinstance(member.type, Struct) and not member.type.name:
        kept = f"{member.qualifiers} " if member.qualifiers else ""
        body = _body(member.type, abi, depth)
        return f"{indent}{kept}{body}{' ' + member.name if member.name else ''}{tail};"
    if isinstance(member.type, Enum) and not member.type.name:
        number = "int" if member.type.signed else "unsigned int"
        width = f" : {member.bit_size}" if member.bit_size is not None else ""
        return f"{indent}{put(qualified(number, member.qualifiers), member.name)}{width}{tail};"
    if isinstance(member.type, Opaque):
        raise InputError(member.name, f"has type '{member.type.spelling}', which cannot be written")
    text = declare(member.type, member.name, member.qualifiers)
    if member.bit_size is not None:
        bare = strip(member.type)
        known = isinstance(bare, Scalar) and bare.name in _PEDANTIC_BIT_TYPES
        prefix = "" if known else "__extension__ "
        text = f"{prefix}{text.rstrip()} : {member.bit_size}"
    return f"{indent}{text}{tail};"


def _attributes(kind: Struct, abi: Abi) -> tuple[Struct, bool, int, dict[int, int]]:
    """Return (members, packed, aligned or 0, member -> aligned) that make the compiler's layout the model's."""
    for shape in (kind, _filled(kind, abi)):
        for packed in (False, True):
            for align in (0, kind.align):
                if _same(shape, abi, packed, align, {}):
                    return shape, packed, align, {}
    # A member with an attribute of its own: what moved it tells by how much.
    guess: dict[int, int] = {}
    for member in kind.members:
        at = member.bit_offset >> 3
        if member.bit_size is None and at:
            guess[id(member)] = min(at & -at, kind.align, 4096)
        elif member.bit_size is None:
            guess[id(member)] = kind.align
    for packed in (False, True):
        if _same(kind, abi, packed, 0, guess) or _same(kind, abi, packed, kind.align, guess):
            return kind, packed, kind.align, guess
    raise InputError(kind.spelling, "its layout cannot be written as C without naming its padding")


def _filled(kind: Struct, abi: Abi) -> Struct:
    """Return the struct with nameless bit-fields of bytes where a bit-field does not follow on what is before it.

    Such a gap was a nameless bit-field, also one of no width, of which BTF and the model keep nothing.
    """
    members: list[Member] = []
    end = 0
    for member in kind.members:
        gap = member.bit_offset - end
        if member.bit_size is not None and kind.keyword == "struct" and 0 < gap <= _LARGEST_GAP:
            while end < member.bit_offset:
                width = min(8 - end % 8, member.bit_offset - end)
                members.append(Member("", abi.scalar("unsigned char"), end, width))
                end += width
        members.append(member)
        end = member.bit_offset + (member.type.size * 8 if member.bit_size is None else member.bit_size)
    return replace(kind, members=tuple(members))


def _same(kind: Struct, abi: Abi, packed: bool, align: int, per_member: dict[int, int]) -> bool:
    given = [
        Declaration(m.name, m.type, m.bit_size, per_member.get(id(m), 0), False, "") for m in kind.members
    ]
    size, whole, placed = place(given, kind.keyword == "union", packed, align, abi)
    return (size, whole) == (kind.size, kind.align) and [p.bit_offset for p in placed] == [
        m.bit_offset for m in kind.members
    ]
