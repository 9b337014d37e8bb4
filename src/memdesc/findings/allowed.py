"""Suppression comments: findings that the author of the code has looked at and stands by.

    kfree(buf);  /* memdesc: allow mismatched-free: buf is never from vmalloc() here */

The comment stands on the line of the finding or on the line before. It names one rule and gives a reason. What it
suppresses is counted; one that suppresses nothing, names no rule or gives no reason is told.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from memdesc.errors import meant
from memdesc.findings.model import Allowance, Finding
from memdesc.places import Lines

_COMMENT = re.compile(rb"(?:/\*|//)[ \t*]*memdesc:[ \t]+allow\b[ \t]*([^\n]*)")
_SAID = re.compile(r"([\w-]*)\s*(?::\s*(.*?))?\s*(?:\*/.*)?", re.S)


def read(file: str, text: bytes, rules: Iterable[str]) -> tuple[Allowance, ...]:
    """Return the suppression comments of a file, in order; those that can suppress nothing say why."""
    known = frozenset(rules)
    lines = Lines(text)
    found = []
    for match in _COMMENT.finditer(text):
        said = _SAID.fullmatch(match[1].decode("utf-8", "replace"))
        rule, reason = (said[1], (said[2] or "").strip()) if said else ("", "")
        found.append(Allowance(file, lines.line(match.start()), rule, reason, _wrong(rule, reason, known)))
    return tuple(found)


def _wrong(rule: str, reason: str, known: frozenset[str]) -> str:
    if not rule:
        return "names no rule"
    if rule not in known:
        return f"there is no rule {rule}{meant(rule, sorted(known))}"
    return "" if reason else "gives no reason, and is not followed"


def apply(
    findings: Iterable[Finding],
    allowances: Mapping[str, tuple[Allowance, ...]],
    judged: frozenset[str] | None,
) -> tuple[tuple[Finding, ...], int, tuple[Allowance, ...]]:
    """Return (findings that no comment suppresses, how many are suppressed, comments that suppress none).

    Args: allowances: by file. judged: rules that were asked for, None for all: of others nothing is said.
    """
    places = {
        (file, line, one.rule): one
        for file, held in allowances.items()
        for one in held
        if not one.wrong
        for line in (one.line, one.line + 1)
    }
    used: set[Allowance] = set()
    left = []
    count = 0
    for finding in findings:
        one = places.get((finding.file, finding.line, finding.rule))
        if one is None:
            left.append(finding)
        else:
            used.add(one)
            count += 1
    unused = [
        one if one.wrong else replace(one, wrong="suppresses nothing")
        for held in allowances.values()
        for one in held
        if one not in used and (one.wrong or judged is None or one.rule in judged)
    ]
    return tuple(left), count, tuple(sorted(unused, key=lambda one: (one.file, one.line)))
