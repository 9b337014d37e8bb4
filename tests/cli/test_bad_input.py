"""Whatever stands in the place of a file that a command is to read or write: one line that names it, and status 2."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from memdesc.cli.main import main

GOOD = "void f(struct page *page)\n{\n\tkfree(vmalloc(8));\n}\n"
READ: dict[str, Callable[[str], list[str]]] = {
    "check": lambda name: ["check", name],
    "infer": lambda name: ["infer", name],
    "status": lambda name: ["status", name],
    "convert": lambda name: ["convert", name],
    "explain": lambda name: ["explain", f"{name}:1"],
    "debug": lambda name: ["debug", "--stage", "facts", name],
    "kbuild": lambda name: ["kbuild", name],
    "tree": lambda name: ["check", "good.c", "--tree", name],
    "signatures file": lambda name: ["check", "good.c", "--signatures", name],
    "settings": lambda name: ["check", "good.c", "--settings", name],
    "baseline": lambda name: ["check", "good.c", "--baseline", name],
    "patch": lambda name: ["check", "good.c", "--patch", name],
    "overlay": lambda name: ["check", "good.c", "--overlay", f"good.c={name}"],
    "signatures of a tree": lambda name: ["signatures", "kfree", "--tree", name],
    "signatures verified": lambda name: ["signatures", "--verify", "--tree", name],
    "layout show": lambda name: ["layout", "show", name],
    "layout check": lambda name: ["layout", "check", name],
    "layout diff": lambda name: ["layout", "diff", "linux-6.1", name],
    "layout header": lambda name: ["layout", "header", name],
    "layout solve": lambda name: ["layout", "solve", name],
    "infer a design": lambda name: ["infer", "good.c", "--design", name],
    "census of a dump": lambda name: ["census", "--dump", name],
    "census of a design": lambda name: ["census", "--design", name],
    "machine on a design": lambda name: ["machine", "run", "--workload", "list", "--design", name],
    "machine on a trace": lambda name: ["machine", "run", "--design", "linux-6.1", "--trace", name],
    "machine on a script": lambda name: ["machine", "run", "--design", "linux-6.1", "--script", name],
    "machine compare": lambda name: ["machine", "compare", "--design", "linux-6.1", "--trace", name],
    "lsp": lambda name: ["lsp", "--tree", name],
}
NAMES = ("missing.c", "fifo.c", "binary.c", "empty", "/dev/zero", "a" * 5_000 + ".c", "")
LISTS = "machine on a design"
"""Lists the workloads, and reads no design."""
WRITTEN = {
    "check": ["check", "good.c"],
    "sarif": ["check", "good.c", "--format", "sarif"],
    "infer": ["infer", "good.c"],
    "status": ["status", "good.c"],
    "explain": ["explain", "good.c:3"],
    "debug": ["debug", "--stage", "facts", "good.c"],
    "rule": ["rule"],
    "signatures": ["signatures", "kfree"],
    "man": ["man"],
    "doctor": ["doctor"],
    "layout show": ["layout", "show", "linux-6.1"],
    "layout header": ["layout", "header", "linux-6.1"],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one good file and much that is none."""
    (tmp_path / "good.c").write_text(GOOD)
    (tmp_path / "binary.c").write_bytes(bytes(range(256)) * 30)
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "fifo.c")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    return tmp_path


def _refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(words) == 2, words
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    assert said.err.startswith("memdesc: ")
    assert "bug in memdesc" not in said.err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", [name for name in READ if name != LISTS])
def test_what_is_no_file_to_read(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Missing, a FIFO, a binary file, an empty folder, an endless device, a name that is too long, or none at all."""
    for name in NAMES:
        if command == "kbuild" and name in ("binary.c", "empty", "/dev/zero", ""):
            continue  # a compiler's arguments are let pass, and it is the compiler who complains of the file
        _refused(READ[command](name), capsys)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", WRITTEN)
def test_what_cannot_be_written(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A full disk, a folder, a folder that is missing, a file in the place of a folder, or no name."""
    for name in ("/dev/full", "empty", "missing/file", "good.c/file", ""):
        _refused([*WRITTEN[command], "-o", name], capsys)
    _refused([*WRITTEN[command], "--output="], capsys)


def test_settings_with_odd_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What no file can be called is refused, too."""
    (folder / ".memdesc.toml").write_text('signatures = ["a\\u0000b"]\n')
    _refused(["check", "good.c"], capsys)
