"""Workloads: scripts on the public API. Each module has a docstring that says what it does, and run(machine)."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

from memdesc.errors import InputError
from memdesc.machine.machine import Machine


def names() -> tuple[str, ...]:
    """Return the names of the workloads that are shipped, as users write them."""
    return tuple(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))


def load(name: str) -> Callable[[Machine], None]:
    """Return the workload called `name`.

    Raises: InputError: there is none.
    """
    if name not in names():
        raise InputError("--workload", f"no workload is called '{name}'; known: {', '.join(names())}")
    run: Callable[[Machine], None] = importlib.import_module(f"{__name__}.{name.replace('-', '_')}").run
    return run
