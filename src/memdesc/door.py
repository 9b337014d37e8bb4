"""The door for every file that others made: regular files of a bounded size, and of a tree only what lies in it.

A kernel tree, a dump or a header may come from anyone. In its place can stand a device (/dev/zero never ends),
a FIFO (opening it waits for a writer), a link to a file that is not to be read, or more bytes than there is
memory. So whoever reads a file goes through here:

    data = door.read(path, 64 << 20)            # the bytes of a file that the user named
    with door.opened(path) as stream: ...       # for what is too large to hold: stream.fileno() can be mapped
    tree = door.Tree(root)
    data = tree.read("include/linux/mm.h", 1 << 20)     # of a tree; links that lead out of it are refused
    text = tree.text("mm/slab.h", 1 << 20)              # as above, but b"" where it is refused; see tree.refused

What is refused raises InputError with the path as place and the reason as `why`; a caller for whom a file may be
missing asks first (Path.exists), or catches the error and counts the file as unread.

A file is looked at before it is opened, since opening alone does something to some devices, and again once it is
open, since another may stand there by then. It is opened without waiting (O_NONBLOCK). Its size is taken from what
was read, not from what was said: /proc says 0. The budget `most` is a promise about memory, not about time.
Files of the running kernel go through kernel.door, which goes through here.
"""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from memdesc.errors import InputError

_PIECE = 1 << 20
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


def opened(path: str | Path, most: int | None = None, *, follow: bool = True) -> BinaryIO:
    """Return an open regular file, unbuffered.

    Args: most: bytes that it may have; None when the caller does not hold it in memory. follow: whether `path`
    may be a link: what a user names may, what stands in a tree may not.
    Raises: InputError: it is missing, no regular file, too large, or may not be read.
    """
    place = os.fspath(path)
    try:
        _allowed(place, os.stat(place, follow_symlinks=follow), most)
        handle = os.open(place, _FLAGS if follow else _FLAGS | os.O_NOFOLLOW)
        try:
            _allowed(place, os.fstat(handle), most)
            return open(handle, "rb", buffering=0)
        except BaseException:
            os.close(handle)
            raise
    except (OSError, ValueError) as error:
        raise refused(place, error) from error


def read(path: str | Path, most: int, *, follow: bool = True) -> bytes:
    """Return the bytes of a regular file.

    Args: most: bytes that it may have. follow: as for opened().
    Raises: InputError: it is missing, no regular file, too large, or cannot be read.
    """
    place = os.fspath(path)
    with opened(path, most, follow=follow) as stream:
        try:
            return _whole(stream.fileno(), place, most)
        except OSError as error:
            raise refused(place, error) from error


def refused(place: str, error: OSError | ValueError) -> InputError:
    """Return the line for a file that the system does not let us read."""
    if isinstance(error, FileNotFoundError):
        return InputError(place, "no such file or folder")
    why = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return InputError(place, f"cannot be read: {why.lower()}")


def sort(mode: int) -> str:
    """Return the word for what a file is, by its st_mode: "folder", "FIFO", "character device", ..."""
    for is_sort, word in (
        (stat.S_ISREG, "regular file"),
        (stat.S_ISDIR, "folder"),
        (stat.S_ISLNK, "symbolic link"),
        (stat.S_ISFIFO, "FIFO"),
        (stat.S_ISSOCK, "socket"),
        (stat.S_ISCHR, "character device"),
        (stat.S_ISBLK, "block device"),
    ):
        if is_sort(mode):
            return word
    return "special file"


class Tree:
    """Files of one tree, named by their path below its top.

    Links are followed to files of the same tree; one that leads out of it is refused, and so is whatever is no
    regular file. The top itself may be reached by a link. `refused`: path -> why text() gave nothing, for paths
    at which something stands.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = os.path.realpath(root)
        self.refused: dict[str, str] = {}

    def read(self, path: str, most: int) -> bytes:
        """Return the bytes of a file of the tree, of at most `most` bytes.

        Raises: InputError: it is missing, lies outside, is no regular file, too large, or cannot be read.
        """
        place = os.path.join(self.root, path)
        try:
            return read(self._inside(place), most, follow=False)
        except InputError as error:
            raise InputError(place, error.why) from error

    def leads_out(self, path: str) -> bool:
        """Whether a path of the tree leads to a place outside of it. Raises: InputError: it is no path."""
        try:
            target = os.path.realpath(os.path.join(self.root, path))
        except (OSError, ValueError) as error:
            raise refused(path, error) from error
        return not target.startswith(os.path.join(self.root, "")) and target != self.root

    def head(self, path: str, size: int) -> bytes:
        """Return the first `size` bytes of a file of the tree, fewer if it has no more.

        Raises: InputError: as for read(), but that it may be of any size.
        """
        place = os.path.join(self.root, path)
        with opened(self._inside(place), follow=False) as stream:
            try:
                return os.read(stream.fileno(), size)
            except OSError as error:
                raise refused(place, error) from error

    def text(self, path: str, most: int) -> bytes:
        """Return the bytes of a file of the tree, none where it is missing or refused."""
        try:
            return self.read(path, most)
        except InputError as error:
            if os.path.lexists(os.path.join(self.root, path)):
                self.refused[path] = error.why
            return b""

    def _inside(self, place: str) -> str:
        try:
            target = os.path.realpath(place)
        except (OSError, ValueError) as error:
            raise refused(place, error) from error
        if not target.startswith(os.path.join(self.root, "")):
            raise InputError(place, "leads out of the tree")
        return target


def _allowed(place: str, status: os.stat_result, most: int | None) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise InputError(place, f"is a {sort(status.st_mode)}; a regular file was expected")
    if most is not None and status.st_size > most:
        raise _too_large(place, most)


def _whole(handle: int, place: str, most: int) -> bytes:
    """Return what is left of an open file; asks for one byte more than is allowed, to see that it ends."""
    pieces: list[bytes] = []
    left = most + 1
    while left and (piece := os.read(handle, min(left, _PIECE))):
        pieces.append(piece)
        left -= len(piece)
    if not left:
        raise _too_large(place, most)
    return b"".join(pieces)


def _too_large(place: str, most: int) -> InputError:
    for size, unit in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if most >= size:
            return InputError(place, f"is too large: more than {most / size:.4g} {unit}")
    return InputError(place, f"is too large: more than {most} bytes")
