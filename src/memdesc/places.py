"""Places in source text: byte offsets inside, 1-based line and column at the edge.

Everything inside memdesc speaks of byte offsets; `Lines` is the only conversion to what people read.
"""

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

MAX_LINE = 2000


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open byte range [start, end) of one file."""

    start: int
    end: int

    def __contains__(self, offset: int) -> bool:
        return self.start <= offset < self.end


class Lines:
    """Maps byte offsets of one text to lines and columns, and back to the text of a line."""

    __slots__ = ("_starts", "_text")

    def __init__(self, text: bytes) -> None:
        lengths = (len(line) + 1 for line in text.split(b"\n"))
        self._starts = array("I", accumulate(lengths, initial=0))
        self._starts.pop()
        self._text = text

    def line(self, offset: int) -> int:
        """Return the 1-based line that holds byte `offset`."""
        return bisect_right(self._starts, offset)

    def line_column(self, offset: int) -> tuple[int, int]:
        """Return the 1-based (line, column) of byte `offset`; columns count bytes, as gcc does."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def start_of(self, line: int) -> int:
        """Return the offset of the first byte of 1-based `line` (the end of the text when past it)."""
        if line > len(self._starts):
            return len(self._text)
        return self._starts[line - 1]

    def text_of(self, line: int) -> str:
        """Return the text of 1-based `line` without its line end; undecodable bytes are replaced.

        Of a line longer than MAX_LINE bytes, which is not written to be read, there is none.
        """
        if line < 1 or line > len(self._starts):
            return ""
        start = self._starts[line - 1]
        end = self._text.find(b"\n", start, start + MAX_LINE + 1)
        if end < 0 and len(self._text) - start > MAX_LINE:
            return ""
        raw = self._text[start : end if end >= 0 else len(self._text)]
        return raw.decode("utf-8", "replace").rstrip("\r")

    def __len__(self) -> int:
        return len(self._starts)
