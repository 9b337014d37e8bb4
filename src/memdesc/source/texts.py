"""Texts of a tree's files, each read once, and what was read beside the files that are listed.

A run's result depends on the facts of the C files that a listing finds, and on the texts that somebody asks for: of
some of these files, of Kconfig files, of headers that are links. `Texts` is the one way to ask. It notes what was
asked for with its hash, `asked`, so that a result that is kept can name all texts that it was made of; and whether a
file that was hashed is another by now, `changed`, so that such a result is not kept.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from memdesc import door

HASH_BYTES = 16
SHAPE_BYTES = 16
"""Of what names the facts of a file, wherever in it the code stands (see packing)."""
MOST_BYTES = 64 << 20
"""Of one file; no source of a kernel is near it."""
MOST_FOLLOWED_BYTES = 16 << 20
"""Of a file of a kernel: what is larger lists registers."""


def content_hash(data: bytes) -> bytes:
    """Return what names a content."""
    return hashlib.blake2b(data, digest_size=HASH_BYTES).digest()


class Texts:
    """Gives the bytes of a file by its path below `root`, empty when it cannot be read.

    Args: known: returns the hash of a file that was listed and read before, empty for others. outside: folders of
    other files, which have absolute paths. overlay: what is read in the place of files, by path.
    Attributes: asked: hashes of the files that were asked for, empty for one that is not there.
    """

    def __init__(
        self,
        root: Path,
        known: Callable[[str], bytes],
        outside: Sequence[Path] = (),
        overlay: Mapping[str, bytes] | None = None,
    ) -> None:
        self._tree = door.Tree(root)
        self._outside = [door.Tree(folder) for folder in outside]
        self._known = known
        self._held: dict[str, bytes] = dict(overlay or {})
        self.asked: dict[str, bytes] = {}
        self.changed = False

    def __call__(self, path: str) -> bytes:
        """Return the bytes of a file."""
        if path not in self._held:
            data = self._held[path] = self._home(path).text(path, MOST_BYTES)
            found = content_hash(data) if data else b""
            known = self.asked[path] = self._known(path) or found
            self.changed = self.changed or found != known
        elif path not in self.asked:  # laid over the tree
            self.asked[path] = self._known(path)
        return self._held[path]

    def _home(self, path: str) -> door.Tree:
        """Return the tree that a file is of; what lies in none is refused by the kernel's."""
        if os.path.isabs(path):
            for tree in self._outside:
                if not tree.leads_out(path):
                    return tree
        return self._tree

    def hashes(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the hashes of files, empty for one that is not there."""
        found = {path: self._known(path) for path in paths}
        for path in [path for path, known in found.items() if not known]:
            self(path)
            found[path] = self.asked[path]
        return found

    @property
    def refused(self) -> Mapping[str, str]:
        """Why files that are there were not read, by path."""
        found = dict(self._tree.refused)
        for tree in self._outside:
            found |= tree.refused
        return found
