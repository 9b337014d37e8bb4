"""Text of others, made fit for where it is written to.

Names in BTF, in dumps, in traces and of files may hold anything. Escape sequences in them would steer a
terminal (retitle it, hide lines, paste commands), control characters make XML ill-formed, marks of direction show
text in another order than it has. What such a character is written as is the same everywhere: `\\x1b`, `\\u202e`.

    visible(text)           one line of text: everything that is no letter, sign or space is written out
    markup(text)            for HTML and SVG: as visible(), and <, >, & and quotes as entities
    dumps(value)            JSON in which such characters are \\u escapes: it holds what it was given, exactly
    page(text)              a whole output: lines stay, the rest as in visible(); what steer() marked is passed on
    steer(sequence)         a sequence of our own for the terminal (a colour, the erasing of a line)

Every text that memdesc writes, to a terminal or to a file, passes page() last (cli.streams, outlet.write), so that
a name that nobody thought of does no harm. A name that may hold the end of a line is made visible() where the
line is put together, since page() cannot tell whose it is.
"""

import html
import os
import re
from typing import Any

_MARK = f"\ufdd0{os.urandom(8).hex()}"
_END = "\ufdd1"
"""Before and after our own sequences: no input can hold what is made anew by each process."""
_STEERING = re.compile(f"{_MARK}([^{_END}]*){_END}")
_UNFIT = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3164"
    "\ud800-\uf8ff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\uffff\U000e0000-\U0010ffff]"
)
"""Everything but tabs and ends of lines that a terminal obeys or that shows as nothing."""


def visible(text: str) -> str:
    """Return `text` with characters that would steer a terminal written out; tabs stay."""
    if text.isprintable():
        return text
    return "".join(c if c == "\t" or c.isprintable() else repr(c)[1:-1] for c in text)


def markup(text: str) -> str:
    """Return `text` for the content or an attribute of HTML and SVG."""
    return html.escape(visible(text))


def dumps(value: Any, indent: int | None = None, separators: tuple[str, str] | None = None) -> str:
    """Return `value` as JSON of which a reader gets exactly the value; letters of all scripts stay as they are."""
    import json  # --help and most commands need none

    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    return _UNFIT.sub(_unit, text)


def page(text: str) -> str:
    """Return a whole text, fit to be written: lines and tabs stay, our own sequences are passed on."""
    if text.isascii() and text.isprintable():
        return text
    if _MARK not in text:
        return _UNFIT.sub(_written, text)
    pieces = _STEERING.split(text)
    pieces[::2] = [_UNFIT.sub(_written, piece) for piece in pieces[::2]]
    return "".join(pieces)


def steer(sequence: str) -> str:
    """Return `sequence`, which is ours, as text that page() makes it of again."""
    return f"{_MARK}{sequence}{_END}"


def _written(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def _unit(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
