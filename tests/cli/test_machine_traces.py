"""`memdesc machine compare` and `run --trace`: what they print, and what they refuse in one line."""

import json
from pathlib import Path

import pytest

from conftest import Run

TRACE = Path(__file__).parents[1] / "machine/traces/debian-6.12.trace"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--trace", "none", "--design", "linux-6.12"], "none: cannot be read: No such file or directory"),
        (["--trace", __file__, "--design", "linux-6.12"], "is no trace of memdesc machine record"),
        (["--trace", TRACE, "--design", "no-such-design"], "no-such-design"),
        (["--trace", TRACE, "--design", "linux-6.12", "--memory", "lots"], "'lots' is no size"),
        (["--trace", TRACE, "--design", "linux-6.12", "--memory", "4K"], "--memory"),
        (["--trace", TRACE, "--design", "linux-6.12", "-o", "no/such/file"], "no such folder"),
    ],
)
def test_bad_input_is_one_line(memdesc: Run, words: list[str | Path], says: str) -> None:
    """Status 2, one line on standard error, nothing on standard output."""
    made = memdesc("machine", "compare", *words)
    assert (made.returncode, made.stdout) == (2, "")
    assert made.stderr.count("\n") == 1
    assert says in made.stderr


def test_a_design_that_lacks_a_member_says_which(memdesc: Run, tmp_path: Path) -> None:
    """A struct page without what folios need cannot run a trace with folios."""
    header = tmp_path / "thin.h"
    header.write_text("struct page {\n\tunsigned long flags;\n\tunsigned long private;\n};\n")
    made = memdesc("machine", "compare", "--trace", TRACE, "--design", header)
    assert made.returncode == 2
    assert made.stderr.count("\n") == 1
    assert "Traceback" not in made.stderr
    assert "bug in memdesc" not in made.stderr


def test_text_json_and_html_say_the_same(memdesc: Run, tmp_path: Path) -> None:
    """Two designs, three forms; JSON has the numbers, HTML needs nothing but itself."""
    common = ["--trace", TRACE, "--design", "linux-6.12", "--design", "memdesc-8", "--no-lines"]
    text = memdesc("machine", "compare", *common)
    assert text.returncode == 0, text.stderr
    for word in (
        "not attributed: 0.00 %",
        "over time",
        "descriptors at peak",
        "slabs of descriptors",
        "file since",
    ):
        assert word in text.stdout
    made = memdesc("machine", "compare", *common, "--format", "json")
    found = json.loads(made.stdout)
    assert [replay["run"]["design"] for replay in found["replays"]] == ["linux-6.12", "memdesc-8"]
    costs = [replay["run"]["costs"] for replay in found["replays"]]
    assert costs[0]["memmap_bytes"] == 8 * costs[1]["memmap_bytes"]
    assert costs[1]["peak_descriptor_bytes"] > costs[1]["memmap_bytes"]
    assert found["replays"][0]["attribution"]["share_unknown"] == 0
    assert found["agreement"]
    page = tmp_path / "page.html"
    assert memdesc("machine", "compare", *common, "--format", "html", "-o", page).returncode == 0
    html = page.read_text("utf-8")
    assert html.count("<svg") >= 10
    assert html.count("<figure>") == html.count("</figure>")
    for word in ("http:", "https:", "src=", "<script", "nan"):
        assert word not in html


def test_a_cut_trace_is_said_to_be_partial(memdesc: Run, tmp_path: Path) -> None:
    """One line on standard error, and the part that is there."""
    part = tmp_path / "part.trace"
    part.write_bytes(TRACE.read_bytes()[:120_000])
    made = memdesc("machine", "run", "--trace", part, "--design", "linux-6.12", "--no-lines")
    assert made.returncode == 0
    assert made.stderr == f"memdesc: {part}: was cut; this is about the part that is there\n"
    assert "PARTIAL" in made.stdout


def test_a_machine_of_another_size_reclaims_and_refuses(memdesc: Run) -> None:
    """A quarter of the memory: it goes on, and says how many pages it had no memory for."""
    made = memdesc(
        "machine",
        "compare",
        "--trace",
        TRACE,
        "--design",
        "memdesc-32",
        "--memory",
        "128M",
        "--no-lines",
        "--no-check",
    )
    assert made.returncode == 0, made.stderr
    assert "no memory" in made.stdout


def test_a_machine_that_does_not_fit_is_refused_before_any_replay(memdesc: Run) -> None:
    """Whatever the order of the designs, nothing is replayed when one of them needs memory that is not there."""
    common = ("--trace", TRACE, "--memory", "900T", "--design", "linux-6.12", "--design", "memdesc-8")
    made = memdesc("machine", "compare", *common)
    assert (made.returncode, made.stdout) == (2, "")
    assert made.stderr.count("\n") == 1
    assert "memdesc-8 describes free pages inside themselves" in made.stderr


def test_finished_designs_are_kept(memdesc: Run, tmp_path: Path) -> None:
    """A design that cannot hold the trace ends with 2, names itself, and the designs before it are reported."""
    header = tmp_path / "thin.h"
    header.write_text("struct page {\n\tunsigned long flags;\n\tunsigned long private;\n};\n")
    common = ("--trace", TRACE, "--no-lines", "--no-check")
    made = memdesc("machine", "compare", *common, "--design", "linux-6.12", "--design", header)
    assert made.returncode == 2
    assert "linux-6.12" in made.stdout
    assert "descriptors at peak" in made.stdout
    assert "not replayed; the report has the designs before" in made.stderr
    assert "thin.h" in made.stderr
