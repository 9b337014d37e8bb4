"""What moved between two designs or two kernels, and what that breaks."""

from collections.abc import Sequence
from dataclasses import dataclass

from memdesc.errors import InputError
from memdesc.layout.design import Design
from memdesc.layout.hazards import check
from memdesc.layout.judge import find_anchor
from memdesc.layout.model import Field, Struct, strip
from memdesc.layout.overlay import cells
from memdesc.layout.readers import READERS, Reader


@dataclass(frozen=True, slots=True)
class Change:
    """One member that differs. what: "added", "removed", "moved", "resized", "retyped" or "renamed".

    before, after: (offset in bytes, size in bytes, type, path), None where the member does not exist.
    """

    what: str
    path: str
    before: tuple[int, int, str, str] | None
    after: tuple[int, int, str, str] | None


@dataclass(frozen=True, slots=True)
class StructChange:
    """How a struct differs. sizes are bytes, None where the struct does not exist."""

    name: str
    before: int | None
    after: int | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ProbeChange:
    """A probe whose verdict on a descriptor differs: a hazard that is new, or one that is gone."""

    probe: str
    descriptor: str
    new: bool
    says: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What compare() found. encodings: how a page's type is told, before and after."""

    before: str
    after: str
    structs: tuple[StructChange, ...]
    encodings: tuple[str, str]
    types: tuple[tuple[str, int | None, int | None], ...]
    probes: tuple[ProbeChange, ...]
    broken: tuple[Reader, ...]


def compare(before: Design, after: Design, structs: Sequence[str] = ()) -> Difference:
    """Return what differs between two designs.

    Args: structs: names to compare; none means struct page and every descriptor of either.
    Raises: InputError: neither design has a struct of that name.
    """
    names = list(structs) or _names(before, after)
    changes = []
    for name in names:
        old, new = before.types.find(name), after.types.find(name)
        if old is None and new is None:
            raise InputError(f"{before.name} and {after.name}", f"neither has a struct or union '{name}'")
        change = _struct(name, old, new)
        if change.changes or change.before != change.after:
            changes.append(change)
    return Difference(
        before.name, after.name, tuple(changes), (encoding(before), encoding(after)), _types(before, after),
        _probes(before, after),
        tuple(r for r in READERS if holds(r, before) and not holds(r, after)),
    )  # fmt: skip


def _names(before: Design, after: Design) -> list[str]:
    names = [before.page.name, after.page.name]
    names += [d.struct.name for design in (before, after) for d in design.descriptors if not d.arm]
    return list(dict.fromkeys(names))


# -- members ----------------------------------------------------------------------------------------


def _struct(name: str, old: Struct | None, new: Struct | None) -> StructChange:
    ours = _own(old) if old else {}
    theirs = _own(new) if new else {}
    out: list[Change] = []
    gone = [p for p in ours if p not in theirs]
    come = [p for p in theirs if p not in ours]
    if old and new:
        twins: dict[tuple[int, int, str, str], list[str]] = {}
        for path in reversed(come):
            twins.setdefault(_shape(theirs[path]), []).append(path)
        renamed: dict[str, str] = {}
        for path in gone:
            if waiting := twins.get(_shape(ours[path])):
                renamed[path] = waiting.pop()
                out.append(Change("renamed", path, _brief(ours[path]), _brief(theirs[renamed[path]])))
        taken = set(renamed.values())
        gone = [path for path in gone if path not in renamed]
        come = [path for path in come if path not in taken]
        for path, field in ours.items():
            other = theirs.get(path)
            if other is None:
                continue
            if field.bit_offset != other.bit_offset:
                out.append(Change("moved", path, _brief(field), _brief(other)))
            elif field.bit_size != other.bit_size:
                out.append(Change("resized", path, _brief(field), _brief(other)))
            elif field.member.spelling != other.member.spelling:
                out.append(Change("retyped", path, _brief(field), _brief(other)))
        out.extend(Change("removed", path, _brief(ours[path]), None) for path in gone)
        out.extend(Change("added", path, None, _brief(theirs[path])) for path in come)
    order = {"moved": 0, "resized": 1, "retyped": 2, "renamed": 3, "removed": 4, "added": 5}
    out.sort(key=lambda c: (order[c.what], (c.before or c.after or (0, 0, "", ""))[0]))
    return StructChange(name, old.size if old else None, new.size if new else None, tuple(out))


def _own(struct: Struct) -> dict[str, Field]:
    """Return the leaves by path, without those of a struct page that another descriptor embeds."""
    embedded = {
        f.path for f in struct.fields()
        if isinstance(kind := strip(f.type), Struct) and kind.name == "page" and struct.name != "page"
    }  # fmt: skip
    return {f.path: f for f in struct.leaves() if f.path.partition(".")[0] not in embedded}


def _shape(field: Field) -> tuple[int, int, str, str]:
    """Return what two members share that are one under two names."""
    return field.bit_offset, field.bit_size, field.member.spelling, _stem(field)


def _stem(field: Field) -> str:
    last = field.path.rpartition(".")[2].strip("_")
    for prefix in ("page_", "folio_", "pt_"):
        last = last.removeprefix(prefix)
    return last


def _brief(field: Field) -> tuple[int, int, str, str]:
    return field.offset, field.size, field.member.spelling, field.path


# -- how a page's type is told ----------------------------------------------------------------------


def encoding(design: Design) -> str:
    """Return how a page's type is told in `design`, found by the presence of members and enumerators."""
    has = design.types.enumerator
    if find_anchor(design.page, ("memdesc",)) is not None:
        return "the low 4 bits of memdesc say the type, the rest is the address of a descriptor"
    if has("PGTY_slab") is not None:
        low = has("PGTY_buddy") or 0
        return (
            f"one type a page, in the top byte of page_type (PGTY_buddy is {low:#x}); compare page_type >> 24"
        )
    if has("PG_buddy") is not None or has("PG_offline") is not None:
        return "bits of page_type that are cleared to say a type, named by enumerators (PG_buddy, ...)"
    if has("PG_slab") is not None and find_anchor(design.page, ("page_type",)) is not None:
        return (
            "slab is bit PG_slab of flags; other types are bits of page_type that are cleared, and macros "
            "(PG_buddy 0x80, PG_offline 0x100, PG_table 0x200, PG_guard 0x400 under 0xf0000000)"
        )
    return "nothing in the types tells"


def _types(before: Design, after: Design) -> tuple[tuple[str, int | None, int | None], ...]:
    out: dict[str, tuple[int | None, int | None]] = {}
    tables = []
    for design in (before, after):
        enum = design.types.enum("pagetype") or design.types.enum("memdesc_type")
        tables.append(dict(enum.values) if enum is not None else {})
    for name in dict.fromkeys((*tables[0], *tables[1])):
        pair = tables[0].get(name), tables[1].get(name)
        if pair[0] != pair[1]:
            out[name] = pair
    return tuple((name, old, new) for name, (old, new) in out.items())


# -- what breaks ------------------------------------------------------------------------------------


def _probes(before: Design, after: Design) -> tuple[ProbeChange, ...]:
    old = {(f.rule, f.descriptor): f for f in check(before).hazards}
    new = {(f.rule, f.descriptor): f for f in check(after).hazards}
    out = [ProbeChange(f.rule, f.descriptor, True, f.says) for key, f in new.items() if key not in old]
    out += [ProbeChange(f.rule, f.descriptor, False, f.says) for key, f in old.items() if key not in new]
    return tuple(out)


def holds(reader: Reader, design: Design) -> bool:
    """Whether `design` has what `reader` relies on."""
    verb, _, rest = reader.needs.partition(" ")
    types = design.types
    if verb == "enumerator":
        return types.enumerator(rest) is not None
    if verb == "no":
        return types.enumerator(rest) is None
    if verb == "struct":
        return types.find(rest) is not None
    if verb == "over":
        page_path, _, member_path = rest.partition(" ")
        anchor = find_anchor(design.page, (page_path.partition(".")[2],))
        name, _, path = member_path.partition(".")
        struct = types.find(name)
        if anchor is None or struct is None:
            return False
        return any(c.path == path and c.offset == anchor.offset for c in cells(struct))
    name, _, path = rest.partition(".")
    struct = design.page if name == "page" else types.find(name)
    field = struct.find(path) if struct is not None else None
    if field is None:
        return False
    return verb == "member" or not isinstance(strip(field.type), Struct)
