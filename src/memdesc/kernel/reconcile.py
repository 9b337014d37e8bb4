"""What the pages cannot tell, the kernel's own counters may: an account of the unknown pages, and checks.

Nothing is guessed: a row is a counter of the kernel or a difference of two numbers, and what no row accounts for
stays unknown.
"""

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
    """A number of the kernel beside ours. counted: pages of the census; counter: the kernel's, at its end."""

    name: str
    counted: int
    counter: int
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
    entry("file and shmem folios that no flag shows",
          less("nr_file_pages", Page.FILE, Page.SHMEM, Page.SWAPCACHE),
          "vmstat: nr_file_pages less those counted")  # fmt: skip
    entry("page tables that no flag shows", less("nr_page_table_pages", Page.TABLE),
          "vmstat: nr_page_table_pages less those counted")  # fmt: skip
    return Account(census.pages(Page.UNKNOWN), tuple(entries), _agreements(census))


def _agreements(census: Census) -> tuple[Agreement, ...]:
    counters, pages = census.counters, census.counters.pages
    rows = (
        ("slab (and large kmalloc)", (Page.SLAB, Page.LARGE_KMALLOC), _slab(counters), "vmstat: nr_slab_*"),
        ("anonymous", (Page.ANON, Page.KSM), pages.get("nr_anon_pages"), "meminfo: AnonPages"),
        ("file and shmem", (Page.FILE, Page.SHMEM, Page.SWAPCACHE), pages.get("nr_file_pages"),
         "meminfo: Cached + Buffers + SwapCached"),
        ("shmem", (Page.SHMEM,), pages.get("nr_shmem"), "meminfo: Shmem"),
        ("page tables", (Page.TABLE,), pages.get("nr_page_table_pages"), "meminfo: PageTables"),
        ("free, less lists of CPUs", (Page.FREE,), _buddy(counters), "buddyinfo"),
    )  # fmt: skip
    return tuple(
        Agreement(name, census.pages(*kinds), value, source)
        for name, kinds, value, source in rows
        if value is not None
    )


def _slab(counters: Counters) -> int | None:
    parts = [counters.pages.get(f"nr_slab_{which}") for which in ("reclaimable", "unreclaimable")]
    return None if None in parts else sum(part for part in parts if part is not None)


def _buddy(counters: Counters) -> int | None:
    if not counters.free_blocks:
        return None
    return sum(number << order for order, number in enumerate(counters.free_blocks))
