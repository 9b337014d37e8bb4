"""What the descriptors of a design would cost for the population that a census found."""

from collections.abc import Sequence
from dataclasses import dataclass

from memdesc.errors import InputError
from memdesc.kernel.census import Census
from memdesc.kernel.population import ROWS, Page
from memdesc.kernel.reconcile import account
from memdesc.kinds import NAMES, Kind
from memdesc.layout.design import Descriptor, Design


@dataclass(frozen=True, slots=True)
class Item:
    """One sort of descriptor: how many the population needs, and what one takes."""

    name: str
    number: int
    size_bytes: int
    kinds: tuple[str, ...]

    @property
    def total_bytes(self) -> int:
        """Bytes of all of them."""
        return self.number * self.size_bytes


@dataclass(frozen=True, slots=True)
class Price:
    """What a design costs.

    Attributes: pages: pages that have a struct page. page_bytes: what remains for each of them. items:
    descriptors apart from struct page. uncounted: descriptors of kinds that the census could not count, with
    what one of them would add. unknown_pages: pages of unknown kind that no counter of the kernel explains either;
    they are taken to need none.
    """

    design: str
    pages: int
    page_bytes: int
    items: tuple[Item, ...]
    uncounted: tuple[Item, ...]
    unknown_pages: int
    memory_bytes: int

    @property
    def total_bytes(self) -> int:
        """Bytes of struct pages and descriptors together."""
        return self.pages * self.page_bytes + sum(item.total_bytes for item in self.items)

    @property
    def most_bytes(self) -> int:
        """What it would be at most, were each of the unknown pages one of those not counted."""
        return self.total_bytes + self.unknown_pages * max(
            (item.size_bytes for item in self.uncounted), default=0
        )

    @property
    def share(self) -> float:
        """Part of all memory, from 0 to 1."""
        return self.total_bytes / self.memory_bytes if self.memory_bytes else 0.0

    @property
    def formula(self) -> str:
        """The sum in numbers: "6291456 pages x 8 + 1712107 folio x 96 + ...", in bytes."""
        terms = [f"{self.pages} pages × {self.page_bytes}"]
        terms += [f"{item.number} {item.name} × {item.size_bytes}" for item in self.items if item.number]
        return " + ".join(terms)


def price(census: Census, design: Design) -> Price:
    """Return what `design` costs for the pages of `census`.

    Raises: InputError: the design's struct page is larger than a page, or has no size.
    """
    size = design.page.size
    if not 0 < size <= census.about.page_bytes:
        raise InputError(design.name, f"has a struct page of {size} bytes")
    pages = census.pages()
    items: list[Item] = []
    uncounted: list[Item] = []
    for descriptor in design.descriptors:
        if not descriptor.separate:
            continue
        needs = [page for page, row in ROWS.items() if _describes(descriptor, row.descriptor)]
        found = [page for page in needs if census.pages(page)]
        number = sum(census.count(page).descriptors for page in found)
        zspages = census.counters.pages.get("nr_zspages") if Page.ZSMALLOC in needs and not found else None
        counted = bool(found) or zspages is not None
        item = Item(
            descriptor.name, number + (zspages or 0), descriptor.struct.size,
            tuple(ROWS[page].name for page in found or needs),
        )  # fmt: skip
        (items if counted else uncounted).append(item)
    return Price(
        design.name, pages, size, tuple(items), tuple(uncounted), _unexplained(census),
        pages * census.about.page_bytes,
    )  # fmt: skip


def now(census: Census) -> Price | None:
    """Return what struct page costs as the kernel has it; None when its size is not known."""
    size = census.about.page_struct_bytes
    if not size:
        return None
    pages = census.pages()
    return Price("now", pages, size, (), (), _unexplained(census), pages * census.about.page_bytes)


def prices(census: Census, designs: Sequence[Design]) -> tuple[Price, ...]:
    """Return the price of the kernel as it is, if known, and of each design."""
    today = now(census)
    return (*((today,) if today else ()), *(price(census, design) for design in designs))


def _unexplained(census: Census) -> int:
    """Return the unknown pages that may be of a kind with a descriptor: those that no counter explains.

    How far the lists of CPUs moved during the pass, which are most of what counters explain, is added.
    """
    after, before = census.counters.cached_free, census.counters_before.cached_free
    moved = abs((after or 0) - (before or 0))
    return min(max(account(census).unaccounted, 0) + moved, census.pages(Page.UNKNOWN))


def _describes(descriptor: Descriptor, need: Kind) -> bool:
    return any(NAMES.get(kind) in descriptor.kinds for kind in Kind if need & kind)
