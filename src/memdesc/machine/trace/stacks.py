"""From the stack of an allocation to the kind of page it was for."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache

from memdesc.kinds import Kind
from memdesc.machine.trace.callers import BORDERS, GENERAL, REFINED, SPECIFIC, UNDECIDED, Callers

_SUFFIX = re.compile(r"(\.(isra|constprop|part|cold|llvm)(\.\d+)*)+$|_noprof$")
UNKNOWN_FUNCTION = "?"


class Symbols:
    """The functions of a running kernel by address."""

    def __init__(self, kallsyms: str) -> None:
        """Args: kallsyms: the text of /proc/kallsyms, read as root."""
        found = []
        for line in kallsyms.splitlines():
            words = line.split()
            if len(words) >= 3 and words[1] in "tTwW":
                found.append((int(words[0], 16), words[2]))
        found.sort(key=lambda pair: pair[0])
        self._starts = [start for start, _ in found]
        self._names = [name for _, name in found]

    @property
    def known(self) -> bool:
        """False when the kernel hides its addresses, or the table is empty."""
        return bool(self._starts) and self._starts[-1] > 0

    def name(self, address: int) -> str:
        """Return the function that holds `address`, "?" when none does."""
        at = bisect_right(self._starts, address) - 1
        return self._names[at] if at >= 0 else UNKNOWN_FUNCTION


def bare(name: str) -> str:
    """Return a function's name without what compilers and allocation profiling add to it."""
    while (shorter := _SUFFIX.sub("", name)) != name:
        name = shorter
    return name


@cache
def _tables() -> tuple[dict[str, Kind], dict[str, Kind], dict[tuple[Kind, str], Kind], frozenset[str]]:
    def table(rows: Iterable[Callers]) -> dict[str, Kind]:
        return {function: row.kind for row in rows for function in row.functions.split()}

    refined = {(inner, function): row.kind for inner, row in REFINED for function in row.functions.split()}
    return {**table(UNDECIDED), **table(SPECIFIC)}, table(GENERAL), refined, frozenset(BORDERS.split())


def kind_of(stack: Iterable[str]) -> tuple[Kind, str]:
    """Return the kind of page that `stack`, innermost function first, asked for, and the function that says so.

    The kind is NONE, and the function empty, where nothing says so. Functions beyond an interrupt are not
    looked at.
    """
    specific, general, refined, borders = _tables()
    kind, reason, sure = Kind.NONE, "", False
    for frame in stack:
        name = bare(frame)
        if name in borders:
            break
        if sure:
            if better := refined.get((kind, name)):
                return better, name
        elif (found := specific.get(name)) is not None:
            if found is Kind.NONE:
                return found, ""
            kind, reason, sure = found, name, True
        elif not reason and name in general:
            kind, reason = general[name], name
    return kind, reason


def is_general(function: str) -> bool:
    """Whether `function`, as kind_of() gave it, speaks only for want of a better one."""
    return function in _tables()[1]
