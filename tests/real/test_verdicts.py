"""The pages of verdicts speak of what is found today, and of nothing else."""

import importlib.util
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from conftest import CHECKOUT
from memdesc.source import kernel

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("whole kernel")]


MOST = 100
"""Findings at the default level that a tree may have, so that somebody reads them all."""
FALSE = 0.125
"""What part of them may be false alarms."""


@pytest.fixture(scope="module")
def triage() -> ModuleType:
    """bench/triage.py, which compares a page with a run."""
    spec = importlib.util.spec_from_file_location("triage", CHECKOUT / "bench" / "triage.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["triage"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("number", [0, 1], ids=["6.1", "6.12"])
def test_every_finding_has_a_row(number: int, kernels: tuple[Path, Path], triage: ModuleType) -> None:
    """Each finding has a row and a verdict, no row is left over; they are few, and most are worth reading."""
    tree = kernels[number]
    page = (CHECKOUT / "docs" / f"findings-{('6.1', '6.12')[number]}.md").read_text()
    release = kernel.release(tree)
    if f"({release})" not in page:
        pytest.skip(f"the page is about another release than {release}")
    known = triage.verdicts(page)
    with ProcessPoolExecutor(1) as apart:  # the tests that follow here need not carry a kernel's facts
        found = apart.submit(triage.find, tree).result()
    rows = triage.judged(found.findings, known)
    assert {verdict.key for verdict in known} == {row.key for row in rows}
    assert len(rows) <= MOST
    assert sum(row.verdict == "false alarm" for row in rows) <= FALSE * len(rows)
    for row in rows:
        assert row.verdict in triage.VERDICTS[:3]
        assert len(row.why.split()) >= 5
        for word in row.why.split():
            if word.startswith("docs/bugs/"):
                assert (CHECKOUT / word).exists()
