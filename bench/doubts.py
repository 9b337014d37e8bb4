"""Count what each doubt holds back in trees: the findings that are notes for its sake.

    python bench/doubts.py docs/doubts.md TREE... [--write]

A column a tree: how many findings a doubt speaks against, and in brackets how many no other doubt speaks against:
those would be reported without it. --write brings the page's table up to date.
"""

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from memdesc import pipeline
from memdesc.findings import judge
from memdesc.findings.doubts import DOUBTS
from memdesc.findings.model import Interpretation, Level
from memdesc.source.kernel import release

_MARK = "\N{RECORD SEPARATOR}"
_HEAD = "| doubt | what speaks for the code |"


def every(reasons: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return the first doubt, and the names of all that hold; these come out at the end of the finding's message."""
    names = list(dict.fromkeys(name for name, _ in reasons))
    return (names[0], _MARK + " ".join(names)) if names else ("", "")


def counted(tree: Path) -> tuple[int, int, Counter[str], Counter[str]]:
    """Return (findings that are reported, those held back, per doubt those at all, and those for it alone)."""
    options = pipeline.Options(os.cpu_count() or 1, False, Level.NOTE, Interpretation.OTTAWA)
    found = pipeline.check([tree], tree, options, lambda *_: None).findings
    said = [f.message.partition(_MARK)[2].partition(";")[0].split() for f in found if _MARK in f.message]
    alone = Counter(names[0] for names in said if len(names) == 1)
    return (
        sum(f.level > Level.NOTE for f in found),
        len(said),
        Counter(name for names in said for name in names),
        alone,
    )


def table(trees: list[Path]) -> str:
    """Return the page's table and the sentence below it."""
    names, figures = [release(tree) for tree in trees], [counted(tree) for tree in trees]
    lines = [f"{_HEAD} {' | '.join(names)} |", "|---|---|" + "---|" * len(trees)]
    for name, about in DOUBTS.items():
        cells = [f"{held[name]} ({alone[name]})" for _, _, held, alone in figures]
        lines.append(f"| `{name}` | {about} | {' | '.join(cells)} |")
    reported = " | ".join(f"{held} held back, {shown} reported" for shown, held, *_ in figures)
    return "\n".join([*lines, f"| all | | {reported} |"]) + "\n"


def main() -> int:
    """Count, and print or write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("page", type=Path)
    parser.add_argument("trees", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    judge.weighed = every
    text = table(arguments.trees)
    print(text, end="")
    if arguments.write:
        page = arguments.page.read_text()
        start = page.index(_HEAD)
        rest = re.match(r"(?:\|[^\n]*\n)*", page[start:])
        assert rest is not None
        arguments.page.write_text(page[:start] + text + page[start + rest.end() :])
    return 0


if __name__ == "__main__":
    sys.exit(main())
