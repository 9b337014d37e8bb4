"""The check of a design: what must hold, what generic code reads by accident, what each type may be used for.

`check()` is the entrance. For one ABI it judges every probe on every descriptor; `check_all()` merges the
reports of several ABIs, so that a finding names those on which it appears.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from memdesc.layout.capabilities import Right, derive
from memdesc.layout.design import Descriptor, Design
from memdesc.layout.judge import Verdict, find_anchor, is_same, judge, plain
from memdesc.layout.model import Member, Struct, strip
from memdesc.layout.overlay import Cell, cells, holes
from memdesc.layout.probes import PROBES, Probe
from memdesc.layout.values import Domain, domain, note_value

Level = Literal["hazard", "obligation"]
MEMDESC_ALIGN = 16
_PLACED = ("flags", "_refcount", "_mapcount", "mapping", "memcg_data")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the design gets wrong, or that someone has to take care of.

    Attributes: rule: kebab-case. level: "hazard" fails the check, "obligation" does not. member: path in the
    descriptor. offset: byte in it. abis: names of the ABIs on which it holds. says: a sentence that stands
    alone. source: where the kernel does it. place: file:line:column of the declaration, empty for BTF.
    """

    rule: str
    level: Level
    descriptor: str
    member: str
    offset: int
    abis: tuple[str, ...]
    says: str
    source: str
    place: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same finding on another ABI or in another run."""
        return self.rule, self.descriptor, self.member


@dataclass(frozen=True, slots=True)
class Report:
    """What check() found. verdicts: every probe on every descriptor. rights: what each may be used for."""

    design: str
    page: str
    page_size: int
    page_from: str
    abis: tuple[str, ...]
    descriptors: tuple[Descriptor, ...]
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    rights: tuple[Right, ...]

    @property
    def hazards(self) -> tuple[Finding, ...]:
        """The findings that fail the check."""
        return tuple(f for f in self.findings if f.level == "hazard")


def check(design: Design, probes: Sequence[Probe] = PROBES) -> Report:
    """Return what holds and what does not in `design` on its ABI."""
    verdicts = [v for d in design.descriptors for p in probes for v in judge(p, d, design)]
    rights = derive(design, verdicts)
    findings = list(_structure(design))
    by_name = {d.name: d for d in design.descriptors}
    for verdict in verdicts:
        if verdict.state == "hit" and verdict.probe.level != "refusal":
            findings.append(_of_verdict(verdict, by_name[verdict.descriptor], design.abi.name))
    findings.extend(_sentinels(design))
    findings.extend(_lost(design, rights))
    order = {"hazard": 0, "obligation": 1}
    findings.sort(key=lambda f: order[f.level])
    return Report(
        design.name, design.page.spelling, design.page.size, design.page_from, (design.abi.name,),
        design.descriptors,
        tuple(findings), tuple(verdicts), rights,
    )  # fmt: skip


def check_all(designs: Sequence[Design]) -> Report:
    """Return the merged report of one design on several ABIs; the first one's capabilities are kept.

    Args: designs: the design for each ABI, at least one.
    """
    reports = [check(design) for design in designs]
    merged: dict[tuple[str, str, str], Finding] = {}
    for report in reports:
        for finding in report.findings:
            known = merged.get(finding.key)
            merged[finding.key] = (
                finding if known is None else replace(known, abis=(*known.abis, *finding.abis))
            )
    order = {"hazard": 0, "obligation": 1}
    found = sorted(merged.values(), key=lambda f: order[f.level])
    return replace(reports[0], abis=tuple(r.abis[0] for r in reports), findings=tuple(found))


# -- sentences --------------------------------------------------------------------------------------


def _of_verdict(verdict: Verdict, descriptor: Descriptor, abi: str) -> Finding:
    probe, (cell, _) = verdict.probe, verdict.hits[0]
    level: Level = "obligation" if probe.level == "obligation" else "hazard"
    keeps = _list(f"{c.path} ({v.says})" for c, v in verdict.hits)
    where = f"{verdict.anchor.path} lies (byte {verdict.anchor.offset}"
    where += f" of tail page {verdict.tail})" if verdict.tail else ")"
    says = f"where {where}, {verdict.descriptor} keeps {keeps}: {probe.by} {probe.breaks}"
    if verdict.beside:
        others = _list(f"{c.path} ({v.says})" for c, v in verdict.beside)
        says += f"; beside it lie {others}, which this test does not mistake"
    wide = next(
        (c for c, v in verdict.hits if v.sort == "dma" and c.bit_size > verdict.anchor.bit_size), None
    )
    if wide is not None:
        says += (
            f"; {wide.path} is wider than that word: its upper half, all of whose bits are bits of the "
            "address, lies there"
        )
    if level == "obligation" and descriptor.cleared_by:
        says += f" (known to be done by {descriptor.cleared_by})"
    return Finding(
        probe.name, level, verdict.descriptor, cell.path, cell.offset, (abi,), says, probe.source,
        cell.member.place,
    )  # fmt: skip


def _list(items: Iterable[str]) -> str:
    words = list(items)
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else "".join(words)


# -- structure --------------------------------------------------------------------------------------


def _structure(design: Design) -> list[Finding]:
    out: list[Finding] = []
    page, abi = design.page, (design.abi.name,)
    if not design.page_from:
        for start, size in holes(page):
            if start + size >= page.size:
                continue
            behind = next((c for c in cells(page) if c.offset == start + size), None)
            before = next((c.path for c in reversed(cells(page)) if c.bit_end <= start * 8), "")
            culprit = _aligned_most(page)
            says = (
                f"{size} bytes behind {before} are padding: {culprit} moved the members behind it"
                f"{f', {behind.path} among them,' if behind else ''} and what overlays struct page no "
                "longer lies "
                "where other ABIs have it"
            )
            out.append(
                Finding("unnamed-hole", "hazard", page.name, before, start, abi, says,
                        "9ddb3c14afba (5.13-rc2): a 64-bit dma_addr_t moved the union", page.place)
            )  # fmt: skip
    for struct in dict.fromkeys((page, *(d.struct for d in design.descriptors if not d.arm))):
        out.extend(_stated(struct, abi))
    for descriptor in design.descriptors:
        out.extend(_separate(descriptor, abi) if descriptor.separate else _overlay(descriptor, design))
    return out


def _stated(struct: Struct, abi: tuple[str, ...]) -> list[Finding]:
    """Compare comments like /* @16 */ and /* @24:3 */ with the layout."""
    out = []
    for field in struct.fields():
        stated = next((n for n in field.member.notes if n.startswith("@")), "")
        byte, _, bit = stated.removeprefix("@").partition(":")
        if not stated or (field.offset, field.bit_offset & 7) == (int(byte), int(bit or 0)):
            continue
        if not field.path.endswith(field.member.name) or (not bit and field.offset == int(byte)):
            continue
        says = f"the comment says {stated} of {struct.name}.{field.path}, which lies at byte {field.offset}"
        out.append(
            Finding("stated-place", "hazard", struct.name, field.path, field.offset, abi, says,
                    "the design's comment", field.member.place)
        )  # fmt: skip
    return out


def _aligned_most(page: Struct) -> str:
    widest = max((c for c in cells(page)), key=lambda c: c.type.align, default=None)
    return f"{widest.path}, aligned to {widest.type.align} bytes," if widest else "a member"


def _separate(descriptor: Descriptor, abi: tuple[str, ...]) -> list[Finding]:
    struct = descriptor.struct
    if struct.size % MEMDESC_ALIGN == 0 and struct.align % MEMDESC_ALIGN == 0:
        return []
    says = (
        f"{struct.spelling} has {struct.size} bytes aligned to {struct.align}: a memdesc keeps "
        "its type in the low "
        f"4 bits of the descriptor's address, so descriptors are multiples of {MEMDESC_ALIGN} bytes"
    )
    return [Finding("memdesc-alignment", "hazard", descriptor.name, "", 0, abi, says,
                    "kernelnewbies.org/MatthewWilcox/Memdescs", struct.place)]  # fmt: skip


def _overlay(descriptor: Descriptor, design: Design) -> list[Finding]:
    struct, page, abi = descriptor.struct, design.page, (design.abi.name,)
    out: list[Finding] = []
    if descriptor.arm or descriptor.standalone:
        return out
    spread = any(strip(m.type) is page or "__page_" in m.name for m in _every_member(struct)) or any(
        note.startswith("pages") for note in struct.notes
    )
    if struct.size > page.size and not spread:
        says = (
            f"{struct.spelling} has {struct.size} bytes and struct page {page.size}: it overwrites "
            "the next page's"
        )
        out.append(Finding("does-not-fit", "hazard", descriptor.name, "", page.size, abi, says,
                           "static_assert(sizeof(struct slab) <= sizeof(struct page)), mm/slab.h",
                           struct.place))  # fmt: skip
    if page.size % struct.align:
        says = (
            f"{struct.spelling} is aligned to {struct.align} bytes, but struct pages follow one "
            "another every "
            f"{page.size} bytes"
        )
        out.append(Finding("alignment", "hazard", descriptor.name, "", 0, abi, says,
                           "struct page is an array: memmap", struct.place))  # fmt: skip
    hide = frozenset((page.name,))
    inside = [c for c in cells(struct, hide) if c.offset < page.size]
    for name in dict.fromkeys((*design.common, *_PLACED)):
        anchor = find_anchor(page, (name,))
        if anchor is None or any(is_same(c, anchor) for c in inside):
            continue
        for cell in inside:
            if "." not in cell.path and cell.name == anchor.name:
                says = (
                    f"{cell.path} lies at byte {cell.offset} of {struct.spelling}, but at byte "
                    f"{anchor.offset} of "
                    "struct page: code that goes through struct page reads something else"
                )
                out.append(Finding("misplaced", "hazard", descriptor.name, cell.path, cell.offset, abi, says,
                                   "SLAB_MATCH(), TABLE_MATCH(), FOLIO_MATCH()",
                                   cell.member.place))  # fmt: skip
        if name in design.common and name not in _PLACED:
            out.extend(_uncommon(name, anchor, inside, descriptor, abi))
    return out


def _every_member(struct: Struct) -> list[Member]:
    out: list[Member] = []
    for member in struct.members:
        out.append(member)
        kind = strip(member.type)
        if isinstance(kind, Struct) and not member.name:
            out.extend(_every_member(kind))
    return out


def _uncommon(
    name: str, anchor: Cell, inside: Sequence[Cell], descriptor: Descriptor, abi: tuple[str, ...]
) -> list[Finding]:
    for cell in inside:
        if (
            cell.bit_offset < anchor.bit_end
            and anchor.bit_offset < cell.bit_end
            and plain(cell.name) != plain(name)
        ):
            says = f"the design declares {name} common, but {descriptor.name} keeps {cell.path} there"
            return [Finding("not-common", "hazard", descriptor.name, cell.path, cell.offset, abi, says,
                            "the design's comment", cell.member.place)]  # fmt: skip
    return []


# -- values that must be written --------------------------------------------------------------------


def _sentinels(design: Design) -> list[Finding]:
    """A struct cast to struct page must say 'no type' where the page type is read (735a309b4bfb9e)."""
    anchor = find_anchor(design.page, ("page_type", "_mapcount"))
    out = []
    for descriptor in design.descriptors:
        declared = "standalone" in descriptor.struct.notes
        if not descriptor.standalone or anchor is None or not (descriptor.types or declared):
            continue
        there = [
            (c, domain(c, design.abi)) for c in cells(descriptor.struct)
            if c.bit_offset < anchor.bit_end and anchor.bit_offset < c.bit_end
        ]  # fmt: skip
        if there and all(v.sort in ("sentinel", "counter") or _written(c) for c, v in there):
            continue
        out.append(_no_sentinel(descriptor, anchor, there, design.abi.name))
    return out


def _written(cell: Cell) -> bool:
    said = note_value(cell, "init")
    return said is not None and said.upper() in ("UINT_MAX", "-1", "0XFFFFFFFF")


def _no_sentinel(
    descriptor: Descriptor, anchor: Cell, there: Sequence[tuple[Cell, Domain]], abi: str
) -> Finding:
    keeps = _list([f"{c.path} ({v.says})" for c, v in there]) if there else "nothing of its own"
    cell = there[0][0] if there else None
    says = (
        f"{descriptor.name} is cast to struct page, and where {anchor.path} lies (byte "
        f"{anchor.offset}) it keeps "
        f"{keeps}: page_has_type() reads a page type that nobody wrote, unless UINT_MAX is "
        "written there first"
    )
    return Finding("sentinel-unwritten", "hazard", descriptor.name, cell.path if cell else "",
        anchor.offset, (abi,),
                   says, "735a309b4bfb9e: net_iov_init()",
                   cell.member.place if cell else descriptor.struct.place)  # fmt: skip


def _lost(design: Design, rights: Sequence[Right]) -> list[Finding]:
    """A kind that is of no use without a capability must have it (db359fccf212, reverted in 7.1-rc)."""
    out = []
    by_name = {d.name: d for d in design.descriptors}
    for right in rights:
        descriptor = by_name.get(right.descriptor)
        if (
            descriptor is None
            or right.granted
            or right.capability not in descriptor.must
            or descriptor.standalone
        ):
            continue
        says = f"{descriptor.name} must be {right.capability} and is not: {'; '.join(right.reasons)}"
        out.append(Finding("capability-lost", "hazard", descriptor.name, right.capability, 0,
            (design.abi.name,),
                           says, "db359fccf212 (7.1-rc, reverted): typed net pages could not be mapped",
                           descriptor.struct.place))  # fmt: skip
    return out
