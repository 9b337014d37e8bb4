"""Pages told by who holds them, because no descriptor tells: vmalloc, stacks, per-CPU chunks, tables, lists.

Each function returns frames; `claims()` puts them together. A claim decides only where descriptors say nothing,
or say no more than "reserved". What a kernel does not let us find is left out, with a reason.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memdesc.errors import InputError
from memdesc.kernel.memmap import MemMap
from memdesc.kernel.objects import Kernel
from memdesc.kernel.physical import PAGE
from memdesc.kernel.population import TAIL, Codes, Missing, Page
from memdesc.kernel.zones import Zones

Frames = NDArray[np.int64]
_VM_ALLOC = 2
_COSTLY_ORDERS = 4
_HUGE_ORDER = 9
_NONE: Frames = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Area:
    """An area of vmalloc space. size: bytes that are mapped, without the guard. caller: who asked for it."""

    address: int
    size: int
    flags: int
    caller: int


@dataclass(frozen=True, slots=True)
class Claims:
    """Frames (ascending, each once) with the kind that their holder gives them.

    Attributes: map_runs: the frames of the memory map, rows of first and behind last: of a large machine they are
    too many to list. orders: of the block that starts there, TAIL behind its start. twice: frames that more than one
    holder has, ascending. cached_free: pages in the lists of
    CPUs, None when they could not be read. missing: what could not be found.
    """

    map_runs: Frames
    frames: Frames
    kinds: Codes
    orders: Codes
    twice: Frames
    cached_free: int | None
    missing: tuple[Missing, ...]

    def inside(self, first: int, count: int) -> tuple[Frames, Codes, Codes]:
        """Return (places, kinds, orders) of the claims on frames `first` to `first + count - 1`."""
        start, end = np.searchsorted(self.frames, (first, first + count))
        runs = self.map_runs[(self.map_runs[:, 0] < first + count) & (self.map_runs[:, 1] > first)]
        own = [np.arange(max(low, first), min(high, first + count)) for low, high in runs.tolist()]
        mapped = np.concatenate([_NONE, *own])
        return (
            np.concatenate((mapped, self.frames[start:end])) - first,
            np.concatenate((np.full(len(mapped), Page.MEMMAP, np.uint8), self.kinds[start:end])),
            np.concatenate((np.zeros(len(mapped), np.uint8), self.orders[start:end])),
        )


def claims(kernel: Kernel, memmap: MemMap, zones: Zones | None) -> Claims:
    """Return what is known of pages by who holds them. The first of several claims on a frame wins."""
    missing: list[Missing] = []
    parts: list[tuple[Frames, Page, Codes | None]] = []

    def add(kind: Page, what: str, costs: str, find: Callable[[], Frames]) -> None:
        try:
            parts.append((find(), kind, None))
        except InputError as error:
            missing.append(Missing(what, error.why, costs))

    cached: int | None = None
    try:
        frames, orders = cached_free(kernel, memmap, zones)
        parts.append((frames, Page.FREE_CACHED, orders))
        cached = len(frames)
    except InputError as error:
        missing.append(Missing("the lists of free pages of CPUs", error.why, "their pages count as unknown"))
    add(Page.ZERO, "the zero pages", "they count as reserved or unknown", lambda: zero_pages(kernel, memmap))
    add(Page.TABLE, "the kernel's page tables", "those without a type count as unknown",
        lambda: page_tables(kernel))  # fmt: skip
    areas: list[Area] = []
    try:
        # An area larger than all memory is damage, and would take as long to walk as it claims to be.
        most = sum(map(len, memmap.ranges)) * PAGE
        areas = [each for each in vmalloc_areas(kernel) if each.size <= most]
    except InputError as error:
        missing.append(Missing("the areas of vmalloc", error.why, "their pages count as unknown"))
    told: set[Area] = set()
    add(Page.STACK, "kernel stacks", "their pages count as vmalloc or unknown",
        lambda: stacks(kernel, areas, told))  # fmt: skip
    add(Page.PERCPU, "per-CPU chunks", "their pages count as vmalloc",
        lambda: percpu_chunks(kernel, areas, told))  # fmt: skip
    add(Page.VMALLOC, "vmalloc memory", "its pages count as unknown",
        lambda: _behind(kernel, (each for each in areas if each.flags & _VM_ALLOC and each not in told)))  # fmt: skip
    return _joined(memmap.runs(), parts, cached, tuple(missing))


def _joined(
    runs: Frames,
    parts: list[tuple[Frames, Page, Codes | None]],
    cached: int | None,
    missing: tuple[Missing, ...],
) -> Claims:
    none = np.empty(0, np.uint8)
    frames = np.concatenate([_NONE, *(part[0] for part in parts)])
    kinds = np.concatenate([none, *(np.full(len(part[0]), part[1], np.uint8) for part in parts)])
    orders = np.concatenate(
        [none, *(np.zeros(len(part[0]), np.uint8) if part[2] is None else part[2] for part in parts)]
    )
    # unique() keeps the first of equals, which is the claim that was made first.
    frames, first, times = np.unique(frames, return_index=True, return_counts=True)
    twice = times > 1
    if len(runs):
        run = np.maximum(np.searchsorted(runs[:, 0], frames, "right") - 1, 0)
        twice |= (frames >= runs[run, 0]) & (frames < runs[run, 1])
    return Claims(runs, frames, kinds[first], orders[first], frames[twice], cached, missing)


def vmalloc_areas(kernel: Kernel) -> Iterator[Area]:
    """Yield the areas of vmalloc space that belong to somebody.

    Source: vmap_area_list until 6.8, vmap_nodes since (d093602919ad), mm/vmalloc.c.
    """
    offset = kernel.offset("vmap_area", "list")
    for head in _area_lists(kernel):
        for at in kernel.chain(head, offset):
            vm = kernel.number("vmap_area", "vm", at)
            # Without a vm_struct it is vm_map_ram(), or the member still holds what it has for free areas.
            if vm >> 56 != 0xFF:
                continue
            address = kernel.number("vm_struct", "addr", vm)
            if address != kernel.number("vmap_area", "va_start", at):
                continue
            yield Area(
                address,
                kernel.number("vm_struct", "size", vm),
                kernel.number("vm_struct", "flags", vm),
                kernel.number("vm_struct", "caller", vm),
            )


def _area_lists(kernel: Kernel) -> Iterator[int]:
    found = kernel.symbols.find(("vmap_area_list", "vmap_nodes", "nr_vmap_nodes"))
    if "vmap_area_list" in found:
        yield found["vmap_area_list"]
        return
    start = kernel.word(found.get("vmap_nodes") or kernel.symbol("vmap_nodes"))
    count = int.from_bytes(kernel.paging.read(kernel.symbol("nr_vmap_nodes"), 4), "little")
    size = kernel.struct("vmap_node").size
    offset = kernel.offset("vmap_node", "busy.head")
    for number in range(min(count, 1024)):
        yield start + number * size + offset


def _behind(kernel: Kernel, areas: Iterator[Area]) -> Frames:
    found = [kernel.paging.frames(each.address, each.size) for each in areas]
    return np.concatenate(found) if found else _NONE


def tasks(kernel: Kernel) -> Iterator[int]:
    """Yield the task_struct of every thread but the first idle task.

    Source: for_each_process_thread(), include/linux/sched/signal.h.
    """
    init = kernel.symbol("init_task")
    member = kernel.offset("task_struct", "tasks")
    thread = kernel.offset("task_struct", "thread_node")
    for process in kernel.chain(init + member, member):
        signal = kernel.number("task_struct", "signal", process)
        yield from kernel.chain(signal + kernel.offset("signal_struct", "thread_head"), thread)


def stacks(kernel: Kernel, areas: list[Area], told: set[Area]) -> Frames:
    """Return the frames of kernel stacks: of all tasks, and those kept for the next ones.

    told: areas are added to it that are stacks.
    Source: alloc_thread_stack_node() and cached_stacks, kernel/fork.c.
    """
    size = kernel.struct("thread_union").size if kernel.types.find("thread_union") else 16384
    found, callers = [], set()
    at = {each.address: each for each in areas}
    for task in tasks(kernel):
        stack = kernel.number("task_struct", "stack", task)
        if stack in at:
            callers.add((at[stack].caller, at[stack].size))
        elif stack:  # it is in the linear map; that of a task that has ended is gone
            found.append(kernel.paging.frames(stack, size))
    # A stack that no task has now was asked for by the same caller, in the same size.
    told |= {each for each in areas if (each.caller, each.size) in callers}
    found.append(_behind(kernel, (each for each in areas if each in told)))
    return np.concatenate(found)


def percpu_chunks(kernel: Kernel, areas: list[Area], told: set[Area]) -> Frames:
    """Return the frames of per-CPU chunks, the first one aside, which is memory of boot time.

    told: areas are added to it that are such chunks.
    Source: pcpu_get_vm_areas() signs as the caller of its areas, mm/vmalloc.c.
    """
    if not areas:
        return _NONE
    caller = kernel.symbol("pcpu_get_vm_areas")
    chunks = [each for each in areas if each.caller == caller]
    told |= set(chunks)
    return _behind(kernel, iter(chunks))


def page_tables(kernel: Kernel) -> Frames:
    """Return the frames of the kernel's page tables, and of the top tables of processes, which have no type."""
    tables = kernel.paging.tables().astype(np.int64)
    tops = set()
    for task in tasks(kernel):
        mm = kernel.number("task_struct", "mm", task)
        if mm:
            tops.add(kernel.paging.physical(kernel.number("mm_struct", "pgd", mm)) // PAGE)
    return np.concatenate((tables, np.array(sorted(tops), np.int64)))


def zero_pages(kernel: Kernel, memmap: MemMap) -> Frames:
    """Return the frames of the zero page and of the huge zero folio.

    Source: empty_zero_page, arch/x86; huge_zero_pfn and huge_zero_folio, mm/huge_memory.c.
    """
    found = kernel.symbols.find(("empty_zero_page", "huge_zero_pfn"))
    out = []
    if "empty_zero_page" in found:
        out.append(np.array([kernel.paging.physical(found["empty_zero_page"]) // PAGE], np.int64))
    if "huge_zero_pfn" in found:
        pfn = kernel.word(found["huge_zero_pfn"])
        if any(pfn in span for span in memmap.ranges):
            out.append(np.arange(pfn, pfn + (1 << _HUGE_ORDER)))
    return np.concatenate(out) if out else _NONE


def cached_free(kernel: Kernel, memmap: MemMap, zones: Zones | None) -> tuple[Frames, Codes]:
    """Return frames and orders of the free pages that CPUs keep for themselves.

    Source: struct per_cpu_pages, include/linux/mmzone.h; order_to_pindex(), mm/page_alloc.c.
    """
    if zones is None:
        raise InputError(kernel.place, "has no zones that could be read")
    types = kernel.types.enumerator("MIGRATE_PCPTYPES") or 3
    lists = kernel.count_of("per_cpu_pages", "lists")
    offset = kernel.offset("per_cpu_pages", "lists")
    link = kernel.offset("page", "pcp_list", "lru")
    pageset = "per_cpu_pageset" if kernel.has("zone", "per_cpu_pageset") else "pageset"
    frames: list[Frames] = []
    orders: list[Codes] = []
    for zone in zones.at:
        base = kernel.number("zone", pageset, zone)
        for cpu in kernel.cpus():
            pages = base + cpu & 0xFFFF_FFFF_FFFF_FFFF
            for place in range(lists):
                order = place // types if place < types * _COSTLY_ORDERS else _HUGE_ORDER
                for page in kernel.chain(pages + offset + 16 * place, link):
                    first = (page - memmap.vmemmap) // memmap.form.size
                    if not any(first in span for span in memmap.ranges):
                        raise InputError(kernel.place, f"has a list of free pages with {page:#x} in it")
                    block = np.full(1 << order, TAIL, np.uint8)
                    block[0] = order
                    orders.append(block)
                    frames.append(np.arange(first, first + (1 << order), dtype=np.int64))
    if not frames:
        return _NONE, np.empty(0, np.uint8)
    return np.concatenate(frames), np.concatenate(orders)
