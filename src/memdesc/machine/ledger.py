"""What each page of the recorded machine is while a trace is replayed, and what that means for our machine.

The trace is the last word: a page that it says is allocated is what it says, whatever was thought of it before.
So a recording may begin anywhere, and events that were lost do no lasting harm; they are counted.
"""

import contextlib

from memdesc.kinds import Kind
from memdesc.machine.faults import KernelError, OutOfMemory, Stale
from memdesc.machine.handles import OF_KIND, Folio, Handle
from memdesc.machine.machine import Machine
from memdesc.machine.outcome import Oddities
from memdesc.machine.trace.population import CODES, HOLE, UNKNOWN, Runs, code_of, kind_of_code

LARGEST_ORDER = 10
"""Of the kernel's buddy allocator (MAX_PAGE_ORDER of x86-64)."""
ROLE: dict[Kind, str] = {
    Kind.FILE: "file",
    Kind.ANON: "anon",
    Kind.SLAB: "slab",
    Kind.LARGE: "large",
    Kind.NET: "net",
    Kind.TABLE: "table",
    Kind.UNTYPED_TABLE: "table",
    Kind.ZSMALLOC: "zsmalloc",
    Kind.VMALLOC: "vmalloc",
    Kind.STACK: "vmalloc",
    Kind.PERCPU: "vmalloc",
    Kind.HUGETLB: "anon",
}
"""Kind of a trace -> kind by which our machine describes such pages; bare pages, "driver", for all others."""
_ROLES: tuple[str, ...] = tuple(ROLE.get(kind_of_code(code), "driver") for code in range(len(CODES)))
_FREE, _FILE, _NET = (code_of(kind) for kind in (Kind.FREE, Kind.FILE, Kind.NET))
_NOT_OURS = frozenset(
    (_FREE, HOLE, *(code_of(kind) for kind in (Kind.RESERVED, Kind.ZERO, Kind.OFFLINE, Kind.GUARD)))
)
_NOTHING = (1 << 64) - 1
"""Instead of a page of our machine, which had no memory left."""
_TAIL = 255
"""Order of a page that is not the first of its block."""


class Ledger:
    """The pages of the recorded machine, and which pages of `machine` stand for them (none when it is None).

    Attributes: allocated: pages that the trace allocated. odd: what the trace left open.
    """

    def __init__(self, pages: int, machine: Machine | None) -> None:
        self.machine = machine
        self.pages = pages
        self.allocated = 0
        self.odd = Oddities()
        self._counts = [0] * 256
        self._counts[HOLE] = pages
        # Of each page its kind, and of each block its order; free pages are blocks of one.
        self._code = bytearray([HOLE]) * pages
        self._order = bytearray(pages)
        self._guessed = bytearray(pages)
        size = pages if machine is not None else 0
        # A handle is a page and a place; kept so, those of a whole machine take 16 bytes a page.
        # A machine that is said to be large costs nothing before its pages are: the system gives zeros when touched.
        self._pfn = memoryview(bytearray(8 * size)).cast("Q")
        self._at = memoryview(bytearray(8 * size)).cast("Q")
        self._areas: dict[int, tuple[int, list[Handle | None]]] = {}
        self._area_of_pid: dict[int, int] = {}
        self._in_areas = 0
        self._too_few = -1

    def by_kind(self) -> dict[str, int]:
        """Return pages by name of kind, "free" and "unknown" included."""
        found = {name: self._counts[code] for code, name in enumerate(CODES)}
        for code, pages in self._areas.values():
            # They have page frames as well, which only their being freed will show.
            found[CODES[code]] += len(pages)
            found["free"] -= len(pages)
        return {name: pages for name, pages in found.items() if pages}

    def begin(self, runs: Runs) -> None:
        """Take over what the pages were at the beginning."""
        for pfn, code, order, blocks in runs:
            if code in _NOT_OURS:
                end = min(pfn + (blocks << order), self.pages)
                if pfn < end:
                    self._paint(pfn, end, code)
                continue
            end, order = min(pfn + (blocks << order), self.pages), min(order, LARGEST_ORDER)
            for head in range(pfn, end, 1 << order):
                self._put(head, order, code)
                if code == UNKNOWN:
                    self._guessed[head] = 1
                elif code == _FILE:
                    self._cache(head, 0, head)

    def allocate(self, pfn: int, order: int, code: int, pid: int) -> None:
        """2**order pages at `pfn` were allocated for what `code` says."""
        size = 1 << order
        if pfn + size > self.pages:
            self.odd.outside += size
            return
        self._clear(pfn, order, allocating=True)
        self.allocated += size
        if code == UNKNOWN:
            self.odd.unattributed += size
        elif self._area_of_pid and _ROLES[code] == "vmalloc":
            self._seen(pid, size)
        self._put(pfn, order, code)

    def free(self, pfn: int, order: int) -> None:
        """2**order pages at `pfn` went back to the allocator."""
        if pfn + (1 << order) > self.pages:
            self.odd.outside += 1 << order
            return
        self._clear(pfn, order)

    def cache_add(self, pfn: int, order: int, file: int, index: int) -> None:
        """The folio at `pfn` came into the page cache of `file`."""
        if self._become(pfn, order, _FILE):
            self._cache(pfn, file, index)

    def cache_delete(self, pfn: int) -> None:
        """The folio at `pfn` left the page cache."""
        if self.machine is None or pfn >= self.pages or self._code[pfn] != _FILE or self._order[pfn] == _TAIL:
            return
        folio = self._handle(pfn)
        if isinstance(folio, Folio):
            with contextlib.suppress(Stale, KernelError):
                self.machine.cache_delete(folio)

    def hold(self, pfn: int) -> None:
        """The page at `pfn` came into a page pool, perhaps from the bulk allocator, which has no event."""
        if pfn < self.pages and self._order[pfn] != _TAIL:
            self._become(pfn, self._order[pfn], _NET)

    def area(self, number: int, pages: int, code: int, pid: int) -> None:
        """`pages` pages of vmalloc space, which most likely the bulk allocator fills."""
        self.area_free(number)
        if pages > self.pages - self._in_areas:
            self.odd.outside += pages
            return
        self._in_areas += pages
        self._areas[number] = (code, [self._made(code, 0) for _ in range(pages)])
        self._area_of_pid[pid] = number
        self.allocated += pages

    def area_free(self, number: int) -> None:
        """A piece of vmalloc space is given up, and the pages behind it that nobody saw with it."""
        held = self._areas.pop(number, (0, []))[1]
        self._in_areas -= len(held)
        for handle in held:
            self._give_back(handle)

    def _seen(self, pid: int, size: int) -> None:
        """Pages of an area turn out to have an event of their own: they are counted there, not here."""
        pages = self._areas.get(self._area_of_pid.get(pid, -1), (0, []))[1]
        for _ in range(min(size, len(pages))):
            self.allocated -= 1
            self._in_areas -= 1
            self._give_back(pages.pop())

    def _become(self, pfn: int, order: int, code: int) -> bool:
        """Make sure that a block of kind `code` is at `pfn`; False when the machine ends before it."""
        size = 1 << order
        if pfn + size > self.pages:
            self.odd.outside += size
            return False
        known = self._code[pfn]
        if known != code or self._order[pfn] != order:
            if known not in _NOT_OURS and known != UNKNOWN:
                self.odd.retyped += size
            self._clear(pfn, order, silent=True)
            self._put(pfn, order, code)
        return True

    def _clear(self, pfn: int, order: int, allocating: bool = False, silent: bool = False) -> None:
        """Make the 2**order pages at `pfn` free; of a block that reaches farther, the rest stays."""
        size = 1 << order
        if self._order[pfn] == order:
            self._drop(pfn, size, allocating, silent)
            return
        at, end = self._head(pfn), pfn + size
        if self._code.count(_FREE, pfn, end) == size:
            self.odd.unseen_frees += 0 if allocating or silent else size
            return
        while at < end:
            length, code, guessed = 1 << self._order[at], self._code[at], self._guessed[at]
            self._drop(at, length, allocating, silent)
            if at < pfn or at + length > end:
                self.odd.split += 1
                for begin, stop in ((at, pfn), (end, at + length)):
                    self._refill(begin, stop, code, guessed)
            at += length

    def _drop(self, pfn: int, size: int, allocating: bool, silent: bool) -> None:
        """Make the block of `size` pages at `pfn` free."""
        code = self._code[pfn]
        if code in _NOT_OURS:
            if not allocating and not silent and code in (_FREE, HOLE):
                self.odd.unseen_frees += size
        else:
            if allocating and not self._guessed[pfn]:
                self.odd.overwritten += size
            self._guessed[pfn] = 0
            if self.machine is not None:
                self._give_back(self._handle(pfn))
        counts = self._counts
        if size == 1:
            counts[code] -= 1
            counts[_FREE] += 1
            self._code[pfn] = _FREE
        else:
            self._paint(pfn, pfn + size, _FREE)

    def _paint(self, begin: int, end: int, code: int) -> None:
        """Make blocks of one page of the pages from `begin` to `end`, all of which are of one kind so far."""
        counts, size = self._counts, end - begin
        for before in set(self._code[begin:end]):
            counts[before] -= self._code.count(before, begin, end)
        counts[code] += size
        self._code[begin:end] = bytes([code]) * size
        self._order[begin:end] = bytes(size)

    def _refill(self, begin: int, stop: int, code: int, guessed: int) -> None:
        """Make blocks of `code` of the pages from `begin` to `stop`: the rest of a larger one."""
        while begin < stop:
            order = min(
                (begin & -begin).bit_length() - 1 if begin else LARGEST_ORDER, (stop - begin).bit_length() - 1
            )
            self._put(begin, order, code)
            self._guessed[begin] = guessed
            begin += 1 << order

    def _head(self, pfn: int) -> int:
        """Return the first page of the block in which `pfn` lies."""
        head, order = pfn, 0
        while self._order[head] == _TAIL:
            order += 1
            head = pfn >> order << order
        return head

    def _put(self, pfn: int, order: int, code: int) -> None:
        """Make a block of `code` of the 2**order pages at `pfn`, none of which is of our machine."""
        size, counts = 1 << order, self._counts
        if size == 1:
            counts[self._code[pfn]] -= 1
            counts[code] += 1
            self._code[pfn] = code
        else:
            self._paint(pfn, pfn + size, code)
            self._order[pfn : pfn + size] = bytes([order]) + bytes([_TAIL]) * (size - 1)
        if self.machine is not None:
            handle = self._made(code, order)
            if handle is None:
                self._pfn[pfn] = _NOTHING
            else:
                self._pfn[pfn], self._at[pfn] = handle.pfn, handle.at

    def _made(self, code: int, order: int) -> Handle | None:
        """Return pages of our machine for a block of the trace; None when there is none or they are refused."""
        machine = self.machine
        if machine is None:
            return None
        if machine.free_pages <= self._too_few:
            # Refused before, and nothing was freed since: reclaim would only go in vain again.
            self.odd.refused += 1 << order
            return None
        try:
            handle = machine.allocate(_ROLES[code], order)
        except OutOfMemory:
            self.odd.refused += 1 << order
            self._too_few = machine.free_pages
            return None
        except KernelError:  # an order that no kernel gives to such pages
            self.odd.refused += 1 << order
            return None
        self._too_few = -1
        return handle

    def _handle(self, pfn: int) -> Handle | None:
        if self._pfn[pfn] == _NOTHING:
            return None
        return OF_KIND[_ROLES[self._code[pfn]]](self._pfn[pfn], self._at[pfn])

    def _give_back(self, handle: Handle | None) -> None:
        if handle is not None and self.machine is not None:
            try:
                self.machine.free(handle)
            except Stale:
                self.odd.reclaimed += 1

    def _cache(self, pfn: int, file: int, index: int) -> None:
        if self.machine is None:
            return
        folio = self._handle(pfn)
        if isinstance(folio, Folio):
            try:
                self.machine.cache_add(folio, file, index)
            except Stale:
                self.odd.reclaimed += 1
            except KernelError:
                self.odd.collided += 1
