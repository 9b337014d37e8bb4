"""What the kernel's maintainers made of page pointers, and what `memdesc infer` makes of them beforehand.

    python bench/history.py OLD_TREE NEW_TREE [--jobs N] [--list] [--sample N] [--seed N] [--json FILE]

The truth is history: a parameter or result that was a `struct page *` in the old tree and points to another
descriptor in the new one (`bench/pairing.py` says which function is which). The answer is what the inference
says on the old tree alone. Prints how many it decides, how many of those are right, where it is wrong and
why; then how many of the pointers that are still pages it would convert, and a sample of these, for people to
judge. Whoever tunes the inference looks at one half of the functions (a hash of the name says which) and
reports both.
"""

import argparse
import hashlib
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level
from memdesc.inference.declare import Entity, Role
from memdesc.kinds import Kind
from pairing import Change, changes, functions, pairs

DISPUTED = Path(__file__).with_name("disputed.tsv")
"""Rows whose truth says something else than that the pointer was another descriptor's all along, each with the
reason: the function was rewritten to do for a whole folio what it did for one page. Whoever adds one reads both
bodies and does not look at the answer."""
FEW = 6
"""Subsystems with fewer pointers share a line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One pointer: what became of it, and what was said of it (None: undetermined, or not read at all)."""

    change: Change
    entity: Entity | None

    @property
    def said(self) -> str | None:
        return self.entity.descriptor if self.entity else None

    @property
    def place(self) -> str:
        old = self.change.pair.old
        where = "result" if self.change.index is None else old.parameters[self.change.index].name
        return f"{old.file}:{old.lines[0]}: {old.name}(): {where}"

    @property
    def disputed(self) -> str:
        """Why the truth is disputable, empty when it is not."""
        old = self.change.pair.old
        where = "result" if self.change.index is None else old.parameters[self.change.index].name
        return disputed().get((old.file, old.name, where), "")

    @property
    def half(self) -> int:
        """0 or 1, by the name of the function."""
        return hashlib.blake2b(self.change.pair.old.name.encode(), digest_size=2).digest()[0] & 1

    @property
    def subsystem(self) -> str:
        parts = self.change.pair.old.file.split("/")
        return "/".join(parts[: 2 if parts[0] in ("fs", "drivers", "net") and len(parts) > 2 else 1])

    @property
    def cause(self) -> str:
        """Why the answer is missing or wrong, as far as the answer itself tells."""
        entity = self.entity
        if entity is None:
            return "undetermined: the function is not read, or a part of it does not parse"
        if entity.descriptor is None:
            if not entity.evidence:
                known = "its memory is known, but" if entity.arrives else "neither its memory is known, nor"
                return f"undetermined: {known} a use that would tell"
            tail = " and it may be a tail" if entity.arrives & Kind.TAIL else ""
            return f"undetermined: its uses fit a folio and a page{tail}"
        if entity.descriptor == "page" and entity.arrives & Kind.TAIL:
            return "said page: it may be a tail, and is used as this very page"
        return f"said {entity.descriptor}: by its uses"


@cache
def disputed() -> dict[tuple[str, str, str], str]:
    """Return (file, function, parameter or "result") -> why its truth is disputable."""
    lines = DISPUTED.read_text("utf-8").splitlines()[1:]
    table = (line.split("\t") for line in lines)
    return {(file, function, name): why for file, function, name, why in table}


def rows(found: Iterable[Change], entities: Iterable[Entity]) -> list[Row]:
    """Return each change with what was said of it; alternatives of an `#if` count as one."""
    named: dict[tuple[str, str, int | None], list[Entity]] = defaultdict(list)
    for entity in entities:
        if entity.role in (Role.PARAM, Role.RETURN):
            named[entity.file, entity.function, entity.index].append(entity)
    out: dict[tuple[str, str, int | None], Row] = {}
    for change in found:
        old = change.pair.old
        key = (old.file, old.name, change.index)
        group = named.get(key, [])
        first, last = old.lines
        here = [e for e in group if first <= e.line <= last]
        out.setdefault(key, Row(change, (here or group or [None])[0]))
    return list(out.values())


@dataclass(frozen=True, slots=True)
class Score:
    """Of `total` pointers, `decided` have an answer, and `right` of these the one that history gave."""

    total: int
    decided: int
    right: int

    @property
    def decided_share(self) -> float:
        return self.decided / max(1, self.total)

    @property
    def right_share(self) -> float:
        return self.right / max(1, self.decided)

    def __str__(self) -> str:
        return (
            f"{self.total} pointers, {self.decided} decided ({self.decided_share:.1%}), "
            f"{self.right} of these right ({self.right_share:.1%})"
        )


def score(found: Sequence[Row]) -> Score:
    """Return how well the answers fit."""
    decided = [r for r in found if r.said is not None]
    return Score(len(found), len(decided), sum(r.said == r.change.truth for r in decided))


def measure(old: Path, new: Path, jobs: int) -> tuple[list[Row], "Counter[str]", "Counter[str]"]:
    """Return all rows, how the functions were paired, and what was given up, by reason."""
    dropped: Counter[str] = Counter()
    paired = list(pairs(functions(old, jobs), functions(new, jobs), dropped))
    found = [change for pair in paired for change in changes(pair, dropped)]
    options = pipeline.Options(
        jobs=jobs, cache=True, level=Level.WARNING, interpretation=Interpretation.OTTAWA
    )
    asked = [old, *(folder for folder in (old / "tools",) if folder.is_dir())]
    inference = pipeline.infer(asked, old, options, lambda *_: None)
    return rows(found, inference.entities), Counter(p.how for p in paired), dropped


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("old", type=Path, metavar="OLD_TREE")
    parser.add_argument("new", type=Path, metavar="NEW_TREE")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--list", action="store_true", help="print every pointer that is wrong or undetermined"
    )
    parser.add_argument("--sample", type=int, default=50, help="how many conversions of pages to print")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything to FILE as well")
    options = parser.parse_args()
    found, how, dropped = measure(options.old, options.new, options.jobs)
    changed = [r for r in found if r.change.truth != "page"]
    stayed = [r for r in found if r.change.truth == "page"]
    print(f"functions paired: {', '.join(f'{n} {word}' for word, n in how.most_common())}")
    table("given up", dropped)
    table("pointers by what they became", Counter(r.change.truth for r in changed))
    print(f"\nall:    {score(changed)}")
    beyond = [r for r in changed if not r.disputed]
    print(f"without {len(changed) - len(beyond)} disputable: {score(beyond)}")
    for half in (0, 1):
        print(f"half {half}: {score([r for r in changed if r.half == half])}")
    confusion(changed)
    by_subsystem(changed)
    table("wrong and undetermined, by cause", Counter(r.cause for r in changed if r.said != r.change.truth))
    if options.list:
        print()
        for row in sorted((r for r in changed if r.said != r.change.truth), key=lambda r: r.place):
            evidence = "; ".join(row.entity.evidence) if row.entity else ""
            print(f"{row.place} became {row.change.truth}, said {row.said}; {row.cause}; {evidence}")
    table(
        f"{len(stayed)} pointers are still pages; what is said of them",
        Counter(r.said or "undetermined" for r in stayed),
    )
    converted = [
        r for r in stayed if r.said not in (None, "page") and not r.change.pair.old.file.startswith("tools/")
    ]
    chosen = sample(converted, options.sample, options.seed)
    print(f"\n{len(chosen)} of the {len(converted)} that would be converted, seed {options.seed}:")
    for row in chosen:
        print(f"  {row.place}: {row.said}; {'; '.join(row.entity.evidence[:2]) if row.entity else ''}")
    if options.json:
        options.json.write_text(json.dumps(record(found, how, dropped), indent=1) + "\n")
    return 0


def table(title: str, counts: "Counter[str]") -> None:
    """Print counts, the largest first."""
    print(f"\n{title}:")
    for word, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        print(f"  {number:5}  {word}")


def confusion(found: Sequence[Row]) -> None:
    """Print which answers stand for which truth."""
    counts = Counter((r.change.truth, r.said or "undetermined") for r in found)
    truths = sorted({truth for truth, _ in counts})
    answers = sorted({said for _, said in counts})
    print("\n" + "became \\ said".ljust(16) + "".join(a.rjust(14) for a in answers))
    for truth in truths:
        print(truth.ljust(16) + "".join(str(counts[truth, a]).rjust(14) for a in answers))


def by_subsystem(found: Sequence[Row]) -> None:
    """Print the score of each part of the kernel."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        groups[row.subsystem].append(row)
    small = [name for name, group in groups.items() if len(group) < FEW]
    groups["others"] = [row for name in small for row in groups.pop(name)]
    print("\n" + "subsystem".ljust(20) + "pointers".rjust(10) + "decided".rjust(10) + "right".rjust(10))
    for name, group in sorted(groups.items(), key=lambda item: (item[0] == "others", -len(item[1]), item[0])):
        got = score(group)
        print(
            f"{name.ljust(20)}{got.total:10}"
            f"{format(got.decided_share, '.0%').rjust(10)}{format(got.right_share, '.0%').rjust(10)}"
        )


def sample(found: Sequence[Row], size: int, seed: int) -> list[Row]:
    """Return a sample that depends on the rows and the seed alone, in the order of place."""
    ordered = sorted(found, key=lambda r: r.place)
    chosen = random.Random(seed).sample(ordered, min(size, len(ordered)))
    return sorted(chosen, key=lambda r: r.place)


def record(found: Sequence[Row], how: "Counter[str]", dropped: "Counter[str]") -> dict[str, object]:
    """Return everything as JSON would have it."""
    changed = [r for r in found if r.change.truth != "page"]
    got = score(changed)
    return {
        "pointers": got.total,
        "decided": got.decided,
        "right": got.right,
        "paired": dict(how),
        "dropped": dict(dropped),
        "rows": [
            {
                "place": row.place,
                "new": f"{row.change.pair.new.file}:{row.change.pair.new.lines[0]}: {row.change.pair.new.name}()",
                "how": row.change.pair.how,
                "became": row.change.truth,
                "said": row.said,
                "half": row.half,
                "disputed": row.disputed,
                "cause": row.cause if row.said != row.change.truth else "",
                "arrives": list(row.entity.arrives.names) if row.entity else [],
                "evidence": list(row.entity.evidence) if row.entity else [],
            }
            for row in sorted(found, key=lambda r: r.place)
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
