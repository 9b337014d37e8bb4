"""Which files of a tree are C files to be read."""

import os
from pathlib import Path

import pytest

from memdesc.records import Unread
from memdesc.source import listing
from memdesc.source.listing import NEVER, Stamp, folders


def _files(root: Path, unread: list[Unread]) -> list[tuple[str, Stamp]]:
    found = folders(root, unread)
    return sorted((os.path.join(one.path, name), stamp) for one in found for name, stamp in one.files())


def _names(root: Path) -> list[str]:
    unread: list[Unread] = []
    found = [name for name, _ in _files(root, unread)]
    assert not unread
    return found


def test_files_come_by_path_with_their_stamps(tmp_path: Path) -> None:
    """Whatever order the system lists them in."""
    for name in ("b.c", "a/z.h", "a.c", "a/b/c.c", "a-b.c"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    found = _files(tmp_path, [])
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
    assert _files(tmp_path / "gone", unread) == []
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
    assert [name for name, _ in _files(tree, unread)] == ["d/a.c"]
    assert sorted((u.file, u.reason) for u in unread) == [
        ("fifo.c", "is a FIFO"),
        ("up", "leads out of the tree"),
        ("zero.h", "leads out of the tree"),
    ]


def test_a_listing_says_what_it_was_made_of() -> None:
    """Names of any bytes, and no file at all; other bytes are no listing."""
    files = [("a.c", Stamp(1, 2, 3, 4)), ("b\udcff.c", Stamp((1 << 63) - 1, 0, 0, 0))]
    assert listing.unpacked(listing.packed(files)) == files
    assert listing.unpacked(listing.packed([])) == []
    good = listing.packed(files)
    for bad in (b"", good[:3], good[:40], b"\xff" * 4 + good[4:], b"\1" + good[1:], good + b"\0x"):
        with pytest.raises(ValueError, match="no listing"):
            listing.unpacked(bad)


def test_a_file_changed_just_now_has_the_stamp_of_none(tmp_path: Path) -> None:
    """It could change again without changing its times."""
    path = tmp_path / "a.c"
    path.write_text("x")
    now, old = Stamp.of(path.stat()), Stamp(1, 2, 3, 4)
    kept = listing.settled(listing.packed([("a.c", now), ("b.c", old)]))
    assert listing.unpacked(kept) == [("a.c", NEVER), ("b.c", old)]
    only_old = listing.packed([("b.c", old)])
    assert listing.settled(only_old) == only_old
