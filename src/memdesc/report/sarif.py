"""Findings as SARIF 2.1.0, with the trace as a code flow and the rules' pages as help.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0. The log holds no times and no counts of
the cache, so that two runs on the same input are the same bytes.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from memdesc import __version__
from memdesc.escape import dumps
from memdesc.findings.model import Finding, Report, Rule
from memdesc.records import Step, Unread

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BASE = "TREE"
FINGERPRINT = "memdescFinding/v1"

Json = dict[str, Any]


def check(report: Report, rules: Mapping[str, Rule], page: Callable[[str], str]) -> str:
    """Return `report` as a SARIF log.

    Args: rules: every rule by name. page: gives the Markdown page of the rule called so.
    """
    names = list(rules)
    run: Json = {
        "tool": {
            "driver": {
                "name": "memdesc",
                "semanticVersion": __version__,
                "rules": [_rule(rule, page(rule.name)) for rule in rules.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": [_result(finding, names) for finding in report.findings],
    }
    if report.tree:
        run["originalUriBaseIds"] = {BASE: {"uri": Path(report.tree).absolute().as_uri() + "/"}}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return dumps(log, indent=1) + "\n"


def _rule(rule: Rule, markdown: str) -> Json:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.summary},
        "help": {"text": markdown, "markdown": markdown},
        "defaultConfiguration": {"level": rule.level.word},
        "properties": {
            "impact": rule.impact.value,
            "interpretation": rule.interpretation.value,
            "falsePositives": rule.false_positives,
            "sources": list(rule.sources),
            "since": rule.since,
        },
    }


def _invocation(report: Report) -> Json:
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [_notification(unread) for unread in report.statistics.unread],
    }


def _notification(unread: Unread) -> Json:
    what = f"{unread.name} was not read" if unread.name else "not read"
    return {
        "level": "note",
        "message": {"text": f"{what}: {unread.reason}"},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(unread.file)}}],
    }


def _result(finding: Finding, names: list[str]) -> Json:
    text = finding.trace[-1].text if finding.trace and finding.trace[-1].line == finding.line else ""
    result: Json = {
        "ruleId": finding.rule,
        "level": finding.level.word,
        "message": {"text": finding.message},
        "locations": [_location(finding, text)],
        "partialFingerprints": {FINGERPRINT: finding.id},
        "properties": {"arrives": list(finding.arrives.names), "accepts": list(finding.accepts.names)},
    }
    if finding.when:
        result["properties"]["when"] = finding.when
    if finding.rule in names:
        result["ruleIndex"] = names.index(finding.rule)
    if finding.trace:
        flow = [
            {"location": _location(step, step.text, step.note), "executionOrder": number}
            for number, step in enumerate(finding.trace, 1)
        ]
        result["codeFlows"] = [{"threadFlows": [{"locations": flow}]}]
    return result


def _location(at: Finding | Step, text: str, note: str = "") -> Json:
    region: Json = {"startLine": max(at.line, 1), "startColumn": _column(at.column, text)}
    if text:
        region["snippet"] = {"text": text}
    location: Json = {"physicalLocation": {"artifactLocation": _artifact(at.file), "region": region}}
    if at.function:
        location["logicalLocations"] = [{"name": at.function, "kind": "function"}]
    if note:
        location["message"] = {"text": note}
    return location


def _column(column: int, text: str) -> int:
    """Return the column in characters of byte column `column` of the line `text`."""
    if not text or text.isascii():
        return max(column, 1)
    before = text.encode("utf-8", "surrogateescape")[: column - 1]
    return len(before.decode("utf-8", "replace")) + 1


def _artifact(file: str) -> Json:
    path = Path(file)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(os.fsencode(file)), "uriBaseId": BASE}
