"""Compare what is found in a tree with the verdicts that somebody wrote down after reading the code.

    python bench/triage.py TREE docs/findings-6.12.md [--write]

Prints how many findings there are at the default level, how they were judged, which nobody has judged yet, and
which verdicts match nothing any more. --write brings the lines of the table up to date; new findings get a
question mark for a verdict. A finding is known again by its file, function and rule.
"""

import argparse
import os
import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from memdesc import pipeline
from memdesc.findings.model import Finding, Interpretation, Level, Report

VERDICTS = ("bug", "wrong by the rules", "false alarm", "?")
_ROW = re.compile(r"^\| `([^`:]+):(\d+)` \| `?([^`|]*?)`? \| ([\w-]+) \| (.*?) \| (.*?) \| (.*) \|$")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row: where, what was said, what a reader made of it and why."""

    file: str
    line: int
    function: str
    rule: str
    says: str
    verdict: str
    why: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it when lines move."""
        return self.file, self.function, self.rule

    @property
    def row(self) -> str:
        """The row as it stands in the table."""
        place = f"`{self.file}:{self.line}`"
        return f"| {place} | `{self.function}` | {self.rule} | {self.says} | {self.verdict} | {self.why} |"


def verdicts(text: str) -> list[Verdict]:
    """Return the rows of a page of verdicts, in order."""
    found = []
    for line in text.splitlines():
        match = _ROW.match(line)
        if match:
            file, number, function, rule, says, verdict, why = match.groups()
            found.append(Verdict(file, int(number), function, rule, says, verdict, why))
    return found


def judged(findings: tuple[Finding, ...], known: list[Verdict]) -> list[Verdict]:
    """Return a row for each finding: with the verdict that `known` has on it, or with a question mark."""
    left: dict[tuple[str, str, str], list[Verdict]] = {}
    for verdict in known:
        left.setdefault(verdict.key, []).append(verdict)
    rows = []
    for finding in findings:
        says = finding.message.replace("|", "\\|")
        new = Verdict(finding.file, finding.line, finding.function, finding.rule, says, "?", "not read yet")
        old = left.get(new.key)
        if old:
            taken = min(old, key=lambda verdict: abs(verdict.line - new.line))
            if len(old) > 1:
                old.remove(taken)
            new = replace(new, verdict=taken.verdict, why=taken.why)
        rows.append(new)
    return rows


def find(tree: Path) -> Report:
    """Return what the checker reports of a tree at its default level."""
    options = pipeline.Options(os.cpu_count() or 1, True, Level.WARNING, Interpretation.OTTAWA)
    return pipeline.check([tree], tree, options, lambda *_: None)


def table(rows: list[Verdict]) -> str:
    """Return the page's table."""
    head = ("| place | in | rule | what is said | verdict | why |", "|---|---|---|---|---|---|")
    return "\n".join([*head, *(row.row for row in rows)]) + "\n"


def summary(rows: list[Verdict]) -> str:
    """Return the sentence of figures."""
    counts = Counter(row.verdict for row in rows)
    right = sum(count for verdict, count in counts.items() if verdict in VERDICTS[:2])
    said = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    return f"{len(rows)} findings: {said}. {right / max(1, len(rows)):.0%} are no false alarms."


def main() -> int:
    """Run the comparison; status 1 where something is not judged."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tree", type=Path)
    parser.add_argument("page", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    text = arguments.page.read_text()
    known = verdicts(text)
    rows = judged(find(arguments.tree).findings, known)
    print(summary(rows))
    for row in rows:
        if row.verdict == "?":
            print(f"  not judged: {row.file}:{row.line} {row.function} [{row.rule}] {row.says}")
    keys = {row.key for row in rows}
    for verdict in known:
        if verdict.key not in keys:
            print(f"  matches nothing: {verdict.file}:{verdict.line} {verdict.function} [{verdict.rule}]")
    if arguments.write:
        before = text[: text.index("| place |")]
        before = re.sub(r"(?m)^\d+ findings: .*$", summary(rows), before)
        arguments.page.write_text(before + table(rows))
    return 1 if any(row.verdict == "?" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
