"""Overlays: cells, overlaps, holes, and the picture made of them."""

import pytest

from memdesc.errors import InputError
from memdesc.layout import design
from memdesc.layout.abi import ABIS
from memdesc.layout.chart import chart
from memdesc.layout.overlay import cells, holes, overlay
from memdesc.layout.read_c import read_text


def _structs(text: str):
    types = read_text(text, "t.h", ABIS["x86_64"]).types
    return [types.struct(name) for name in types.names()]


def test_cells_take_arrays_apart() -> None:
    """Each element of an array and each end of a list has a value of its own; atomic_t is one value."""
    (struct,) = _structs("struct a { atomic_t n; int b : 3; long dma[2]; struct list_head l; };")
    assert [(c.path, c.offset, c.owner) for c in cells(struct)] == [
        ("n", 0, "a"), ("b", 4, "a"), ("dma[0]", 8, "a"), ("dma[1]", 16, "a"),
        ("l.next", 24, "list_head"), ("l.prev", 32, "list_head"),
    ]  # fmt: skip


def test_overlaps() -> None:
    """One overlap a pair of cells that share bits, in order, and exact where they share all of them."""
    inner, outer = _structs("struct in { int a; int b; void *c; }; struct out { long x; void *y; long z; };")
    found = overlay(inner, outer)
    assert [(o.inner.path, o.outer.path, o.bit_offset, o.bit_size, o.exact) for o in found] == [
        ("a", "x", 0, 32, False), ("b", "x", 32, 32, False), ("c", "y", 64, 64, True),
    ]  # fmt: skip
    with pytest.raises(InputError, match="does not fit"):
        overlay(outer, inner)


def test_holes() -> None:
    """Padding between members and at the end is found; a union's shorter arm is none."""
    (struct,) = _structs("struct a { char c; long l; union { char s; short t; } u; };")
    assert holes(struct) == ((1, 7), (18, 6))


def test_every_byte_of_a_chart_is_drawn_once_in_the_first_lane_or_below() -> None:
    """Boxes of a lane do not overlap, and every member of every struct has a box."""
    for name in design.SHIPPED:
        for abi in ABIS.values():
            loaded = design.load(name, abi)
            picture = chart(loaded)
            for row in picture.rows:
                for lane in row.lanes:
                    ends = [box.start + box.size for box in lane]
                    assert all(end <= box.start for end, box in zip(ends, lane[1:], strict=False))
                    assert all(0 < end <= picture.page_size for end in ends)
            for descriptor in loaded.descriptors:
                if descriptor.arm or descriptor.struct.find("page") is not None:
                    continue
                drawn = {
                    m for row in picture.rows if row.name.split(" +")[0] == descriptor.name
                    for lane in row.lanes for box in lane for m in box.members
                }  # fmt: skip
                assert drawn == {f.path for f in descriptor.struct.leaves() if f.size}


def test_a_struct_that_is_not_there() -> None:
    """The closest names are offered."""
    with pytest.raises(InputError, match="did you mean folio"):
        chart(design.load("linux-6.18"), ["foliio"])
