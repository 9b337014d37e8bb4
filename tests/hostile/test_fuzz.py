"""The fuzzers of bench/fuzz.py, for a moment each: no bug, no hang, and they do reach what they are to try."""

from pathlib import Path

import pytest

import fuzz

INPUTS = {"trace": 150, "core": 60, "header": 30, "btf": 60, "c": 15, "baseline": 15}


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_damaged_input(name: str, tmp_path: Path) -> None:
    """What is damaged is refused in one line, or taken."""
    counts = fuzz.fuzz(name, 60, 7, tmp_path, most=INPUTS[name])
    assert not counts.faults
    assert counts.inputs > 5


@pytest.mark.parametrize("name", [name for name in fuzz.TARGETS if name != "core"])
def test_what_is_damaged_was_good(name: str, tmp_path: Path) -> None:
    """An input that is refused as it is would make a fuzzer that tries nothing."""
    target = fuzz.TARGETS[name]
    path = tmp_path / f"input{target.suffix}"
    path.write_bytes(target.seeds()[0])
    for command in target.commands:
        status, said, fault = fuzz.run([str(path) if word == "FILE" else word for word in command.split()])
        assert not fault
        assert status in (0, 1), said
