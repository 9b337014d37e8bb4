"""Damage to page descriptors of real dumps is found, page by page; healthy dumps have none."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from conftest import Run
from damage import Copy
from guest import Guest
from memdesc.kernel.holders import vmalloc_areas
from memdesc.kernel.population import CHUNK_PAGES, COLUMNS, TAIL, Columns, Page
from memdesc.kernel.verify import check
from memdesc.kernel.verify_rules import RULES

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("guests")]


@pytest.fixture(scope="module")
def copy(guest: Guest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """A copy of the guest's dump that may be damaged."""
    made = Copy(guest.dump, tmp_path_factory.mktemp("copy"))
    yield made
    made.path.unlink()


def columns(copy: Copy) -> Columns:
    """Return all pages of the undamaged dump."""
    (span,) = copy.source.ranges()
    return copy.source.read(span.start, len(span), frozenset(COLUMNS))


def first(copy: Copy, kind: Page, order: int = 0) -> int:
    """Return the tenth frame that begins a block of a kind and an order: the first ones are often special."""
    found = columns(copy)
    return int(np.flatnonzero((found.kind == kind) & (found.order == order))[10])


def largest(copy: Copy, kind: Page) -> tuple[int, int]:
    """Return frame and order of a largest block of a kind."""
    found = columns(copy)
    orders = np.where((found.kind == kind) & (found.order != TAIL), found.order.astype(int), -1)
    return int(orders.argmax()), int(orders.max())


def u32(number: int) -> bytes:
    """Return a number as four bytes."""
    return (number & 0xFFFF_FFFF).to_bytes(4, "little")


def u64(number: int) -> bytes:
    """Return a number as eight bytes."""
    return (number & 0xFFFF_FFFF_FFFF_FFFF).to_bytes(8, "little")


@dataclass(frozen=True)
class Damage:
    """What is done to a dump: bytes at kernel addresses; which frame must be reported, by which rules at least."""

    changes: list[tuple[int, bytes]]
    pfn: int
    rules: set[str]


def member(copy: Copy, pfn: int, path: str, raw: bytes, struct: str = "page") -> tuple[int, bytes]:
    """Return the change that writes `raw` over a member of a frame's descriptor."""
    return copy.descriptor(pfn) + copy.offset(struct, path), raw


def buddy(copy: Copy) -> int:
    """Return page_type of a free block."""
    return (
        0xF000_0000 if copy.source.form.form == "top byte" else 0xFFFF_FFFF & ~copy.source.form.types["buddy"]
    )


def tail_of_a_lone_page(copy: Copy) -> Damage:
    """A tail page of a slab takes a file's page for its head."""
    pfn, _order = largest(copy, Page.SLAB)
    other = first(copy, Page.FILE)
    return Damage(
        [member(copy, pfn + 1, "compound_head", u64(copy.descriptor(other) | 1))], pfn + 1, {"tail-head"}
    )


def tail_of_nothing(copy: Copy) -> Damage:
    """The pointer to the head is eight bytes off."""
    pfn, _order = largest(copy, Page.SLAB)
    return Damage(
        [member(copy, pfn + 1, "compound_head", u64(copy.descriptor(pfn) + 9))], pfn + 1, {"tail-head"}
    )


def tail_lost(copy: Copy) -> Damage:
    """A page in the middle of a slab no longer says that it is a tail."""
    pfn, _order = largest(copy, Page.SLAB)
    return Damage([member(copy, pfn + 2, "compound_head", u64(0))], pfn, {"head-tails"})


def mapcount_under(copy: Copy) -> Damage:
    """A page is mapped minus six times."""
    pfn = first(copy, Page.ANON)
    return Damage([member(copy, pfn, "_mapcount", u32(-7))], pfn, {"mapcount-under"})


def type_unknown(copy: Copy) -> Damage:
    """A type that the kernel does not have; where types are bits, an unknown one is a negative count."""
    pfn = first(copy, Page.FILE)
    if copy.source.form.form == "top byte":
        return Damage([member(copy, pfn, "page_type", u32(0xE0 << 24))], pfn, {"type-unknown"})
    return Damage([member(copy, pfn, "page_type", u32(~0x800))], pfn, {"mapcount-under"})


def refcount_negative(copy: Copy) -> Damage:
    """References below zero."""
    pfn = first(copy, Page.SHMEM)
    return Damage([member(copy, pfn, "_refcount", u32(-1))], pfn, {"refcount-negative"})


def free_referenced(copy: Copy) -> Damage:
    """Somebody holds a page in the middle of a free block."""
    pfn, _order = largest(copy, Page.FREE)
    return Damage([member(copy, pfn + 5, "_refcount", u32(2))], pfn + 5, {"free-refcount"})


def tail_referenced(copy: Copy) -> Damage:
    """Somebody took a reference on a tail instead of its head."""
    pfn, _order = largest(copy, Page.ANON)
    return Damage([member(copy, pfn + 7, "_refcount", u32(1))], pfn + 7, {"tail-refcount"})


def unreferenced(copy: Copy) -> Damage:
    """An anonymous page that nobody holds."""
    pfn = first(copy, Page.ANON)
    return Damage(
        [member(copy, pfn, "_refcount", u32(0))], pfn, {"folio-unreferenced", "mapped-beyond-references"}
    )


def mapped_more(copy: Copy) -> Damage:
    """Mapped five times, referenced once."""
    pfn = first(copy, Page.ANON)
    changes = [member(copy, pfn, "_refcount", u32(1)), member(copy, pfn, "_mapcount", u32(4))]
    return Damage(changes, pfn, {"mapped-beyond-references"})


def free_on_lru(copy: Copy) -> Damage:
    """A free page is on a list of pages to reclaim."""
    pfn, _order = largest(copy, Page.FREE)
    flags = int(columns_flags(copy, pfn)) | 1 << copy.source.form.bits["lru"]
    return Damage([member(copy, pfn, "flags", u64(flags))], pfn, {"free-flags"})


def columns_flags(copy: Copy, pfn: int) -> int:
    """Return the flags word of a frame."""
    raw = copy.source.memmap.read(pfn, 1).raw
    return int.from_bytes(raw[:8], "little")


def free_of_no_order(copy: Copy) -> Damage:
    """A free block of an order that there is not."""
    pfn, _order = largest(copy, Page.FREE)
    return Damage([member(copy, pfn, "private", u64(23))], pfn, {"free-order"})


def free_misplaced(copy: Copy) -> Damage:
    """A page in use becomes a free block of eight pages where none can begin."""
    pfn = first(copy, Page.FILE) | 1
    changes = [
        member(copy, pfn, "page_type", u32(buddy(copy))), member(copy, pfn, "private", u64(3)),
        member(copy, pfn, "mapping", u64(0)),
    ]  # fmt: skip
    return Damage(changes, pfn, {"free-order"})


def free_twice(copy: Copy) -> Damage:
    """Inside of a free block lies another: its pages would be handed out twice."""
    pfn, _order = largest(copy, Page.FREE)
    changes = [member(copy, pfn + 8, "page_type", u32(buddy(copy))), member(copy, pfn + 8, "private", u64(1))]
    return Damage(changes, pfn + 8, {"free-inside-free"})


def free_and_vmalloc(copy: Copy) -> Damage:
    """A page that vmalloc holds is marked free: a page in two places."""
    pfn = first(copy, Page.VMALLOC)
    changes = [
        member(copy, pfn, "page_type", u32(buddy(copy))), member(copy, pfn, "private", u64(0)),
        member(copy, pfn, "_refcount", u32(0)),
    ]  # fmt: skip
    return Damage(changes, pfn, {"held-by-another"})


def stack_is_a_slab(copy: Copy) -> Damage:
    """The descriptor of a page of a kernel stack says that it is a page of a file."""
    pfn, other = first(copy, Page.STACK), first(copy, Page.FILE)
    raw = bytes(copy.source.memmap.read(other, 1).raw)
    return Damage([(copy.descriptor(pfn), raw)], pfn, {"held-by-another"})


def vmalloc_and_stack(copy: Copy) -> Damage:
    """The page table of a vmalloc area names a page of a stack."""
    victim = first(copy, Page.STACK)
    paging = copy.source.kernel.paging
    held = {int(each) for each in np.flatnonzero(columns(copy).kind == Page.VMALLOC)}
    virtual = next(
        area.address
        for area in vmalloc_areas(copy.source.kernel)
        if area.flags & 2 and paging.physical(area.address) >> 12 in held
    )
    table = paging.root
    for level in range(paging.levels, 1, -1):
        entries = paging.table(table)
        assert entries is not None
        table = int(entries[virtual >> 12 + 9 * (level - 1) & 511]) & 0xFFFFF_FFFFF000
    entries = paging.table(table)
    assert entries is not None
    place = virtual >> 12 & 511
    entry = int(entries[place]) & ~0xFFFFF_FFFFF000 | victim << 12
    base = virtual_of(copy, table)
    return Damage([(base + 8 * place, u64(entry))], victim, {"two-holders"})


def virtual_of(copy: Copy, physical: int) -> int:
    """Return the address of a physical one in the kernel's direct mapping."""
    return copy.source.kernel.word(copy.source.kernel.symbol("page_offset_base")) + physical


def cache_unknown(copy: Copy) -> Damage:
    """A slab of a cache that is none."""
    pfn = first(copy, Page.SLAB)
    raw = int(copy.memory.page(pfn).member("slab_cache")) + 64
    return Damage([member(copy, pfn, "slab_cache", u64(raw), "slab")], pfn, {"slab-cache"})


def objects_beyond(copy: Copy) -> Damage:
    """More objects in use than the slab has."""
    pfn = first(copy, Page.SLAB)
    # inuse: 16 bits, objects: 15 bits, frozen: 1 bit.
    return Damage([member(copy, pfn, "counters", u64(9 | 4 << 16), "slab")], pfn, {"slab-counts"})


def slab_says_anon(copy: Copy) -> Damage:
    """The pointer over mapping is odd, where the layout has one there; elsewhere the cache is."""
    pfn = first(copy, Page.SLAB)
    over = copy.offset("slab", "slab_cache") == copy.offset("page", "mapping")
    # Bit 0 of the word that is compound_head elsewhere would make a tail of it.
    raw = int(copy.memory.page(pfn).member("slab_cache")) | (1 if over else 2)
    rules = {"slab-mapping", "slab-cache"} if over else {"slab-cache"}
    return Damage([member(copy, pfn, "slab_cache", u64(raw), "slab")], pfn, rules)


def file_of_nothing(copy: Copy) -> Damage:
    """Page cache of an address_space that is none."""
    pfn = first(copy, Page.FILE)
    return Damage([member(copy, pfn, "mapping", u64(copy.descriptor(pfn)))], pfn, {"file-mapping"})


def anon_of_nothing(copy: Copy) -> Damage:
    """An anonymous page whose anon_vma is none."""
    pfn = first(copy, Page.ANON)
    return Damage([member(copy, pfn, "mapping", u64(copy.descriptor(pfn) | 1))], pfn, {"anon-mapping"})


def pool_unsigned(copy: Copy) -> Damage:
    """A page of a pool without the pool's signature."""
    pfn = first(copy, Page.NET)
    return Damage([member(copy, pfn, "pp_magic", u64(0))], pfn, {"net-signature"})


def pool_gone(copy: Copy) -> Damage:
    """A page of a pool that is nowhere."""
    pfn = first(copy, Page.NET)
    return Damage([member(copy, pfn, "pp", u64(0xFF00_0000_0000_1000))], pfn, {"net-pool"})


def table_unreferenced(copy: Copy) -> Damage:
    """A page table that nobody holds."""
    found = columns(copy)
    types = copy.source.memmap.read(0, len(found.kind)).column(copy.source.form.type).astype(np.uint32)
    pfn = int(np.flatnonzero(copy.source.form.typed("table", types))[10])
    return Damage([member(copy, pfn, "_refcount", u32(0))], pfn, {"table-in-use"})


def other_zone(copy: Copy) -> Damage:
    """The flags name another zone."""
    pfn = first(copy, Page.FILE)
    assert copy.source.all_zones is not None
    flags = columns_flags(copy, pfn) ^ 1 << copy.source.all_zones.zone_shift
    return Damage([member(copy, pfn, "flags", u64(flags))], pfn, {"zone-of-page"})


DAMAGES: tuple[Callable[[Copy], Damage], ...] = (
    tail_of_a_lone_page, tail_of_nothing, tail_lost, mapcount_under, type_unknown, refcount_negative,
    free_referenced, tail_referenced, unreferenced, mapped_more, free_on_lru, free_of_no_order, free_misplaced,
    free_twice, free_and_vmalloc, stack_is_a_slab, vmalloc_and_stack, cache_unknown, objects_beyond,
    slab_says_anon, file_of_nothing, anon_of_nothing, pool_unsigned, pool_gone, table_unreferenced, other_zone,
)  # fmt: skip
POOLS = (pool_unsigned, pool_gone)


def test_healthy_dumps_break_no_rule(copy: Copy) -> None:
    """Every descriptor is checked, and none is reported."""
    checked = check(copy.memory)
    assert checked.breaches == ()
    assert checked.pages == sum(map(len, copy.source.ranges()))
    assert checked.partial == ()
    assert len(checked.rules) + len(checked.skipped) == len(RULES)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda each: each.__name__)
def test_damage_is_found(copy: Copy, damage: Callable[[Copy], Damage]) -> None:
    """The damaged descriptor is reported by its rule; nothing far away is."""
    if damage in POOLS and not (columns(copy).kind == Page.NET).any():
        pytest.skip("this guest's kernel takes pages out of their pool before they reach a socket")
    done = damage(copy)
    with copy.damaged(*done.changes) as memory:
        breaches = check(memory).breaches
    found = {each.rule for each in breaches if each.pfn == done.pfn}
    assert done.rules <= found, breaches[:5]
    assert len(breaches) < 2100, "a damaged order may reach over its block, and no farther"
    assert {abs(each.pfn - done.pfn) >> 11 for each in breaches} == {0}


def test_every_rule_is_tried() -> None:
    """Each rule is among those that some damage must break."""
    named = {word for each in DAMAGES for word in _constants(each)}
    assert {rule.name for rule in RULES} <= named


def _constants(function: Callable[[Copy], Damage]) -> set[str]:
    out: set[str] = set()
    for constant in function.__code__.co_consts:
        out |= set(constant) if isinstance(constant, frozenset | tuple) else {constant}
    return {each for each in out if isinstance(each, str)}


def test_random_damage_is_survived(copy: Copy) -> None:
    """Whatever lies in descriptors, census and verification end, and count every page once."""
    chance = random.Random(5)
    (span,) = copy.source.ranges()
    for _ in range(6):
        changes = [
            (copy.descriptor(chance.randrange(len(span))), chance.randbytes(64)) for _ in range(300)
        ]  # fmt: skip
        with copy.damaged(*changes) as memory:
            whole = memory.source.read(span.start, min(len(span), CHUNK_PAGES), frozenset(COLUMNS))
            assert len(whole.kind) == len(span)
            assert check(memory).breaches


def test_the_command_reports_it(copy: Copy, memdesc: Run) -> None:
    """One line of place and rule, the decoded descriptor below it, and exit status 1."""
    ended = memdesc("census", "--dump", copy.path, "--verify")
    assert (ended.returncode, ended.stdout) == (0, "")
    done = mapcount_under(copy)
    with copy.damaged(*done.changes):
        ended = memdesc("census", "--dump", copy.path, "--verify")
        asjson = memdesc("census", "--dump", copy.path, "--verify", "--format", "json")
    assert ended.returncode == asjson.returncode == 1
    assert ended.stdout.startswith(f"pfn {done.pfn:#x}: error: anon: not so: _mapcount of a page")
    assert "_mapcount=-7" in ended.stdout
    assert '"rule": "mapcount-under"' in asjson.stdout
