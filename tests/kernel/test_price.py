"""What designs cost: the sum is the formula, and nothing is counted that was not found."""

from dataclasses import replace

import numpy as np
import pytest

from fake_machine import FakeDoor, of_array
from memdesc.errors import InputError
from memdesc.kernel.census import Census, count
from memdesc.kernel.flags import BIT
from memdesc.kernel.live import LiveSource
from memdesc.kernel.population import Counters
from memdesc.kernel.price import now, price, prices
from memdesc.layout import design as designs


def _machine() -> Census:
    """Two folios of 4 pages, 8 single anonymous ones, a slab of 2, 3 page tables, a free block of 8, 8 unknown."""

    def word(flags: str) -> int:
        return sum(BIT[name] for name in flags.split())

    flags = (
        ["buddy"] * 8 + (["lru head"] + ["lru tail"] * 3) * 2 + ["anon lru"] * 8 + ["slab head", "slab tail"]
    )
    flags += ["pgtable"] * 3 + [""] * 8 + ["nopage"] * 5
    words = np.array([word(each) for each in flags], np.uint64)
    return count(LiveSource(FakeDoor(len(words), of_array(words)), designs.load("linux-6.18")))


def test_a_word_and_descriptors() -> None:
    """memdesc-8: eight bytes a page, a descriptor a folio, slab, page table and free block."""
    found = price(_machine(), designs.load("memdesc-8"))
    assert found.pages == 8 + 8 + 8 + 2 + 3 + 8
    assert {item.name: (item.number, item.size_bytes) for item in found.items} == {
        "buddy": (1, 48), "folio": (10, 80), "slab": (1, 64), "ptdesc": (3, 64),
    }  # fmt: skip
    assert found.total_bytes == 37 * 8 + 48 + 10 * 80 + 64 + 3 * 64
    terms = [term.strip().split() for term in found.formula.split("+")]
    assert sum(int(term[0]) * int(term[-1]) for term in terms) == found.total_bytes
    assert {item.name for item in found.uncounted} == {"netmem_desc", "zpdesc"}
    assert found.unknown_pages == 8
    assert found.most_bytes == found.total_bytes + 8 * 64


def test_zsmalloc_is_counted_by_the_kernel() -> None:
    """No flag shows its pages, a counter does; what counters explain is not feared any more."""
    census = _machine()
    known = replace(census, counters=Counters({"nr_zspages": 5}))
    found = price(known, designs.load("memdesc-8"))
    assert {item.name for item in found.uncounted} == {"netmem_desc"}
    assert found.total_bytes == price(census, designs.load("memdesc-8")).total_bytes + 5 * 64
    assert found.most_bytes == found.total_bytes + 3 * 48


@pytest.mark.parametrize("name", ["proposal-2021", "linux-6.1", "linux-6.12", "linux-6.18"])
def test_types_over_struct_page_cost_what_it_costs(name: str) -> None:
    """A union of types is as large as before: the proposal's types cost nothing, and save nothing."""
    census = _machine()
    assert price(census, designs.load(name)).total_bytes == 37 * 64
    today = now(census)
    assert today is not None
    assert today.total_bytes == 37 * 64


def test_what_it_is_now_comes_first() -> None:
    """Unless the layout of the kernel is not known."""
    census = _machine()
    assert [each.design for each in prices(census, [designs.load("memdesc-32")])] == ["now", "memdesc-32"]


def test_a_page_that_fits_in_no_page() -> None:
    """Such a design is refused."""
    census = _machine()
    small = replace(census, about=replace(census.about, page_bytes=32))
    with pytest.raises(InputError, match="struct page of 64 bytes"):
        price(small, designs.load("linux-6.18"))
