"""Scripts: a Python file that says run(machine), loaded and its mistakes told in one line."""

from __future__ import annotations

import runpy
import traceback
from collections.abc import Callable
from pathlib import Path

from memdesc import door
from memdesc.errors import InputError
from memdesc.machine.faults import KernelError, Stale
from memdesc.machine.machine import Machine

_MOST_BYTES = 16 << 20


def load(path: Path) -> Callable[[Machine], None]:
    """Return the function `run` of the file at `path`.

    Raises: InputError: it cannot be read, or fails, or has none; the line is named.
    """
    try:
        text = door.read(path, _MOST_BYTES).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(str(path), f"cannot be read: {error}") from None
    try:
        compile(text, str(path), "exec")
        names = runpy.run_path(str(path))
    except SyntaxError as error:
        raise InputError(f"{path}:{error.lineno}", f"is no Python: {error.msg}") from None
    except Exception as error:
        raise InputError(_place(path, error), f"{type(error).__name__}: {error}") from error
    run = names.get("run")
    if not callable(run):
        raise InputError(str(path), "has no function run(machine)")
    found: Callable[[Machine], None] = run
    return found


def call(run: Callable[[Machine], None], machine: Machine, path: Path) -> None:
    """Call a script's function.

    Raises: InputError: it passed a page of the wrong type, met a refusal that it did not catch, or failed
    otherwise; the script's line is named.
    """
    try:
        run(machine)
    except InputError:
        raise
    except (KernelError, Stale, TypeError) as error:
        raise InputError(_place(path, error), str(error)) from error
    except Exception as error:
        raise InputError(_place(path, error), f"{type(error).__name__}: {error}") from error


def _place(path: Path, error: BaseException) -> str:
    """Return file:line of the script's last line that led to `error`."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if Path(f.filename) == path]
    return f"{path}:{lines[-1]}" if lines else str(path)
