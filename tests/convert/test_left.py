"""What is left to convert."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memdesc.convert.left import By, left, reason
from memdesc.inference.declare import Entity, Inference, Role
from memdesc.kinds import Kind
from memdesc.records import Statistics


def _entity(file: str, descriptor: str | None, declared: str = "struct page *", why: str = "") -> Entity:
    return Entity(file, 1, "f", Role.PARAM, "p", 0, declared, Kind.NONE, Kind.NONE, descriptor, why=why)


def _inference(*entities: Entity) -> Inference:
    return Inference("/src", "6.1", entities, Statistics())


def test_counts() -> None:
    """Each pointer of struct page is counted once, as what it should become; other types are done."""
    found = left(
        _inference(
            _entity("fs/a/x.c", "folio"),
            _entity("fs/a/x.c", "page", why="it is used as this very page"),
            _entity("fs/a/y.c", None, why="a use"),
            _entity("mm/z.c", "slab", "const struct page *"),
            _entity("mm/z.c", "folio", "struct folio *"),
        ),
        By.FOLDER,
        str.upper,
    )
    assert (found.whole.pages, found.whole.done) == (4, 1)
    assert found.whole.become == {"folio": 1, "slab": 1}
    assert (found.whole.stay, found.whole.open) == (1, 1)
    assert found.whole.why == {"it is used as this very page": 1, "not known: a use": 1}
    assert [group.name for group in found.groups] == ["fs/a", "mm"]
    assert found.groups[0].files == {"fs/a/x.c": 1, "fs/a/y.c": 1}


@pytest.mark.parametrize(
    ("by", "names"),
    [
        (By.SUBSYSTEM, ["FS/BIG/DEEP/X.C", "DRIVERS/NET/ETHERNET/VENDOR/Y.C", "TOP.C"]),
        (By.FOLDER, ["fs/big", "drivers/net/ethernet", "."]),
        (By.FILE, ["fs/big/deep/x.c", "drivers/net/ethernet/vendor/y.c", "top.c"]),
    ],
)
def test_groups(by: By, names: list[str]) -> None:
    """By entry of MAINTAINERS, by folder, by file."""
    files = ("fs/big/deep/x.c", "drivers/net/ethernet/vendor/y.c", "top.c")
    found = left(_inference(*(_entity(file, "folio") for file in files)), by, str.upper)
    assert sorted(group.name for group in found.groups) == sorted(names)


def test_reasons_name_no_place() -> None:
    """The same lack in many places is one reason."""
    first = _entity("a.c", None, why="its uses fit a folio and a page; no caller of first() is seen")
    other = _entity("b.c", None, why="its uses fit a folio and a page; nothing that is stored in s.m is seen")
    assert (
        reason(first)
        == reason(other)
        == ("not known: its uses fit a folio and a page; no caller or store of it is seen")
    )


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["fs/a.c", "mm/b.c", "c.c"]),
            st.sampled_from(["folio", "page", None, "slab"]),
            st.sampled_from(["struct page *", "struct folio *"]),
        )
    )
)
def test_groups_sum_up_to_the_whole(rows: list[tuple[str, str | None, str]]) -> None:
    """Nothing is counted twice or lost, however it is grouped."""
    inference = _inference(*(_entity(*row) for row in rows))
    for by in By:
        found = left(inference, by, lambda file: file[:2])
        assert found.whole.pages + found.whole.done == len(rows)
        assert sum(group.pages for group in found.groups) == found.whole.pages
        assert sum(group.done for group in found.groups) == found.whole.done
        assert sum(found.whole.why.values()) == found.whole.stay + found.whole.open
