"""The bar: a line on a terminal, nothing anywhere else."""

import io

import pytest

from memdesc.escape import page
from memdesc.report import progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_nothing_is_drawn_in_a_pipe() -> None:
    """A log file gets no bar."""
    stream = io.StringIO()
    with progress.Bar(stream) as bar:
        bar("reading", 1, 2)
    assert stream.getvalue() == ""


def test_a_terminal_gets_a_bar_that_is_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last thing written erases the line."""
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with progress.Bar(stream) as bar:
        bar("reading", 1, 2)
        bar("reading", 1, 2)
    said = page(stream.getvalue())
    assert said.count("reading [") == 1
    assert said.endswith("\r\x1b[K")


def test_a_dumb_terminal_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It could not erase the line."""
    monkeypatch.setenv("TERM", "dumb")
    stream = Terminal()
    progress.Bar(stream)("reading", 1, 2)
    assert stream.getvalue() == ""


@pytest.mark.parametrize(("done", "total"), [(0, 0), (5, 0), (0, 9), (9, 9), (12, 9), (1, 10**6)])
@pytest.mark.parametrize("width", [0, 1, 10, 30, 79, 300])
def test_the_line_fits(done: int, total: int, width: int) -> None:
    """It never wraps, whatever the terminal and the counts."""
    assert len(progress.line("linking", done, total, width)) <= width


def test_the_line_says_how_far() -> None:
    """Share and counts are both there."""
    said = progress.line("reading", 500, 1000, 79)
    assert said == f"reading [{'#' * 20}{' ' * 20}]  50%  500 of 1,000"
