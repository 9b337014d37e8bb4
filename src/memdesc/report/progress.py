"""A progress bar for people who wait at a terminal; lines for programs that ask for them; silent everywhere else.

With MEMDESC_PROGRESS=lines in the environment, each step is a line on standard error: `progress: PHASE DONE TOTAL`.
"""

import os
import shutil
import sys
import time
from types import TracebackType
from typing import Self, TextIO

from memdesc.escape import steer

REDRAW_SECONDS = 0.1
LINES = "progress: "
"""What lines of progress begin with."""


class Bar:
    """One line on a terminal that says how far a phase is; called as the pipeline's progress.

    Draws only when `stream` is a terminal that can move its cursor. Leaving the context erases the line.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._lines = os.environ.get("MEMDESC_PROGRESS") == "lines"
        self._on = self._lines or (self._stream.isatty() and os.environ.get("TERM", "dumb") != "dumb")
        self._phase = ""
        self._drawn_at = 0.0
        self._drawn = False

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Show that `done` of `total` steps of `phase` are done; `total` is 0 when unknown."""
        if not self._on:
            return
        now = time.monotonic()
        if phase == self._phase and now - self._drawn_at < REDRAW_SECONDS and done != total:
            return
        self._phase, self._drawn_at, self._drawn = phase, now, not self._lines
        if self._lines:
            self._stream.write(f"{LINES}{phase} {done} {total}\n")
            self._stream.flush()
            return
        width = shutil.get_terminal_size().columns
        self._stream.write(steer("\r\x1b[K") + line(phase, done, total, width - 1))
        self._stream.flush()

    def erase(self) -> None:
        """Take the line away, so that something else can be written in its place."""
        if self._drawn:
            self._drawn = False
            self._stream.write(steer("\r\x1b[K"))
            self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self.erase()


def line(phase: str, done: int, total: int, width: int) -> str:
    """Return the text of the bar, at most `width` characters."""
    if total <= 0:
        return f"{phase} {done:,}"[:width] if done else phase[:width]
    share = min(max(done / total, 0.0), 1.0)
    counts = f" {100 * share:3.0f}%  {done:,} of {total:,}"
    room = min(40, width - len(phase) - len(counts) - 3)
    if room < 5:
        return (phase + counts)[:width]
    full = round(room * share)
    return f"{phase} [{'#' * full}{' ' * (room - full)}]{counts}"
