"""Wrong usage: a mistyped option, command or choice is told with the one that was likely meant."""

import argparse
import difflib
import re
from typing import Any, NoReturn

_UNKNOWN = re.compile(r"unrecognized arguments: (?:.*? )?(--[\w-]+)")
_NO_CHOICE = re.compile(r"invalid choice: '([^']*)' \(choose from (.*)\)", re.S)
_LONGEST = 600
_OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")


class Parser(argparse.ArgumentParser):
    """A parser whose errors name what was likely meant.

    Attributes: chosen: the parser of the command that was given; its options are those that could be meant.
    """

    chosen: argparse.ArgumentParser | None = None

    def error(self, message: str) -> NoReturn:
        """Print usage and the error. Raises: SystemExit: always, with status 2."""
        from memdesc.escape import visible  # --help needs nothing of memdesc

        near = meant(message, _OPTION.findall((self.chosen or self).format_help()))
        said = visible(message) if len(message) <= _LONGEST else visible(message[:_LONGEST]) + "..."
        super().error(f"{said}; did you mean {near}?" if near else said)

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        """Return the value of an argument; argparse up to Python 3.12 makes an empty list of `--option=--`."""
        if action.option_strings and arg_strings == ["--"] and action.nargs is None:
            raise argparse.ArgumentError(action, "'--' is no value")
        return super()._get_values(action, arg_strings)


def meant(message: str, options: list[str]) -> str:
    """Return the option or the choice nearest to the one that argparse's `message` refuses, empty if none is near."""
    if match := _UNKNOWN.search(message):
        word, known = match[1], options
    elif match := _NO_CHOICE.search(message):
        word, known = match[1], re.findall(r"[\w-]+", match[2])
    else:
        return ""
    return next(iter(difflib.get_close_matches(word, known, 1)), "")
