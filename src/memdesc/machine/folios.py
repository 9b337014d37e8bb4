"""Folios: file and anonymous memory of order 0 to 9, with references, a lock, flags and a place on the LRU.

Source: include/linux/mm_types.h struct folio; mm/swap.c __folio_put(), folio_mark_accessed();
mm/huge_memory.c __split_folio_to_order(); mm/rmap.c __folio_add_rmap().
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence

from memdesc.machine.blocks import flags_of
from memdesc.machine.faults import KernelError
from memdesc.machine.frames import Frames, Ground
from memdesc.machine.handles import Folio, expect
from memdesc.machine.lists import List
from memdesc.machine.memmap import ANON, FILE, TAIL
from memdesc.machine.memory import Member

MAX_ORDER = 9
INACTIVE_ANON, ACTIVE_ANON, INACTIVE_FILE, ACTIVE_FILE, UNEVICTABLE = range(5)
MAPPING_ANON = 1
"""Bit of mapping that says it is an anon_vma. Source: PAGE_MAPPING_ANON, include/linux/page-flags.h."""


class Folios:
    """All folios. `bits` are page flags by name; lists[n] is the head of an LRU list, sizes[n] its pages."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.memmap = ground, ground.memmap
        self.kinds = {"file": Frames(ground, "file", Folio), "anon": Frames(ground, "anon", Folio)}
        self._file, self._anon = self.kinds["file"], self.kinds["anon"]
        shape, page = self._file.shape, ground.page
        self.bits = flags_of(shape)
        self.flags = shape.need("flags", self._file.flags, "flags")
        self.refcount = shape.need("references", self._file.refcount, "_refcount")
        self.mapcount = shape.need("mappings", shape.generic("mapcount", "_mapcount"), "_mapcount")
        self.mapping = shape.need("the mapping", shape.generic("mapping", "mapping"), "mapping")
        self.index = shape.need("the index", shape.generic("index", "index"), "index")
        self.private = shape.need("private data", shape.generic("private", "private"), "private")
        self.memcg = shape.generic("memcg", "memcg_data")
        self._large = shape.find("_large_mapcount")
        self._entire = shape.find("_entire_mapcount", "_total_mapcount")
        self._second_entire = page.named("compound_mapcount") if self._entire is None else None
        self._mapped = shape.find("_nr_pages_mapped")
        self._deferred = shape.find("_deferred_list.next")
        self._hugetlb = shape.find("_hugetlb_cgroup")
        self._later = None if shape.separate else page.find("mapcount")
        first, second = shape.find("lru.next"), shape.find("lru.prev")
        self.list = List(
            ground.memory, shape.need("the LRU", first, "lru"), shape.need("the LRU", second, "lru")
        )
        word = 2 * ground.memory.abi.pointer
        self.lists = [self.list.head_at(self.memmap.carve(word)) for _ in range(5)]
        self.sizes = [0] * 5
        self._pfn = shape.exactly("pfn") if shape.separate else None
        self._start, self._size = self.memmap.start, self.memmap.size
        self._locked, self._on_lru = self.bits["locked"], self.bits["lru"]
        self._memory = ground.memory
        self.uncharge: Callable[[Folio], None] = self._uncharge

    # -- life --

    def allocate(self, kind: str = "file", order: int = 0) -> Folio:
        """Return a new folio of `kind` ("file", "anon") and one reference to it, in no mapping, on no list.

        Raises: OutOfMemory. KernelError: EINVAL, no such order.
        """
        if order > MAX_ORDER:
            raise KernelError(errno.EINVAL, f"no folio of order {order}: the largest has order {MAX_ORDER}")
        folio = (self._anon if kind == "anon" else self._file).allocate(order)
        at = folio.at
        if self._pfn is not None:
            self.mapcount.set(at, -1)
        if order:
            self._prepare_large(folio, order)
        return folio

    def _prepare_large(self, folio: Folio, order: int) -> None:
        """Source: prep_compound_head(), mm/internal.h."""
        self._write_large(folio, order, -1)
        if self._deferred is not None and order > 1:
            here = self._memory.address(folio.at + self._deferred.offset)
            self._deferred.set(folio.at, here)
            self._deferred.set(folio.at + self._memory.abi.pointer, here)

    def _write_large(self, folio: Folio, order: int, unmapped: int) -> None:
        """Write the counts that a large folio has beyond its first page: those that lie within its pages. On
        32-bit machines some lie in the third, which a folio of two does not have."""
        end = folio.at + (self._size << order) if self._pfn is None else folio.at + (1 << 12)
        second = folio.at + self._size
        for member, at, value in (
            (self._large, folio.at, unmapped), (self._entire, folio.at, unmapped), (self._mapped, folio.at, 0),
            (self._second_entire, second, unmapped),
        ):  # fmt: skip
            if member is not None and at + member.offset < end:
                member.set(at, value)

    def get(self, folio: Folio) -> None:
        """Take a reference. Source: folio_get()."""
        expect(folio, Folio)
        self.memmap.alive(folio, FILE, ANON)
        self.refcount.add(folio.at, 1)

    def put(self, folio: Folio) -> bool:
        """Drop a reference; with the last the folio is freed, and the answer is True. Source: folio_put()."""
        expect(folio, Folio)
        self.memmap.alive(folio, FILE, ANON)
        count = self.refcount
        slot = (folio.at + count.offset) >> count.shift
        left = count.view[slot] - 1
        if left:
            count.view[slot] = left
            return False
        self.free(folio)
        return True

    def free(self, folio: Folio) -> None:
        """Free a folio that nobody refers to, maps or finds. Source: __folio_put()."""
        at = folio.at
        slot = (at + self.flags.offset) >> self.flags.shift
        flags = self.flags.view[slot]
        order = self.order(folio)
        if flags & self._on_lru:
            self.lru_del(folio)
            flags = self.flags.view[slot]
        if self.memcg is not None and self.memcg.view[(at + self.memcg.offset) >> self.memcg.shift]:
            self.uncharge(folio)
        if order and self._pfn is None:
            self._forget_large(folio, order)
        self.flags.view[slot] = flags & self._kept(flags)
        self.mapping.view[(at + self.mapping.offset) >> self.mapping.shift] = 0
        self.private.set(at, 0)
        (self._anon if self.memmap.truth[folio.pfn] == ANON else self._file).release(folio, order)

    def _uncharge(self, folio: Folio) -> None:
        assert self.memcg is not None
        self.memcg.set(folio.at, 0)

    def _kept(self, flags: int) -> int:
        """Return the mask of flags bits that outlive an allocation: zone, node, and whether it is a head."""
        width = self.flags.size * 8
        upper = ((1 << width) - 1) ^ ((1 << 24) - 1)
        return upper | self.bits["head"] if flags else upper

    def _forget_large(self, folio: Folio, order: int) -> None:
        self._write_large(folio, order, 0)
        if self._deferred is not None and order > 1:
            self._deferred.set(folio.at, 0)
            self._deferred.set(folio.at + self._memory.abi.pointer, 0)

    def order(self, folio: Folio) -> int:
        """Return the order of a folio. Source: folio_order()."""
        return self._file.blocks.order(folio.pfn, folio.at)

    def handle(self, at: int) -> Folio:
        """Return the folio whose descriptor starts at `at`, as one met on a list."""
        pfn = self._pfn.get(at) if self._pfn is not None else (at - self._start) // self._size
        return Folio(pfn, at)

    # -- flags --

    def test(self, folio: Folio, flag: str) -> bool:
        """Whether a page flag ("dirty", "active", ...) is set."""
        return bool(self.flags.get(folio.at) & self.bits[flag])

    def set(self, folio: Folio, flag: str, value: bool = True) -> None:
        """Set or clear a page flag."""
        old, bit = self.flags.get(folio.at), self.bits[flag]
        self.flags.set(folio.at, old | bit if value else old & ~bit)

    def lock(self, folio: Folio) -> None:
        """Lock a folio. Raises: KernelError: EDEADLK, it is locked already. Source: folio_lock()."""
        expect(folio, Folio)
        self.memmap.alive(folio, FILE, ANON)
        if self.test(folio, "locked"):
            raise KernelError(errno.EDEADLK, f"{folio} is locked already, and this machine has one task")
        self.set(folio, "locked")

    def unlock(self, folio: Folio) -> None:
        """Unlock it. Source: folio_unlock()."""
        expect(folio, Folio)
        self.memmap.alive(folio, FILE, ANON)
        self.set(folio, "locked", False)

    # -- LRU --

    def lru_add(self, folio: Folio) -> None:
        """Put a folio on the LRU list that its flags name. Source: lruvec_add_folio()."""
        at, member = folio.at, self.flags
        slot = (at + member.offset) >> member.shift
        flags = member.view[slot] | self._on_lru
        member.view[slot] = flags
        which = self._which(flags)
        self.list.add(at, self.lists[which])
        self.sizes[which] += (
            1 << self.order(folio) if flags & self.bits["head"] or self._pfn is not None else 1
        )

    def lru_del(self, folio: Folio) -> None:
        """Take it off. Source: lruvec_del_folio()."""
        at, member = folio.at, self.flags
        slot = (at + member.offset) >> member.shift
        flags = member.view[slot]
        member.view[slot] = flags & ~self._on_lru
        self.list.remove(at)
        self.sizes[self._which(flags)] -= 1 << self.order(folio)

    def _which(self, flags: int) -> int:
        bits = self.bits
        if flags & bits["unevictable"]:
            return UNEVICTABLE
        active = 1 if flags & bits["active"] else 0
        return (INACTIVE_ANON if flags & bits["swapbacked"] else INACTIVE_FILE) + active

    def mark_accessed(self, folio: Folio) -> None:
        """The first time mark it referenced, the second active. Source: folio_mark_accessed()."""
        expect(folio, Folio)
        flags, bits = self.flags.get(folio.at), self.bits
        if not flags & bits["referenced"]:
            self.flags.set(folio.at, flags | bits["referenced"])
        elif flags & self._on_lru and not flags & (bits["active"] | bits["unevictable"]):
            self.lru_del(folio)
            self.flags.set(folio.at, self.flags.get(folio.at) & ~bits["referenced"] | bits["active"])
            self.lru_add(folio)

    # -- mappings to user space --

    def add_rmap(self, folio: Folio) -> None:
        """Count one more entry for each page of the folio. Source: folio_add_new_anon_rmap()."""
        order = self.order(folio)
        if order:
            self._count(folio, range(folio.pfn, folio.pfn + (1 << order)), 1)
            return
        member = self.mapcount
        slot = (folio.at + member.offset) >> member.shift
        member.view[slot] = member.view[slot] + 1

    def add_pages(self, folio: Folio, frames: Sequence[int]) -> None:
        """Count one more entry for each of `frames`, all of this folio. Source: folio_dup_file_rmap_ptes()."""
        self._count(folio, frames, 1)

    def remove_pages(self, folio: Folio, frames: Sequence[int]) -> None:
        """Count one entry less for each of `frames`. Source: folio_remove_rmap_ptes()."""
        self._count(folio, frames, -1)

    def _count(self, folio: Folio, frames: Sequence[int], number: int) -> None:
        if not self.order(folio):
            self.mapcount.add(folio.at, number * len(frames))
            return
        if self._large is not None:
            self._large.add(folio.at, number * len(frames))
        if self._later is not None:
            for frame in frames:
                self._later.add(self.memmap.at(frame), number)
        elif self._large is None:
            self.mapcount.add(folio.at, number * len(frames))

    def folio_mapcount(self, folio: Folio) -> int:
        """Return how many entries of page tables map it, each page's added up. Source: folio_mapcount()."""
        order = self.order(folio)
        if not order or (self._large is None and self._later is None):
            return self.mapcount.get(folio.at) + 1
        if self._large is not None:
            return self._large.get(folio.at) + 1
        assert self._later is not None
        at = self.memmap.at(folio.pfn)
        return sum(signed(self._later, at + number * self._size) + 1 for number in range(1 << order))

    # -- splitting --

    def split(self, folio: Folio) -> list[Folio]:
        """Split a large folio into single pages, each on the LRU where the large one was; return them.

        The caller holds the only reference beyond the page cache's, and gets one for each page.
        Raises: KernelError: EBUSY, it is mapped. Source: split_huge_page_to_list_to_order().
        """
        expect(folio, Folio)
        order = self.order(folio)
        if not order:
            return [folio]
        if self.folio_mapcount(folio):
            raise KernelError(errno.EBUSY, f"{folio} is mapped")
        kind = self.memmap.truth[folio.pfn] & ~TAIL
        frames = self._anon if kind == ANON else self._file
        at = folio.at
        mapping, index, memcg = (
            self.mapping.get(at),
            self.index.get(at),
            self.memcg.get(at) if self.memcg else 0,
        )
        flags, count = self.flags.get(at), self.refcount.get(at)
        cached = (1 << order) if mapping else 0
        on_list = bool(flags & self._on_lru)
        spare = frames.reserve((1 << order) - 1)
        if on_list:
            self.lru_del(folio)
        if self._pfn is None:
            self._forget_large(folio, order)
        frames.blocks.unmake(folio.pfn, order)
        keep = flags & ((1 << 24) - 1) & ~self.bits["head"] & ~self._on_lru
        out = []
        for number in range(1 << order):
            page = folio if not number else frames.adopt(folio.pfn + number, spare)
            if not number:
                frames.settle(page)
            self.flags.set(page.at, self.flags.get(page.at) & ~((1 << 24) - 1) & ~self._order_bits() | keep)
            self.mapping.set(page.at, mapping)
            self.index.set(page.at, index + number)
            self.mapcount.set(page.at, -1)
            self.refcount.set(page.at, (count - cached if not number else 1) + (1 if cached else 0))
            if self.memcg is not None:
                self.memcg.set(page.at, memcg)
            if on_list:
                self.lru_add(page)
            out.append(page)
        return out

    def _order_bits(self) -> int:
        return 15 << 24 if self._pfn is not None else 0

    def charge_hugetlb(self, folio: Folio, address: int) -> None:
        """Note a hugetlb cgroup in a later page of a large folio. Source: set_hugetlb_cgroup()."""
        expect(folio, Folio)
        if self._hugetlb is None or self._hugetlb.offset >= self._size << self.order(folio):
            raise KernelError(errno.EINVAL, f"{folio} has no place for a hugetlb cgroup")
        self._hugetlb.set(folio.at, address)
        self.memmap.note(folio.pfn, "hugetlb cgroup set")


def signed(member: Member, at: int) -> int:
    """Return a count that lies where a page type can lie as the signed number that it is."""
    value = member.get(at)
    return value if member.signed or value <= member.mask >> 1 else value - member.mask - 1
