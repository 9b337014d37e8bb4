"""The standard streams, made fit for what a command meets: odd characters, closed ends, full disks.

All text passes escape.page() on its way out, so that no name from a file steers the terminal.
"""

import codecs
import os
import sys
from collections.abc import Iterable
from typing import Any, TextIO, cast

_DRAWN = dict(zip("▁▂▃▄▅▆▇█▏▎▍▌▋▊▉░·…→", "_.,-:=+#...:::|..~>", strict=True))
"""What bars and small plots are made of, and the character of ASCII that stands for it."""


def drawn(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for characters that a stream cannot write: the like of a bar or a plot, else escapes.

    Raises: UnicodeError: it is no question of encoding.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    out = []
    for character in error.object[error.start : error.end]:
        known = _DRAWN.get(character)
        out.append(known or character.encode("ascii", "backslashreplace").decode("ascii"))
    return "".join(out), error.end


class Fit:
    """A stream of text of which every piece passes escape.page(); all else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a piece of text; return its length."""
        from memdesc.escape import page

        self._stream.write(page(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several pieces."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def prepare() -> None:
    """Let no character fail to be written, and give streams that were handed over closed a place to go."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", closefd=False)
    codecs.register_error("memdesc-drawn", drawn)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="memdesc-drawn")
    if not isinstance(sys.stdout, Fit):
        sys.stdout = cast(TextIO, Fit(sys.stdout))
    if not isinstance(sys.stderr, Fit):
        sys.stderr = cast(TextIO, Fit(sys.stderr))


def drop_output() -> None:
    """Point standard output at nothing, so that what could not be written is not tried again at the end."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
