"""The one door through which live memory is read: files of /proc and /sys, each read noted.

Tests put another door in its place; nothing else in memdesc.kernel opens a file of a live machine.
"""

import contextlib
import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from memdesc.errors import InputError
from memdesc.kernel.population import Words

_WORD = 8


class Door:
    """Files of a live machine. log: path -> bytes read so far. root: where /proc and /sys are."""

    def __init__(self, root: Path = Path("/")) -> None:
        self.root = root
        self.log: dict[str, int] = {}
        self._lock = threading.Lock()
        self._open: dict[str, int] = {}

    def text(self, path: str) -> str:
        """Return the text of a file ("proc/meminfo"), whatever its encoding.

        Raises: InputError: it cannot be read.
        """
        try:
            raw = (self.root / path).read_bytes()
        except OSError as error:
            raise refused(path, error) from error
        self._note(path, len(raw))
        return raw.decode("utf-8", "replace")

    def words(self, path: str, first: int, count: int) -> Words:
        """Return words `first` to `first + count - 1` of a file of 64-bit words; fewer at its end.

        Raises: InputError: it cannot be opened or read.
        """
        out = np.empty(count, np.uint64)
        view = out.data.cast("B")
        done = 0
        try:
            handle = self._handle(path)
            while done < len(view):
                got = os.preadv(handle, [view[done:]], first * _WORD + done)
                if got <= 0:
                    break
                done += got
        except OSError as error:
            raise refused(path, error) from error
        self._note(path, done)
        return out[: done // _WORD]

    def inodes(self, path: str) -> Iterator[tuple[int, str]]:
        """Yield (inode number, path below it) of the folder `path` and of every folder in it."""
        top = self.root / path
        for folder, _, _ in os.walk(top):
            with contextlib.suppress(OSError):
                yield os.stat(folder).st_ino, "/" + os.path.relpath(folder, top).removeprefix(".")

    def exists(self, path: str) -> bool:
        """Whether there is such a file or folder."""
        return (self.root / path).exists()

    def close(self) -> None:
        """Close what is open."""
        with self._lock:
            for handle in self._open.values():
                os.close(handle)
            self._open.clear()

    def __del__(self) -> None:
        if self._open:
            self.close()

    def _handle(self, path: str) -> int:
        with self._lock:
            if path not in self._open:
                self._open[path] = os.open(self.root / path, os.O_RDONLY)
            return self._open[path]

    def _note(self, path: str, size_bytes: int) -> None:
        with self._lock:
            self.log[path] = self.log.get(path, 0) + size_bytes


def refused(path: str, error: OSError) -> InputError:
    """Return the line for a file that cannot be read."""
    place = "/" + path
    if isinstance(error, PermissionError):
        if os.geteuid() == 0:
            return InputError(place, "may not be read, though by root (a container, or a policy, forbids it)")
        return InputError(place, "can be read by root only")
    if isinstance(error, FileNotFoundError):
        why = "does not exist"
        if path.startswith("proc/kpage"):
            why += "; the kernel needs CONFIG_PROC_PAGE_MONITOR"
        return InputError(place, why)
    if error.errno == errno.EINVAL:
        return InputError(place, "is no file of whole 64-bit words")
    return InputError(place, f"cannot be read: {(error.strerror or str(error)).lower()}")
