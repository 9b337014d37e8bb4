"""Baselines: findings that are known, so that a run can speak of new ones alone.

The file is JSON lines, one a finding, sorted, fit for version control. Only `id` and `count` are read;
the rest says to people what is meant. An id holds no line numbers (see `Finding.id`), so unrelated edits
leave it alone. Findings that share an id (the same expression twice in a function) are counted.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from memdesc.errors import InputError
from memdesc.escape import dumps
from memdesc.findings.model import Finding, Level


@dataclass(frozen=True, slots=True)
class Entry:
    """One known finding; `count` is how often it occurs."""

    id: str
    count: int
    rule: str
    level: str
    file: str
    function: str
    expression: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a baseline leaves of a run.

    Attributes: new: findings that it does not hold. known: how many it held. unused: entries that met no
    finding, though the run could have found them.
    """

    new: tuple[Finding, ...]
    known: int
    unused: tuple[Entry, ...]


def write(findings: Iterable[Finding]) -> str:
    """Return the text of a baseline that holds `findings`."""
    found = list(findings)
    counts = Counter(finding.id for finding in found)
    entries = {
        f.id: Entry(
            f.id, counts[f.id], f.rule, f.level.word, f.file, f.function, " ".join(f.expression.split())
        )
        for f in found
    }
    lines = (_line(entry) for entry in sorted(entries.values(), key=_order))
    return "".join(lines)


def _order(entry: Entry) -> tuple[str, ...]:
    return (entry.file, entry.function, entry.rule, entry.expression, entry.id)


def _line(entry: Entry) -> str:
    row = {name: getattr(entry, name) for name in Entry.__slots__}
    return dumps(row) + "\n"


def read(text: str, name: str) -> tuple[Entry, ...]:
    """Return the entries of the baseline `text`; `name` is its file, for messages.

    Raises: InputError: a line that is no entry, with file:line.
    """
    entries = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            entry = Entry(
                str(row["id"]),
                int(row.get("count", 1)),
                *(str(row.get(hint, "")) for hint in ("rule", "level", "file", "function", "expression")),
            )
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise InputError(f"{name}:{number}", "not an entry of a baseline") from None
        entries.append(entry)
    return tuple(entries)


def compare(findings: Iterable[Finding], entries: Iterable[Entry], scope: Iterable[str] | None) -> Comparison:
    """Return what of `findings` is new, what was known, and which entries are unused.

    Args: scope: files or folders (relative to the tree, without a trailing slash) that the run covered;
    None for everything. Entries elsewhere cannot have been found and are not called unused.
    """
    entries = tuple(entries)
    left = Counter({entry.id: 0 for entry in entries})
    for entry in entries:
        left[entry.id] += entry.count
    allowed = dict(left)
    new = []
    known = 0
    for finding in findings:
        if left[finding.id] > 0:
            left[finding.id] -= 1
            known += 1
        else:
            new.append(finding)
    covered = None if scope is None else tuple(scope)
    unused = tuple(
        entry
        for entry in entries
        if left[entry.id] == allowed[entry.id] and (covered is None or _within(entry.file, covered))
    )
    return Comparison(tuple(new), known, unused)


def _within(file: str, scope: tuple[str, ...]) -> bool:
    return any(part in ("", ".") or file == part or file.startswith(part + "/") for part in scope)


def at_level(entries: Iterable[Entry], level: Level) -> tuple[Entry, ...]:
    """Return the entries whose level a run at `level` reports; those that do not say count as such."""
    words = {known.word for known in Level if known < level}
    return tuple(entry for entry in entries if entry.level not in words)
