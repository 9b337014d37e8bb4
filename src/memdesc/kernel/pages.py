"""Typed handles of pages: a page of a kind is an object of a class, so that the wrong call is a type error.

`Memory.page(pfn)` returns the handle of a page: a `Slab`, a `Folio`, a `NetPage`, ... Functions of
memdesc.kernel.typed take exactly one of them; a checker of types rejects the rest, and so does the call itself.
A handle reads the bytes of its descriptor through the layout of the very kernel.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from memdesc.errors import InputError
from memdesc.kernel.population import CHUNK_PAGES, ROWS, TAIL, Codes, Columns, Page, Source
from memdesc.kinds import Kind
from memdesc.layout.model import Types

_WINDOW = 1 << 11
"""Page frames looked at to find the block of a page: one more order than the buddy allocator has."""


class Descriptors(Protocol):
    """Where the bytes of struct page can be read: a dump, or a live kernel whose memory is readable."""

    @property
    def types(self) -> Types:
        """The layout of the kernel."""
        ...

    def page_structs(self, pfn: int, count: int = 1) -> bytes:
        """Return the bytes of `count` struct pages from that of frame `pfn`.

        Raises: InputError: they cannot be read; the message never holds contents.
        """
        ...

    def string(self, address: int) -> str:
        """Return the name at kernel virtual `address` (of a slab cache, say).

        Raises: InputError: it cannot be read.
        """
        ...

    def read(self, address: int, size_bytes: int) -> bytes:
        """Return bytes of a kernel object (struct kmem_cache, struct page_pool, ...), never of a user's page.

        Raises: InputError: they cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of one kernel. descriptors: None where only reports of the kernel can be read (live)."""

    source: Source
    descriptors: Descriptors | None = None

    def columns(self, first: int, count: int, want: frozenset[str] = frozenset()) -> Columns:
        """Return frames `first` to `first + count - 1` as numpy columns; see Source.read()."""
        return self.source.read(first, count, want)

    def page(self, pfn: int) -> "PageHandle":
        """Return the typed handle of the page frame `pfn`; a tail page gives the handle of its block.

        Raises: InputError: there is no such frame, or it cannot be read.
        """
        if not any(pfn in span for span in self.source.ranges()):
            raise InputError(f"pfn {pfn:#x}", "is no page frame of this machine")
        # Blocks are aligned to their size: look at ever larger aligned windows until one holds the whole block.
        for width in (_WINDOW, CHUNK_PAGES):
            low, high = pfn // width * width, pfn // width * width + width
            span = next(span for span in self.source.ranges() if pfn in span)
            low, high = max(low, span.start), min(high, span.stop)
            column = self.columns(low, high - low)
            starts = (column.order[: pfn - low + 1] != TAIL).nonzero()[0]
            at = low + int(starts[-1]) if len(starts) else low
            order = int(column.order[at - low]) if len(starts) else 0
            if len(starts) and (at > low or 1 << order < width):
                break
        kind = Page(int(column.kind[at - low]))
        return CLASSES.get(kind, UnknownPage)(self, at, kind, order)

    def each(self, what: "type[Handle]") -> "Iterator[Handle]":
        """Yield the handle of every block of one type, by place: `for slab in memory.each(Slab)`.

        On a live machine blocks may change between being found and being looked at.
        Raises: InputError: nothing can be read.
        """
        for span in self.source.ranges():
            first = span.start
            while first < span.stop:
                count = min(CHUNK_PAGES - first % CHUNK_PAGES, span.stop - first)
                columns = self.columns(first, count)
                mine = columns.order != TAIL
                mine &= _is_one_of(columns.kind, what)
                for at in mine.nonzero()[0].tolist():
                    kind = Page(int(columns.kind[at]))
                    handle = CLASSES.get(kind, UnknownPage)
                    if issubclass(handle, what):
                        yield handle(self, first + at, kind, int(columns.order[at]))
                first += count


@dataclass(frozen=True, slots=True)
class PageHandle:
    """A block of pages of one kind: its first frame, and its order.

    Attributes: NAMES: the structs that may describe it, the newest first; the layout decides which it is.
    KINDS: kinds in the lattice that it can be.
    """

    memory: Memory
    pfn: int
    kind: Page
    order: int

    NAMES: ClassVar[tuple[str, ...]] = ("page",)
    KINDS: ClassVar[Kind] = Kind.NONE

    @property
    def pages(self) -> int:
        """Pages in the block."""
        return 1 << self.order

    def member(self, *paths: str) -> int:
        """Return the number in the first member of `paths` ("inuse", "_mapcount") that its descriptor has.

        Raises: InputError: descriptors cannot be read here, or the layout has no such member.
        """
        source = self.memory.descriptors
        if source is None:
            raise InputError(
                f"pfn {self.pfn:#x}",
                "has a descriptor that cannot be read on a live machine; /proc tells only its kind",
            )
        for name in self.NAMES:
            struct = source.types.find(f"struct {name}")
            if struct is None:
                continue
            for path in paths:
                field = struct.find(path)
                if field is not None:
                    size = source.types.struct("page").size
                    raw = source.page_structs(self.pfn, -(-(field.bit_end + 7 >> 3) // size))
                    return field.value(raw, source.types.abi.byteorder)
        raise InputError(source.types.origin, f"has none of {', '.join(paths)} in struct {self.NAMES[0]}")


class Folio(PageHandle):
    """Page cache or anonymous memory."""

    __slots__ = ()
    NAMES = ("folio", "page")
    KINDS = Kind.FILE | Kind.ANON | Kind.HUGETLB


class Slab(PageHandle):
    """A slab: its pages hold objects of one cache."""

    __slots__ = ()
    NAMES = ("slab", "page")
    KINDS = Kind.SLAB


class LargeKmalloc(PageHandle):
    """Memory of kmalloc() beyond the caches."""

    __slots__ = ()
    KINDS = Kind.LARGE


class NetPage(PageHandle):
    """A page of a page_pool."""

    __slots__ = ()
    NAMES = ("netmem_desc", "page")
    KINDS = Kind.NET


class PageTable(PageHandle):
    """A page table."""

    __slots__ = ()
    NAMES = ("ptdesc", "page")
    KINDS = Kind.TABLE


class ZsmallocPage(PageHandle):
    """A page of zsmalloc."""

    __slots__ = ()
    NAMES = ("zpdesc", "page")
    KINDS = Kind.ZSMALLOC


class VmallocPage(PageHandle):
    """A page behind vmalloc() memory, kernel stacks among them."""

    __slots__ = ()
    KINDS = Kind.VMALLOC | Kind.DRIVER


class DriverPage(PageHandle):
    """A bare page of alloc_pages()."""

    __slots__ = ()
    KINDS = Kind.DRIVER


class DevicePage(PageHandle):
    """A page of ZONE_DEVICE."""

    __slots__ = ()
    NAMES = ("folio", "page")
    KINDS = Kind.DEVICE


class FreePage(PageHandle):
    """A free block."""

    __slots__ = ()
    KINDS = Kind.FREE


class ReservedPage(PageHandle):
    """Memory handed out at boot, or reserved."""

    __slots__ = ()
    KINDS = Kind.RESERVED


class UnknownPage(PageHandle):
    """A page of which the source does not tell what it is, or one that nobody may use."""

    __slots__ = ()


CLASSES: dict[Page, type[PageHandle]] = {
    Page.FILE: Folio, Page.ANON: Folio, Page.SHMEM: Folio, Page.KSM: Folio, Page.SWAPCACHE: Folio,
    Page.HUGETLB: Folio,
    Page.SLAB: Slab, Page.LARGE_KMALLOC: LargeKmalloc, Page.NET: NetPage, Page.TABLE: PageTable,
    Page.ZSMALLOC: ZsmallocPage, Page.VMALLOC: VmallocPage, Page.DRIVER: DriverPage, Page.DEVICE: DevicePage,
    Page.FREE: FreePage, Page.FREE_CACHED: FreePage, Page.UNACCEPTED: FreePage,
    Page.RESERVED: ReservedPage, Page.MEMMAP: ReservedPage,
}  # fmt: skip
"""Kind of page -> class of its handle; UnknownPage for all others."""

Mappable = Folio | NetPage | VmallocPage | DriverPage | DevicePage
"""Handles of pages that may be mapped to user space: never a Slab, a PageTable or a LargeKmalloc.

Source: validate_page_before_insert(), mm/memory.c; memdesc.kinds.CAPABILITIES["mappable"].
"""

Handle = TypeVar("Handle", bound=PageHandle)


def _is_one_of(kind: Codes, what: type[PageHandle]) -> NDArray[np.bool_]:
    """Return which pages have a handle of class `what`."""
    table = np.array([issubclass(CLASSES.get(page, UnknownPage), what) for page in sorted(Page)])  # fmt: skip
    return table[kind]


def expect(given: object, what: type[Handle], function: Callable[..., object]) -> None:
    """Do nothing when `given` is a `what`.

    Raises: TypeError: it is not; names the function, what it takes, and what it was given.
    """
    if not isinstance(given, what):
        raise TypeError(f"{function.__name__}() takes a {what.__name__}, not {described(given)}")


def described(given: object) -> str:
    """Return what `given` is, for messages: "a NetPage (pfn 0x1234, net)"."""
    name = type(given).__name__
    article = "an" if name[:1] in "AEIOUaeiou" else "a"
    if isinstance(given, PageHandle):
        return f"{article} {name} (pfn {given.pfn:#x}, {ROWS[given.kind].name})"
    return f"{article} {name}"
