"""Trace files: how they are written and read.

A trace is a line of magic, then frames. A frame is four letters, the length of what follows in bytes (u32,
little endian), its CRC-32 (u32), and the payload, zlib-compressed:

    HEAD  JSON: what was recorded, and of which kernel (Head)
    POPL  page frames at the beginning: u64 pfn, begin, end, count; u8 code, u8 order, u32 blocks for each run
    STCK  JSON: stacks that are new, lists of functions, innermost first; they are numbered from 1
    EVNT  u64 count, then each of COLUMNS as one array; time as differences, of pfn the plain numbers
    SMPL  JSON: what the kernel counted at one moment (Sample)
    TAIL  JSON: what the recording ended with (Tail); a file without it was cut

Frames can be read one after another, so that a trace of any length needs little memory, and a trace that was
cut in the middle is good up to its last whole frame. Arrow or Parquet would do, but bring 40 MB of library
for what numpy and zlib have; a zip of .npy files keeps its directory at the end, where a cut loses it all.

Raise FORMAT when a column or a frame changes its meaning.
"""

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO, Any, TypeVar

import numpy as np

from memdesc import door
from memdesc.errors import InputError
from memdesc.escape import visible
from memdesc.machine.trace.events import COLUMNS, Events
from memdesc.machine.trace.population import Runs
from memdesc.machine.trace.sound import Sound

MAGIC = b"memdesc trace\n"
FORMAT = 1
CHUNK = 1 << 16
"""Events of a frame, at most."""
_FRAME = struct.Struct("<4sII")
_POPULATION = struct.Struct("<QQQQ")
_LARGEST = 1 << 28
_MOST_UNPACKED = 1 << 28
_MOST_PAGES = 1 << 28
_MOST_CPUS = 1 << 16
_MOST_NUMBER = 1 << 62
_PAGE_SIZES = (4096, 16384, 65536)


@dataclass(frozen=True, slots=True)
class Head:
    """What was recorded. release: `uname -r`. page_size: bytes. pages: page frames, holes included.
    events: the kernel's events that are in it."""

    format: int
    release: str
    machine: str
    page_size: int
    pages: int
    cpus: int
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """What the kernel counted between `begin` and `end`, nanoseconds since the trace began.

    vmstat, meminfo: the numbers of these files. free: free pages, those that CPUs keep included, -1 when not
    read. kinds: pages by kind as /proc/kpageflags has them. What was not read at this moment is empty.
    """

    begin: int
    end: int
    vmstat: dict[str, int]
    meminfo: dict[str, int]
    free: int
    kinds: dict[str, int]


@dataclass(frozen=True, slots=True)
class Tail:
    """What the recording ended with. lost: events that the ring buffer could not take. failed: allocations that
    the kernel refused. unpaired: stacks without their event, or events without their stack."""

    events: int
    nanoseconds: int
    lost: int
    failed: int
    unpaired: int


Frame = Head | Runs | list[tuple[str, ...]] | Events | Sample | Tail
_R = TypeVar("_R", Head, Sample, Tail)


class Writer:
    """Writes a trace to `stream`; the order of calls is the order of frames."""

    def __init__(self, stream: IO[bytes], head: Head) -> None:
        self._stream = stream
        stream.write(MAGIC)
        self._json(b"HEAD", asdict(head))

    def population(self, runs: Runs) -> None:
        """Write what pages were at the beginning."""
        head = _POPULATION.pack(runs.pfn, runs.begin, runs.end, len(runs.code))
        self._frame(
            b"POPL", head + runs.code.tobytes() + runs.order.tobytes() + runs.blocks.astype("<u4").tobytes()
        )

    def stacks(self, stacks: list[tuple[str, ...]]) -> None:
        """Write stacks that events after this frame refer to."""
        if stacks:
            self._json(b"STCK", stacks)

    def events(self, events: Events) -> None:
        """Write events in the order of their times, at most CHUNK of them."""
        parts = [struct.pack("<Q", len(events))]
        for name in COLUMNS.names or ():
            column = np.ascontiguousarray(events[name])
            if name == "time":
                column = np.diff(column.astype(np.int64), prepend=np.int64(0))
            parts.append(column.tobytes())
        self._frame(b"EVNT", b"".join(parts))

    def sample(self, sample: Sample) -> None:
        """Write what the kernel counted; before the events that are later than its beginning."""
        self._json(b"SMPL", asdict(sample))

    def tail(self, tail: Tail) -> None:
        """Write how it ended."""
        self._json(b"TAIL", asdict(tail))

    def _json(self, name: bytes, value: object) -> None:
        self._frame(name, json.dumps(value, separators=(",", ":")).encode())

    def _frame(self, name: bytes, payload: bytes) -> None:
        packed = zlib.compress(payload, 6)
        self._stream.write(_FRAME.pack(name, len(packed), zlib.crc32(packed)) + packed)


class Trace:
    """A trace file, read frame by frame.

    Attributes: head: see Head. cut: True once reading met an end without TAIL. size_bytes: of the file;
    read_bytes: how far the reading is.
    """

    def __init__(self, path: Path) -> None:
        """Raises: InputError: not a trace, one of another format, or not even its head is whole."""
        self.path = path
        self.cut = False
        self.read_bytes = 0
        try:
            self.size_bytes = path.stat().st_size
            with door.opened(path) as stream:
                first = next(self._frames(stream), None)
        except OSError as error:
            raise InputError(str(path), f"cannot be read: {error.strerror}") from None
        if not isinstance(first, Head):
            raise InputError(str(path), "is a trace that was cut before its head was whole")
        self.head = first
        self.cut = False

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames after the head, in the order of the file."""
        with door.opened(self.path) as stream:
            frames = self._frames(stream)
            next(frames)
            yield from frames

    def _frames(self, stream: IO[bytes]) -> Iterator[Frame]:
        if stream.read(len(MAGIC)) != MAGIC:
            raise InputError(str(self.path), "is no trace of memdesc machine record")
        sound = Sound()
        while head := stream.read(_FRAME.size):
            if len(head) < _FRAME.size:
                break
            name, length, crc = _FRAME.unpack(head)
            packed = stream.read(length) if length <= _LARGEST else b""
            if len(packed) < length:
                break
            if zlib.crc32(packed) != crc:
                raise InputError(str(self.path), f"is damaged at byte {stream.tell() - length}")
            self.read_bytes = stream.tell()
            frame = self._decode(name, self._unpacked(packed))
            try:
                if isinstance(frame, Head):
                    sound.pages = frame.pages
                elif isinstance(frame, list):
                    sound.stacks(len(frame))
                elif isinstance(frame, Runs):
                    sound.population(frame)
                elif isinstance(frame, np.ndarray):
                    sound.events(frame)
            except ValueError as error:
                raise InputError(str(self.path), f"has what no recording writes: {error}") from None
            yield frame
            if isinstance(frame, Tail):
                return
        self.cut = True

    def _unpacked(self, packed: bytes) -> bytes:
        """Return what a frame holds; a frame that unpacks to more than any recording writes is refused."""
        unpacker = zlib.decompressobj()
        try:
            payload = unpacker.decompress(packed, _MOST_UNPACKED)
        except zlib.error as error:
            raise InputError(str(self.path), f"has a frame that cannot be unpacked: {error}") from None
        if unpacker.unconsumed_tail:
            raise InputError(str(self.path), f"has a frame of more than {_MOST_UNPACKED >> 20} MiB")
        return payload

    def _decode(self, name: bytes, payload: bytes) -> Frame:
        try:
            if name == b"EVNT":
                return _events(payload)
            if name == b"POPL":
                return _runs(payload)
            value = json.loads(payload)
            if name == b"STCK":
                return [_names(stack) for stack in value]
            if name == b"HEAD":
                if value.get("format") != FORMAT:
                    made = value.get("format")
                    raise InputError(
                        str(self.path), f"is a trace of format {made}; this memdesc reads {FORMAT}"
                    )
                head = _record(Head, {**value, "events": _names(value["events"])})
                if not 0 <= head.cpus <= _MOST_CPUS:
                    raise ValueError("cpus")
                if not 0 <= head.pages <= _MOST_PAGES or head.page_size not in _PAGE_SIZES:
                    raise InputError(
                        str(self.path),
                        f"says that it is of {head.pages:,} pages of {head.page_size:,} bytes; at most "
                        f"{_MOST_PAGES:,} pages of 4 to 64 KiB can be replayed",
                    )
                return head
            if name == b"SMPL":
                return _record(Sample, value)
            if name == b"TAIL":
                return _record(Tail, value)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError, struct.error):
            pass
        raise InputError(str(self.path), f"has a frame that memdesc cannot read ({name!r})")


def _record(made: type[_R], value: dict[str, Any]) -> _R:
    """Return a record of a JSON object.

    Raises: KeyError, TypeError: a field is missing or of another type.
    """
    for field in fields(made):
        held = value[field.name]
        if field.type is str:
            sound = isinstance(held, str)
        elif str(field.type).startswith("dict"):
            sound = isinstance(held, dict) and all(map(_is_number, held.values()))
        else:
            sound = field.type is not int or _is_number(held)
        if not sound:
            raise TypeError(field.name)
    record: dict[str, Any] = {}
    for field in fields(made):
        held = value[field.name]
        record[field.name] = visible(held) if isinstance(held, str) else held
    return made(**record)


def _is_number(value: Any) -> bool:
    return type(value) is int and -1 <= value < _MOST_NUMBER


def _names(value: Any) -> tuple[str, ...]:
    """Return a list of names, made visible: they stand in lines of reports.

    Raises: TypeError: it is none.
    """
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError("names")
    return tuple(map(visible, value))


def _events(payload: bytes) -> Events:
    count = struct.unpack_from("<Q", payload)[0]
    if len(payload) != 8 + count * COLUMNS.itemsize:
        raise ValueError("length of events")
    events = np.empty(count, COLUMNS)
    at = 8
    for name in COLUMNS.names or ():
        kind = COLUMNS[name]
        column = np.frombuffer(payload, kind, count, at)
        events[name] = np.cumsum(column.astype(np.int64)) if name == "time" else column
        at += count * kind.itemsize
    return events


def _runs(payload: bytes) -> Runs:
    pfn, begin, end, count = _POPULATION.unpack_from(payload)
    at = _POPULATION.size
    code = np.frombuffer(payload, np.uint8, count, at)
    order = np.frombuffer(payload, np.uint8, count, at + count)
    blocks = np.frombuffer(payload, "<u4", count, at + 2 * count).astype(np.uint32)
    return Runs(pfn, begin, end, code, order, blocks)
