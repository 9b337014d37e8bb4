"""Two small kernels: what is measured of them is what a person counts."""

import subprocess
import sys
from pathlib import Path

import pytest

from history import Row, main, rows, sample, score
from memdesc.inference.declare import Entity, Role
from memdesc.kinds import Kind
from pairing import Change, Function, Pair, Parameter

WHOLE = "\n\tlock_{0}({0});\n\t{0}->mapping = NULL;\n\t{0}->index = 0;\n\tunlock_{0}({0});\n"
EXACT = "\n\tvoid *at = kmap_local_page({0});\n\n\tmemset(at, 0, PAGE_SIZE);\n\tkunmap_local(at);\n"
PASSED = "\n\ttake(1, {0});\n"


def tree(root: Path, kinds: dict[str, str]) -> Path:
    """Write a tree with functions mark, wipe and pass, each of a page or a folio."""
    (root / "mm").mkdir(parents=True)
    (root / "include").mkdir()
    text = ""
    for name, body in (("mark", WHOLE), ("wipe", EXACT), ("pass", PASSED)):
        kind = kinds[name]
        text += f"int {name}(struct {kind} *{kind})\n{{{body.format(kind)}\treturn 0;\n}}\n\n"
    (root / "mm" / "own.c").write_text(text)
    return root


def test_what_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One right, one wrong and one undetermined of the three that changed; none of the control group."""
    old = tree(tmp_path / "old", dict.fromkeys(("mark", "wipe", "pass"), "page"))
    new = tree(tmp_path / "new", dict.fromkeys(("mark", "wipe", "pass"), "folio"))
    monkeypatch.setattr(sys, "argv", ["history.py", str(old), str(new), "--jobs", "1", "--list"])
    assert main() == 0
    out = capsys.readouterr().out
    assert "all:    3 pointers, 2 decided (66.7%), 1 of these right (50.0%)" in out
    assert "mm/own.c:10: wipe(): page became folio, said page" in out
    assert "mm/own.c:19: pass(): page became folio, said None" in out
    assert "0 pointers are still pages" in out


def test_the_control_group(tmp_path: Path) -> None:
    """A pointer that is still a page and would be converted is listed for judging."""
    kinds = {"mark": "page", "wipe": "page", "pass": "page"}
    old, new = tree(tmp_path / "old", kinds), tree(tmp_path / "new", kinds)
    script = Path(__file__).parents[2] / "bench" / "history.py"
    out = subprocess.run(
        [sys.executable, script, old, new, "--jobs", "1"], capture_output=True, text=True, check=True
    ).stdout
    assert "3 pointers are still pages" in out
    assert "1 of the 1 that would be converted" in out
    assert "mm/own.c:1: mark(): page: folio" in out


def _row(name: str, truth: str, said: str | None, line: int = 1) -> Row:
    one = Function(
        "mm/a.c", name, (line, line), False, (Parameter("page", "page", 1),), Parameter("", "int", 0), ()
    )
    entity = Entity(
        "mm/a.c", line, name, Role.PARAM, "page", 0, "struct page *", Kind.NONE, Kind.NONE, said
    )  # fmt: skip
    return Row(Change(Pair(one, one, "same file"), 0, truth), entity)


def test_shares() -> None:
    """The decided ones of all, the right ones of the decided."""
    got = score([_row("a", "folio", "folio"), _row("b", "folio", "page"), _row("c", "folio", None)])
    assert (got.total, got.decided, got.right) == (3, 2, 1)
    assert score([]).decided_share == score([]).right_share == 0


def test_alternatives_of_one_function_count_once() -> None:
    """The two definitions of an `#if` are one pointer."""
    both = [_row("a", "folio", "folio", 1), _row("a", "folio", "folio", 9)]
    found = rows((r.change for r in both), [r.entity for r in both if r.entity])
    assert len(found) == 1


def test_the_sample_is_the_same_every_time() -> None:
    """It depends on the rows and the seed, not on their order."""
    found = [_row(f"f{n}", "page", "folio") for n in range(40)]
    assert sample(found, 5, 1) == sample(found[::-1], 5, 1)
    assert sample(found, 5, 1) != sample(found, 5, 2)
    assert len(sample(found, 99, 1)) == 40
