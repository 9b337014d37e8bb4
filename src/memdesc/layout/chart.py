"""A picture of a design without ink: which member of which descriptor takes which bytes.

`chart()` is the entrance. Rows are descriptors, cut into pieces of struct page's size; members that share
bytes (the alternatives of a union) get lanes of their own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from memdesc.errors import InputError
from memdesc.layout.design import Design
from memdesc.layout.hazards import Report
from memdesc.layout.model import MAX_MEMBERS, Field, Struct, Types, number, strip
from memdesc.layout.overlay import holes
from memdesc.layout.values import NAMES

CACHE_LINE_BYTES = 64
MAX_ROWS = 1 << 14
"""Rows of a struct: so many times as large as struct page it may be."""


@dataclass(frozen=True, slots=True)
class Box:
    """Some bytes of a lane. start and size are bytes from the start of the row's piece of the struct.

    title: the members there. bits: for bit-fields, "name:width" of each. tone: "member", "pad", "hole" or
    "hazard". members: paths, for links to findings.
    """

    start: int
    size: int
    title: str
    tone: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A struct, or the part of it that lies over the nth struct page. lanes: boxes, ascending by start."""

    name: str
    base: int
    lanes: tuple[tuple[Box, ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One member in the listing of a struct. bits is (first bit in its byte, width) for a bit-field."""

    depth: int
    text: str
    offset: int
    size: int
    bits: tuple[int, int] | None
    hole_after: int
    place: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A struct member by member. padding is the bytes that no member covers; cache_lines counts 64 bytes."""

    name: str
    size: int
    align: int
    lines: tuple[Line, ...]
    padding: int
    cache_lines: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that `show` draws. word: bytes of a column."""

    design: str
    abi: str
    page_size: int
    word: int
    words: tuple[str, ...]
    rows: tuple[Row, ...]
    listings: tuple[Listing, ...]


def chart(design: Design, structs: Sequence[str] = (), report: Report | None = None) -> Chart:
    """Return the picture of `design`.

    Args: structs: names to show, of any structs that the design has; none means struct page and every
    descriptor. report: colours the members that a check found hazards in.
    Raises: InputError: the design has no struct of that name.
    """
    shown = _shown(design, structs)
    wrong = {(f.descriptor, f.member.partition("[")[0]) for f in report.hazards} if report else set()
    width = design.page.size
    rows: list[Row] = []
    drawn = 0
    for name, struct in shown:
        if struct.size > MAX_ROWS * width:
            raise InputError(
                struct.place or design.name,
                f"{name} has {number(struct.size)} bytes; at most {MAX_ROWS} times struct page's {width} are drawn",
            )
        pieces = _pieces(struct, name, width, wrong)
        drawn += sum(map(len, pieces.values()))
        if drawn > MAX_MEMBERS:
            raise InputError(
                struct.place or design.name,
                f"more than {MAX_MEMBERS:,} boxes would be drawn; name fewer structs",
            )
        gaps = _gaps(struct, width)
        for base in range(0, max(struct.size, 1), width):
            label = name if base == 0 else f"{name} +{base}"
            rows.append(Row(label, base, _lanes(pieces.get(base, ()), gaps.get(base, ()))))
    heads = _headings(design.page, design.abi.pointer)
    words = tuple(heads.get(n, "") for n in range(0, width, design.abi.pointer))
    listings = tuple(_listing(name, struct) for name, struct in shown)
    return Chart(design.name, design.abi.name, width, design.abi.pointer, words, tuple(rows), listings)


def _shown(design: Design, structs: Sequence[str]) -> list[tuple[str, Struct]]:
    if not structs:
        union = all(isinstance(strip(f.type), Struct) for f in design.page.fields() if "." not in f.path)
        out = [] if design.page_from or union else [(design.page.name, design.page)]
        return out + [(d.name, d.struct) for d in design.descriptors if not d.arm]
    chosen = []
    for name in structs:
        descriptor = design.descriptor(name)
        struct = descriptor.struct if descriptor else find_struct(design.types, name)
        chosen.append((name, struct))
    return chosen


def find_struct(types: Types, name: str) -> Struct:
    """Return the struct called `name`; raises InputError with the closest names when there is none."""
    found = types.find(name)
    if found is not None:
        return found
    close = get_close_matches(name, types.names(), 3)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    raise InputError(types.origin, f"declares no struct or union '{name}'{hint}")


def _headings(page: Struct, word: int) -> dict[int, str]:
    """Return the name that each word of struct page goes by, that of its first member, by its byte."""
    out: dict[int, str] = {}
    for field in page.leaves():
        first, end = field.bit_offset >> 3, (field.bit_end + 7) >> 3
        for at in range(first // word * word, end, word):
            out.setdefault(at, field.path)
    return out


def _tone(name: str, field: Field, wrong: set[tuple[str, str]]) -> str:
    if (name, field.path) in wrong:
        return "hazard"
    last = field.path.rpartition(".")[2]
    pads = any(k.sort == "pad" and re.fullmatch(k.pattern, last) for k in NAMES)
    return "pad" if pads else "member"


def _boxes(struct: Struct, name: str, wrong: set[tuple[str, str]]) -> Iterator[Box]:
    """Yield one box a leaf; bit-fields that share bytes become one box."""
    bits: list[Field] = []
    start = end = 0
    skip = struct.name != "page"
    for field in struct.leaves():
        if skip and _inside_page(struct, field):
            continue
        first = field.bit_offset >> 3
        if bits and not (field.is_bit_field and (start <= first <= end)):
            yield _of_bits(bits, start, end, name, wrong)
            bits = []
        if field.is_bit_field:
            start, end = (start, max(end, first + field.size)) if bits else (first, first + field.size)
            bits.append(field)
        elif field.size:
            yield Box(first, field.size, field.path, _tone(name, field, wrong), (field.path,))
    if bits:
        yield _of_bits(bits, start, end, name, wrong)


def _of_bits(fields: Sequence[Field], start: int, end: int, name: str, wrong: set[tuple[str, str]]) -> Box:
    title = " ".join(f"{field.path}:{field.bit_size}" for field in fields)
    return Box(
        start, end - start, title, _tone(name, fields[0], wrong), tuple(field.path for field in fields)
    )


def _inside_page(struct: Struct, field: Field) -> bool:
    head = struct.find(field.path.partition(".")[0])
    kind = strip(head.type) if head is not None else None
    return isinstance(kind, Struct) and kind.name == "page"


def _pieces(struct: Struct, name: str, width: int, wrong: set[tuple[str, str]]) -> dict[int, list[Box]]:
    """Return the boxes of each row, by the byte at which the row starts; they count from there."""
    out: dict[int, list[Box]] = {}
    left = MAX_MEMBERS
    for box in _boxes(struct, name, wrong):
        first = box.start // width
        rows = range(first, -(-(box.start + box.size) // width))
        left -= len(rows)
        if left < 0:
            raise InputError(
                struct.place or name, f"{name} would be drawn in more than {MAX_MEMBERS:,} boxes"
            )
        for row in rows:
            start, end = max(box.start, row * width), min(box.start + box.size, (row + 1) * width)
            piece = Box(start - row * width, end - start, box.title, box.tone, box.members)
            out.setdefault(row * width, []).append(piece)
    return out


def _gaps(struct: Struct, width: int) -> dict[int, list[Box]]:
    """Return the bytes of each row that no member covers, by the byte at which the row starts."""
    out: dict[int, list[Box]] = {}
    for first, size in holes(struct):
        for row in range(first // width, -(-(first + size) // width)):
            start, end = max(first, row * width), min(first + size, (row + 1) * width)
            out.setdefault(row * width, []).append(Box(start - row * width, end - start, "", "hole"))
    return out


def _lanes(pieces: Sequence[Box], gaps: Sequence[Box]) -> tuple[tuple[Box, ...], ...]:
    """Return the boxes of a row, each in the first lane in which its bytes are free."""
    lanes: list[list[Box]] = []
    taken: list[int] = []
    # Lanes only fill: where one box found no room, none that takes the same bytes does later.
    after: dict[tuple[int, int], int] = {}
    for piece in pieces:
        mask = ((1 << piece.size) - 1) << piece.start
        n = after.get((piece.start, piece.size), 0)
        while n < len(lanes) and taken[n] & mask:
            n += 1
        if n == len(lanes):
            lanes.append([])
            taken.append(0)
        lanes[n].append(piece)
        taken[n] |= mask
        after[piece.start, piece.size] = n + 1
    if gaps and not lanes:
        lanes.append([])
    for gap in gaps:
        lanes[0].append(gap)
    return tuple(tuple(sorted(lane, key=lambda b: b.start)) for lane in lanes)


def _listing(name: str, struct: Struct) -> Listing:
    gaps = dict(holes(struct))
    lines: list[Line] = []
    _list(struct, 0, 0, gaps, lines)
    return Listing(
        name, struct.size, struct.align, tuple(lines), sum(gaps.values()), -(-struct.size // CACHE_LINE_BYTES)
    )


def _list(struct: Struct, base: int, depth: int, gaps: dict[int, int], lines: list[Line]) -> None:
    for member in struct.members:
        kind = strip(member.type)
        at = base + member.bit_offset
        if isinstance(kind, Struct) and not kind.name and not hasattr(member.type, "target"):
            lines.append(
                Line(depth, f"{kind.keyword} {member.name}".rstrip() + " {", at >> 3, kind.size, None, 0, "")
            )
            _list(kind, at, depth + 1, gaps, lines)
            continue
        text = f"{member.type.spelling} {member.name}".strip()
        if member.bit_size is not None:
            bits: tuple[int, int] | None = (at & 7, member.bit_size)
            end = (at + member.bit_size + 7) >> 3
            text += f" : {member.bit_size}"
        else:
            bits, end = None, (at >> 3) + kind.size
        lines.append(Line(depth, text, at >> 3, kind.size, bits, gaps.get(end, 0), member.place))
