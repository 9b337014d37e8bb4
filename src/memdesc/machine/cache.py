"""The page cache: files, their folios by index, dirty and writeback state, truncation, readahead.

Source: mm/filemap.c __filemap_add_folio(), filemap_remove_folio(); mm/readahead.c page_cache_ra_order();
mm/truncate.c truncate_inode_pages_range(); mm/page-writeback.c folio_clear_dirty_for_io().
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from memdesc.machine.faults import KernelError, OutOfMemory
from memdesc.machine.folios import Folios
from memdesc.machine.frames import Ground
from memdesc.machine.handles import Folio, expect
from memdesc.machine.memcg import Memcg
from memdesc.machine.memmap import FILE

READAHEAD_ORDERS = (0, 2, 4, 6, 9)
"""Orders that readahead goes through while a file is read in sequence. Source: page_cache_ra_order()."""


class AddressSpace:
    """A file's pages. folios: index of its first page -> folio, as the kernel's i_pages has them; the other
    pages of a large folio are found through `heads`, page index -> index of the first. mapped: (mm, first
    virtual page, index) of each mapping to user space."""

    def __init__(self, key: Hashable) -> None:
        self.key, self.name = key, str(key)
        self.address = 0
        self.folios: dict[int, Folio] = {}
        self.heads: dict[int, int] = {}
        self.mapped: list[tuple[object, int, int]] = []
        self.next_index = 0
        self.window = 0


@dataclass(slots=True)
class Io:
    """What the page cache read and wrote, in pages."""

    read: int = 0
    written: int = 0


class PageCache:
    """The cache of all files."""

    def __init__(self, ground: Ground, folios: Folios, memcg: Memcg) -> None:
        self.ground, self.folios, self.memcg = ground, folios, memcg
        self.io = Io()
        self.files: dict[Hashable, AddressSpace] = {}
        self.unmap_all: Callable[[AddressSpace, Folio], None] = _nobody_maps
        self._dirty = folios.bits["dirty"]

    def open(self, name: Hashable) -> AddressSpace:
        """Return the file called `name`, made when first asked for."""
        file = self.files.get(name)
        if file is None:
            file = self.files[name] = self.ground.objects.place(AddressSpace(name))
        return file

    def close(self, file: AddressSpace) -> None:
        """Drop all pages of a file and forget it. Source: evict_inode()."""
        self.truncate(file, 0)
        if not file.folios:
            self.ground.objects.drop(file)
            self.files.pop(file.key, None)

    def find(self, file: AddressSpace, index: int) -> Folio | None:
        """Return the folio that holds page `index`, or None. No reference is taken. Source: filemap_get_folio()."""
        return file.folios.get(index) or file.folios.get(file.heads.get(index, -1))

    def add(self, folio: Folio, file: AddressSpace, index: int) -> None:
        """Put a folio in at page `index`: a reference for each page, charged, on the LRU.

        Raises: KernelError: EEXIST, EINVAL (it is in a mapping, or not aligned to its order).
        TypeError: not a folio.
        """
        folios = self.folios
        expect(folio, Folio)
        folios.memmap.alive(folio, FILE)
        mapping = folios.mapping
        if mapping.view[(folio.at + mapping.offset) >> mapping.shift]:
            raise KernelError(errno.EINVAL, f"{folio} is in a mapping already")
        order = folios.order(folio)
        pages = 1 << order
        if index & (pages - 1):
            raise KernelError(errno.EINVAL, f"index {index} is not aligned to a folio of {pages} pages")
        if order:
            if any(self.find(file, n) is not None for n in range(index, index + pages)):
                raise KernelError(errno.EEXIST, f"{file.name} has a page between {index} and {index + pages}")
            file.heads.update(dict.fromkeys(range(index, index + pages), index))
        elif index in file.folios or index in file.heads:
            raise KernelError(errno.EEXIST, f"{file.name} has page {index} already")
        mapping.view[(folio.at + mapping.offset) >> mapping.shift] = file.address
        folios.index.set(folio.at, index)
        folios.refcount.add(folio.at, pages)
        self.memcg.charge_folio(folio)
        file.folios[index] = folio
        folios.lru_add(folio)

    def remove(self, folio: Folio) -> None:
        """Take a folio out of its file; the caller holds a reference of its own.

        Raises: KernelError: EINVAL, it is in none. TypeError: not a folio.
        """
        folios = self.folios
        expect(folio, Folio)
        folios.memmap.alive(folio, FILE)
        file = self.mapping_of(folio)
        if file is None:
            raise KernelError(errno.EINVAL, f"{folio} is in no file")
        index = folios.index.get(folio.at)
        del file.folios[index]
        order = folios.order(folio)
        if order:
            for number in range(index, index + (1 << order)):
                del file.heads[number]
        folios.mapping.set(folio.at, 0)
        flags = folios.flags
        flags.set(folio.at, flags.get(folio.at) & ~self._dirty)
        folios.refcount.add(folio.at, -(1 << order))

    def mapping_of(self, folio: Folio) -> AddressSpace | None:
        """Return the file that the folio's bytes point to, or None. Source: folio_mapping()."""
        address = self.folios.mapping.get(folio.at)
        return self.ground.objects.at(address, AddressSpace) if address else None

    def read(self, file: AddressSpace, index: int) -> Folio:
        """Return the folio with page `index`, read in when missing, with those that readahead adds.

        The caller holds no reference: the next operation that allocates may reclaim it. Reading in sequence
        reads ahead in ever larger folios. Raises OutOfMemory. Source: filemap_read().
        """
        found = self.find(file, index)
        if found is None:
            sequential = index == file.next_index and index > 0
            file.window = min(file.window + 1, len(READAHEAD_ORDERS) - 1) if sequential else 0
            order = READAHEAD_ORDERS[file.window]
            found = self._read_in(file, index, order)
        self.folios.mark_accessed(found)
        file.next_index = self.folios.index.get(found.at) + (1 << self.folios.order(found))
        return found

    def _read_in(self, file: AddressSpace, index: int, order: int) -> Folio:
        """Add a folio of up to `order` that holds page `index`. Source: ra_alloc_folio()."""
        while order and (
            index & ((1 << order) - 1)
            or any(n in file.heads or n in file.folios for n in range(index, index + (1 << order)))
        ):
            order -= 1
        while True:
            try:
                folio = self.folios.allocate("file", order)
                break
            except OutOfMemory:
                if not order:
                    raise
                order -= 1
        self.add(folio, file, index)
        flags = self.folios.flags
        flags.set(folio.at, flags.get(folio.at) | self.folios.bits["uptodate"])
        self.folios.put(folio)
        self.io.read += 1 << order
        return folio

    def write(self, file: AddressSpace, index: int) -> Folio:
        """Write to page `index`: read in when missing, then dirty. Source: generic_perform_write()."""
        folio = self.find(file, index) or self._read_in(file, index, 0)
        self.dirty(folio)
        self.folios.mark_accessed(folio)
        return folio

    def dirty(self, folio: Folio) -> None:
        """Mark it dirty. Source: filemap_dirty_folio()."""
        expect(folio, Folio)
        flags = self.folios.flags
        flags.set(folio.at, flags.get(folio.at) | self._dirty)

    def writeback(self, folio: Folio) -> None:
        """Write a dirty folio out: under writeback, then clean. Source: folio_clear_dirty_for_io()."""
        expect(folio, Folio)
        if not self.folios.test(folio, "dirty"):
            return
        self.folios.set(folio, "dirty", False)
        self.folios.set(folio, "writeback")
        self.io.written += 1 << self.folios.order(folio)
        self.folios.set(folio, "writeback", False)

    def sync(self, file: AddressSpace) -> None:
        """Write out every dirty folio of a file."""
        for folio in list(file.folios.values()):
            self.writeback(folio)

    def truncate(self, file: AddressSpace, size: int) -> None:
        """Drop the pages from index `size` on; a large folio across the border is split first. Folios that
        are mapped, or to which somebody holds a reference, leave the file and are freed with the last one."""
        for index in sorted(file.folios):
            folio = file.folios[index]
            if index < size < index + (1 << self.folios.order(folio)):
                self.split(folio)
        for index in sorted(file.folios):
            if index >= size:
                folio = file.folios[index]
                self.folios.get(folio)
                self.unmap_all(file, folio)
                self.remove(folio)
                self.folios.put(folio)

    def split(self, folio: Folio) -> list[Folio]:
        """Split a folio of a file into single pages; no reference is left to the caller."""
        file = self.mapping_of(folio)
        if file is None:
            raise KernelError(errno.EINVAL, f"{folio} is in no file")
        if not self.folios.order(folio):
            return [folio]
        self.unmap_all(file, folio)
        index = self.folios.index.get(folio.at)
        self.folios.get(folio)
        try:
            pages = self.folios.split(folio)
        except OSError:
            self.folios.put(folio)
            raise
        for number, page in enumerate(pages):
            file.heads.pop(index + number, None)
            file.folios[index + number] = page
            self.folios.put(page)
        return pages


def _nobody_maps(_file: AddressSpace, _folio: Folio) -> None:
    """Stand in until there are processes (see Processes)."""
