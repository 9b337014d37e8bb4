"""Layouts, checks and differences as JSON, and checks as SARIF 2.1.0."""

import json
from dataclasses import asdict
from typing import Any

from memdesc import __version__
from memdesc.layout.chart import Chart
from memdesc.layout.compare import Difference
from memdesc.layout.hazards import Finding, Report
from memdesc.layout.probes import PROBES
from memdesc.layout.rules import STRUCTURAL


def render_chart(chart: Chart) -> str:
    """Return the chart's record as JSON."""
    return json.dumps(asdict(chart), indent=1) + "\n"


def render_difference(found: Difference) -> str:
    """Return a difference's record as JSON."""
    return json.dumps(asdict(found), indent=1) + "\n"


def render_report(report: Report) -> str:
    """Return a check's report as JSON: findings, verdicts by probe, capabilities."""
    return json.dumps(report_record(report), indent=1) + "\n"


def report_record(report: Report) -> dict[str, Any]:
    """Return the report as plain dictionaries and lists."""
    return {
        "design": report.design,
        "page": report.page,
        "page_size": report.page_size,
        "page_from": report.page_from,
        "abis": list(report.abis),
        "findings": [asdict(f) for f in report.findings],
        "verdicts": [
            {
                "probe": v.probe.name, "descriptor": v.descriptor, "state": v.state, "tail": v.tail,
                "anchor": v.anchor.path, "offset": v.anchor.offset,
                "hits": [{"member": c.path, "says": d.says} for c, d in v.hits],
                "beside": [{"member": c.path, "says": d.says} for c, d in v.beside],
            }
            for v in report.verdicts
        ],
        "capabilities": [asdict(r) for r in report.rights],
    }  # fmt: skip


def render_sarif(report: Report) -> str:
    """Return the findings of a check as SARIF 2.1.0; findings in BTF have a logical place only."""
    used = {f.rule for f in report.findings}
    meaning = {p.name: f"{p.by} {p.breaks}" for p in PROBES} | STRUCTURAL
    rules = [
        {"id": name, "shortDescription": {"text": text}} for name, text in meaning.items() if name in used
    ]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "memdesc layout", "version": __version__, "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(f) for f in report.findings],
            }
        ],
    }
    return json.dumps(log, indent=1) + "\n"


def _result(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {
        "logicalLocations": [
            {"fullyQualifiedName": f"{finding.descriptor}.{finding.member}".rstrip("."), "kind": "member"}
        ]
    }
    file, line, column = _place(finding.place)
    if line:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": file},
            "region": {"startLine": line, "startColumn": column},
        }
    return {
        "ruleId": finding.rule,
        "level": "error" if finding.level == "hazard" else "note",
        "message": {"text": f"{finding.descriptor}: {finding.says} ({finding.source})"},
        "locations": [location],
        "partialFingerprints": {"memdesc/v1": "/".join(finding.key)},
        "properties": {"abis": list(finding.abis), "offset": finding.offset},
    }


def _place(place: str) -> tuple[str, int, int]:
    file, _, column = place.rpartition(":")
    file, _, line = file.rpartition(":")
    return (file, int(line), int(column)) if line.isdigit() and column.isdigit() else ("", 0, 0)
