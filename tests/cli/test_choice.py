"""Which findings a user wants: --select, --ignore, settings, comments; standard input; files that are no C."""

import subprocess
import sys
from pathlib import Path

import pytest

from memdesc.cli.main import main

BAD = "void f(void)\n{\n\tchar *p = vmalloc(4);\n\tkfree(p);\n}\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file of one finding, in which the user stands."""
    (tmp_path / "a.c").write_text(BAD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ((), 1),
        (("--select", "mismatched-free"), 1),
        (("--select", "slab-page-sent,mismatched-free"), 1),
        (("--select", "slab-page-sent"), 0),
        (("--ignore", "mismatched-free"), 0),
        (("--ignore", "slab-page-sent", "--ignore", "mismatched-free"), 0),
        (("--select", "mismatched-fre"), 2),
        (("--ignore", "nosuch"), 2),
    ],
)
@pytest.mark.usefixtures("place")
def test_rules(words: tuple[str, ...], status: int) -> None:
    """Rules are chosen by name; a name that is none ends with 2."""
    assert main(["check", "a.c", *words]) == status


@pytest.mark.parametrize(
    ("settings", "status", "says"),
    [
        ('ignore = ["mismatched-free"]', 0, "following"),
        ('select = ["slab-page-sent"]', 0, "following"),
        ('exclude = ["a.*"]', 0, "following"),
        ('exclude = ["b.*"]', 1, "following"),
        ('level = "error"', 1, "following"),
        ('level = "loud"', 2, "level is one of"),
        ('ignor = ["x"]', 2, "no such setting: ignor; did you mean ignore?"),
        ('ignore = "x"', 2, "ignore is a list of strings"),
        ('ignore = ["mismatched-fre"]', 2, "did you mean mismatched-free?"),
        ("ignore = [", 2, "is no TOML"),
        ("\0", 2, "is no TOML"),
    ],
)
def test_settings(
    place: Path, settings: str, status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The nearest settings file above the first PATH is followed, and that is said; --settings none does not."""
    (place / ".memdesc.toml").write_text(settings)
    assert main(["check", "a.c"]) == status
    assert says in capsys.readouterr().err
    assert main(["check", "a.c", "--settings", "none"]) == 1
    (place / "below").mkdir()
    (place / "below/a.c").write_text(BAD)
    assert main(["check", "below/a.c"]) == (1 if "exclude" in settings else status)
    (place / ".memdesc.toml").write_text('exclude = ["below/*"]')
    assert main(["check", "below/a.c"]) == 0
    assert main(["check", "a.c"]) == 1


def test_the_command_line_is_stronger(place: Path) -> None:
    """What the settings leave out can be asked for."""
    (place / ".memdesc.toml").write_text('ignore = ["mismatched-free"]\nlevel = "error"\n')
    assert main(["check", "a.c", "--select", "mismatched-free"]) == 1


def test_comments(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A comment suppresses a finding and is counted; one that has become useless is told, cache or not."""
    allow = "\t/* memdesc: allow mismatched-free: a test */\n"
    (place / "a.c").write_text(BAD.replace("\tkfree(p);\n", f"{allow}\tkfree(p);\n"))
    for _ in range(2):
        assert main(["check", "a.c"]) == 0
        assert "nothing found (1 suppressed by comments)" in capsys.readouterr().err
    (place / "a.c").write_text(BAD.replace("\tkfree(p);\n", f"{allow}\tvfree(p);\n"))
    for _ in range(2):
        assert main(["check", "a.c"]) == 0
        assert (
            "a.c:4: the comment 'memdesc: allow mismatched-free' suppresses nothing"
            in capsys.readouterr().err
        )


@pytest.mark.usefixtures("place")
def test_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """Findings and nothing else."""
    assert main(["check", "a.c", "--quiet"]) == 1
    heard = capsys.readouterr()
    assert "[mismatched-free]" in heard.out
    assert heard.err == ""


def _piped(place: Path, text: bytes, *words: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "memdesc", "check", *words]
    return subprocess.run(command, input=text, capture_output=True, cwd=place, check=False)


def test_standard_input(place: Path) -> None:
    """What an editor has not saved is read in the place of the file, saved or new, and the file stays as it is."""
    good = BAD.replace("kfree", "vfree").encode()
    assert _piped(place, good, "-", "--stdin-as", "a.c").returncode == 0
    ended = _piped(place, BAD.encode(), "-", "--stdin-as", "new.c")
    assert ended.returncode == 1
    assert ended.stdout.startswith(b"new.c: In function 'f':\nnew.c:4:")
    assert (place / "a.c").read_text() == BAD
    assert not (place / "new.c").exists()


@pytest.mark.parametrize(
    ("words", "text", "says"),
    [
        (("-",), b"", b"--stdin-as PATH says which"),
        (("a.c", "--stdin-as", "a.c"), b"", b"goes with the PATH -"),
        (("-", "--stdin-as", "a.txt"), b"", b"is not a C file"),
        (("-", "--stdin-as", "no/a.c"), b"", b"no such folder"),
        (("-", "--stdin-as", "a.c"), b"\0\1", b"nothing in it reads as C"),
    ],
)
def test_wrong_standard_input(place: Path, words: tuple[str, ...], text: bytes, says: bytes) -> None:
    """One line, and status 2."""
    ended = _piped(place, text, *words)
    assert ended.returncode == 2
    assert says in ended.stderr
    assert ended.stderr.count(b"\n") == 1


@pytest.mark.parametrize("command", ["check", "infer"])
@pytest.mark.parametrize("text", [b"\x7fELF\2\1\1\0", b"This is prose.\nIt goes on.\n"])
def test_a_file_that_is_no_c(
    place: Path, command: str, text: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that was named and is no C ends with 2: nothing was found in it, since nothing was read."""
    (place / "g.c").write_bytes(text)
    assert main([command, "g.c"]) == 2
    heard = capsys.readouterr()
    assert heard.err.startswith("memdesc: g.c: ")
    assert heard.err.count("\n") == 1
