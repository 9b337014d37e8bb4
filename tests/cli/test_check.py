"""`memdesc check`: options, baseline, forms, statuses; the analysis itself is tested elsewhere."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from memdesc import checking, pipeline
from memdesc.cli.main import main
from memdesc.findings.model import Finding, Interpretation, Level, Report
from memdesc.source.survey import Progress

Check = Callable[..., int]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with the files that the finding names."""
    (tmp_path / "net" / "own").mkdir(parents=True)
    (tmp_path / "net" / "own" / "tx.c").write_text("int x;\n")
    (tmp_path / "mm").mkdir()
    (tmp_path / "mm" / "a.c").write_text("int y;\n")
    return tmp_path


@pytest.fixture
def seen(report: Report, tree: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """Let the pipeline return `report`, and note what it was asked."""
    asked: list[tuple[object, ...]] = []

    def check(
        paths: Sequence[Path],
        top: Path | None,
        options: pipeline.Options,
        progress: Progress,
        overlay: dict[Path, bytes],
    ) -> Report:
        assert not overlay
        asked.append((paths, top, options))
        progress("reading", 1, 2)
        return replace(report, tree=str(tree))

    monkeypatch.setattr(checking, "check", check)
    return asked


def test_findings_are_status_1_on_standard_output(
    seen: list[tuple[object, ...]], tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report goes to standard output, the summary to standard error."""
    assert main(["check", str(tree)]) == 1
    heard = capsys.readouterr()
    assert "net/own/tx.c:9:7: error: slab memory" in heard.out
    assert heard.err.startswith("1 error in 1 file\n")
    paths, top, options = seen[0]
    assert (paths, top) == ([tree], None)
    assert isinstance(options, pipeline.Options)
    assert (options.cache, options.level, options.interpretation) == (
        True,
        Level.WARNING,
        Interpretation.OTTAWA,
    )


def test_options_reach_the_pipeline(seen: list[tuple[object, ...]], tree: Path) -> None:
    """Every option of the command line is an option of the pipeline."""
    words = [
        "--level",
        "note",
        "--interpretation",
        "newyork",
        "--jobs",
        "3",
        "--no-cache",
        "--tree",
        str(tree),
    ]
    assert main(["check", str(tree / "mm"), *words]) == 1
    assert seen == [([tree / "mm"], tree, pipeline.Options(3, False, Level.NOTE, Interpretation.NEWYORK))]


def test_without_paths_the_tree_is_checked(seen: list[tuple[object, ...]], tree: Path) -> None:
    """--tree alone means all of it, and nothing at all means here."""
    main(["check", "--tree", str(tree)])
    assert seen[0][0] == [tree]


def test_exit_zero(seen: list[tuple[object, ...]], tree: Path) -> None:
    """--exit-zero is for callers that stop at any other status, as make does."""
    assert main(["check", str(tree), "--exit-zero"]) == 0
    assert seen


@pytest.mark.usefixtures("seen")
def test_output_to_a_file(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A report in a file has no colours, and standard output stays empty."""
    target = tmp_path / "out.json"
    assert main(["check", str(tree), "--format", "json", "--output", str(target)]) == 1
    assert json.loads(target.read_text())["findings"][0]["function"] == "push"
    assert capsys.readouterr().out == ""
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("missing/out", "cannot be written: no such folder"),
        ("mm", "is a folder; a file was expected"),
    ],
)
def test_an_output_that_cannot_be_written_is_refused_before_the_work(
    target: str, why: str, seen: list[tuple[object, ...]], tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody waits a minute to learn that the folder was misspelt."""
    assert main(["check", str(tree), "--output", str(tree / target)]) == 2
    assert capsys.readouterr().err == f"memdesc: {tree / target}: {why}\n"
    assert seen == []


@pytest.mark.usefixtures("seen")
def test_a_baseline_hides_what_it_holds(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Writing a baseline and using it leaves nothing to report."""
    known = tree / "known"
    assert main(["check", str(tree), "--write-baseline", str(known)]) == 0
    heard = capsys.readouterr()
    assert heard.out == ""
    assert f"memdesc: 1 finding written to {known}\n" in heard.err
    assert main(["check", str(tree), "--baseline", str(known)]) == 0
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err.startswith("nothing found (1 more in the baseline)\n")


def test_unused_entries_are_named_where_the_run_looked(
    seen: list[tuple[object, ...]],
    tree: Path,
    finding: Finding,
    report: Report,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An entry is unused only when the run covered its file."""
    known = tree / "known"
    main(["check", str(tree), "--write-baseline", str(known)])
    monkeypatch.setattr(checking, "check", lambda *_: replace(report, tree=str(tree), findings=()))
    capsys.readouterr()
    assert main(["check", str(tree / "mm"), "--baseline", str(known)]) == 0
    assert "unused" not in capsys.readouterr().err
    assert main(["check", str(tree / "net"), "--baseline", str(known)]) == 0
    assert f"memdesc: {known}: unused entry {finding.id} (net/own/tx.c: push: tx->page: slab-page-sent)" in (
        capsys.readouterr().err
    )
    assert seen


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{}\n", ":1: not an entry of a baseline"),
        ("\n[1]\n", ":2: not an entry of a baseline"),
        ("x", ":1: not"),
    ],
)
def test_a_damaged_baseline_is_named_with_its_line(
    text: str, why: str, tree: Path, seen: list[tuple[object, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    """A baseline is the user's file: one clear line, status 2."""
    (tree / "known").write_text(text)
    assert main(["check", str(tree), "--baseline", str(tree / "known")]) == 2
    assert capsys.readouterr().err.startswith(f"memdesc: {tree / 'known'}{why}")
    assert seen == []


@pytest.mark.usefixtures("seen")
def test_two_runs_print_identical_bytes(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing of the run itself, such as a time, is on standard output in text and SARIF."""
    for form in ("text", "sarif"):
        main(["check", str(tree), "--format", form])
        first = capsys.readouterr().out
        main(["check", str(tree), "--format", form])
        assert capsys.readouterr().out == first
