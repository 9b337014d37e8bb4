"""Every page descriptor of a dump against the rules of its kind: what breaks one, and how it reads.

`check()` returns a `Breach` for each page and rule. The rules are in verify_rules.py.
"""

from collections.abc import Iterator

import numpy as np

from memdesc.errors import InputError
from memdesc.kernel.breach import Breach, Checked
from memdesc.kernel.decode import Descriptors
from memdesc.kernel.dump import DumpSource
from memdesc.kernel.memmap import says_missing
from memdesc.kernel.pages import Memory
from memdesc.kernel.pointers import Pointers
from memdesc.kernel.population import CHUNK_PAGES, ROWS, Page
from memdesc.kernel.verify_rules import RULES, Rule, Window

_LARGEST_FREE_ORDER = 10


def check(memory: Memory, rules: tuple[Rule, ...] = RULES) -> Checked:
    """Return what breaks a rule, by frame and in the order of the rules.

    Raises: InputError: `memory` is that of a live machine, whose descriptors cannot be read.
    """
    source = memory.source
    if not isinstance(source, DumpSource):
        raise InputError("--verify", "needs a dump: a live machine shows no descriptors")
    orders = source.counters().free_blocks
    pointers = Pointers(source.kernel, source.memmap, len(orders) - 1 if orders else _LARGEST_FREE_ORDER)
    for first, count in _chunks(source):
        pointers.learn_pools(source.memmap.read(first, count))
    asked: dict[str, str] = {}
    breaches: list[Breach] = []
    pages = 0
    for first, count in _chunks(source):
        window = _window(source, pointers, first, count)
        some = [rule for rule in rules if rule.applies(window)]
        asked |= {rule.name: rule.says for rule in some}
        start = first - window.pages.first
        pages += int(window.pages.there[start : start + count].sum())
        breaches += _broken(window, some, range(start, start + count))
    skipped = tuple(rule.name for rule in rules if rule.name not in asked)
    partial = source.kernel.paging.memory.partial + says_missing(sum(map(len, source.ranges())) - pages)
    return Checked(source.kernel.place, pages, tuple(asked.items()), skipped, tuple(breaches), partial)


def _broken(window: Window, rules: list[Rule], places: range) -> Iterator[Breach]:
    """Yield what breaks a rule at these places of the window."""
    broken = {rule: rule.find(window) & window.pages.there for rule in rules}
    some = np.logical_or.reduce([*broken.values(), np.zeros(len(window.pages), np.bool_)])
    for at in (np.flatnonzero(some[places.start : places.stop]) + places.start).tolist():
        kind = Page(int(window.decoded.kind[at]))
        for rule, found in broken.items():
            if found[at]:
                yield Breach(window.pages.first + at, kind, rule.name, rule.says, read(window, at))


def _chunks(source: DumpSource) -> Iterator[tuple[int, int]]:
    for span in source.ranges():
        for first in range(span.start, span.stop, CHUNK_PAGES):
            yield first, min(CHUNK_PAGES, span.stop - first)


def _window(source: DumpSource, pointers: Pointers, first: int, count: int) -> Window:
    _start, pages, decoded = source.window(first, count)
    claimed = np.zeros(len(pages), np.uint8)
    places, kinds, _orders = source.claims.inside(pages.first, len(pages))
    claimed[places] = kinds
    twice = np.zeros(len(pages), np.bool_)
    frames = source.claims.twice
    start, end = np.searchsorted(frames, (pages.first, pages.first + len(pages)))
    twice[frames[start:end] - pages.first] = True
    return Window(pages, decoded, claimed, twice, source.all_caches, source.all_zones, pointers)


def read(window: Window, at: int) -> str:
    """Return how the descriptor at a place in the window reads, in words."""
    form, pages = window.form, window.pages
    # The word flags of a tail may hold something else: that of the second page of a folio its order, for one.
    parts = [] if window.tail[at] else ["flags=" + ("|".join(flag_names(pages, at)) or "-")]
    kept = [name for name in form.types if form.typed(name, window.types[at : at + 1])[0]]
    if kept:
        parts.append(f"type={kept[0]}")
    elif form.any_type(window.types[at : at + 1])[0]:
        parts.append(f"type={int(window.types[at]):#x}")
    else:
        parts.append(f"_mapcount={int(window.mapcount[at])}")
    parts.append(f"_refcount={int(window.refcount[at])}")
    mapping = int(window.mapping[at])
    meaning = ("", " (anon)", " (movable)", " (ksm)")[mapping & 3]
    parts.append(f"mapping={mapping:#x}{meaning}")
    head = int(pages.column(form.head)[at])
    if head & 1:
        parts.append(f"{form.head_name.partition('.')[2]}={head:#x} (pfn {_frame(pages, head):#x})")
    parts.append(f"private={int(pages.column(form.private)[at]):#x}")
    if window.decoded.kind[at] == Page.SLAB:
        for name in "inuse", "objects", "slab_cache":
            member = window.slab(name)
            if member is not None:
                value = int(member.view(np.uint64)[at])
                parts.append(f"{name}={value:#x}" if name == "slab_cache" else f"{name}={value}")
    if window.claimed[at]:
        parts.append(f"held as {ROWS[Page(int(window.claimed[at]))].name}")
    return " ".join(parts)


def _frame(pages: Descriptors, head: int) -> int:
    return (head - 1 - pages.vmemmap) // pages.form.size


def flag_names(pages: Descriptors, at: int) -> list[str]:
    """Return the names of the page flags set in a descriptor; of several names of a bit the first."""
    word = int(pages.column(pages.form.flags)[at])
    names: dict[int, str] = {}
    for name, bit in pages.form.bits.items():
        if not name.startswith("__"):
            names.setdefault(bit, name)
    return [name for bit, name in sorted(names.items()) if word >> bit & 1]
