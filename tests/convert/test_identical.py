"""Verdicts of several levels of optimization: what is a part of other functions is as they are."""

import pytest

from memdesc.convert import identical
from memdesc.convert.model import Says, Verdict
from memdesc.convert.parsed import Files

TEXT = b"""
static int inner(struct folio *folio) { return 1; }
static int middle(struct folio *folio) { return inner(folio); }
int outer(struct folio *folio) { return middle(folio); }
int caller(struct folio *folio) { return outer(folio); }
int other(void) { return 2; }
"""
APART = {"outer", "caller", "other"}


def _level(unlike: str, *emitted: str, text: bytes = TEXT) -> list[Verdict]:
    before = {name: [name] for name in (*APART, *emitted)}
    after = {name: ["-"] if name in unlike.split() else lines for name, lines in before.items()}
    return identical._verdicts(Files(lambda _: text)["a.c"], before, after, {"inner", "outer"})


def _says(*levels: list[Verdict], text: bytes = TEXT) -> dict[str, Says]:
    found: list[Verdict] = []
    for level in levels:
        found = identical._better(found, level)
    settled = identical._settled(found, Files(lambda _: text)["a.c"], APART)
    return {v.function: v.says for v in settled}


@pytest.mark.parametrize(
    ("levels", "inner"),
    [
        ([_level("other"), _level("other")], Says.IDENTICAL),
        ([_level("other"), _level("caller")], Says.IDENTICAL),
        ([_level("outer"), _level("other")], Says.IDENTICAL),
        ([_level("outer"), _level("outer")], Says.DIFFERS),
        ([_level("caller"), _level("caller")], Says.IDENTICAL),
        ([_level("other"), _level("other inner", "inner")], Says.IDENTICAL),
        ([_level("outer"), _level("other inner", "inner")], Says.DIFFERS),
        ([_level("other"), _level("other", "inner")], Says.IDENTICAL),
        ([_level("")], Says.IDENTICAL),
    ],
)
def test_a_function_that_is_inlined(levels: list[list[Verdict]], inner: Says) -> None:
    """It is identical where each function that has it is, at one level or another; not where its own code differs."""
    assert _says(*levels)["inner"] is inner


@pytest.mark.parametrize(
    "more",
    [b"#define INNER(p) inner(p)\n", b"int strange(void) { return inner(0); }\n"],
    ids=["macro", "caller"],
)
def test_a_function_whose_holders_are_not_all_proved(more: bytes) -> None:
    """A macro may bring it anywhere; another function that has it may differ."""
    assert _says(_level("other"), _level("other"))["inner"] is Says.IDENTICAL
    text = TEXT + more
    bad = [_level("other strange", "strange", text=text)] * 2
    assert _says(*bad, text=text)["inner"] is Says.DIFFERS


def test_what_is_held_by_nobody() -> None:
    """A function that nothing names is in no object, and proved by none."""
    text = TEXT.replace(b"return inner(folio)", b"return 0")
    assert _says(_level("other", text=text), text=text)["inner"] is Says.DIFFERS
