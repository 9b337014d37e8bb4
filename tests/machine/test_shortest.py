"""Every hazard that layout check reports is shown by a sequence of operations that the machine finds itself."""

from pathlib import Path

import pytest

from memdesc.layout import design as designs
from memdesc.layout.abi import ABIS
from memdesc.layout.hazards import check
from memdesc.machine.shortest import Found, NotShown, Shown, shortest, show_hazards

HISTORY = Path(__file__).parents[1] / "layout" / "history"
FILL, FREE = "fill a slab", "free an object of a full slab"


def _shown(name: str | Path, rule: str, kind: str, abi: str = "x86_64") -> Found:
    found = shortest(designs.load(name, ABIS[abi]), rule, [kind])
    assert isinstance(found, Found), f"not shown by any of {found} operations"
    return found


@pytest.mark.parametrize("name", ["linux-6.12", "linux-6.18"])
def test_slabs_on_the_cpus_list_read_as_anonymous(name: str) -> None:
    """A first slab on the CPU's own list has slabs=1, which is the ANON bit of mapping."""
    found = _shown(name, "anon-bit", "slab")
    assert found.operations == (FILL, FILL, FREE)
    assert found.misread is not None
    assert found.misread.history[-1].says == "on the CPU's own list, slabs=1"


@pytest.mark.parametrize("name", ["linux-6.12", "linux-6.18"])
def test_the_third_of_them_reads_as_ksm(name: str) -> None:
    """slabs=3 is both bits; no shorter sequence of these two operations reaches it."""
    found = _shown(name, "ksm-bits", "slab")
    assert found.operations == (FILL, FILL, FILL, FILL, FREE, FREE, FREE)


def test_a_dma_address_reads_as_a_tail() -> None:
    """On a 32-bit big-endian machine the upper half of the address lies over bit 0 of compound_head."""
    assert _shown(HISTORY / "dma-addr-bad.h", "tail-bit", "net", "powerpc").operations == ("allocate net",)


def test_a_dma_address_reads_as_no_tail_where_its_lower_half_lies_there() -> None:
    """On little-endian machines it is aligned to a page, as 9ddb3c14afba says; layout check says the same."""
    for abi in ("i386", "arm"):
        loaded = designs.load(HISTORY / "dma-addr-bad.h", ABIS[abi])
        assert isinstance(shortest(loaded, "tail-bit", ["net"], 4), int)
        assert not {v for v in check(loaded).verdicts if v.probe.name == "tail-bit" and v.state == "hit"}


def test_hugetlb_in_a_later_tail_is_met_when_it_is_freed(tmp_path: Path) -> None:
    """Nobody exempts tail 4: one page further than 6.18 keeps its hugetlb cgroup, TAIL_MAPPING is missed."""
    text = (Path(designs.__file__).parent / "designs" / "linux-6.18.h").read_text()
    union = "	union {\n		struct {\n			unsigned long _flags_3;"
    assert text.count(union) == 1
    path = tmp_path / "later.h"
    path.write_text(text.replace(union, "	struct page __page_gap;\n" + union))
    found = _shown(path, "tail-mapping", "anon")
    assert found.operations == ("charge a hugetlb folio",)
    assert found.misread is not None
    assert "mapping of tail page 4 reads" in found.misread.says


@pytest.mark.parametrize("name", ["linux-6.12", "linux-6.18"])
def test_hugetlb_where_the_kernel_exempts_it_is_no_misread(name: str) -> None:
    """Charging a hugetlb folio there is no step on the way to one."""
    assert isinstance(shortest(designs.load(name), "tail-mapping", ["anon"], 2), int)


@pytest.mark.parametrize("name", ["netpp-type-bad.h", "typed-net-page-bad.h"])
def test_typed_net_pages_are_not_mappable(name: str) -> None:
    """PGTY_netpp over _mapcount: the map is refused."""
    assert _shown(HISTORY / name, "mappable", "net").operations == ("allocate net", "map net")


def test_active_reads_as_a_count_of_mappings() -> None:
    """The proposal's slab_page keeps its objects in use where page_mapcount() looks."""
    found = _shown("proposal-2021", "mapcount", "slab")
    assert len(found.operations) == 1
    assert found.misread is not None
    assert "page_mapcount() reads" in found.misread.says


@pytest.mark.real
@pytest.mark.parametrize(
    "name", ["linux-6.1", "linux-6.12", "linux-6.18", "memdesc-32", "memdesc-8", "proposal-2021"]
)
def test_every_hazard_of_a_shipped_design_is_shown(name: str) -> None:
    """None of what layout check reports there is beyond a run."""
    assert [answer for answer in show_hazards(designs.load(name)) if not isinstance(answer, Shown)] == []


def test_what_cannot_be_shown_says_why() -> None:
    """A design whose slabs lack a member is not blamed for more."""
    answers = show_hazards(designs.load(HISTORY / "slab-list-bad.h"))
    assert all(isinstance(answer, NotShown) and "has no member" in answer.why for answer in answers)
    assert answers
