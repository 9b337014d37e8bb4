"""What a compiler gave, kept beside the build folder's objects, so that it is not asked for the same thing twice.

An entry is named by all that decides what the compiler does: its version, the words of the command, and the contents
of the file and of the headers that it includes. Each is a file of its own, written by rename: compressed JSON below
`memdesc-memo/` of the build folder. One that cannot be read is as if it were not there.
"""

import contextlib
import hashlib
import json
import zlib
from collections.abc import Iterable
from pathlib import Path

from memdesc import door, outlet
from memdesc.errors import InputError

_FORMAT = 1
"""To be raised when what is kept changes."""
_MOST_BYTES = 256 << 20

Kept = tuple[bool, tuple[str, ...], dict[str, list[str]]]
"""Whether there is an object, what was said, and function -> its lines; none where nobody asked for them."""


class Memo:
    """Results of a compiler below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "memdesc-memo"
        self._digests: dict[Path, bytes] = {}

    def digest(self, path: Path) -> bytes:
        """Return what stands for the contents of a file, that of no file where it is not there."""
        found = self._digests.get(path)
        if found is None:
            try:
                found = hashlib.sha256(path.read_bytes()).digest()
            except OSError:
                found = bytes(1)
            self._digests[path] = found
        return found

    @staticmethod
    def key(words: Iterable[str], contents: Iterable[bytes]) -> str:
        """Return the name of an entry."""
        parts = [str(_FORMAT).encode(), *(word.encode("utf-8", "surrogateescape") for word in words)]
        made = hashlib.sha256(b"\0".join(parts))
        for each in contents:
            made.update(b"\0%d\0" % len(each) + each)
        return made.hexdigest()

    def get(self, key: str) -> Kept | None:
        """Return what was kept under a name."""
        try:
            packed = door.read(self._place(key), _MOST_BYTES)
            data = zlib.decompressobj().decompress(packed, _MOST_BYTES)
            done, said, functions = json.loads(data)
            return (
                bool(done),
                tuple(map(str, said)),
                {str(n): list(map(str, v)) for n, v in functions.items()},
            )
        except (InputError, OSError, ValueError, TypeError, AttributeError, zlib.error):
            return None

    def put(self, key: str, kept: Kept) -> None:
        """Keep a result; a folder that cannot be written keeps none."""
        place = self._place(key)
        with contextlib.suppress(InputError, OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            outlet.replace_all({place: zlib.compress(json.dumps(kept).encode(), 1)})

    def _place(self, key: str) -> Path:
        return self._folder / key[:2] / key[2:]
