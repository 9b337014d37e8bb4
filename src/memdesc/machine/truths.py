"""What is true of a page, member by member: the other side of each comparison that the checker makes.

What generic code reads as a whole word (a count of references, a mapping, a charge) is compared with the
member in which the kind's own descriptor keeps it, and with nothing where it keeps none.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from memdesc.layout.probes import TAIL_EXEMPTIONS, Probe
from memdesc.layout.values import TAIL_MAPPING, poison_delta
from memdesc.machine.cache import AddressSpace
from memdesc.machine.folios import signed
from memdesc.machine.machine import Machine
from memdesc.machine.memmap import ANON, FILE, FREE, RESERVED, TAIL
from memdesc.machine.memory import Member
from memdesc.machine.shape import KINDS, Shape

OWN = {
    "refcount": ("_refcount", "__page_refcount", "refcount"),
    "mapcount": ("_mapcount",),
    "memcg": ("memcg_data", "obj_exts", "pt_memcg_data"),
    "flags": ("flags", "__page_flags", "pt_flags", "_flags"),
}
MAPPED_KINDS = (FILE, ANON)
Numbers = np.ndarray[Any, Any]


class Truths:
    """Knows, for each kind, where its own members lie."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.memmap, self.generic = machine, machine.memmap, machine.generic
        page = machine.ground.page
        self.shapes = [Shape(kind, page) for kind in KINDS]
        self._own = {
            word: [self._member(shape, word, names) for shape in self.shapes] for word, names in OWN.items()
        }
        self._zones = np.zeros(machine.pages, np.uint64)
        for zone in machine.buddy.zones:
            self._zones[zone.start : zone.end] = zone.number
        delta = poison_delta(machine.design.abi)
        self._tail_mapping = TAIL_MAPPING + delta
        self._page = page

    def _member(self, shape: Shape, word: str, names: tuple[str, ...]) -> Member | None:
        """Return where a kind's own descriptor keeps it; struct page's where it declares nothing there."""
        own = next((m for m in map(shape.exactly, names) if m is not None), None)
        if own is not None or shape.separate:
            return own
        found = shape.page.find(word)
        return found if shape.descriptor is None or found is None else self._beneath(shape, found)

    def _beneath(self, shape: Shape, found: Member) -> Member | None:
        """Return struct page's member, unless the kind's own descriptor keeps something else there."""
        first, end = found.bit_offset, found.bit_offset + found.size * 8
        for field in shape.struct.leaves():
            if field.bit_offset < end and first < field.bit_end and "page" not in field.path.split(".")[0]:
                return None
        return found

    def suspicious(self, probe: Probe, words: Numbers, truth: Numbers) -> Numbers:
        """Return which pages a probe of a whole word might misread."""
        tails = truth >= TAIL
        mask = (1 << words.dtype.itemsize * 8) - 1
        found: Numbers = np.zeros(len(truth), bool)
        if probe.name == "refcount":
            found = self._elsewhere("refcount")[truth] & (words != 0)
        elif probe.name == "memcg-word":
            found = self._elsewhere("memcg")[truth] & (words != 0) & ~tails
        elif probe.name == "mapcount":
            unmapped = words.dtype.type(-1 if words.dtype.kind == "i" else mask)
            found = self._elsewhere("mapcount")[truth] & (words != unmapped) & ~tails
        elif probe.name == "flags-word":
            zones = words >> words.dtype.type(words.dtype.itemsize * 8 - 4) & words.dtype.type(3)
            found = (zones != self._zones) & ~tails & (truth != RESERVED)
        elif probe.name == "mapping-followed":
            found = (words != 0) & ~tails & ~np.isin(truth, MAPPED_KINDS)
        elif probe.name == "tail-refcount":
            found = tails & (words != 0)
        elif probe.name == "tail-mapping":
            found = tails & (words != words.dtype.type(self._tail_mapping & mask))
        elif probe.name == "freed-mapping":
            found = (truth == FREE) & (words != 0)
        return found

    def _elsewhere(self, word: str) -> Numbers:
        """Return, by kind number, whether the kind keeps `word` elsewhere than struct page does."""
        page = self._page.find(word)
        elsewhere = np.zeros(256, bool)
        for number, own in enumerate(self._own[word]):
            same = own is not None and page is not None and own.bit_offset == page.bit_offset
            elsewhere[number] = elsewhere[number | TAIL] = not same
        elsewhere[FREE] = elsewhere[RESERVED] = False
        return elsewhere

    def judge(self, probe: Probe, pfn: int, kind: int, tail: bool) -> str:
        """Return how a probe of a whole word misreads the page, or ""."""
        at = self.memmap.at(pfn)
        if probe.name == "tail-refcount":
            count = self.generic.refcount.get(at) if self.generic.refcount is not None else 0
            return f"a tail page's _refcount reads {count}" if count else ""
        if probe.name == "tail-mapping":
            return self._tail(pfn)
        if probe.name == "freed-mapping":
            word = self.generic.mapping.get(at) if self.generic.mapping is not None and kind == FREE else 0
            return f"mapping of a free page reads {word:#x}" if word else ""
        if tail or kind == FREE:
            return ""
        if probe.name == "refcount":
            return self._compare("refcount", "get_page_unless_zero()", self.generic.refcount, at, kind)
        if probe.name == "memcg-word":
            own = self._own["memcg"][kind]
            read = self.generic.page_memcg_check(pfn)
            word = own.get(at) if own is not None else 0
            true = 0 if word & 1 else word & ~7
            return (
                f"page_memcg_check() reads {read:#x}, and it is charged to {true:#x}" if read != true else ""
            )
        if probe.name == "mapcount":
            own, read = self._own["mapcount"][kind], self.generic.page_mapcount(pfn)
            typed = self.shapes[kind].type_value is not None
            true = 0 if own is None or typed else signed(own, at) + 1
            return f"page_mapcount() reads {read}, and it is mapped {true} times" if read != true else ""
        if probe.name == "flags-word":
            read, true = self.generic.page_zonenum(pfn), self.machine.buddy.zone_of(pfn).number
            return f"page_zone() reads zone {read}, and it is in zone {true}" if read != true else ""
        if probe.name == "mapping-followed":
            return self._followed(pfn, kind)
        return ""

    def _followed(self, pfn: int, kind: int) -> str:
        """Whether page_mapping() leads to something that is no file."""
        address = self.generic.page_mapping(pfn)
        if not address or kind in MAPPED_KINDS:
            return ""
        there = self.machine.ground.objects.find(address)
        if isinstance(there, AddressSpace):
            return ""
        what = type(there).__name__ if there is not None else "no object"
        return f"page_mapping() reads {address:#x}, which is {what} and no address_space"

    def _compare(self, word: str, function: str, member: Member | None, at: int, kind: int) -> str:
        own = self._own[word][kind]
        if member is None or (own is not None and own.bit_offset == member.bit_offset):
            return ""
        read, true = member.get(at), 0 if own is None else own.get(at)
        return f"{function} reads {read}, and the page has {true} references" if read != true else ""

    def _tail(self, pfn: int) -> str:
        """Whether freeing the block would report a corrupted mapping in this tail page."""
        member = self.generic.mapping
        if member is None:
            return ""
        word = member.get(self.memmap.at(pfn))
        if word == self._tail_mapping & member.mask:
            return ""
        number = 1
        while self.memmap.truth[pfn - number] & TAIL:
            number += 1
        if self._exempt(pfn, number, word):
            return ""
        return f"mapping of tail page {number} reads {word:#x}, and free_tail_page_prepare() expects TAIL_MAPPING"

    def _exempt(self, pfn: int, number: int, word: int) -> bool:
        """Whether freeing checks tail page `number` by the name of what lies over mapping, and finds that: a list
        that leads to itself where a list is named, anything where something else is."""
        member = self.generic.mapping
        assert member is not None
        kind = self.memmap.truth[pfn] & ~TAIL
        place = self.memmap.memory.place(word)
        empty = self.memmap.at(pfn) <= place < self.memmap.at(pfn + 1)
        for field in self.shapes[kind].struct.at(number * self._page.size + member.offset):
            for row in TAIL_EXEMPTIONS:
                if row.number == number and re.fullmatch(row.names, field.path):
                    linked = field.path.rpartition(".")[2] in ("next", "prev") and row.names != r".*"
                    if empty or not linked:
                        return True
        return any(row.number == number and row.names == r".*" for row in TAIL_EXEMPTIONS)
