"""Damage to valid inputs, with knowledge of their form: what the fuzzers of bench/fuzz.py feed."""

import json
import random
import re
import struct
import zlib
from typing import Any

from memdesc.machine.trace.events import COLUMNS

NUMBERS = (0, 1, 2, 7, 8, 63, 64, 127, 255, 4095, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 52,
           (1 << 63) - 1, 1 << 63, (1 << 64) - 1)  # fmt: skip
LEAVES: tuple[Any, ...] = (
    *NUMBERS, -1, 1 << 70, 1e300, None, True, "", "x" * 300, "\x1b[2J\n", [], {}, [[]], {"a": 1},
)  # fmt: skip
_FRAME = struct.Struct("<4sII")


def words(random_: random.Random, data: bytes) -> bytes:
    """Return binary data with a few words, bytes or pieces changed."""
    out = bytearray(data)
    for _ in range(random_.choice((1, 1, 1, 2, 4, 8))):
        size = random_.choice((1, 2, 4, 4, 4, 8))
        if len(out) < 16:
            break
        at = random_.randrange(0, len(out) - size) // size * size
        what = random_.random()
        if what < 0.7:
            old = int.from_bytes(out[at : at + size], "little")
            new = random_.choice(
                (random_.choice(NUMBERS), old + 1, old - 1, old ^ 1 << random_.randrange(8 * size))
            )
            out[at : at + size] = (new & (1 << 8 * size) - 1).to_bytes(size, "little")
        elif what < 0.8:
            del out[at : at + random_.randrange(1, 64)]
        elif what < 0.9:
            piece = out[at : at + random_.randrange(1, 256)]
            out[random_.randrange(len(out)) : 0] = piece
        elif what < 0.95:
            other = random_.randrange(len(out) - size)
            out[at : at + size] = out[other : other + size]
        else:
            del out[random_.randrange(len(out)) :]
    return bytes(out)


_TOKEN = re.compile(rb"[A-Za-z_]\w*|0[xX][0-9a-fA-F]+|\d+|\s+|\"[^\"\n]*\"|/\*.*?\*/|.", re.S)
_PIECES = (
    b"(", b")", b"{", b"}", b"[", b"]", b";", b",", b"*", b"&", b"?", b":", b"=", b"->", b".", b"\n#if A\n",
    b"\n#else\n", b"\n#endif\n", b"\n#define x(a) a a\n", b"struct", b"union", b"enum", b"int", b"unsigned long",
    b"0", b"-1", b"<<", b"/", b"0xffffffffffffffff", b"99999999999999999999", b"sizeof(x)", b"if (p)", b"for (;;)",
    b"goto out;", b"out:", b"case 1:",
    b"switch (x) {", b"return p;", b"static", b"struct page *p", b"/*", b"*/", b'"', b"'", b"\\\n", b"\0", b"\xff",
    b"<%", b"%>",
    b"__attribute__((packed))", b"__aligned(64)", b": 3", b"[0]", b"[1UL << 40]", b"do {", b"} while (0);",
)  # fmt: skip


_VALUES = (
    b"0",
    b"1",
    b"-1",
    b"7",
    b"63",
    b"64",
    b"4095",
    b"0x7fffffff",
    b"0xffffffffffffffff",
    b"sizeof(long)",
)


def tokens(random_: random.Random, data: bytes) -> bytes:
    """Return text with a few tokens changed, or a piece nested and repeated."""
    out = _TOKEN.findall(data)
    for _ in range(random_.choice((1, 1, 1, 2, 4, 12))):
        at = random_.randrange(len(out) + 1)
        if at < len(out) and random_.random() < 0.5:
            # another name, number or sign of those that there are: the text parses more often
            alike = [each for each in out if each[:1].isalpha() == out[at][:1].isalpha()]
            out[at] = random_.choice(_VALUES) if out[at][:1].isdigit() else random_.choice(alike)
            continue
        end = min(len(out), at + random_.choice((1, 1, 1, 3, 10, 40)))
        what = random_.random()
        if what < 0.3:
            out[at:end] = [random_.choice(_PIECES)]
        elif what < 0.45:
            out[at:at] = [random_.choice(_PIECES)]
        elif what < 0.6:
            del out[at:end]
        elif what < 0.8:
            to = random_.randrange(len(out) + 1)
            out[to:to] = out[at:end]
        elif what < 0.95 and out:
            out[at:end] = [random_.choice(out)]
        else:
            out[at:at] = out[at:end] * random_.choice((2, 30, 300))
    return b"".join(out)


def leaves(random_: random.Random, value: Any) -> Any:
    """Return a JSON value with one place changed."""
    if isinstance(value, dict) and value and random_.random() < 0.9:
        key = random_.choice(list(value))
        out = dict(value)
        if random_.random() < 0.1:
            del out[key]
        else:
            out[key] = leaves(random_, value[key])
        return out
    if isinstance(value, list) and value and random_.random() < 0.8:
        at = random_.randrange(len(value))
        return [*value[:at], leaves(random_, value[at]), *value[at + random_.choice((0, 1, 1, 1)) :]]
    return random_.choice(LEAVES)


def lines(random_: random.Random, data: bytes) -> bytes:
    """Return a file of a JSON value a line with one value changed, or one that is no JSON."""
    if random_.random() < 0.2:
        return words(random_, data)
    out = data.splitlines()
    at = random_.randrange(len(out))
    out[at] = json.dumps(leaves(random_, json.loads(out[at]))).encode()
    return b"\n".join(out) + b"\n"


def frames(random_: random.Random, data: bytes) -> bytes:
    """Return a trace whose frames say something else, with checksums that are right."""
    magic, at = data[:14], 14
    found: list[tuple[bytes, bytes]] = []
    while at < len(data):
        name, length, _ = _FRAME.unpack_from(data, at)
        found.append((name, zlib.decompress(data[at + _FRAME.size : at + _FRAME.size + length])))
        at += _FRAME.size + length
    for _ in range(random_.choice((1, 1, 2, 3))):
        number = random_.randrange(len(found))
        name, payload = found[number]
        what = random_.random()
        if what < 0.05:
            del found[number]
        elif what < 0.1:
            found.insert(random_.randrange(len(found)), (name, payload))
        elif what < 0.15:
            found[number] = (random_.choice(found)[0], payload)
        elif what < 0.2:
            found[number] = (name, words(random_, payload))
        elif name == b"EVNT":
            found[number] = (name, _columns(random_, payload))
        elif name == b"POPL":
            found[number] = (name, _runs(random_, payload))
        else:
            try:
                found[number] = (name, json.dumps(leaves(random_, json.loads(payload))).encode())
            except ValueError:  # it was damaged before
                found[number] = (name, words(random_, payload))
        if not found:
            return magic
    packed = [(name, zlib.compress(payload, 1)) for name, payload in found]
    return magic + b"".join(_FRAME.pack(name, len(each), zlib.crc32(each)) + each for name, each in packed)


def _columns(random_: random.Random, payload: bytes) -> bytes:
    count = struct.unpack_from("<Q", payload)[0]
    if len(payload) != 8 + count * COLUMNS.itemsize or not count:
        return payload
    out, at = bytearray(payload), 8
    names = list(COLUMNS.names or ())
    chosen = random_.choice(names)
    for name in names:
        size = COLUMNS[name].itemsize
        if name == chosen:
            for _ in range(random_.choice((1, 1, 10, count))):
                cell = at + random_.randrange(count) * size
                new = random_.choice((*NUMBERS[:9], random_.choice(NUMBERS), random_.randrange(1 << 18)))
                out[cell : cell + size] = (new & (1 << 8 * size) - 1).to_bytes(size, "little")
        at += count * size
    return bytes(out)


def _runs(random_: random.Random, payload: bytes) -> bytes:
    out = bytearray(payload)
    count = struct.unpack_from("<Q", payload, 24)[0] if len(payload) >= 32 else 0
    if random_.random() < 0.3 or len(payload) != 32 + 6 * count or not count:
        at = random_.randrange(4) * 8
        out[at : at + 8] = random_.choice(NUMBERS).to_bytes(8, "little")
        return bytes(out)
    row = random_.randrange(count)
    at, size = random_.choice(((32 + row, 1), (32 + count + row, 1), (32 + 2 * count + 4 * row, 4)))
    out[at : at + size] = (random_.choice(NUMBERS) & (1 << 8 * size) - 1).to_bytes(size, "little")
    return bytes(out)
