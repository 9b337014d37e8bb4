"""What descriptors cost: the records that a machine answers `Machine.costs()` with. All frozen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KindCost:
    """What pages of one kind cost in descriptors.

    Attributes: kind: see memdesc.kinds; "free" and "reserved" too. pages, peak_pages: page frames now and at
    most. descriptors, peak_descriptors: separately allocated descriptors (0 where they overlay struct page).
    bytes, peak_bytes: struct pages of its frames and its separate descriptors together.
    """

    kind: str
    pages: int
    peak_pages: int
    descriptors: int
    peak_descriptors: int
    bytes: int
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class CacheCost:
    """One slab cache of descriptors. fragmentation: share of its slabs' bytes that holds no descriptor."""

    name: str
    size_bytes: int
    used: int
    slab_pages: int

    @property
    def fragmentation(self) -> float:
        """0.0 when every byte of its slabs is in use."""
        whole = self.slab_pages * 4096
        return 1.0 - self.used * self.size_bytes / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class OperationCost:
    """What one operation of the vocabulary did so far.

    Attributes: count: times called. extra_allocations: descriptors allocated apart for it. lines: distinct
    64-byte cache lines of descriptors touched, summed over `counted` calls (both 0 unless the machine was
    made with count_lines=True).
    """

    name: str
    count: int
    extra_allocations: int
    lines: int
    counted: int

    @property
    def lines_each(self) -> float:
        """Cache lines touched by one call on average; 0.0 when none was counted."""
        return self.lines / self.counted if self.counted else 0.0


@dataclass(frozen=True, slots=True)
class Costs:
    """The whole bill at one moment.

    Attributes: design: its name. abi: its name. memory_bytes: of the machine. page_bytes: sizeof(struct page).
    memmap_bytes: all struct pages. descriptor_bytes, peak_descriptor_bytes: memmap and the slab pages that
    hold separate descriptors, now and at most. operations: in the order of first use.
    """

    design: str
    abi: str
    memory_bytes: int
    page_bytes: int
    memmap_bytes: int
    descriptor_bytes: int
    peak_descriptor_bytes: int
    kinds: tuple[KindCost, ...]
    caches: tuple[CacheCost, ...]
    operations: tuple[OperationCost, ...]
