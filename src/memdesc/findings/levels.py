"""Levels: of all misuses, what is reported at one level; a part of what is reported at the level below."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from memdesc.findings.model import Finding, Impact, Level
from memdesc.findings.registry import rules

_LINES_NAMED = 8


def select(misuses: Iterable[Finding], level: Level, wanted: Callable[[str], bool]) -> tuple[Finding, ...]:
    """Return what to report of all that `judge()` found: by file, line and column, one finding a mistake.

    Args: level: what is less sure is left out. wanted: whether a file was asked for.
    """
    return _once([f for f in misuses if f.level >= level and wanted(f.file)])


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    """One mistake is one finding.

    Of the uses in a file of what one place gave, by each rule, the nearest; of the kinds that come from one place
    to one use, that of the surest rule; and of the uses in other files to which one call leads, by each rule, the
    nearest: it is the call that is wrong. What is to change before descriptors are separate is no mistake;
    there each use counts. A surer finding always goes before one that is less sure, so that what is reported at one
    level is a part of what is reported at the level below it.
    """
    kept: dict[tuple[str, str, str, int], Finding] = {}
    places: dict[tuple[str, int, int, str, int, str], Finding] = {}
    order = sorted(findings, key=lambda f: (-f.level, len(f.trace), f.file, f.line, f.column, int(f.arrives)))
    for finding in order:
        start = finding.trace[-1 if rules()[finding.rule].impact is Impact.FUTURE else 0]
        kept.setdefault((finding.file, finding.rule, start.file, start.line), finding)
    for finding in sorted(kept.values(), key=lambda f: (-f.level, f.rule)):
        start = finding.trace[0]
        apart = finding.rule if rules()[finding.rule].impact is Impact.FUTURE else ""
        places.setdefault(
            (finding.file, finding.line, finding.column, start.file, start.line, apart), finding
        )
    calls: dict[tuple[str, str, int, str], Finding] = {}
    for finding in sorted(places.values(), key=lambda f: (-f.level, len(f.trace), f.file, f.line, f.column)):
        start = finding.trace[0]
        left = next((s for s in reversed(finding.trace) if s.file == start.file), start)
        apart = ""
        handed = finding.file != start.file and left.note.startswith("handed to")
        if not handed or rules()[finding.rule].impact is Impact.FUTURE:
            apart = f"{finding.file}:{finding.line}:{finding.column}"
        calls.setdefault((finding.rule, left.file, left.line, apart), finding)
    return tuple(sorted(_by_file(calls.values()), key=lambda f: (f.file, f.line, f.column, f.rule)))


def _by_file(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings; of a rule that files break out of habit, one a file and level, which names the others."""
    habits: dict[tuple[str, str, Level], list[Finding]] = {}
    for finding in findings:
        if rules()[finding.rule].by_file:
            habits.setdefault((finding.file, finding.rule, finding.level), []).append(finding)
        else:
            yield finding
    for places in habits.values():
        first, *others = sorted(places, key=lambda f: (f.line, f.column))
        if others:
            lines = ", ".join(str(line) for line in sorted({f.line for f in others})[:_LINES_NAMED])
            more = " ..." if len(others) > _LINES_NAMED else ""
            first = replace(first, message=f"{first.message}; also in line {lines}{more}")
        yield first
