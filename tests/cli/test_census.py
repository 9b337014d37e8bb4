"""`memdesc census` as a user runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Run


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--kernel", "vmlinuz"], "--kernel: goes with --dump"),
        (["--verify"], "--verify: goes with --dump"),
        (["--dump", "core", "--watch", "1"], "--watch: goes with a live machine"),
        (["--format", "parquet"], "--format parquet: needs --output FILE"),
        (["--format", "html", "--watch", "1"], "--format html: needs --output FILE"),
        (["--format", "parquet", "--watch", "1", "--output", "x"], "--watch: cannot be written as parquet"),
        (["--design", "memdesc-9"], "memdesc-9: is no file and no shipped design"),
        (["--output", "none/census.json"], "cannot be written: no such folder"),
        (["--by", "colour"], "invalid choice: 'colour'"),
        (["--watch", "0"], "is no number of seconds above 0"),
        (["--live", "--dump", "x"], "not allowed with argument"),
    ],
)
def test_bad_input_is_one_line(words: list[str], says: str, memdesc: Run) -> None:
    """And exit status 2, whoever runs it."""
    ended = memdesc("census", *words)
    assert ended.returncode == 2
    assert says in ended.stderr
    assert not ended.stdout
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(not os.access("/proc/kpageflags", os.R_OK), reason="needs root and /proc/kpageflags")
def test_watching_ends_when_interrupted(tmp_path: Path) -> None:
    """A census a line, and then a clean end."""
    command = [sys.executable, "-m", "memdesc", "census", "--watch", "0.2", "--format", "json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as running:
        assert running.stdout is not None
        lines = [running.stdout.readline() for _ in range(2)]
        running.send_signal(2)
        _, errors = running.communicate(timeout=60)
    assert running.returncode == 0, errors
    assert [json.loads(line)["origin"] for line in lines] == ["live", "live"]


@pytest.mark.skipif(not os.access("/proc/kpageflags", os.R_OK), reason="needs root and /proc/kpageflags")
def test_every_form_of_this_machine(memdesc: Run, tmp_path: Path) -> None:
    """To standard output or to a file, with everything asked for."""
    words = [word for name in ("kind", "order", "cgroup", "cache", "zone", "node") for word in ("--by", name)]
    ended = memdesc("census", "--live", *words, "--design", "memdesc-8", "--design", "proposal-2021")
    assert ended.returncode == 0, ended.stderr
    assert "By cache" in ended.stdout
    assert "memdesc-8" in ended.stdout
    for form in ("json", "html", "parquet"):
        path = tmp_path / f"census.{form}"
        ended = memdesc("census", *words, "--format", form, "--output", path)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
        assert path.stat().st_size > 10_000
    document = json.loads((tmp_path / "census.json").read_text("utf-8"))
    assert document["pages"] * document["page_bytes"] > 1 << 27
