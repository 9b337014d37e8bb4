"""Physical memory as bytes, and members of structs in it: the only way in which the machine keeps state.

The memory is one lazily backed mapping of the whole size; a page costs the host something only once it was
written to. A place in it (`at`) is a byte counted from 0, which is its physical address; what pointers in
descriptors hold is that address in the kernel's linear map, `base` further on.
"""

from __future__ import annotations

import mmap
import sys
from typing import Literal, Protocol

from memdesc.errors import InputError
from memdesc.layout.abi import Abi, Scalar
from memdesc.layout.model import Array, Enum, Field, Struct, unwrap
from memdesc.layout.overlay import Cell

PAGE_SIZE = 4096
PAGE_SHIFT = 12
NO_RESERVE = 0x4000  # MAP_NORESERVE: the mmap module names it only since Python 3.13
LINEAR_BASE: dict[str, int] = {
    "x86_64": 0xFFFF888000000000,
    "arm64": 0xFFFF000000000000,
    "riscv64": 0xFF60000000000000,
    "powerpc64": 0xC000000000000000,
    "s390x": 0,
    "i386": 0xC0000000,
    "arm": 0xC0000000,
    "powerpc": 0xC0000000,
}
"""PAGE_OFFSET with the default split of memory. Source: see values.KERNEL_POINTER."""
LOWMEM_32 = 896 << 20
"""What a 32-bit kernel can address of its memory. Source: Documentation/mm/highmem.rst."""
OBJECTS_32 = 0xF8000000
_FORMATS = {(1, False): "B", (2, False): "H", (4, False): "I", (8, False): "Q",
            (1, True): "b", (2, True): "h", (4, True): "i", (8, True): "q"}  # fmt: skip


class View(Protocol):
    """Memory as an array of numbers of one width."""

    def __getitem__(self, index: int, /) -> int:
        """Return the number at `index`."""

    def __setitem__(self, index: int, value: int, /) -> None:
        """Write the number at `index`."""


class ByBytes:
    """Numbers that are not aligned, or in the other byte order; indexed by byte."""

    __slots__ = ("memory", "order", "signed", "size")

    def __init__(self, memory: memoryview, size: int, order: Literal["little", "big"], signed: bool) -> None:
        self.memory, self.size, self.order, self.signed = memory, size, order, signed

    def __getitem__(self, index: int, /) -> int:
        raw = self.memory[index : index + self.size]
        return int.from_bytes(raw, self.order, signed=self.signed)

    def __setitem__(self, index: int, value: int, /) -> None:
        self.memory[index : index + self.size] = value.to_bytes(self.size, self.order, signed=self.signed)


class Bits:
    """A bit-field; indexed by the byte where its struct starts."""

    __slots__ = ("first", "low", "mask", "memory", "order", "size")

    def __init__(self, memory: memoryview, bit_offset: int, bit_size: int, order: Literal["little", "big"]):
        self.memory, self.order = memory, order
        self.first = bit_offset >> 3
        end = bit_offset + bit_size
        self.size = ((end + 7) >> 3) - self.first
        self.low = bit_offset & 7 if order == "little" else (self.first + self.size) * 8 - end
        self.mask = (1 << bit_size) - 1

    def __getitem__(self, index: int, /) -> int:
        start = index + self.first
        return int.from_bytes(self.memory[start : start + self.size], self.order) >> self.low & self.mask

    def __setitem__(self, index: int, value: int, /) -> None:
        start = index + self.first
        raw = int.from_bytes(self.memory[start : start + self.size], self.order)
        raw = raw & ~(self.mask << self.low) | (value & self.mask) << self.low
        self.memory[start : start + self.size] = raw.to_bytes(self.size, self.order)


class Counting:
    """A view that notes which cache lines it touches, for the price of being slow."""

    __slots__ = ("extra", "lines", "shift", "view")

    def __init__(self, view: View, shift: int, extra: int, lines: set[int]) -> None:
        self.view, self.shift, self.extra, self.lines = view, shift, extra, lines

    def __getitem__(self, index: int, /) -> int:
        self.lines.add(((index << self.shift) + self.extra) >> 6)
        return self.view[index]

    def __setitem__(self, index: int, value: int, /) -> None:
        self.lines.add(((index << self.shift) + self.extra) >> 6)
        self.view[index] = value


class Member:
    """A member at its place: read and written for a struct that starts at byte `at`.

    Attributes: path: as in C. view, offset, shift: the number is `view[(at + offset) >> shift]`; code that
    runs a hundred thousand times a second says just that instead of calling get(). size: bytes. mask: what
    an unsigned number of that width can hold.
    """

    __slots__ = ("bit_offset", "mask", "offset", "path", "shift", "signed", "size", "view")

    def __init__(
        self, path: str, view: View, offset: int, shift: int, size: int, signed: bool, bit_offset: int
    ) -> None:
        self.path, self.view, self.offset, self.shift = path, view, offset, shift
        self.size, self.signed, self.bit_offset = size, signed, bit_offset
        self.mask = (1 << size * 8) - 1

    def get(self, at: int) -> int:
        """Return its value in the struct at byte `at`."""
        return self.view[(at + self.offset) >> self.shift]

    def set(self, at: int, value: int) -> None:
        """Write `value` there; it must fit."""
        self.view[(at + self.offset) >> self.shift] = value

    def add(self, at: int, number: int) -> int:
        """Add `number`, which may be negative; return the new value."""
        index = (at + self.offset) >> self.shift
        value = self.view[index] + number
        self.view[index] = value
        return value


class Memory:
    """The machine's physical memory.

    Attributes: bytes: all of it. base: what a pointer into it holds beyond the place. lines: cache lines
    touched since somebody cleared the set; only filled when counting.
    """

    def __init__(self, abi: Abi, size: int, *, count_lines: bool = False) -> None:
        if abi.bits == 32 and size > LOWMEM_32:
            raise InputError(
                "--memory", f"a 32-bit machine ({abi.name}) has at most {LOWMEM_32 >> 20} MiB here"
            )
        self.abi, self.size = abi, size
        self.base = LINEAR_BASE.get(abi.name, 0xFFFF888000000000 if abi.bits == 64 else 0xC0000000)
        flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | NO_RESERVE
        try:
            self._backing = mmap.mmap(-1, size, flags=flags)
        except (OSError, ValueError, OverflowError) as error:
            raise InputError("--memory", f"{size} bytes of address space cannot be had: {error}") from None
        self.bytes = memoryview(self._backing)
        self.lines: set[int] = set()
        self.counting = count_lines
        self._views: dict[tuple[int, bool], View] = {}
        self._native = abi.byteorder == sys.byteorder

    def address(self, at: int) -> int:
        """Return the kernel address of byte `at`."""
        return self.base + at

    def place(self, address: int) -> int:
        """Return the byte that a kernel address stands for."""
        return address - self.base

    def drop(self, at: int, size: int) -> None:
        """Forget what `size` bytes at `at`, whole pages, hold: they read as zero and cost the host nothing."""
        self._backing.madvise(mmap.MADV_DONTNEED, at, size)

    def word(self, offset: int = 0, path: str = "") -> Member:
        """Return the pointer-sized unsigned member at byte `offset`."""
        return self.number(path, offset, self.abi.pointer, signed=False, align=self.abi.pointer)

    def number(self, path: str, offset: int, size: int, *, signed: bool, align: int) -> Member:
        """Return a member of `size` bytes at `offset` of structs that start at multiples of `align`."""
        if self._native and offset % size == 0 and align % size == 0:
            shift = size.bit_length() - 1
            key = (size, signed)
            if key not in self._views:
                view: View = self.bytes.cast(_FORMATS[key])  # type: ignore[call-overload]  # a row of the table
                self._views[key] = Counting(view, shift, 0, self.lines) if self.counting else view
            return Member(path, self._views[key], offset, shift, size, signed, offset * 8)
        slow: View = ByBytes(self.bytes, size, self.abi.byteorder, signed)
        if self.counting:
            slow = Counting(slow, 0, 0, self.lines)
        return Member(path, slow, offset, 0, size, signed, offset * 8)

    def member(self, part: Field | Cell, align: int) -> Member:
        """Return the member that `part` of a layout is, in structs that start at multiples of `align` bytes.

        Raises: InputError: it is no number (a struct, an array).
        """
        kind = unwrap(part.type)
        size = part.bit_size >> 3
        if (isinstance(part, Field) and part.is_bit_field) or part.bit_size & 7 or part.bit_offset & 7:
            bits: View = Bits(self.bytes, part.bit_offset, part.bit_size, self.abi.byteorder)
            if self.counting:
                bits = Counting(bits, 0, part.bit_offset >> 3, self.lines)
            found = Member(part.path, bits, 0, 0, size or 1, False, part.bit_offset)
            found.mask = (1 << part.bit_size) - 1
            return found
        if isinstance(kind, Struct | Array) or size not in (1, 2, 4, 8):
            raise InputError(part.path, "is not a number that can be read by itself")
        signed = isinstance(kind, Scalar | Enum) and kind.signed
        return self.number(part.path, part.offset, size, signed=signed, align=align)
