"""Processes: address spaces of user processes, anonymous memory in them, fork with copy-on-write, swap.

An entry of a page table is a number: 0, or a frame, whether it may be written, and which type of page it is;
or a swap slot. Page tables cost pages of their own, one for each 512 entries and level.

Source: mm/memory.c do_anonymous_page(), do_wp_page(), do_swap_page(), copy_page_range(), zap_pte_range(),
vm_insert_page(), validate_page_before_insert(); mm/rmap.c try_to_unmap().
"""

from __future__ import annotations

import errno
from dataclasses import dataclass

from memdesc.machine.cache import AddressSpace, PageCache
from memdesc.machine.faults import KernelError, Stale
from memdesc.machine.folios import MAPPING_ANON, Folios
from memdesc.machine.frames import Ground
from memdesc.machine.handles import Folio, Mappable, TablePage, expect_mappable
from memdesc.machine.memcg import Memcg
from memdesc.machine.plain import Tables
from memdesc.machine.rmap import Inserted

LEVELS = (9, 18, 27)
SWAPPED = 1 << 62
WRITE = 1 << 61
INSERTED = 1 << 60
FRAME = (1 << 48) - 1


class AnonVma:
    """What anonymous folios of a family of processes point to: which address spaces may map them."""

    def __init__(self) -> None:
        self.address = 0
        self.mms: list[Mm] = []
        self.folios = 0


class Mm:
    """A process's address space. entries: virtual page -> entry. tables: (level, number) -> its page."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.address = 0
        self.entries: dict[int, int] = {}
        self.tables: dict[tuple[int, int], TablePage] = {}
        self.inserted: dict[int, Mappable] = {}
        self.anon_vma: AnonVma | None = None
        self.files: list[tuple[AddressSpace, int, int, int]] = []
        self.top: TablePage | None = None
        self.alive = True


@dataclass(slots=True)
class Swap:
    """The swap device: slots and how many entries refer to each. pages: its size."""

    pages: int
    used: int
    counts: dict[int, int]
    written: int = 0
    read: int = 0
    next: int = 1

    def take(self) -> int:
        """Return a free slot, counted by nobody yet, or 0 when the device is full."""
        if self.used >= self.pages:
            return 0
        self.used += 1
        slot = self.next
        self.next += 1
        self.counts[slot] = 0
        return slot

    def put(self, slot: int) -> None:
        """Drop one entry's reference to `slot`."""
        self.counts[slot] -= 1
        if not self.counts[slot]:
            del self.counts[slot]
            self.used -= 1


class Processes:
    """All processes, and the anonymous memory in them."""

    def __init__(
        self, ground: Ground, folios: Folios, cache: PageCache, tables: Tables, memcg: Memcg, inserted: Inserted
    ) -> None:  # fmt: skip
        self.ground, self.folios, self.cache = ground, folios, cache
        self.memcg, self.inserted = memcg, inserted
        self._tables = tables
        self.swap = Swap(ground.memmap.pages // 2, 0, {})
        self.all: list[Mm] = []
        cache.unmap_all = self.unmap_file

    def start(self, name: str = "process") -> Mm:
        """Return a new process without memory. Raises OutOfMemory."""
        mm = self.ground.objects.place(Mm(name))
        try:
            mm.top = self._tables.allocate(owner=mm.address)
        except OSError:
            self.ground.objects.drop(mm)
            raise
        self.all.append(mm)
        return mm

    def _walk(self, mm: Mm, page: int) -> None:
        """Make the page tables that lead to virtual page `page`."""
        for shift in LEVELS:
            key = (shift, page >> shift)
            if key in mm.tables:
                return
            mm.tables[key] = self._tables.allocate(owner=mm.address)

    def fault(self, mm: Mm, page: int, *, write: bool = True, order: int = 0) -> Folio:
        """Touch anonymous memory at virtual page `page`: allocate, swap in, or copy what is shared.

        Args: order: of the folio that a first touch may bring in; it starts at a multiple of its size.
        Raises: OutOfMemory. KernelError: EFAULT, something else is mapped there.
        """
        _alive(mm)
        entry = mm.entries.get(page, 0)
        if entry & INSERTED:
            raise KernelError(errno.EFAULT, f"virtual page {page} of {mm.name} is no anonymous memory")
        if entry & SWAPPED:
            return self._swap_in(mm, page, entry & FRAME)
        if not entry:
            return self._first_touch(mm, page, order)
        folio = self._folio_of(entry)
        if write and not entry & WRITE:
            return self._copy(mm, page, folio)
        self.folios.mark_accessed(folio)
        return folio

    def _first_touch(self, mm: Mm, page: int, order: int) -> Folio:
        first = page >> order << order
        if order and not any(n in mm.entries for n in range(first, first + (1 << order))):
            page = first
        else:
            order = 0  # something is there already
        pages = 1 << order
        self._walk(mm, page)
        folio = self.folios.allocate("anon", order)
        self._map_new(mm, page, folio, pages)
        return folio

    def _map_new(self, mm: Mm, page: int, folio: Folio, pages: int) -> None:
        """Map a fresh folio, owned by this process alone. Source: folio_add_new_anon_rmap()."""
        folios = self.folios
        if mm.anon_vma is None:
            mm.anon_vma = self.ground.objects.place(AnonVma())
            mm.anon_vma.mms.append(mm)
        mm.anon_vma.folios += 1
        folios.mapping.set(folio.at, mm.anon_vma.address | MAPPING_ANON)
        folios.index.set(folio.at, page)
        folios.flags.set(
            folio.at, folios.flags.get(folio.at) | folios.bits["swapbacked"] | folios.bits["uptodate"]
        )
        self.memcg.charge_folio(folio)
        folios.add_rmap(folio)
        if pages > 1:
            folios.refcount.add(folio.at, pages - 1)
        for number in range(pages):
            mm.entries[page + number] = folio.pfn + number | WRITE
        folios.lru_add(folio)

    def _folio_of(self, entry: int) -> Folio:
        """Return the folio that an entry maps, by way of its page. Source: vm_normal_folio()."""
        return self.inserted.generic.folio_of(entry & FRAME)

    def _copy(self, mm: Mm, page: int, folio: Folio) -> Folio:
        """Write to what may be shared: keep it when nobody else maps it, else copy. Source: do_wp_page()."""
        folios = self.folios
        if not folios.order(folio) and folios.folio_mapcount(folio) == 1:
            mm.entries[page] |= WRITE
            return folio
        new = folios.allocate("anon")
        # The old folio may have been reclaimed by the allocation: only then is the entry a swap slot.
        entry = mm.entries[page]
        if entry & SWAPPED:
            self.swap.put(entry & FRAME)
        else:
            self._unmap_entry(mm, page, entry)
        self._map_new(mm, page, new, 1)
        return new

    def _swap_in(self, mm: Mm, page: int, slot: int) -> Folio:
        folio = self.folios.allocate("anon")
        self.swap.read += 1
        self.swap.put(slot)
        self._map_new(mm, page, folio, 1)
        return folio

    def fork(self, parent: Mm, name: str = "child") -> Mm:
        """Return a child that shares every page, none of them writable any more. Raises OutOfMemory: there
        was no room for its page tables, and there is no child. Source: copy_page_range()."""
        _alive(parent)
        child = self.start(name)
        child.anon_vma = parent.anon_vma
        if parent.anon_vma is not None:
            parent.anon_vma.mms.append(child)
        try:
            for page in sorted(parent.entries):
                if page not in child.entries:
                    self._walk(child, page)
        except OSError:
            self.exit(child)
            raise
        folios, swap = self.folios, self.swap
        seen: dict[int, list[int]] = {}
        for page, entry in parent.entries.items():
            if entry & SWAPPED:
                swap.counts[entry & FRAME] += 1
                child.entries[page] = entry
            elif not entry & INSERTED:
                parent.entries[page] = child.entries[page] = entry & ~WRITE
                folio = self._folio_of(entry)
                seen.setdefault(folio.at, []).append(entry & FRAME)
        for at, frames in seen.items():
            folios.refcount.add(at, len(frames))
            folios.add_pages(folios.handle(at), frames)
        for file, start, index, pages in parent.files:
            child.files.append((file, start, index, pages))
            file.mapped.append((child, start, index))
        return child

    def exit(self, mm: Mm) -> None:
        """End a process: unmap all, free its page tables. Source: exit_mmap()."""
        _alive(mm)
        for page in list(mm.entries):
            self.unmap(mm, page)
        for file, start, index, _ in mm.files:
            file.mapped.remove((mm, start, index))
        for table in mm.tables.values():
            self._tables.free(table)
        if mm.top is not None:
            self._tables.free(mm.top)
        if mm.anon_vma is not None:
            mm.anon_vma.mms.remove(mm)
            self._drop_anon_vma(mm.anon_vma)
        mm.tables, mm.top, mm.alive = {}, None, False
        self.all.remove(mm)
        self.ground.objects.drop(mm)

    def _drop_anon_vma(self, anon_vma: AnonVma) -> None:
        """Free it once no process and no folio refers to it."""
        if not anon_vma.mms and not anon_vma.folios:
            self.ground.objects.drop(anon_vma)

    def unmap(self, mm: Mm, page: int) -> None:
        """Unmap one virtual page, whatever is there. Source: zap_pte_range()."""
        entry = mm.entries.get(page, 0)
        if entry & INSERTED:
            del mm.entries[page]
            self.inserted.remove(mm.inserted.pop(page))
        elif entry & SWAPPED:
            del mm.entries[page]
            self.swap.put(entry & FRAME)
        elif entry:
            self._unmap_entry(mm, page, entry)

    def _unmap_entry(self, mm: Mm, page: int, entry: int) -> None:
        """Drop an entry's mapping and reference; an anonymous folio goes with its last one."""
        folios = self.folios
        del mm.entries[page]
        folio = self._folio_of(entry)
        folios.remove_pages(folio, [entry & FRAME])
        self.release(folio)

    def release(self, folio: Folio) -> None:
        """Drop a mapping's reference; note that the anon_vma loses a folio when that was the last."""
        mapping = self.folios.mapping.get(folio.at)
        if self.folios.put(folio) and mapping & MAPPING_ANON:
            anon_vma = self.ground.objects.at(mapping & ~3, AnonVma)
            anon_vma.folios -= 1
            self._drop_anon_vma(anon_vma)

    # -- files --

    def map_file(self, mm: Mm, file: AddressSpace, page: int, index: int, pages: int) -> None:
        """Map `pages` pages of a file from `index` on at virtual page `page`; nothing is read yet."""
        _alive(mm)
        mm.files.append((file, page, index, pages))
        file.mapped.append((mm, page, index))

    def fault_file(self, mm: Mm, page: int) -> Folio:
        """Touch a mapped file: read the page in and map it. Source: filemap_fault(), finish_fault().

        Raises: OutOfMemory. KernelError: EFAULT, no file is mapped there.
        """
        there = next((m for m in mm.files if m[1] <= page < m[1] + m[3]), None)
        if there is None:
            raise KernelError(errno.EFAULT, f"no file is mapped at virtual page {page} of {mm.name}")
        file, start, index, _ = there
        self._walk(mm, page)
        wanted = index + page - start
        folio = self.cache.read(file, wanted)
        if page not in mm.entries:
            frame = folio.pfn + wanted - self.folios.index.get(folio.at)
            self.folios.get(folio)
            self.folios.add_pages(folio, [frame])
            mm.entries[page] = frame
        return folio

    def unmap_file(self, file: AddressSpace, folio: Folio) -> None:
        """Unmap a folio of a file from every process. Source: unmap_mapping_folio()."""
        index = self.folios.index.get(folio.at)
        pages = range(index, index + (1 << self.folios.order(folio)))
        for mm, start, first in list(file.mapped):
            assert isinstance(mm, Mm)
            for number in pages:
                page = start + number - first
                entry = mm.entries.get(page, 0)
                if entry and entry & FRAME == folio.pfn + number - index and not entry & (SWAPPED | INSERTED):
                    self._unmap_entry(mm, page, entry)

    # -- reclaim --

    def swap_out(self, folio: Folio) -> bool:
        """Replace every entry that maps an anonymous folio by a swap slot and free it; False when the device
        is full or somebody else refers to it. Source: add_to_swap(), try_to_unmap(), swap_writepage()."""
        folios = self.folios
        pages = 1 << folios.order(folio)
        if folios.refcount.get(folio.at) != folios.folio_mapcount(folio):
            return False
        if self.swap.used + pages > self.swap.pages:
            return False
        anon_vma = self.ground.objects.at(folios.mapping.get(folio.at) & ~3, AnonVma)
        index = folios.index.get(folio.at)
        for number in range(pages):
            slot = 0
            for mm in anon_vma.mms:
                entry = mm.entries.get(index + number, 0)
                if not entry or entry & (SWAPPED | INSERTED) or entry & FRAME != folio.pfn + number:
                    continue
                slot = slot or self.swap.take()
                self.swap.counts[slot] += 1
                last = folios.refcount.get(folio.at) == 1
                folios.remove_pages(folio, [entry & FRAME])
                mm.entries[index + number] = slot | SWAPPED
                self.release(folio)
                if last:
                    self.swap.written += pages
                    return True
        return False

    # -- inserted pages --

    def insert(self, mm: Mm, page: int, mappable: Mappable) -> None:
        """Map a page at virtual page `page`, as a driver's mmap() and zero-copy receive do.

        Raises: TypeError: a slab, a page table, ... KernelError: EINVAL, its bytes forbid it; EBUSY,
        something is mapped there. Source: vm_insert_page().
        """
        expect_mappable(mappable)
        _alive(mm)
        if page in mm.entries:
            raise KernelError(errno.EBUSY, f"something is mapped at virtual page {page} of {mm.name}")
        self._walk(mm, page)
        self.inserted.add(mappable)
        mm.entries[page] = mappable.pfn | INSERTED
        mm.inserted[page] = mappable


def _alive(mm: Mm) -> None:
    if not mm.alive:
        raise Stale(f"process {mm.name} has ended")
