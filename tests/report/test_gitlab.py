"""GitLab's Code Quality: what its documentation asks of each issue."""

import json
from dataclasses import replace

from memdesc.findings.model import Finding, Level, Report
from memdesc.report import gitlab


def test_an_issue(report: Report, finding: Finding) -> None:
    """Rule, sentence, identity, severity and place."""
    report = replace(report, findings=(replace(finding, when="if it is large"),))
    assert json.loads(gitlab.check(report)) == [
        {
            "check_name": "slab-page-sent",
            "description": finding.message + " (if it is large)",
            "fingerprint": finding.id,
            "severity": "major",
            "location": {"path": "net/own/tx.c", "lines": {"begin": 9}},
        }
    ]


def test_two_of_the_same_identity(report: Report, finding: Finding) -> None:
    """Each has a fingerprint of its own, or GitLab would show one."""
    twice = (finding, replace(finding, line=12, level=Level.NOTE))
    issues = json.loads(gitlab.check(replace(report, findings=twice)))
    assert len({issue["fingerprint"] for issue in issues}) == 2
    assert [issue["severity"] for issue in issues] == ["major", "info"]


def test_nothing(report: Report) -> None:
    """An empty list is a report, too."""
    assert json.loads(gitlab.check(replace(report, findings=()))) == []
