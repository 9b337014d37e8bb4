"""The BTF inside a kernel: found in a BTF file, an ELF, a bzImage, or any image that holds one of them.

`open_image()` is the entrance. It reads the file once and returns the raw BTF with what the file says of
the machine. Source: Documentation/arch/x86/boot.rst (bzImage header), lib/decompress*.c (payload formats).
"""

import bz2
import lzma
import mmap
import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memdesc import door
from memdesc.errors import InputError

MAGIC = 0xEB9F
MAX_IMAGE_BYTES = 1 << 30
"""Of a kernel unpacked. One with debug information has half of this."""
MAX_RATIO, ANY_RATIO_BYTES = 64, 16 << 20
"""A packed kernel may be so many times as large unpacked, or have so many bytes; real ones are 3 to 8 times as
large."""
_HELD_BYTES = 64 << 20
_ZSTD_BYTES = 1 << 10
_UNPACKER_BYTES = 256 << 20
"""That unpacking may take beside what comes out: the kernel's own windows have at most half of this."""
_NOTES_BYTES = 1 << 20
Raw = bytes | mmap.mmap
_SHT_NOTE, _NT_GNU_BUILD_ID = 7, 3
_BTF_STARTS = (b"\x9f\xeb\x01\x00\x18\x00\x00\x00", b"\xeb\x9f\x01\x00\x00\x00\x00\x18")


@dataclass(frozen=True, slots=True)
class Image:
    """Raw BTF and what its container says. machine: ELF e_machine, pointer: bytes; None where unknown.

    build_id: the kernel's, in hexadecimal digits; empty where the container has none.
    """

    btf: bytes
    machine: int | None = None
    pointer: int | None = None
    build_id: str = ""


def open_image(path: str | Path) -> Image:
    """Return the BTF of the kernel, ELF or BTF file at `path`.

    Raises: InputError: it cannot be read, is none of these, is cut short, or carries no BTF.
    """
    place = str(path)
    return of_bytes(content(path), place)


def content(path: str | Path) -> Raw:
    """Return the bytes of a regular file, mapped when they are many.

    Raises: InputError: it is empty, no regular file, or cannot be read.
    """
    place = str(path)
    with door.opened(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        try:
            if size > _HELD_BYTES:
                return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise door.refused(place, error) from error
    raw = door.read(path, _HELD_BYTES)
    if not raw:
        raise InputError(place, "is empty")
    return raw


def of_bytes(raw: Raw, place: str) -> Image:
    """Return the BTF of the image in `raw`; see open_image()."""
    if raw[:2] in (b"\x9f\xeb", b"\xeb\x9f"):
        return Image(raw[:])
    if raw[:4] == b"\x7fELF":
        return _elf(raw, place)
    if raw[0x202:0x206] == b"HdrS":
        return _bzimage(raw, place)
    for magic, unpack in _FORMATS:
        if raw[: len(magic)] == magic:
            return _unpacked(unpack(raw[:], place), place)
    raise InputError(place, "is neither BTF, nor an ELF file, nor a kernel image that is known here")


def looks_binary(raw: bytes) -> bool:
    """Return whether a file that starts with `raw` is an image rather than C text."""
    return (
        raw[:2] in (b"\x9f\xeb", b"\xeb\x9f")
        or raw[:4] == b"\x7fELF"
        or raw[0x202:0x206] == b"HdrS"
        or any(raw.startswith(magic) for magic, _ in _FORMATS)
        or b"\0" in raw[:4096]
    )


def _unpacked(raw: bytes, place: str, machine: int | None = None, pointer: int | None = None) -> Image:
    if raw[:4] == b"\x7fELF":
        return _elf(raw, place)
    # A bare Image (arm64) has no section table: the header of BTF itself is what can be looked for.
    for start in _BTF_STARTS:
        at = raw.find(start)
        if at >= 0:
            return Image(raw[at:], machine, pointer)
    raise InputError(place, "the kernel inside carries no BTF (was it built with CONFIG_DEBUG_INFO_BTF?)")


def _elf(raw: Raw, place: str) -> Image:
    if len(raw) < 52 or raw[4] not in (1, 2) or raw[5] not in (1, 2):
        raise InputError(place, "is an ELF file whose header is cut short or damaged")
    wide, end = raw[4] == 2, "<" if raw[5] == 1 else ">"
    try:
        machine = struct.unpack_from(end + "H", raw, 18)[0]
        if wide:
            (table,) = struct.unpack_from(end + "Q", raw, 40)
            size, count, names = struct.unpack_from(end + "HHH", raw, 58)
        else:
            (table,) = struct.unpack_from(end + "I", raw, 32)
            size, count, names = struct.unpack_from(end + "HHH", raw, 46)
        layout = end + ("IIQQQQ" if wide else "IIIIII")
        if count and (size < struct.calcsize(layout) or table + count * size > len(raw)):
            raise struct.error
        sections = [struct.unpack_from(layout, raw, table + n * size) for n in range(count)]
        strings = sections[names][4] if names < count else 0
        build_id, left = "", _NOTES_BYTES
        for _name, kind, _flags, _address, offset, length in sections:
            if kind == _SHT_NOTE and not build_id and left:
                # Sections may name the same bytes again and again.
                notes = raw[offset : offset + min(length, left)]
                left -= len(notes)
                build_id = _build_id(notes, end)
        for name, _kind, _flags, _address, offset, length in sections:
            at = strings + name
            if raw[at : at + 5] == b".BTF\0":
                if offset + length > len(raw):
                    raise InputError(
                        place, f"is cut short: .BTF ends at byte {offset + length} of {len(raw)}"
                    )
                return Image(raw[offset : offset + length], machine, 8 if wide else 4, build_id)
    except (struct.error, OverflowError):
        raise InputError(
            place, "is an ELF file that is cut short or damaged: its section table is not there"
        ) from None
    bits = 64 if wide else 32
    raise InputError(place, f"is a {bits}-bit ELF file without a .BTF section")


def _build_id(notes: bytes, end: str) -> str:
    """Return the build id in the ELF notes of a section, empty when there is none."""
    at = 0
    while at + 12 <= len(notes):
        name_size, size, kind = struct.unpack_from(end + "III", notes, at)
        start = at + 12 + (name_size + 3 & ~3)
        if kind == _NT_GNU_BUILD_ID and notes[at + 12 : at + 16] == b"GNU\0":
            return notes[start : start + size].hex()
        at = start + (size + 3 & ~3)
    return ""


def _bzimage(raw: Raw, place: str) -> Image:
    if len(raw) < 0x250:
        raise InputError(place, "is a bzImage that is cut short in its header")
    (version,) = struct.unpack_from("<H", raw, 0x206)
    if version < 0x208:
        raise InputError(
            place, f"is a bzImage of boot protocol {version >> 8}.{version & 255:02}; 2.08 is needed"
        )
    sectors = raw[0x1F1] or 4
    offset, length = struct.unpack_from("<II", raw, 0x248)
    at = (sectors + 1) * 512 + offset
    if at + length > len(raw):
        raise InputError(
            place, f"is a bzImage that is cut short: {at + length} bytes announced, {len(raw)} there"
        )
    payload = raw[at : at + length]
    for magic, unpack in _FORMATS:
        if payload.startswith(magic):
            return _unpacked(unpack(payload, place), place)
    if payload[:4] == b"\x7fELF":
        return _elf(payload, place)
    raise InputError(place, f"holds a kernel packed in a way not known here (it starts {payload[:4].hex()})")


def _limit(raw: bytes) -> int:
    """Return how many bytes `raw` may have unpacked."""
    return min(MAX_IMAGE_BYTES, max(MAX_RATIO * len(raw), ANY_RATIO_BYTES))


def _with(decompress: Callable[[bytes, int], bytes], what: str) -> Callable[[bytes, str], bytes]:
    """Return what unpacks bytes with `decompress`, which stops at the number of bytes that it is given."""

    def unpack(raw: bytes, place: str) -> bytes:
        most = _limit(raw)
        try:
            out = decompress(raw, most + 1)
        except (OSError, EOFError, lzma.LZMAError, zlib.error, ValueError, MemoryError) as error:
            raise InputError(place, f"the {what} data inside is damaged or cut short: {error}") from None
        if not out:
            raise InputError(place, f"the {what} data inside is cut short")
        if len(out) > most:
            raise InputError(
                place,
                f"the {what} data inside unpacks to more than {most >> 20} MiB from {len(raw)} bytes, "
                "which no kernel does",
            )
        return out

    return unpack


def _ended(out: bytes, most: int, stream: Any) -> bytes:
    """Return `out`, unless it ends before the stream does and before `most` bytes are there."""
    if not stream.eof and len(out) < most:
        raise ValueError("unexpected end")
    return out


def _gzip(raw: bytes, most: int) -> bytes:
    # zlib stops at the end of the stream: bzImage payloads may be padded behind it.
    stream = zlib.decompressobj(31)
    return _ended(stream.decompress(raw, most), most, stream)


def _xz(raw: bytes, most: int) -> bytes:
    stream = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_UNPACKER_BYTES)
    return _ended(stream.decompress(raw, most), most, stream)


def _lzma(raw: bytes, most: int) -> bytes:
    # The kernel's lzma payload ends with four bytes of its own, so the stream need not reach an end mark.
    return lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_UNPACKER_BYTES).decompress(raw, most)


def _bzip2(raw: bytes, most: int) -> bytes:
    stream = bz2.BZ2Decompressor()
    return _ended(stream.decompress(raw, most), most, stream)


def _zstd(raw: bytes, place: str) -> bytes:
    try:
        import zstandard
    except ImportError:
        raise InputError(place, "is packed with zstd: pip install zstandard") from None

    def decompress(raw: bytes, most: int) -> bytes:
        try:
            # One frame: four bytes of the kernel's own, the unpacked size, follow it in a bzImage. Small pieces,
            # since a piece is unpacked whole, to 128 KiB for each 4 bytes at worst.
            stream = zstandard.ZstdDecompressor(max_window_size=_UNPACKER_BYTES).decompressobj()
            pieces: list[bytes] = []
            for at in range(0, len(raw), _ZSTD_BYTES):
                pieces.append(stream.decompress(raw[at : at + _ZSTD_BYTES]))
                most -= len(pieces[-1])
                if stream.eof or most <= 0:
                    return b"".join(pieces)
            raise ValueError("unexpected end")
        except zstandard.ZstdError as error:
            raise ValueError(str(error)) from None

    return _with(decompress, "zstd")(raw, place)


def _lz4(raw: bytes, place: str) -> bytes:
    try:
        from lz4.block import LZ4BlockError
        from lz4.block import decompress as block
    except ImportError:
        raise InputError(place, "is packed with lz4: pip install lz4") from None

    def decompress(raw: bytes, most: int) -> bytes:
        at, out = 4, []
        while at + 4 <= len(raw) and most > 0:
            (length,) = struct.unpack_from("<I", raw, at)
            at += 4
            if length == 0x184C2102:  # another frame of the legacy format follows
                continue
            # The last four bytes of a bzImage payload are the unpacked size, not a block.
            if at + length > len(raw):
                if at == len(raw):
                    break
                raise ValueError("unexpected end")
            try:
                out.append(block(raw[at : at + length], uncompressed_size=8 << 20))
            except LZ4BlockError as error:
                raise ValueError(str(error)) from None
            most -= len(out[-1])
            at += length
        return b"".join(out)

    return _with(decompress, "lz4")(raw, place)


_FORMATS: tuple[tuple[bytes, Callable[[bytes, str], bytes]], ...] = (
    (b"\x1f\x8b", _with(_gzip, "gzip")),
    (b"BZh", _with(_bzip2, "bzip2")),
    (b"\xfd7zXZ\0", _with(_xz, "xz")),
    (b"\x5d\0\0", _with(_lzma, "lzma")),
    (b"\x28\xb5\x2f\xfd", _zstd),
    (b"\x02\x21\x4c\x18", _lz4),
)
