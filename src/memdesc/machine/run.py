"""Runs a script or a workload on a machine and records what it cost."""

from __future__ import annotations

import time
from collections.abc import Callable

from memdesc.errors import Bug
from memdesc.machine.check import WHOLE_SCAN_PAGES, Checker
from memdesc.machine.invariants import violations
from memdesc.machine.machine import Machine
from memdesc.machine.outcome import Point, Run, point
from memdesc.machine.watch import Watch

MOST_POINTS = 240
EVERY, END = 1, 0
"""How often pages are looked at: after each operation; only at the end. Any other number: after so many."""


class _Curve:
    """Points at even numbers of operations; when there are too many, every other is dropped."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.points: list[Point] = []
        self._step = self._next = 1

    def after(self, _pages: frozenset[int]) -> None:
        """Take a point when it is time to."""
        if self._machine.memmap.number >= self._next:
            self.add()

    def add(self) -> None:
        """Take a point now."""
        costs = self._machine.costs()
        pages = {kind.kind: kind.pages for kind in costs.kinds if kind.pages}
        self.points.append(point(self._machine.memmap.number, pages, costs))
        if len(self.points) > MOST_POINTS:
            del self.points[1::2]
            self._step *= 2
        self._next = self._machine.memmap.number + self._step


def perform(machine: Machine, script: Callable[[Machine], None], check: int | None = None) -> Run:
    """Return what `script` cost on `machine`, with curves over its operations.

    Args: check: look at pages after so many operations (EVERY, END, or a number) and at the end; None: never.
    Raises: what the script raises. Bug: the machine contradicts itself (only looked for when checking).
    """
    curve = _Curve(machine)
    checker = Checker(machine) if check is not None else None
    if checker is not None:
        checker.every = check or 0

    def after(pages: frozenset[int]) -> None:
        curve.after(pages)
        if checker is not None:
            checker.after(pages)

    Watch(machine, after)
    began = time.perf_counter()
    curve.add()
    script(machine)
    curve.add()
    if checker is not None:
        checker.scan()
        wrong = violations(machine) if machine.pages <= WHOLE_SCAN_PAGES else []
        if wrong:
            raise Bug(f"the machine contradicts itself: {wrong[0]}")
    misreads = checker.told() if checker is not None else None
    return Run(
        machine.design.name, "operations", time.perf_counter() - began, tuple(curve.points), machine.costs(), misreads
    )  # fmt: skip
