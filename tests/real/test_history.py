"""From 6.1 alone the inference says what the maintainers made of page pointers until 6.12."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).parents[2]
pytestmark = [pytest.mark.real, pytest.mark.xdist_group("whole kernel")]


@pytest.fixture(scope="module")
def measured(kernels: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What bench/history.py says; it uses the cache that other tests filled."""
    report = tmp_path_factory.mktemp("history") / "report.json"
    subprocess.run(
        [sys.executable, CHECKOUT / "bench" / "history.py", *kernels, "--json", report],
        check=True, capture_output=True, timeout=30 * 60,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path_factory.getbasetemp() / "cache")},
    )  # fmt: skip
    loaded: dict[str, Any] = json.loads(report.read_text())
    return loaded


def _shares(rows: list[dict[str, Any]]) -> tuple[float, float]:
    decided = [row for row in rows if row["said"] is not None]
    return len(decided) / len(rows), sum(row["said"] == row["became"] for row in decided) / len(decided)


def test_history_is_known(measured: dict[str, Any]) -> None:
    """Hundreds of pointers changed for certain, to more than one descriptor."""
    assert measured["pointers"] > 400
    changed = {row["became"] for row in measured["rows"]} - {"page"}
    assert {"folio", "netmem", "ptdesc"} <= changed


@pytest.mark.parametrize("half", [0, 1])
def test_most_is_decided_and_nearly_all_of_it_right(measured: dict[str, Any], half: int) -> None:
    """At least 70% decided, and right in at least 90% of that, where it was tuned and where it was not."""
    rows = [row for row in measured["rows"] if row["became"] != "page" and row["half"] == half]
    decided, right = _shares(rows)
    assert decided >= 0.70
    assert right >= 0.90


def test_few_pages_would_be_converted(measured: dict[str, Any]) -> None:
    """Of the pointers that are still pages, most are left alone."""
    rows = [row for row in measured["rows"] if row["became"] == "page"]
    assert sum(row["said"] not in (None, "page") for row in rows) / len(rows) < 0.21
