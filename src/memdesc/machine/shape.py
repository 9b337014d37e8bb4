"""How a design describes pages of one kind: which struct, where its members lie, how its type is marked.

Members are looked up by the names that kernels have given them, in the kind's own descriptor first and then
among what struct page has for every page. What is not there is not there: a function that cannot do without
says so by `need()`, and the user reads which member the design lacks.
"""

from __future__ import annotations

from memdesc.errors import InputError
from memdesc.layout.design import Descriptor, Design
from memdesc.layout.judge import find_anchor
from memdesc.layout.model import Struct
from memdesc.layout.overlay import Cell, cells
from memdesc.machine.memory import Member, Memory

KINDS = (
    "free", "reserved", "file", "anon", "slab", "net", "table", "zsmalloc", "vmalloc", "driver", "large",
)  # fmt: skip
"""Kinds of pages that the machine has; the place in this table is the kind's number."""

GENERIC: dict[str, tuple[str, ...]] = {
    "flags": ("flags",),
    "refcount": ("_refcount",),
    "mapcount": ("_mapcount", "page_type"),
    "type": ("page_type", "_mapcount"),
    "memcg": ("memcg_data",),
    "head": ("compound_head", "compound_info"),
    "mapping": ("mapping",),
    "index": ("index", "__folio_index"),
    "private": ("private",),
    "pfmemalloc": ("lru.next", "pp_magic"),
    "list": ("buddy_list.next", "lru.next"),
    "memdesc": ("memdesc",),
}
"""Word that generic code reads -> the members of struct page that hold it, the first that a design has."""

TYPE_NAMES = {
    "free": "buddy", "table": "table", "slab": "slab", "zsmalloc": "zsmalloc", "large": "large_kmalloc",
    "net": "netpp",
}  # fmt: skip
"""Kind -> its name in enum pagetype."""
UNDECLARED_TYPE = {"netpp": 0xF9}
"""Types that a descriptor says it has though no enumerator names them. Source: db359fccf212."""
INVERTED_TYPES = {"free": 0x80, "table": 0x400}
"""Page types before enum pagetype: a bit cleared from -1. Source: include/linux/page-flags.h, 5.14."""

MEMDESC_TYPES: dict[str, str] = {
    "free": "BUDDY", "file": "FILE", "anon": "ANON", "slab": "SLAB", "net": "NET", "table": "TABLE",
    "zsmalloc": "MOVABLE",
}  # fmt: skip
MISC_USES = {"reserved": "RESERVED", "driver": "DRIVER", "vmalloc": "VMALLOC", "large": "KMALLOC"}
"""Kinds without a descriptor -> their use. Source: kernelnewbies.org/MatthewWilcox/Memdescs."""
MISC_MAPPABLE = 1 << 11
MISC_ORDER_SHIFT = 12
MEMDESC_MASK = 15


class PageShape:
    """What struct page itself has: the members that generic code finds without knowing a kind."""

    def __init__(self, design: Design, memory: Memory) -> None:
        self.design, self.memory = design, memory
        self.struct = design.page
        self.size = design.page.size
        # struct pages follow one another every `size` bytes, wherever the first lies
        self.step = self.size & -self.size

    def cell(self, word: str) -> Cell | None:
        """Return the cell of struct page that stands for `word` (a key of GENERIC), or None."""
        return find_anchor(self.struct, GENERIC[word])

    def find(self, word: str) -> Member | None:
        """Return the member that stands for `word`, or None."""
        cell = self.cell(word)
        return self.memory.member(cell, self.step) if cell is not None else None

    def named(self, *names: str) -> Member | None:
        """Return the first of struct page's members called so at any depth, or None."""
        cell = find_anchor(self.struct, names)
        return self.memory.member(cell, self.step) if cell is not None else None


class Shape:
    """How pages of one kind are described.

    Attributes: separate: descriptors are allocated apart. size: bytes of such a descriptor, 0 where struct
    page is all there is. type_value: what is written over _mapcount for pages of this kind, or None when they
    carry no type there.
    """

    def __init__(self, kind: str, page: PageShape) -> None:
        self.kind, self.page, self.design = kind, page, page.design
        self.descriptor = _descriptor(kind, page.design)
        self.separate = self.descriptor is not None and self.descriptor.separate
        self.size = self.descriptor.struct.size if self.descriptor is not None and self.separate else 0
        self.frozen = self.descriptor is not None and self.descriptor.frozen
        if self.separate and page.find("memdesc") is None:
            raise InputError(
                self.design.name,
                f"cannot hold {kind} pages: their descriptor is allocated apart, and {page.struct.spelling} "
                "has no member memdesc that leads to it",
            )
        self.type_value = self._type_value()

    @property
    def struct(self) -> Struct:
        """The struct that messages name: the kind's own, or struct page."""
        return self.descriptor.struct if self.descriptor is not None else self.page.struct

    def find(self, *names: str) -> Member | None:
        """Return the first of `names` that the kind's own descriptor has, at any depth, or None."""
        for name in names:
            found = self.exactly(name) or self._find(name, inside=True)
            if found is not None:
                return found
        return None

    def exactly(self, path: str) -> Member | None:
        """Return the member at just this path of the kind's own descriptor, or None."""
        return self._find(path, inside=False)

    def _find(self, wanted: str, *, inside: bool) -> Member | None:
        """Look in the kind's descriptor, or in struct page when it is described by nothing else."""
        step = self.struct.align if self.separate else self.page.step
        arm = self.descriptor is None or self.descriptor.arm
        hide = frozenset(()) if arm else frozenset((self.page.struct.name,))
        for cell in cells(self.struct, hide):
            if cell.path.endswith("." + wanted) if inside else cell.path == wanted:
                return self.page.memory.member(cell, step)
        return None

    def generic(self, word: str, *names: str) -> Member | None:
        """Return a member that every page has, where pages of this kind keep it: in their own descriptor
        under one of `names`, or in struct page, unless the kind's descriptors are apart."""
        own = self.find(*names)
        return own if own is not None or self.separate else self.page.find(word)

    def need(self, what: str, found: Member | None, *names: str) -> Member:
        """Return `found`, or that of the kind's own members called one of `names`.

        Raises: InputError: there is none; it says which member is missing.
        """
        member = found if found is not None else self.find(*names)
        if member is None:
            where = self.struct.spelling
            raise InputError(
                self.design.name,
                f"cannot hold {self.kind} pages: {where} has no member for {what} ({' or '.join(names)})",
            )
        return member

    def _type_value(self) -> int | None:
        """Return what is written over _mapcount for pages of this kind, or None when no type is."""
        if self.separate or self.page.find("type") is None:
            return None
        types = self.design.types
        said = self.descriptor.types if self.descriptor is not None else ()
        for name in dict.fromkeys((*said, TYPE_NAMES.get(self.kind, ""))):
            value = types.enumerator(f"PGTY_{name}")
            if value is not None:
                return value << 24
        declares = self.descriptor is not None and not self.descriptor.arm and self.find("page_type")
        if declares and self.kind in TYPE_NAMES and self.kind not in INVERTED_TYPES:
            return UNDECLARED_TYPE.get(TYPE_NAMES[self.kind], 0xF0) << 24
        if self.kind in INVERTED_TYPES and types.enumerator("PGTY_buddy") is None:
            return 0xFFFFFFFF & ~INVERTED_TYPES[self.kind]
        return None

    def memdesc_value(self, address: int, order: int) -> int:
        """Return what struct page's memdesc says of a page of this kind: type and descriptor's address."""
        types = self.design.types
        if self.separate:
            name = MEMDESC_TYPES[self.kind]
            value = types.enumerator(f"MEMDESC_{name}")
            if value is None:
                raise InputError(
                    self.design.name, f"cannot hold {self.kind} pages: no enumerator MEMDESC_{name}"
                )
            return address | value
        kind = types.enumerator("MEMDESC_MISC") or 0
        use = types.enumerator(f"MISC_{MISC_USES.get(self.kind, 'DRIVER')}") or 0
        mappable = MISC_MAPPABLE if self.kind in ("driver", "vmalloc") else 0
        return kind | use << 4 | mappable | order << MISC_ORDER_SHIFT


def described_apart(kind: str, design: Design) -> bool:
    """Return whether a design keeps what it says of pages of a kind outside struct page."""
    found = _descriptor(kind, design)
    return found is not None and found.separate


def _descriptor(kind: str, design: Design) -> Descriptor | None:
    for descriptor in design.descriptors:
        if kind in descriptor.kinds and not descriptor.standalone:
            return descriptor
    return None
