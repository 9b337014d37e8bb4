"""Blocks: against the buddy allocator's own rule, done slowly."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from memdesc.kernel import blocks
from memdesc.kernel.population import TAIL

MOST = 4


def _merged(free: list[bool], first: int) -> dict[int, int]:
    """Free page after page as __free_one_page() does, and return frame -> order of the blocks."""
    found: dict[int, int] = {}
    for place, is_free in enumerate(free):
        at, order = first + place, 0
        if not is_free:
            continue
        while order < MOST and found.get(at ^ 1 << order) == order:
            del found[at ^ 1 << order]
            at &= ~(1 << order)
            order += 1
        found[at] = order
    return found


@given(st.lists(st.booleans(), min_size=1, max_size=200), st.integers(0, 70))
def test_free_blocks_are_the_buddys(free: list[bool], first: int) -> None:
    """The division of a run into blocks is what freeing its pages one by one leads to."""
    places, orders = blocks.free(np.array(free), first, MOST)
    assert dict(zip((places + first).tolist(), orders.tolist(), strict=True)) == _merged(free, first)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), min_size=1, max_size=30))
def test_compound_blocks(given: list[tuple[int, int]]) -> None:
    """Orders stand at heads, and tails get the kind of their head."""
    role, kind, want_order, want_kind = [], [], [], []
    for order, what in given:
        size = 1 << order
        role += [1 if order else 0] + [TAIL] * (size - 1)
        kind += [what] + [99] * (size - 1)
        want_order += [order] + [TAIL] * (size - 1)
        want_kind += [what] * size
    kinds = np.array(kind, np.uint8)
    order_column = blocks.compound(np.array(role, np.uint8), kinds)
    assert order_column.tolist() == want_order
    assert kinds.tolist() == want_kind


def test_a_block_that_began_before_has_no_head() -> None:
    """Tails at the start keep their own kind and begin nothing; a cut block counts for what is seen."""
    role = np.array([TAIL, TAIL, 1, TAIL, TAIL], np.uint8)
    kind = np.array([3, 3, 7, 0, 0], np.uint8)
    assert blocks.compound(role, kind).tolist() == [TAIL, TAIL, 1, TAIL, TAIL]
    assert kind.tolist() == [3, 3, 7, 7, 7]
