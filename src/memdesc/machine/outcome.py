"""What a replay comes to: records that are rendered, compared and tested."""

from dataclasses import dataclass, fields

from memdesc.machine.costs import Costs
from memdesc.machine.trace.file import Sample


@dataclass(slots=True)
class Oddities:
    """What a trace left open, in pages.

    Attributes: unattributed: allocated, and no function of the stack says for what. unseen_frees: freed, and
    neither seen allocated nor there at the beginning (the bulk allocator has no event). overwritten: allocated
    while they were thought to be in use. retyped: turned out to be of another kind than their stack said.
    split: blocks that were freed a part at a time. refused: our machine had no memory for them. reclaimed: our
    machine had reclaimed them before the trace freed them. collided: folios whose place in the page cache was
    taken. outside: beyond the machine that was recorded.
    """

    unattributed: int = 0
    unseen_frees: int = 0
    overwritten: int = 0
    retyped: int = 0
    split: int = 0
    refused: int = 0
    reclaimed: int = 0
    collided: int = 0
    outside: int = 0

    def as_dict(self) -> dict[str, int]:
        """Return all of them by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Moment:
    """The fewest and the most pages that the replay had while the kernel counted, by name of kind."""

    least: dict[str, int]
    most: dict[str, int]
    sample: Sample


@dataclass(frozen=True, slots=True)
class Row:
    """One counter at one moment, in pages; of all that the replay had meanwhile, what is nearest."""

    seconds: float
    what: str
    replayed: int
    kernel: int

    @property
    def difference(self) -> int:
        """The replay's less the kernel's."""
        return self.replayed - self.kernel


@dataclass(frozen=True, slots=True)
class Point:
    """One moment of a curve.

    Attributes: at: in the unit of its run. pages: by name of kind. descriptor_bytes: memmap and descriptors
    that are allocated apart; unused_bytes: of these, what slabs of descriptors have free. bytes_by_kind: what of
    it pages of a kind have.
    """

    at: float
    pages: dict[str, int]
    descriptor_bytes: int
    unused_bytes: int
    bytes_by_kind: dict[str, int]


def point(at: float, pages: dict[str, int], costs: Costs) -> Point:
    """Return the point at which `costs` are the bill."""
    unused = sum(cache.slab_pages * 4096 - cache.used * cache.size_bytes for cache in costs.caches)
    by_kind = {kind.kind: kind.bytes for kind in costs.kinds if kind.bytes}
    return Point(at, pages, costs.descriptor_bytes, unused, by_kind)


@dataclass(frozen=True, slots=True)
class Misread:
    """A probe of generic code that took pages for what they are not.

    Attributes: probe: as layout check calls it. by: the function of the kernel that reads so. kind: what the pages
    are. says: what was read of the first of them. pages: how many did so. history: of the first, oldest first.
    """

    probe: str
    by: str
    kind: str
    says: str
    pages: int
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What one design cost.

    Attributes: unit: of Point.at, "s" or "operations". elapsed: seconds that it took us. misreads: None when
    nobody looked.
    """

    design: str
    unit: str
    elapsed: float
    points: tuple[Point, ...]
    costs: Costs
    misreads: tuple[Misread, ...] | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Pages that the trace allocated, by what its stacks said.

    Attributes: pages: by name of kind, "unknown" for those that no function told. general: those of them that
    only a general function told (see memdesc.machine.trace.callers). unknown_stacks: (pages, functions, the
    innermost first), most pages first.
    """

    pages: dict[str, int]
    general: int
    unknown_stacks: tuple[tuple[int, tuple[str, ...]], ...]

    @property
    def share_unknown(self) -> float:
        """Of all pages allocated, from 0.0 to 1.0."""
        whole = sum(self.pages.values())
        return self.pages.get("unknown", 0) / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Replay:
    """A trace, replayed.

    Attributes: trace: name of the file. release: of the kernel that was recorded. seconds: that the trace
    lasted; elapsed: that the replay took. lost: events that the recording lost. migrated: pages that the kernel
    moved elsewhere meanwhile, without an event, as far as samples tell. cut: the file ends in the middle. pages:
    of the recorded machine at the end, by kind. points: of the recorded machine; those of `run`, which is None
    when no machine ran the trace, have the same moments.
    """

    trace: str
    release: str
    memory_bytes: int
    cpus: int
    events: int
    seconds: float
    elapsed: float
    lost: int
    migrated: int
    cut: bool
    attribution: Attribution
    odd: Oddities
    moments: tuple[Moment, ...]
    pages: dict[str, int]
    points: tuple[Point, ...]
    run: Run | None
