"""Large functions cost in proportion to their size: counted work, not seconds."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import scaling
from memdesc.findings.model import Interpretation, Level
from memdesc.pipeline import Options, check

SMALL, LARGE = 12_000, 48_000
SHAPES = (
    "goto-out",
    "switch-cases",
    "locals",
    "copies-of-copies",
    "findings",
    "findings-in-a-line",
    "ifs",
)


def _work(run: Callable[[], Any]) -> int:
    """Return how many Python functions a call enters, generators' steps included."""
    count = 0

    def entered(_frame: FrameType, event: str, _value: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(entered)
    try:
        run()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_work_grows_as_the_file_does(shape: str, tmp_path: Path) -> None:
    """Four times the text is at most seven times the work (the power 1.4)."""
    options = Options(1, False, Level.NOTE, Interpretation.OTTAWA)
    works = []
    for size in (500, 500, SMALL, LARGE):  # the first loads what is loaded once
        path = tmp_path / f"{size}.c"
        path.write_text(scaling.HEAD + scaling.SHAPES[shape](size))
        works.append(_work(lambda path=path: check([path], None, options, lambda *_: None)))
    _, start, small, large = works
    assert 0 < large - start < 7 * (small - start)
