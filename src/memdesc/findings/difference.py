"""What a change of the source does to the findings: which it adds, which it mends, and which of its lines are why.

A finding of the new state is an old one if one of the old state has its identity, or stood on the line that this line
was and broke the same rule. So a line that moves, a file that is renamed, and a function that gets another name leave
their findings known.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from memdesc.findings.model import Added, Difference, Finding, Level, Step
from memdesc.places import Lines
from memdesc.source.items import Item
from memdesc.source.patch import Changed
from memdesc.source.text import split

_WORD = re.compile(r"[A-Za-z_]\w*")


def difference(
    subject: str,
    before: Sequence[Finding],
    after: Sequence[Finding],
    level: Level,
    changes: Iterable[Changed],
) -> Difference:
    """Return what a change does to the findings of at least `level`.

    Args: before, after: findings of every level, without and with the change. changes: to files, named as in the
    findings. A finding that rises to `level` is added; one that falls below it is not mended.
    """
    changed = {change.file: change for change in changes if change.text}
    new, old = _unmatched(before, after, level, changed)
    causes = _Causes(changed)
    return Difference(subject, tuple(Added(finding, causes.of(finding)) for finding in new), tuple(old))


def _unmatched(
    before: Sequence[Finding], after: Sequence[Finding], level: Level, changed: Mapping[str, Changed]
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings of `level` that are only after, and those that are only before."""
    told = Counter(finding.id for finding in before if finding.level >= level)
    new = []
    for finding in after:
        if finding.level < level:
            continue
        if told[finding.id] > 0:
            told[finding.id] -= 1
        else:
            new.append(finding)
    left = Counter(finding.id for finding in after)
    old = []
    for finding in before:
        if left[finding.id] > 0:
            left[finding.id] -= 1
        elif finding.level >= level:
            old.append(finding)
    stood = Counter((finding.rule, finding.file, finding.line) for finding in old)
    fresh = []
    same: Counter[tuple[str, str, int]] = Counter()
    for finding in new:
        key = (finding.rule, *_before(finding, changed))
        if stood[key] > 0:
            stood[key] -= 1
            same[key] += 1
        else:
            fresh.append(finding)
    gone = []
    for finding in old:
        key = (finding.rule, finding.file, finding.line)
        if same[key] > 0:
            same[key] -= 1
        else:
            gone.append(finding)
    return fresh, gone


def _before(finding: Finding, changed: Mapping[str, Changed]) -> tuple[str, int]:
    """Return the file and line at which the line of a finding stood before, line 0 for one that is new."""
    change = changed.get(finding.file)
    if change is None:
        return finding.file, finding.line
    lines = change.old_of
    return change.before, lines[finding.line - 1] if 0 < finding.line <= len(lines) else 0


@dataclass(frozen=True, slots=True)
class _Place:
    file: str
    line: int
    removed: bool
    item: str
    """Name of the function, macro or struct that it lies in."""


class _Causes:
    """Finds the line of a patch that is to blame for a finding."""

    def __init__(self, changed: Mapping[str, Changed]) -> None:
        self._texts = {file: Lines(change.text) for file, change in changed.items()}
        self._added = {
            file: {n for n, o in enumerate(change.old_of, 1) if not o} for file, change in changed.items()
        }
        self._places = [place for file in sorted(changed) for place in _places(file, changed[file])]

    def of(self, finding: Finding) -> Step | None:
        """Return the line that brings a finding; None where it is the finding's own."""
        if finding.line in self._added.get(finding.file, ()):
            return None
        for step in reversed(finding.trace):
            if step.line in self._added.get(step.file, ()):
                return self._step(_Place(step.file, step.line, False, step.function))
        stops = [*finding.trace, Step(finding.file, finding.line, finding.column, finding.function, "", "")]
        functions = {(stop.file, stop.function) for stop in stops}
        names = {word for stop in stops for word in _WORD.findall(f"{stop.text} {stop.note}")}
        names |= {finding.source, finding.sink}
        for near in (
            [p for p in self._places if (p.file, p.item) in functions],
            [p for p in self._places if p.item and p.item in names],
            [p for p in self._places if any(p.file == stop.file for stop in stops)],
        ):
            if near:
                return self._step(min(near, key=lambda place: _distance(place, stops)))
        return None

    def _step(self, place: _Place) -> Step:
        text = self._texts[place.file].text_of(place.line)
        column = (
            len(text.encode("utf-8", "surrogateescape"))
            - len(text.lstrip().encode("utf-8", "surrogateescape"))
            + 1
        )
        note = (
            "lines that the patch removes before this one"
            if place.removed
            else "this line of the patch brings it"
        )
        return Step(place.file, place.line, column, place.item, text, note)


def _distance(place: _Place, stops: Iterable[Step]) -> tuple[int, str, int]:
    away = min((abs(place.line - stop.line) for stop in stops if stop.file == place.file), default=0)
    return away, place.file, place.line


def _places(file: str, change: Changed) -> Iterator[_Place]:
    """Yield the places of a file that a patch changes: the lines it adds, and those before which it removes some."""
    lines = Lines(change.text)
    items: tuple[Item, ...] = tuple(item for item in split(change.text).items if item.name)
    at = 0
    for number in range(1, len(change.old_of) + 1):
        removed = number in change.gone
        if change.old_of[number - 1] and not removed:
            continue
        start, end = lines.start_of(number), lines.start_of(number + 1)
        while at < len(items) and items[at].end <= start:
            at += 1
        item = items[at].name if at < len(items) and items[at].start < end else ""
        yield _Place(file, number, removed and bool(change.old_of[number - 1]), item)
