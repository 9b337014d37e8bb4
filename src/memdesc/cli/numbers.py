"""Numbers on the command line: bounded, finite, and one line when they are not."""

import argparse
import math
import re
from collections.abc import Callable

from memdesc.errors import InputError
from memdesc.escape import visible

_UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}
_SECONDS = re.compile(r"(?:[0-9]{1,18}\.?[0-9]{0,18}|\.[0-9]{1,18})(?:[eE][-+]?[0-9]{1,3})?")
_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?)\s*([KMGT]?)(?:i?B)?", re.I)
MOST_MEMORY = 1 << 50
"""Bytes of a machine: more than any has, and what fits into a pointer many times."""
MOST_LINE = 1 << 31
_SHOWN = 40


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return the type of an argument that is a whole number from `least` to `most`."""

    def read(text: str) -> int:
        number = number_of(text)
        if number is None or not least <= number <= most:
            raise argparse.ArgumentTypeError(f"'{short(text)}' is no number from {least:,} to {most:,}")
        return number

    return read


def seconds(least: float) -> Callable[[str], float]:
    """Return the type of an argument that is a number of seconds above `least`, of a million at most."""

    def read(text: str) -> float:
        number = float(text) if _SECONDS.fullmatch(text) else math.nan
        if not least < number <= 1e6:
            raise argparse.ArgumentTypeError(f"'{short(text)}' is no number of seconds above {least:g}")
        return number

    return read


def number_of(text: str) -> int | None:
    """Return the whole number that `text` is, None when it is none or has more than 18 digits."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else None


def size(text: str, option: str) -> int:
    """Return bytes from "512M", "16G", "16GiB".

    Raises: InputError: it is no size, or larger than any machine.
    """
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise InputError(option, f"'{short(text)}' is no size such as 512M or 16G")
    found = int(float(match[1]) * (1 << _UNITS[match[2].upper()]))
    if found > MOST_MEMORY:
        raise InputError(option, f"'{short(text)}' is more than {MOST_MEMORY >> 40} TiB")
    return found


def short(text: str) -> str:
    """Return `text` for a message: printable, and cut when it is long."""
    said = visible(text)
    return said if len(said) <= _SHOWN else said[: _SHOWN - 3] + "..."
