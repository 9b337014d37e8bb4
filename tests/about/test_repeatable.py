"""Two runs on the same input print the same bytes, however they are run."""

import json
from pathlib import Path

import pytest

from conftest import Run

TREE = Path(__file__).parents[2] / "examples" / "tree"
WAYS = (
    (["--jobs", "1", "--no-cache"], "0"),
    (["--jobs", "2", "--no-cache"], "1"),
    (["--jobs", "2"], "2"),
    (["--jobs", "2"], "3"),
)
"""Options and seed of Python's hashes: alone, in parallel, filling the cache, reading it."""


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_check(form: str, memdesc: Run) -> None:
    """Findings come in one order; of the JSON only the statistics tell how the run went."""
    said = set()
    for words, seed in WAYS:
        ended = memdesc("check", TREE, "--format", form, *words, environment={"PYTHONHASHSEED": seed})
        assert ended.returncode == 1, ended.stderr
        said.add(ended.stdout if form != "json" else json.dumps({**json.loads(ended.stdout), "stats": 0}))
    assert len(said) == 1


def test_infer(memdesc: Run) -> None:
    """So do entities."""
    said = set()
    for seed in "0", "1":
        ended = memdesc("infer", TREE, environment={"PYTHONHASHSEED": seed})
        assert ended.returncode == 0, ended.stderr
        said.add(ended.stdout)
    assert len(said) == 1
    assert said != {""}
