"""The order of a series, and what each patch of it holds."""

from memdesc.convert.edits import Edit
from memdesc.convert.model import Conversion, Target
from memdesc.convert.series import ordered, steps
from memdesc.places import Span


def _made(calls: dict[str, list[str]]) -> Conversion:
    """A conversion of the functions that are named, each of which edits its callers."""
    targets = [Target("a.c", name, 0) for name in sorted(calls)]
    touched = {
        t: frozenset({("a.c", t.function), *(("a.c", c) for c in calls if t.function in calls[c])})
        for t in targets
    }
    edits = {"a.c": tuple(Edit(Span(n, n + 1), b"x") for n in range(len(targets)))}
    return Conversion(edits, tuple(targets), (), touched)


def test_callees_first() -> None:
    """Who is called comes before who calls, whatever they are called; those that call each other come by name."""
    made = _made({"a": ["b", "c"], "b": ["c"], "c": [], "d": ["e", "a"], "e": ["d"]})
    assert [unit[0].function for unit in ordered(made)] == ["c", "b", "a", "d", "e"]


def test_waits() -> None:
    """What is only converted with a later function shares its patch, and nothing is left out or told twice."""
    made = _made({"a": [], "b": [], "c": []})

    def convert(asked: object) -> Conversion:
        names = {t.function for t in asked}  # type: ignore[attr-defined]
        kept = [t for t in made.converted if t.function in names and (t.function != "a" or "b" in names)]
        edits = {"a.c": made.edits["a.c"][: len(kept)]} if kept else {}
        return Conversion(edits, tuple(kept), (), made.touched)

    found = list(steps(made, convert))
    assert [[t.function for t in step.targets] for step in found] == [["a", "b"], ["c"]]
    assert found[0].before == {}
    assert found[0].after == found[1].before
    assert found[1].after == dict(made.edits)
    assert found[1].files == ["a.c"]
