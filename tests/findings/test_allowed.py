"""Suppression comments."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memdesc.findings import allowed
from memdesc.findings.model import Allowance, Finding, Level
from memdesc.kinds import Kind

RULES = ("mismatched-free", "slab-page-sent")
FINDING = Finding(
    "mismatched-free",
    Level.ERROR,
    "a.c",
    4,
    2,
    "f",
    "p",
    Kind.VMALLOC,
    Kind.SLAB,
    "m",
    "kfree",
    "vmalloc",
    (),
)


@pytest.mark.parametrize(
    ("text", "rule", "reason", "wrong"),
    [
        ("/* memdesc: allow mismatched-free: never here */", "mismatched-free", "never here", ""),
        ("\t// memdesc: allow slab-page-sent: bounced", "slab-page-sent", "bounced", ""),
        (
            "/* memdesc: allow mismatched-free */",
            "mismatched-free",
            "",
            "gives no reason, and is not followed",
        ),
        (
            "/* memdesc: allow mismatched-fre: x */",
            "mismatched-fre",
            "x",
            "there is no rule mismatched-fre; did you",
        ),
        ("/* memdesc: allow */", "", "", "names no rule"),
        ("/* memdesc: allow mismatched-free:", "mismatched-free", "", "gives no reason"),
    ],
)
def test_read(text: str, rule: str, reason: str, wrong: str) -> None:
    """A rule and a reason, or why it cannot be followed."""
    (found,) = allowed.read("a.c", f"int x;\n{text}\n".encode(), RULES)
    assert (found.line, found.rule, found.reason) == (2, rule, reason)
    assert found.wrong.startswith(wrong)
    assert bool(found.wrong) == bool(wrong)


def test_what_is_no_comment() -> None:
    """The words outside of a comment mean nothing."""
    assert (
        allowed.read("a.c", b'char *s = "memdesc: allow mismatched-free: x";\nmemdesc: allow\n', RULES) == ()
    )


@pytest.mark.parametrize(("line", "suppressed"), [(2, 0), (3, 1), (4, 1), (5, 0)])
def test_apply(line: int, suppressed: int) -> None:
    """It holds for its own line and the next; one that suppresses nothing is told."""
    one = Allowance("a.c", line, "mismatched-free", "reason")
    left, count, unused = allowed.apply([FINDING], {"a.c": (one,)}, None)
    assert count == suppressed
    assert left == (() if suppressed else (FINDING,))
    assert unused == (() if suppressed else (replace(one, wrong="suppresses nothing"),))


def test_of_another_rule() -> None:
    """A comment is for one rule; of rules that nobody asked for nothing is said."""
    one = Allowance("a.c", 4, "slab-page-sent", "reason")
    assert allowed.apply([FINDING], {"a.c": (one,)}, None)[:2] == ((FINDING,), 0)
    assert allowed.apply([FINDING], {"a.c": (one,)}, frozenset({"mismatched-free"}))[2] == ()


@given(st.binary())
def test_any_text(text: bytes) -> None:
    """No file makes it fail."""
    for one in allowed.read("a.c", b"/* memdesc: allow " + text, RULES):
        assert one.line >= 1
