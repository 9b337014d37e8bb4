"""The fuzzers of bench/fuzz.py, for a moment each: no bug, no hang, and they do reach what they are to try."""

import mmap
import os
import random
import struct
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import fuzz
import fuzz_cache
import fuzz_inputs
from fuzz_targets import TARGETS, Target
from memdesc.kernel.dump import open_dump
from memdesc.source import packing

INPUTS = {"trace": 60, "kdump": 60, "c": 20, "databases": 40}


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_input(name: str, tmp_path: Path) -> None:
    """What is damaged is refused in one line, or taken, and both occur."""
    counts = fuzz.fuzz(name, 60, 7, tmp_path, most=INPUTS.get(name, 100))
    assert not counts.faults
    assert counts.inputs == INPUTS.get(name, 100)
    assert len(counts.ended) > 1


@pytest.mark.parametrize("name", [name for name in TARGETS if name not in ("kdump", "elf", "databases")])
def test_what_is_damaged_was_good(name: str, tmp_path: Path) -> None:
    """An input that is refused as it is would make a fuzzer that tries nothing."""
    target = TARGETS[name](tmp_path)
    assert set(target.feed(target.seeds[:1])) & {"taken", "taken and used", "without"}


@pytest.mark.parametrize("raw", [fuzz_inputs.cores()[0], *fuzz_inputs.kdumps()[:3]])
def test_the_dumps_hold_a_kernel(raw: bytes, tmp_path: Path) -> None:
    """Behind the page tables there are pages to count."""
    (tmp_path / "kernel").write_bytes(fuzz_inputs.kernel_types())
    (tmp_path / "dump").write_bytes(raw)
    source = open_dump(tmp_path / "dump", tmp_path / "kernel").source
    assert len(set(source.read(0, 64).kind.tolist())) > 6


@pytest.mark.parametrize("seed", [8589934858])
def test_found_before(seed: int, tmp_path: Path) -> None:
    """What was a fault of the databases once."""
    target = fuzz_cache.Databases(tmp_path)
    target.feed(target.damage(random.Random(seed), target.seeds[0]))


def test_a_fault_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the check of one bound, facts are taken that later stages cannot use."""
    monkeypatch.setattr(packing, "_edges_fit", lambda *_: True)
    monkeypatch.setattr(fuzz_cache, "_USED", 1)
    assert fuzz.fuzz("facts", 60, 5, tmp_path, most=60).faults


def _feeds(what: str, inputs: Sequence[bytes]) -> list[str]:
    if b"!" in inputs[0]:
        if what == "raises":
            raise KeyError(what)
        if what == "hangs":
            while True:
                time.sleep(1)
        os._exit(3)
    return ["taken"] * len(inputs)


@pytest.mark.parametrize(
    ("what", "kind"), [("raises", "KeyError at ?"), ("hangs", "Slow at ?"), ("ends", "ended by 3")]
)
def test_a_worker_is_replaced(what: str, kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What raises, hangs or ends the process is counted with its input, and the rest is fed all the same."""
    monkeypatch.setattr(fuzz, "MOST_SECONDS", 1)
    target = Target([b"a"], lambda source, _: source.choice((b"!", *[b"a"] * 19)), lambda i: _feeds(what, i))
    monkeypatch.setitem(TARGETS, "own", lambda _: target)
    counts = fuzz.guarded("own", 120, 1, tmp_path, tmp_path, 30, None)
    assert set(counts.faults) == {kind}
    assert counts.inputs >= 30
    assert b"!" in {path.read_bytes() for path in tmp_path.iterdir() if not path.suffix}


def test_a_clock_that_is_being_written_is_no_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    """struct.pack_into() clears what it writes to; whoever looks then sees no time at all."""
    monkeypatch.setattr(fuzz, "MOST_SECONDS", 0.1)
    space = mmap.mmap(-1, 64)
    child = os.fork()
    if child == 0:
        for turn in range(120):
            struct.pack_into("<IId", space, 0, 0, 0, time.monotonic() if turn % 2 else 0.0)
            time.sleep(0.01)
        os._exit(7)
    assert fuzz._waited(child, space) == 7
