"""Places for members that are declared with constraints instead of places, on all ABIs at once.

A struct with the comment `memdesc: solve` is a wish list: its members may lie in any order. A place is a
slot, one of the words that struct page has under the same name on every ABI (flags, lru.next, lru.prev,
mapping, ...), so that one answer holds everywhere. What a member may lie over follows from the same probes
that `check` uses, from the capabilities that the struct must have, and from the comments at the member:

    at=NAME      it starts where struct page has NAME          (it must coincide)
    over=A|B     it starts at one of these
    not=A|B      no byte of it lies over any of these          (it must not be read as A)

Every constraint is tracked by a sentence; when they contradict one another, z3's unsatisfiable core is the
explanation.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from memdesc.errors import InputError
from memdesc.layout import c_write
from memdesc.layout.design import Descriptor, Design
from memdesc.layout.judge import judge
from memdesc.layout.model import Member, Struct
from memdesc.layout.overlay import Cell, cells
from memdesc.layout.probes import PROBES

SECONDS = 60.0
"""How long a placement is searched for, unless the caller says otherwise."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A word of struct page. offsets and sizes: bytes, one for each ABI in the order of the designs."""

    name: str
    offsets: tuple[int, ...]
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A member and the slot that it starts in; offsets are bytes, one for each ABI."""

    member: str
    slot: str
    offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What solve() found. conflicts: sentences that cannot all hold, empty when it is sound. also: what else
    forbids the places that those sentences leave. header: C text."""

    struct: str
    sound: bool
    abis: tuple[str, ...]
    placed: tuple[Placed, ...]
    conflicts: tuple[str, ...]
    also: tuple[str, ...]
    header: str


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A reason why a member cannot start in some slots. key groups the slots under one sentence."""

    member: str
    key: str
    slots: tuple[int, ...]
    says: str


def solve(designs: Sequence[Design], seconds: float = SECONDS) -> Answer:
    """Return a placement for the one struct that the design wants solved, or what contradicts what.

    Args: designs: the same design for each ABI that the answer must hold on. seconds: how long may be searched.
    Raises: InputError: no struct is marked, a constraint names no slot, z3 is not installed, or time ran out.
    """
    wished = [_wish(design) for design in designs]
    slots = _slots(designs)
    names = [m.name for m in wished[0].struct.members]
    refusals = [r for name in names for r in _refusals(name, wished, designs, slots)]
    found = _run(names, wished, slots, refusals, seconds)
    if found is None:
        raise InputError(
            designs[0].name, f"neither a placement nor a contradiction was found in {seconds:g} s (--seconds)"
        )
    starts, core = found
    abis = tuple(d.abi.name for d in designs)
    if starts is None:
        return Answer(wished[0].name, False, abis, (), tuple(core), _also(core, refusals), "")
    placed = tuple(
        Placed(name, slots[start].name, slots[start].offsets)
        for name, start in sorted(starts.items(), key=lambda item: item[1])
    )
    return Answer(wished[0].name, True, abis, placed, (), (), _header(wished, designs, placed))


def _wish(design: Design) -> Descriptor:
    marked = [d for d in design.descriptors if "solve" in d.struct.notes]
    if len(marked) != 1:
        what = "no struct has" if not marked else f"{len(marked)} structs have"
        raise InputError(design.name, f"{what} the comment 'memdesc: solve'; exactly one is needed")
    for member in marked[0].struct.members:
        if not member.name or member.bit_size is not None:
            raise InputError(member.place, "a member to be placed needs a name and whole bytes")
    return marked[0]


def _slots(designs: Sequence[Design]) -> list[Slot]:
    """Return the words that struct page has under one name on all ABIs, ascending."""
    lanes = [_lane(design) for design in designs]
    shared = [name for name in lanes[0] if all(name in lane for lane in lanes)]
    return [
        Slot(
            name,
            tuple(lane[name].offset for lane in lanes),
            tuple(lane[name].bit_size >> 3 for lane in lanes),
        )
        for name in shared
    ]


def _lane(design: Design) -> dict[str, Cell]:
    """Return the cells of struct page that do not overlap an earlier one, by path."""
    out: dict[str, Cell] = {}
    end: dict[int, int] = {}
    for cell in cells(design.page):
        if all(cell.bit_end <= first or last <= cell.bit_offset for first, last in end.items()):
            out[cell.path] = cell
            end[cell.bit_offset] = cell.bit_end
    return dict(sorted(out.items(), key=lambda item: item[1].bit_offset))


def _taken(member: Member, start: int, slots: Sequence[Slot], abi: int) -> range:
    """Return the indexes of the slots that `member` covers when it starts in slot `start`."""
    first = slots[start].offsets[abi]
    end = first + member.type.size
    stop = start
    while stop < len(slots) and slots[stop].offsets[abi] < end:
        stop += 1
    return range(start, stop)


def _refusals(
    name: str, wished: Sequence[Descriptor], designs: Sequence[Design], slots: Sequence[Slot]
) -> Iterator[_Refusal]:
    yield from _said(name, wished, slots)
    found: dict[tuple[str, str], tuple[list[int], list[str]]] = {}
    for abi, (wish, design) in enumerate(zip(wished, designs, strict=True)):
        member = next(m for m in wish.struct.members if m.name == name)
        size, align = member.type.size, member.type.align
        for n, slot in enumerate(slots):
            at = slot.offsets[abi]
            reasons: list[tuple[str, str]] = []
            if design.page.size % align:
                every = f"struct pages follow one another every {design.page.size}"
                reasons.append(("array", f"it is aligned to {align} bytes, and {every}"))
            if at + size > design.page.size:
                reasons.append(("end", f"its {size} bytes would reach past the end of struct page"))
            if at % align:
                reasons.append(
                    ("align", f"it is aligned to {align} bytes, and {slot.name} lies at byte {at}")
                )
            if not reasons:
                reasons.extend(_probed(member, at, wish, design))
            for key, says in reasons:
                numbers, abis = found.setdefault((key, says), ([], []))
                numbers.append(n)
                if design.abi.name not in abis:
                    abis.append(design.abi.name)
    for (key, says), (numbers, abis) in found.items():
        where = " or ".join(dict.fromkeys(slots[n].name for n in numbers))
        on = "" if len(abis) == len(designs) else f" on {', '.join(abis)}"
        start = "lie anywhere" if len(set(numbers)) == len(slots) else f"start at {where}"
        yield _Refusal(name, f"{key}: {says}", tuple(set(numbers)), f"{name} cannot {start}{on}: {says}")


def _said(name: str, wished: Sequence[Descriptor], slots: Sequence[Slot]) -> Iterator[_Refusal]:
    """Yield the refusals that follow from the comments at the member."""
    index = {slot.name: n for n, slot in enumerate(slots)}
    member = next(m for m in wished[0].struct.members if m.name == name)
    for note in member.notes:
        key, separator, value = note.partition("=")
        key = key.strip()
        if not separator or key not in ("at", "over", "not"):
            continue
        named = [v.strip() for v in value.split("|")]
        for each in named:
            if each not in index:
                raise InputError(member.place, f"struct page has no word '{each}'; it has {', '.join(index)}")
        wanted = {index[v] for v in named}
        if key == "not":
            bad: set[int] = set()
            for abi, wish in enumerate(wished):
                ours = next(m for m in wish.struct.members if m.name == name)
                bad |= {n for n in range(len(slots)) if wanted & set(_taken(ours, n, slots, abi))}
            yield _Refusal(
                name, note, tuple(bad), f"the design says that {name} must not lie over {' or '.join(named)}"
            )
        else:
            others = tuple(n for n in range(len(slots)) if n not in wanted)
            yield _Refusal(
                name, note, others, f"the design says that {name} must start at {' or '.join(named)}"
            )


def _probed(member: Member, at: int, wish: Descriptor, design: Design) -> Iterator[tuple[str, str]]:
    """Yield what probes say of `member` at byte `at`, and which capability that would cost."""
    moved = replace(member, bit_offset=at * 8)
    shape = Struct(wish.struct.name, "struct", design.page.size, design.page.align, (moved,))
    alone = replace(wish, struct=shape, arm=False)
    for probe in PROBES:
        if probe.tail or probe.level == "obligation":
            continue
        lost = [c for c in probe.decides if c in wish.must]
        if probe.level == "refusal" and not lost:
            continue
        for verdict in judge(probe, alone, design):
            if verdict.state != "hit":
                continue
            cell, value = verdict.hits[0]
            says = (
                f"{cell.path} ({value.says}) would lie over {verdict.anchor.path}, where {probe.by} "
                f"{probe.breaks}"
            )
            if lost and probe.level == "refusal":
                says += f"; the struct must be {' and '.join(lost)}"
            yield probe.name, says


# -- the solver -------------------------------------------------------------------------------------


def _run(
    names: Sequence[str],
    wished: Sequence[Descriptor],
    slots: Sequence[Slot],
    refusals: Sequence[_Refusal],
    seconds: float,
) -> tuple[dict[str, int] | None, list[str]] | None:
    """Return slots by member, or None and what contradicts; None when time ran out."""
    end = time.monotonic() + seconds
    z3 = _z3()
    solver = z3.Solver()
    solver.set("core.minimize", True)
    start = {name: z3.Int(f"start_{name}") for name in names}
    for variable in start.values():
        solver.add(variable >= 0, variable < len(slots))
    says: dict[str, str] = {}

    def track(constraint: Any, sentence: str) -> None:
        label = f"c{len(says)}"
        says[label] = sentence
        solver.assert_and_track(constraint, z3.Bool(label))

    for refusal in refusals:
        variable = start[refusal.member]
        track(z3.And([variable != n for n in refusal.slots]), refusal.says)
    for one, other in combinations(names, 2):
        if time.monotonic() > end:
            return None
        clashes = _clashes(one, other, wished, slots)
        if clashes:
            apart = [z3.Or(start[one] != a, start[other] != b) for a, b in clashes]
            track(z3.And(apart), f"{one} and {other} are used at the same time and cannot share a word")
    solver.set("timeout", max(1, int((end - time.monotonic()) * 1000)))
    answer = solver.check()
    if answer == z3.unknown:
        return None
    if answer == z3.sat:
        model = solver.model()
        return {name: model[variable].as_long() for name, variable in start.items()}, []
    core = sorted((str(label) for label in solver.unsat_core()), key=lambda label: int(label[1:]))
    return None, [says[label] for label in core]


def _also(core: Sequence[str], refusals: Sequence[_Refusal]) -> tuple[str, ...]:
    """Return refusals that a minimal core leaves out, though they forbid a place that it insists on."""
    out = []
    for said in (r for r in refusals if r.says in core and r.key.partition("=")[0] in ("at", "over")):
        every = {n for r in refusals for n in r.slots}
        wanted = every - set(said.slots)
        out += [
            r.says for r in refusals
            if r.member == said.member and r.says not in core and wanted & set(r.slots)
        ]  # fmt: skip
    return tuple(dict.fromkeys(out))


def _clashes(
    one: str, other: str, wished: Sequence[Descriptor], slots: Sequence[Slot]
) -> list[tuple[int, int]]:
    out: dict[tuple[int, int], None] = {}
    for abi, wish in enumerate(wished):
        members = {m.name: m for m in wish.struct.members}
        for a in range(len(slots)):
            ours = set(_taken(members[one], a, slots, abi))
            for b in range(len(slots)):
                if ours & set(_taken(members[other], b, slots, abi)):
                    out[a, b] = None
    return list(out)


def _z3() -> Any:
    try:
        import z3
    except ImportError:
        raise InputError("memdesc layout solve", "needs z3: pip install z3-solver") from None
    return z3


# -- the answer as C --------------------------------------------------------------------------------


def _header(wished: Sequence[Descriptor], designs: Sequence[Design], placed: Sequence[Placed]) -> str:
    texts: dict[str, list[int]] = {}
    for n, wish in enumerate(wished):
        texts.setdefault(_struct(wish, placed, n, designs[n].abi.pointer), []).append(designs[n].abi.pointer)
    head = "/* SPDX-License-Identifier: GPL-2.0-or-later */\n/* Placed by memdesc layout solve. */\n"
    if len(texts) == 1:
        return head + next(iter(texts))
    out = head
    for n, (text, sizes) in enumerate(texts.items()):
        condition = " || ".join(f"__SIZEOF_POINTER__ == {size}" for size in sorted(set(sizes)))
        out += f"{'#if' if n == 0 else '#elif'} {condition}\n{text}"
    return out + "#endif\n"


def _struct(wish: Descriptor, placed: Sequence[Placed], abi: int, word: int) -> str:
    members = {m.name: m for m in wish.struct.members}
    lines, at, pads = [], 0, 0
    kinds = "|".join(wish.kinds)
    for one in placed:
        member, offset = members[one.member], one.offsets[abi]
        if offset > at:
            lines.append(f"\t{_pad(pads, at, offset, word)};")
            pads += 1
        kept = [n for n in member.notes if n.partition("=")[0].strip() not in ("at", "over", "not")]
        note = f" /* memdesc: {', '.join(kept)} */" if kept else ""
        lines.append(f"\t{c_write.declare(member.type, member.name, member.qualifiers)};{note}")
        at = offset + member.type.size
    notes = ", ".join(
        [*([f"kind={kinds}"] if kinds else []), *([f"must={'|'.join(wish.must)}"] if wish.must else [])]
    )
    opening = f"struct {wish.struct.name} {{" + (f" /* memdesc: {notes} */" if notes else "")
    return "\n".join([opening, *lines, "};"]) + "\n"


def _pad(number: int, start: int, end: int, word: int) -> str:
    if start % word or end % word:
        return f"unsigned char _pad_{number}[{end - start}]"
    return f"unsigned long _pad_{number}[{(end - start) // word}]"
