"""The machine: a design's memory, its managers, and the vocabulary in which traces are replayed."""

from __future__ import annotations

from memdesc.layout.design import Design
from memdesc.machine.costs import Costs
from memdesc.machine.handles import Folio, Handle, Mappable


class Machine:
    """A computer's physical memory, described by a design, and the managers that work on it.

    Args: design: a Design or whatever memdesc.layout.design.load() takes. memory_bytes: physical memory; the
    memmap lies in it and is reserved. seed: of every choice that is made at random. count_lines: count the
    cache lines of descriptors that each operation touches (some five times slower).
    Raises: InputError: the design lacks what every machine needs (it says which member), or the memory
    cannot be had.

    The vocabulary for replaying traces is `allocate`, `free`, `cache_add`, `cache_delete`, `map`, `unmap`.
    Managers, each on its own type, are attributes: `folios`, `cache`, `anon`, `slabs`, `pools`, `tables`,
    `vmalloc`, `drivers`, `zsmalloc`, `memcg`, `reclaim`.
    """

    design: Design
    memory_bytes: int
    pages: int

    def __init__(
        self, design: Design | str, memory_bytes: int, seed: int = 0, *, count_lines: bool = False
    ) -> None:
        raise NotImplementedError

    def allocate(self, kind: str, order: int = 0) -> Handle:
        """Return 2**order pages of `kind` ("file", "anon", "slab", "net", "table", "zsmalloc", "vmalloc",
        "driver", "large"), with one reference where the kind counts them. File and anon pages are on no list
        and in no mapping yet; they are on the LRU after cache_add() or a fault.

        Raises: OutOfMemory: none could be reclaimed. InputError: the design cannot hold the kind.
        """
        raise NotImplementedError

    def free(self, handle: Handle) -> None:
        """Give the pages back, whatever kind: out of its mapping, off its lists, unmapped, and to the buddy
        allocator. References that others hold keep the memory until they are put.

        Raises: Stale: it was freed before. TypeError: not a handle.
        """
        raise NotImplementedError

    def cache_add(self, folio: Folio, file: int, index: int) -> None:
        """Put a file folio into the page cache of `file` (any number) at page `index`, and on the LRU.

        Raises: KernelError: EEXIST. TypeError: not a folio.
        """
        raise NotImplementedError

    def cache_delete(self, folio: Folio) -> None:
        """Take a folio out of its page cache; the page stays allocated until free()."""
        raise NotImplementedError

    def map(self, page: Mappable, pages: int | None = None) -> None:
        """Map a page to the machine's own user process.

        Raises: TypeError: slabs, page tables and the like. KernelError: EINVAL, the bytes forbid it (a page
        type over _mapcount).
        """
        raise NotImplementedError

    def unmap(self, page: Mappable) -> None:
        """Undo one map()."""
        raise NotImplementedError

    def pages_by_kind(self) -> dict[str, int]:
        """Return kind -> page frames now, "free" and "reserved" among them. Cheap: meant for sampling."""
        raise NotImplementedError

    def costs(self) -> Costs:
        """Return what descriptors cost now and at their peak."""
        raise NotImplementedError
