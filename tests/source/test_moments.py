"""When an answer about a member holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memdesc.source.moments import ASSIGNED, ENTRY, EXIT, Moments, at_end, at_entry, unmarked

TEXT = b"{ if (q->on) return; q->on = 1; ask(q->on, q->off); q->on++; ask(q->on); }"


@pytest.mark.parametrize(
    ("member", "nth", "mark"),
    [("on", 0, ENTRY), ("on", 2, "1"), ("on", 4, EXIT), ("off", 0, "")],
)
def test_a_mark_says_on_which_side_of_assignments(member: str, nth: int, mark: str) -> None:
    """Before all of them, behind all of them, in between; a member that is not assigned has none."""
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index(b"q->" + member.encode(), at + 1)
    assert Moments(TEXT, 100).mark(member, 100 + at) == mark


@pytest.mark.parametrize("write", ["->m = 1", ".m |= 2", "->m <<= 1", "->m--", ".m[3] = 4", "->m /= 2"])
def test_what_assigns(write: str) -> None:
    """Every operator that changes a member."""
    assert Moments(f"{{ q{write}; }}".encode()).mark("m", 0) == ENTRY


@pytest.mark.parametrize("read", ["->m == 1", ".m <= 2", "->m != 1", "->m + 1", "->mm = 1", "->m(1)"])
def test_what_does_not(read: str) -> None:
    """What reads it, or is another member."""
    assert Moments(f"{{ q{read}; }}".encode()).mark("m", 0) == ""


def test_what_increments_from_the_left() -> None:
    """`++q->m` changes m, not q."""
    found = Moments(b"{ ++q->m; --(p.o->n); }")
    assert [found.mark(name, 0) for name in "mnqo"] == [ENTRY, ENTRY, "", ""]


@given(st.binary(max_size=60), st.integers(-5, 70))
def test_any_text_has_moments(text: bytes, at: int) -> None:
    """Whatever the text is, and elsewhere too."""
    assert isinstance(Moments(text, 3).mark("a", at), str)


def test_marks_come_off() -> None:
    """What holds at the end is plain, and what was assigned is not known at the entry."""
    assert [unmarked(f"s.m{mark}==A") for mark in (ENTRY, EXIT, ASSIGNED)] == ["s.m==A"] * 3
    assert [at_end(f"s.m{mark}") for mark in (ENTRY, EXIT, ASSIGNED)] == [f"s.m{ENTRY}", "s.m", "s.m"]
    assert [at_entry(f"s.m{mark}") for mark in ("", ENTRY, EXIT, ASSIGNED)] == ["s.m", "s.m", "", ""]
