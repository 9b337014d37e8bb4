"""The JSON is the record: exactly the documented names, in order, whatever the text holds."""

import json
from dataclasses import replace

from memdesc.findings.model import Report
from memdesc.inference.declare import Entity, Inference, Role
from memdesc.kinds import CAPABILITIES, Kind
from memdesc.records import Statistics
from memdesc.report import json_report


def test_a_report(report: Report) -> None:
    """Every documented name is there and no other."""
    said = json.loads(json_report.check(report))
    assert list(said) == ["version", "tree", "kernel", "findings", "stats"]
    assert (said["version"], said["tree"], said["kernel"]) == (1, "/src/linux", "6.1.0")
    (finding,) = said["findings"]
    assert " ".join(finding) == (
        "id rule level file line column function expression arrives accepts message when trace"
    )
    assert finding["id"] == report.findings[0].id
    assert (finding["level"], finding["arrives"]) == ("error", ["slab"])
    assert finding["accepts"] == list(CAPABILITIES["sendable"].kinds.names)
    assert list(finding["trace"][0]) == ["file", "line", "column", "function", "text", "note"]
    assert said["stats"] == {
        "files": 3, "files_read": 2, "functions": 12, "functions_read": 11,
        "unread": [{"file": "net/own/big.c", "name": "", "reason": "larger than 32 MiB"}],
        "cache_hits": 1, "seconds": {"read": 0.5, "solve": 0.25}, "peak_memory_bytes": 64 << 20,
        "nodes": 100, "edges": 200, "layout": "", "functions_defined": 40,
    }  # fmt: skip


def test_nothing_found(report: Report) -> None:
    """An empty list is a list."""
    assert json.loads(json_report.check(replace(report, findings=())))["findings"] == []


def test_an_undecodable_name_survives(report: Report) -> None:
    """A file name that is not UTF-8 comes back as it went in."""
    odd = replace(report, tree="/src/\udcff")
    written = json_report.check(odd).encode("utf-8", "backslashreplace")
    assert json.loads(written)["tree"] == "/src/\udcff"


def test_an_inference() -> None:
    """`index` and `descriptor` are null where there is none."""
    entity = Entity(
        "a.c", 3, "f", Role.LOCAL, "p", None, "struct page *", Kind.SLAB, Kind.FILE, None, ("why",)
    )
    said = json.loads(json_report.infer(Inference("/src", "6.1", (entity,), Statistics())))
    assert list(said) == ["version", "tree", "kernel", "design", "types", "entities", "stats"]
    assert said["entities"] == [
        {
            "file": "a.c", "line": 3, "function": "f", "role": "local", "name": "p", "index": None,
            "declared": "struct page *", "arrives": ["slab"], "demanded": ["file"], "descriptor": None,
            "evidence": ["why"], "why": "", "grounds": [],
        }
    ]  # fmt: skip
