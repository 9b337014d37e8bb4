"""Findings and inferences as JSON: the records themselves, field by field.

The form is version 1; a change that a reader could trip over raises VERSION.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from memdesc.escape import dumps
from memdesc.findings.model import Difference, Finding, Report
from memdesc.inference.declare import Entity, Inference
from memdesc.records import Statistics

VERSION = 1


def check(report: Report) -> str:
    """Return `report` as one JSON object, a finding a line."""
    head = {"version": VERSION, "tree": report.tree, "kernel": report.kernel}
    return _document(head, "findings", map(_finding, report.findings), report.statistics)


def patches(report: Report, differences: Sequence[Difference]) -> str:
    """Return what each patch does as one JSON object, a patch a line; `report` says of which tree."""
    head = {"version": VERSION, "tree": report.tree, "kernel": report.kernel}
    rows = (
        {
            "subject": one.subject,
            "added": [
                {**_finding(each.finding), "cause": asdict(each.cause) if each.cause else None}
                for each in one.added
            ],
            "mended": [_finding(finding) for finding in one.mended],
        }
        for one in differences
    )
    return _document(head, "patches", rows, report.statistics)


def infer(inference: Inference) -> str:
    """Return `inference` as one JSON object, an entity a line."""
    head = {
        "version": VERSION,
        "tree": inference.tree,
        "kernel": inference.kernel,
        "design": inference.design,
        "types": list(inference.types),
    }
    return _document(head, "entities", map(_entity, inference.entities), inference.statistics)


def _document(head: dict[str, Any], name: str, rows: Iterable[dict[str, Any]], stats: Statistics) -> str:
    """Return head, rows and statistics as one object, laid out so that line tools can read it too."""
    lines = [f"{_text(key)}: {_text(value)}" for key, value in head.items()]
    listed = ",\n".join(map(_text, rows))
    lines.append(f"{_text(name)}: [\n{listed}\n]" if listed else f"{_text(name)}: []")
    lines.append(f'"stats": {_text(asdict(stats))}')
    return "{" + ",\n".join(lines) + "}\n"


def _text(value: Any) -> str:
    return dumps(value, separators=(", ", ": "))


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "rule": finding.rule,
        "level": finding.level.word,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "function": finding.function,
        "expression": finding.expression,
        "arrives": list(finding.arrives.names),
        "accepts": list(finding.accepts.names),
        "message": finding.message,
        "when": finding.when,
        "trace": [asdict(step) for step in finding.trace],
    }


def _entity(entity: Entity) -> dict[str, Any]:
    return {
        "file": entity.file,
        "line": entity.line,
        "function": entity.function,
        "role": entity.role.value,
        "name": entity.name,
        "index": entity.index,
        "declared": entity.declared,
        "arrives": list(entity.arrives.names),
        "demanded": list(entity.demanded.names),
        "descriptor": entity.descriptor,
        "evidence": list(entity.evidence),
        "why": entity.why,
        "grounds": [asdict(ground) for ground in entity.grounds],
    }
