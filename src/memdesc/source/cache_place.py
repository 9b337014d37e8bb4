"""Where the cache may lie: in a folder that nobody but its user can change, or get at by way of another.

What is in the cache decides what is reported, and SQLite takes for its own whatever lies beside a database under the
name of its journal. So everything on the way must be in the hands of this user or of root:

    the folder, and the files in it   belong to this user, and nobody else may write to them; no links
    each folder above                 belongs to this user or to root, and nobody else may write to it, unless it is
                                      sticky (/tmp) or lies in one that others cannot enter
    a link on the way                 belongs to this user or to root, and leads somewhere

Then no other user can put anything in the place of what was looked at, neither before it is opened nor after. With
sudo, $HOME can be that of another user: nothing is made there.
"""

import contextlib
import os
import stat
from pathlib import Path

SUFFIXES = ("", "-journal", "-wal", "-shm")
"""Of the files that SQLite opens for a database."""
_OTHERS_WRITE = 0o022
_OTHERS_ENTER = 0o011
_MOST_LINKS = 40
_ROOT = 0


class Unsafe(OSError):
    """The cache cannot lie there; `strerror` says why."""

    def __init__(self, why: str) -> None:
        super().__init__(0, why)


def secured(path: Path) -> Path:
    """Return the same place without links, after its folder and an empty file were made if they were missing.

    Args: path: of the database.
    Raises: Unsafe: somebody else could change it. OSError: the system does not let us look, or make it.
    """
    folder = _folder(path.parent)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        status = os.fstat(handle)
        if status.st_uid != os.geteuid():
            raise Unsafe(f"{folder} belongs to another user")
        if status.st_mode & _OTHERS_WRITE:
            raise Unsafe(f"others may write to {folder}")
        for suffix in SUFFIXES:
            _check_file(path.name + suffix, handle, folder)
        with contextlib.suppress(FileExistsError):
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            os.close(os.open(path.name, flags, 0o600, dir_fd=handle))
    finally:
        os.close(handle)
    return Path(folder, path.name)


def _folder(path: Path) -> str:
    """Return the folder that `path` leads to, without links; it is made, as are those above, if it is missing.

    Raises: Unsafe: somebody else could put another in its place.
    """
    way: list[tuple[str, os.stat_result]] = [("/", os.lstat("/"))]
    _check_folder(way)
    left = list(Path(os.path.abspath(path)).parts[1:])
    links = 0
    while left:
        name = left.pop(0)
        if name == "..":
            del way[max(1, len(way) - 1) :]
            continue
        place = os.path.join(way[-1][0], name)
        status = _made(place)
        if not stat.S_ISLNK(status.st_mode):
            way.append((place, status))
            _check_folder(way)
            continue
        links += 1
        if status.st_uid not in (_ROOT, os.geteuid()):
            raise Unsafe(f"the link {place} belongs to another user")
        if links > _MOST_LINKS or not os.path.exists(place):
            raise Unsafe(f"the link {place} leads nowhere")
        target = os.readlink(place)
        left[:0] = [part for part in target.split("/") if part not in ("", ".")]
        if target.startswith("/"):
            del way[1:]
    return way[-1][0]


def _made(place: str) -> os.stat_result:
    """Return what stands at a place: a new folder if nothing did."""
    with contextlib.suppress(FileNotFoundError):
        return os.lstat(place)
    with contextlib.suppress(FileExistsError):
        os.mkdir(place, 0o700)
    return os.lstat(place)


def _check_folder(way: list[tuple[str, os.stat_result]]) -> None:
    """Refuse the last of some folders, each in the one before, if somebody else could change what is in it."""
    place, status = way[-1]
    if not stat.S_ISDIR(status.st_mode):
        raise Unsafe(f"{place} is no folder")
    if status.st_uid not in (_ROOT, os.geteuid()):
        raise Unsafe(f"{place} belongs to another user")
    closed = any(above.st_uid == os.geteuid() and not above.st_mode & _OTHERS_ENTER for _, above in way[:-1])
    if status.st_mode & _OTHERS_WRITE and not status.st_mode & stat.S_ISVTX and not closed:
        raise Unsafe(f"others may write to {place}")


def _check_file(name: str, folder: int, path: str) -> None:
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return
    if not stat.S_ISREG(status.st_mode):
        raise Unsafe(f"{path}/{name} is no regular file")
    if status.st_uid != os.geteuid():
        raise Unsafe(f"{path}/{name} belongs to another user")
    if status.st_mode & _OTHERS_WRITE:
        raise Unsafe(f"others may write to {path}/{name}")
