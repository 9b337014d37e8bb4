"""`memdesc status` on small trees."""

import json
from pathlib import Path

import pytest

from memdesc.cli.main import main

SOURCE = """
struct page;
void lock_page(struct page *page);
void unlock_page(struct page *page);
static void settle(struct page *page)
{
	lock_page(page);
	unlock_page(page);
}
"""


def _tree(top: Path, version: int) -> Path:
    for name, text in {
        "Makefile": f"VERSION = 6\nPATCHLEVEL = {version}\nSUBLEVEL = 0\nEXTRAVERSION =\nNAME = x\n",
        "Kconfig": "",
        "Kbuild": "",
        "MAINTAINERS": "SMALL FILESYSTEM\nF:\tfs/small/\n",
        "include/linux/mm_types.h": "struct page {\n\tunsigned long flags;\n};\n",
        "include/linux/mm.h": "",
        "fs/small/inode.c": SOURCE,
    }.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return top


def test_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One tree: the whole, the entries of MAINTAINERS, the reasons."""
    assert main(["status", "--tree", str(_tree(tmp_path, 1)), "--no-cache"]) == 0
    out = capsys.readouterr().out
    assert "Linux 6.1.0" in out
    assert "SMALL FILESYSTEM" in out
    assert "-> folio" in out


def test_several_trees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Side by side, a row each, with paths named from the top of each."""
    trees = [str(_tree(tmp_path / str(version), version)) for version in (1, 12)]
    words = [word for tree in trees for word in ("--tree", tree)]
    assert main(["status", *words, "fs", "--format", "json", "--no-cache"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [tree["kernel"] for tree in found["trees"]] == ["6.1.0", "6.12.0"]
    assert all(tree["whole"]["become"] == {"folio": 1} for tree in found["trees"])
    assert main(["status", *words, "nowhere"]) == 2
    assert "no such file or folder" in capsys.readouterr().err
    assert main(["status", *words, str(tmp_path)]) == 2
    assert "named from the top of each" in capsys.readouterr().err


def test_page(tmp_path: Path) -> None:
    """The HTML page needs nothing else, and shows names of others as text."""
    tree = _tree(tmp_path / "tree", 1)
    (tree / "MAINTAINERS").write_text("<b>BOLD & \x1b[31mRED\nF:\tfs/small/\n")
    page = tmp_path / "status.html"
    assert main(["status", "--tree", str(tree), "--format", "html", "-o", str(page), "--no-cache"]) == 0
    text = page.read_text()
    assert "&lt;b&gt;BOLD &amp; \\x1b[31mRED" in text
    assert "\x1b" not in text
    assert "http" not in text


def test_hostile_maintainers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A link out of the tree is not followed, and that is said."""
    tree = _tree(tmp_path, 1)
    (tree / "MAINTAINERS").unlink()
    (tree / "MAINTAINERS").symlink_to("/dev/zero")
    assert main(["status", "--tree", str(tree), "--no-cache"]) == 0
    heard = capsys.readouterr()
    assert "MAINTAINERS: leads out of the tree; no subsystem is known" in heard.err
    assert "(no entry in MAINTAINERS)" in heard.out
