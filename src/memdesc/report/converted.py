"""A conversion as a diff, as lines of text and as JSON."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from memdesc.convert.model import BOOTED, Conversion, Target, Verdict
from memdesc.escape import visible
from memdesc.report.unified import between

VERSION = 1


def diff(before: Mapping[str, bytes], made: Conversion) -> bytes:
    """Return a unified diff of the edits, byte for byte, as `git apply` and `patch -p1` take it."""
    return b"".join(between(path, before[path], (), edits)[0] for path, edits in made.edits.items())


def text(made: Conversion, verdicts: Sequence[Verdict]) -> str:
    """Return a line for every parameter, what becomes of it and why, and for every function that was compared."""
    lines = [f"{t.file}: {t.holder} {t.what}: converted" for t in made.converted]
    for no in made.refused:
        more = f" ({no.detail})" if no.detail else ""
        lines.append(f"{no.target.file}: {no.target.holder} {no.target.what}: stays: {no.reason}{more}")
    for verdict in verdicts:
        what = (
            f"{verdict.function}(): " if verdict.function else "" if verdict.says in BOOTED else "the file: "
        )
        lines.append(f"{verdict.file}: {what}{verdict.says}")
        lines += [f"    {line}" for line in verdict.lines]
    return "".join(visible(line) + "\n" for line in lines)


def as_json(made: Conversion, verdicts: Sequence[Verdict]) -> str:
    """Return the same as JSON."""
    record = {
        "version": VERSION,
        "converted": [_target(t) for t in made.converted],
        "refused": [
            {
                **_target(no.target),
                "reason": no.reason.name.lower().replace("_", "-"),
                "why": str(no.reason),
                "detail": no.detail,
            }
            for no in made.refused
        ],
        "verified": [
            {
                "file": v.file,
                "function": v.function,
                "verdict": v.says.name.lower().replace("_", "-"),
                "lines": v.lines,
            }
            for v in verdicts
        ],
    }
    return json.dumps(record, indent=2) + "\n"


def _target(target: Target) -> dict[str, object]:
    """Return a target as JSON: with an index if it is a parameter, with a name and a line if it is a local or a
    member, whose function is the tag of its struct."""
    record: dict[str, object] = {"file": target.file, "function": target.function, "role": target.role}
    if target.index >= 0:
        return {**record, "index": target.index}
    return {**record, "name": target.name, "line": target.line} if target.name else record


def summary(made: Conversion, verdicts: Sequence[Verdict]) -> str:
    """Return what came of it: counts, and the reasons of what stays."""
    files = len(made.edits)
    roles = Counter(target.role for target in made.converted)
    parts = [_count(roles[role], role) for role in ("parameter", "result", "local", "member") if roles[role]]
    said = f"{', '.join(parts) or 'nothing'} converted in {_count(files, 'file')}, "
    said += f"{len(made.refused)} stay\n"
    for reason, count in Counter(str(no.reason) for no in made.refused).most_common():
        said += f"{count:7}  {reason}\n"
    ran = [v for v in verdicts if v.says in BOOTED]
    compiled = [v for v in verdicts if v.says not in BOOTED]
    for name, group in (
        ("files", [v for v in compiled if not v.function]),
        ("functions", [v for v in compiled if v.function]),
        ("exercises", [v for v in ran if not v.function]),
        ("assertions", [v for v in ran if v.function]),
    ):
        if group:
            parts = [f"{count} {says}" for says, count in Counter(str(v.says) for v in group).most_common()]
            said += f"{name}: {', '.join(parts)}\n"
    return said


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
