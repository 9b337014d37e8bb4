"""What docs/layout.md shows is what the commands print."""

import re
import shlex
from pathlib import Path

import pytest

from memdesc.cli import layout

_ROOT = Path(__file__).parents[2]
_BLOCKS = re.findall(
    r"```console\n\$ memdesc layout (.*)\n((?:.*\n)*?)```", (_ROOT / "docs" / "layout.md").read_text()
)


def test_there_are_examples() -> None:
    """The page shows each command that prints a text."""
    assert {command.split()[0] for command, _ in _BLOCKS} == {"show", "check", "diff", "solve"}


@pytest.mark.parametrize(("command", "shown"), _BLOCKS, ids=[command for command, _ in _BLOCKS])
def test_example(
    command: str, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The output in the page is current."""
    if command.startswith("solve"):
        pytest.importorskip("z3")
    monkeypatch.chdir(_ROOT)
    monkeypatch.setenv("COLUMNS", "145")
    assert layout.main(shlex.split(command)) in (0, 1)
    # Lines of a picture end in spaces that a page need not keep.
    printed = [line.rstrip() for line in capsys.readouterr().out.rstrip("\n").splitlines()]
    assert printed == [line.rstrip() for line in shown.rstrip("\n").splitlines()]
