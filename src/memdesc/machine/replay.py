"""Replays a recorded trace on a machine: each event on the pages that stand for the recorded ones."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from memdesc.escape import visible
from memdesc.kinds import Kind
from memdesc.machine.check import Checker
from memdesc.machine.ledger import Ledger
from memdesc.machine.machine import Machine
from memdesc.machine.outcome import Attribution, Misread, Moment, Point, Replay, Run, point
from memdesc.machine.trace.events import Events, Op
from memdesc.machine.trace.file import Sample, Tail, Trace
from memdesc.machine.trace.population import CODES, HOLE, Runs, code_of
from memdesc.machine.trace.stacks import is_general, kind_of

Progress = Callable[[str, int, int], None]
MOST_POINTS = 240
_FIRST_STEP = 1_000_000
"""Nanoseconds between the first points of a curve."""
_GUARD_PAGES = 1
"""What __get_vm_area_node(), mm/vmalloc.c, adds to what is asked for."""
_SHARE_OF_LOOKS = 0.1
"""Of the time of a replay that may go into looking for misread pages."""
_LOOK_EVERY = 64
"""Events between two looks at the pages while the kernel is counting."""


@dataclass
class _Curve:
    """Points at even distances; when there are too many, every other is dropped and the distance doubled."""

    machine: Machine | None
    judge: "_Judge | None"
    step: int = _FIRST_STEP
    next: int = 0
    points: list[Point] = field(default_factory=list)

    def add(self, now: int, ledger: Ledger) -> None:
        """Take a point at `now`, nanoseconds."""
        if self.judge:
            self.judge.look()
        if self.machine is None:
            self.points.append(Point(now / 1e9, ledger.by_kind(), 0, 0, {}))
        else:
            self.points.append(point(now / 1e9, ledger.by_kind(), self.machine.costs()))
        if len(self.points) > MOST_POINTS:
            del self.points[1::2]
            self.step *= 2
        self.next = (now // self.step + 1) * self.step


class _Judge:
    """Looks at the bytes of a machine as generic code does, for no more than a share of the time."""

    def __init__(self, machine: Machine, every: int) -> None:
        self._checker = Checker(machine)
        if every:
            self._checker.watch(every)
        self._not_before = 0.0

    def look(self, hurry: bool = True) -> None:
        """Look at every page; in a hurry, only when the last look is long enough ago."""
        began = time.monotonic()
        if hurry and began < self._not_before:
            return
        self._checker.scan()
        if self._checker.memmap.journal is not None:
            self._checker.memmap.journal.touched.clear()
        now = time.monotonic()
        self._not_before = now + (now - began) / _SHARE_OF_LOOKS

    def misreads(self) -> tuple[Misread, ...]:
        """Return what was misread, by probe and kind."""
        return self._checker.told()


class _Stacks:
    """Codes of kinds by number of stack, and how many pages each asked for; silent: no event says that they come
    into the page cache."""

    def __init__(self) -> None:
        self.codes = [0]
        self.stacks: list[tuple[str, ...]] = [()]
        self.pages = [0]
        self.silent = [False]
        self._general = [False]

    def extend(self, stacks: list[tuple[str, ...]]) -> None:
        """Take over stacks of the trace."""
        for stack in stacks:
            kind, function = kind_of(stack)
            self.codes.append(code_of(kind))
            self._general.append(bool(function) and is_general(function))
            # The page cache of shmem has no events.
            self.silent.append(kind is Kind.FILE and function.startswith("shmem_"))
            self.stacks.append(stack)
            self.pages.append(0)

    def count(self, events: Events) -> None:
        """Count the pages that `events` allocate."""
        asked = events[events["op"] == Op.ALLOCATE]
        pages = np.bincount(asked["stack"], weights=np.exp2(asked["order"]), minlength=len(self.pages))
        for stack in np.flatnonzero(pages).tolist():
            self.pages[stack] += int(pages[stack])

    def attribution(self) -> Attribution:
        """Return what came of it."""
        pages: dict[str, int] = {}
        for code, count in zip(self.codes, self.pages, strict=True):
            if count:
                pages[CODES[code]] = pages.get(CODES[code], 0) + count
        unknown = [
            (count, stack)
            for code, count, stack in zip(self.codes, self.pages, self.stacks, strict=True)
            if count and not code
        ]
        unknown.sort(key=lambda pair: (-pair[0], pair[1]))
        general = sum(count for count, so in zip(self.pages, self._general, strict=True) if so)
        return Attribution(pages, general, tuple(unknown))


def replay(
    trace: Trace, machine: Machine | None = None, progress: Progress | None = None, check: int | None = None
) -> Replay:
    """Replay `trace` on `machine`, or only count its pages by kind when that is None.

    Args: check: look which probes of generic code misread which pages: now and then and at the end (0), after
    every so many operations (N), or not at all (None).

    Raises: InputError: the trace is damaged (one that was cut is replayed as far as it goes), or the design
    cannot hold a kind.
    """
    began = time.monotonic()
    ledger = Ledger(trace.head.pages, machine)
    judge = _Judge(machine, check) if machine is not None and check is not None else None
    curve, stacks = _Curve(machine, judge), _Stacks()
    moments: list[Moment] = []
    open_samples: list[_Open] = []
    begun_at: dict[int, int] = {}
    count, now, lost, present = 0, 0, 0, 0
    for frame in trace:
        if isinstance(frame, Runs):
            ledger.begin(frame)
            begun_at[frame.pfn] = frame.begin
            present += frame.present
        elif isinstance(frame, list):
            stacks.extend(frame)
        elif isinstance(frame, Sample):
            open_samples.append(_Open(frame, ledger))
        elif isinstance(frame, Tail):
            lost, now = frame.lost, max(now, frame.nanoseconds)
        elif isinstance(frame, np.ndarray) and len(frame):
            count += len(frame)
            now = int(frame["time"][-1])
            stacks.count(frame)
            moments += _through(_after(frame, begun_at), ledger, stacks, curve, open_samples)
        if progress:
            progress(f"replaying {visible(trace.path.name)}", trace.read_bytes, trace.size_bytes)
    moments += [sample.moment() for sample in open_samples]
    if judge:
        judge.look(hurry=False)
    curve.add(now, ledger)
    elapsed, points = time.monotonic() - began, tuple(curve.points)
    run = None
    if machine is not None:
        run = Run(
            machine.design.name, "s", elapsed, points, machine.costs(), judge.misreads() if judge else None
        )
    return Replay(
        trace=visible(trace.path.name),
        release=trace.head.release,
        memory_bytes=present << 12,
        cpus=trace.head.cpus,
        events=count,
        seconds=now / 1e9,
        elapsed=elapsed,
        lost=lost,
        migrated=_migrated(moments),
        cut=trace.cut,
        attribution=stacks.attribution(),
        odd=ledger.odd,
        moments=tuple(moments),
        pages=ledger.by_kind(),
        points=points,
        run=run,
    )


def attribution(trace: Trace) -> Attribution:
    """Return what the stacks of `trace` say, without replaying it.

    Raises: InputError: the trace is damaged.
    """
    stacks = _Stacks()
    for frame in trace:
        if isinstance(frame, list):
            stacks.extend(frame)
        elif isinstance(frame, np.ndarray):
            stacks.count(frame)
    return stacks.attribution()


def present_pages(trace: Trace) -> int:
    """Return how many page frames the recorded machine has, holes left out.

    Raises: InputError: the trace is damaged before its first event.
    """
    total = 0
    for frame in trace:
        if isinstance(frame, np.ndarray):
            break
        if isinstance(frame, Runs):
            total += frame.present
    return total


def _after(events: Events, begun_at: dict[int, int]) -> Events:
    """Return `events` without those of pages that were only looked at later, and that the look has seen."""
    if not begun_at or int(events["time"][0]) >= max(begun_at.values()):
        return events
    starts = np.array(sorted(begun_at), np.uint64)
    begins = np.array([begun_at[int(start)] for start in starts], np.uint64)
    place = np.maximum(np.searchsorted(starts, events["pfn"], side="right"), 1) - 1
    has_page = events["op"] < Op.AREA_ALLOCATE
    later: Events = events[~has_page | (events["time"] >= begins[place])]
    return later


def _migrated(moments: list[Moment]) -> int:
    counted = [
        moment.sample.vmstat[name]
        for moment in moments
        if (name := "pgmigrate_success") in moment.sample.vmstat
    ]
    return counted[-1] - counted[0] if counted else 0


class _Open:
    """A sample that the kernel has not finished: the fewest and the most pages of each kind meanwhile."""

    def __init__(self, sample: Sample, ledger: Ledger) -> None:
        self.sample = sample
        self.least = ledger.by_kind()
        self.most = dict(self.least)

    def look(self, pages: dict[str, int]) -> None:
        """Take `pages`, those of the ledger, into account."""
        for kind in pages.keys() | self.least.keys():
            now = pages.get(kind, 0)
            self.least[kind] = min(self.least.get(kind, 0), now)
            self.most[kind] = max(self.most.get(kind, 0), now)

    def moment(self) -> Moment:
        """Return what came of it."""
        return Moment(self.least, self.most, self.sample)


def _through(
    events: Events, ledger: Ledger, stacks: _Stacks, curve: _Curve, open_samples: list[_Open]
) -> list[Moment]:
    """Apply `events`; return the moments of the samples that end among them."""
    done = []
    while open_samples and len(events):
        last = min(sample.sample.end for sample in open_samples)
        cut = int(np.searchsorted(events["time"][:_LOOK_EVERY], last, side="right"))
        _apply(events[:cut], ledger, stacks, curve)
        events = events[cut:]
        pages = ledger.by_kind()
        for sample in open_samples:
            sample.look(pages)
        if cut < _LOOK_EVERY and len(events):
            done += [sample.moment() for sample in open_samples if sample.sample.end <= last]
            open_samples[:] = [sample for sample in open_samples if sample.sample.end > last]
    _apply(events, ledger, stacks, curve)
    return done


def _apply(events: Events, ledger: Ledger, stacks: _Stacks, curve: _Curve) -> None:
    """Do to `ledger` what `events` say."""
    codes, silent = stacks.codes, stacks.silent
    columns = [
        events[name].tolist() for name in ("time", "op", "pfn", "order", "stack", "pid", "object", "index")
    ]
    allocate, free, until = ledger.allocate, ledger.free, curve.next
    for now, op, pfn, order, stack, pid, thing, index in zip(*columns, strict=True):
        if now >= until:
            curve.add(now, ledger)
            until = curve.next
        if op == 1:
            allocate(pfn, order, codes[stack], pid)
            if silent[stack]:
                ledger.cache_add(pfn, order, 0, pfn)
        elif op == 2:
            free(pfn, order)
        elif op == 3:
            ledger.cache_add(pfn, order, thing, index)
        elif op == 4:
            ledger.cache_delete(pfn)
        elif op == 5:
            ledger.hold(pfn)
        elif op == 7:
            code = codes[stack]
            if code in _AREAS and index > _GUARD_PAGES:
                ledger.area(thing, index - _GUARD_PAGES, code, pid)
        elif op == 8:
            ledger.area_free(thing)


_AREAS = {code_of(Kind.VMALLOC), code_of(Kind.STACK)}
assert HOLE not in _AREAS
