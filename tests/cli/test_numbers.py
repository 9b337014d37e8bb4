"""Numbers on the command line: any text is one line and status 2, or a number in its range."""

import argparse
import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memdesc.cli import numbers
from memdesc.cli.main import main
from memdesc.errors import InputError

LONG = "9" * 5000
RUN = ("machine", "run", "--design", "memdesc-8", "--workload", "slab-storm")


@pytest.mark.parametrize(
    "words",
    [
        ("explain", f"FILE:{LONG}"),
        ("explain", f"FILE:1:{LONG}"),
        ("explain", "FILE:99999999999999999999"),
        ("check", "FILE", "--jobs", LONG),
        ("check", "FILE", "--jobs", "99999999"),
        ("check", "FILE", "--jobs", "²"),
        ("status", "FILE", "--limit", LONG),
        (*RUN, "--memory", LONG + "T"),
        (*RUN, "--memory", "999999999999T"),
        (*RUN, "--memory", "1e9"),
        (*RUN, "--seed", LONG),
        (*RUN, "--check", LONG),
        (*RUN, "--check", "-1"),
        ("machine", "record", "--seconds", "nan"),
        ("machine", "record", "--sample", "inf"),
        ("machine", "record", "--buffer", LONG),
        ("machine", "hazards", "--most", LONG),
        ("census", "--watch", "nan"),
        ("census", "--watch", "1e400"),
        ("census", "--watch", "1_0"),
        ("census", "--watch", "\u0663"),
        (*RUN, "--memory", "\u0663M"),
        ("census", "--watch", LONG),
    ],
)
def test_too_large(words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The line is short, whatever was given."""
    path = tmp_path / "a.c"
    path.write_text("void f(void)\n{\n\tkfree(vmalloc(3));\n}\n")
    try:
        status = main([word.replace("FILE", str(path)) for word in words])
    except SystemExit as ended:
        status = int(ended.code or 0)
    assert status == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert "this is a bug" not in last
    assert len(last) < 900


@given(st.one_of(st.text(), st.integers().map(str), st.floats().map(str)))
def test_any_text(text: str) -> None:
    """A number in its range, or a refusal."""
    with contextlib.suppress(argparse.ArgumentTypeError):
        assert 1 <= numbers.whole(1, 99)(text) <= 99
    with contextlib.suppress(argparse.ArgumentTypeError):
        assert 0 < numbers.seconds(0)(text) <= 1e6
    with contextlib.suppress(InputError):
        assert 0 <= numbers.size(text, "--memory") <= numbers.MOST_MEMORY


def test_seconds() -> None:
    """As they are written elsewhere."""
    read = numbers.seconds(0)
    assert [read(text) for text in ("1", "0.5", ".5", "2.", "1e3", "5E-1")] == [1, 0.5, 0.5, 2, 1000, 0.5]


def test_sizes() -> None:
    """With and without a unit, and a point."""
    assert numbers.size("512M", "-") == numbers.size("512MiB", "-") == 512 << 20
    assert numbers.size("1.5g", "-") == 3 << 29
    assert numbers.size("7", "-") == 7
