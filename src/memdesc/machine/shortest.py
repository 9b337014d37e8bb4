"""The shortest sequence of typed operations that makes generic code misread a page.

`shortest()` tries sequences of growing length, so that none that is shorter shows the same; states that were
reached before (the same bytes) are not tried again. Only operations on the kind in question are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

from memdesc.errors import InputError
from memdesc.layout.design import Design
from memdesc.layout.hazards import Report, check
from memdesc.machine.check import Checker, Misread
from memdesc.machine.handles import OF_KIND
from memdesc.machine.machine import Machine
from memdesc.machine.play import OPERATIONS, Operation, Play

MEMORY = 2 << 20
MOST = 8
TRIES = 500
MAPPABLE = "mappable"
EINVAL = 22


@dataclass(frozen=True, slots=True)
class Found:
    """A sequence. kind: of the page. operations: their names. misread: what they led to; None for a capability
    that is lost, which the last operation shows by being refused."""

    kind: str
    operations: tuple[str, ...]
    misread: Misread | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A hazard of the layout, and how it is shown."""

    rule: str
    descriptor: str
    by: Found


@dataclass(frozen=True, slots=True)
class NotShown:
    """A hazard of the layout that no sequence of up to `length` operations shows. why: empty, or that the
    machine does not have such pages."""

    rule: str
    descriptor: str
    length: int
    why: str = ""


def shortest(
    design: Design, rule: str, kinds: Sequence[str], most: int = MOST, tries: int = TRIES
) -> Found | int:
    """Return the shortest sequence after which the probe `rule` misreads a page of one of `kinds`; for the rule
    "mappable" one in which mapping such a page is refused. When there is none, return how long all sequences
    were that were tried.

    Every sequence is tried first, by length, up to `tries` of them; then those that repeat two operations, up
    to `most` long.
    Raises: InputError: the design cannot hold any of the kinds.
    """
    words = {kind: [op for op in OPERATIONS if op.kind in (kind, "memcg")] for kind in kinds}
    found = _in_step([_search(design, rule, kind, words[kind], tries) for kind in kinds], most)
    if not isinstance(found, int):
        return found
    pairs = [(kind, pair) for kind in kinds for pair in combinations(words[kind], 2)]
    other = _in_step([_search(design, rule, kind, pair, tries) for kind, pair in pairs], most)
    return found if isinstance(other, int) else other


def _in_step(searches: list[Iterator[Found | None]], most: int) -> Found | int:
    """Let all searches go through one length before any goes on to the next."""
    for length in range(1, most + 1):
        for search in list(searches):
            try:
                found = next(search)
            except StopIteration:
                searches.remove(search)
                if not searches:
                    return length - 1
                continue
            if found is not None:
                return found
    return most


def _search(
    design: Design, rule: str, kind: str, words: Sequence[Operation], tries: int
) -> Iterator[Found | None]:
    """Yield, for each length from 1 on, what was found at that length; end when there were too many."""
    seen: set[bytes] = set()
    level: list[tuple[Operation, ...]] = [()]
    while level:
        longer = []
        for start in level:
            for word in words:
                tries -= 1
                if not tries:
                    return
                way = (*start, word)
                play, checker = _play(design, way)
                checker.scan()
                misread = checker.misreads.get((rule, kind))
                refused = rule == MAPPABLE and (f"map {kind}", kind, EINVAL) in play.refused
                if misread is not None or refused:
                    yield Found(kind, tuple(op.name for op in way), misread)
                state = _state(play)
                if state not in seen:
                    seen.add(state)
                    longer.append(way)
        yield None
        level = longer


def _play(design: Design, way: tuple[Operation, ...]) -> tuple[Play, Checker]:
    machine = Machine(design, MEMORY)
    checker = Checker(machine)
    play = Play(machine)
    for number, word in enumerate(way, 1):
        machine.memmap.number, machine.memmap.operation = number, word.name
        play.do(word)
    return play, checker


def _state(play: Play) -> bytes:
    """Return a digest of what the sequence left: the memmap, and what it holds."""
    memmap = play.machine.memmap
    digest = blake2b(
        memmap.memory.bytes[memmap.start : memmap.start + memmap.pages * memmap.size], digest_size=16
    )
    digest.update(repr([(k, len(v)) for k, v in play.pages.items()]).encode())
    digest.update(repr((len(play.mapped), [len(o) for o in play.objects], len(play.processes))).encode())
    digest.update(bytes([play.machine.memcg.current is not None]))
    return digest.digest()


def show_hazards(design: Design, most: int = MOST, tries: int = TRIES) -> list[Shown | NotShown]:
    """Return, for each probe that can be fooled in `design` as `layout check` has it, how it is."""
    report = check(design)
    out: list[Shown | NotShown] = []
    for rule, descriptor in hazards_of(report):
        kinds = [k for d in report.descriptors if d.name == descriptor for k in d.kinds if k in OF_KIND]
        if not kinds:
            out.append(NotShown(rule, descriptor, 0, "the machine has no pages of this kind"))
            continue
        try:
            found = shortest(design, rule, kinds, most, tries)
        except InputError as error:
            out.append(NotShown(rule, descriptor, 0, error.why))
            continue
        out.append(
            NotShown(rule, descriptor, found) if isinstance(found, int) else Shown(rule, descriptor, found)
        )
    return out


def hazards_of(report: Report) -> list[tuple[str, str]]:
    """Return (rule, descriptor) of what a run can show: hazards that are reads, counts of mappings that are
    none, and the loss of being mappable."""
    found = []
    for verdict in report.verdicts:
        shows = verdict.probe.level == "hazard" or verdict.probe.name == "mapcount"
        typed = any(value.sort == "type" for _, value in verdict.hits)
        if verdict.state == "hit" and shows and not typed:
            found.append((verdict.probe.name, verdict.descriptor))
    for finding in report.findings:
        if finding.rule == "capability-lost" and finding.member == MAPPABLE:
            found.append((MAPPABLE, finding.descriptor))
    return list(dict.fromkeys(found))
