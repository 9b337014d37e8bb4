"""Findings, inferences and explanations as lines of text, in the form that gcc and sparse use.

Messages stand at the start of a line as `file:line:column: level: text`, so that editors and mail filters
which know a compiler's messages know these.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

from memdesc.escape import steer
from memdesc.escape import visible as visible
from memdesc.findings.model import Finding, Level, Report
from memdesc.inference.declare import Entity, Explanation, Inference, Role
from memdesc.kinds import ANY, BESIDE, Kind
from memdesc.records import Statistics, Step, Unread

SHOWN_UNREAD = 10
_MOST_OTHERS = 6
TAB = 8


class Style:
    """The colours of a terminal, or none."""

    def __init__(self, coloured: bool) -> None:
        self._coloured = coloured

    def __call__(self, text: str, code: str) -> str:
        """Return `text` in the colour of the ANSI parameter `code`; escape.page() makes the sequences."""
        return steer(f"\x1b[{code}m") + text + steer("\x1b[m") if self._coloured else text


PLAIN = Style(False)
BOLD, GREEN = "1", "1;32"
COLOURS = {Level.ERROR: "1;31", Level.WARNING: "1;35", Level.NOTE: "1;36"}
NOTE = "1;36"


def style(stream: TextIO) -> Style:
    """Return colours when `stream` is a terminal and the user did not set NO_COLOR."""
    return Style(stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")


def kinds(kinds: Kind) -> str:
    """Return a set of kinds as people write it: `slab|large`, `any kind`, `unknown`."""
    if not kinds:
        return "unknown"
    if kinds == ANY:
        return "any kind"
    missing = (ANY & ~kinds).names
    if len(missing) < 8:
        return "any kind but " + "|".join(missing)
    return "|".join(kinds.names)


def check(
    report: Report,
    colours: Style = PLAIN,
    remedies: Mapping[str, str] | None = None,
    causes: Sequence[Step | None] = (),
) -> str:
    """Return the findings of `report`, each with its trace; empty when there are none.

    Args: remedies: what to do about a breach of a rule, by its name; told with the first finding of the rule.
    causes: for each finding the line of a patch that brings it.
    """
    lines: list[str] = []
    before = ("", "")
    told: set[str] = set()
    for number, finding in enumerate(report.findings):
        if (finding.file, finding.function) != before and finding.function:
            where = f"In function '{finding.function}':"
            lines.append(f"{colours(visible(finding.file) + ':', BOLD)} {where}")
        before = (finding.file, finding.function)
        lines += _finding(finding, colours)
        cause = causes[number] if causes else None
        if cause is not None:
            lines.append(f"{_place(cause, colours)} {colours('note:', NOTE)} {visible(cause.note)}")
            lines += _quote(cause, GREEN, colours)
        if finding.when:
            lines.append(_note(finding, f"it goes wrong {finding.when}", colours))
        if remedies and finding.rule in remedies and finding.rule not in told:
            told.add(finding.rule)
            lines.append(_note(finding, f"what to do: {remedies[finding.rule]}", colours))
    return "".join(line + "\n" for line in lines)


def _finding(finding: Finding, colours: Style) -> Iterator[str]:
    level = colours(f"{finding.level.word}:", COLOURS[finding.level])
    rule = colours(f"[{finding.rule}]", BOLD)
    yield f"{_place(finding, colours)} {level} {visible(finding.message)} {rule}"
    last = finding.trace[-1] if finding.trace else None
    at_use = last and (last.file, last.line, last.column) == (finding.file, finding.line, finding.column)
    if last and at_use:
        yield from _quote(last, COLOURS[finding.level], colours)
    way = finding.trace[:-1] if at_use else finding.trace
    yield from _steps(way, finding.function, colours)


def _note(finding: Finding, says: str, colours: Style) -> str:
    return f"{_place(finding, colours)} {colours('note:', NOTE)} {visible(says)}"


def _steps(steps: Sequence[Step], function: str, colours: Style) -> Iterator[str]:
    for number, step in enumerate(steps, 1):
        inside = f" [in {step.function}()]" if step.function and step.function != function else ""
        note = colours("note:", NOTE)
        yield f"{_place(step, colours)} {note} ({number}) {visible(step.note)}{inside}"
        yield from _quote(step, GREEN, colours)


def _place(at: Finding | Step | Explanation, colours: Style) -> str:
    return colours(f"{visible(at.file)}:{at.line}:{at.column}:", BOLD)


def _quote(step: Step, colour: str, colours: Style) -> Iterator[str]:
    """Yield the source line of `step` and a caret under its column, as gcc does."""
    if not step.text.strip():
        return
    raw = step.text.encode("utf-8", "surrogateescape")
    before = raw[: step.column - 1].decode("utf-8", "replace")
    number = f" {step.line:4d}"
    yield f"{number} | {visible(step.text).expandtabs(TAB)}"
    if 0 < step.column <= len(raw):
        indent = len(visible(before).expandtabs(TAB))
        yield f"{' ' * len(number)} | {' ' * indent}{colours('^', colour)}"


def summary(report: Report, known: int = 0, says: Mapping[str, str] | None = None) -> str:
    """Return the last lines of a check: what was found, what was read, what was not.

    Args: known: number of findings that the baseline holds and the report therefore leaves out. says: what
    a rule is about, by its name.
    """
    counts = Counter(finding.level for finding in report.findings)
    found = ", ".join(count(counts[level], level.word) for level in sorted(counts, reverse=True))
    files = len({finding.file for finding in report.findings})
    first = f"{found} in {count(files, 'file')}" if found else "nothing found"
    if report.notes:
        first += f", and {count(report.notes, 'note')} (--level note shows what may be right after all)"
    if report.allowed:
        first += f" ({report.allowed:,} suppressed by comments)"
    if known:
        first += f" ({known:,} more in the baseline)"
    lines = [first, *_by_rule(Counter(finding.rule for finding in report.findings), says or {})]
    return "".join(f"{line}\n" for line in [*lines, *cost(report.statistics)])


def _by_rule(counts: Mapping[str, int], says: Mapping[str, str]) -> Iterator[str]:
    width = max(map(len, counts), default=0)
    for name, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {n:5,}  {name:{width}}  {says.get(name, '')}".rstrip()


def cost(statistics: Statistics) -> Iterator[str]:
    """Yield lines that say what was read, what was not, and what it cost."""
    s = statistics
    seconds = s.seconds.get("total", sum(s.seconds.values()))
    cached = f", {s.cache_hits:,} of them from the cache" if s.cache_hits else ""
    memory = f" and {s.peak_memory_bytes / 2**20:,.0f} MiB" if s.peak_memory_bytes else ""
    yield (
        f"followed {s.functions_read:,} of {count(s.functions_defined, 'function')} in "
        f"{s.files_read:,} of {count(s.files, 'file')}{cached}, in {seconds:.1f} s{memory}"
    )
    if ", since " in s.layout:
        yield f"what struct page decides is taken from {s.layout}"
    if s.unread:
        yield f"not read ({len(s.unread):,}; findings may be missing there):"
        yield from (f"  {_unread(u)}" for u in s.unread[:SHOWN_UNREAD])
        if len(s.unread) > SHOWN_UNREAD:
            yield f"  ... and {len(s.unread) - SHOWN_UNREAD:,} more, all of them in --format json"


def _unread(unread: Unread) -> str:
    name = f" {visible(unread.name)}:" if unread.name else ""
    return f"{visible(unread.file)}:{name} {visible(unread.reason)}"


def count(n: int, noun: str, several: str = "") -> str:
    """Return `n` things in words: "1 file", "2,000 files"; `several` for a plural that takes more than an s."""
    return f"{n:,} {noun if n == 1 else several or noun + 's'}"


def infer(inference: Inference) -> str:
    """Return a table: place, pointer, the type that it should have, and why, a declaration a line."""
    rows = [
        (f"{visible(e.file)}:{e.line}:", _pointer(e), e.descriptor or "?", _because(e))
        for e in inference.entities
    ]
    widths = [min(max((len(row[n]) for row in rows), default=0), most) for n, most in enumerate(_COLUMNS)]
    return "".join(
        " ".join(f"{cell:{width}}" for cell, width in zip(row, [*widths, 0], strict=True)).rstrip() + "\n"
        for row in rows
    )


_COLUMNS = (48, 48, 12)
"""Widths that a column of `infer` is filled up to, at most; longer cells stand as they are."""


def _pointer(entity: Entity) -> str:
    match entity.role:
        case Role.RETURN:
            return f"{entity.function}() result"
        case Role.PARAM:
            return f"{entity.function}({visible(entity.name)})"
        case Role.LOCAL:
            return f"{entity.function}() {visible(entity.name)}"
        case _:
            return visible(entity.name)


def _because(entity: Entity) -> str:
    """Return why, and the nearest two places that say so."""
    places = []
    for ground in entity.grounds[:2]:
        where = f"{ground.file}:{ground.line}" if ground.file != entity.file else f"line {ground.line}"
        places.append(f"{ground.what}, {where}")
    said = "; ".join(places)
    if entity.descriptor is None:
        return visible(f"to decide: {entity.why}" + (f" (seen: {said})" if said else ""))
    return visible(entity.why + (f": {said}" if said else ""))


def _verdict(descriptor: str | None) -> str:
    if descriptor is None:
        return "undetermined"
    return "stays a page" if descriptor == "page" else f"should be {descriptor}"


def infer_summary(inference: Inference) -> str:
    """Return the last lines of an inference: how many declarations should become what."""
    counts = Counter(entity.descriptor or "? (undetermined)" for entity in inference.entities)
    chosen = (
        f"; to choose from, by {inference.design}: {', '.join(inference.types)}" if inference.types else ""
    )
    lines = [count(len(inference.entities), "declaration") + chosen]
    lines += [f"  {n:7,}  {what}" for what, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))]
    if inference.containers:
        lines.append(
            f"{count(inference.containers, 'declaration')} of several pages (struct page **, arrays) passed over: "
            "what is said is said of one page"
        )
    if inference.left_out:
        lines.append(
            f"{count(inference.left_out, 'declaration')} in tools/ left out; name the folder to see them"
        )
    return "".join(f"{line}\n" for line in [*lines, *cost(inference.statistics)])


def demanded(accepted: Kind) -> str:
    """Return the kinds that a pointer's uses accept, as people write them."""
    return kinds(accepted if accepted == ANY else accepted & ~BESIDE)


def clashing(explanation: Explanation) -> Kind:
    """Return the kinds that are known to arrive and are not accepted."""
    e = explanation
    return e.arrives & ~e.demanded if e.demanded and e.arrives != ANY else Kind.NONE


def explain(explanation: Explanation, colours: Style = PLAIN) -> str:
    """Return what the pointer at a place can be and what is asked of it, with the evidence for both."""
    e = explanation
    inside = f" in {e.function}()" if e.function else ""
    lines = [
        f"{_place(e, colours)} '{visible(e.expression)}'{inside}",
        f"  can be:     {kinds(e.arrives)}",
        f"  must be:    {demanded(e.demanded)}",
        f"  descriptor: {_verdict(e.descriptor)}",
    ]
    if clash := clashing(e):
        lines.append(f"  clash:      {kinds(clash)} arrives and is not accepted")
    for title, steps in (("arrives because:", e.because), ("demanded because:", e.demands)):
        if steps:
            lines.append(f"  {title}")
        for step in steps:
            text = visible(" ".join(step.text.split()))
            lines.append(f"    {visible(step.file)}:{step.line}: {visible(step.note)}: {text}")
    if e.others:
        shown = ", ".join(f"'{visible(said)}' (column {at})" for at, said in e.others[:_MOST_OTHERS])
        more = f" and {len(e.others) - _MOST_OTHERS} more" if len(e.others) > _MOST_OTHERS else ""
        lines.append(f"  also on this line: {shown}{more}; FILE:LINE:COLUMN explains one of them")
    return "".join(f"{line}\n" for line in lines)
