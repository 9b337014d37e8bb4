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
