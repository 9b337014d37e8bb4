"""What the managers do to pages, on designs that overlay struct page and on one that does not."""

import errno

import pytest

from memdesc.machine import Handle, KernelError, Machine, OutOfMemory, Stale
from memdesc.machine.invariants import violations

DESIGNS = ("linux-6.1", "linux-6.12", "linux-6.18", "proposal-2021", "memdesc-32", "memdesc-8")
SIZE = 8 << 20


@pytest.fixture(params=DESIGNS)
def machine(request: pytest.FixtureRequest) -> Machine:
    """A machine of 8 MiB."""
    return Machine(request.param, SIZE)


def _fine(machine: Machine) -> bool:
    assert violations(machine, {}) == []
    return True


def _exhaust(machine: Machine, pages: list[Handle]) -> None:
    while True:
        pages.append(machine.allocate("driver"))


def test_buddies_merge_to_what_they_were(machine: Machine) -> None:
    """After blocks of every order went and came back in another order, the free lists are the same."""
    before = sorted(machine.buddy.blocks())
    blocks = [(machine.buddy.take(order), order) for order in (0, 3, 1, 0, 5, 9, 2, 0, 0, 4)]
    for pfn, order in blocks[::2] + blocks[1::2]:
        machine.buddy.give(pfn, order)
    assert sorted(machine.buddy.blocks()) == before


def test_no_block_is_larger_than_the_largest(machine: Machine) -> None:
    """Order 11 is refused with ENOMEM, a folio of order 10 with EINVAL."""
    with pytest.raises(OutOfMemory):
        machine.allocate("driver", 11)
    with pytest.raises(KernelError) as refused:
        machine.allocate("file", 10)
    assert refused.value.errno == errno.EINVAL


@pytest.mark.parametrize("order", range(10))
def test_the_order_of_a_folio_is_in_its_bytes(machine: Machine, order: int) -> None:
    """Also for whoever comes from one of its later pages."""
    folio = machine.folios.allocate("anon", order)
    assert machine.folios.order(folio) == order
    last = machine.generic.folio_of(folio.pfn + (1 << order) - 1)
    assert (last.pfn, last.at) == (folio.pfn, folio.at)
    machine.folios.put(folio)
    assert _fine(machine)


def test_the_lock_and_references(machine: Machine) -> None:
    """A folio is locked once, and freed with its last reference."""
    folio = machine.folios.allocate("file")
    machine.folios.lock(folio)
    with pytest.raises(KernelError, match="EDEADLK"):
        machine.folios.lock(folio)
    machine.folios.unlock(folio)
    machine.folios.get(folio)
    assert not machine.folios.put(folio)
    assert machine.folios.put(folio)
    assert _fine(machine)


def test_pages_are_accessed_twice_to_be_active(machine: Machine) -> None:
    """First referenced, then on the active list."""
    file = machine.cache.open("file")
    folio = machine.cache.read(file, 0)
    assert machine.folios.test(folio, "referenced")
    machine.cache.read(file, 0)
    assert machine.folios.test(folio, "active")
    assert _fine(machine)


def test_reading_ahead_in_large_folios(machine: Machine) -> None:
    """A file read in sequence gets larger folios; one read at random does not."""
    file = machine.cache.open("sequence")
    for index in range(300):
        machine.cache.read(file, index)
    assert max(machine.folios.order(f) for f in file.folios.values()) >= 4
    other = machine.cache.open("random")
    for index in (9, 3, 40, 1, 77):
        machine.cache.read(other, index)
    assert {machine.folios.order(f) for f in other.folios.values()} == {0}
    assert _fine(machine)


def test_truncating_splits_what_lies_across(machine: Machine) -> None:
    """Pages before the new end stay, those behind are gone."""
    file = machine.cache.open("file")
    for index in range(200):
        machine.cache.read(file, index)
    machine.cache.truncate(file, 101)
    assert all(machine.cache.find(file, n) is not None for n in range(101))
    assert all(machine.cache.find(file, n) is None for n in range(101, 300))
    assert _fine(machine)
    machine.cache.close(file)
    assert machine.pages_by_kind()["file"] == 0


def test_a_place_in_a_file_is_taken_once(machine: Machine) -> None:
    """EEXIST, and EINVAL for what is in a mapping already."""
    first, second = machine.folios.allocate("file"), machine.folios.allocate("file")
    machine.cache_add(first, "file", 4)
    with pytest.raises(KernelError, match="EEXIST"):
        machine.cache_add(second, "file", 4)
    with pytest.raises(KernelError, match="EINVAL"):
        machine.cache_add(first, "other", 4)
    assert violations(machine, {first.pfn: 1, second.pfn: 1}) == []


def test_dirty_pages_are_written_once(machine: Machine) -> None:
    """sync() writes what is dirty, and then nothing is."""
    file = machine.cache.open("file")
    for index in range(10):
        machine.cache.write(file, index)
    machine.cache.sync(file)
    machine.cache.sync(file)
    assert machine.cache.io.written == 10


def test_fork_shares_and_writing_copies(machine: Machine) -> None:
    """A child's pages are the parent's until one of them writes; the last one keeps the original."""
    processes = machine.processes
    parent = processes.start("parent")
    folio = processes.fault(parent, 7)
    child = processes.fork(parent)
    assert machine.folios.folio_mapcount(folio) == 2
    copied = processes.fault(child, 7)
    assert copied.pfn != folio.pfn
    assert processes.fault(parent, 7).pfn == folio.pfn
    assert machine.folios.folio_mapcount(folio) == 1
    processes.exit(child)
    assert _fine(machine)
    processes.exit(parent)
    kinds = machine.pages_by_kind()
    assert (kinds["anon"], kinds["table"]) == (0, 0)


def test_swapped_memory_comes_back(machine: Machine) -> None:
    """Reclaim swaps out what nobody touched; a touch swaps it in; slots are counted per entry."""
    processes = machine.processes
    parent = processes.start()
    for page in range(64):
        processes.fault(parent, page)
    child = processes.fork(parent)
    machine.reclaim.shrink(60)
    assert processes.swap.used >= 32
    assert _fine(machine)
    for page in range(64):
        processes.fault(child, page)
    assert processes.swap.read >= 32
    assert _fine(machine)
    processes.exit(parent)
    processes.exit(child)
    assert processes.swap.used == 0


def test_memory_runs_out_and_stays_consistent(machine: Machine) -> None:
    """What cannot be reclaimed is refused with ENOMEM; everything that was had can be given back."""
    free = machine.free_pages
    pages: list[Handle] = []
    with pytest.raises(OutOfMemory) as refused:
        _exhaust(machine, pages)
    assert refused.value.errno == errno.ENOMEM
    assert _fine(machine)
    with pytest.raises(OutOfMemory):
        machine.processes.start()
    for page in pages:
        machine.free(page)
    assert _fine(machine)
    assert machine.free_pages == free


def test_reclaim_makes_room_for_more_than_there_is(machine: Machine) -> None:
    """A file larger than memory can be read, and a process larger than memory be run, one after another."""
    file = machine.cache.open("large")
    for index in range(machine.pages):
        machine.cache.read(file, index)
    process = machine.processes.start()
    for page in range(machine.pages * 5 // 4):
        machine.processes.fault(process, page)
    assert machine.processes.swap.written
    assert _fine(machine)
    machine.processes.exit(process)
    machine.cache.close(file)
    kinds = machine.pages_by_kind()
    assert kinds["anon"] == kinds["file"] == 0


def test_a_fork_without_memory_leaves_no_child(machine: Machine) -> None:
    """ENOMEM, and the parent is what it was."""
    processes = machine.processes
    parent = processes.start()
    for page in range(0, 512 * 20, 512):
        processes.fault(parent, page)
    with pytest.raises(OutOfMemory):
        _exhaust(machine, [])
    with pytest.raises(OutOfMemory):
        processes.fork(parent)
    assert len(processes.all) == 1
    assert _fine(machine)


def test_slabs_go_back_when_they_are_empty(machine: Machine) -> None:
    """All objects freed and the cache shrunk, no slab is left but the CPU's own."""
    cache = machine.slabs.create("test", 200, accounted=True)
    places = [machine.slabs.allocate(cache) for _ in range(500)]
    assert len(set(places)) == 500
    assert all(abs(a - b) >= 200 for a, b in zip(sorted(places), sorted(places)[1:], strict=False))
    for place in places[::2] + places[1::2]:
        machine.slabs.free(place)
    machine.slabs.shrink(cache)
    assert (cache.used, cache.slabs) == (0, 1)
    assert _fine(machine)


def test_a_pool_recycles_what_nobody_holds(machine: Machine) -> None:
    """A page that a reader mapped is let go; one that nobody has is used again."""
    pool = machine.pools.create("eth0")
    page = machine.pools.allocate(pool)
    assert machine.pools.put(page)
    assert machine.pools.allocate(pool) is page
    reader = machine.processes.start()
    machine.processes.insert(reader, 5, page)
    assert machine.inserted.mapcount(page) == 1
    assert not machine.pools.put(page)
    assert machine.pages_by_kind()["net"] == 1
    machine.processes.unmap(reader, 5)
    assert machine.pages_by_kind()["net"] == 0
    assert _fine(machine)


def test_charges_come_back(machine: Machine) -> None:
    """What a group was charged, it is uncharged."""
    group = machine.memcg.current = machine.memcg.create("group")
    process = machine.processes.start()
    for page in range(20):
        machine.processes.fault(process, page)
    machine.cache.read(machine.cache.open("file"), 0)
    assert group.charged >= 21
    machine.processes.exit(process)
    machine.cache.close(machine.cache.open("file"))
    assert group.charged == 0


@pytest.mark.parametrize(
    "kind", ["file", "anon", "slab", "net", "table", "zsmalloc", "vmalloc", "driver", "large"]
)
def test_costs_follow_the_pages(machine: Machine, kind: str) -> None:
    """Pages and peaks by kind, and separate descriptors only where the design has them."""
    pages = [machine.allocate(kind, order) for order in (0, 0, 2)]
    cost = next(c for c in machine.costs().kinds if c.kind == kind)
    assert cost.pages >= 6
    separate = machine.descriptors.sizes[machine.memmap.truth[pages[0].pfn]] > 0
    assert (cost.descriptors >= 3) is separate
    for page in pages:
        machine.free(page)
    after = next(c for c in machine.costs().kinds if c.kind == kind)
    assert after.peak_pages >= 6
    assert after.pages <= cost.pages - 6


def test_two_runs_are_the_same() -> None:
    """The seed decides, and nothing else."""
    from memdesc.machine import workloads

    said = []
    for _ in range(2):
        machine = Machine("linux-6.12", 16 << 20, seed=5)
        workloads.load("fork-shell")(machine)
        said.append((machine.costs(), bytes(machine.memmap.memory.bytes[: 1 << 20])))
    assert said[0] == said[1]


def test_objects_are_charged_one_by_one(machine: Machine) -> None:
    """Each object of an accounted cache has its own entry in its slab's vector."""
    cache = machine.slabs.create("test", 400, accounted=True)
    before = machine.slabs.allocate(cache)
    group = machine.memcg.current = machine.memcg.create("group")
    charged = [machine.slabs.allocate(cache) for _ in range(5)]
    machine.memcg.current = None
    after = machine.slabs.allocate(cache)
    entries = machine.slabs.charges(cache, machine.slabs.slab_of(before))
    first = machine.slabs.slab_of(before).pfn << 12
    paid = {first + number * cache.size for number, address in enumerate(entries) if address == group.address}
    assert paid == {place for place in charged if machine.slabs.slab_of(place).pfn << 12 == first}
    assert group.object_bytes == 5 * cache.size
    for place in (*charged, before, after):
        machine.slabs.free(place)
    assert group.object_bytes == 0
    assert not any(machine.slabs.charges(cache, machine.slabs.slab_of(before)))


def test_zones() -> None:
    """Above 4 GiB there are two; each page says in which it is, and the lower one is used last."""
    machine = Machine("linux-6.18", 5 << 30)
    normal, dma32 = machine.buddy.zones
    assert (normal.name, dma32.name, normal.start) == ("Normal", "DMA32", 1 << 20)
    assert machine.generic.page_zonenum(normal.start + 5) == normal.number
    assert machine.generic.page_zonenum(dma32.start + 5) == dma32.number
    page = machine.allocate("driver")
    assert page.pfn >= normal.start
    machine.free(page)
    blocks = [machine.buddy.take(10) for _ in range((normal.end - normal.start) >> 10)]
    assert machine.allocate("driver").pfn < normal.start
    for pfn in blocks:
        machine.buddy.give(pfn, 10)


def test_what_is_given_back_twice_is_told(machine: Machine) -> None:
    """A pool's page, a slab's object, a process: Stale, and nothing breaks."""
    page = machine.pools.allocate(machine.pools.create("eth0"))
    machine.pools.put(page)
    for again in (machine.pools.put, machine.pools.free, machine.free):
        with pytest.raises(Stale, match="given back"):
            again(page)
    cache = machine.slabs.create("test", 64)
    place = machine.slabs.allocate(cache)
    machine.slabs.free(place)
    with pytest.raises(Stale, match="was freed"):
        machine.slabs.free(place)
    with pytest.raises(Stale, match="no slab object"):
        machine.slabs.free(machine.allocate("driver").pfn << 12)
    process = machine.processes.start("short")
    machine.processes.exit(process)
    for again_with in (machine.processes.exit, machine.processes.fork):
        with pytest.raises(Stale, match="process short has ended"):
            again_with(process)
    assert _fine(machine)
