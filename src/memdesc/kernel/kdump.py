"""Compressed dumps: the kdump format of makedumpfile and QEMU, flattened or not, page by page.

    block 0       header: sizes of the parts, in blocks
    block 1       sub-header: where VMCOREINFO is
    then          two bitmaps, a bit a frame: memory that there is, and memory that is in the dump
    then          a descriptor a page in the dump: where its bytes are, and how they are packed

Flattened, the file is a list of pieces with the place of each, as when it is written to a pipe.
Source: IMPLEMENTATION and diskdump_mod.h of makedumpfile; dump/dump.c and include/sysemu/dump.h of QEMU.
"""

import mmap
import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from memdesc.errors import InputError
from memdesc.kernel.physical import PAGE

_ZLIB, _LZO, _SNAPPY, _ZSTD = 1, 2, 4, 0x20
_PACKED = {_LZO: "lzo", _SNAPPY: "snappy"}
_ROW = struct.Struct("<QIIQ")
_BLOCK, _CHUNK = 512, 1 << 20
_FLAT_HEADER = 4096
_KEPT_PAGES = 4096
_MOST_FRAMES = 1 << 40


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The pieces of a flattened file: where each belongs, its size, and where it is; ascending and disjoint."""

    data: mmap.mmap
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    places: NDArray[np.int64]

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes by their place in the file as it would be if it were not flattened."""
        out = b""
        at = int(np.searchsorted(self.starts, offset, "right")) - 1
        while len(out) < size and 0 <= at < len(self.starts):
            skip = offset + len(out) - int(self.starts[at])
            if not 0 <= skip < int(self.sizes[at]):
                break
            some = min(size - len(out), int(self.sizes[at]) - skip)
            start = int(self.places[at]) + skip
            out += self.data[start : start + some]
            at += 1
        return out


@dataclass(slots=True)
class Kdump:
    """A compressed dump; see physical.Physical. Pages read last are kept unpacked, a few thousand at most."""

    place: str
    note: bytes
    partial: tuple[str, ...]
    _read: Callable[[int, int], bytes] = field(repr=False)
    _bitmap: NDArray[np.uint8] = field(repr=False)
    _before: NDArray[np.int64] = field(repr=False)
    _table: int = field(repr=False)
    _kept: "OrderedDict[int, bytes]" = field(default_factory=OrderedDict, repr=False)

    def spans(self) -> tuple[range, ...]:
        """See Physical.spans()."""
        out: list[range] = []
        for at in range(0, len(self._bitmap), _CHUNK):
            bits = np.unpackbits(self._bitmap[at : at + _CHUNK], bitorder="little").view(np.int8)
            edges = np.flatnonzero(np.diff(bits, prepend=np.int8(0), append=np.int8(0))) + at * 8
            for start, end in (edges.reshape(-1, 2) * PAGE).tolist():
                if out and out[-1].stop == start:
                    start = out.pop().start
                out.append(range(start, end))
        return tuple(out)

    def read(self, address: int, size: int) -> bytes:
        """See Physical.read()."""
        first, last = address // PAGE, (address + size - 1) // PAGE
        raw = b"".join([self._page(frame) for frame in range(first, last + 1)])
        start = address - first * PAGE
        return raw[start : start + size] if start or len(raw) != size else raw

    def _page(self, frame: int) -> bytes:
        kept = self._kept.get(frame)
        if kept is not None:
            return kept
        byte, bit = frame >> 3, frame & 7
        if not 0 <= byte < len(self._bitmap) or not int(self._bitmap[byte]) >> bit & 1:
            raise InputError(self.place, f"holds no memory at physical address {frame * PAGE:#x}")
        # Descriptors are in the order of the frames that have one: count those before this one.
        block = byte // _BLOCK
        before = int.from_bytes(self._bitmap[block * _BLOCK : byte].tobytes(), "little").bit_count()
        number = int(self._before[block]) + before + (int(self._bitmap[byte]) & ((1 << bit) - 1)).bit_count()
        row = self._read(self._table + number * _ROW.size, _ROW.size)
        if len(row) < _ROW.size:
            raise InputError(self.place, f"is cut short: frame {frame:#x} is not there")
        offset, size, flags, _page_flags = _ROW.unpack(row)
        page = self._unpacked(self._read(offset, min(size, 2 * PAGE)), flags, size, frame)
        self._kept[frame] = page
        if len(self._kept) > _KEPT_PAGES:
            self._kept.popitem(last=False)
        return page

    def _unpacked(self, raw: bytes, flags: int, size: int, frame: int) -> bytes:
        if len(raw) != size:
            raise InputError(self.place, f"is cut short: the bytes of frame {frame:#x} are not there")
        try:
            if flags & _ZLIB:
                raw = zlib.decompress(raw)
            elif flags & _ZSTD:
                raw = _zstd(raw, self.place)
            elif flags & (_LZO | _SNAPPY):
                how = next(name for bit, name in _PACKED.items() if flags & bit)
                raise InputError(
                    self.place,
                    f"is packed with {how}, which is not read here; pack it anew: makedumpfile -c FILE NEWFILE",
                )
        except (zlib.error, ValueError) as error:
            raise InputError(self.place, f"has damaged data for frame {frame:#x}: {error}") from None
        if len(raw) != PAGE:
            raise InputError(self.place, f"has {len(raw)} bytes for frame {frame:#x} instead of {PAGE}")
        return raw


def open_kdump(data: mmap.mmap, place: str) -> Kdump:
    """Return the memory in the compressed dump `data`.

    Raises: InputError: its headers are cut short, damaged, or of a kind that is not known here.
    """
    read: Callable[[int, int], bytes]
    short: tuple[str, ...] = ()
    if data[:12] == b"makedumpfile":
        pieces, short = _pieces(data, place)
        read = pieces.read
    else:

        def read(offset: int, size: int) -> bytes:
            return data[offset : offset + size]

    head = read(0, 512)
    if len(head) < 464 or head[:8] != b"KDUMP   ":
        raise InputError(place, "is a kdump that is cut short in its header, or flattened without one")
    version, block = struct.unpack_from("<i", head, 8)[0], struct.unpack_from("<i", head, 428)[0]
    sub_blocks, bitmap_blocks, frames = struct.unpack_from("<iII", head, 432)
    if block != PAGE or not 0 < sub_blocks < 1 << 16:
        raise InputError(
            place, f"is a kdump in blocks of {block} bytes; only dumps of 4096-byte pages are read"
        )
    sub = read(block, 104)
    if len(sub) < 104:
        raise InputError(place, "is a kdump that is cut short in its header")
    if version >= 6:
        (frames,) = struct.unpack_from("<Q", sub, 96)
    if not 0 < frames < _MOST_FRAMES or bitmap_blocks * block * 4 < frames:
        raise InputError(place, f"is a damaged kdump: {frames} frames in {bitmap_blocks} blocks of bitmaps")
    note_at, note_size = struct.unpack_from("<QQ", sub, 32) if version >= 3 else (0, 0)
    note = read(note_at, min(note_size, 1 << 20)) if note_at else b""
    start = (1 + sub_blocks) * block
    half = bitmap_blocks * block // 2
    bitmap = read(start + half, half)
    if len(bitmap) < (frames + 7) // 8:
        raise InputError(place, "is a kdump that is cut short in its bitmaps")
    used = np.frombuffer(bitmap, np.uint8)[: (frames + 7) // 8]
    before = _counts(used)
    table = start + 2 * half
    pages = int(before[-1])
    row = read(table + (pages - 1) * _ROW.size, _ROW.size) if pages else b""
    if pages and len(row) < _ROW.size:
        short = short or (f"the file ends before the descriptors of its {pages} pages do",)
    elif pages and not short:
        # Pages are written in order, so the last one tells whether all are there.
        offset, size, _flags, _page_flags = _ROW.unpack(row)
        if len(read(offset, size)) < size:
            short = (f"the file ends before its {pages} pages do",)
    return Kdump(place, note.rstrip(b"\0"), short, read, used, before, table)


def _counts(bitmap: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return how many bits are set before each block of 512 bytes, and in all."""
    ones = np.array([byte.bit_count() for byte in range(256)], np.uint8)
    counts = [np.zeros(1, np.int64)]
    for at in range(0, len(bitmap), _CHUNK):
        some = ones[bitmap[at : at + _CHUNK]]
        counts.append(np.add.reduceat(some, np.arange(0, len(some), _BLOCK), dtype=np.int64))
    return np.cumsum(np.concatenate(counts))


def _pieces(data: mmap.mmap, place: str) -> tuple[_Pieces, tuple[str, ...]]:
    """Return the pieces of a flattened file, and what is wrong with them."""
    rows: dict[int, tuple[int, int]] = {}
    short: tuple[str, ...] = ("the flattened file has no end mark: it is cut short",)
    at = _FLAT_HEADER
    while at + 16 <= len(data):
        offset, size = struct.unpack_from(">qq", data, at)
        if offset < 0:
            short = ()
            break
        at += 16
        if size <= 0 or offset + size >= 1 << 62:
            raise InputError(place, f"is a damaged flattened dump: a piece of {size} bytes at byte {at - 16}")
        there = min(size, len(data) - at)
        # A piece that is written again at the same place takes the place of the first.
        if there > 0:
            rows[offset] = (there, at)
        at += size
    order = sorted(rows)
    starts = np.array(order, np.int64)
    sizes = np.array([rows[each][0] for each in order], np.int64)
    places = np.array([rows[each][1] for each in order], np.int64)
    if len(starts) > 1 and (starts[:-1] + sizes[:-1] > starts[1:]).any():
        raise InputError(place, "is flattened in pieces that overlap: put it together with makedumpfile -R")
    return _Pieces(data, starts, sizes, places), short


def _zstd(raw: bytes, place: str) -> bytes:
    try:
        import zstandard
    except ImportError:
        raise InputError(place, "is packed with zstd: pip install zstandard") from None
    try:
        out: bytes = zstandard.ZstdDecompressor().decompress(raw, max_output_size=PAGE)
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from None
    return out
