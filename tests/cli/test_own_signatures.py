"""--signatures: what a user says of his own functions is known as the shipped signatures are."""

from pathlib import Path

import pytest

from memdesc.cli.main import main

CODE = """void *pool_get(int n);
void pool_send(void *buf);
void f(void)
{
	char *p = pool_get(4);
	kfree(p);
}
void g(void)
{
	char *p = vmalloc(4);
	pool_send(p);
}
"""
GIVES = "void *pool_get(int n) /* gives vmalloc */;\n"
WANTS = "void pool_send(void *buf /* wants linear */);\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file in which only its own signatures find something."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "a.c").write_text(CODE)
    (tmp_path / "gives.h").write_text(GIVES)
    (tmp_path / "wants.h").write_text(WANTS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("place")
def test_they_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    """What they give and want is followed, for this run alone, whatever was kept before."""
    for words, rules in (
        ([], []),
        (["--signatures", "gives.h"], ["mismatched-free"]),
        (["--signatures", "wants.h"], ["non-linear-address"]),
        (["--signatures", "gives.h", "--signatures", "wants.h"], ["mismatched-free", "non-linear-address"]),
        ([], []),
    ):
        assert main(["check", "a.c", *words]) == bool(rules)
        said = capsys.readouterr().out
        assert [rule for rule in ("mismatched-free", "non-linear-address") if f"[{rule}]" in said] == rules


def test_in_a_tree(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are part of what names a result that is kept."""
    (place / "tree/include/linux").mkdir(parents=True)
    (place / "tree/Makefile").write_text("VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 9\n")
    (place / "a.c").rename(place / "tree/a.c")
    assert main(["check", "tree"]) == 0
    assert main(["check", "tree", "--signatures", "gives.h"]) == 1
    assert main(["check", "tree"]) == 0
    (place / "gives.h").write_text(GIVES.replace("vmalloc", "slab"))
    assert main(["check", "tree", "--signatures", "gives.h"]) == 0
    assert "mismatched-free" in capsys.readouterr().out


def test_one_of_a_shipped_name(place: Path) -> None:
    """A signature of the user's stands in the place of the shipped one."""
    (place / "own.h").write_text("void *vmalloc(unsigned long size) /* gives slab */;\n")
    assert main(["check", "a.c", "--signatures", "wants.h"]) == 1
    assert main(["check", "a.c", "--signatures", "wants.h", "--signatures", "own.h"]) == 0


def test_settings(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Settings name them from their own folder, and none outside of it."""
    (place / "sub").mkdir()
    (place / "a.c").rename(place / "sub/a.c")
    (place / ".memdesc.toml").write_text('signatures = ["gives.h"]\n')
    assert main(["check", "sub/a.c"]) == 1
    (place / "sub/.memdesc.toml").write_text('signatures = ["../gives.h"]\n')
    capsys.readouterr()
    assert main(["check", "sub/a.c"]) == 2
    assert "leads out of the folder" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["int f(int x /* wants nosuchkind */);\n", "int f(\n", "hello;\n", "\0\1\n"])
def test_bad_ones(place: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not in the notation ends with 2 and one line that names the file."""
    (place / "bad.h").write_text(text)
    for command in (["check", "a.c"], ["infer", "a.c"], ["explain", "a.c:5:8"]):
        assert main([*command, "--signatures", "bad.h"]) == 2
        said = capsys.readouterr()
        assert said.err.startswith("memdesc: bad.h:1: ")
        assert said.err.count("\n") == 1
        assert not said.out
    assert main(["check", "a.c", "--signatures", "nosuch.h"]) == 2
