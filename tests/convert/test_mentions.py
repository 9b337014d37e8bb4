"""Which files are looked into for the callers of a function."""

from pathlib import Path

import pytest

from memdesc.convert.mentions import Scan
from memdesc.convert.model import Target


@pytest.mark.parametrize(
    ("home", "files", "found"),
    [
        ("", {"fs/b.c": "f_page(p);", "mm/c.c": "f_page(p);"}, {"fs/a.c", "fs/b.c"}),
        ("EXPORT_SYMBOL_GPL(f_page);", {"mm/c.c": "f_page(p);"}, {"fs/a.c", "mm/c.c"}),
        ("", {"include/f.h": "f_page", "mm/c.c": "f_page(p);"}, {"fs/a.c", "include/f.h", "mm/c.c"}),
        ("EXPORT_SYMBOL(f_page);", {"Documentation/c.c": "f_page", "mm/c.txt": "f_page"}, {"fs/a.c"}),
    ],
)
def test_scan(home: str, files: dict[str, str], found: set[str], tmp_path: Path) -> None:
    """The topmost folder and include/, and the whole tree for what others can reach."""
    for path, text in {"fs/a.c": f"void f_page(void) {{}}\n{home}", **files}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    scan = Scan(str(tmp_path), [Target("fs/a.c", "f_page", 0)])
    assert set(scan("f_page")) == found
    assert set(scan("other")) == set()


@pytest.mark.parametrize("jobs", [1, 2])
def test_scan_by_several_processes(jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They find the same; links are not followed, a name without `page` is found where there is none."""
    monkeypatch.setattr("memdesc.convert.mentions._CHUNK", 2)
    for number in range(9):
        (tmp_path / "fs" / f"d{number % 3}").mkdir(parents=True, exist_ok=True)
        (tmp_path / "fs" / f"d{number % 3}" / f"{number}.c").write_text(f"f_page(); rare_{number % 2}();\n")
    (tmp_path / "fs" / "link.c").symlink_to("d0/0.c")
    (tmp_path / "include").mkdir()
    (tmp_path / "include" / "f.h").write_text("void f_page(void);\n")
    (tmp_path / "Makefile").write_text("f_page")
    scan = Scan(str(tmp_path), [Target("fs/d0/0.c", "f_page", 0)], jobs)
    every = {f"fs/d{n % 3}/{n}.c" for n in range(9)}
    assert set(scan("f_page")) == every | {"include/f.h"}
    scan.look_for({"rare_0", "rare_1", "none"})
    assert set(scan("rare_1")) == {f"fs/d{n % 3}/{n}.c" for n in (1, 3, 5, 7)}
    assert set(scan("none")) == set()
