"""What the commands write: standard output or a file, whole or not at all."""

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from memdesc.cli import streams
from memdesc.errors import InputError


def writable(path: Path | None) -> None:
    """Refuse a file that `write` could not write, before the work whose result it is to hold.

    Raises: InputError: the folder is missing or not writable, or `path` is a folder.
    """
    if path is None:
        return
    if path.is_dir():
        raise InputError(str(path), "is a folder; a file was expected")
    if not path.exists() and not path.parent.is_dir():
        raise InputError(str(path), "cannot be written: no such folder")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise InputError(str(path), "cannot be written: permission denied")


def write(text: str, path: Path | None) -> None:
    """Write `text` to `path`, or to standard output when None.

    A regular file is replaced at once: an interrupted run leaves the old one whole.
    Raises: InputError: the file cannot be written.
    """
    if path is None:
        _print(text)
        return
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(text)
            return
        _replace(path.resolve(), text)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(str(path), f"cannot be written: {(error.strerror or str(error)).lower()}") from error


def _print(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        streams.drop_output()
        why = (error.strerror or str(error)).lower()
        raise InputError("standard output", f"cannot be written: {why}") from error


def _replace(path: Path, text: str) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
