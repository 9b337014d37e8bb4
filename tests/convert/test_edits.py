"""Edits: what they leave alone, and what they refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memdesc.convert.edits import Edit, apply
from memdesc.errors import Bug
from memdesc.places import Span


@given(st.binary(), st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5), st.binary(max_size=3))))
def test_only_the_spans_change(data: bytes, steps: list[tuple[int, int, bytes]]) -> None:
    """What stands between the spans stays, byte for byte, and no edit changes nothing."""
    edits, expected, at = [], b"", 0
    for gap, length, text in steps:
        start, end = at + gap, at + gap + length
        if end > len(data):
            break
        edits.append(Edit(Span(start, end), text))
        expected += data[at:start] + text
        at = end
    assert apply(data, reversed(edits)) == expected + data[at:]
    assert apply(data, []) is data


@pytest.mark.parametrize(("first", "second"), [((0, 3), (2, 4)), ((1, 2), (1, 2)), ((0, 1), (4, 9))])
def test_refused(first: tuple[int, int], second: tuple[int, int]) -> None:
    """Edits that overlap, or that lie outside, are an error of ours."""
    with pytest.raises(Bug):
        apply(b"abcdef", [Edit(Span(*first), b""), Edit(Span(*second), b"")])
