"""Layouts rendered: text, SVG, HTML, JSON and SARIF say what the records say, and the same every time."""

import json
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import pytest

from memdesc.layout import design
from memdesc.layout.abi import ABIS
from memdesc.layout.chart import Chart, chart
from memdesc.layout.compare import compare
from memdesc.layout.hazards import Report, check, check_all
from memdesc.report import layout_diff, layout_html, layout_json, layout_svg, layout_text


@pytest.fixture(scope="module")
def picture() -> Chart:
    """Give the picture of the newest kernel's design."""
    loaded = design.load("linux-6.18")
    return chart(loaded, (), check(loaded))


@pytest.fixture(scope="module")
def report() -> Report:
    """Give the newest kernel's report for all ABIs."""
    return check_all([design.load("linux-6.18", abi) for abi in ABIS.values()])


def test_text_chart(picture: Chart) -> None:
    """Each word starts at its column; members that are read by mistake are marked."""
    lines = layout_text.render_chart(picture, 160).splitlines()
    ruler = lines[1]
    slab = next(n for n, line in enumerate(lines) if line.startswith("slab "))
    column = ruler.index("|24")
    assert lines[slab][column : column + 10] == "|slab_list"
    assert lines[slab + 2][column] == "!"
    assert lines[slab + 2][column + 1 : column + 4] == "sla"
    for width in (20, 60, 400):
        assert layout_text.render_chart(picture, width).count("\n") == len(lines)


def test_svg_is_xml_with_every_member(picture: Chart) -> None:
    """The drawing parses, and each box has a tooltip with its member."""
    root = ElementTree.fromstring(layout_svg.render_chart(picture))
    space = "{http://www.w3.org/2000/svg}"
    tips = {t.text for t in root.iter(f"{space}title")}
    assert "slabs: byte 24, 4 bytes" in tips
    assert "slab_cache: byte 8, 8 bytes" in tips
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    for box in root.iter(f"{space}rect"):
        x, y = float(box.get("x", "0")), float(box.get("y", "0"))
        assert x + float(box.get("width", "0")) <= width
        assert y + float(box.get("height", "0")) <= height


def test_html_is_balanced(picture: Chart) -> None:
    """Every element is closed, and names are escaped."""
    open_tags: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag: str, _: object) -> None:
            if tag not in ("meta", "br"):
                open_tags.append(tag)

        def handle_startendtag(self, tag: str, _: object) -> None:
            assert tag

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

    text = layout_html.render_chart(picture)
    Checker().feed(text)
    assert open_tags == []
    assert "slab: 64 bytes" in text


def test_json(picture: Chart, report: Report) -> None:
    """JSON is the record itself."""
    drawn = json.loads(layout_json.render_chart(picture))
    assert drawn["page_size"] == 64
    assert [row["name"] for row in drawn["rows"]][:2] == ["page", "folio"]
    record = json.loads(layout_json.render_report(report))
    assert [f["rule"] for f in record["findings"]] == [f.rule for f in report.findings]
    assert {c["capability"] for c in record["capabilities"]} >= {"mappable", "refcounted"}
    hits = [v for v in record["verdicts"] if v["state"] == "hit" and v["probe"] == "anon-bit"]
    assert [h["member"] for h in hits[0]["hits"]] == ["slabs"]


def test_sarif(report: Report) -> None:
    """Each finding is a result with a rule that is described, a level and, in a header, a place."""
    log = json.loads(layout_json.render_sarif(report))
    run = log["runs"][0]
    assert log["version"] == "2.1.0"
    described = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert len(run["results"]) == len(report.findings)
    for result, finding in zip(run["results"], report.findings, strict=True):
        assert result["ruleId"] in described
        assert result["level"] == ("error" if finding.level == "hazard" else "note")
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "linux-6.18.h"
        assert place["region"]["startLine"] > 1
        assert result["partialFingerprints"]["memdesc/v1"] == "/".join(finding.key)


def test_text_report(report: Report) -> None:
    """Findings name their ABIs only when they do not hold on all that were checked."""
    text = layout_text.render_report(report)
    assert "slab.slabs [anon-bit] [only x86_64, i386, arm64, arm, riscv64, powerpc]" in text
    assert "slab.slab_list.prev [freed-mapping]\n" in text
    assert "slab is not refcounted: its pages are frozen: _refcount stays 0." in text
    clean = layout_text.render_report(check(design.load("proposal-2021")))
    assert "No hazards." in clean


def test_diff() -> None:
    """Moves, encodings, hazards and readers are all told, in text and in JSON."""
    found = compare(design.load("linux-6.1"), design.load("linux-6.12"))
    text = layout_diff.render_difference(found)
    assert "moved    slab_cache: byte 24 -> 8" in text
    assert "PGTY_slab" in text
    assert "makedumpfile 5f17bdd" in text
    assert "New hazards" in text
    assert json.loads(layout_json.render_difference(found))["before"] == "linux-6.1"
    same = compare(design.load("linux-6.1"), design.load("linux-6.1"))
    assert "No struct differs." in layout_diff.render_difference(same)


def test_two_runs_print_the_same(picture: Chart, report: Report) -> None:
    """Nothing depends on the order of sets or on addresses."""
    loaded = design.load("linux-6.18")
    again = chart(loaded, (), check(loaded))
    assert layout_svg.render_chart(again) == layout_svg.render_chart(picture)
    assert layout_json.render_chart(again) == layout_json.render_chart(picture)
    twice = check_all([design.load("linux-6.18", abi) for abi in ABIS.values()])
    assert layout_json.render_report(twice) == layout_json.render_report(report)
