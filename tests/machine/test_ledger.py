"""The ledger keeps what a trace says of each page, and the machine follows it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from memdesc.kinds import Kind
from memdesc.machine import Machine
from memdesc.machine.ledger import ROLE, Ledger
from memdesc.machine.trace.population import BUDDY, CODES, LRU, SLAB, code_of, encode, kind_of_code

PAGES = 256
KINDS = [
    Kind.NONE,
    Kind.ANON,
    Kind.FILE,
    Kind.SLAB,
    Kind.TABLE,
    Kind.VMALLOC,
    Kind.DRIVER,
    Kind.NET,
    Kind.LARGE,
]
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["allocate", "free", "add", "delete", "hold"]),
        st.integers(0, PAGES - 1),
        st.integers(0, 4),
        st.sampled_from(KINDS),
    ),
    max_size=60,
)


def _aligned(pfn: int, order: int) -> int:
    return pfn >> order << order


def _apply(ledger: Ledger, events: list[tuple[str, int, int, Kind]], naive: list[Kind] | None = None) -> None:
    """Do `events` to the ledger, and to a list of what each page is."""
    for what, pfn, order, kind in events:
        pfn = _aligned(pfn, order)
        block = range(pfn, pfn + (1 << order))
        if what == "allocate":
            ledger.allocate(pfn, order, code_of(kind), 1)
        elif what == "free":
            ledger.free(pfn, order)
            kind = Kind.FREE
        elif what == "add":
            ledger.cache_add(pfn, order, 3, pfn)
            kind = Kind.FILE
        elif what == "delete":
            ledger.cache_delete(pfn)
            continue
        else:
            if ledger._order[pfn] == 255:
                continue  # a tail: the ledger waits for its head
            block = range(pfn, pfn + (1 << ledger._order[pfn]))
            ledger.hold(pfn)
            kind = Kind.NET
        if naive is not None:
            for page in block:
                naive[page] = kind


def _free_machine_pages(ledger: Ledger) -> None:
    ledger.begin(encode(np.full(PAGES, BUDDY, np.uint64), 0, 0, 0))


@settings(max_examples=200, deadline=None)
@given(EVENTS)
def test_pages_are_what_the_last_event_said(events: list[tuple[str, int, int, Kind]]) -> None:
    """Blocks that overlap in every way, freed in parts, allocated twice: each page is what came last."""
    ledger, naive = Ledger(PAGES, None), [Kind.FREE] * PAGES
    _free_machine_pages(ledger)
    _apply(ledger, events, naive)
    expected: dict[str, int] = {}
    for kind in naive:
        name = CODES[code_of(kind)]
        expected[name] = expected.get(name, 0) + 1
    assert ledger.by_kind() == expected


@settings(max_examples=60, deadline=None)
@given(EVENTS, st.sampled_from(["linux-6.12", "memdesc-8"]))
def test_the_machine_has_the_same_pages(events: list[tuple[str, int, int, Kind]], design: str) -> None:
    """After any events our machine has as many pages of each role as the ledger has of its kinds."""
    machine = Machine(design, 8 << 20)
    before = machine.pages_by_kind()
    ledger = Ledger(PAGES, machine)
    _free_machine_pages(ledger)
    _apply(ledger, events)
    expected: dict[str, int] = {}
    for name, pages in ledger.by_kind().items():
        kind = kind_of_code(CODES.index(name))
        if kind is not Kind.FREE:
            role = ROLE.get(kind, "driver")
            expected[role] = expected.get(role, 0) + pages
    now = machine.pages_by_kind()
    apart = {"free", "reserved", "slab" if machine.descriptors.pages else ""}
    assert {k: now[k] - before[k] for k in now if k not in apart and now[k] != before[k]} == {
        k: pages for k, pages in expected.items() if k not in apart
    }
    assert ledger.odd.refused == ledger.odd.reclaimed == 0


def test_the_population_is_taken_over() -> None:
    """What the flags say at the beginning; pages of no known kind may be allocated without being odd."""
    flags = np.array([SLAB, SLAB, LRU, 0, 0, BUDDY, BUDDY, BUDDY], np.uint64)
    ledger = Ledger(8, None)
    ledger.begin(encode(flags, 0, 0, 0))
    assert ledger.by_kind() == {"slab": 2, "file": 1, "unknown": 2, "free": 3}
    ledger.allocate(3, 0, code_of(Kind.ANON), 1)
    assert ledger.odd.overwritten == 0, "a CPU had kept it as a free page"
    ledger.allocate(0, 0, code_of(Kind.ANON), 1)
    ledger.free(6, 0)
    ledger.free(5, 0)
    assert (ledger.odd.overwritten, ledger.odd.unseen_frees) == (1, 2)
    assert ledger.by_kind() == {"anon": 2, "slab": 1, "file": 1, "unknown": 1, "free": 3}


def test_pages_of_the_bulk_allocator_are_counted_by_their_area() -> None:
    """vmalloc() takes most pages without an event; those that have one are not counted twice."""
    ledger = Ledger(PAGES, None)
    _free_machine_pages(ledger)
    ledger.area(9, 4, code_of(Kind.STACK), 77)
    assert ledger.by_kind() == {"stack": 4, "free": PAGES - 4}
    ledger.allocate(5, 0, code_of(Kind.STACK), 77)
    ledger.allocate(6, 0, code_of(Kind.STACK), 78)
    assert ledger.by_kind() == {"stack": 5, "free": PAGES - 5}, "another process's page is not of this area"
    ledger.area_free(9)
    assert ledger.by_kind() == {"stack": 2, "free": PAGES - 2}


def test_events_beyond_the_machine_are_counted() -> None:
    """Memory that came after the recording began."""
    ledger = Ledger(PAGES, None)
    ledger.allocate(PAGES, 0, 1, 1)
    ledger.free(PAGES - 1, 1)
    ledger.cache_add(PAGES + 5, 0, 1, 1)
    ledger.hold(PAGES + 5)
    ledger.cache_delete(PAGES + 5)
    assert ledger.odd.outside == 4


def test_a_machine_that_is_too_small_refuses_and_goes_on() -> None:
    """Pages that it has no memory for are counted, and freeing them later is no error."""
    machine = Machine("linux-6.12", 4 << 20)
    ledger = Ledger(2048, machine)
    for pfn in range(2048):
        ledger.allocate(pfn, 0, code_of(Kind.ANON), 1)
    assert 500 < ledger.odd.refused < 2048
    for pfn in range(2048):
        ledger.free(pfn, 0)
    ledger.allocate(3, 0, code_of(Kind.ANON), 1)
    assert machine.pages_by_kind()["anon"] == 1
