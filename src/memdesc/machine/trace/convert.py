"""From what the kernel said to a trace: pairs stacks with events, and merges the CPUs in the order of time."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

import numpy as np

from memdesc.machine.trace.events import COLUMNS, Events, Op, Wanted
from memdesc.machine.trace.file import CHUNK, FORMAT, Head, Tail, Writer
from memdesc.machine.trace.population import HOLE
from memdesc.machine.trace.ring_buffer import Format, records
from memdesc.machine.trace.spool import Spool
from memdesc.machine.trace.stacks import Symbols

Progress = Callable[[str, int, int], None]
"""Called with a phase, what is done of it, and the whole."""

_ROW = struct.Struct("<QQQIIIBB")
_COMMON = struct.Struct("<HBBI")
_CONTEXT = 0x58
"""TRACE_FLAG_HARDIRQ, SOFTIRQ and NMI: a stack and its event agree in them (include/linux/trace_events.h)."""
_NO_PFN = (1 << 64) - 1
_PAGE_SHIFT = 12


class Stacks:
    """Numbers of stacks, from 1; those that differ in addresses only are one."""

    def __init__(self, symbols: Symbols) -> None:
        self._symbols = symbols
        self._by_bytes: dict[bytes, int] = {}
        self._by_names: dict[tuple[str, ...], int] = {}
        self._fresh: list[tuple[str, ...]] = []

    def number(self, addresses: bytes) -> int:
        """Return the number of the stack of which `addresses` are the return addresses, eight bytes each."""
        if known := self._by_bytes.get(addresses):
            return known
        values = struct.unpack(f"<{len(addresses) // 8}Q", addresses)
        names = tuple(self._symbols.name(value) for value in values)
        if names not in self._by_names:
            self._by_names[names] = len(self._by_names) + 1
            self._fresh.append(names)
        number = self._by_bytes[addresses] = self._by_names[names]
        return number

    def fresh(self) -> list[tuple[str, ...]]:
        """Return the stacks that are new since the last call."""
        new, self._fresh = self._fresh, []
        return new


@dataclass
class _Kept:
    """What all CPUs share: numbers of stacks and objects, and what does not become an event."""

    stacks: Stacks
    origin: int
    objects: dict[tuple[int, ...], int] = field(default_factory=dict)
    failed: int = 0
    unpaired: int = 0
    lost: int = 0
    read_bytes: int = 0


Row = Callable[[bytes, int, int, int], bytes | None]
"""(data, offset, time, pid) -> the packed row of an event; None when it is no event of pages."""


def convert(spool: Spool, stream: IO[bytes], progress: Progress | None = None) -> Tail:
    """Write the trace of `spool` to `stream`, and return its last frame.

    Raises: InputError: the spool lacks something.
    """
    kept = _Kept(Stacks(spool.symbols), spool.origin)
    population = list(spool.population())
    pages = max((runs.pfn + runs.pages for runs in population if _present(runs.code)), default=0)
    head = Head(
        FORMAT, spool.release, spool.machine, 1 << _PAGE_SHIFT, pages, len(spool.cpus()),
        tuple(event.path for event in spool.events),
    )  # fmt: skip
    writer = Writer(stream, head)
    for runs in population:
        writer.population(runs)
    samples = spool.samples()
    whole, total, end = spool.size_bytes(), 0, 0
    for chunk in _merged([_cpu(spool, cpu, kept) for cpu in spool.cpus()]):
        while samples and samples[0].begin <= int(chunk["time"][-1]):
            at = int(np.searchsorted(chunk["time"], samples[0].begin))
            writer.stacks(kept.stacks.fresh())
            if at:
                writer.events(chunk[:at])
                total += at
                chunk = chunk[at:]
            writer.sample(samples.pop(0))
        writer.stacks(kept.stacks.fresh())
        writer.events(chunk)
        total += len(chunk)
        end = int(chunk["time"][-1])
        if progress:
            progress("writing the trace", kept.read_bytes, whole)
    for sample in samples:
        writer.sample(sample)
        end = max(end, sample.end)
    tail = Tail(total, end, max(spool.lost, kept.lost), kept.failed, kept.unpaired)
    writer.tail(tail)
    return tail


def _present(code: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> bool:
    return bool((code != HOLE).any())


class _Rows:
    """Rows of one CPU in the making: an event waits for the stack that follows it in the same context."""

    def __init__(self, kept: _Kept) -> None:
        self._kept = kept
        self.rows: list[bytes] = []
        self.stacks: list[int] = []
        self.waiting: dict[int, int] = {}  # context -> place in rows

    def give_up(self) -> None:
        """No stack comes any more for what waits."""
        self._kept.unpaired += len(self.waiting)
        self.waiting.clear()

    def take(self) -> Events:
        """Return the rows up to the first that waits, and forget them; what waits for too long waits no more."""
        count = len(self.rows)
        for context, place in list(self.waiting.items()):
            if place < count - CHUNK // 2:
                del self.waiting[context]
                self._kept.unpaired += 1
        cut = min(self.waiting.values(), default=count)
        events = np.frombuffer(b"".join(self.rows[:cut]), COLUMNS).copy()
        events["stack"] = self.stacks[:cut]
        del self.rows[:cut], self.stacks[:cut]
        self.waiting = {context: place - cut for context, place in self.waiting.items()}
        return events


def _cpu(spool: Spool, cpu: int, kept: _Kept) -> Iterator[Events]:
    """Yield the events of one CPU in their order, many at a time."""
    formats = {spool.formats[event.path].number: event for event in spool.events}
    rows = {number: _row(event, spool.formats[event.path], kept) for number, event in formats.items()}
    needs_stack = {number for number, event in formats.items() if event.stack}
    stack_format = spool.formats["ftrace/kernel_stack"]
    stack_number, size_of = stack_format.number, stack_format.reader("size").unpack_from
    first = stack_format.fields["caller"].offset
    common, origin, number_of, made = _COMMON.unpack_from, kept.origin, kept.stacks.number, _Rows(kept)
    for block in spool.blocks(cpu):
        if block.lost:
            kept.lost += max(block.lost, 1)
            made.give_up()
        data, waiting, done, stacks = block.data, made.waiting, made.rows, made.stacks
        for time, at, length in records(block):
            number, flags, _, pid = common(data, at)
            if number == stack_number:
                place = waiting.pop((pid << 8) | (flags & _CONTEXT), -1)
                if place >= 0:
                    size = min(8 * size_of(data, at)[0], (length - first) & ~7)
                    stacks[place] = number_of(data[at + first : at + first + size])
            elif number in rows:
                packed = rows[number](data, at, time - origin if time > origin else 0, pid)
                if number in needs_stack:
                    context = (pid << 8) | (flags & _CONTEXT)
                    if context in waiting:
                        kept.unpaired += 1
                    waiting.pop(context, None)
                    if packed:
                        waiting[context] = len(done)
                if packed:
                    done.append(packed)
                    stacks.append(0)
        kept.read_bytes += block.end
        if len(done) >= CHUNK:
            yield made.take()
    made.give_up()
    if made.rows:
        yield made.take()


def _row(event: Wanted, format: Format, kept: _Kept) -> Row:
    """Return what turns a record of `event` into a row.

    Raises: InputError: the kernel's format lacks a field.
    """
    names = [name for name in (event.pfn, event.order, event.index, *event.object) if name]
    names.sort(key=lambda name: format.fields[name].offset if name in format.fields else 0)
    if event.order and event.order not in format.fields and event.op in (Op.CACHE_ADD, Op.CACHE_DELETE):
        names.remove(event.order)  # folios of the page cache have an order since 5.18
    unpack = format.reader(*names).unpack_from
    place = {name: at for at, name in enumerate(names)}
    pfn_at, order_at = place.get(event.pfn, -1), place.get(event.order, -1)
    index_at, object_at = place.get(event.index, -1), [place[name] for name in event.object]
    op, objects, pack = int(event.op), kept.objects, _ROW.pack
    # What counts as the same object: areas are made and freed, files and pools are added to and deleted from.
    family = event.path.partition("/")[0]
    tag = {"filemap": 1, "page_pool": 2, "vmalloc": 3}.get(family, 0)
    is_area = event.op is Op.AREA_ALLOCATE

    if event.op in (Op.ALLOCATE, Op.FREE):

        def plain(data: bytes, at: int, time: int, pid: int) -> bytes | None:
            values = unpack(data, at)
            pfn = values[pfn_at]
            if pfn == _NO_PFN:
                kept.failed += 1
                return None
            return pack(time, pfn, 0, 0, 0, pid, op, values[order_at])

        return plain

    def general(data: bytes, at: int, time: int, pid: int) -> bytes | None:
        values = unpack(data, at)
        key = (tag, *(values[where] for where in object_at))
        number = objects.get(key)
        if number is None:
            number = objects[key] = len(objects) + 1
        index = values[index_at] if index_at >= 0 else 0
        if is_area:
            index >>= _PAGE_SHIFT
        pfn = values[pfn_at] if pfn_at >= 0 else 0
        return pack(time, pfn, index, number, 0, pid, op, values[order_at] if order_at >= 0 else 0)

    return general


def _merged(streams: list[Iterator[Events]]) -> Iterator[Events]:
    """Yield the events of all `streams`, each ordered by time, in the order of time, at most CHUNK at once."""
    held: list[Events] = []
    alive: list[Iterator[Events]] = []
    for stream in streams:
        if (chunk := next(stream, None)) is not None:
            held.append(chunk)
            alive.append(stream)
    while held:
        # Nothing earlier can come any more than the earliest of what each stream has last.
        horizon = min(int(chunk["time"][-1]) for chunk in held)
        cuts = [int(np.searchsorted(chunk["time"], horizon, side="right")) for chunk in held]
        ready = np.concatenate([chunk[:cut] for chunk, cut in zip(held, cuts, strict=True)])
        ready = ready[np.argsort(ready["time"], kind="stable")]
        for at in range(0, len(ready), CHUNK):
            yield ready[at : at + CHUNK]
        rest: list[Events] = []
        going: list[Iterator[Events]] = []
        for chunk, cut, stream in zip(held, cuts, alive, strict=True):
            left: Events | None = chunk[cut:]
            if cut == len(chunk):
                left = next(stream, None)
            if left is not None:
                rest.append(left)
                going.append(stream)
        held, alive = rest, going
