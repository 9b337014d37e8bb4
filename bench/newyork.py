"""Print what breaks in a kernel tree once descriptors are separate from struct page: bench/newyork.py TREE

A table by subsystem of the findings that belong to `--interpretation newyork`, and a sample of each rule with the
verdicts of those who read the code. docs/newyork-*.md is what it prints:

    python bench/newyork.py TREE --verdicts bench/verdicts/newyork-6.12.tsv > docs/newyork-6.12.md

A verdict is a line `ID<TAB>true|false|open<TAB>why` in that file; --unjudged lists the sampled findings that have
none, with the code around them. The sample is drawn with a fixed seed among the findings' ids, which hold no line
numbers, so that it stays the same while findings do.
"""

import argparse
import hashlib
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from memdesc import pipeline
from memdesc.findings.model import Finding, Interpretation, Level

TITLES = {
    "page-folio-unchecked": "R1 page_folio() may be NULL",
    "compound-head-of-described": "R2 compound_head() of described memory",
    "count-of-folio-page": "R3 count of a folio's page",
    "reference-to-misc-page": "R5 reference to bare memory",
    "folio-flag-through-page": "R10 folio flag through page",
    "folio-page-member": "R12 `folio->page`",
    "raw-descriptor-cast": "R12 raw cast",
}
"""Rule -> its column; all rules of the reading, and none that holds today already."""
DEEP = ("drivers", "fs", "net", "arch", "sound")
FEW = 3
"""Subsystems with fewer findings share the last row."""


def subsystem(path: str) -> str:
    """Return the part of the kernel that a file belongs to, by its folder."""
    parts = path.split("/")
    if len(parts) > 2 and parts[0] in DEEP:
        return "/".join(
            parts[: 3 if parts[:2] in (["drivers", "net"], ["drivers", "gpu"]) and len(parts) > 3 else 2]
        )
    return parts[0]


def table(findings: Sequence[Finding]) -> list[str]:
    """Return the rows of the table, as Markdown."""
    counts: dict[str, Counter[str]] = {}
    for finding in findings:
        counts.setdefault(subsystem(finding.file), Counter())[finding.rule] += 1
    total: Counter[str] = sum(counts.values(), Counter())
    few = [name for name, count in counts.items() if count.total() < FEW]
    rest: Counter[str] = sum((counts.pop(name) for name in few), Counter())
    rows = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    rows = [*rows, *([(f"{len(few)} others", rest)] if few else []), ("**all**", total)]
    lines = [f"| | {' | '.join(TITLES.values())} | all |", f"|---|{'---:|' * (len(TITLES) + 1)}"]
    for name, count in rows:
        cells = (str(count[rule] or "") for rule in TITLES)
        lines.append(f"| {name} | {' | '.join(cells)} | {count.total()} |")
    return lines


def sampled(findings: Sequence[Finding], rule: str, number: int, seed: str) -> list[Finding]:
    """Return at most `number` findings of a rule, drawn by the hash of seed and id, by place."""
    of_rule = {f.id: f for f in findings if f.rule == rule}
    drawn = sorted(of_rule, key=lambda i: hashlib.blake2b(f"{seed}\0{i}".encode()).digest())[:number]
    return sorted((of_rule[i] for i in drawn), key=lambda f: (f.file, f.line, f.column))


def verdicts(path: Path | None) -> dict[str, tuple[str, str]]:
    """Return id -> (verdict, why)."""
    if path is None:
        return {}
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if line and line[0] != "#")
    return {row[0]: (row[1], row[2]) for row in rows}


def samples(
    findings: Sequence[Finding], judged: Mapping[str, tuple[str, str]], number: int, seed: str
) -> list[str]:
    """Return a table of each rule's sample with its verdicts, as Markdown."""
    lines = []
    for rule, title in TITLES.items():
        drawn = sampled(findings, rule, number, seed)
        if not drawn:
            continue
        of = sum(f.rule == rule for f in findings)
        said = Counter(judged.get(f.id, ("not judged", ""))[0] for f in drawn)
        told = ", ".join(
            f"{n} {word}" for word, n in sorted(said.items(), key=lambda item: (-item[1], item[0]))
        )
        lines += [
            "",
            f"### {title}",
            "",
            f"`{rule}`: {len(drawn)} of {of}; {told}.",
            "",
            "| place | what | verdict | why |",
            "|---|---|---|---|",
        ]
        for finding in drawn:
            verdict, why = judged.get(finding.id, ("not judged", ""))
            what = finding.message.partition(", which accepts")[0].partition(": ")[0].replace("|", "\\|")
            lines.append(
                f"| {finding.file}:{finding.line} {finding.function}() | {what} | {verdict} | {why} |"
            )
    return lines


def unjudged(
    findings: Sequence[Finding], judged: Mapping[str, object], root: Path, number: int, seed: str
) -> None:
    """Print the sampled findings without a verdict, with their traces and the code around them."""
    for rule in TITLES:
        for finding in sampled(findings, rule, number, seed):
            if finding.id in judged:
                continue
            print(
                f"== {finding.id} {rule} {finding.file}:{finding.line} {finding.function}()\n   {finding.message}"
            )
            for step in finding.trace:
                print(f"   {step.file}:{step.line} {step.text.strip()}  <- {step.note}")
            text = (root / finding.file).read_text("utf-8", "replace").split("\n")
            for at in range(max(0, finding.line - 9), min(len(text), finding.line + 5)):
                print(f"{at + 1:6}{'>' if at + 1 == finding.line else ' '} {text[at]}")


def main() -> int:
    """Check the tree and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tree", type=Path)
    parser.add_argument("--verdicts", type=Path)
    parser.add_argument("--sample", type=int, default=30)
    parser.add_argument("--seed", default="newyork")
    parser.add_argument("--unjudged", action="store_true")
    arguments = parser.parse_args()
    options = pipeline.Options(len(os.sched_getaffinity(0)), True, Level.NOTE, Interpretation.NEWYORK)
    report = pipeline.check([arguments.tree], arguments.tree, options, lambda *_: None)
    findings = [f for f in report.findings if f.rule in TITLES]
    judged = verdicts(arguments.verdicts)
    if arguments.unjudged:
        unjudged(findings, judged, arguments.tree, arguments.sample, arguments.seed)
        return 0
    lines = [*HEAD.format(kernel=report.kernel).split("\n"), *table(findings)]
    if arguments.sample:
        lines += [*MIDDLE.split("\n"), *samples(findings, judged, arguments.sample, arguments.seed)]
    print("\n".join(lines))
    return 0


HEAD = """# What breaks in Linux {kernel} when descriptors are separate

Printed by `bench/newyork.py`; the rules are those of `memdesc rule`, the reading is `--interpretation newyork`
([inference.md](inference.md)). Each number counts places in the source, all configurations and architectures
together. A place of R1, R2, R3 and R5 is counted when memory that it does not accept is seen to arrive there;
those of R10 and R12 break whatever arrives. R4, references to slab pages, is an error today
already, and among the findings of `memdesc check`.
"""
MIDDLE = """
## How true it is

A sample of each rule, drawn with a fixed seed, and read. *true*: the place breaks, or has to change, under this
reading. *false*: it does not. *open*: the code alone does not tell. What is false has two causes: memory of two
users meets in one container or member (see the limits in inference.md), and a page that was held off the buddy
allocator is taken for what it was before. Whether PG_locked and PG_waiters stay with the page is undecided, so they
are not counted, nor are flags that are set by their bits in `page->flags`.
"""


if __name__ == "__main__":
    sys.exit(main())
