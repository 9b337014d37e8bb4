"""Dumps made by hand: ELF cores, compressed dumps, memory with page tables in it."""

import struct
import zlib
from collections.abc import Mapping, Sequence

PAGE = 4096


def elf_core(
    loads: Mapping[int, bytes],
    note: bytes = b"",
    machine: int = 62,
    bits: int = 64,
    order: str = "<",
    kind: int = 4,
) -> bytes:
    """Return an ELF core with memory by physical address."""
    notes = b""
    if note:
        notes = struct.pack("<III", 11, len(note), 0) + b"VMCOREINFO\0\0" + note + bytes(-len(note) % 4)
    count = len(loads) + 1
    ident = b"\x7fELF" + bytes((2 if bits == 64 else 1, 1 if order == "<" else 2, 1)) + bytes(9)
    head = ident + struct.pack(order + "HHIQQQIHHHHHH", kind, machine, 1, 0, 64, 0, 0, 64, 56, count, 0, 0, 0)
    at = 64 + 56 * count
    rows = struct.pack("<IIQQQQQQ", 4, 0, at, 0, 0, len(notes), len(notes), 4)
    body = notes
    for address, raw in loads.items():
        rows += struct.pack("<IIQQQQQQ", 1, 7, at + len(body), 0, address, len(raw), len(raw), 0)
        body += raw
    return head + rows + body


def kdump(
    pages: Mapping[int, bytes], note: bytes = b"", flags: int = 1, block: int = PAGE, version: int = 6
) -> bytes:
    """Return a compressed dump with pages by frame; flags: how they are packed, 0 not at all, 1 by zlib."""
    frames = max(pages, default=0) + 1
    half = -(-frames // (8 * PAGE))
    bitmap = bytearray(half * PAGE)
    for frame in pages:
        bitmap[frame >> 3] |= 1 << (frame & 7)
    head = bytearray(PAGE)
    head[:8] = b"KDUMP   "
    struct.pack_into("<i", head, 8, version)
    struct.pack_into("<iiII", head, 428, block, 1, 2 * half, min(frames, 0xFFFF_FFFF))
    sub = bytearray(PAGE)
    struct.pack_into("<QQ", sub, 32, PAGE + 256, len(note))
    struct.pack_into("<Q", sub, 96, frames)
    sub[256 : 256 + len(note)] = note
    at = (2 + 2 * half) * PAGE + 24 * len(pages)
    rows, data = b"", b""
    for frame in sorted(pages):
        raw = zlib.compress(pages[frame]) if flags & 1 else pages[frame]
        rows += struct.pack("<QIIQ", at + len(data), len(raw), flags, 0)
        data += raw
    return bytes(head + sub + bitmap + bitmap) + rows + data


def flattened(raw: bytes, sizes: Sequence[int], end: bool = True) -> bytes:
    """Return `raw` as makedumpfile -F writes it, in pieces of these sizes and the rest in one."""
    out = b"makedumpfile\0\0\0\0" + struct.pack(">QQ", 1, 1) + bytes(PAGE - 32)
    at = 0
    for size in (*sizes, len(raw)):
        piece = raw[at : at + size]
        if piece:
            out += struct.pack(">qq", at, len(piece)) + piece
        at += len(piece)
    return out + struct.pack(">qq", -1, -1) * end


def page_tables(mapping: Mapping[int, int], root: int = 0x1000, levels: int = 4) -> dict[int, bytes]:
    """Return pages by physical address: tables that map virtual pages to physical ones, the top one at `root`."""
    tables: dict[int, list[int]] = {root: [0] * 512}
    spare = root + PAGE
    for virtual, physical in mapping.items():
        table = root
        for level in range(levels, 1, -1):
            place = virtual >> 12 + 9 * (level - 1) & 511
            if not tables[table][place]:
                tables[table][place] = spare | 1
                tables[spare] = [0] * 512
                spare += PAGE
            table = tables[table][place] & ~0xFFF
        tables[table][virtual >> 12 & 511] = physical | 1
    return {at: struct.pack("<512Q", *entries) for at, entries in tables.items()}
