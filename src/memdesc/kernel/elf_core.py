"""ELF cores, as QEMU's dump-guest-memory and /proc/vmcore write them: mapped, and read without a copy.

Source: fs/proc/vmcore.c; dump/dump.c of QEMU; the ELF specification.
"""

import mmap
import struct
from bisect import bisect_right
from dataclasses import dataclass, field

from memdesc.errors import InputError

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
_HEADER = struct.Struct("<IIQQQQQQ")
_MOST_NOTES = 64
"""Note segments that are looked through; kernels write one, makedumpfile and QEMU one or two."""
_MANY = 0xFFFF


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

    _starts: tuple[int, ...] = field(repr=False)

    def spans(self) -> tuple[range, ...]:
        """See Physical.spans()."""
        return tuple(range(each.start, each.end) for each in self._segments)

    def read(self, address: int, size: int) -> memoryview:
        """See Physical.read(); the view must not outlive the dump."""
        each = self._at(address)
        if address + size <= each.end:
            at = each.offset + address - each.start
            return self._view[at : at + size]
        return memoryview(self._across(address, size))

    def _at(self, address: int) -> _Segment:
        """Return the load that holds `address`."""
        place = bisect_right(self._starts, address) - 1
        if place < 0 or address >= self._segments[place].end:
            raise InputError(self.place, f"holds no memory at physical address {address:#x}")
        return self._segments[place]

    def _across(self, address: int, size: int) -> bytes:
        """Return bytes that lie in several loads side by side."""
        out = b""
        while len(out) < size:
            each = self._at(address)
            some = min(size - len(out), each.end - address)
            at = each.offset + address - each.start
            out += self._view[at : at + some]
            address += some
        return out


def open_elf(data: mmap.mmap, place: str) -> ElfCore:
    """Return the memory in the ELF core `data`.

    Raises: InputError: it is cut short, no core, or of a machine that is not known here.
    """
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
    if count == _MANY:
        # More than 65534 loads: their number is in the first section header.
        (sections,) = struct.unpack_from("<Q", data, 40)
        if sections + 48 > len(data):
            raise InputError(place, "is an ELF core that is cut short: its section header is not there")
        (count,) = struct.unpack_from("<I", data, sections + 44)
    if count and each < _HEADER.size:
        raise InputError(place, f"is a damaged ELF core: its program headers have {each} bytes")
    if table + count * each > len(data):
        raise InputError(place, "is an ELF core that is cut short: its program headers are not there")
    rows = (_HEADER.unpack_from(data, table + n * each) for n in range(count))
    segments, note, short = [], b"", 0
    looked: set[tuple[int, int]] = set()
    for kind, _flags, offset, _virtual, physical, in_file, _in_memory, _align in rows:
        if kind == _NOTE and not note and offset < len(data) and (offset, in_file) not in looked:
            looked.add((offset, in_file))
            if len(looked) > _MOST_NOTES:
                raise InputError(place, f"is a damaged ELF core: none of {_MOST_NOTES} notes is a kernel's")
            note = find_note(bytes(data[offset : offset + min(in_file, 1 << 24)]))
        elif kind == _LOAD and in_file:
            there = max(0, min(in_file, len(data) - offset))
            short += in_file - there
            if there:
                segments.append(_Segment(physical, physical + there, offset))
    if not segments:
        raise InputError(place, "is an ELF core without memory in it")
    segments = _disjoint(segments)
    starts = tuple(each.start for each in segments)
    why = (f"the file ends {short} bytes before the memory that its headers announce does",) if short else ()
    return ElfCore(place, note, why, data, memoryview(data), tuple(segments), starts)


def _disjoint(segments: list[_Segment]) -> list[_Segment]:
    """Return what the loads hold, ascending, each address once: /proc/vmcore has the kernel's image twice."""
    out: list[_Segment] = []
    for each in sorted(segments, key=lambda each: (each.start, -each.end)):
        covered = out[-1].end if out else 0
        if each.end > covered:
            skip = max(covered - each.start, 0)
            out.append(_Segment(each.start + skip, each.end, each.offset + skip))
    return out


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
