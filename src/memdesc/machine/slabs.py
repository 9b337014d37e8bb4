"""Slab caches on slab pages: objects, freelists inside them, slabs in use, on a CPU's list, on the node's list.

Free objects are linked through their own first word; a slab's descriptor holds the first of them, the cache,
counts, and its place on a list. The slab from which a CPU allocates, and those that it keeps for itself, are
frozen; the latter are linked by `next` and counted by `slabs` where the design has these members.

Source: mm/slub.c: ___slab_alloc(), __slab_free(), put_cpu_partial(), discard_slab(), as of 6.1 to 6.12.
"""

from __future__ import annotations

import numpy as np

from memdesc.errors import Bug
from memdesc.machine.buddy import NO_TYPE
from memdesc.machine.faults import KernelError, Stale
from memdesc.machine.frames import Frames, Ground
from memdesc.machine.handles import Slab, expect
from memdesc.machine.lists import List
from memdesc.machine.memmap import SLAB, TAIL
from memdesc.machine.memory import PAGE_SHIFT, PAGE_SIZE

MIN_PARTIAL = 5
CPU_PARTIAL = 6
"""Slabs that a CPU keeps for itself at most. Source: slub_set_cpu_partial()."""
MAX_ORDER = 3
OBJEXTS = 1
"""Bit of memcg_data that says it is a vector of a slab's objects. Source: MEMCG_DATA_OBJEXTS."""


class Group:
    """A memory cgroup. charged: pages. object_bytes: of slab objects."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.address = 0
        self.charged = self.object_bytes = 0


class KmemCache:
    """A cache of objects of one size.

    Attributes: freelist: place of the CPU's next free object, 0 when there is none. slab: the slab that the
    CPU allocates from. kept: where the descriptor of the first slab on the CPU's own list starts, 0 for none.
    used: objects handed out. slabs, nr_partial: counted as the kernel does. own: objects of each slab that
    are never handed out (its own descriptor).
    """

    def __init__(self, name: str, size: int, accounted: bool) -> None:
        self.name, self.accounted = name, accounted
        self.size = max((size + 7) & ~7, 16)
        self.order = next((o for o in range(MAX_ORDER) if (PAGE_SIZE << o) // self.size >= 8), MAX_ORDER)
        self.objects = (PAGE_SIZE << self.order) // self.size
        self.address = 0
        self.freelist = 0
        self.slab: Slab | None = None
        self.kept = 0
        self.head = 0
        self.used = self.slabs = self.nr_partial = self.own = 0
        self.vectors: KmemCache | None = None


class Slabs:
    """All slab caches. Its functions take slabs, caches and objects; an object is the byte where it lies.

    Attributes: group: what objects of accounted caches are charged to now (see Memcg.current).
    """

    def __init__(self, ground: Ground) -> None:
        self.ground, self.memmap, self.memory = ground, ground.memmap, ground.memory
        self.frames = Frames(ground, "slab", Slab)
        shape = self.frames.shape
        word = ground.memory.abi.pointer
        self._cache = shape.need("the cache", None, "slab_cache")
        self._freelist = shape.need("the freelist", None, "freelist")
        self._inuse = shape.need("the objects in use", None, "inuse", "active")
        self._objects, self._frozen = shape.find("objects"), shape.find("frozen")
        self._next, self._slabs = shape.exactly("next"), shape.exactly("slabs") or shape.exactly("pages")
        self._vector = shape.generic("memcg", "obj_exts", "memcg_data")
        self._start_of = shape.find("s_mem")
        first = shape.need("the partial list", None, "slab_list.next")
        second = shape.need("the partial list", None, "slab_list.prev")
        self.list = List(ground.memory, first, second)
        self._word = ground.memory.word()
        self._word_size = word
        page = ground.page
        self._memdesc = page.find("memdesc") if shape.separate else None
        self._head = page.find("head")
        self._mapping = None if shape.separate else page.find("mapping")
        self._mapcount = None if shape.separate else page.find("type")
        self._pfn = shape.find("pfn")
        self.keeps = self._next is not None and self._slabs is not None
        self.caches: dict[str, KmemCache] = {}
        self.group: Group | None = None
        self._plain = self.create("replayed-slab", 64)

    def create(self, name: str, size: int, *, accounted: bool = False) -> KmemCache:
        """Return a new cache for objects of `size` bytes. accounted: its objects are charged to a memcg, in
        a vector for each slab, where the design has a place for it."""
        if size > PAGE_SIZE << MAX_ORDER:
            raise KernelError(
                22, f"objects of {size} bytes do not fit a slab: {PAGE_SIZE << MAX_ORDER} is the most"
            )
        cache = self.ground.objects.place(KmemCache(name, size, accounted and self._vector is not None))
        cache.head = self.list.head_at(self.memmap.carve(2 * self._word_size))
        if cache.accounted:
            cache.vectors = self.kmalloc_cache(cache.objects * self._word_size)
        self.caches[name] = cache
        return cache

    def kmalloc_cache(self, size: int) -> KmemCache:
        """Return the kmalloc cache for `size` bytes, made when first asked for."""
        rounded = 16
        while rounded < size:
            rounded *= 2
        name = f"kmalloc-{rounded}"
        return self.caches.get(name) or self.create(name, rounded)

    def allocate(self, cache: KmemCache) -> int:
        """Return the byte where a free object of `cache` lies. Raises OutOfMemory."""
        place = cache.freelist or self._refill(cache)
        word = self._word
        after = word.view[place >> word.shift]
        cache.freelist = after - self.memory.base if after else 0
        cache.used += 1
        if self.group is not None and cache.vectors is not None:
            self._charge(cache, place, self.group)
        return place

    def free(self, place: int) -> None:
        """Free the object at byte `place`; its slab and cache are found from the address, as kfree() does.

        Raises: Stale: no slab is there, or this was the last object that was freed.
        """
        if self.memmap.truth[place >> PAGE_SHIFT] & ~TAIL != SLAB:
            raise Stale(f"no slab object is at {place:#x}")
        at = self._descriptor_of(place)
        owner = self._cache
        cache = self.ground.objects.at(owner.view[(at + owner.offset) >> owner.shift], KmemCache)
        if place in (cache.freelist, self._freelist.get(at) - self.memory.base):
            raise Stale(f"the object at {place:#x} of {cache.name} was freed")
        cache.used -= 1
        if cache.vectors is not None:
            self._uncharge(cache, at, place)
        current = cache.slab
        if current is not None and current.at == at:
            word = self._word
            word.view[place >> word.shift] = self.memory.base + cache.freelist if cache.freelist else 0
            cache.freelist = place
            return
        self._free_slowly(cache, self._slab_at(at), place)

    def slab_of(self, place: int) -> Slab:
        """Return the slab that the object at byte `place` lies in.

        Raises: Bug: no slab lies there. Source: virt_to_slab(), mm/slab.h.
        """
        return self._slab_at(self._descriptor_of(place))

    def _descriptor_of(self, place: int) -> int:
        """Return where the descriptor of the slab with the object at `place` starts, as its page says."""
        at = self.memmap.start + (place >> PAGE_SHIFT) * self.memmap.size
        member = self._memdesc
        if member is not None:
            return (member.view[(at + member.offset) >> member.shift] & ~15) - self.memory.base
        member = self._head
        if member is not None and (head := member.view[(at + member.offset) >> member.shift]) & 1:
            return head - 1 - self.memory.base
        return at

    def allocate_slab(self, order: int = 0) -> Slab:
        """Return slab pages all of whose objects are in use, of no cache that anybody allocates from: what a
        trace of pages knows of a slab."""
        slab = self.frames.allocate(order)
        self._write(self._plain, slab, (PAGE_SIZE << order) // self._plain.size)
        return slab

    def free_slab(self, slab: Slab) -> None:
        """Give the pages of allocate_slab() back.

        Raises: TypeError: not a slab. KernelError: EBUSY, a cache allocates objects from it.
        """
        expect(slab, Slab)
        self.memmap.alive(slab, SLAB)
        if self._cache.get(slab.at) != self._plain.address:
            raise KernelError(16, "objects of this slab belong to a cache; free them one by one")
        self._discard(self._plain, slab)

    def shrink(self, cache: KmemCache) -> int:
        """Free the slabs of `cache` that hold no object; return how many. Source: kmem_cache_shrink()."""
        self._unfreeze_kept(cache)
        empty = [at for at in self.list.walk(cache.head) if self._inuse.get(at) == cache.own]
        for at in empty:
            self._off_list(cache, at)
            self._discard(cache, self._slab_at(at))
        return len(empty)

    def charges(self, cache: KmemCache, slab: Slab) -> list[int]:
        """Return, for each object of a slab, the address of the group that it is charged to, or 0. Source:
        slab_obj_exts()."""
        if self._vector is None or cache.vectors is None:
            return [0] * cache.objects
        return [self._word.get(self._slot(slab.at, n)) for n in range(cache.objects)]

    # -- inside --

    def _slot(self, at: int, number: int) -> int:
        """Return the byte of the slab's vector that says who pays for its object `number`."""
        assert self._vector is not None
        return self.memory.place(self._vector.get(at) & ~7) + number * self._word_size

    def _charge(self, cache: KmemCache, place: int, group: Group) -> None:
        """Charge an object to the current group. Source: memcg_slab_post_alloc_hook()."""
        slab = self.slab_of(place)
        number = (place - (slab.pfn << PAGE_SHIFT)) // cache.size
        self._word.set(self._slot(slab.at, number), group.address)
        group.object_bytes += cache.size

    def _uncharge(self, cache: KmemCache, at: int, place: int) -> None:
        """Undo it. Source: memcg_slab_free_hook()."""
        slab = self._slab_at(at)
        slot = self._slot(at, (place - (slab.pfn << PAGE_SHIFT)) // cache.size)
        address = self._word.get(slot)
        if address:
            self.ground.objects.at(address, Group).object_bytes -= cache.size
            self._word.set(slot, 0)

    def _refill(self, cache: KmemCache) -> int:
        """Make another slab the one the CPU allocates from; return the place of its first free object."""
        if cache.slab is not None:
            if self._frozen is not None:
                self._frozen.set(cache.slab.at, 0)
            cache.slab = None
        if cache.kept:
            at = cache.kept
            assert self._next is not None
            after = self._next.get(at)
            cache.kept = self.memory.place(after) if after else 0
            slab = self._slab_at(at)
        elif (at := self.list.first(cache.head)) != -1:
            self._off_list(cache, at)
            slab = self._slab_at(at)
        else:
            slab = self._new(cache)
        first = self._freelist.get(slab.at)
        self._freelist.set(slab.at, 0)
        self._inuse.set(slab.at, cache.objects)
        if self._frozen is not None:
            self._frozen.set(slab.at, 1)
        cache.slab = slab
        self.memmap.note(slab.pfn, f"the slab that {cache.name} allocates from")
        return self.memory.place(first)

    def _new(self, cache: KmemCache) -> Slab:
        slab = self.frames.allocate(cache.order, -1 if cache.own else None)
        # Of the slabs of slab descriptors the first object is the slab's own descriptor.
        start = (slab.pfn << PAGE_SHIFT) + cache.own * cache.size
        order = "<" if self.memory.abi.byteorder == "little" else ">"
        number = cache.objects - cache.own
        links = np.ndarray((number,), f"{order}u{self._word_size}", self.memory.bytes, start, (cache.size,))
        first = self.memory.address(start)
        links[:-1] = first + np.arange(1, number, dtype=np.uint64) * np.uint64(cache.size)
        links[-1] = 0
        self._write(cache, slab, cache.own)
        self._freelist.set(slab.at, first)
        cache.slabs += 1
        if cache.accounted and self._vector is not None and cache.vectors is not None:
            vector = self.allocate(cache.vectors)
            self.memory.bytes[vector : vector + cache.vectors.size] = bytes(cache.vectors.size)
            self._vector.set(slab.at, self.memory.address(vector) | OBJEXTS)
        return slab

    def _write(self, cache: KmemCache, slab: Slab, used: int) -> None:
        self._cache.set(slab.at, cache.address)
        self._freelist.set(slab.at, 0)
        self._inuse.set(slab.at, used & self._inuse.mask)
        if self._objects is not None:
            self._objects.set(slab.at, cache.objects & self._objects.mask)
        if self._start_of is not None:
            self._start_of.set(slab.at, self.memory.address(slab.pfn << PAGE_SHIFT))

    def _free_slowly(self, cache: KmemCache, slab: Slab, place: int) -> None:
        prior = self._freelist.get(slab.at)
        self._word.set(place, prior)
        self._freelist.set(slab.at, self.memory.address(place))
        left = self._inuse.get(slab.at) - 1
        self._inuse.set(slab.at, left)
        if self._kept(cache, slab.at):
            return
        if not prior:
            if self.keeps:
                self._keep(cache, slab)
            else:
                self._on_list(cache, slab.at)
        if left == cache.own and not self._kept(cache, slab.at) and cache.nr_partial > MIN_PARTIAL:
            self._off_list(cache, slab.at)
            self._discard(cache, slab)

    def _kept(self, cache: KmemCache, at: int) -> bool:
        """Whether a slab is on the CPU's own list: frozen, or found on the list where that is not kept."""
        if not self.keeps:
            return False
        if self._frozen is not None:
            return self._frozen.get(at) == 1
        assert self._next is not None
        one = cache.kept
        while one:
            if one == at:
                return True
            after = self._next.get(one)
            one = self.memory.place(after) if after else 0
        return False

    def _keep(self, cache: KmemCache, slab: Slab) -> None:
        """Put a slab that was full on the CPU's own list. Source: put_cpu_partial()."""
        assert self._next is not None
        assert self._slabs is not None
        if cache.kept and self._slabs.get(cache.kept) >= CPU_PARTIAL:
            self._unfreeze_kept(cache)
        number = self._slabs.get(cache.kept) + 1 if cache.kept else 1
        self._slabs.set(slab.at, number)
        self._next.set(slab.at, self.memory.address(cache.kept) if cache.kept else 0)
        if self._frozen is not None:
            self._frozen.set(slab.at, 1)
        cache.kept = slab.at
        self.memmap.note(slab.pfn, f"on the CPU's own list, slabs={number}")

    def _unfreeze_kept(self, cache: KmemCache) -> None:
        """Move the CPU's own list to the node's list. Source: __unfreeze_partials()."""
        while cache.kept:
            at = cache.kept
            assert self._next is not None
            after = self._next.get(at)
            cache.kept = self.memory.place(after) if after else 0
            if self._frozen is not None:
                self._frozen.set(at, 0)
            slab = self._slab_at(at)
            if self._inuse.get(at) == cache.own and cache.nr_partial >= MIN_PARTIAL:
                self._discard(cache, slab)
            else:
                self._on_list(cache, at)

    def _slab_at(self, at: int) -> Slab:
        """Return the slab whose descriptor starts at `at`: by its page, or by its objects when apart."""
        if not self.frames.shape.separate:
            return Slab(self.memmap.pfn_of(at), at)
        pfn = self._pfn
        if pfn is None:
            raise Bug("a slab's descriptor does not say where the slab is")
        return Slab(pfn.get(at), at)

    def _on_list(self, cache: KmemCache, at: int) -> None:
        self.list.add_tail(at, cache.head)
        cache.nr_partial += 1
        if self.memmap.journal is not None:
            self.memmap.note(self._slab_at(at).pfn, f"on the node's list of {cache.name}")

    def _off_list(self, cache: KmemCache, at: int) -> None:
        self.list.remove(at)
        cache.nr_partial -= 1

    def _discard(self, cache: KmemCache, slab: Slab) -> None:
        """Give a slab's pages back, mapping and counts as the page allocator wants them. Source: __free_slab()."""
        at = slab.at
        order = self.frames.order(slab)
        if self._vector is not None:
            vector = self._vector.get(at)
            if vector and cache.vectors is not None:
                self._vector.set(at, 0)
                self.free(self.memory.place(vector & ~7))
        if cache is not self._plain:
            cache.slabs -= 1
        self._clear(at)
        self.frames.release(slab, order)

    def _clear(self, at: int) -> None:
        """Restore what the page allocator checks: no mapping, a count of mappings that says none."""
        if self._mapping is not None:
            self._mapping.set(at, 0)
        if self._mapcount is not None:
            self._mapcount.set(at, NO_TYPE if not self._mapcount.signed else -1)
