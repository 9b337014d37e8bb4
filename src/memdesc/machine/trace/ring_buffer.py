"""The kernel's trace ring buffer, as trace_pipe_raw hands it out.

A sub-buffer is one block: when it was begun, how many bytes are in it, and records one after another. Its
header and the fields of each event are laid out as the kernel's own format files say.

Source: Documentation/trace/ring-buffer-design.rst and kernel/trace/ring_buffer.c (rb_event_length(),
ring_buffer_read_page()); events/header_page, events/header_event and events/*/*/format in tracefs.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from memdesc.errors import InputError

PADDING, TIME_EXTEND, TIME_STAMP = 29, 30, 31
"""Values of type_len that are no event (include/linux/ring_buffer.h)."""
DELTA_BITS = 27
_COMMIT_MASK = (1 << 20) - 1
_MISSED_EVENTS = 1 << 31
_MISSED_STORED = 1 << 30
_FIELD = re.compile(
    r"^\s*field:(?P<declaration>.+?);\s*offset:(?P<offset>\d+);\s*size:(?P<size>\d+);(?:\s*signed:(?P<signed>\d))?"
)
_CODES = {1: "B", 2: "H", 4: "I", 8: "Q"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an event: offset and size in bytes from the start of its record."""

    name: str
    offset: int
    size: int
    signed: bool


@dataclass(frozen=True, slots=True)
class Format:
    """How the records of one event are laid out; `number` is what their common_type says."""

    name: str
    number: int
    fields: dict[str, Field]

    def reader(self, *names: str) -> struct.Struct:
        """Return what unpacks the fields called `names`, which must stand in ascending order.

        Raises: InputError: the event has no such field, or one that is not a plain number.
        """
        code, at = "<", 0
        for name in names:
            field = self.fields.get(name)
            if field is None or field.size not in _CODES or field.offset < at:
                raise InputError(f"event {self.name}", f"has no field '{name}' that memdesc can read")
            letter = _CODES[field.size]
            code += f"{field.offset - at}x{letter.lower() if field.signed else letter}"
            at = field.offset + field.size
        return struct.Struct(code)


def parse_format(text: str) -> Format:
    """Return the event that `text`, an events/*/*/format file, describes.

    Raises: InputError: it is not such a text.
    """
    name = re.search(r"^name: (\S+)$", text, re.M)
    number = re.search(r"^ID: (\d+)$", text, re.M)
    if not name or not number:
        raise InputError("event format", "has no name or no ID")
    return Format(name[1], int(number[1]), _fields(text))


def parse_header_page(text: str) -> dict[str, Field]:
    """Return the fields of a sub-buffer's header from the text of events/header_page.

    Raises: InputError: a field that is needed is missing.
    """
    fields = _fields(text)
    for name in ("timestamp", "commit", "data"):
        if name not in fields:
            raise InputError("events/header_page", f"has no field '{name}'")
    return fields


def _fields(text: str) -> dict[str, Field]:
    found = {}
    for line in text.splitlines():
        if match := _FIELD.match(line):
            name = re.sub(r"\[.*\]$", "", match["declaration"]).split()[-1].lstrip("*")
            found[name] = Field(name, int(match["offset"]), int(match["size"]), match["signed"] == "1")
    return found


@dataclass(frozen=True, slots=True)
class Block:
    """The records of one sub-buffer.

    Attributes: time: nanoseconds at its beginning. data: its bytes, records from `start` to `end`.
    lost: records lost before it; -1 when the kernel only says that some were.
    """

    time: int
    data: bytes
    start: int
    end: int
    lost: int


class Header:
    """Cuts a stream of sub-buffers into blocks."""

    def __init__(self, fields: dict[str, Field]) -> None:
        commit = fields["commit"]
        self.data_offset = fields["data"].offset
        self._head = struct.Struct("<Q" + _CODES[commit.size])

    def used(self, head: bytes) -> int:
        """Return how many bytes of a sub-buffer that begins with `head` hold something, `head` included."""
        commit: int = self._head.unpack_from(head)[1]
        return self.data_offset + (commit & _COMMIT_MASK) + (8 if commit & _MISSED_STORED else 0)

    def read(self, block: bytes) -> Block:
        """Return `block`, one sub-buffer, as a Block."""
        time, commit = self._head.unpack_from(block)
        end = self.data_offset + (commit & _COMMIT_MASK)
        lost = 0
        if commit & _MISSED_EVENTS:
            lost = -1
            if commit & _MISSED_STORED and end + 8 <= len(block):
                lost = struct.unpack_from("<Q", block, end)[0]
        return Block(time, block, self.data_offset, min(end, len(block)), lost)


def records(block: Block) -> Iterator[tuple[int, int, int]]:
    """Yield (time, offset, length) of each event's record in `block`: nanoseconds, bytes, bytes."""
    data, at, end, now = block.data, block.start, block.end, block.time
    word_at = struct.Struct("<I").unpack_from
    while at + 4 <= end:
        word = word_at(data, at)[0]
        kind, delta = word & 31, word >> 5
        at += 4
        if 0 < kind < PADDING:
            now += delta
            length = kind << 2
            if at + length > end:
                return
            yield now, at, length
            at += length
            continue
        if at + 4 > end:
            return
        extra = word_at(data, at)[0]
        if kind == 0:
            now += delta
            length = extra
            if length < 4 or at + length > end:
                return
            yield now, at + 4, length - 4
            at += (length + 3) & ~3
        elif kind == TIME_EXTEND:
            now += delta + (extra << DELTA_BITS)
            at += 4
        elif kind == TIME_STAMP:
            now = (now >> 59 << 59) | delta | (extra << DELTA_BITS)
            at += 4
        elif delta == 0:
            return
        else:
            # Padding that replaces a discarded event still carries its time.
            now += delta
            at += extra
