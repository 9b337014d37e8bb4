"""One probe on one descriptor: does what lies there pass the kernel's test by accident?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from memdesc.layout.abi import Abi
from memdesc.layout.design import Descriptor, Design
from memdesc.layout.model import Struct
from memdesc.layout.overlay import Cell, cells
from memdesc.layout.probes import MAGIC_SIGNATURE, TAIL_EXEMPTIONS, Probe, magic_mask
from memdesc.layout.values import KERNEL_POINTER, Domain, domain, note_value, pointer_bits, poison_delta

State = Literal["same", "neutral", "untouched", "hit"]
_ALIASES = {
    "obj_exts": "memcg_data",
    "folio_index": "index",
    "type": "page_type",
    "pt_memcg_data": "memcg_data",
}
_PREFIXES = ("page_", "pt_")
_FEW_PAGES = 64
_POINTERS = frozenset(("pointer", "list", "tagged", "code"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a probe reads in a descriptor.

    Attributes: state: "same": the member that it is after; "neutral": something that cannot pass for what it
    is not; "untouched": the descriptor does not reach there; "hit": it can. hits: the cells that can, with
    their values. beside: the other cells that lie there. tail: which page of a block, 0 is the first.
    """

    probe: Probe
    descriptor: str
    anchor: Cell
    state: State
    hits: tuple[tuple[Cell, Domain], ...] = ()
    beside: tuple[tuple[Cell, Domain], ...] = ()
    tail: int = 0
    exempt: str = ""


@lru_cache(maxsize=256)
def find_anchor(page: Struct, names: tuple[str, ...]) -> Cell | None:
    """Return the cell of struct page that the first of `names` that it has stands for, or None.

    Where struct page is a union of descriptors, the one called folio speaks for all.
    """
    every = cells(page)
    for name in names:
        for cell in every:
            if cell.path == name:
                return cell
        below = [c for c in every if c.path.endswith("." + name)]
        for cell in sorted(below, key=lambda c: not c.path.startswith("folio.")):
            return cell
    return None


def plain(name: str) -> str:
    """Return a member's name without the decoration that descriptors give to members of struct page."""
    name = name.strip("_")
    for prefix in _PREFIXES:
        if name not in ("page_type",):
            name = name.removeprefix(prefix)
    return _ALIASES.get(name, name)


def is_same(cell: Cell, anchor: Cell, shift: int = 0) -> bool:
    """Whether `cell` is the member that `anchor` names, at the same place.

    Args: shift: bits added to the place of the anchor.
    """
    if (cell.bit_offset, cell.bit_size) != (anchor.bit_offset + shift, anchor.bit_size):
        return False
    if cell.name in ("next", "prev"):
        ours, theirs = cell.path.split(".")[-2:], anchor.path.split(".")[-2:]
        return [plain(p) for p in ours] == [plain(p) for p in theirs]
    return plain(cell.name.rstrip("0123456789")) == plain(anchor.name)


def judge(probe: Probe, descriptor: Descriptor, design: Design) -> tuple[Verdict, ...]:
    """Return the verdicts of `probe` on `descriptor`: one, or one for each tail that the descriptor spans."""
    anchor = find_anchor(design.page, probe.anchors)
    if anchor is None or descriptor.separate or descriptor.standalone:
        return ()
    types = design.types
    if probe.unless and types.enumerator(probe.unless) is not None:
        return ()
    if probe.needs and types.enumerator(probe.needs) is None:
        return ()
    pages = -(-descriptor.struct.size // design.page.size)
    is_tail = descriptor.kinds == ("tail",)
    if is_tail and probe.head:
        return ()
    asked = range(1, pages) if probe.tail and not is_tail else range(1)
    if probe.tail and not is_tail and pages == 1:
        return ()
    hide = frozenset() if descriptor.arm else frozenset((design.page.name,))
    inside = cells(descriptor.struct, hide)
    generic: set[tuple[str, int]] = set()
    if descriptor.arm:
        # The last member is the arm; the others are struct page's own, shared by all arms.
        shared = replace(descriptor.struct, members=descriptor.struct.members[:-1])
        generic = {(c.path, c.bit_offset) for c in cells(shared)}
    width = design.page.size * 8
    if pages == 1:
        return tuple(_one(probe, descriptor, anchor, inside, generic, design, n, is_tail) for n in asked)
    by_page: dict[int, list[Cell]] = {}
    for cell in inside:
        for n in range(cell.bit_offset // width, -(-cell.bit_end // width)):
            by_page.setdefault(n, []).append(cell)
    # Of a descriptor that spans very many pages, only those in which something lies.
    numbers = asked if pages <= _FEW_PAGES else [n for n in sorted(by_page) if n in asked]
    return tuple(
        _one(probe, descriptor, anchor, by_page.get(n, ()), generic, design, n, is_tail) for n in numbers
    )


def _one(
    probe: Probe, descriptor: Descriptor, anchor: Cell, inside: Sequence[Cell],
    generic: set[tuple[str, int]], design: Design, number: int, is_tail: bool,
) -> Verdict:  # fmt: skip
    abi = design.abi
    shift = number * design.page.size * 8
    asked = _asked(probe, anchor, abi)
    first, end = anchor.bit_offset + shift, anchor.bit_end + shift
    there = [
        c for c in inside
        if c.bit_offset < end and first < c.bit_end
        and (probe.test != "bits" or any(c.bit_offset <= b + shift < c.bit_end for b in asked))
    ]  # fmt: skip
    if not there:
        return Verdict(probe, descriptor.name, anchor, "untouched", tail=number)
    hits: list[tuple[Cell, Domain]] = []
    beside: list[tuple[Cell, Domain]] = []
    exempt = ""
    own = False
    for cell in there:
        value = domain(cell, abi)
        if is_same(cell, anchor, shift) or (cell.path, cell.bit_offset) in generic:
            own = True
            continue
        if value.sort == "pad" or not _passes(probe, cell, value, anchor, shift, abi):
            beside.append((cell, value))
            continue
        why = _exempt(probe, cell, number or int(is_tail))
        exempt = exempt or why
        (beside if why else hits).append((cell, value))
    if own and probe.level == "refusal" and not any(v.sort == "type" for _, v in hits):
        # The member itself is there; what shares its union is the descriptor's own alternative, unless that
        # is a page type: whoever declares one writes it.
        beside, hits = [*beside, *hits], []
        return Verdict(probe, descriptor.name, anchor, "same", (), tuple(beside), number)
    state: State = "hit" if hits else "same" if own and not beside else "neutral"
    return Verdict(probe, descriptor.name, anchor, state, tuple(hits), tuple(beside), number, exempt)


def _exempt(probe: Probe, cell: Cell, number: int) -> str:
    if probe.name != "tail-mapping":
        return ""
    for row in TAIL_EXEMPTIONS:
        if row.number == number and (
            re.fullmatch(row.names, cell.name) or re.fullmatch(row.names, cell.path)
        ):
            return row.source
    return ""


def _asked(probe: Probe, anchor: Cell, abi: Abi) -> tuple[int, ...]:
    """Return the bits in memory that the probe's mask stands for."""
    out = []
    for bit in range(anchor.bit_size):
        if probe.mask >> bit & 1:
            little = abi.byteorder == "little"
            out.append(anchor.bit_offset + bit if little else anchor.bit_end - 1 - bit)
    return tuple(out)


def _passes(probe: Probe, cell: Cell, value: Domain, anchor: Cell, shift: int, abi: Abi) -> bool:
    """Whether the values of `cell` can pass the probe's test though they mean something else."""
    if probe.test == "whole":
        return value.sort not in probe.accepts
    if probe.test == "magic":
        return _passes_magic(cell, value, anchor, abi)
    for bit in range(anchor.bit_size):
        if not probe.mask >> bit & 1:
            continue
        little = abi.byteorder == "little"
        place = shift + (anchor.bit_offset + bit if little else anchor.bit_end - 1 - bit)
        ours = cell.bit_at(place, abi.byteorder)
        if ours is None:
            continue
        if probe.value >> bit & 1:
            if not value.ones >> ours & 1:
                return False
        elif value.always >> ours & 1:
            return False
    return True


def _passes_magic(cell: Cell, value: Domain, anchor: Cell, abi: Abi) -> bool:
    if (cell.bit_offset, cell.bit_size) != (anchor.bit_offset, anchor.bit_size) or value.sort == "magic":
        return value.sort == "count"
    # A word narrower than the machine's (a model of a 32-bit one) holds that machine's pointers.
    whole = anchor.bit_size == abi.bits
    delta = poison_delta(abi) if whole else 0
    signature = MAGIC_SIGNATURE + delta
    always, never = pointer_bits(abi) if whole else KERNEL_POINTER["i386"]
    said, mask_said = note_value(anchor, "magic_value"), note_value(anchor, "mask")
    if said is not None:
        signature = int(said, 0)
    mask = magic_mask(anchor.bit_size, delta, always & -always if anchor.bit_size == 32 else 0)
    if mask_said is not None:
        mask = int(mask_said, 0)
    signature &= mask
    if signature & ~value.ones or value.always & mask & ~signature:
        return False
    if value.sort in _POINTERS:
        return not (always & mask & ~signature or signature & never)
    return True
