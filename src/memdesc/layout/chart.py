"""A picture of a design without ink: which member of which descriptor takes which bytes.

`chart()` is the entrance. Rows are descriptors, cut into pieces of struct page's size; members that share
bytes (the alternatives of a union) get lanes of their own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from memdesc.errors import InputError
from memdesc.layout.design import Design
from memdesc.layout.hazards import Report
from memdesc.layout.model import Field, Struct, Types, strip
from memdesc.layout.overlay import holes
from memdesc.layout.values import NAMES

CACHE_LINE_BYTES = 64


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
    for name, struct in shown:
        for base in range(0, max(struct.size, 1), width):
            label = name if base == 0 else f"{name} +{base}"
            rows.append(Row(label, base, _lanes(struct, name, base, width, wrong)))
    words = tuple(_heading(design.page, n, design.abi.pointer) for n in range(0, width, design.abi.pointer))
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


def _heading(page: Struct, offset: int, word: int) -> str:
    """Return the name that a word of struct page goes by: its first member that is no list or padding."""
    names = [f for f in page.leaves() if f.bit_offset >> 3 < offset + word and offset < (f.bit_end + 7) >> 3]
    return names[0].path if names else ""


def _tone(name: str, field: Field, wrong: set[tuple[str, str]]) -> str:
    if (name, field.path) in wrong:
        return "hazard"
    last = field.path.rpartition(".")[2]
    pads = any(k.sort == "pad" and re.fullmatch(k.pattern, last) for k in NAMES)
    return "pad" if pads else "member"


def _boxes(struct: Struct, name: str, wrong: set[tuple[str, str]]) -> list[Box]:
    """Return one box a leaf; bit-fields that share bytes become one box."""
    out: list[Box] = []
    skip = struct.name != "page"
    for field in struct.leaves():
        if skip and _inside_page(struct, field):
            continue
        start, size = field.bit_offset >> 3, field.size
        tone = _tone(name, field, wrong)
        title = f"{field.path}:{field.bit_size}" if field.is_bit_field else field.path
        last = out[-1] if out else None
        if field.is_bit_field and last and ":" in last.title and start < last.start + last.size:
            end = max(last.start + last.size, start + size)
            out[-1] = Box(
                last.start, end - last.start, f"{last.title} {title}", last.tone, (*last.members, field.path)
            )
        elif field.is_bit_field and last and ":" in last.title and start == last.start + last.size:
            out[-1] = Box(
                last.start, last.size + size, f"{last.title} {title}", last.tone, (*last.members, field.path)
            )
        elif size:
            out.append(Box(start, size, title, tone, (field.path,)))
    return out


def _inside_page(struct: Struct, field: Field) -> bool:
    head = struct.find(field.path.partition(".")[0])
    kind = strip(head.type) if head is not None else None
    return isinstance(kind, Struct) and kind.name == "page"


def _lanes(
    struct: Struct, name: str, base: int, width: int, wrong: set[tuple[str, str]]
) -> tuple[tuple[Box, ...], ...]:
    lanes: list[list[Box]] = []
    for box in _boxes(struct, name, wrong):
        first, end = max(box.start, base), min(box.start + box.size, base + width)
        if first >= end:
            continue
        piece = Box(first - base, end - first, box.title, box.tone, box.members)
        for lane in lanes:
            if all(piece.start >= b.start + b.size or b.start >= piece.start + piece.size for b in lane):
                lane.append(piece)
                break
        else:
            lanes.append([piece])
    end = min(struct.size - base, width)
    for first, size in holes(struct):
        start, stop = max(first - base, 0), min(first + size - base, end)
        if start < stop:
            if not lanes:
                lanes.append([])
            lanes[0].append(Box(start, stop - start, "", "hole"))
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
