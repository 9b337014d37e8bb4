"""Baselines: what is known stays hidden, what is new shows, what is gone is named."""

import contextlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memdesc.errors import InputError
from memdesc.findings import baseline
from memdesc.findings.model import Finding, Level


def test_a_baseline_hides_what_it_was_written_from(finding: Finding) -> None:
    """Round trip: nothing new, everything known, nothing unused."""
    other = replace(finding, expression="tx->other")
    entries = baseline.read(baseline.write([finding, other]), "known")
    assert baseline.compare([other, finding], entries, None) == baseline.Comparison((), 2, ())


def test_a_baseline_survives_edits_elsewhere(finding: Finding) -> None:
    """Other lines, another message or trace are the same finding."""
    entries = baseline.read(baseline.write([finding]), "known")
    moved = replace(finding, line=900, column=1, message="said otherwise", trace=())
    assert baseline.compare([moved], entries, None).new == ()


def test_a_second_misuse_in_the_same_expression_is_new(finding: Finding) -> None:
    """Findings that share an id are counted, so one more of them shows."""
    entries = baseline.read(baseline.write([finding, finding]), "known")
    assert [entry.count for entry in entries] == [2]
    assert len(baseline.compare([finding] * 3, entries, None).new) == 1


def test_an_entry_that_meets_nothing_is_unused(finding: Finding) -> None:
    """It is named where the run looked, and left alone where it did not."""
    entries = baseline.read(baseline.write([finding]), "known")
    for scope, named in ((None, True), (("net",), True), (("net/own/tx.c",), True), ((".",), True),
                         (("ne",), False), (("mm", "net/own/tx.h"), False)):  # fmt: skip
        assert bool(baseline.compare([], entries, scope).unused) is named, scope


def test_entries_of_lower_levels_are_not_expected(finding: Finding) -> None:
    """A run at a higher level cannot find them."""
    entries = baseline.read(baseline.write([replace(finding, level=Level.NOTE)]), "known")
    assert baseline.at_level(entries, Level.WARNING) == ()
    assert baseline.at_level(entries, Level.NOTE) == entries


def test_the_file_is_sorted_lines_with_hints(finding: Finding) -> None:
    """A diff of two baselines reads well: one line an entry, in the order of files."""
    later = replace(finding, file="z.c")
    text = baseline.write([later, finding, later])
    assert text == baseline.write([finding, later, later])
    rows = [json.loads(line) for line in text.splitlines()]
    assert [row["file"] for row in rows] == ["net/own/tx.c", "z.c"]
    assert rows[0]["function"] == "push"


def test_only_the_id_is_needed(finding: Finding) -> None:
    """Somebody may keep a list of ids by hand."""
    entries = baseline.read(json.dumps({"id": finding.id}) + "\n\n", "known")
    assert baseline.compare([finding], entries, None).known == 1


@pytest.mark.parametrize(
    "line", ["{", "[]", "3", '{"id": 1, "count": "many"}', '{"count": 1}', "[" * 100_000]
)
def test_a_damaged_line_is_named(line: str) -> None:
    """The message says where."""
    with pytest.raises(InputError, match=r"^known:2: not an entry of a baseline$"):
        baseline.read(f"\n{line}\n", "known")


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    """It is entries or an InputError, never anything else."""
    with contextlib.suppress(InputError):
        baseline.read(text, "known")
