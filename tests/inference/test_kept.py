"""Inferences kept: they come back as they were; what is none is told from them."""

import json
import random
from dataclasses import replace

import pytest

from damaged_json import changed
from memdesc.inference import kept
from memdesc.inference.declare import Entity, Ground, Role
from memdesc.inference.kept import Whole
from memdesc.kinds import Kind
from memdesc.records import Statistics, Unread

ENTITY = Entity(
    "mm/a.c", 3, "f", Role.PARAM, "p", 0, "struct page *", Kind.SLAB, Kind.FILE | Kind.UNTYPED_TABLE, "slab",
    ("a use \udc80 é",), "because", (Ground("mm/b.h", 4, "f()", "whole"),),
)  # fmt: skip
OTHER = replace(ENTITY, file="mm/b.c", role=Role.RETURN, index=None, descriptor=None, grounds=())
STATISTICS = Statistics(5, 4, 3, 2, (Unread("a.c", "", "no"),), 1, {"read": 1.5}, 1 << 40, 7, 8, "its own")
WHOLE = Whole((ENTITY, ENTITY, OTHER), STATISTICS, "the tree", ("folio", "slab"), ("mm/a.c",))
TEXTS = {"Kconfig": b"hash", "mm/\udcff.h": b""}


def test_inferences_come_back() -> None:
    """All but the seconds; of entities those of the files that are asked for."""
    expected = replace(WHOLE, statistics=replace(STATISTICS, seconds={}))
    blob = kept.pack(WHOLE, TEXTS)
    found = kept.unpack(blob, lambda _: True)
    assert found == (expected, TEXTS)
    assert all(isinstance(e.role, Role) and isinstance(e.arrives, Kind) for e in found[0].entities)
    assert kept.unpack(blob, lambda file: file == "mm/b.c") == (replace(expected, entities=(OTHER,)), TEXTS)


@pytest.mark.parametrize("other", [None, True, -1, 1 << 70, 1.5, "", [], {}, [[]], float("nan")], ids=repr)
def test_every_value_is_looked_at(other: object) -> None:
    """Of another type, missing, or once too often: none of it is believed, unless it is an inference too."""
    good = json.loads(kept.pack(WHOLE, TEXTS))
    refused = 0
    for bad in changed(good, other):
        found = kept.unpack(json.dumps(bad).encode(), lambda _: True)
        refused += found is None
        assert found is None or kept.unpack(kept.pack(*found), lambda _: True) == found
    assert refused > 40


@pytest.mark.parametrize(
    "blob",
    [b"", b"\x80\x04K\x01.", b"[" * 100_000, b"\xff", b"[[],[],[[]],[]]", b"null"],
    ids=lambda b: repr(b[:8]),
)
def test_other_bytes(blob: bytes) -> None:
    """A pickle, nesting without end."""
    assert kept.unpack(blob, lambda _: True) is None


def test_damaged_inferences() -> None:
    """Bytes changed at random are an inference or none."""
    blob = kept.pack(WHOLE, TEXTS)
    random.seed(3)
    for _ in range(3_000):
        bad = bytearray(blob)
        for _ in range(random.randrange(1, 4)):
            bad[random.randrange(len(bad))] = random.choice(b'[]{},:"\\0192aeE-. \xff')
        kept.unpack(bytes(bad), lambda _: True)
