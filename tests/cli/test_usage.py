"""What is mistyped is told with what was likely meant; what was typed right is still done."""

from pathlib import Path

import pytest

from conftest import Run


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("check", "--levl", "error", "."), "--level"),
        (("check", "--writ-baselin=x", "."), "--write-baseline"),
        (("check", "--level", "eror", "."), "error"),
        (("infer", "--form", "jsn", "."), "json"),
        (("chek", "."), "check"),
    ],
)
def test_near(memdesc: Run, tmp_path: Path, words: tuple[str, ...], near: str) -> None:
    """A wrong option, choice or command ends with 2 and names the nearest."""
    ended = memdesc(*words, cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.endswith(f"; did you mean {near}?\n")


def test_nothing_near(memdesc: Run) -> None:
    """What resembles nothing is refused without a guess."""
    ended = memdesc("check", "--zzqqx", ".")
    assert ended.returncode == 2
    assert "did you mean" not in ended.stderr


@pytest.mark.parametrize("option", ["--tree=--", "-o--", "--baseline=--", "--level=--", "--jobs=--"])
def test_two_dashes_are_no_value(memdesc: Run, option: str) -> None:
    """They end the options, and argparse takes them for no value at all."""
    ended = memdesc("check", option)
    assert ended.returncode == 2
    assert ended.stderr.endswith("'--' is no value\n")


def test_signatures_that_are_known_are_shown(memdesc: Run) -> None:
    """One unknown name does not hide the others, and is told with status 2."""
    ended = memdesc("signatures", "kfree", "nosuch")
    assert ended.returncode == 2
    assert "kfree(" in ended.stdout
    assert ended.stderr.startswith("memdesc: nosuch: no signature is known")
    assert len(ended.stderr.splitlines()) == 1
