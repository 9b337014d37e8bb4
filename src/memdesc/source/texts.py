"""Texts of a tree's files, each read once, and what was read beside the files that are listed.

A run's result depends on the C files that a listing finds, whose contents are hashed before anything else, and on
whatever other files of the tree somebody asks for: Kconfig files, headers that are links. `Texts` is the one way to
ask for either. It notes the others with their hashes, `others`, so that a result that is kept can name all that it
was made of; and whether a file that was hashed is another by now, `changed`, so that such a result is not kept.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from memdesc import door

HASH_BYTES = 16
MOST_BYTES = 64 << 20
"""Of one file; no source of a kernel is near it."""


def content_hash(data: bytes) -> bytes:
    """Return what names a content."""
    return hashlib.blake2b(data, digest_size=HASH_BYTES).digest()


class Texts:
    """Gives the bytes of a file by its path below `root`, empty when it cannot be read.

    Args: hashes: of the files that were listed and read before, by path. outside: folders of other files, which have
    absolute paths. overlay: what is read in the place of files, by path.
    Attributes: others: hashes of the other files that were asked for, empty for one that is not there.
    """

    def __init__(
        self,
        root: Path,
        hashes: Mapping[str, bytes],
        outside: Sequence[Path] = (),
        overlay: Mapping[str, bytes] | None = None,
    ) -> None:
        self._tree = door.Tree(root)
        self._outside = [door.Tree(folder) for folder in outside]
        self._hashes = hashes
        self._held: dict[str, bytes] = dict(overlay or {})
        self.others: dict[str, bytes] = {}
        self.changed = False

    def __call__(self, path: str) -> bytes:
        """Return the bytes of a file."""
        if path not in self._held:
            data = self._held[path] = self._home(path).text(path, MOST_BYTES)
            found = content_hash(data) if data else b""
            if not self._hashes.get(path):
                self.others[path] = found
            elif found != self._hashes[path]:
                self.changed = True
        return self._held[path]

    def _home(self, path: str) -> door.Tree:
        """Return the tree that a file is of; what lies in none is refused by the kernel's."""
        if os.path.isabs(path):
            for tree in self._outside:
                if not tree.leads_out(path):
                    return tree
        return self._tree

    def hold(self, others: Mapping[str, bytes]) -> bool:
        """Whether files that an earlier run asked for have the hashes that they had."""
        for path in others:
            self(path)
        return all(self.others.get(path) == found for path, found in others.items())

    @property
    def refused(self) -> Mapping[str, str]:
        """Why files that are there were not read, by path."""
        found = dict(self._tree.refused)
        for tree in self._outside:
            found |= tree.refused
        return found
