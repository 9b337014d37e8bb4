"""What is wrong with a machine is found: each invariant fails when its bytes are made to lie."""

from collections.abc import Callable

import pytest

from memdesc.machine import Machine
from memdesc.machine.invariants import violations


def _busy(design: str) -> Machine:
    """Return a machine with some of everything."""
    machine = Machine(design, 8 << 20)
    process = machine.processes.start()
    for page in range(40):
        machine.processes.fault(process, page)
    machine.processes.fork(process)
    file = machine.cache.open("file")
    for index in range(40):
        machine.cache.read(file, index)
    machine.reclaim.shrink(10)
    machine.pools.allocate()
    assert violations(machine, {}) == []
    return machine


def _folio_of_file(machine: Machine) -> int:
    return next(iter(machine.cache.files["file"].folios.values())).at


def _entry(machine: Machine) -> None:
    entries = machine.processes.all[0].entries
    del entries[next(page for page, entry in entries.items() if not entry >> 62)]


def _lose_page(machine: Machine) -> None:
    machine.buddy.take(0)


def _twice(machine: Machine) -> None:
    pfn = machine.buddy.take(0)
    machine.buddy.give(pfn, 0)
    machine.memmap.truth[pfn] = 2


def _dirty_free_page(machine: Machine) -> None:
    pfn, _ = next(machine.buddy.blocks())
    member = machine.ground.page.find("flags") or machine.buddy._memdesc
    assert member is not None
    at = machine.memmap.at(pfn)
    member.set(at, member.get(at) | 6)


LIES: dict[str, tuple[Callable[[Machine], object], str]] = {
    "a reference too many": (lambda m: m.folios.refcount.add(_folio_of_file(m), 1), "references"),
    "a mapping too many": (lambda m: m.folios.mapcount.add(_folio_of_file(m), 1), "mappings"),
    "an entry that is lost": (_entry, "entries map it"),
    "an index that is wrong": (lambda m: m.folios.index.add(_folio_of_file(m), 1), "its bytes say otherwise"),
    "a folio off its list": (lambda m: m.folios.list.remove(_folio_of_file(m)), "LRU"),
    "a page that is lost": (_lose_page, "on free lists"),
    "a page free and in use": (_twice, "in use"),
    "a count of free blocks": (lambda m: m.buddy.zones[0].nr_free.__setitem__(3, 99), "counted"),
    "a free page with a reference": (_dirty_free_page, "free"),
    "a slot of swap": (lambda m: m.processes.swap.counts.__setitem__(99999, 1), "swap"),
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("design", ["linux-6.12", "memdesc-8"])
def test_lies_are_found(design: str, lie: str) -> None:
    """Each of them, by the invariant that it breaks."""
    machine = _busy(design)
    make, says = LIES[lie]
    make(machine)
    assert any(says in sentence for sentence in violations(machine, {}))


def test_a_descriptor_freed_twice_is_found() -> None:
    """Where descriptors lie apart."""
    machine = _busy("memdesc-32")
    machine.descriptors.give(3, _folio_of_file(machine))
    assert any("descriptor" in sentence for sentence in violations(machine, {}))
