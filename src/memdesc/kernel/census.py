"""The census: every page of a source, counted by kind, block size, and whatever else was asked for.

`count()` reads the source a chunk at a time; what it keeps does not grow with the machine.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from memdesc.errors import InputError
from memdesc.kernel.flags import names_of
from memdesc.kernel.picture import Painter, Picture
from memdesc.kernel.population import (
    CHUNK_PAGES,
    KPF,
    ROWS,
    TAIL,
    About,
    Cache,
    Columns,
    Counters,
    Misread,
    Page,
    Source,
    Zone,
)

DIMENSIONS = ("kind", "order", "cgroup", "cache", "zone", "node")
_KINDS, _ORDERS = 32, 32


@dataclass(frozen=True, slots=True)
class Count:
    """Pages of a kind. blocks: order -> blocks of that order (folios, slabs, free blocks, single pages)."""

    kind: Page
    pages: int
    blocks: tuple[int, ...]

    @property
    def descriptors(self) -> int:
        """Blocks of all orders: what needs a descriptor where a block has one."""
        return sum(self.blocks)

    @property
    def name(self) -> str:
        """The kind's name."""
        return ROWS[self.kind].name


@dataclass(frozen=True, slots=True)
class Group:
    """The pages of one cgroup, zone, node or cache."""

    name: str
    counts: tuple[Count, ...]

    @property
    def pages(self) -> int:
        """Pages of memory in it."""
        return sum(count.pages for count in self.counts if ROWS[count.kind].memory)


@dataclass(frozen=True, slots=True)
class Census:
    """What count() found.

    Attributes: frames: page frames looked at. counts: kinds that there are, in the order of reports. by:
    dimension ("zone") -> groups, largest first. misreads: misreports of the kernel, with their pages.
    unknown_flags: names of flags -> unknown pages that have just these, most first; empty when not known.
    counters, counters_before: what the kernel counted after and before the pass: how much changed meanwhile.
    seconds: of the pass over the pages.
    """

    about: About
    frames: int
    counts: tuple[Count, ...]
    by: dict[str, tuple[Group, ...]]
    misreads: tuple[tuple[Misread, int], ...]
    unknown_flags: tuple[tuple[tuple[str, ...], int], ...]
    zones: tuple[Zone, ...]
    caches: tuple[Cache, ...]
    counters: Counters
    counters_before: Counters
    seconds: float
    picture: Picture | None = None

    def pages(self, *kinds: Page) -> int:
        """Return the pages of `kinds` together; of all memory when none is named."""
        return sum(c.pages for c in self.counts if (c.kind in kinds if kinds else ROWS[c.kind].memory))

    def count(self, kind: Page) -> Count:
        """Return what was counted of `kind`, zeros when there is none."""
        return next((c for c in self.counts if c.kind is kind), Count(kind, 0, ()))


@dataclass(slots=True)
class _Sums:
    """Pages by kind, and blocks by kind and order."""

    pages: NDArray[np.int64] = field(default_factory=lambda: np.zeros(_KINDS, np.int64))
    blocks: NDArray[np.int64] = field(default_factory=lambda: np.zeros(_KINDS * _ORDERS, np.int64))

    def add(self, kind: NDArray[np.uint8], order: NDArray[np.uint8]) -> None:
        """Add pages with these columns."""
        starts = np.flatnonzero(order != TAIL)
        keys = kind[starts].astype(np.uint16)
        keys *= _ORDERS
        keys += order[starts]
        blocks = np.bincount(keys, minlength=_KINDS * _ORDERS)
        self.blocks += blocks
        # The blocks hold all pages, unless one was cut off by the end of a chunk or changed while it was read.
        pages = (blocks.reshape(_KINDS, _ORDERS) << np.arange(_ORDERS)).sum(1)
        self.pages += pages if pages.sum() == len(kind) else np.bincount(kind, minlength=_KINDS)

    def counts(self) -> tuple[Count, ...]:
        """Return the kinds that there are."""
        out = []
        for kind in ROWS:
            blocks = self.blocks[kind * _ORDERS : (kind + 1) * _ORDERS].tolist()
            while blocks and not blocks[-1]:
                blocks.pop()
            if self.pages[kind]:
                out.append(Count(kind, int(self.pages[kind]), tuple(blocks)))
        return tuple(out)


def count(
    source: Source,
    by: Sequence[str] = (),
    picture: bool = False,
    also: Callable[[Columns], None] | None = None,
) -> Census:
    """Return the census of `source`.

    Args: by: DIMENSIONS to group by besides kind and order, which always are. picture: paint one as well.
    also: is given every chunk, in order.
    Raises: InputError: nothing can be read, or `by` has a word that is no dimension.
    """
    for word in by:
        if word not in DIMENSIONS:
            raise InputError("--by", f"'{word}' is none of {', '.join(DIMENSIONS)}")
    counters_before = source.counters()
    began = time.perf_counter()
    want = {"misread"} | ({"flags"} if source.about().flags == KPF else set())
    want |= {"cgroup"} & set(by)
    want |= {"cache"} if "cache" in by else set()
    want |= {"zone"} if "zone" in by or "node" in by else set()
    ranges = source.ranges()
    total = _Sums()
    groups: dict[str, dict[int, _Sums]] = {name: {} for name in ("cgroup", "cache", "zone") if name in want}
    misread = np.zeros(256, np.int64)
    strange: dict[int, int] = {}
    painter = Painter(ranges) if picture else None
    frames = 0
    for columns in _chunks(source, ranges, frozenset(want)):
        frames += len(columns.kind)
        total.add(columns.kind, columns.order)
        for name, sums in groups.items():
            _add_groups(getattr(columns, name), columns, sums)
        if columns.misread is not None and columns.misread.any():
            misread += np.bincount(columns.misread, minlength=256)
        _add_strange(columns, strange)
        if painter is not None:
            painter.add(columns)
        if also is not None:
            also(columns)
    seconds = time.perf_counter() - began
    about, zones, caches = source.about(), source.zones(), source.caches()
    return Census(
        about, frames, total.counts(), _named(groups, by, source, zones, caches),
        tuple((m, int(misread[n])) for n, m in enumerate(about.misreads, 1) if misread[n]),
        tuple((names_of(w), n) for w, n in sorted(strange.items(), key=lambda item: (-item[1], item[0]))),
        zones, caches, source.counters(), counters_before, seconds,
        painter.picture() if painter is not None else None,
    )  # fmt: skip


def _chunks(source: Source, ranges: Sequence[range], want: frozenset[str]) -> Iterator[Columns]:
    """Yield the chunks of all ranges in order, some being read while the others are counted."""
    spans = (
        (first, min(CHUNK_PAGES - first % CHUNK_PAGES, span.stop - first))
        for span in ranges
        for first in (
            span.start,
            *range(span.start // CHUNK_PAGES * CHUNK_PAGES + CHUNK_PAGES, span.stop, CHUNK_PAGES),
        )
    )
    readers = max(source.about().readers, 1)
    with ThreadPoolExecutor(readers) as pool:
        waiting: deque[Future[Columns]] = deque()
        try:
            for first, number in spans:
                waiting.append(pool.submit(source.read, first, number, want))
                if len(waiting) > readers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _add_groups(of: NDArray[np.generic] | None, columns: Columns, sums: dict[int, _Sums]) -> None:
    if of is None:
        return
    edges = np.flatnonzero(of[1:] != of[:-1])
    if not len(edges):
        sums.setdefault(int(of[0]), _Sums()).add(columns.kind, columns.order)
        return
    names, which = np.unique(of, return_inverse=True)
    by_group = np.argsort(which, kind="stable")
    bounds = np.searchsorted(which[by_group], np.arange(len(names) + 1))
    for place, name in enumerate(names.tolist()):
        mine = by_group[bounds[place] : bounds[place + 1]]
        sums.setdefault(int(name), _Sums()).add(columns.kind[mine], columns.order[mine])


def _add_strange(columns: Columns, strange: dict[int, int]) -> None:
    if columns.flags is None:
        return
    words, numbers = np.unique(columns.flags[columns.kind == Page.UNKNOWN], return_counts=True)
    for word, number in zip(words.tolist(), numbers.tolist(), strict=True):
        strange[word] = strange.get(word, 0) + number


def _named(
    groups: dict[str, dict[int, _Sums]],
    by: Sequence[str],
    source: Source,
    zones: Sequence[Zone],
    caches: Sequence[Cache],
) -> dict[str, tuple[Group, ...]]:
    out: dict[str, tuple[Group, ...]] = {}
    if "cgroup" in groups:
        names = source.cgroup_names()
        label = {inode: names.get(inode, f"inode {inode}") for inode in groups["cgroup"]} | {0: "(none)"}
        out["cgroup"] = _largest(
            Group(label[inode], sums.counts()) for inode, sums in groups["cgroup"].items()
        )
    if "cache" in by:
        sums_of = groups.get("cache") or {}
        if sums_of:
            out["cache"] = _largest(
                Group(caches[place].name, sums.counts()) for place, sums in sums_of.items() if place >= 0
            )
        else:
            out["cache"] = _largest(_of_cache(cache) for cache in caches if cache.slabs)
    zone_sums = groups.get("zone") or {}
    if "zone" in by:
        names_of_zones = [f"node {zone.node} {zone.name}" for zone in zones]
        out["zone"] = tuple(
            Group(names_of_zones[place] if place < len(zones) else "(none)", zone_sums[place].counts())
            for place in sorted(zone_sums)
        )
    if "node" in by:
        nodes: dict[str, _Sums] = {}
        for place, sums in sorted(zone_sums.items()):
            name = f"node {zones[place].node}" if place < len(zones) else "(none)"
            node = nodes.setdefault(name, _Sums())
            node.pages += sums.pages
            node.blocks += sums.blocks
        out["node"] = tuple(Group(name, sums.counts()) for name, sums in nodes.items())
    return out


def _of_cache(cache: Cache) -> Group:
    blocks = (0,) * cache.order + (cache.slabs,)
    return Group(cache.name, (Count(Page.SLAB, cache.slabs << cache.order, blocks),))


def _largest(groups: Iterator[Group]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda group: (-group.pages, group.name)))
