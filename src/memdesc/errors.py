"""The two exceptions that cross package borders.

`InputError` is the user's: one clear line and exit status 2. `Bug` is ours: the CLI asks for a report.
"""

from collections.abc import Iterable


def meant(word: str, known: Iterable[str]) -> str:
    """Return the end of a line that refuses `word`: "; did you mean X?", empty when nothing known is near it."""
    from difflib import get_close_matches  # what is right has no need of it

    near = get_close_matches(word, list(known), 1)
    return f"; did you mean {near[0]}?" if near else ""


class InputError(Exception):
    """Something given to us cannot be used.

    Args: place: file, file:line:column, or an option's name; empty when there is none.
          why: one sentence without a trailing full stop.
    """

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}" if place else why)
        self.place = place
        self.why = why


class Bug(Exception):
    """A state that memdesc itself should never reach."""
