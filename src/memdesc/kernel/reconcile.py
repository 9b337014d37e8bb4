"""What the pages cannot tell, the kernel's own counters may: an account of the unknown pages, and checks.

Nothing is guessed: a row is a counter of the kernel or a difference of two numbers, and what no row accounts for
stays unknown.
"""

from collections.abc import Callable
from dataclasses import dataclass

from memdesc.kernel.census import Census
from memdesc.kernel.population import Counters, Page


@dataclass(frozen=True, slots=True)
class Entry:
    """Pages that a counter of the kernel accounts for. source: the counter, or the sum that gives them."""

    name: str
    pages: int
    source: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """A number of the kernel beside ours.

    Attributes: counted: pages of the census. counter, before: the kernel's, after the pass and before it.
    """

    name: str
    counted: int
    counter: int
    before: int
    source: str

    @property
    def difference(self) -> int:
        """counted - counter."""
        return self.counted - self.counter


@dataclass(frozen=True, slots=True)
class Account:
    """What the unknown pages are. unaccounted: unknown pages that no row explains (negative: rows overlap, or
    the machine changed while it was read)."""

    unknown: int
    entries: tuple[Entry, ...]
    agreements: tuple[Agreement, ...]

    @property
    def unaccounted(self) -> int:
        """Unknown pages without an explanation."""
        return self.unknown - sum(entry.pages for entry in self.entries)


def account(census: Census) -> Account:
    """Return what the kernel's counters say about the pages that the census does not know.

    Source: mm/vmstat.c, fs/proc/meminfo.c.
    """
    counters, pages = census.counters, census.counters.pages
    entries: list[Entry] = []

    def entry(name: str, number: int | None, source: str) -> None:
        if number is not None and number > 0:
            entries.append(Entry(name, number, source))

    def less(total: str, *kinds: Page) -> int | None:
        value = _slab(counters) if total == "slab" else pages.get(total)
        return None if value is None else value - census.pages(*kinds)

    if not census.pages(Page.FREE_CACHED):
        entry("free, in lists of CPUs", counters.cached_free, "zoneinfo: count of every pageset")
    if not census.pages(Page.VMALLOC, Page.STACK):
        vmalloc = pages.get("VmallocUsed")
        stacks = pages.get("vmalloc stacks", 0)
        entry("kernel stacks", pages.get("KernelStack"), "meminfo: KernelStack")
        if vmalloc is not None:
            source = "meminfo: VmallocUsed" + (" less vmallocinfo's stacks" if stacks else "")
            entry("vmalloc", vmalloc - stacks, source)
            entry("kernel stacks kept for reuse", stacks - pages.get("KernelStack", stacks),
                  "vmallocinfo's stacks less KernelStack")  # fmt: skip
    if not census.pages(Page.PERCPU):
        entry("per-CPU memory", pages.get("Percpu"), "meminfo: Percpu")
    if not census.pages(Page.LARGE_KMALLOC):
        entry("large kmalloc", less("slab", Page.SLAB), "vmstat: nr_slab_* less slab pages counted")
    if not census.pages(Page.ZSMALLOC):
        entry("zsmalloc", pages.get("nr_zspages"), "vmstat: nr_zspages")
    if not census.pages(Page.MOVABLE, Page.OFFLINE):
        entry("balloon", pages.get("nr_balloon_pages"), "vmstat: nr_balloon_pages")
    entry(
        "page tables of IOMMU and KVM",
        pages.get("nr_sec_page_table_pages"),
        "vmstat: nr_sec_page_table_pages",
    )
    if counters.unmanaged is not None:
        # Boot memory keeps its struct pages reserved; pages that a balloon or virtio-mem took back are offline.
        balloon = pages.get("nr_balloon_pages", 0)
        known = census.pages(Page.RESERVED, Page.OFFLINE) + balloon
        entry("not given to the allocator yet", counters.unmanaged - known,
              "zoneinfo: present less managed, less reserved and offline pages")  # fmt: skip
    entry("file and shmem folios that no flag shows",
          less("nr_file_pages", Page.FILE, Page.SHMEM, Page.SWAPCACHE),
          "vmstat: nr_file_pages less those counted")  # fmt: skip
    entry("page tables that no flag shows", less("nr_page_table_pages", Page.TABLE),
          "vmstat: nr_page_table_pages less those counted")  # fmt: skip
    return Account(census.pages(Page.UNKNOWN), tuple(entries), _agreements(census))


def _agreements(census: Census) -> tuple[Agreement, ...]:
    def of(name: str) -> Callable[[Counters], int | None]:
        return lambda counters: counters.pages.get(name)

    told = bool(census.pages(Page.LARGE_KMALLOC))
    rows: tuple[tuple[str, tuple[Page, ...], Callable[[Counters], int | None], str], ...] = (
        ("slab and large kmalloc", (Page.SLAB, Page.LARGE_KMALLOC), _slab if told else _nothing, "meminfo: Slab"),
        ("anonymous", (Page.ANON, Page.KSM), of("nr_anon_pages"), "meminfo: AnonPages"),
        ("file, shmem, swap cache", (Page.FILE, Page.SHMEM, Page.SWAPCACHE), of("nr_file_pages"),
         "meminfo: Cached + Buffers + SwapCached"),
        ("shmem", (Page.SHMEM,), of("nr_shmem"), "meminfo: Shmem"),
        ("page tables", (Page.TABLE,), of("nr_page_table_pages"), "meminfo: PageTables"),
        ("free, not in lists of CPUs", (Page.FREE,), _buddy, "buddyinfo"),
        ("free, zone by zone", (Page.FREE,), of("nr_free_pages"), "vmstat: nr_free_pages"),
        ("free, as the kernel sums up", (Page.FREE,), of("MemFree"), "meminfo: MemFree"),
        ("balloon", (Page.OFFLINE, Page.MOVABLE), _balloon, "vmstat: nr_balloon_pages"),
    )  # fmt: skip
    out = []
    for name, kinds, read, source in rows:
        after, before = read(census.counters), read(census.counters_before)
        if after is not None:
            out.append(
                Agreement(name, census.pages(*kinds), after, after if before is None else before, source)
            )
    if not told and (slab := _slab(census.counters)) is not None and census.pages(Page.SLAB) > slab:
        # What is missing from Slab is large kmalloc, which no flag shows and an entry accounts for; not so a surplus.
        before = _slab(census.counters_before)
        pages = census.pages(Page.SLAB)
        out.insert(0, Agreement("slab", pages, slab, slab if before is None else before, "meminfo: Slab"))
    if census.caches:
        number = sum(cache.slabs << cache.order for cache in census.caches)
        out.append(Agreement("slab, cache by cache", census.pages(Page.SLAB), number, number, "slabinfo"))
    size = census.about.page_struct_bytes
    struct_pages = [census.counters.pages.get(f"nr_memmap{which}_pages") for which in ("", "_boot")]
    if size and any(struct_pages):
        number = sum(part or 0 for part in struct_pages)
        needed = -(-census.pages() * size // census.about.page_bytes)
        out.append(
            Agreement("struct page itself", needed, number, number, "vmstat: nr_memmap_*, and no holes")
        )
    return tuple(out)


def _slab(counters: Counters) -> int | None:
    parts = [counters.pages.get(f"nr_slab_{which}") for which in ("reclaimable", "unreclaimable")]
    return None if None in parts else sum(part for part in parts if part is not None)


def _nothing(_counters: Counters) -> int | None:
    """Say nothing: the row has no counterpart."""
    return None


def _balloon(counters: Counters) -> int | None:
    """Return the pages that a balloon holds, None on a machine that has none."""
    return counters.pages.get("nr_balloon_pages") or None


def _buddy(counters: Counters) -> int | None:
    if not counters.free_blocks:
        return None
    return sum(number << order for order, number in enumerate(counters.free_blocks))
