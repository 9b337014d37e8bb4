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
        self._of_kind: dict[str, KmemCache] = {}
        ground.take_descriptor, ground.give_descriptor = self.take, self.give
        self.pages = self.peak_pages = 0
        for kind in KINDS:
            shape = Shape(kind, ground.page)
            if not shape.separate or kind == "free":
                continue
            name = shape.struct.name
            if name not in self.caches:
                self.caches[name] = slabs.create(f"memdesc:{name}", shape.size)
                self.caches[name].own = int(kind == "slab")
            self._of_kind[kind] = self.caches[name]
            self.sizes[KINDS.index(kind)] = shape.size

    def take(self, kind: str) -> int:
        """Return where a new descriptor for a page of `kind` starts, all zero. Raises OutOfMemory."""
        cache = self._of_kind[kind]
        slabs = cache.slabs
        at = self._slabs.allocate(cache)
        self._ground.memory.bytes[at : at + cache.size] = bytes(cache.size)
        self._ground.extra_allocations += 1
        number = KINDS.index(kind)
        self.used[number] += 1
        if self.used[number] > self.peaks[number]:
            self.peaks[number] = self.used[number]
        if cache.slabs != slabs:
            self.pages = sum(c.slabs << c.order for c in self.caches.values())
            self.peak_pages = max(self.peak_pages, self.pages)
        return at

    def give(self, kind: str, at: int) -> None:
        """Free a descriptor."""
        self.used[KINDS.index(kind)] -= 1
        self._slabs.free(at)

    def move(self, old: int, new: int) -> None:
        """Count a descriptor under another kind: numbers of KINDS."""
        self.used[old] -= 1
        self.used[new] += 1
        self.peaks[new] = max(self.peaks[new], self.used[new])

    def costs(self) -> tuple[CacheCost, ...]:
        """Return what each cache holds now."""
        return tuple(
            CacheCost(name, cache.size, cache.used + cache.own * cache.slabs, cache.slabs << cache.order)
            for name, cache in self.caches.items()
        )
