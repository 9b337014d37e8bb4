"""What the commands write: standard output or a file, whole or not at all."""

import argparse
import sys
from pathlib import Path

from memdesc import outlet
from memdesc.cli import streams
from memdesc.errors import InputError
from memdesc.escape import visible


def add_argument(parser: argparse.ArgumentParser) -> None:
    """Declare --output."""
    parser.add_argument("--output", "-o", type=Path, metavar="FILE", help="write the report to FILE")


def say(line: str) -> None:
    """Print a line about the run itself to standard error."""
    print(f"memdesc: {visible(line)}", file=sys.stderr)


def writable(path: Path | None) -> None:
    """Refuse a file that `write` could not write, before the work whose result it is to hold.

    Raises: InputError: the folder is missing or not writable, or `path` is a folder.
    """
    if path is not None:
        outlet.writable(path)


def write(text: str, path: Path | None) -> None:
    """Write `text` to `path`, or to standard output when None.

    A regular file is replaced at once: an interrupted run leaves the old one whole.
    Raises: InputError: the file cannot be written.
    """
    if path is None:
        _print(text)
    else:
        outlet.write(text, path)


def write_bytes(data: bytes) -> None:
    """Write what holds lines of other people's files to standard output, byte for byte; a terminal gets it as text.

    Raises: InputError: it cannot be written.
    """
    _print(data.decode("utf-8", "surrogateescape") if sys.stdout.isatty() else data)


def _print(text: str | bytes) -> None:
    try:
        if isinstance(text, bytes):
            sys.stdout.flush()
            sys.stdout.buffer.write(text)
        else:
            sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        streams.drop_output()
        why = (error.strerror or str(error)).lower()
        raise InputError("standard output", f"cannot be written: {why}") from error
