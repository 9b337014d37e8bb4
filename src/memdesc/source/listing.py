"""Listing: which C files a tree holds, with what says that each is unchanged."""

import os
from pathlib import Path

from memdesc import door
from memdesc.records import Unread
from memdesc.source.cache import Stamp


def c_files(root: Path, unread: list[Unread]) -> list[tuple[str, Stamp]]:
    """Return (path relative to `root`, stamp) of every C file below `root`, by path.

    Links are passed by, since what they lead to is listed itself, and hidden folders. Added to `unread` are a folder
    or file that the system does not let us see, a link to a folder or C file out of the tree, and what is called
    a C file but is a device, a FIFO or the like. The time of a folder says nothing of the files in it, so all are
    asked.
    """
    tree = door.Tree(root)
    found: list[tuple[str, Stamp]] = []
    work = [""]
    while work:
        folder = work.pop()
        before = f"{folder}/" if folder else ""
        try:
            with os.scandir(root / folder) as entries:
                for entry in entries:
                    name = entry.name
                    if name.endswith((".c", ".h")) and not entry.is_dir(follow_symlinks=False):
                        if entry.is_file(follow_symlinks=False):
                            _add(entry, before + name, found, unread)
                        elif why := _strange(entry, before + name, tree):
                            unread.append(Unread(before + name, "", why))
                    elif name.startswith("."):
                        continue
                    elif entry.is_dir(follow_symlinks=False):
                        work.append(before + name)
                    elif entry.is_symlink() and entry.is_dir() and tree.leads_out(before + name):
                        unread.append(Unread(before + name, "", "leads out of the tree"))
        except OSError as error:
            unread.append(Unread(folder or ".", "", (error.strerror or str(error)).lower()))
    return sorted(found)


def _strange(entry: "os.DirEntry[str]", path: str, tree: door.Tree) -> str:
    """Return why what is called a C file is not read, empty for a link to what is listed itself."""
    try:
        if not entry.is_symlink():
            return f"is a {door.sort(entry.stat(follow_symlinks=False).st_mode)}"
        return "leads out of the tree" if tree.leads_out(path) else ""
    except OSError as error:
        return (error.strerror or str(error)).lower()


def _add(entry: "os.DirEntry[str]", path: str, found: list[tuple[str, Stamp]], unread: list[Unread]) -> None:
    try:
        found.append((path, Stamp.of(entry.stat(follow_symlinks=False))))
    except OSError as error:
        unread.append(Unread(path, "", (error.strerror or str(error)).lower()))
