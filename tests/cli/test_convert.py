"""`memdesc convert` on a small tree."""

import json
import os
from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.cli.main import main
from memdesc.convert import booting, compiling
from memdesc.inference.declare import Entity, Inference, Role
from memdesc.kinds import Kind
from memdesc.records import Statistics

FILES = {
    "include/linux/mm_types.h": "struct page { unsigned long flags; };\nstruct folio { struct page page; };\n",
    "include/linux/pagemap.h": (
        "void folio_unlock(struct folio *folio);\n"
        "static inline void unlock_page(struct page *page)\n{\n\tfolio_unlock(page_folio(page));\n}\n"
    ),
    "fs/a.c": (
        "static void f(struct page *page)\n{\n\tunlock_page(page);\n}\n\n"
        "static void t(struct page *page)\n{\n\tunlock_page(page);\n}\n\n"
        "struct ops ops = { .t = t };\n\nvoid g(struct page *page)\n{\n\tf(page);\n}\n"
    ),
    "fs/odd.c": "void h(struct page *page\n",
}
AFTER = (
    FILES["fs/a.c"]
    .replace("f(struct page *page)", "f(struct folio *folio)")
    .replace("unlock_page(page)", "folio_unlock(folio)", 1)
    .replace("f(page)", "f(page_folio(page))")
)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree in which every parameter is said to be a folio."""
    top = tmp_path / "tree"
    for path, text in FILES.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text)

    def infer(*_: object) -> Inference:
        entities = tuple(
            Entity(path, 1, function, Role.PARAM, "page", 0, "struct page *", Kind.FILE, Kind.FILE, "folio")
            for path, function in (("fs/a.c", "f"), ("fs/a.c", "t"), ("fs/odd.c", "h"))
            if f"{function}(struct page" in (top / path).read_text()
        )
        return Inference(str(top), "6.1", entities, Statistics(files=1, files_read=1))

    monkeypatch.setattr(pipeline, "infer", infer)
    return top


def _texts(tree: Path) -> dict[str, str]:
    return {str(p.relative_to(tree)): p.read_text() for p in sorted(tree.rglob("*")) if p.is_file()}


def test_diff(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A diff is printed, the reasons are counted, and nothing is written."""
    assert main(["convert", str(tree)]) == 0
    heard = capsys.readouterr()
    assert heard.out.startswith("--- a/fs/a.c\n+++ b/fs/a.c\n@@ -1,")
    assert "+static void f(struct folio *folio)\n" in heard.out
    assert heard.err.startswith("1 parameter converted in 1 file, 2 stay\n")
    assert _texts(tree) == dict(sorted(FILES.items()))


def test_in_place(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is changed and no other; a second run finds nothing, and leaves every file as it is."""
    assert main(["convert", str(tree), "--in-place"]) == 0
    assert _texts(tree) == dict(sorted({**FILES, "fs/a.c": AFTER}.items()))
    times = {p: p.stat().st_mtime_ns for p in tree.rglob("*")}
    capsys.readouterr()
    assert main(["convert", str(tree), "--in-place"]) == 0
    assert capsys.readouterr().err.startswith("nothing converted in 0 files")
    assert times == {p: p.stat().st_mtime_ns for p in tree.rglob("*")}
    assert main(["convert", str(tree)]) == 0
    assert capsys.readouterr().out == ""


def test_output(tree: Path, tmp_path: Path) -> None:
    """Changed files are written below a folder, which is made."""
    assert main(["convert", str(tree), "--output", str(tmp_path / "out" / "x")]) == 0
    assert _texts(tmp_path / "out" / "x") == {"fs/a.c": AFTER}
    assert _texts(tree) == dict(sorted(FILES.items()))


def test_report(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What stays has a typed reason."""
    assert main(["convert", str(tree), "--report", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["converted"] == [{"file": "fs/a.c", "function": "f", "role": "parameter", "index": 0}]
    assert [(no["function"], no["reason"]) for no in record["refused"]] == [
        ("t", "table"),
        ("h", "not-found"),
    ]
    assert main(["convert", str(tree), "--report", "text"]) == 0
    assert "fs/a.c: f() argument 1: converted\n" in capsys.readouterr().out


def test_function(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One function alone; a name that is none of the candidates is an error."""
    assert main(["convert", str(tree), "--function", "f"]) == 0
    assert capsys.readouterr().err == "1 parameter converted in 1 file, 0 stay\n"
    assert main(["convert", str(tree), "--function", "nothing"]) == 2
    assert capsys.readouterr().err == (
        "memdesc: --function nothing: has no pointer that is declared as a page and always a folio\n"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_read_only(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder in which nothing can be made is refused in one line."""
    (tree / "fs").chmod(0o555)
    assert main(["convert", str(tree), "--in-place"]) == 2
    assert capsys.readouterr().err.endswith("cannot be written: no file can be made in its folder\n")


def test_output_is_a_file(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that cannot be made is refused, and nothing is written."""
    assert main(["convert", str(tree), "--output", str(tree / "fs" / "a.c")]) == 2
    assert "cannot be made" in capsys.readouterr().err


def test_no_compiler(tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A verification without a compiler is refused before any work."""
    monkeypatch.setenv("PATH", str(tree))
    assert main(["convert", str(tree), "--verify", "build"]) == 2
    assert capsys.readouterr().err == "memdesc: --verify: needs make, which is not installed\n"


def test_no_exercise(tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Code that no exercise runs, and a disk that cannot be made, are refused before anything is compiled."""
    monkeypatch.setattr(compiling, "present", lambda: None)
    monkeypatch.setattr(booting, "busybox", lambda: b"")
    monkeypatch.setattr(booting, "_program", lambda name: None if name == "mkfs.odd" else name)
    assert main(["convert", str(tree), "--verify", "boot"]) == 2
    assert "has no exercise for what is converted" in capsys.readouterr().err
    script = tree / "exercise"
    script.write_text("# image: 8 mkfs.odd\n")
    assert main(["convert", str(tree), "--verify", "boot", "--exercise", str(script)]) == 2
    assert capsys.readouterr().err == "memdesc: --verify boot: needs mkfs.odd, which is not installed\n"
    assert main(["convert", str(tree), "--exercise", str(script)]) == 2
    assert capsys.readouterr().err == "memdesc: --exercise: is for --verify boot\n"


def test_no_tree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A lone file has no tree that says what stands for what."""
    (tmp_path / "a.c").write_text("int f(void);\n")
    assert main(["convert", str(tmp_path / "a.c")]) == 2
    assert "lies in no kernel tree" in capsys.readouterr().err
