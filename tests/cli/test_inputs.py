"""Paths that cannot be used: one line that says why, and status 2."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from memdesc.cli import inputs
from memdesc.cli.main import main


def _why(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    assert main(["check", *map(str, words)]) == 2
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err.count("\n") == 1
    return heard.err.removeprefix("memdesc: ").strip()


def test_missing(capsys: pytest.CaptureFixture[str]) -> None:
    """A path that does not exist."""
    assert _why(capsys, "nowhere") == "nowhere: no such file or folder"
    assert _why(capsys, "--tree", "nowhere") == "nowhere: no such file or folder"


def test_fifo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A FIFO is refused, not waited for."""
    os.mkfifo(tmp_path / "p.c")
    assert _why(capsys, tmp_path / "p.c") == f"{tmp_path / 'p.c'}: is a FIFO; a C file was expected"


def test_device(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither is a device read."""
    assert _why(capsys, "/dev/null") == "/dev/null: is a character device; a C file was expected"


def test_folder_without_c(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that holds no C file was surely not meant."""
    (tmp_path / "a.txt").write_text("")
    assert _why(capsys, tmp_path) == f"{tmp_path}: holds no C files (*.c, *.h)"


def test_not_c(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nor was a file of another language."""
    (tmp_path / "a.txt").write_text("")
    assert _why(capsys, tmp_path / "a.txt") == f"{tmp_path / 'a.txt'}: is not a C file (*.c, *.h)"


def test_tree_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--tree wants a folder."""
    (tmp_path / "a.c").write_text("")
    assert _why(capsys, "--tree", tmp_path / "a.c") == f"{tmp_path / 'a.c'}: is not a folder"


def test_path_from_the_top_of_the_tree(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path that is not in the current folder is looked for below --tree; one that is in both is the nearer."""
    here, top = tmp_path / "here", tmp_path / "top"
    for folder in (here / "fs", top / "fs", top / "mm"):
        folder.mkdir(parents=True)
    (here / "fs" / "a.c").write_text("")
    (top / "fs" / "a.c").write_text("")
    (top / "mm" / "b.c").write_text("")
    monkeypatch.chdir(here)
    assert inputs.paths(["mm/b.c", "fs/a.c", "mm"], top) == [top / "mm/b.c", Path("fs/a.c"), top / "mm"]
    assert _why(capsys, "--tree", top, "mm/c.c") == "mm/c.c: no such file or folder"


def test_symlink_loop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A link to itself cannot be followed."""
    (tmp_path / "l.c").symlink_to("l.c")
    assert _why(capsys, tmp_path / "l.c").startswith(f"{tmp_path / 'l.c'}: cannot be read: too many levels")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("name", ["a.c", "closed"])
def test_no_permission(name: str, tmp_path: Path) -> None:
    """What may not be read is named."""
    (tmp_path / "a.c").write_text("")
    (tmp_path / "closed").mkdir()
    (tmp_path / name).chmod(0)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and folder != Path("/") and folder.is_relative_to("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
    code = (
        "import gettext, locale, os, sys\nfrom memdesc.cli import check\nfrom memdesc.cli.main import main\n"
        "os.setgid(65534); os.setuid(65534)\nsys.exit(main(sys.argv[1:]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, "check", str(tmp_path / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"memdesc: {tmp_path / name}: cannot be read: permission denied\n"


@pytest.mark.parametrize("place", ["a.c", "a.c:0", "a.c:x", ":3", "a.c:3:0"])
def test_explain_wants_a_place(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A place is FILE:LINE or FILE:LINE:COLUMN, counted from 1."""
    assert main(["explain", place]) == 2
    said = "is not a place; FILE:LINE or FILE:LINE:COLUMN was expected"
    assert capsys.readouterr().err == f"memdesc: {place}: {said}\n"


@pytest.mark.parametrize(
    "option", [["check", ".", "--baseline"], ["machine", "run", "--design", "linux-6.12", "--script"]]
)
@pytest.mark.parametrize("sort", ["FIFO", "character device"])
def test_files_of_options_that_are_none(
    option: list[str],
    sort: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Neither waited for nor read without end."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.c").write_text("int a;\n")
    (tmp_path / "x").symlink_to("/dev/zero") if sort != "FIFO" else os.mkfifo(tmp_path / "x")
    assert main([*option, "x"]) == 2
    assert capsys.readouterr().err == f"memdesc: x: is a {sort}; a regular file was expected\n"
