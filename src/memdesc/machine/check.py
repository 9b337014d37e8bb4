"""The judge: which reads of generic code misread what, with the history of the page that led to it.

It holds the probes of `layout check` (memdesc.layout.probes) against the machine's bytes and against what is
true. `scan()` looks at all pages at once and confirms one by one what looks wrong; `watch()` makes every call
of a manager's public function an operation, after which pages are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from memdesc.layout.judge import find_anchor
from memdesc.layout.probes import PROBES, Probe
from memdesc.machine import outcome
from memdesc.machine.machine import Machine
from memdesc.machine.memmap import ANON, NET, RESERVED, TAIL, Event, Journal
from memdesc.machine.memory import Member
from memdesc.machine.shape import KINDS, Shape
from memdesc.machine.truths import Truths
from memdesc.machine.watch import Watch

Numbers = np.ndarray[Any, Any]
TRUE_OF: dict[str, frozenset[int]] = {
    "anon-bit": frozenset((ANON,)),
    "ksm-bits": frozenset(),
    "movable-bits": frozenset(),
    "pfmemalloc-bit": frozenset(),
    "pool-magic": frozenset((NET,)),
}
"""Test on bits -> kinds of which it may be true. No page of the machine is KSM, movable or pfmemalloc."""
WHOLE_SCAN_PAGES = 1 << 16
"""Machines up to so many pages are looked at whole after each operation, larger ones where it worked."""


@dataclass(frozen=True, slots=True)
class Misread:
    """A read that made of a page what it is not.

    Attributes: probe: its name in layout check. by: the function that reads so. pfn: the page. kind: what it
    is. descriptor: of that kind. says: what was read and what is true. operation, number: after which
    operation it was seen, and how many came before. history: of the page, oldest first.
    """

    probe: str
    by: str
    pfn: int
    kind: str
    descriptor: str
    says: str
    operation: str
    number: int
    history: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A probe whose member the design has."""

    probe: Probe
    member: Member
    true_of: frozenset[int]


class Checker:
    """Judges one machine. misreads: the first of each (probe, kind); seen: which pages did so in all. every:
    operations between two looks, 0 for none."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.memmap = machine, machine.memmap
        self.truths = Truths(machine)
        self.misreads: dict[tuple[str, str], Misread] = {}
        self.seen: dict[tuple[str, str], set[int]] = {}
        self._steps = self.every = 0
        self._shapes = [Shape(kind, machine.ground.page) for kind in KINDS]
        self._rows = list(self._applicable())
        if self.memmap.journal is None:
            self.memmap.journal = Journal()

    def _applicable(self) -> Iterable[Row]:
        page, types = self.machine.ground.page, self.machine.design.types
        for probe in PROBES:
            cell = find_anchor(page.struct, probe.anchors)
            off = probe.unless and types.enumerator(probe.unless) is not None
            if cell is None or off or (probe.needs and types.enumerator(probe.needs) is None):
                continue
            yield Row(probe, page.memory.member(cell, page.step), TRUE_OF.get(probe.name, frozenset()))

    # -- when --

    def watch(self, every: int) -> None:
        """Look after each `every`-th operation from now on (see memdesc.machine.watch)."""
        self.every = every
        Watch(self.machine, self.after)

    def after(self, pages: frozenset[int]) -> None:
        """Note that an operation that was given `pages` is over; look, when it is time to."""
        self._steps += 1
        if not self.every or self._steps % self.every:
            return
        journal = self.memmap.journal
        assert journal is not None
        if self.memmap.pages <= WHOLE_SCAN_PAGES:
            self.scan()
        else:
            for pfn in sorted(journal.touched | pages):
                self.look(pfn)
        journal.touched.clear()

    def told(self) -> tuple[outcome.Misread, ...]:
        """Return what was misread so far, in words, by probe and kind."""
        return tuple(
            outcome.Misread(m.probe, m.by, m.kind, m.says, len(self.seen[key]), tuple(map(_line, m.history)))
            for key, m in sorted(self.misreads.items())
        )

    # -- what --

    def scan(self) -> None:
        """Look at every page of the machine."""
        truth = np.frombuffer(self.memmap.truth, np.uint8)
        for row in self._rows:
            for pfn in np.flatnonzero(self._suspicious(row, truth)).tolist():
                self._look(row, pfn)

    def _suspicious(self, row: Row, truth: Numbers) -> Numbers:
        """Return which pages this probe might misread: all that it does, and some that it does not."""
        probe, member, pages = row.probe, row.member, self.memmap.pages
        words = self.memmap.column(member, 0, pages)
        tails = truth >= TAIL
        passes: Numbers
        if probe.test == "bits":
            passes = (words & words.dtype.type(probe.mask)) == words.dtype.type(probe.value)
            if probe.name == "tail-bit":
                return passes & ~tails
            if probe.tail:
                return passes & tails
            wrong = np.ones(256, bool)
            wrong[list(row.true_of)] = False
            passes = passes & wrong[truth]
            return passes & ~tails if probe.head else passes
        if probe.test == "magic":
            passes = (words != 0) & (truth != NET)
            return passes & ~tails
        return self.truths.suspicious(probe, words, truth)

    def look(self, pfn: int) -> None:
        """Hold every probe against one page."""
        for row in self._rows:
            self._look(row, pfn)

    def _look(self, row: Row, pfn: int) -> None:
        kind = KINDS[self.memmap.truth[pfn] & ~TAIL]
        if pfn not in self.seen.get((row.probe.name, kind), ()):
            says = self._judge(row, pfn)
            if says:
                self._note(row.probe, pfn, says)

    def _judge(self, row: Row, pfn: int) -> str:
        """Return how `row` misreads the page, or ""."""
        probe, truth = row.probe, self.memmap.truth[pfn]
        tail, kind = bool(truth & TAIL), truth & ~TAIL
        if kind == RESERVED or (probe.head and tail) or (probe.tail and not tail):
            return ""
        if probe.test == "bits" and probe.name not in ("memdesc-type",):
            word = row.member.get(self.memmap.at(pfn))
            if word & probe.mask != probe.value:
                return ""
            true = tail if probe.name == "tail-bit" else kind in row.true_of
            # a probe that nobody told us the truth of is true where its own member lies: there is no telling
            if true or (probe.name not in TRUE_OF and probe.name not in ("tail-bit", "tail-head")):
                return ""
            fooled = [says for name, says in self._fooled(pfn, kind, tail) if name == probe.name]
            return f"{row.member.path} reads {word:#x}: {', '.join(fooled) or f'{probe.by} {probe.breaks}'}"
        if probe.test == "magic":
            if kind != NET and self.machine.generic.page_pool_page_is_pp(pfn):
                return "pp_magic carries the signature of a page_pool"
            return ""
        return self.truths.judge(probe, pfn, kind, tail)

    def _fooled(self, pfn: int, kind: int, tail: bool) -> Iterator[tuple[str, str]]:
        """Yield (probe, what it says) of the generic functions that take the page for what it is not."""
        generic = self.machine.generic
        flags = generic.stable_page_flags(pfn)
        for bit, name in (("ANON", "anon-bit"), ("KSM", "ksm-bits")):
            if bit in flags and not tail and kind not in TRUE_OF[name]:
                yield name, f"stable_page_flags() says {bit}"
        if generic.page_tail(pfn) and not tail:
            head = generic.compound_head(pfn)
            where = f"page {head} for its head" if head >= 0 else "what is no page at all for its head"
            yield "tail-bit", f"compound_head() takes {where}"
        for walker, reading in (
            ("compaction", generic.compaction(pfn)), ("memory_failure()", generic.memory_failure(pfn)),
        ):  # fmt: skip
            if "anonymous" in reading.verdict and kind != ANON:
                yield "anon-bit", f"{walker} {reading.verdict}"
            elif "movable_ops" in reading.verdict:
                yield "movable-bits", f"{walker} {reading.verdict}"
            elif "pointer" in reading.verdict:
                yield "tail-bit", f"{walker} {reading.verdict}"
        if generic.page_is_pfmemalloc(pfn) and not tail:
            yield "pfmemalloc-bit", "page_is_pfmemalloc() takes it for memory of the emergency reserves"
        if tail and not generic.page_tail(pfn):
            yield "tail-head", "compound_head() takes the tail page for a page of its own"

    def _note(self, probe: Probe, pfn: int, says: str) -> None:
        kind = KINDS[self.memmap.truth[pfn] & ~TAIL]
        key = probe.name, kind
        self.seen.setdefault(key, set()).add(pfn)
        if key not in self.misreads:
            journal = self.memmap.journal
            descriptor = self._shapes[KINDS.index(kind)].descriptor
            self.misreads[key] = Misread(
                probe.name, probe.by, pfn, kind, descriptor.name if descriptor else self.machine.design.page.name,
                says, self.memmap.operation, self.memmap.number, journal.of(pfn) if journal is not None else (),
            )  # fmt: skip


def _line(event: Event) -> str:
    says = f": {event.says}" if event.says else ""
    pages = f"{event.pfn:#x}+{1 << event.order}"
    return f"operation {event.number:,}, {event.operation}: pages {pages} {event.kind}{says}"
