"""Watching a machine: every call of a manager's public function, from outside, is one operation.

What a manager calls of another inside an operation is part of it. Used to count what operations cost, to take
points of curves, and to look at pages after each.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import getmembers, ismethod
from typing import Any

from memdesc.machine.handles import Page
from memdesc.machine.machine import Machine
from memdesc.machine.missing import Missing

MANAGERS = (
    "folios", "cache", "processes", "slabs", "pools", "tables", "vmalloc", "drivers", "zsmalloc", "large",
)  # fmt: skip
PASSIVE = frozenset(
    ("costs", "pages_by_kind", "descriptor_bytes", "operation", "test", "order", "find", "open", "handle",
     "folio_mapcount", "mapping_of", "pool_of", "slab_of", "kmalloc_cache", "charges")
)  # fmt: skip
"""Functions that only look; calling one is no operation."""


class Watch:
    """Wraps the functions of one machine. after: called with the pages that the operation was given."""

    def __init__(self, machine: Machine, after: Callable[[frozenset[int]], None]) -> None:
        self._machine, self._after = machine, after
        self._inside = False
        for name in MANAGERS:
            manager = getattr(machine, name)
            if not isinstance(manager, Missing):
                self._wrap(manager, name)
        self._wrap(machine, "")

    def _wrap(self, target: object, label: str) -> None:
        for name, function in getmembers(target, ismethod):
            if not name.startswith("_") and name not in PASSIVE:
                setattr(target, name, self._watched(function, f"{label}.{name}" if label else ""))

    def _watched(self, function: Callable[..., Any], label: str) -> Callable[..., Any]:
        machine = self._machine

        @wraps(function)
        def call(*args: Any, **named: Any) -> Any:
            if self._inside:
                return function(*args, **named)
            self._inside = True
            pages = frozenset(arg.pfn for arg in args if isinstance(arg, Page))
            try:
                if not label:  # the vocabulary counts itself
                    return function(*args, **named)
                with machine.operation(label):
                    return function(*args, **named)
            finally:
                self._inside = False
                self._after(pages)

        return call
