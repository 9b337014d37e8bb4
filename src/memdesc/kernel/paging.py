"""Kernel virtual memory of x86-64: page tables with four or five levels, walked in the dump.

Source: arch/x86/include/asm/pgtable_64_types.h, Intel SDM volume 3, chapter 4 (paging).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from memdesc.errors import InputError
from memdesc.kernel.physical import PAGE, Physical, words
from memdesc.kernel.vmcoreinfo import Vmcoreinfo

_PRESENT, _LARGE = 1, 1 << 7
_FRAME = ((1 << 52) - 1) & ~(PAGE - 1)
_START_KERNEL_MAP = 0xFFFF_FFFF_8000_0000
_TOP = 1 << 64


@dataclass(frozen=True, slots=True)
class Extent:
    """Virtual addresses that lie in physical memory in one piece."""

    virtual: int
    physical: int
    size: int


@dataclass(frozen=True, slots=True)
class Paging:
    """The kernel's address space. levels: 4 or 5. root: physical address of the top table."""

    memory: Physical
    root: int
    levels: int
    _pages: dict[int, tuple[int, int]] = field(default_factory=dict, repr=False)

    def extents(self, start: int, size: int) -> Iterator[Extent]:
        """Yield the mapped parts of `size` bytes from virtual `start`, ascending, neighbours joined."""
        last: Extent | None = None
        for each in self._walk(self.root, self.levels, start, min(start + size, _TOP)):
            if (
                last
                and last.virtual + last.size == each.virtual
                and last.physical + last.size == each.physical
            ):
                last = Extent(last.virtual, last.physical, last.size + each.size)
                continue
            if last:
                yield last
            last = each
        if last:
            yield last

    def _walk(self, table: int, level: int, start: int, end: int) -> Iterator[Extent]:
        shift = 12 + 9 * (level - 1)
        entries = self.table(table)
        if entries is None:
            return
        at = start
        while at < end:
            following = min(((at >> shift) + 1) << shift, end)
            entry = int(entries[(at >> shift) & 511])
            if entry & _PRESENT:
                if level == 1 or (level <= 3 and entry & _LARGE):
                    base = entry & _FRAME & -(1 << shift)
                    yield Extent(at, base + (at & ((1 << shift) - 1)), following - at)
                else:
                    yield from self._walk(entry & _FRAME, level - 1, at, following)
            at = following

    def frames(self, start: int, size: int) -> NDArray[np.int64]:
        """Return the page frames behind `size` bytes from virtual `start`, in order; holes are left out."""
        found: list[NDArray[np.int64]] = []
        self._frames(self.root, self.levels, start & -PAGE, min(start + size + PAGE - 1 & -PAGE, _TOP), found)
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def _frames(self, table: int, level: int, start: int, end: int, found: list[NDArray[np.int64]]) -> None:
        shift = 12 + 9 * (level - 1)
        entries = self.table(table)
        if entries is None or start >= end:
            return
        if level == 1:
            some = entries[(start >> 12) & 511 : ((end - 1) >> 12 & 511) + 1]
            some = some[some & np.uint64(_PRESENT) != 0] & np.uint64(_FRAME)
            found.append((some >> np.uint64(12)).astype(np.int64))
            return
        at = start
        while at < end:
            following = min(((at >> shift) + 1) << shift, end)
            entry = int(entries[(at >> shift) & 511])
            if entry & _PRESENT and level <= 3 and entry & _LARGE:
                base = (entry & _FRAME & -(1 << shift)) + (at & ((1 << shift) - 1))
                found.append(np.arange(base >> 12, base + following - at >> 12, dtype=np.int64))
            elif entry & _PRESENT:
                self._frames(entry & _FRAME, level - 1, at, following, found)
            at = following

    def table(self, address: int) -> NDArray[np.uint64] | None:
        """Return the 512 entries of the page table at physical `address`, None when it is not in the dump."""
        try:
            return words(self.memory.read(address, PAGE))
        except InputError:
            return None

    def physical(self, address: int) -> int:
        """Return the physical address behind virtual `address`.

        Raises: InputError: nothing is mapped there, or a page table on the way is not in the dump.
        """
        found = self._pages.get(address >> 12)
        if found is None:
            page = address & -PAGE
            extent = next(self._walk(self.root, self.levels, page, page + PAGE), None)
            if extent is None:
                raise InputError(self.memory.place, f"has nothing mapped at kernel address {address:#x}")
            found = self._pages[address >> 12] = (extent.physical, PAGE)
        return found[0] + (address & (PAGE - 1))

    def read(self, address: int, size: int) -> bytes:
        """Return `size` bytes from kernel virtual `address`.

        Raises: InputError: some of them are not mapped, or not in the dump.
        """
        if size <= PAGE - (address & (PAGE - 1)):
            return bytes(self.memory.read(self.physical(address), size))
        out, at = [], address
        for extent in self.extents(address, size):
            if extent.virtual != at:
                break
            out.append(bytes(self.memory.read(extent.physical, extent.size)))
            at += extent.size
        if at != address + size:
            raise InputError(self.memory.place, f"has nothing mapped at kernel address {at:#x}")
        return b"".join(out)

    def tables(self) -> NDArray[np.uint64]:
        """Return the frames of all tables of the kernel's half, except the root, ascending and each once."""
        found: list[NDArray[np.uint64]] = []
        level, these = self.levels, np.array([self.root], np.uint64)
        half = 256
        while level > 1 and len(these):
            below: list[NDArray[np.uint64]] = []
            for table in these.tolist():
                entries = self.table(table)
                if entries is not None:
                    entries = entries[half:]
                    entries = entries[(entries & np.uint64(_PRESENT)) != 0]
                    if level <= 3:
                        entries = entries[(entries & np.uint64(_LARGE)) == 0]
                    below.append(entries & np.uint64(_FRAME))
            half, level = 0, level - 1
            these = np.unique(np.concatenate(below)) if below else np.empty(0, np.uint64)
            found.append(these >> np.uint64(12))
        return np.unique(np.concatenate(found)) if found else np.empty(0, np.uint64)


def paging_of(memory: Physical, info: Vmcoreinfo) -> Paging:
    """Return the kernel's address space.

    Raises: InputError: VMCOREINFO does not say where its top table is, or the table is not in the dump.
    """
    root = info.symbol("swapper_pg_dir", memory.place) - _START_KERNEL_MAP + info.numbers.get("phys_base", 0)
    levels = 5 if info.numbers.get("pgtable_l5_enabled") else 4
    made = Paging(memory, root, levels)
    if made.table(root) is None:
        raise InputError(memory.place, f"does not hold the kernel's page table (physical {root:#x})")
    return made
