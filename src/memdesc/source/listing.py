"""Listing: which C files a tree holds, with what says that each is unchanged."""

import os
from pathlib import Path

from memdesc.records import Unread
from memdesc.source.cache import Stamp


def c_files(root: Path, unread: list[Unread]) -> list[tuple[str, Stamp]]:
    """Return (path relative to `root`, stamp) of every C file below `root`, by path.

    Links, FIFOs and the like are passed by, hidden folders too; a folder or file that the system does not let
    us see is added to `unread`. The time of a folder says nothing of the files in it, so all are asked.
    """
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
                    elif entry.is_dir(follow_symlinks=False) and not name.startswith("."):
                        work.append(before + name)
        except OSError as error:
            unread.append(Unread(folder or ".", "", (error.strerror or str(error)).lower()))
    return sorted(found)


def _add(entry: "os.DirEntry[str]", path: str, found: list[tuple[str, Stamp]], unread: list[Unread]) -> None:
    try:
        found.append((path, Stamp.of(entry.stat(follow_symlinks=False))))
    except OSError as error:
        unread.append(Unread(path, "", (error.strerror or str(error)).lower()))
