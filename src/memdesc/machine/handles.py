"""Typed handles of pages: what a script holds, and what the functions of the machine take one kind of.

A handle says which page frame (`pfn`, the first of its block) and where its descriptor lies (`at`, a byte of
the machine's memory). It holds nothing else: order, counts, flags and links are in the bytes. The classes are
unrelated, so that mypy and pyright refuse a `NetPage` where a `Slab` is wanted; at run time `expect()` does.

    >>> from memdesc.machine import Machine
    >>> machine = Machine("linux-6.12", 64 << 20)
    >>> folio = machine.folios.allocate("anon", order=0)
    >>> machine.slabs.free_slab(folio)      # mypy: error: Argument 1 has incompatible type "Folio"
    Traceback (most recent call last):
    TypeError: a slab was expected, and this is a folio (anon page 1234)
"""

from __future__ import annotations

from typing import Final, TypeVar


class Page:
    """A page whose kind nobody asked: what `Handle` has in common. Never made by itself.

    Attributes: pfn: number of the first page frame. at: byte of the machine's memory where its descriptor
    starts: in the memmap, or where a slab cache put it.
    """

    __slots__ = ("at", "pfn")
    says: Final[str] = "page"

    def __init__(self, pfn: int, at: int) -> None:
        self.pfn = pfn
        self.at = at

    def __repr__(self) -> str:
        return f"{type(self).__name__}(pfn={self.pfn})"


class Folio(Page):
    """A folio: file or anonymous memory of order 0 to 9. Source: struct folio."""

    __slots__ = ()


class Slab(Page):
    """Pages of a slab cache. Never mappable. Source: struct slab, struct slab_page."""

    __slots__ = ()


class NetPage(Page):
    """A page of a page_pool. Source: struct net_page, struct netmem_desc."""

    __slots__ = ()


class TablePage(Page):
    """A page table. Never mappable. Source: struct ptdesc."""

    __slots__ = ()


class ZsmallocPage(Page):
    """A page of zsmalloc. Never mappable. Source: struct zpdesc."""

    __slots__ = ()


class VmallocPage(Page):
    """A page behind vmalloc()."""

    __slots__ = ()


class DriverPage(Page):
    """A bare page of alloc_pages()."""

    __slots__ = ()


class LargePage(Page):
    """Pages of a kmalloc() beyond the slab caches. Never mappable."""

    __slots__ = ()


Handle = Folio | Slab | NetPage | TablePage | ZsmallocPage | VmallocPage | DriverPage | LargePage
"""Anything that `Machine.allocate()` returns and `Machine.free()` takes."""

Mappable = Folio | NetPage | VmallocPage | DriverPage
"""What may be mapped to user space. Slab and page-table pages are not in it, for a type checker as at run time.

Source: "functions ... tricky because mapping to userspace comes with rules around the use of the ->mapping
field as well as ->_mapcount" (the proposal of 27 August 2021).
"""

SAYS: Final[dict[type[Page], str]] = {
    Folio: "folio",
    Slab: "slab",
    NetPage: "net page",
    TablePage: "page table",
    ZsmallocPage: "zsmalloc page",
    VmallocPage: "vmalloc page",
    DriverPage: "driver page",
    LargePage: "page of a large kmalloc",
}
"""Class of handle -> how messages call it."""

OF_KIND: Final[dict[str, type[Handle]]] = {
    "file": Folio,
    "anon": Folio,
    "slab": Slab,
    "net": NetPage,
    "table": TablePage,
    "zsmalloc": ZsmallocPage,
    "vmalloc": VmallocPage,
    "driver": DriverPage,
    "large": LargePage,
}
"""Kind (see memdesc.kinds) -> class of handle; the kinds that a machine can be asked for."""

P = TypeVar("P", bound=Page)


def expect(handle: object, wanted: type[P]) -> P:
    """Return `handle` when it is a `wanted`.

    Raises: TypeError: it is not; the message names both.
    """
    if handle.__class__ is wanted:
        return handle
    raise TypeError(f"a {SAYS[wanted]} was expected, and this is {describe(handle)}")


def expect_mappable(handle: object) -> Mappable:
    """Return `handle` when pages of its type may be mapped to user space.

    Raises: TypeError: they may not; the message says which type it is.
    """
    if isinstance(handle, Folio | NetPage | VmallocPage | DriverPage):
        return handle
    raise TypeError(
        f"only folios, net pages, vmalloc pages and driver pages are mapped to user space, "
        f"and this is {describe(handle)}"
    )


def describe(handle: object) -> str:
    """Return "a slab (page 17)" for a handle, the type's name for anything else."""
    if isinstance(handle, Page):
        return f"a {SAYS.get(type(handle), 'page')} (page {handle.pfn})"
    return f"of type {type(handle).__name__}"
