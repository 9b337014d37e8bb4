"""Reads the marks of C fixtures: `/* memdesc: expect KIND -> SINK */` (tests/c/cases/README.md)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from memdesc.findings.model import Finding
from memdesc.kinds import BY_NAME

MARK = re.compile(r"/\* memdesc: (?P<word>\w+) (?P<kind>[\w-]+) -> (?P<sink>[\w>.-]+) \*/")


@dataclass(frozen=True)
class Mark:
    """What a line may be reported for."""

    line: int
    word: str
    kind: str
    sink: str

    def met_by(self, finding: Finding) -> bool:
        """Whether `finding` is the one meant."""
        return (
            finding.line == self.line
            and bool(finding.arrives & BY_NAME[self.kind])
            and finding.sink == self.sink
        )


def marks(path: Path) -> list[Mark]:
    """Return the marks of the file `path`, in the order of its lines."""
    lines = path.read_text("utf-8").split("\n")
    return [
        Mark(number, match["word"], match["kind"], match["sink"])
        for number, line in enumerate(lines, 1)
        for match in MARK.finditer(line)
    ]


def told(findings: Iterable[Finding]) -> str:
    """Return findings as lines for the message of a failing test."""
    lines = (f"{f.file}:{f.line}: {'|'.join(f.arrives.names)} -> {f.sink}: {f.message}" for f in findings)
    return "\n".join(lines) or "nothing"
