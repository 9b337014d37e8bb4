"""What each descriptor may be used for, derived from where its members lie and what they hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from memdesc.kinds import BY_NAME, Kind
from memdesc.layout.design import Descriptor, Design
from memdesc.layout.judge import Verdict
from memdesc.layout.rules import CAPABILITIES

_TYPED_REFUSES = ("mappable", "on the LRU", "page cache")
_OWN_MEMBERS = {
    "refcounted": ("_refcount", "refcount"),
    "lockable": ("flags",),
    "mappable": ("_mapcount", "mapcount", "_large_mapcount"),
    "sendable": ("_refcount", "refcount", "pp_ref_count"),
    "memcg-charged": ("memcg_data", "obj_exts"),
    "on the LRU": ("lru",),
    "page cache": ("mapping",),
}


@dataclass(frozen=True, slots=True)
class Right:
    """Whether a descriptor has a capability, and why not. reasons are empty exactly when it is granted."""

    descriptor: str
    capability: str
    granted: bool
    reasons: tuple[str, ...]


def kinds_granted(design: Design, rights: Sequence[Right]) -> dict[str, Kind]:
    """Return capability -> the kinds of memory that have it, as the layout decides.

    A kind that several descriptors describe has a capability only if all of them do. This is what the
    inference is given, in place of a list that somebody wrote.
    """
    out: dict[str, Kind] = {}
    # What is cast to struct page without being a page says nothing about pages of its kind.
    kinds = {d.name: () if d.standalone else d.kinds for d in design.descriptors}
    for capability in CAPABILITIES:
        granted = refused = Kind.NONE
        for right in rights:
            if right.capability == capability:
                for kind in kinds[right.descriptor]:
                    if right.granted:
                        granted |= BY_NAME[kind]
                    else:
                        refused |= BY_NAME[kind]
        out[capability] = granted & ~refused
    return out


def derive(design: Design, verdicts: Sequence[Verdict]) -> tuple[Right, ...]:
    """Return one Right for each descriptor and capability, in the order of both."""
    by_name: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_name.setdefault(verdict.descriptor, []).append(verdict)
    return tuple(
        _right(descriptor, capability, by_name.get(descriptor.name, []), design)
        for descriptor in design.descriptors
        for capability in CAPABILITIES
    )


def _right(descriptor: Descriptor, capability: str, verdicts: Sequence[Verdict], design: Design) -> Right:
    if descriptor.separate:
        return _separate(descriptor, capability)
    reasons: list[str] = []
    if descriptor.standalone:
        reasons.append("it is no page of the memory map")
    if descriptor.types and capability in _TYPED_REFUSES:
        mark = descriptor.types[0]
        prefix = "PG" if design.types.enumerator(f"PGTY_{mark}") is None else "PGTY"
        reasons.append(f"its page type ({prefix}_{mark}) is written over _mapcount")
    if descriptor.frozen and capability in ("refcounted", "sendable"):
        reasons.append("its pages are frozen: _refcount stays 0")
    if "slab" in descriptor.kinds and capability == "sendable":
        reasons.append("sendpage_ok() refuses slab pages: other objects share them")
    if "tail" in descriptor.kinds and capability != "mappable":
        reasons.append("it is a tail page: only the head has this")
    if "free" in descriptor.kinds:
        reasons.append("it is free: nobody holds it")
    for verdict in verdicts:
        if capability in verdict.probe.decides and not verdict.tail and verdict.state == "hit":
            for cell, _ in verdict.hits:
                reasons.append(f"{cell.path} lies over {verdict.anchor.path}")
    reasons = list(dict.fromkeys(reasons))
    return Right(descriptor.name, capability, not reasons, tuple(reasons))


def _separate(descriptor: Descriptor, capability: str) -> Right:
    """A descriptor of its own shares no word with struct page: what it has a member for, it can do."""
    wanted = _OWN_MEMBERS[capability]
    names = {f.path for f in descriptor.struct.fields()}
    reasons: tuple[str, ...] = () if names & set(wanted) else (f"it has no member {wanted[0]}",)
    if descriptor.frozen and capability in ("refcounted", "sendable"):
        reasons = (*reasons, "its pages are frozen")
    return Right(descriptor.name, capability, not reasons, reasons)
