"""Typed operations as words: what random sequences are made of, and the search for the shortest one.

Each operation works on pages of one kind and picks its page by a number, so that a sequence can be replayed.
An operation that has no page to work on does nothing; one that the machine refuses leaves a note.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from memdesc.machine.faults import KernelError
from memdesc.machine.handles import DriverPage, Folio, Handle, NetPage, VmallocPage
from memdesc.machine.machine import Machine
from memdesc.machine.memmap import TAIL
from memdesc.machine.processes import Mm
from memdesc.machine.shape import KINDS
from memdesc.machine.slabs import KmemCache

PLAIN = ("slab", "net", "table", "zsmalloc", "vmalloc", "driver", "large", "file", "anon")


@dataclass(frozen=True, slots=True)
class Operation:
    """One word of a sequence. kind: of the pages that it works on."""

    name: str
    kind: str
    run: Callable[[Play, int], None]


class Play:
    """A machine in the middle of a sequence.

    Attributes: pages: kind -> pages that the sequence holds. refused: (operation, kind, error number) of what
    the machine refused.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.pages: dict[str, list[Handle]] = {kind: [] for kind in PLAIN}
        self.mapped: list[Handle] = []
        self.objects: list[list[int]] = []
        self.cache: KmemCache | None = None
        self.processes: list[Mm] = []
        self.refused: list[tuple[str, str, int]] = []
        self.next = 0

    def do(self, operation: Operation, number: int = 0) -> None:
        """Do one operation; a refusal is noted and otherwise ignored."""
        try:
            operation.run(self, number)
        except KernelError as error:
            self.refused.append((operation.name, operation.kind, error.errno or 0))

    def held(self) -> dict[int, int]:
        """Return first frame -> references that the sequence itself holds on folios."""
        out: dict[int, int] = {}
        for kind in ("file", "anon"):
            for page in self.pages[kind]:
                out[page.pfn] = out.get(page.pfn, 0) + 1
        return out

    def process(self, number: int) -> Mm:
        """Return one of the sequence's processes, the first made when there is none."""
        if not self.processes:
            self.processes.append(self.machine.processes.start("play"))
        return self.processes[number % len(self.processes)]

    def page(self) -> int:
        """Return a virtual page, or a page of a file, that no operation used."""
        self.next += 512
        return self.next


def _allocate(kind: str, order: int) -> Callable[[Play, int], None]:
    def run(play: Play, _number: int) -> None:
        play.pages[kind].append(play.machine.allocate(kind, order))

    return run


def _free(kind: str) -> Callable[[Play, int], None]:
    def run(play: Play, number: int) -> None:
        if play.pages[kind]:
            page = play.pages[kind].pop(number % len(play.pages[kind]))
            play.mapped = [other for other in play.mapped if other is not page]
            play.machine.free(page)

    return run


def _map(kind: str) -> Callable[[Play, int], None]:
    def run(play: Play, number: int) -> None:
        if play.pages[kind]:
            page = play.pages[kind][number % len(play.pages[kind])]
            assert isinstance(page, Folio | NetPage | VmallocPage | DriverPage)
            play.machine.map(page)
            play.mapped.append(page)

    return run


def _unmap(kind: str) -> Callable[[Play, int], None]:
    def run(play: Play, number: int) -> None:
        there = [p for p in play.mapped if KINDS[play.machine.memmap.truth[p.pfn] & ~TAIL] == kind]
        if there:
            page = there[number % len(there)]
            assert isinstance(page, Folio | NetPage | VmallocPage | DriverPage)
            play.mapped.remove(page)
            play.machine.unmap(page)

    return run


def _fill_slab(play: Play, _number: int) -> None:
    """Allocate as many objects as one slab holds."""
    slabs = play.machine.slabs
    if play.cache is None:
        play.cache = slabs.create("play", 512, accounted=True)
    objects: list[int] = []
    play.objects.append(objects)
    for _ in range(play.cache.objects - play.cache.own):
        objects.append(slabs.allocate(play.cache))


def _many_slabs(play: Play, _number: int) -> None:
    """Allocate more slabs than one page holds descriptors of."""
    for _ in range(50):
        play.pages["slab"].append(play.machine.slabs.allocate_slab())


def _free_slabs(play: Play, number: int) -> None:
    """Free every other slab."""
    for slab in play.pages["slab"][number % 2 :: 2]:
        play.machine.free(slab)
    del play.pages["slab"][number % 2 :: 2]


def _free_object(play: Play, number: int) -> None:
    """Free one object of a slab that is full."""
    full = [o for o in play.objects if play.cache is not None and len(o) == play.cache.objects]
    if full:
        play.machine.slabs.free(full[number % len(full)].pop())


def _empty_slab(play: Play, number: int) -> None:
    """Free all objects of one slab."""
    if play.objects:
        for place in play.objects.pop(number % len(play.objects)):
            play.machine.slabs.free(place)


def _shrink_slabs(play: Play, _number: int) -> None:
    if play.cache is not None:
        play.machine.slabs.shrink(play.cache)


def _file_add(order: int) -> Callable[[Play, int], None]:
    def run(play: Play, _number: int) -> None:
        folio = play.machine.folios.allocate("file", order)
        play.pages["file"].append(folio)
        play.machine.cache_add(folio, "play", play.page())

    return run


def _file_read(play: Play, number: int) -> None:
    play.machine.cache.read(play.machine.cache.open("read"), number % 64)


def _file_write(play: Play, number: int) -> None:
    play.machine.cache.write(play.machine.cache.open("read"), number % 64)


def _file_truncate(play: Play, number: int) -> None:
    play.machine.cache.truncate(play.machine.cache.open("read"), number % 64)


def _file_sync(play: Play, _number: int) -> None:
    play.machine.cache.sync(play.machine.cache.open("read"))


def _file_mmap(play: Play, number: int) -> None:
    """Map 16 pages of a file and touch one."""
    processes, mm, page = play.machine.processes, play.process(number), play.page()
    processes.map_file(mm, play.machine.cache.open("read"), page, 0, 16)
    processes.fault_file(mm, page + number % 16)


def _split(play: Play, number: int) -> None:
    """Split a large folio of a file that only its file holds."""
    file = play.machine.cache.open("read")
    large = [f for f in file.folios.values() if play.machine.folios.order(f)]
    if large:
        play.machine.cache.split(large[number % len(large)])


def _fault(order: int) -> Callable[[Play, int], None]:
    def run(play: Play, number: int) -> None:
        play.machine.processes.fault(play.process(number), play.page(), order=order)

    return run


def _touch(play: Play, number: int) -> None:
    """Write to a page that a process has: nothing, a copy, or a page that comes back from swap."""
    mm = play.process(number)
    if mm.entries:
        page = list(mm.entries)[number % len(mm.entries)]
        if mm.entries[page] >> 60 & 1 or any(s <= page < s + n for _, s, _, n in mm.files):
            return
        play.machine.processes.fault(mm, page)


def _fork(play: Play, number: int) -> None:
    if len(play.processes) < 8:
        play.processes.append(play.machine.processes.fork(play.process(number)))


def _exit(play: Play, number: int) -> None:
    if play.processes:
        play.machine.processes.exit(play.processes.pop(number % len(play.processes)))


def _reclaim(play: Play, number: int) -> None:
    play.machine.reclaim.shrink(1 + number % 64)


def _enter_group(play: Play, number: int) -> None:
    memcg = play.machine.memcg
    memcg.current = memcg.create(f"group {number}") if memcg.current is None else None


def _charge_hugetlb(play: Play, number: int) -> None:
    """Allocate an order-3 folio and note a hugetlb cgroup in it."""
    folio = play.machine.folios.allocate("anon", 3)
    play.pages["anon"].append(folio)
    address = play.machine.memcg.create(f"hugetlb {number}").address
    play.machine.folios.charge_hugetlb(folio, address)


def _recycle(play: Play, number: int) -> None:
    """Give a net page back to its pool."""
    there = [p for p in play.pages["net"] if not any(p is m for m in play.mapped)]
    if there:
        page = there[number % len(there)]
        assert isinstance(page, NetPage)
        play.pages["net"].remove(page)
        play.machine.pools.put(page)


MAPPABLE = ("net", "vmalloc", "driver", "file")
OPERATIONS: tuple[Operation, ...] = (
    Operation("fill a slab", "slab", _fill_slab),
    Operation("free an object of a full slab", "slab", _free_object),
    Operation("free all objects of a slab", "slab", _empty_slab),
    Operation("allocate 50 slabs", "slab", _many_slabs),
    Operation("free every other slab", "slab", _free_slabs),
    Operation("shrink the cache", "slab", _shrink_slabs),
    Operation("charge to a group from now on", "memcg", _enter_group),
    Operation("give a net page back to its pool", "net", _recycle),
    Operation("add a page to a file", "file", _file_add(0)),
    Operation("add a folio of order 4 to a file", "file", _file_add(4)),
    Operation("add a folio of order 1 to a file", "file", _file_add(1)),
    Operation("read a file", "file", _file_read),
    Operation("write a file", "file", _file_write),
    Operation("write a file out", "file", _file_sync),
    Operation("truncate a file", "file", _file_truncate),
    Operation("map a file and touch it", "file", _file_mmap),
    Operation("split a folio of a file", "file", _split),
    Operation("touch new memory", "anon", _fault(0)),
    Operation("touch new memory, order 4", "anon", _fault(4)),
    Operation("touch new memory, order 1", "anon", _fault(1)),
    Operation("write to memory", "anon", _touch),
    Operation("fork", "anon", _fork),
    Operation("end a process", "anon", _exit),
    Operation("reclaim", "anon", _reclaim),
    Operation("charge a hugetlb folio", "anon", _charge_hugetlb),
    *(Operation(f"allocate {kind}", kind, _allocate(kind, 0)) for kind in PLAIN),
    *(Operation(f"allocate {kind}, order 3", kind, _allocate(kind, 3)) for kind in PLAIN),
    *(Operation(f"free {kind}", kind, _free(kind)) for kind in PLAIN),
    *(Operation(f"map {kind}", kind, _map(kind)) for kind in MAPPABLE),
    *(Operation(f"unmap {kind}", kind, _unmap(kind)) for kind in MAPPABLE),
)
"""Every operation; memdesc.machine.shortest searches them in this order."""
