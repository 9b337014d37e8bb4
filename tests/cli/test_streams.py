"""What a stream of a poorer encoding gets instead of bars, plots and other characters."""

import io

from memdesc.cli import streams
from memdesc.report.plots import spark


def _ascii(text: str) -> str:
    streams.prepare()
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors="memdesc-drawn")
    stream.write(text)
    stream.flush()
    return raw.getvalue().decode("ascii")


def test_plots_are_drawn_in_ascii() -> None:
    """A curve is as wide as before, rises where it rises, and holds no escape."""
    drawn = _ascii(spark([0, 1, 2, 3, 4, 5, 6, 7], 8))
    assert len(drawn) == 8
    assert "\\" not in drawn
    assert drawn[0] == "_"
    assert drawn[-1] == "#"
    assert _ascii("██▌ ░·…") == "##: ..~"


def test_other_characters_are_escaped() -> None:
    """A name that ASCII lacks is told by its number, as before."""
    assert _ascii("é\ud800") == "\\xe9\\ud800"
