"""Kept results: they come back as they were; what is none is told from them."""

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from damaged_json import changed
from memdesc.findings import kept
from memdesc.findings.model import Finding, Level, Statistics, Step, Unread
from memdesc.findings.registry import rules
from memdesc.kinds import Kind

STEP = Step("mm/a.c", 3, 7, "f", "\tput_page(p);", "a step \udc80 \x1b[31m é")
FINDING = Finding(
    next(iter(rules())), Level.ERROR, "mm/a.c", 3, 7, "f", "p", Kind.SLAB, Kind.FILE | Kind.UNTYPED_TABLE, "m",
    "put_page", "kmalloc", (STEP, STEP),
)  # fmt: skip
STATISTICS = Statistics(5, 4, 3, 2, (Unread("a.c", "", "no"),), 1, {"read": 1.5}, 1 << 40, 7, 8, "its own")
OTHERS = {"Kconfig": b"hash", "mm/\udcff.h": b""}


def test_results_come_back() -> None:
    """All but the seconds, which are of the run that made them."""
    for findings in ((), (FINDING,), (FINDING, replace(FINDING, level=Level.NOTE, source=""))):
        again = kept.unpack(kept.pack(findings, STATISTICS, OTHERS))
        assert again == (findings, replace(STATISTICS, seconds={}), OTHERS)
        assert all(isinstance(f.level, Level) and isinstance(f.arrives, Kind) for f in again[0])


@pytest.mark.parametrize(
    "other", [None, True, -1, 1 << 70, 1.5, "", "no rule", [], {}, [[]], {"a": 1}, float("nan")], ids=repr
)
def test_every_value_is_looked_at(other: object) -> None:
    """Of another type, missing, or once too often: none of it is believed, unless it is a result too."""
    good = json.loads(kept.pack((FINDING,), STATISTICS, OTHERS))
    for bad in changed(good, other):
        found = kept.unpack(json.dumps(bad).encode())
        if found is not None:
            assert kept.unpack(kept.pack(*found)) == found
            assert all(f.rule in rules() and f.trace for f in found[0])


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"\x80\x04K\x01.",
        b"[" * 100_000,
        b"[" + b"9" * 100_000 + b",[],[]]",
        b"\xff",
        b"[[],[],[[]]]",
        b"null",
    ],
    ids=lambda blob: repr(blob[:8]),
)
def test_other_bytes(blob: bytes) -> None:
    """A pickle, nesting without end, numbers without end."""
    assert kept.unpack(blob) is None


def test_damaged_results() -> None:
    """Bytes changed at random are a result or none."""
    blob = kept.pack((FINDING, FINDING), STATISTICS, OTHERS)
    random.seed(3)
    for _ in range(5_000):
        bad = bytearray(blob)
        for _ in range(random.randrange(1, 4)):
            bad[random.randrange(len(bad))] = random.choice(b'[]{},:"\\0192aeE-. \xff')
        kept.unpack(bytes(bad))


@given(st.lists(st.text(max_size=4)))
def test_paths_come_back(paths: list[str]) -> None:
    """In their order by name, whatever they are; what is no list of paths is told from one."""
    assert kept.unpack_paths(kept.pack_paths(paths)) == sorted(paths)
    for blob in (b"", b"{}", b"[1]", b"[" * 5000, b"\xff"):
        assert kept.unpack_paths(blob) is None
