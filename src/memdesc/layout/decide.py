"""What a layout decides for the checker: which kinds lack a capability, or keep something else in a word.

`decided()` is the entrance. Bare memory ("driver") belongs to whoever allocated it, who may use any word of
struct page as he likes; it lacks nothing.
"""

from collections.abc import Iterator

from memdesc.kinds import BY_NAME, Kind, Layout
from memdesc.layout.capabilities import derive
from memdesc.layout.descriptors import TYPES, UNDESCRIBED
from memdesc.layout.design import Descriptor, Design
from memdesc.layout.judge import find_anchor, is_same, judge
from memdesc.layout.overlay import Cell, cells
from memdesc.layout.probes import PROBES
from memdesc.layout.values import domain

WORDS: dict[str, tuple[str, ...]] = {
    "mapping": ("mapping",),
    "index": ("index", "__folio_index"),
    "private": ("private",),
    "lru": ("lru.next",),  # a list is told by its first word
    "_mapcount": ("_mapcount",),
    "memcg_data": ("memcg_data",),
}
"""Word that generic code reads by its name -> the members of struct page that hold it, the newest last."""
_RENAMED = frozenset(("pt_list",))
"""The same use under a name of its own: lists of page tables were strung on lru before struct ptdesc."""
_VECTORS = frozenset((("slab", "memcg_data"), ("slab", "obj_exts")))
"""Passes for memcg_data with code that asks its low bits first (MEMCG_DATA_OBJCGS); a plain read gets a vector."""
_OF_TYPED = ("mappable", "on the LRU", "->_mapcount")
_BY_RIGHT = ("mappable", "on the LRU")


def decided(design: Design) -> Layout:
    """Return what `design` decides about kinds of memory."""
    lacks = dict.fromkeys((*_BY_RIGHT, *(f"->{word}" for word in WORDS)), Kind.NONE)
    for capability, kinds in _rights(design):
        lacks[capability] |= kinds
    for word in WORDS:
        lacks[f"->{word}"] |= _foreign(design, word)
    told = {kind for d in design.descriptors if not d.standalone for kind in d.kinds}
    for kind in _typed(design):
        for name in _OF_TYPED:
            lacks[name] |= kind
    for row in UNDESCRIBED:
        if row.kind not in told:
            for word in row.words:
                lacks[f"->{word}"] |= BY_NAME[row.kind]
            if "_mapcount" in row.words:
                for name in _OF_TYPED:
                    lacks[name] |= BY_NAME[row.kind]
    known = _kinds(tuple(told)) | Kind.DRIVER
    for kinds in lacks.values():
        known |= kinds
    return Layout(design.name, {name: kinds & ~Kind.DRIVER for name, kinds in lacks.items()}, known)


def _rights(design: Design) -> Iterator[tuple[str, Kind]]:
    probes = [probe for probe in PROBES if set(probe.decides) & set(_BY_RIGHT)]
    verdicts = [v for d in design.descriptors for probe in probes for v in judge(probe, d, design)]
    by_name = {d.name: d for d in design.descriptors}
    for right in derive(design, verdicts):
        descriptor = by_name[right.descriptor]
        if right.capability in _BY_RIGHT and not right.granted and not descriptor.standalone:
            yield right.capability, _kinds(descriptor.kinds)


def _kinds(names: tuple[str, ...]) -> Kind:
    total = Kind.NONE
    for name in names:
        total |= BY_NAME[name]
    return total


def _typed(design: Design) -> Iterator[Kind]:
    """Yield the kinds whose pages carry a page type, described or not: it is written over _mapcount."""
    older = design.types.enumerator("PGTY_buddy") is None
    for row in TYPES:
        if (older and row.by_macro) or design.types.enumerator(f"PGTY_{row.mark}") is not None:
            yield BY_NAME[row.kind]


def _foreign(design: Design, word: str) -> Kind:
    """Return the kinds that keep something else in `word` and never what its name says."""
    anchor = find_anchor(design.page, WORDS[word])
    if anchor is None:
        return Kind.NONE
    own = foreign = Kind.NONE
    for descriptor in design.descriptors:
        if descriptor.standalone or descriptor.separate:
            continue
        for number in range(-(-descriptor.struct.size // design.page.size)):
            kinds = _kinds(descriptor.kinds) if not number else Kind.TAIL
            found = _holds(design, descriptor, anchor, number * design.page.size * 8)
            if found is True:
                own |= kinds
            elif found is False:
                foreign |= kinds
    return foreign & ~(own & ~Kind.TAIL)  # one foreign tail of many is enough


def _holds(design: Design, descriptor: Descriptor, anchor: Cell, shift: int) -> bool | None:
    """Whether `descriptor` keeps at `anchor` what its name says; None when it keeps nothing there."""
    hide = frozenset() if descriptor.arm else frozenset((design.page.name,))
    there = [
        cell
        for cell in cells(descriptor.struct, hide)
        if cell.bit_offset < anchor.bit_end + shift and anchor.bit_offset + shift < cell.bit_end
    ]
    if any(_same(descriptor, cell, anchor, shift) for cell in there):
        return True
    return False if any(domain(c, design.abi).sort not in ("pad", "zero") for c in there) else None


def _same(descriptor: Descriptor, cell: Cell, anchor: Cell, shift: int) -> bool:
    """Whether a read by the anchor's name finds in `cell` what the reader is after."""
    if (descriptor.struct.name, cell.name) in _VECTORS:
        return False
    if cell.path.split(".")[0] in _RENAMED:
        return (cell.bit_offset, cell.bit_size) == (anchor.bit_offset + shift, anchor.bit_size)
    return is_same(cell, anchor, shift)
