"""Small plots: numbers become text, whatever the numbers."""

import re

from hypothesis import given
from hypothesis import strategies as st

from memdesc.report.plots import BLOCKS, chart, legend, size, spark

NUMBERS = st.lists(st.floats(-1e15, 1e15, allow_nan=False))


@given(NUMBERS, st.integers(0, 60))
def test_a_spark_is_as_wide_as_it_may_be(values: list[float], width: int) -> None:
    """Never wider, one character a value at most, all of them blocks; the last value is shown."""
    line = spark(values, width)
    assert len(line) == min(len(values), width)
    assert set(line) <= set(BLOCKS)
    if line and max(values) > min(values) and values[-1] == max(values):
        assert line[-1] == BLOCKS[-1]


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e12)), min_size=1))
def test_curves_stay_in_their_figure(points: list[tuple[float, float]]) -> None:
    """Every point is within the drawing."""
    points.sort()
    high = max(value for _, value in points)
    text = chart("a < b", [("curve", points)], 0, high, "s")
    assert "a &lt; b" in text
    line = re.search(r'polyline points="([^"]*)"', text)
    assert line
    for place in line[1].split():
        x, y = map(float, place.split(","))
        assert 0 <= x <= 460
        assert 0 <= y <= 190


def test_sizes_in_words() -> None:
    """Bytes in the unit that fits."""
    said = [size(count) for count in (0, 512, 1536, 200 << 10, 16 << 20, 25 << 30, 3 << 40, -2048)]
    assert said == ["0 B", "512 B", "1.5 KiB", "200 KiB", "16 MiB", "25 GiB", "3072 GiB", "-2 KiB"]


def test_a_legend_names_each_curve_once() -> None:
    """With the colours of the figure."""
    assert legend(["one", "t<o"]).count("<span>") == 2
    assert "t&lt;o" in legend(["t<o"])


@given(st.floats(1e-3, 1e8), st.sampled_from(["s", "operations"]))
def test_labels_of_the_time_axis_do_not_overlap(last: float, unit: str) -> None:
    """Whole numbers with commas, each different, none wide enough to touch the next, and the unit below them."""
    text = chart("t", [("curve", [(0.0, 1.0), (last, 2.0)])], 0, 2, unit, as_size=False)
    found = re.findall(r'<text x="([\d.]+)" y="182" text-anchor="(\w+)">([^<]*)</text>', text)
    assert len({label for _, _, label in found}) == len(found) == 5
    assert not any("e" in label for _, _, label in found)
    end = 0.0
    for x, _, label in found:
        wide = 6.7 * len(label)
        start = float(x) - wide / 2
        assert start > end
        end = start + wide
    assert f">{unit}</text>" in text
