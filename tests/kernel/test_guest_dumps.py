"""Real dumps of real kernels: every page beside what the guest's own kernel said of it when it was stopped."""

import re
import tracemalloc
from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from guest import Guest
from memdesc.kernel import typed
from memdesc.kernel.census import count
from memdesc.kernel.decode import Descriptors
from memdesc.kernel.dump import DumpSource, open_dump
from memdesc.kernel.memmap import MemMap
from memdesc.kernel.pages import Folio, Memory, NetPage, Slab
from memdesc.kernel.population import CHUNK_PAGES, COLUMNS, FOLIOS, TAIL, Columns, Page

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("guests")]

KPF = {
    name: 1 << bit
    for name, bit in {
        "lru": 5, "slab": 7, "buddy": 10, "anon": 12, "swapbacked": 14, "head": 15, "tail": 16, "huge": 17,
        "nopage": 20, "ksm": 21, "thp": 22, "offline": 23, "zero": 24, "table": 26, "reserved": 32,
    }.items()
}  # fmt: skip
"""Source: include/uapi/linux/kernel-page-flags.h."""

_SMALL, _HELD_PAGES = 4, 64
"""Orders that pages come back in, and how many a processor holds. Source: mm/page_alloc.c, zone_batchsize()."""

SAYS: tuple[tuple[str, set[Page]], ...] = (
    ("nopage", {Page.ABSENT}),
    ("buddy", {Page.FREE}),
    ("slab", {Page.SLAB}),
    ("huge", {Page.HUGETLB}),
    ("table", {Page.TABLE}),
    ("offline", {Page.OFFLINE}),
    ("zero", {Page.ZERO}),
    # Memory of boot time: the dump shows besides which of it is the memory map.
    ("reserved", {Page.RESERVED, Page.MEMMAP}),
    ("ksm", {Page.KSM}),
    ("anon", {Page.ANON}),
    ("swapbacked", {Page.SHMEM}),
    ("lru", {Page.FILE}),
    # What has none of these flags no flag of kpageflags tells: a dump may know by whom it is held.
    ("", {Page.UNKNOWN, Page.NET, Page.ZSMALLOC, Page.VMALLOC, Page.STACK, Page.PERCPU, Page.TABLE,
          Page.FREE_CACHED}),
)  # fmt: skip
"""Flag -> kinds that agree with it; the first flag that a page has decides."""


@cache
def memory(guest: Guest) -> Memory:
    """Return the memory of the guest's dump, with the layouts that it carries itself."""
    return open_dump(guest.dump)


@cache
def columns(guest: Guest) -> Columns:
    """Return all pages of the guest, read in one piece."""
    source = memory(guest).source
    (span,) = source.ranges()
    assert len(span) <= CHUNK_PAGES
    return source.read(span.start, len(span), frozenset(COLUMNS))


def words(guest: Guest, name: str) -> NDArray[np.uint64]:
    """Return a file of the guest's /proc that has a word a page."""
    return np.frombuffer(guest.sections[name], "<u8")


def frames(guest: Guest, name: str) -> NDArray[np.int64]:
    """Return the frames behind memory that the workload made, as its own pagemap had them."""
    return words(guest, f"frames-{name}").astype(np.int64)


def rows(guest: Guest, name: str) -> list[list[str]]:
    """Return the lines of a file of the guest's /proc, in words."""
    return [line.split() for line in guest.sections[name].decode().splitlines()]


def test_the_workload_did_what_it_should(guest: Guest) -> None:
    """Nothing of it failed."""
    assert guest.notes == ()
    assert guest.known == {"tables": 300, "pipes": 400, "ramfs-inodes": 3000, "zram": 1000, "pooled": 512}


def test_every_page_is_what_the_kernel_says(guest: Guest) -> None:
    """At least 99.9% agree; what does not is known to be the kernel's own misreport."""
    flags, kind = words(guest, "kpageflags"), columns(guest).kind
    assert len(flags) == len(kind) == len(memory(guest).source.ranges()[0])
    agrees = np.zeros(len(kind), np.bool_)
    decided = np.zeros(len(kind), np.bool_)
    for name, kinds in SAYS:
        if name == "ksm" and _all_anonymous_are_ksm(guest):
            continue
        has = (flags & np.uint64(KPF[name]) != 0) if name else ~decided
        agrees |= has & ~decided & np.isin(kind, list(kinds))
        decided |= has
    wrong = Counter(
        (Page(k).name, hex(f)) for k, f in zip(kind[~agrees].tolist(), flags[~agrees].tolist(), strict=True)
    )
    assert agrees.mean() >= 0.999, wrong.most_common(10)
    assert sum(wrong.values()) <= 5, wrong


def _all_anonymous_are_ksm(guest: Guest) -> bool:
    """Whether this kernel says KSM of every anonymous page.

    stable_page_flags() of 6.12 asks `mapping & PAGE_MAPPING_KSM` of what it knows to be anonymous; both bits are
    meant, one is enough. It is seen in the flags themselves: the workload merged one page, and never all.
    """
    flags = words(guest, "kpageflags")
    anon = flags & np.uint64(KPF["anon"]) != 0
    return bool((flags[anon] & np.uint64(KPF["ksm"]) != 0).all())


def test_misreports_are_foretold(guest: Guest) -> None:
    """The slab pages that the kernel reports as anonymous are those that the layout says it would."""
    flags, found = words(guest, "kpageflags"), columns(guest)
    assert found.misread is not None
    both = np.uint64(KPF["slab"] | KPF["anon"])
    told = flags & both == both
    foretold = (found.misread > 0) & (found.kind == Page.SLAB)
    assert (told == foretold).mean() >= 0.9999
    assert bool(told.any()) is (guest.kernel.series == "6.12")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("anon", Page.ANON), ("anon-huge", Page.ANON), ("ksm", Page.KSM), ("file", Page.FILE),
     ("shmem", Page.SHMEM), ("hugetlb", Page.HUGETLB)],
)  # fmt: skip
def test_memory_of_known_kinds(guest: Guest, name: str, kind: Page) -> None:
    """Every page that the workload made is found where its pagemap said, as what it made it."""
    at = frames(guest, name)
    assert len(at) == {"anon": 1200, "anon-huge": 1536, "ksm": 1, "file": 700, "shmem": 500}.get(
        name, len(at)
    )
    assert len(at)
    assert set(columns(guest).kind[at].tolist()) == {kind}


def test_huge_pages_are_one_block(guest: Guest) -> None:
    """A huge page, of hugetlb or of THP, has order 9, and its 511 other pages are tails."""
    order = columns(guest).order
    for name in "hugetlb", "anon-huge":
        at = frames(guest, name)
        assert Counter(order[at].tolist()) == {9: len(at) // 512, TAIL: len(at) // 512 * 511}


def test_amounts(guest: Guest) -> None:
    """Page tables, pool pages, zsmalloc and pipes are there in the amounts that were made."""
    kind = columns(guest).kind
    counted = Counter(kind.tolist())
    assert counted[Page.TABLE] >= guest.known["tables"]
    assert counted[Page.UNKNOWN] >= guest.known["pipes"]
    # Half of each page written is random, which nothing compresses; the other half is zeros.
    assert counted[Page.ZSMALLOC] >= guest.known["zram"] // 2
    if guest.kernel.series == "6.12":
        assert counted[Page.NET] == guest.known["pooled"]
    else:
        # xdp_release_frame() took the pages out of their pool as they went to a socket.
        assert counted[Page.NET] == 0


def test_mapcounts(guest: Guest) -> None:
    """The count of mappings of every page equals /proc/kpagecount."""
    found = columns(guest)
    assert found.mapcount is not None
    told = words(guest, "kpagecount").astype(np.int64)
    # Of pages that nobody may map the kernel reports whatever the word says; memory in use is compared.
    mapped = np.isin(found.kind, FOLIOS)
    assert mapped.sum() > 5000
    assert np.array_equal(found.mapcount[mapped], told[mapped])


def test_cgroups(guest: Guest) -> None:
    """The group that each folio is charged to equals /proc/kpagecgroup, and has its path."""
    found = columns(guest)
    assert found.cgroup is not None
    told = words(guest, "kpagecgroup")
    heads = np.isin(found.kind, FOLIOS) & (found.order != TAIL)
    assert np.array_equal(found.cgroup[heads], told[heads])
    inode = int(found.cgroup[frames(guest, "anon")[0]])
    assert memory(guest).source.cgroup_names()[inode] == "/reed"


def test_slab_caches(guest: Guest) -> None:
    """Names, sizes, slabs and objects of all caches equal /proc/slabinfo."""
    told = {row[0]: tuple(map(int, (*row[1:4], row[14]))) for row in rows(guest, "slabinfo")[2:]}
    found = {
        each.name: (each.active_objects, each.objects, each.object_bytes, each.slabs)
        for each in memory(guest).source.caches()
    }
    assert found == told
    assert found["ramfs_inode_cache" if "ramfs_inode_cache" in found else "inode_cache"][0] >= 3000


def test_slabs_counted_by_descriptor(guest: Guest) -> None:
    """The slabs found among the pages are as many as each cache has, with as many objects."""
    caches, found = memory(guest).source.caches(), columns(guest)
    assert found.cache is not None
    heads = np.flatnonzero((found.kind == Page.SLAB) & (found.order != TAIL))
    slabs = Counter(found.cache[heads].tolist())
    assert slabs.pop(-1, 0) == 0
    assert slabs == {place: each.slabs for place, each in enumerate(caches) if each.slabs}
    objects: Counter[int] = Counter()
    for at in heads.tolist():
        objects[int(found.cache[at])] += memory(guest).page(at).member("objects")
    assert objects == {place: each.objects for place, each in enumerate(caches) if each.objects}


def test_free_memory(guest: Guest) -> None:
    """Free blocks of each zone and order are those of /proc/buddyinfo.

    Between that was read and the guest was stopped, a processor may give back the pages that it holds for itself: a
    few small blocks, which pair up into larger ones seldom.
    """
    found, zones = columns(guest), memory(guest).source.zones()
    told = {(row[1], row[3]): list(map(int, row[4:])) for row in rows(guest, "buddyinfo")}
    heads = (found.kind == Page.FREE) & (found.order != TAIL)
    assert found.zone is not None
    counted = {
        (f"{zone.node},", zone.name): [
            int((heads & (found.zone == n) & (found.order == order)).sum()) for order in range(11)
        ]
        for n, zone in enumerate(zones)
        if zone.managed
    }
    assert counted.keys() == told.keys()
    for zone, blocks in told.items():
        more = [mine - its for mine, its in zip(counted[zone], blocks, strict=True)]
        assert not any(more[_SMALL:]), (zone, counted[zone], blocks)
        assert abs(sum(n << order for order, n in enumerate(more))) <= _HELD_PAGES, (
            zone,
            counted[zone],
            blocks,
        )
    assert list(memory(guest).source.counters().free_blocks) == np.sum(list(told.values()), axis=0).tolist()


def test_zones(guest: Guest) -> None:
    """Zones, their spans and what they manage equal /proc/zoneinfo."""
    text = guest.sections["zoneinfo"].decode()
    told = []
    for part in text.split("Node ")[1:]:
        number = {name: int(value) for name, value in re.findall(r"^ +(\w+):? +(\d+)$", part, re.M)}
        name = part.split("zone", 1)[1].split()[0]
        if number["spanned"]:
            node = int(part.split(",")[0])
            told.append(
                (node, name, number["start_pfn"], number["spanned"], number["present"], number["managed"])
            )
    zones = memory(guest).source.zones()
    assert [(z.node, z.name, z.first, z.end - z.first, z.present, z.managed) for z in zones] == told


def test_the_guests_differ(guest: Guest) -> None:
    """One has two nodes and five levels of page tables, the other one and four."""
    source = memory(guest).source
    assert isinstance(source, DumpSource)
    nodes = {zone.node for zone in source.zones()}
    assert (len(nodes), source.kernel.paging.levels) == ((2, 5) if guest.kernel.series == "6.12" else (1, 4))


def test_counters(guest: Guest) -> None:
    """The kernel's counters are those of /proc/vmstat, and what is counted is what they count."""
    told = {row[0]: int(row[1]) for row in rows(guest, "vmstat")}
    counters = memory(guest).source.counters()
    differ = {
        name: (value, told.get(name))
        for name, value in counters.pages.items()
        if name.islower() and value != told.get(name)
    }
    # Some are summed up from all CPUs just when /proc/vmstat is read.
    assert len(differ) <= 4, differ
    counted = Counter(columns(guest).kind.tolist())
    typed = words(guest, "kpageflags") & np.uint64(KPF["table"]) != 0
    assert abs(int(typed.sum()) - told["nr_page_table_pages"]) <= 8
    # What CPUs have counted and not yet added up is missing in the kernel's own numbers.
    assert abs(counted[Page.ZSMALLOC] - told["nr_zspages"]) <= 32
    assert abs(counted[Page.FILE] + counted[Page.SHMEM] - told["nr_file_pages"]) <= 32
    assert abs(counted[Page.STACK] - told["nr_kernel_stack"] // 4) <= 64  # stacks kept for the next task
    meminfo = {row[0]: int(row[1]) for row in rows(guest, "meminfo") if len(row) > 1}
    assert counters.pages["VmallocUsed"] == meminfo["VmallocUsed:"] // 4
    assert counters.pages["Percpu"] == meminfo["Percpu:"] // 4
    assert counters.pages["MemTotal"] == meminfo["MemTotal:"] // 4
    vmalloc = counted[Page.VMALLOC] + counted[Page.STACK]
    assert abs(vmalloc - counters.pages["VmallocUsed"]) <= counters.pages["VmallocUsed"] // 10


def test_the_compressed_dump_says_the_same(guest: Guest) -> None:
    """A kdump in zlib, flattened, of the same guest gives the same columns."""
    packed = open_dump(guest.compressed)
    (span,) = packed.source.ranges()
    again, first = packed.source.read(span.start, len(span), frozenset(COLUMNS)), columns(guest)
    for name in ("kind", "order", *COLUMNS):
        assert np.array_equal(getattr(again, name), getattr(first, name)), name
    assert packed.source.about().partial == ()


def test_layouts_of_a_file(guest: Guest) -> None:
    """With the kernel's vmlinuz instead of the BTF in the dump, all is the same."""
    given = open_dump(guest.dump, guest.kernel.vmlinuz)
    (span,) = given.source.ranges()
    assert np.array_equal(given.source.read(span.start, len(span)).kind, columns(guest).kind)
    assert str(guest.kernel.vmlinuz) in given.source.about().encoding


def test_where_vmcoreinfo_was(guest: Guest) -> None:
    """One guest's dump has it in its notes; the other's is found in memory."""
    where = "the dump's notes" if guest.kernel.series == "6.12" else "memory"
    assert f"VMCOREINFO: {where}" in memory(guest).source.about().encoding


def test_chunks_say_what_the_whole_says(guest: Guest) -> None:
    """Read in pieces of any size, pages are what they are when read together."""
    source, whole = memory(guest).source, columns(guest)
    for first, some in ((0, 1), (5000, 77), (65536, 4096), (70001, 20001), (len(whole.kind) - 3, 3)):
        part = source.read(first, some, frozenset(COLUMNS))
        for name in ("kind", "order", *COLUMNS):
            expected = getattr(whole, name)[first : first + some]
            assert np.array_equal(getattr(part, name), expected), (name, first, some)


def test_handles(guest: Guest) -> None:
    """A page gives the handle of its block, whichever of its pages is named."""
    at = frames(guest, "anon-huge")
    found = memory(guest).page(int(at[1000]))
    assert (found.pfn, found.order, found.kind) == (int(at[512]), 9, Page.ANON)


class Tiled(MemMap):
    """A memory map that repeats the descriptors of its first 256 MiB for as many frames as it is asked for."""

    __slots__ = ()

    def read(self, first: int, count: int) -> Descriptors:
        """See MemMap.read()."""
        tile = super().read(0, 1 << 16)
        start = first % (1 << 16)
        raw = (bytes(tile.raw) * (-(-(start + count) >> 16)))[start * self.form.size :][
            : count * self.form.size
        ]
        return Descriptors(self.form, start, raw, np.ones(count, np.bool_), self.vmemmap)


def test_memory_is_bounded(guest: Guest) -> None:
    """Counting a machine of 16 GiB takes no more memory than counting one of 2 GiB."""
    source = memory(guest).source
    assert isinstance(source, DumpSource)
    peaks = []
    for gibibytes in 2, 16:
        pages = gibibytes << 18
        tiled = Tiled(source.memmap.kernel, source.form, source.memmap.vmemmap, (range(pages),))
        tracemalloc.start()
        assert count(replace(source, memmap=tiled)).frames == pages
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
    assert peaks[1] < 400 << 20


def test_typed_functions(guest: Guest) -> None:
    """Functions of typed handles, on real descriptors: what they say is what the workload made."""
    held, found = memory(guest), columns(guest)
    for name in "hugetlb", "anon-huge", "anon", "file", "shmem":
        folio = held.page(int(frames(guest, name)[3]))
        assert isinstance(folio, Folio)
        assert typed.folio_mapcount(folio) == 1, name
        assert typed.folio_ref_count(folio) >= 1
        assert typed.user_mappings(folio) == folio.pages
    slab = held.page(int(np.flatnonzero(found.kind == Page.SLAB)[7]))
    assert isinstance(slab, Slab)
    objects = typed.slab_objects(slab)
    assert objects.cache in {each.name for each in held.source.caches()}
    assert 0 <= objects.in_use <= objects.total
    pools = {typed.page_pool_of(page) for page in held.each(NetPage)}
    assert len(pools) == (1 if guest.kernel.series == "6.12" else 0)
    with pytest.raises(TypeError, match="takes a Slab, not a Folio"):
        typed.slab_objects(folio)  # type: ignore[arg-type]
