"""What must hold of a machine after every operation, counted again from the other side.

`violations()` takes nothing from the counters that the managers keep; it walks lists, entries and bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from memdesc.machine.folios import Folios
from memdesc.machine.handles import Folio
from memdesc.machine.machine import Machine
from memdesc.machine.memmap import ANON, FILE, FREE, TAIL
from memdesc.machine.missing import Missing
from memdesc.machine.processes import FRAME, INSERTED, SWAPPED
from memdesc.machine.shape import KINDS

FLAGS = (1 << 24) - 1
"""Bits of flags below zone and node."""


def violations(machine: Machine, held: Mapping[int, int] | None = None) -> list[str]:
    """Return one sentence for each invariant that does not hold; empty when all is well.

    Args: held: first frame of a folio -> references that the caller holds; None does not compare references.
    """
    out = [*_conserved(machine), *_free(machine), *_clean(machine), *_descriptors(machine)]
    if not isinstance(machine.processes, Missing):
        out += [*_mapped(machine, held), *_lists(machine), *_files(machine), *_swap(machine)]
    return out


def _conserved(machine: Machine) -> Iterator[str]:
    memmap = machine.memmap
    counted = Counter(byte & ~TAIL for byte in memmap.truth)
    for number, kind in enumerate(KINDS):
        if counted[number] != memmap.counts[number]:
            yield f"{memmap.counts[number]} {kind} pages are counted, and there are {counted[number]}"
    if sum(memmap.counts) != memmap.pages:
        yield f"{sum(memmap.counts)} pages are counted, and the machine has {memmap.pages}"


def _free(machine: Machine) -> Iterator[str]:
    buddy, truth = machine.buddy, machine.memmap.truth
    seen: set[int] = set()
    for pfn, order in buddy.blocks():
        block = range(pfn, pfn + (1 << order))
        if not buddy.is_free(pfn, order):
            yield f"block {pfn} of order {order} is on a free list, and its bytes do not say so"
        if any(truth[frame] != FREE for frame in block) or not seen.isdisjoint(block):
            yield f"block {pfn} of order {order} is on a free list and in use, or on it twice"
        seen.update(block)
    if len(seen) != buddy.free_pages or len(seen) != machine.memmap.counts[FREE]:
        yield f"{len(seen)} pages are on free lists, and {buddy.free_pages} are counted"
    for zone in buddy.zones:
        for order, head in enumerate(zone.heads):
            number = sum(1 for _ in buddy.list.walk(head))
            if number != zone.nr_free[order]:
                yield f"{number} blocks of order {order} in zone {zone.name}, and {zone.nr_free[order]} counted"


def _clean(machine: Machine) -> Iterator[str]:
    """Free pages say nothing of what they were. Source: page_expected_state(), PAGE_FLAGS_CHECK_AT_PREP."""
    memmap, page = machine.memmap, machine.ground.page
    free = np.frombuffer(memmap.truth, np.uint8) == FREE
    for word, mask in (("refcount", -1), ("mapping", -1), ("memcg", -1), ("head", 1), ("flags", FLAGS)):
        member = page.find(word)
        if member is None or (word == "refcount" and page.find("memdesc") is not None):
            continue  # there the free list lies over the count
        words = memmap.column(member, 0, memmap.pages)
        dirty = free & ((words & words.dtype.type(mask & member.mask if not member.signed else mask)) != 0)
        for pfn in np.flatnonzero(dirty)[:3].tolist():
            yield f"{member.path} of free page {pfn} reads {int(words[pfn]):#x}"


def _blocks(machine: Machine) -> Iterator[tuple[int, int]]:
    """Yield (pfn, kind number) of the first page of every block in use."""
    for pfn, byte in enumerate(machine.memmap.truth):
        if byte and not byte & TAIL:
            yield pfn, byte


def _descriptors(machine: Machine) -> Iterator[str]:
    """Every block whose kind is described apart has one descriptor, and there are no others."""
    if not machine.descriptors.caches:
        return
    memdesc = machine.ground.page.find("memdesc")
    assert memdesc is not None
    places: set[int] = set()
    counted: Counter[int] = Counter()
    for pfn, kind in _blocks(machine):
        if machine.descriptors.sizes[kind]:
            at = machine.ground.memory.place(memdesc.get(machine.memmap.at(pfn)) & ~15)
            if at in places:
                yield f"two blocks share the descriptor at {at:#x}, one of them page {pfn}"
            places.add(at)
            if at >> 12 != pfn:
                counted[kind] += 1
    for kind, used in enumerate(machine.descriptors.used):
        if counted[kind] != used:
            yield f"{used} descriptors of {KINDS[kind]} pages are allocated, and {counted[kind]} are in use"
    free: list[int] = []
    for cache in machine.descriptors.caches.values():
        place, word = cache.freelist, machine.ground.memory.word()
        while place:
            free.append(place)
            after = word.get(place)
            place = machine.ground.memory.place(after) if after else 0
    shape = machine.slabs.frames.shape
    where = shape.exactly("pfn")
    for pfn, kind in _blocks(machine):
        at = machine.ground.memory.place(memdesc.get(machine.memmap.at(pfn)) & ~15)
        if shape.separate and KINDS[kind] == "slab" and where is not None and where.get(at) != pfn:
            yield f"the descriptor of slab {pfn} says that it is page {where.get(at)}"
    if len(free) != len(set(free)) or not places.isdisjoint(free):
        yield "a descriptor is free twice, or free and in use"


def _entries(machine: Machine) -> Iterator[tuple[int, int]]:
    for mm in machine.processes.all:
        for entry in mm.entries.values():
            yield entry, entry & FRAME


def _mapped(machine: Machine, held: Mapping[int, int] | None) -> Iterator[str]:
    """Counts of mappings and references equal the entries of page tables, and who else holds one."""
    folios, truth = machine.folios, machine.memmap.truth
    maps: Counter[int] = Counter()
    for entry, frame in _entries(machine):
        if not entry & SWAPPED:
            pfn = frame
            while truth[pfn] & TAIL:
                pfn -= 1
            maps[pfn] += 1
            if entry & INSERTED or truth[pfn] in (FILE, ANON):
                continue
            yield f"a process maps page {frame}, which is {KINDS[truth[pfn]]}"
    for pfn, kind in _blocks(machine):
        if kind in (FILE, ANON):
            yield from _counts(folios, machine.generic.folio_of(pfn), maps[pfn], held)
    for mm in machine.processes.all:
        for page in mm.inserted.values():
            if not isinstance(page, Folio) and machine.inserted.counts(page):
                count = machine.inserted.mapcount(page)
                if count != maps[page.pfn]:
                    yield f"{page} counts {count} mappings, and there are {maps[page.pfn]}"


def _counts(folios: Folios, folio: Folio, mapped: int, held: Mapping[int, int] | None) -> Iterator[str]:
    count = folios.folio_mapcount(folio)
    if count != mapped:
        yield f"{folio} counts {count} mappings, and {mapped} entries map it"
    mapping = folios.mapping.get(folio.at)
    cached = (1 << folios.order(folio)) if mapping and not mapping & 1 else 0
    if held is not None:
        expected = mapped + cached + held.get(folio.pfn, 0)
        if folios.refcount.get(folio.at) != expected:
            yield f"{folio} counts {folios.refcount.get(folio.at)} references, and {expected} are held"


def _lists(machine: Machine) -> Iterator[str]:
    folios = machine.folios
    seen: set[int] = set()
    for number, head in enumerate(folios.lists):
        pages = 0
        for at in folios.list.walk(head):
            folio = folios.handle(at)
            pages += 1 << folios.order(folio)
            if at in seen or not folios.test(folio, "lru"):
                yield f"{folio} is on LRU lists twice, or does not know that it is on one"
            seen.add(at)
        if pages != folios.sizes[number]:
            yield f"{pages} pages on LRU list {number}, and {folios.sizes[number]} counted"
    for pfn, kind in _blocks(machine):
        if kind in (FILE, ANON):
            folio = machine.generic.folio_of(pfn)
            if folios.test(folio, "lru") != (folio.at in seen):
                yield f"{folio} says that it is on the LRU and is not, or is and does not say so"


def _files(machine: Machine) -> Iterator[str]:
    folios, truth = machine.folios, machine.memmap.truth
    seen: set[int] = set()
    for file in machine.cache.files.values():
        for index, folio in file.folios.items():
            if folio.pfn in seen or truth[folio.pfn] != FILE:
                yield f"{folio} is in two files, or is in {file.name} and no file page"
                continue
            seen.add(folio.pfn)
            if folios.index.get(folio.at) != index or folios.mapping.get(folio.at) != file.address:
                yield f"{folio} is page {index} of {file.name}, and its bytes say otherwise"


def _swap(machine: Machine) -> Iterator[str]:
    slots = Counter(frame for entry, frame in _entries(machine) if entry & SWAPPED)
    if dict(slots) != machine.processes.swap.counts:
        yield "the counts of swap slots are not those of the entries that refer to them"
