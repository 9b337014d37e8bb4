"""The array of struct page in a dump: which frames have a descriptor, and the bytes of some at a time.

Source: mm/sparse.c, include/linux/mmzone.h (mem_section, SECTION_* bits), CONFIG_SPARSEMEM_VMEMMAP.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memdesc.errors import InputError
from memdesc.kernel.decode import Descriptors
from memdesc.kernel.objects import Kernel
from memdesc.kernel.physical import PAGE
from memdesc.kernel.struct_page import StructPage
from memdesc.kernel.vmcoreinfo import Vmcoreinfo

_HAS_MAP, _ONLINE = 2, 4
_MOST_SECTIONS = 1 << 22


@dataclass(frozen=True, slots=True)
class MemMap:
    """The memory map. vmemmap: kernel virtual address of the descriptor of frame 0. ranges: frames that have
    descriptors."""

    kernel: Kernel
    form: StructPage
    vmemmap: int
    ranges: tuple[range, ...]

    def read(self, first: int, count: int) -> Descriptors:
        """Return the descriptors of `count` frames from `first`; what cannot be read is zero, and marked."""
        size, memory = self.form.size, self.kernel.paging.memory
        start, length = self.vmemmap + first * size, count * size
        parts: list[tuple[int, bytes | memoryview]] = []
        for extent in self.kernel.paging.extents(start, length):
            at = extent.virtual - start
            try:
                parts.append((at, memory.read(extent.physical, extent.size)))
            except InputError:
                parts += self._pieces(at, extent.physical, extent.size)
        if len(parts) == 1 and len(parts[0][1]) == length:
            return Descriptors(self.form, first, parts[0][1], np.ones(count, np.bool_), self.vmemmap)
        raw, bytes_there = bytearray(length), np.zeros(count + 1, np.int32)
        for at, some in parts:
            raw[at : at + len(some)] = some
            bytes_there[-(-at // size)] += 1
            bytes_there[(at + len(some)) // size] -= 1
        there: NDArray[np.bool_] = np.cumsum(bytes_there[:-1]) > 0
        return Descriptors(self.form, first, raw, there, self.vmemmap)

    def _pieces(self, at: int, physical: int, size: int) -> list[tuple[int, bytes | memoryview]]:
        """Return what of an extent is in the dump, page by page."""
        out: list[tuple[int, bytes | memoryview]] = []
        for step in range(0, size, PAGE):
            some = min(PAGE, size - step)
            try:
                out.append((at + step, self.kernel.paging.memory.read(physical + step, some)))
            except InputError:
                continue
        return out

    def runs(self) -> NDArray[np.int64]:
        """Return the frames that hold the memory map itself: rows of first frame and the one behind the last."""
        out: list[tuple[int, int]] = []
        for each in self.ranges:
            start, length = self.vmemmap + each.start * self.form.size, len(each) * self.form.size
            for extent in self.kernel.paging.extents(start, length):
                out.append((extent.physical // PAGE, -(-(extent.physical + extent.size) // PAGE)))
        return np.array(sorted(set(out)), np.int64).reshape(-1, 2)


def says_missing(count: int) -> tuple[str, ...]:
    """Return what is said of `count` descriptors that are not in a dump: nothing, or a sentence."""
    return (f"{count} descriptors are not in the dump: their pages count as unknown",) if count else ()


def read_memmap(kernel: Kernel, form: StructPage, info: Vmcoreinfo) -> MemMap:
    """Return the memory map of `kernel`.

    Raises: InputError: the table of sections cannot be read, or the map is not virtually contiguous.
    """
    place = kernel.place
    roots_at = info.symbol("mem_section", place)
    section = kernel.struct("mem_section")
    in_root = max(1, PAGE // section.size)
    bits = info.numbers.get("SECTION_SIZE_BITS")
    roots = info.lengths.get("mem_section")
    if bits is None or roots is None or not 0 < roots * in_root <= _MOST_SECTIONS * in_root:
        raise InputError(place, "has a VMCOREINFO that does not say how large sections of memory are")
    table = np.frombuffer(kernel.paging.read(roots_at, 8 * roots), "<u8")
    member = section.offset("section_mem_map")
    online: list[int] = []
    bases: set[int] = set()
    for root in np.flatnonzero(table).tolist():
        raw = kernel.paging.read(int(table[root]), in_root * section.size)
        maps = np.ndarray((in_root,), "<u8", raw, member, (section.size,))
        for number in np.flatnonzero(maps & np.uint64(_HAS_MAP | _ONLINE) == _HAS_MAP | _ONLINE).tolist():
            online.append(root * in_root + number)
            bases.add(int(maps[number]) & -PAGE)
    if not online:
        raise InputError(place, "has no section of memory that is online")
    if len(bases) > 1:
        raise InputError(place, "has a memory map in several pieces; only SPARSEMEM_VMEMMAP is known here")
    pages = 1 << (bits - 12)
    ranges: list[range] = []
    for number in online:
        if ranges and ranges[-1].stop == number * pages:
            ranges[-1] = range(ranges[-1].start, (number + 1) * pages)
        else:
            ranges.append(range(number * pages, (number + 1) * pages))
    return MemMap(kernel, form, bases.pop(), tuple(ranges))
