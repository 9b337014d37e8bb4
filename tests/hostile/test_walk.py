"""Large functions cost in proportion to their size: counted work, not seconds."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import scaling
from memdesc.findings.model import Interpretation, Level
from memdesc.inference.trace import Tracer
from memdesc.pipeline import Options, check
from memdesc.source import environment, gather
from memdesc.source.structs import described
from memdesc.source.tree import Reader
from memdesc.source.vocabulary import vocabulary

SMALL, LARGE = 12_000, 48_000
SHAPES = (
    "goto-out",
    "switch-cases",
    "locals",
    "copies-of-copies",
    "findings",
    "findings-in-a-line",
    "ifs",
    "members",
    "table",
)


IN_PIECES = (
    "locals-and-branches",
    "locals-and-gotos-between",
    "locals-and-loops",
    "elements",
    "elements-and-branches",
    "elements-and-loops",
    "unlocks",
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


@pytest.mark.parametrize("shape", IN_PIECES)
def test_so_does_the_work_on_many_paths(shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where what is known is held in pieces, from the first path on."""
    monkeypatch.setattr(environment, "_SHORT", 0)
    monkeypatch.setattr(environment, "_MANY", 0)
    test_work_grows_as_the_file_does(shape, tmp_path)


def test_brackets_too_deep_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser takes a gigabyte for a megabyte of calls in calls; the function is unread without one."""
    monkeypatch.setattr(Reader, "tree", lambda *_: pytest.fail("was parsed"))
    text = b"void f(void *p)\n{\n\t" + b"h(" * 2000 + b"p" + b")" * 2000 + b";\n}\n"
    facts = gather.gather(text, vocabulary(), described(), gather.Scope(True))
    assert [(each.name, each.error) for each in facts.functions] == [("f", True)]


def test_large_sets_of_answers_are_not_kept() -> None:
    """Of thousands of conditions each has its own set, which nobody asks for again."""
    tracer = object.__new__(Tracer)
    tracer._agreed = {}
    few = frozenset({("a", True)})
    many = frozenset((str(number), True) for number in range(100))
    assert tracer.agree(few, frozenset({("b", True)}))
    assert not tracer.agree(many, frozenset({("7", False)}))
    assert len(tracer._agreed) == 1


def test_a_parameter_takes_along_what_it_points_to() -> None:
    """What is known of `*pp` is void when `pp` is assigned, though nobody spoke of it before."""
    walk = gather._Walk(b"", vocabulary(), {}, frozenset(), frozenset())
    env = walk.begin("f", 0, 0, (("pp", ("sk_buff", 2, False, False)),))
    assert "pp[]" in env
    walk.forget("pp", env)
    assert "pp[]" not in env
