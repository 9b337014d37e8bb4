"""`memdesc convert --series`: patches that git am takes, and that together are what --in-place does."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.cli.main import main
from memdesc.inference.declare import Entity, Inference, Role
from memdesc.kinds import Kind
from memdesc.records import Statistics

FILES = {
    "include/linux/mm_types.h": "struct page { unsigned long flags; };\nstruct folio { struct page page; };\n",
    "include/linux/pagemap.h": (
        "void folio_unlock(struct folio *folio);\n"
        "static inline void unlock_page(struct page *page)\n{\n\tfolio_unlock(page_folio(page));\n}\n"
        "static inline struct page *find_page(int n)\n{\n\treturn &find_folio(n)->page;\n}\n"
        "static inline struct folio *find_folio(int n)\n{\n\treturn lookup(n);\n}\n"
        "static inline struct folio *lookup(int n)\n{\n\treturn 0;\n}\n"
    ),
    "fs/tiny/tiny.h": "struct page;\nvoid tiny_end(struct page *page);\nstruct page *tiny_get(int n);\n",
    "fs/tiny/dir.c": (
        '#include "tiny.h"\n\nvoid tiny_end(struct page *page)\n{\n\tunlock_page(page);\n}\n\n'
        "static int tiny_user(struct page * page, int n)\n{\n\ttiny_end(page);\n\treturn n;\n}\n\n"
        "int tiny_top(int n)\n{\n\tstruct page *page = tiny_get(n);\n\n\tif (!page)\n\t\treturn 1;\n"
        "\treturn tiny_user(page, n);\n}"
    ),
    "fs/tiny/get.c": (
        '#include "tiny.h"\n\nstruct page *tiny_get(int n)\n{\n\tstruct page *page = find_page(n);\n\n'
        "\tif (page)\n\t\tunlock_page(page);\n\treturn page;\n}\n"
    ),
}
POINTERS = [
    ("fs/tiny/dir.c", 3, "tiny_end", Role.PARAM, "page", 0),
    ("fs/tiny/dir.c", 8, "tiny_user", Role.PARAM, "page", 0),
    ("fs/tiny/dir.c", 16, "tiny_top", Role.LOCAL, "page", None),
    ("fs/tiny/get.c", 3, "tiny_get", Role.RETURN, "tiny_get", None),
    ("fs/tiny/get.c", 5, "tiny_get", Role.LOCAL, "page", None),
]
GOLDEN = Path(__file__).parent / "golden" / "series.txt"
AUTHOR = ["--author", "A. Person <a@example.org>", "--signoff"]


def _tree(top: Path) -> Path:
    for path, text in FILES.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text)
    return top


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree in which every pointer is said to be a folio."""
    top = _tree(tmp_path / "tree")

    def infer(paths: list[Path], *_: object) -> Inference:
        entities = tuple(
            Entity(
                *(file, line, function, role, name, index, "struct page *", Kind.FILE, Kind.FILE, "folio"),
                (f"unlock_page() at {file}:{line}",),
                "it is used as the head of a folio",
            )
            for file, line, function, role, name, index in POINTERS
        )
        return Inference(str(paths[0]), "6.1", entities, Statistics(files=1, files_read=1))

    monkeypatch.setattr(pipeline, "infer", infer)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    return top


def _git(tree: Path, *words: str) -> str:
    who = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false"]
    done = subprocess.run(["git", *who, *words], cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _texts(top: Path) -> dict[str, str]:
    return {p: (top / p).read_text() for p in FILES}


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_git_am(tree: Path, tmp_path: Path) -> None:
    """The series, applied, is the tree of --in-place to the byte; no patch is empty, each has its own subject."""
    series = tmp_path / "series"
    assert main(["convert", str(tree), "--series", str(series), *AUTHOR]) == 0
    assert _texts(tree) == FILES
    names = sorted(p.name for p in series.iterdir())
    assert names[0] == "0000-cover-letter.patch"
    assert len(names) > 3
    other = _tree(tmp_path / "other")
    _git(other, "init", "-q")
    _git(other, "add", "-A")
    _git(other, "commit", "-qm", "base")
    _git(other, "am", *(str(series / name) for name in names[1:]))
    assert main(["convert", str(tree), "--in-place"]) == 0
    assert _texts(other) == _texts(tree)
    assert _texts(tree) != FILES
    subjects = _git(other, "log", "--format=%an <%ae>: %s").splitlines()[:-1]
    assert len(set(subjects)) == len(names) - 1
    assert all(s.startswith("A. Person <a@example.org>: tiny: ") for s in subjects)


def test_golden(tree: Path, tmp_path: Path) -> None:
    """The mails are what they were, to the byte."""
    series = tmp_path / "series"
    assert main(["convert", str(tree), "--series", str(series), *AUTHOR]) == 0
    text = "".join(f"#### {p.name}\n{p.read_text()}" for p in sorted(series.iterdir()))
    assert text == GOLDEN.read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--series", "{full}", *AUTHOR], "is not empty"),
        (["--series", "{new}", "--author", "nobody"], "is not of the form"),
        (["--signoff"], "are for --series"),
        (["--author", "A <a@b>"], "are for --series"),
    ],
)
def test_refused(
    words: list[str], message: str, tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, and nothing is written."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    given = [word.format(full=tmp_path / "full", new=tmp_path / "new") for word in words]
    assert main(["convert", str(tree), *given]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1
    assert not (tmp_path / "new").exists()


def test_nothing(tree: Path, tmp_path: Path) -> None:
    """A run that converts nothing gives no patch and no cover letter."""
    assert main(["convert", str(tree), "--in-place"]) == 0
    assert main(["convert", str(tree), "--series", str(tmp_path / "series"), *AUTHOR]) == 0
    assert list((tmp_path / "series").iterdir()) == []


def test_dates(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A time that is none is an error; without one the mails have that of now."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "x")
    assert main(["convert", str(tree), "--series", str(tmp_path / "a"), *AUTHOR]) == 2
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert main(["convert", str(tree), "--series", str(tmp_path / "b"), *AUTHOR]) == 0
    assert re.search(r"^Date: .* 20\d\d ", next((tmp_path / "b").iterdir()).read_text(), re.M)
