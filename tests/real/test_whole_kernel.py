"""The command on whole kernels: it runs to the end, and what it prints is true of the source."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from conftest import Run
from memdesc.kinds import BY_NAME

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("whole kernel")]


@lru_cache(maxsize=64)
def _lines(path: Path) -> list[str]:
    return [line.rstrip("\r") for line in path.read_bytes().decode("utf-8", "replace").split("\n")]


MINUTES = 60.0


@pytest.fixture(scope="module")
def checked(kernel: Path, tmp_path_factory: pytest.TempPathFactory) -> "subprocess.CompletedProcess[str]":
    """One cold run over the whole tree; it fills the cache that the tests below use."""
    return subprocess.run(
        [sys.executable, "-m", "memdesc", "check", str(kernel), "--format", "json", "--level", "note"],
        capture_output=True, text=True, check=False, timeout=30 * MINUTES,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path_factory.getbasetemp() / "cache")},
    )  # fmt: skip


@pytest.fixture(scope="module")
def said(checked: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    """Its report."""
    assert checked.returncode in (0, 1), checked.stderr
    assert "Traceback" not in checked.stderr
    loaded: dict[str, Any] = json.loads(checked.stdout)
    return loaded


def test_it_reads_nearly_everything(said: dict[str, Any]) -> None:
    """At most one function in a thousand is unread, and each of them is named."""
    stats = said["stats"]
    assert stats["functions"] > 10_000
    unread = stats["functions"] - stats["functions_read"]
    assert unread <= stats["functions"] / 1000
    assert len([u for u in stats["unread"] if u["name"]]) >= unread
    assert all(u["reason"] for u in stats["unread"])


def _steps(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for finding in said["findings"]:
        yield from finding["trace"]


def test_every_step_quotes_its_line(said: dict[str, Any], kernel: Path) -> None:
    """File, line, column and text of each step are those of the source."""
    for step in _steps(said):
        line = _lines(kernel / step["file"])[step["line"] - 1]
        assert step["text"] == line, step
        assert 1 <= step["column"] <= len(line.encode()) + 1, step
        assert step["note"], step


def test_every_finding_ends_at_its_place(said: dict[str, Any]) -> None:
    """A trace has a source and a use, the use last; what arrives is not all accepted."""
    for finding in said["findings"]:
        assert finding["trace"], finding
        last = finding["trace"][-1]
        assert (last["file"], last["line"]) == (finding["file"], finding["line"]), finding
        assert finding["arrives"], finding
        assert set(finding["arrives"]) - set(finding["accepts"]), finding
        assert set(finding["arrives"]) | set(finding["accepts"]) <= set(BY_NAME)


def test_findings_are_in_order(said: dict[str, Any]) -> None:
    """By file, then by line, then by column."""
    places = [(f["file"], f["line"], f["column"]) for f in said["findings"]]
    assert places == sorted(places)


def test_a_part_reports_what_the_whole_does_there(said: dict[str, Any], kernel: Path, memdesc: Run) -> None:
    """With a folder, the whole tree is the context and the folder is what is reported."""
    part = memdesc("check", kernel / "net", "--format", "json", "--level", "note", timeout=30 * MINUTES)
    expected = [finding["id"] for finding in said["findings"] if finding["file"].startswith("net/")]
    assert [finding["id"] for finding in json.loads(part.stdout)["findings"]] == expected


def test_a_second_run_prints_the_same(said: dict[str, Any], kernel: Path, memdesc: Run) -> None:
    """From the cache, in a fraction of the time."""
    again = json.loads(memdesc("check", kernel, "--format", "json", "--level", "note", timeout=600).stdout)
    assert {**again, "stats": 0} == {**said, "stats": 0}


@pytest.mark.usefixtures("said")
def test_a_baseline_of_everything_leaves_nothing(kernel: Path, tmp_path: Path, memdesc: Run) -> None:
    """Written and used on the same tree."""
    known = tmp_path / "known.jsonl"
    words = ("check", kernel, "--level", "note")
    assert memdesc(*words, "--write-baseline", known, timeout=600).returncode == 0
    ended = memdesc(*words, "--baseline", known, timeout=600)
    assert (ended.returncode, ended.stdout) == (0, "")
    assert "unused entry" not in ended.stderr
