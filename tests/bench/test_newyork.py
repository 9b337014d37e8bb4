"""The table of what breaks under --interpretation newyork, and the verdicts beside it."""

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from conftest import CHECKOUT
from memdesc.findings.model import Finding, Interpretation
from memdesc.findings.registry import rules

VERDICTS = sorted((CHECKOUT / "bench" / "verdicts").glob("newyork-*.tsv"))


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("bench_newyork", CHECKOUT / "bench" / "newyork.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def found(finding: Finding) -> Callable[..., list[Finding]]:
    """Makes findings of one rule in files."""
    return lambda rule, *files: [
        replace(finding, rule=rule, file=file, line=n, function=f"f{n}") for n, file in enumerate(files)
    ]


def test_every_rule_of_the_reading_has_a_column(bench: ModuleType) -> None:
    """And no other rule has one."""
    assert set(bench.TITLES) == {
        name for name, rule in rules().items() if rule.interpretation is Interpretation.NEWYORK
    }


def test_places_are_counted_by_subsystem(bench: ModuleType, found: Callable[..., list[Finding]]) -> None:
    """Each is counted once, small subsystems together in the last row but the sum."""
    findings = [
        *found("folio-page-member", "fs/ext4/a.c", "fs/ext4/b.c", "fs/ext4/b.c", "mm/a.c"),
        *found("raw-descriptor-cast", "fs/ext4/a.c", "drivers/net/ethernet/x/y.c"),
    ]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in bench.table(findings)[2:]]
    columns = list(bench.TITLES)
    member, cast = columns.index("folio-page-member") + 1, columns.index("raw-descriptor-cast") + 1
    assert [(row[0], row[member], row[cast], row[-1]) for row in rows] == [
        ("fs/ext4", "3", "1", "4"),
        ("2 others", "1", "1", "2"),
        ("**all**", "4", "2", "6"),
    ]


def test_a_sample_stays_when_lines_move(bench: ModuleType, found: Callable[..., list[Finding]]) -> None:
    """It is drawn by identity, so that verdicts last; another seed draws another."""
    findings = found("folio-page-member", *(f"mm/{n}.c" for n in range(100)))
    moved = [replace(f, line=f.line + 7) for f in reversed(findings)]
    drawn = bench.sampled(findings, "folio-page-member", 30, "newyork")
    assert len(drawn) == 30
    assert [f.id for f in bench.sampled(moved, "folio-page-member", 30, "newyork")] == [f.id for f in drawn]
    assert {f.id for f in bench.sampled(findings, "folio-page-member", 30, "x")} != {f.id for f in drawn}


@pytest.mark.parametrize("path", VERDICTS, ids=lambda path: path.stem)
def test_verdicts_are_one_of_three_and_say_why(bench: ModuleType, path: Path) -> None:
    """An id, a verdict, a reason; no id twice."""
    lines = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line[:1] != "#"]
    assert len({row[0] for row in lines}) == len(lines) > 0
    for row in lines:
        assert len(row) == 3, row
        assert len(row[0]) == 16, row
        assert row[1] in ("true", "false", "open"), row
        assert row[2], row
    assert len(bench.verdicts(path)) == len(lines)
