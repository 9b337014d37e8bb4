"""Descriptors that a design allocates apart from struct page: from slab caches of the machine itself.

The descriptors of slabs come from a slab cache as well; the slabs of that one cache hold their own, as their
first object, so that making one needs no other.
"""

from __future__ import annotations

from memdesc.machine.costs import CacheCost
from memdesc.machine.frames import Ground
from memdesc.machine.shape import KINDS, Shape
from memdesc.machine.slabs import KmemCache, Slabs


class Descriptors:
    """The caches of separate descriptors. used, peaks: descriptors by kind number."""

    def __init__(self, ground: Ground, slabs: Slabs) -> None:
        self._ground, self._slabs = ground, slabs
        self.used = [0] * len(KINDS)
        self.peaks = [0] * len(KINDS)
        self.sizes = [0] * len(KINDS)
        self.caches: dict[str, KmemCache] = {}
        self._of_kind: dict[int, tuple[KmemCache, bytes]] = {}
        self._bytes, self._base, self._word = ground.memory.bytes, ground.memory.base, ground.memory.word()
        ground.take_descriptor, ground.give_descriptor = self.take, self.give
        self.peak_pages = 0
        for number, kind in enumerate(KINDS):
            shape = Shape(kind, ground.page)
            if not shape.separate or kind == "free":
                continue
            name = shape.struct.name
            if name not in self.caches:
                self.caches[name] = slabs.create(f"memdesc:{name}", shape.size)
                self.caches[name].own = int(kind == "slab")
            self._of_kind[number] = (self.caches[name], bytes(shape.size))
            self.sizes[number] = shape.size

    @property
    def pages(self) -> int:
        """Pages that hold separate descriptors now."""
        return sum(cache.slabs << cache.order for cache in self.caches.values())

    def take(self, kind: int) -> int:
        """Return where a new descriptor for a page of `kind` (its number) starts, all zero. Raises OutOfMemory."""
        cache, empty = self._of_kind[kind]
        at, slabs = cache.freelist, cache.slabs
        if at:
            word = self._word
            after = word.view[at >> word.shift]
            cache.freelist = after - self._base if after else 0
            cache.used += 1
        else:
            at = self._slabs.allocate(cache)
        self._bytes[at : at + len(empty)] = empty
        self._ground.extra_allocations += 1
        used = self.used[kind] = self.used[kind] + 1
        if used > self.peaks[kind]:
            self.peaks[kind] = used
        if cache.slabs != slabs:
            self.peak_pages = max(self.peak_pages, self.pages)
        return at

    def give(self, kind: int, at: int) -> None:
        """Free a descriptor."""
        self.used[kind] -= 1
        self._slabs.free(at)

    def costs(self) -> tuple[CacheCost, ...]:
        """Return what each cache holds now."""
        return tuple(
            CacheCost(name, cache.size, cache.used + cache.own * cache.slabs, cache.slabs << cache.order)
            for name, cache in self.caches.items()
        )
