"""The fuzzer of the cache: a short run of each target finds nothing, and a fault would be found."""

import random
from pathlib import Path

import pytest

import fuzz_cache
from memdesc.source import packing


@pytest.mark.parametrize("target", fuzz_cache.TARGETS)
def test_a_short_run(target: str) -> None:
    """Nothing raises, and both what is refused and what is taken occurs."""
    counts, faults, _ = fuzz_cache.run(target, 11, 20, 300)
    assert not faults, faults[0]
    assert counts.total() == 300
    assert len(counts) > 1


@pytest.mark.parametrize("seed", [8589934858])
def test_found_before(seed: int, tmp_path: Path) -> None:
    """What was a fault of the databases once."""
    fuzz_cache.Databases(str(tmp_path)).one(random.Random(seed))


def test_a_fault_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check of one bound, facts are taken that later stages cannot use."""
    monkeypatch.setattr(packing, "_edges_fit", lambda *_: True)
    monkeypatch.setattr(fuzz_cache, "_USED", 1.0)
    _, faults, _ = fuzz_cache.run("facts", 5, 20, 60)
    assert faults
