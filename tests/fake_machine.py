"""Machines that do not exist: a door whose files are made up, for tests and for the bench."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from memdesc.errors import InputError
from memdesc.kernel.door import Door
from memdesc.kernel.population import Words

ZONEINFO = """\
Node 0, zone   Normal
  pages free     10
        spanned  {frames}
        present  {frames}
        managed  {frames}
  pagesets
    cpu: 0
              count:    {cached}
              high:     10
  start_pfn:           0
"""


class FakeDoor(Door):
    """Files of a machine with `frames` page frames, whose words `make(first, count)` gives.

    texts: path -> text of the small files; whatever is neither there nor one of `words` does not exist.
    """

    def __init__(
        self,
        frames: int,
        make: Callable[[int, int], Words],
        texts: Mapping[str, str] | None = None,
        words: Mapping[str, Callable[[int, int], Words]] | None = None,
        cached: int = 0,
    ) -> None:
        super().__init__(Path("/nonexistent"))
        self.frames = frames
        self.texts = {"proc/zoneinfo": ZONEINFO.format(frames=frames, cached=cached), **(texts or {})}
        self.makers = {"proc/kpageflags": make, **(words or {})}

    def text(self, path: str) -> str:
        """See Door.text()."""
        if path not in self.texts:
            raise InputError("/" + path, "does not exist")
        return self.texts[path]

    def words(self, path: str, first: int, count: int) -> Words:
        """See Door.words()."""
        if path not in self.makers:
            raise InputError("/" + path, "can be read by root only")
        count = max(min(count, self.frames - first), 0)
        return self.makers[path](first, count) if count else np.zeros(0, np.uint64)

    def inodes(self, path: str) -> Iterator[tuple[int, str]]:
        """See Door.inodes()."""
        yield from ((7, "/a"), (8, "/b")) if path == "sys/fs/cgroup" else ()

    def exists(self, path: str) -> bool:
        """See Door.exists()."""
        return path in self.texts or path == "sys/fs/cgroup/cgroup.procs"


def of_array(words: Words) -> Callable[[int, int], Words]:
    """Return a maker of the words of an array."""
    return lambda first, count: words[first : first + count].copy()


def tiled(words: Words) -> Callable[[int, int], Words]:
    """Return a maker that repeats `words`, whose length the places asked for are multiples of, for ever."""
    return lambda first, count: words[first % len(words) : first % len(words) + count]
