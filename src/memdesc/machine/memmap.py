"""The memmap: one struct page a page frame, in the machine's own memory, and what is true of each frame.

Physical memory from the bottom: page 0 (reserved, so that no address is NULL), static memory for list heads,
the memmap, and then the pages that the buddy allocator hands out. What describes memory is in the memmap's
bytes. `truth` is the judge's knowledge, of which kind each frame really is; a kernel has no such thing, and
no function of the machine decides by it: only checks, counters and error messages read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from memdesc.errors import InputError
from memdesc.machine.faults import Stale
from memdesc.machine.handles import Page, describe
from memdesc.machine.memory import PAGE_SHIFT, PAGE_SIZE, Member, Memory
from memdesc.machine.shape import KINDS, PageShape

STATIC_BYTES = 32 * PAGE_SIZE
TAIL = 0x80
"""Set in `truth` for second and later pages of a block."""
FREE, RESERVED, FILE, ANON, SLAB, NET, TABLE, ZSMALLOC, VMALLOC, DRIVER, LARGE = range(len(KINDS))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a block of pages. number: how many operations came before."""

    number: int
    operation: str
    pfn: int
    order: int
    kind: str
    says: str = ""


class Journal:
    """What happened to pages, newest last; kept only while somebody checks. most: events that are kept."""

    def __init__(self, most: int = 200_000) -> None:
        self.events: list[Event] = []
        self.touched: set[int] = set()
        self.most = most

    def note(self, event: Event) -> None:
        """Add one event."""
        if len(self.events) >= self.most:
            del self.events[: self.most // 2]
        self.events.append(event)
        self.touched.add(event.pfn)

    def of(self, pfn: int, most: int = 8) -> tuple[Event, ...]:
        """Return the last `most` events of the block in which `pfn` lies, oldest first."""
        found = [e for e in self.events if e.pfn <= pfn < e.pfn + (1 << e.order)]
        return tuple(found[-most:])


class Memmap:
    """The array of struct pages, and counters by kind.

    Attributes: start: byte where struct page 0 lies. size: sizeof(struct page). pages: page frames. first:
    first frame behind the memmap. counts, peaks: frames by kind number. operation: name of the operation
    that runs, number how many came before it. zone_bits: what flags holds of every page, by zone.
    """

    def __init__(self, memory: Memory, page: PageShape) -> None:
        self.memory, self.page = memory, page
        self.size = page.size
        self.pages = memory.size >> PAGE_SHIFT
        self._static, self._static_end = PAGE_SIZE, PAGE_SIZE + STATIC_BYTES
        self.start = self._static_end
        end = self.start + self.pages * self.size
        self.first = -(-end // PAGE_SIZE)
        if self.first + 64 > self.pages:
            raise InputError(
                "--memory", f"{memory.size} bytes leave no page beside the memmap; at least 1M is needed"
            )
        self.truth = bytearray(self.pages)
        self.counts = [0] * len(KINDS)
        self.peaks = [0] * len(KINDS)
        self.journal: Journal | None = None
        self.operation, self.number = "boot", 0
        self._tails = [bytes([TAIL | kind]) * ((1 << 10) - 1) for kind in range(len(KINDS))]
        self._frees = bytes(1 << 10)
        self._boot()

    def _boot(self) -> None:
        """Write what every struct page says from the start: zone bits, no type, no references."""
        memory, page = self.memory, self.page
        flags, mapcount, refcount, memdesc = (page.find(w) for w in ("flags", "type", "refcount", "memdesc"))
        for member, value in ((flags, 0), (mapcount, mapcount.mask if mapcount else 0)):
            if member is not None:
                self.column(member, 0, self.pages)[:] = value
        reserved = page.design.types.enumerator("PG_reserved")
        if flags is not None and reserved is not None:
            self.column(flags, 0, self.first)[:] = 1 << reserved
        if refcount is not None:
            self.column(refcount, 0, self.first)[:] = 1
        if memdesc is not None:
            self.column(memdesc, 0, self.pages)[:] = self.undescribed(KINDS[RESERVED])
        self.truth[: self.first] = bytes([RESERVED]) * self.first
        self.counts[FREE], self.counts[RESERVED] = self.pages - self.first, self.first
        self.peaks[:] = self.counts
        memory.lines.clear()

    def undescribed(self, use: str) -> int:
        """Return the memdesc of a page without a descriptor."""
        types = self.page.design.types
        kind = types.enumerator("MEMDESC_MISC") or 0
        return kind | (types.enumerator(f"MISC_{use.upper()}") or 0) << 4

    def carve(self, size: int) -> int:
        """Return the byte where `size` bytes of static memory start, aligned to 16.

        Raises: InputError: there is no more; it is meant for list heads.
        """
        at = (self._static + 15) & ~15
        if at + size > self._static_end:
            raise InputError("", f"the {STATIC_BYTES} bytes for list heads are used up: too many slab caches")
        self._static = at + size
        return at

    def at(self, pfn: int) -> int:
        """Return the byte where the struct page of frame `pfn` starts."""
        return self.start + pfn * self.size

    def pfn_of(self, at: int) -> int:
        """Return the frame whose struct page starts at, or holds, byte `at`."""
        return (at - self.start) // self.size

    def column(self, member: Member, pfn: int, count: int, step: int = 1) -> np.ndarray[Any, Any]:
        """Return a member of the struct pages of `count` frames from `pfn` on (each `step`-th) as an array
        that is the memory itself: shape (count,), dtype the member's."""
        letter = "i" if member.signed else "u"
        order = "<" if self.memory.abi.byteorder == "little" else ">"
        return np.ndarray(
            (count,), f"{order}{letter}{member.size}", self.memory.bytes,
            self.at(pfn) + member.bit_offset // 8, (self.size * step,),
        )  # fmt: skip

    def become(self, pfn: int, order: int, kind: int) -> None:
        """Note that the block is of `kind` (a number of KINDS) from now on."""
        truth, counts = self.truth, self.counts
        old, number = truth[pfn], 1 << order
        counts[old] -= number
        counts[kind] += number
        if counts[kind] > self.peaks[kind]:
            self.peaks[kind] = counts[kind]
        truth[pfn] = kind
        if order:
            truth[pfn + 1 : pfn + number] = (
                self._tails[kind][: number - 1] if kind else self._frees[: number - 1]
            )
        if self.journal is not None:
            self.journal.note(Event(self.number, self.operation, pfn, order, KINDS[kind]))

    def note(self, pfn: int, says: str) -> None:
        """Add to the history of a page that stays what it is; does nothing unless somebody checks."""
        if self.journal is not None:
            kind = KINDS[self.truth[pfn] & ~TAIL]
            self.journal.note(Event(self.number, self.operation, pfn, 0, kind, says))

    def alive(self, handle: Page, *kinds: int) -> None:
        """Check that the handle's page is still of one of `kinds`.

        Raises: Stale: it was freed, or reclaimed, and is something else now.
        """
        if self.truth[handle.pfn] not in kinds:
            now = self.truth[handle.pfn]
            what = f"the second or later page of a {KINDS[now & ~TAIL]} block" if now & TAIL else KINDS[now]
            raise Stale(f"{describe(handle)} was freed: its page is {what} now")
