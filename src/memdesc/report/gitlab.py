"""Findings as a report of GitLab's Code Quality: a list of issues with a fingerprint, a severity and a place each.

Source: GitLab's documentation, "Code Quality report format". A fingerprint holds no line number, so that an issue is
known again after an edit elsewhere; GitLab shows only one of those that have the same.
"""

from collections import Counter
from typing import Any

from memdesc.escape import dumps
from memdesc.findings.model import Finding, Level, Report

_SEVERITIES = {Level.ERROR: "major", Level.WARNING: "minor", Level.NOTE: "info"}


def check(report: Report) -> str:
    """Return `report`, whose files are paths below the top of the repository, as such a list."""
    before: Counter[str] = Counter()
    issues = []
    for finding in report.findings:
        issues.append(_issue(finding, before[finding.id]))
        before[finding.id] += 1
    return dumps(issues, indent=1) + "\n"


def _issue(finding: Finding, before: int) -> dict[str, Any]:
    """Return an issue. Args: before: how many of the same identity stand before it."""
    return {
        "check_name": finding.rule,
        "description": finding.message + (f" ({finding.when})" if finding.when else ""),
        "fingerprint": f"{finding.id}-{before}" if before else finding.id,
        "severity": _SEVERITIES[finding.level],
        "location": {"path": finding.file, "lines": {"begin": max(finding.line, 1)}},
    }
