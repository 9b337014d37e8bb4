"""Which files of a tree are C files to be read."""

import os
from pathlib import Path

import pytest

from memdesc.records import Unread
from memdesc.source.cache import Stamp
from memdesc.source.listing import c_files


def _names(root: Path) -> list[str]:
    unread: list[Unread] = []
    found = [name for name, _ in c_files(root, unread)]
    assert not unread
    return found


def test_files_come_by_path_with_their_stamps(tmp_path: Path) -> None:
    """Whatever order the system lists them in."""
    for name in ("b.c", "a/z.h", "a.c", "a/b/c.c", "a-b.c"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    found = c_files(tmp_path, [])
    assert [name for name, _ in found] == ["a-b.c", "a.c", "a/b/c.c", "a/z.h", "b.c"]
    assert all(stamp == Stamp.of((tmp_path / name).stat()) for name, stamp in found)


def test_what_is_no_c_file_is_passed_by(tmp_path: Path) -> None:
    """Other names, links, hidden folders; a folder that is called like a file is still a folder."""
    (tmp_path / "a.c").touch()
    (tmp_path / "a.S").touch()
    (tmp_path / "Makefile").touch()
    (tmp_path / "link.c").symlink_to("a.c")
    (tmp_path / "loop").symlink_to(".")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "b.c").touch()
    (tmp_path / "folder.c").mkdir()
    (tmp_path / "folder.c" / "d.c").touch()
    assert _names(tmp_path) == ["a.c", "folder.c/d.c"]


def test_names_that_are_no_text(tmp_path: Path) -> None:
    """Any bytes that the system takes for a name."""
    (tmp_path / os.fsdecode(b"\xff\n.c")).touch()
    assert _names(tmp_path) == [os.fsdecode(b"\xff\n.c")]


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    """Among what was not read, with the reason."""
    unread: list[Unread] = []
    assert c_files(tmp_path / "gone", unread) == []
    assert unread == [Unread(".", "", "no such file or directory")]


@pytest.mark.parametrize("depth", [200])
def test_deep_trees(tmp_path: Path, depth: int) -> None:
    """Folders are not followed by recursion."""
    folder = tmp_path.joinpath(*["d"] * depth)
    folder.mkdir(parents=True)
    (folder / "a.c").touch()
    assert _names(tmp_path) == ["d/" * depth + "a.c"]


def test_what_is_strange_is_said(tmp_path: Path) -> None:
    """Links out of the tree and to nowhere inside it, devices and FIFOs that are called C files; not other links."""
    tree = tmp_path / "tree"
    (tree / "d").mkdir(parents=True)
    (tree / "d" / "a.c").touch()
    os.mkfifo(tree / "fifo.c")
    (tree / "zero.h").symlink_to("/dev/zero")
    (tree / "up").symlink_to("..")
    (tree / ".up").symlink_to("..")
    (tree / "Kconfig").symlink_to("/dev/zero")
    (tree / "near.h").symlink_to("d/a.c")
    (tree / "dd").symlink_to("d")
    unread: list[Unread] = []
    assert [name for name, _ in c_files(tree, unread)] == ["d/a.c"]
    assert sorted((u.file, u.reason) for u in unread) == [
        ("fifo.c", "is a FIFO"),
        ("up", "leads out of the tree"),
        ("zero.h", "leads out of the tree"),
    ]
