"""Physical memory as a dump holds it: an ELF core of QEMU or kdump, mapped, or a compressed kdump.

`open_physical()` returns a `Physical`: what is where, and reading. Nothing here knows what the memory means.
Source: fs/proc/vmcore.c, dump/dump.c of QEMU (ELF cores); the format of compressed dumps is in kdump.py.
"""

import mmap
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from memdesc.errors import InputError

PAGE = 4096
_MACHINES = {
    3: "32-bit x86",
    40: "ARM",
    183: "AArch64",
    21: "PowerPC",
    22: "s390",
    243: "RISC-V",
    62: "x86-64",
}
_CORE, _LOAD, _NOTE = 4, 1, 4
_MANY = 0xFFFF


class Physical(Protocol):
    """Memory by physical address."""

    @property
    def place(self) -> str:
        """The file, for messages."""
        ...

    @property
    def note(self) -> bytes:
        """The text of the VMCOREINFO that the dump carries, empty when it carries none."""
        ...

    @property
    def partial(self) -> tuple[str, ...]:
        """What the file should hold and does not, a sentence each."""
        ...

    def spans(self) -> tuple[range, ...]:
        """Physical addresses that can be read, ascending and disjoint."""
        ...

    def read(self, address: int, size: int) -> bytes | memoryview:
        """Return `size` bytes from physical `address`.

        Raises: InputError: some of them are not in the dump.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Segment:
    start: int
    end: int
    offset: int


@dataclass(frozen=True, slots=True)
class ElfCore:
    """An ELF core whose loads are mapped; reading copies nothing until it must."""

    place: str
    note: bytes
    partial: tuple[str, ...]
    _data: mmap.mmap = field(repr=False)
    _view: memoryview = field(repr=False)
    _segments: tuple[_Segment, ...] = field(repr=False)

    def spans(self) -> tuple[range, ...]:
        """See Physical.spans()."""
        return tuple(range(each.start, each.end) for each in self._segments)

    def read(self, address: int, size: int) -> memoryview:
        """See Physical.read(); the view must not outlive the dump."""
        for each in self._segments:
            if each.start <= address and address + size <= each.end:
                at = each.offset + address - each.start
                return self._view[at : at + size]
        return memoryview(self._across(address, size))

    def _across(self, address: int, size: int) -> bytes:
        """Return bytes that lie in several loads side by side."""
        out = b""
        while len(out) < size:
            for each in self._segments:
                if each.start <= address < each.end:
                    some = min(size - len(out), each.end - address)
                    at = each.offset + address - each.start
                    out += self._view[at : at + some]
                    address += some
                    break
            else:
                raise InputError(self.place, f"holds no memory at physical address {address:#x}")
        return out


def open_physical(path: str | Path) -> Physical:
    """Return the memory in the dump at `path`.

    Raises: InputError: it cannot be read, or is no dump of a 64-bit little-endian machine that is known here.
    """
    place = str(path)
    try:
        with open(path, "rb") as file:
            head = file.read(64)
            if not head:
                raise InputError(place, "is empty")
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(place, f"cannot be read: {why}") from None
    if head[:4] == b"\x7fELF":
        return _elf(data, place)
    if head[:8] == b"KDUMP   " or head[:12] == b"makedumpfile":
        from memdesc.kernel.kdump import open_kdump

        return open_kdump(data, place)
    raise InputError(place, "is neither an ELF core nor a compressed kdump")


def _elf(data: mmap.mmap, place: str) -> ElfCore:
    if len(data) < 64:
        raise InputError(place, "is an ELF file that is cut short in its header")
    wide, order = data[4], data[5]
    if wide == 1:
        raise InputError(place, "is a 32-bit ELF file; only dumps of 64-bit machines can be read")
    if order != 1:
        raise InputError(place, "is a big-endian ELF file; only dumps of little-endian machines can be read")
    kind, machine = struct.unpack_from("<HH", data, 16)
    if kind != _CORE:
        raise InputError(place, "is an ELF file, but no core: give the dump, not the kernel")
    if machine != 62:
        named = _MACHINES.get(machine, f"ELF machine {machine}")
        raise InputError(place, f"is a dump of {named}; only dumps of x86-64 can be read")
    (table,) = struct.unpack_from("<Q", data, 32)
    each, count = struct.unpack_from("<HH", data, 54)
    try:
        if count == _MANY:
            # More than 65534 loads: their number is in the first section header.
            (sections,) = struct.unpack_from("<Q", data, 40)
            (count,) = struct.unpack_from("<I", data, sections + 44)
        rows = [struct.unpack_from("<IIQQQQQQ", data, table + n * each) for n in range(count)]
    except struct.error:
        raise InputError(
            place, "is an ELF core that is cut short: its program headers are not there"
        ) from None
    segments, note, short = [], b"", 0
    for kind, _flags, offset, _virtual, physical, in_file, _in_memory, _align in rows:
        if kind == _NOTE:
            note = note or find_note(bytes(data[offset : offset + min(in_file, 1 << 24)]))
        elif kind == _LOAD and in_file:
            there = max(0, min(in_file, len(data) - offset))
            short += in_file - there
            if there:
                segments.append(_Segment(physical, physical + there, offset))
    if not segments:
        raise InputError(place, "is an ELF core without memory in it")
    segments.sort(key=lambda each: each.start)
    why = (f"the file ends {short} bytes before the memory that its headers announce does",) if short else ()
    return ElfCore(place, note, why, data, memoryview(data), tuple(segments))


def find_note(raw: bytes) -> bytes:
    """Return the text of the note VMCOREINFO in the ELF notes `raw`, or nothing."""
    at = 0
    while at + 12 <= len(raw):
        name_size, size, _kind = struct.unpack_from("<III", raw, at)
        name = raw[at + 12 : at + 12 + name_size].rstrip(b"\0")
        at += 12 + (name_size + 3 & ~3)
        if name == b"VMCOREINFO":
            return raw[at : at + size].rstrip(b"\0")
        at += size + 3 & ~3
    return b""


def words(raw: bytes | memoryview) -> NDArray[np.uint64]:
    """Return `raw` as little-endian 64-bit words, without a copy where there need be none."""
    return np.frombuffer(raw, "<u8")
