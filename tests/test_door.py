"""The door: regular files of a bounded size come in, nothing else does, and nothing waits."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from memdesc import door
from memdesc.errors import InputError


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


def _folder(path: Path) -> None:
    path.mkdir()


def _zero(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _dangling(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def _nothing(path: Path) -> None:
    pass


STRANGE: list[tuple[Callable[[Path], None], str]] = [
    (_fifo, "is a FIFO; a regular file was expected"),
    (_socket, "is a socket; a regular file was expected"),
    (_folder, "is a folder; a regular file was expected"),
    (_zero, "is a character device; a regular file was expected"),
    (_loop, "cannot be read: too many levels of symbolic links"),
    (_dangling, "no such file or folder"),
    (_nothing, "no such file or folder"),
]


@pytest.mark.parametrize(("make", "why"), STRANGE)
def test_what_is_no_regular_file(
    make: Callable[[Path], None], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused at once and by name, whether it is read or only opened."""
    monkeypatch.chdir(tmp_path)
    make(Path("x"))
    for enter in (lambda: door.read("x", 100), lambda: door.opened("x")):
        with pytest.raises(InputError) as caught:
            enter()
        assert (caught.value.place, caught.value.why) == ("x", why)


def test_a_fifo_that_took_the_place_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked at need not be what is opened: it is looked at again."""
    path = tmp_path / "x"
    path.write_bytes(b"file")
    seen = os.stat(path)
    path.unlink()
    os.mkfifo(path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", lambda *_, **__: seen)
        with pytest.raises(InputError, match="is a FIFO"):
            door.read(path, 100)


@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 5000])
def test_the_size_is_bounded(size: int, tmp_path: Path) -> None:
    """All of it or nothing."""
    path = tmp_path / "x"
    path.write_bytes(bytes(size))
    if size <= 100:
        assert door.read(path, 100) == bytes(size)
        return
    with pytest.raises(InputError, match="is too large: more than 100 bytes"):
        door.read(path, 100)
    with pytest.raises(InputError, match="is too large"):
        door.opened(path, 100)
    with door.opened(path) as stream:
        assert stream.read(3) == bytes(3)


def test_a_size_that_is_not_said() -> None:
    """Files of /proc say that they are empty; what is read counts."""
    assert door.read("/proc/self/status", 1 << 20).startswith(b"Name:")
    with pytest.raises(InputError, match="is too large"):
        door.read("/proc/self/status", 10)


def test_the_text_of_sizes(tmp_path: Path) -> None:
    """In the unit in which the limit is round."""
    path = tmp_path / "x"
    path.touch()
    for most, said in ((1 << 20, "1 MiB"), (64 << 20, "64 MiB"), (3 << 30, "3 GiB"), (1 << 12, "4 KiB")):
        os.truncate(path, most + 1)
        with pytest.raises(InputError, match=f"more than {said}$"):
            door.read(path, most)


def test_a_link_that_the_user_named(tmp_path: Path) -> None:
    """Is followed, unless the caller says that it may not be."""
    (tmp_path / "file").write_bytes(b"1")
    (tmp_path / "link").symlink_to("file")
    assert door.read(tmp_path / "link", 10) == b"1"
    with pytest.raises(InputError, match="is a symbolic link"):
        door.read(tmp_path / "link", 10, follow=False)


def test_a_name_that_cannot_be() -> None:
    """Bytes that no path has are one line too."""
    with pytest.raises(InputError, match="cannot be read: embedded null"):
        door.read("a\0b", 10)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_permissions(tmp_path: Path) -> None:
    """The system's refusal is one line."""
    (tmp_path / "x").touch(mode=0)
    with pytest.raises(InputError, match="cannot be read: permission denied"):
        door.read(tmp_path / "x", 10)


@pytest.fixture
def tree(tmp_path: Path) -> door.Tree:
    """A tree reached by a link, with a secret beside it."""
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "tree-not").mkdir()
    (tmp_path / "tree-not" / "a.h").write_bytes(b"other")
    top = tmp_path / "tree"
    (top / "include").mkdir(parents=True)
    (top / "include" / "a.h").write_bytes(b"a")
    (tmp_path / "way").symlink_to("tree")
    return door.Tree(tmp_path / "way")


@pytest.mark.parametrize(
    "target", ["../secret", "../tree-not/a.h", "/etc/passwd", "/dev/zero", "..", "include/../../secret"]
)
def test_no_link_leads_out(target: str, tree: door.Tree) -> None:
    """Neither as a file nor as a folder on the way to one, nor as a path."""
    Path(tree.root, "l.h").symlink_to(target)
    with pytest.raises(InputError) as caught:
        tree.read("l.h", 100)
    assert caught.value.why == "leads out of the tree"
    assert tree.text("l.h", 100) == b""
    assert tree.refused == {"l.h": "leads out of the tree"}
    with pytest.raises(InputError, match="leads out of the tree"):
        tree.read(target, 100)


def test_a_folder_that_leads_out(tree: door.Tree) -> None:
    """What lies behind it is not of the tree."""
    Path(tree.root, "net").symlink_to("../tree-not")
    with pytest.raises(InputError, match="leads out of the tree"):
        tree.read("net/a.h", 100)


def test_links_inside_are_followed(tree: door.Tree) -> None:
    """Kernel trees have some."""
    Path(tree.root, "b.h").symlink_to("include/a.h")
    Path(tree.root, "inc").symlink_to(Path(tree.root, "include"))
    assert tree.read("b.h", 10) == tree.read("inc/a.h", 10) == tree.read("include/a.h", 10) == b"a"


def test_what_is_missing_is_not_refused(tree: door.Tree) -> None:
    """A kernel may lack a header; a FIFO in its place is another matter."""
    os.mkfifo(Path(tree.root, "f.h"))
    assert tree.text("mm/slab.h", 10) == tree.text("f.h", 10) == b""
    assert tree.refused == {"f.h": "is a FIFO; a regular file was expected"}
