"""Listing: which C files a tree holds, with what says that each is unchanged, folder by folder."""

import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

from memdesc import door
from memdesc.records import Unread

RACY_NS = 2_000_000_000
"""A file changed this shortly before it was hashed may change again within the same time stamp."""
_MOST_INODE = (1 << 63) - 1
"""The other bits of an inode's number tell files apart as well."""
_STAMP = struct.Struct("<4q")
_COUNT = struct.Struct("<I")


class Stamp(NamedTuple):
    """What says that a file is unchanged, without reading it; times in nanoseconds."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Self:
        """Return the stamp of a file from its `os.stat()`."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _MOST_INODE)

    def settled(self, now_ns: int) -> bool:
        """Whether the file was left alone for long enough to be believed unchanged by this."""
        return max(self.mtime_ns, self.ctime_ns) < now_ns - RACY_NS


NEVER = Stamp(-1, -1, -1, -1)
"""The stamp of no file."""


class Folder(NamedTuple):
    """The C files of one folder.

    Attributes: path: relative to the tree, empty for its top; absolute for a module's. listing: names and stamps
    of the files, by name, as bytes: two listings are equal when all files are unchanged.
    """

    path: str
    listing: bytes

    def files(self) -> list[tuple[str, Stamp]]:
        """Return names and stamps of the files, by name."""
        return unpacked(self.listing)


def count(listing: bytes) -> int:
    """Return how many files a listing names.

    Raises: ValueError: it is none.
    """
    if len(listing) < _COUNT.size:
        raise ValueError("no listing")
    return int(_COUNT.unpack_from(listing)[0])


def packed(files: list[tuple[str, Stamp]]) -> bytes:
    """Return names and stamps of the files of a folder, by name, as bytes."""
    return _joined([(name, _STAMP.pack(*stamp)) for name, stamp in files])


def unpacked(listing: bytes) -> list[tuple[str, Stamp]]:
    """Return what packed() made bytes of.

    Raises: ValueError: it made no such bytes.
    """
    found = names(listing)
    stamps = _STAMP.iter_unpack(listing[_COUNT.size : _COUNT.size + len(found) * _STAMP.size])
    return [(name, Stamp(*stamp)) for name, stamp in zip(found, stamps, strict=True)]


def names(listing: bytes) -> list[str]:
    """Return the names of the files of a listing.

    Raises: ValueError: it is none.
    """
    number = count(listing)
    end = _COUNT.size + number * _STAMP.size
    found = os.fsdecode(listing[end:]).split("\0") if number else []
    if len(listing) < end or len(found) != number:
        raise ValueError("no listing")
    return found


def settled(listing: bytes) -> bytes:
    """Return a listing in which files that were changed just now have the stamp of no file."""
    now = time.time_ns()
    files = unpacked(listing)
    if all(stamp.settled(now) for _, stamp in files):
        return listing
    return packed([(name, stamp if stamp.settled(now) else NEVER) for name, stamp in files])


def _joined(files: list[tuple[str, bytes]]) -> bytes:
    stamps = b"".join([stamp for _, stamp in files])
    return _COUNT.pack(len(files)) + stamps + os.fsencode("\0".join([name for name, _ in files]))


def folders(root: Path, unread: list[Unread]) -> Iterator[Folder]:
    """Yield every folder below `root` that holds C files.

    Links are passed by, since what they lead to is listed itself, and hidden folders. Added to `unread` are a folder
    or file that the system does not let us see, a link to a folder or C file out of the tree, and what is called
    a C file but is a device, a FIFO or the like. The time of a folder says nothing of the files in it, so all are
    asked.
    """
    tree = door.Tree(root)
    work = [""]
    pack = _STAMP.pack
    top = os.path.join(root, "")
    while work:
        folder = work.pop()
        before = f"{folder}/" if folder else ""
        found: list[tuple[str, bytes]] = []
        try:
            with os.scandir(top + folder) as entries:
                for entry in entries:
                    name = entry.name
                    if name.endswith((".c", ".h")) and not entry.is_dir(follow_symlinks=False):
                        if not entry.is_file(follow_symlinks=False):
                            if why := _strange(entry, before + name, tree):
                                unread.append(Unread(before + name, "", why))
                            continue
                        try:
                            s = entry.stat(follow_symlinks=False)
                        except OSError as error:
                            unread.append(Unread(before + name, "", (error.strerror or str(error)).lower()))
                            continue
                        # Not Stamp.of(), which would take half of the time of a listing.
                        inode = s.st_ino & _MOST_INODE
                        found.append((name, pack(s.st_size, s.st_mtime_ns, s.st_ctime_ns, inode)))
                    elif name.startswith("."):
                        continue
                    elif entry.is_dir(follow_symlinks=False):
                        work.append(before + name)
                    elif entry.is_symlink() and entry.is_dir() and tree.leads_out(before + name):
                        unread.append(Unread(before + name, "", "leads out of the tree"))
        except OSError as error:
            unread.append(Unread(folder or ".", "", (error.strerror or str(error)).lower()))
        if found:
            found.sort()
            yield Folder(folder, _joined(found))


def _strange(entry: "os.DirEntry[str]", path: str, tree: door.Tree) -> str:
    """Return why what is called a C file is not read, empty for a link to what is listed itself."""
    try:
        if not entry.is_symlink():
            return f"is a {door.sort(entry.stat(follow_symlinks=False).st_mode)}"
        return "leads out of the tree" if tree.leads_out(path) else ""
    except OSError as error:
        return (error.strerror or str(error)).lower()
