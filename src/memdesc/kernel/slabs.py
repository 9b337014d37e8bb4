"""Slab caches in a dump: their names, sizes and counts, and to which one each slab belongs.

Source: struct kmem_cache and struct kmem_cache_node, mm/slab.h, mm/slub.c; get_slabinfo(), mm/slub.c.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memdesc.errors import InputError
from memdesc.kernel.decode import Descriptors
from memdesc.kernel.objects import Kernel
from memdesc.kernel.population import Cache
from memdesc.kernel.struct_page import Word

_ORDER_SHIFT = 16


@dataclass(frozen=True, slots=True)
class Caches:
    """The caches. at: kernel addresses of their struct kmem_cache, in the order of rows. owner: where a slab's
    descriptor has its cache. why: empty, or what kept the list from being read."""

    rows: tuple[Cache, ...]
    at: NDArray[np.uint64]
    owner: Word
    why: str = ""

    def column(self, pages: Descriptors, slabs: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Return the place in `rows` of the cache of each page in `slabs`, -1 for others and unknown ones.

        slabs: the heads; pages behind a head are given its cache by the caller.
        """
        out = np.full(len(pages), -1, np.int32)
        if len(self.at):
            pointers = pages.column(self.owner)[slabs].astype(np.uint64)
            order = np.argsort(self.at)
            found = np.minimum(np.searchsorted(self.at, pointers, sorter=order), len(self.at) - 1)
            place = order[found]
            out[slabs] = np.where(self.at[place] == pointers, place, -1)
        return out


def read_caches(kernel: Kernel, page_bytes: int) -> Caches:
    """Return the slab caches of the kernel; none, and why, when their list cannot be read.

    Raises: InputError: slabs do not say which cache they belong to.
    """
    name = "slab" if kernel.has("slab", "slab_cache") else "page"
    member = kernel.struct(name).field("slab_cache")
    owner = Word(member.offset // page_bytes, member.offset % page_bytes, "<u8")
    rows, at, why = [], [], ""
    try:
        for cache in kernel.chain(kernel.symbol("slab_caches"), kernel.offset("kmem_cache", "list")):
            at.append(cache)
            try:
                rows.append(_row(kernel, cache))
            except InputError as error:  # one damaged cache leaves the others as they are
                why = why or error.why
                rows.append(Cache(f"(cache at {cache:#x})", 0, 0, 0, 0, 0))
    except InputError as error:
        why = error.why
        del at[len(rows) :]
    return Caches(tuple(rows), np.array(at, np.uint64), owner, why)


def _row(kernel: Kernel, cache: int) -> Cache:
    slabs = objects = free = 0
    for node in _nodes(kernel, cache):
        slabs += kernel.number("kmem_cache_node", "nr_slabs", node)
        objects += kernel.number("kmem_cache_node", "total_objects", node)
        free += sum(_free_objects(kernel, slab) for slab in partial_slabs(kernel, node))
    return Cache(
        name=kernel.text(kernel.number("kmem_cache", "name", cache)),
        slabs=slabs,
        order=kernel.number("kmem_cache", "oo", cache) >> _ORDER_SHIFT,
        objects=objects,
        active_objects=objects - free,
        object_bytes=kernel.number("kmem_cache", "size", cache),
    )


def _nodes(kernel: Kernel, cache: int) -> Iterator[int]:
    """Yield the kmem_cache_node of each node that has one."""
    count = kernel.count_of("kmem_cache", "node")
    first = kernel.offset("kmem_cache", "node")
    # The array is cut to the nodes that there may be: it ends where the object of the cache does.
    nodes = kernel.symbols.find(("nr_node_ids",)).get("nr_node_ids")
    if nodes is not None:
        count = min(count, int.from_bytes(kernel.paging.read(nodes, 4), "little"))
    for place in range(count):
        node = kernel.word(cache + first + 8 * place)
        if node:
            yield node


def partial_slabs(kernel: Kernel, node: int) -> Iterator[int]:
    """Yield the kernel addresses of the descriptors in a node's list of partly used slabs."""
    struct = "slab" if kernel.has("slab", "slab_list") else "page"
    offset = kernel.offset(struct, "slab_list", "lru")
    return kernel.chain(node + kernel.offset("kmem_cache_node", "partial"), offset)


def _free_objects(kernel: Kernel, slab: int) -> int:
    struct = "slab" if kernel.has("slab", "objects") else "page"
    return kernel.number(struct, "objects", slab) - kernel.number(struct, "inuse", slab)
