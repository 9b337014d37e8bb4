"""What a page of a real machine is, in columns: the one form in which live memory and dumps reach the census.

A `Source` says which page frames there are (`ranges()`) and reads some of them at a time (`read()`), as
`Columns`: numpy arrays with an element a page frame, in the order of the frames. A column that the source
cannot fill, or that was not asked for, is None, and `About.missing` says what that costs.

Kinds of pages are codes (`Page.SLAB`, an IntEnum that fits in a byte); `ROWS` says what each is, which `Kind`
of memdesc.kinds it belongs to, and which descriptor a page of it needs in a design.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from memdesc.kinds import Kind

CHUNK_PAGES = 1 << 18
"""Page frames that the census reads at a time. A block larger than this is seen in pieces of this size."""


class Page(IntEnum):
    """What a page frame is. The pages of a block (folio, slab, free block) all have the kind of its head."""

    UNKNOWN = 0
    FILE = 1
    ANON = 2
    SHMEM = 3
    KSM = 4
    HUGETLB = 5
    ZERO = 6
    SLAB = 7
    LARGE_KMALLOC = 8
    NET = 9
    TABLE = 10
    IOMMU = 11
    VMALLOC = 12
    STACK = 13
    PERCPU = 14
    ZSMALLOC = 15
    MOVABLE = 16
    DRIVER = 17
    FREE = 18
    FREE_CACHED = 19
    RESERVED = 20
    MEMMAP = 21
    OFFLINE = 22
    UNACCEPTED = 23
    GUARD = 24
    HWPOISON = 25
    DEVICE = 26
    ABSENT = 27
    SWAPCACHE = 28


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of a kind of page.

    Attributes: name: the word in reports and options. kind: its kind (or kinds) in the lattice. says: what it
    is. descriptor: the kind whose descriptor of a design a block of it needs, Kind.NONE when it needs none of
    its own. block: what one block of it is called. memory: it is memory of the machine (an absent frame is not).
    """

    name: str
    kind: Kind
    says: str
    descriptor: Kind = Kind.NONE
    block: str = "page"
    memory: bool = True


ROWS: dict[Page, Row] = {
    Page.FILE: Row("file", Kind.FILE, "page cache of files and block devices", Kind.FILE, "folio"),
    Page.ANON: Row("anon", Kind.ANON, "anonymous memory of processes", Kind.ANON, "folio"),
    Page.SHMEM: Row("shmem", Kind.FILE, "shared memory and tmpfs", Kind.FILE, "folio"),
    Page.KSM: Row("ksm", Kind.ANON, "anonymous pages merged by KSM", Kind.ANON, "folio"),
    Page.SWAPCACHE: Row("swap-cache", Kind.ANON, "swap cache that no process maps yet", Kind.ANON, "folio"),
    Page.HUGETLB: Row("hugetlb", Kind.HUGETLB, "hugetlb pages, used or in the pool", Kind.FILE, "folio"),
    Page.ZERO: Row("zero", Kind.ZERO, "the zero page and the huge zero folio"),
    Page.SLAB: Row("slab", Kind.SLAB, "slab caches", Kind.SLAB, "slab"),
    Page.LARGE_KMALLOC: Row("large-kmalloc", Kind.LARGE, "kmalloc() beyond the caches"),
    Page.NET: Row("net", Kind.NET, "pages of page_pools", Kind.NET, "net page"),
    Page.TABLE: Row("page-table", Kind.TABLE, "page tables", Kind.TABLE, "table"),
    Page.IOMMU: Row("iommu", Kind.IOMMU, "page tables of IOMMUs", Kind.IOMMU, "table"),
    Page.VMALLOC: Row("vmalloc", Kind.VMALLOC | Kind.DRIVER, "memory behind vmalloc()"),
    Page.STACK: Row("stack", Kind.STACK | Kind.VMALLOC, "kernel stacks"),
    Page.PERCPU: Row("percpu", Kind.PERCPU, "chunks of the per-CPU allocator"),
    Page.ZSMALLOC: Row("zsmalloc", Kind.ZSMALLOC, "compressed pages of zswap and zram", Kind.ZSMALLOC, "zpdesc"),
    Page.MOVABLE: Row("movable", Kind.MOVABLE, "balloon and other movable_ops pages", Kind.MOVABLE),
    Page.DRIVER: Row("driver", Kind.DRIVER, "bare pages of drivers and of the core kernel"),
    Page.FREE: Row("free", Kind.FREE, "free, in the buddy allocator", Kind.FREE, "block"),
    Page.FREE_CACHED: Row("free-cached", Kind.FREE, "free, in a CPU's list of pages"),
    Page.RESERVED: Row("reserved", Kind.RESERVED, "kernel image, firmware, memory handed out at boot"),
    Page.MEMMAP: Row("memmap", Kind.RESERVED, "the array of struct page itself"),
    Page.OFFLINE: Row("offline", Kind.OFFLINE, "logically offline: ballooned or unplugged"),
    Page.UNACCEPTED: Row("unaccepted", Kind.FREE, "not yet accepted from the hypervisor"),
    Page.GUARD: Row("guard", Kind.GUARD, "guards of debug_pagealloc"),
    Page.HWPOISON: Row("hwpoison", Kind.DRIVER, "taken out of use after a memory error"),
    Page.DEVICE: Row("device", Kind.DEVICE, "memory of devices (ZONE_DEVICE)", Kind.FILE, "folio"),
    Page.UNKNOWN: Row("unknown", Kind.NONE, "in use, and the source does not tell for what"),
    Page.ABSENT: Row("absent", Kind.NONE, "no memory behind this frame", memory=False),
}  # fmt: skip
"""Kind of page -> what it is, in the order of reports."""

BY_NAME: dict[str, Page] = {row.name: page for page, row in ROWS.items()}

FOLIOS = (Page.FILE, Page.ANON, Page.SHMEM, Page.KSM, Page.SWAPCACHE, Page.HUGETLB, Page.DEVICE)
"""Kinds whose blocks are folios."""

Codes = NDArray[np.uint8]
Words = NDArray[np.uint64]

KPF = "KPF_ bits of /proc/kpageflags"

COLUMNS = ("refcount", "mapcount", "flags", "cgroup", "cache", "zone", "misread")
"""Columns that are filled only when `read()` is asked for them; `kind` and `order` always are."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Page frames `first` to `first + len(kind) - 1`; each array has one element a frame.

    Attributes:
    kind: uint8, codes of Page. order: uint8; at the first page of a block (compound block or free block) the
    block's order, 0 for a block of one page, `TAIL` at every other page of a block.
    refcount: int32, _refcount as it stands. mapcount: int32, mappings to user space of this very page, from 0.
    flags: uint64, KPF_ bits as of /proc/kpageflags (live), or the page's own flags word (dump; see About.flags).
    cgroup: uint64, inode number of the memory cgroup charged, 0 for none. cache: int32, place in
    `Source.caches()`, -1 for pages of no cache. zone: uint8, place in `Source.zones()`, 255 for none.
    misread: uint8, place in `About.misreads` plus 1 where the kernel's own report of the page is wrong, else 0.
    """

    first: int
    kind: Codes
    order: Codes
    refcount: NDArray[np.int32] | None = None
    mapcount: NDArray[np.int32] | None = None
    flags: Words | None = None
    cgroup: Words | None = None
    cache: NDArray[np.int32] | None = None
    zone: Codes | None = None
    misread: Codes | None = None


TAIL = 255
"""What `Columns.order` has at pages that begin no block."""


@dataclass(frozen=True, slots=True)
class Misread:
    """One way in which the kernel's report of a page is wrong. says: what it reports, and why that is wrong."""

    name: str
    kind: Page
    says: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a source could not read. why: the reason; costs: what is not known without it."""

    what: str
    why: str
    costs: str


@dataclass(frozen=True, slots=True)
class About:
    """What a source is.

    Attributes: origin: "live" or the file of the dump. release: of its kernel ("6.18.44"), empty when unknown.
    page_bytes, page_struct_bytes: sizes of a page and of its struct page (0 when unknown). encoding: how the
    layout says that page types are kept, a sentence. flags: what the column of that name holds (KPF where it is
    the bits of /proc/kpageflags, which the census can name). misreads: see
    Columns.misread. missing: what could not be read. partial: some ranges could not be read at all, and why. readers:
    how many threads may call read() at a time.
    """

    origin: str
    release: str
    page_bytes: int
    page_struct_bytes: int
    encoding: str
    flags: str = ""
    misreads: tuple[Misread, ...] = ()
    missing: tuple[Missing, ...] = ()
    partial: tuple[str, ...] = ()
    readers: int = 1


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of a node: pages `first` up to and without `end` that its span covers, and what it manages.

    Attributes: present: pages of memory. managed: those of them that the page allocator was given.
    """

    node: int
    name: str
    first: int
    end: int
    present: int
    managed: int

    @property
    def unmanaged(self) -> int:
        """Pages that are present and were never given to the page allocator, or were taken back from it."""
        return self.present - self.managed


@dataclass(frozen=True, slots=True)
class Cache:
    """A slab cache: slabs of `order`, objects of `object_bytes`, as counted by the kernel or in the dump."""

    name: str
    slabs: int
    order: int
    objects: int
    active_objects: int
    object_bytes: int


@dataclass(frozen=True, slots=True)
class Counters:
    """What the kernel counts itself: pages, whatever the unit of the file.

    Attributes: pages: name -> pages; names are those of /proc/vmstat (nr_slab_reclaimable, nr_anon_pages, ...),
    and "MemTotal", "VmallocUsed", "Percpu", "KernelStack" as in /proc/meminfo. free_blocks: order -> free blocks
    of the buddy allocator, all zones. cached_free: pages in the lists of CPUs. unmanaged: of all zones.
    Empty where not known.
    """

    pages: Mapping[str, int] = field(default_factory=dict)
    free_blocks: Sequence[int] = ()
    cached_free: int | None = None
    unmanaged: int | None = None


class Source(Protocol):
    """Memory that can be counted. All methods but `ranges` and `read` may return empty answers."""

    def about(self) -> About:
        """What it is and what it cannot tell; after a pass also what could not be read (`partial`)."""
        ...

    def ranges(self) -> tuple[range, ...]:
        """Page frames that may hold memory, ascending, disjoint; frames between them are absent."""
        ...

    def read(self, first: int, count: int, want: frozenset[str] = frozenset()) -> Columns:
        """Return frames `first` to `first + count - 1`, all in one of `ranges()`.

        Args: want: names of COLUMNS to fill where the source can. Callers ask for whole chunks: `first` is a
        multiple of CHUNK_PAGES or the start of a range.
        Raises: InputError: nothing of it can be read at all; a part that cannot is UNKNOWN and noted in `about`.
        """
        ...

    def zones(self) -> tuple[Zone, ...]:
        """The zones, by node and place."""
        ...

    def caches(self) -> tuple[Cache, ...]:
        """The slab caches."""
        ...

    def counters(self) -> Counters:
        """What the kernel counts itself."""
        ...

    def cgroup_names(self) -> Mapping[int, str]:
        """Inode number of each memory cgroup -> its path."""
        ...
