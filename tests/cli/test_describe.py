"""The man page and the completions say what --help says; doctor says what is there."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from memdesc.cli import completion, describe, man
from memdesc.cli.main import COMMANDS, main

COMPLETE = """
source {script}
COMP_WORDS=({words}) COMP_CWORD={at}
_memdesc
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def _bash(script: Path, *words: str) -> list[str]:
    said = " ".join(f"'{word}'" for word in words)
    ended = subprocess.run(
        ["bash", "-u", "-c", COMPLETE.format(script=script, words=said, at=len(words) - 1)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not ended.stderr
    return ended.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash(tmp_path: Path) -> None:
    """bash completes commands, commands in commands, options and their values."""
    script = tmp_path / "completion"
    assert main(["completion", "bash", "-o", str(script)]) == 0
    assert _bash(script, "memdesc", "che") == ["check"]
    assert set(COMMANDS) <= set(_bash(script, "memdesc", ""))
    assert _bash(script, "memdesc", "check", "--sel") == ["--select"]
    assert _bash(script, "memdesc", "check", "--level", "") == ["error", "warning", "note"]
    assert _bash(script, "memdesc", "layout", "he") == ["header"]
    assert "--abi" in _bash(script, "memdesc", "layout", "header", "--")
    assert _bash(script, "memdesc", "check", "mm/") == []  # left to the names of files


def test_every_option_is_in_all_of_them() -> None:
    """No command or option is missing in any of the shells or on the page."""
    commands = describe.commands()
    page = man.page(commands).replace(r"\-", "-")
    shells = [completion.bash(commands), completion.zsh(commands), completion.fish(commands)]
    assert {command.path[0] for command in commands if command.path} == set(COMMANDS)
    for command in commands:
        for option in command.options:
            for name in option.names:
                assert name in page
                for text in shells:
                    assert re.search(rf"(?:{name}|-l {name[2:]}|-s {name[1:]})\b", text), (command.path, name)


@pytest.mark.parametrize("shell", ["zsh", "fish", "bash"])
def test_shells_read_it(shell: str, tmp_path: Path) -> None:
    """A shell that is installed finds no fault in its completion."""
    if shutil.which(shell) is None:
        pytest.skip(f"needs {shell}")
    assert main(["completion", shell, "-o", str(tmp_path / "c")]) == 0
    subprocess.run([shell, "-n", str(tmp_path / "c")], check=True)


@pytest.mark.skipif(shutil.which("fish") is None, reason="needs fish")
def test_fish_completes(tmp_path: Path) -> None:
    """Commands and options, with what they do."""
    script = tmp_path / "memdesc.fish"
    assert main(["completion", "fish", "-o", str(script)]) == 0
    for line, wanted in (
        ("memdesc che", "check"),
        ("memdesc check --lev", "--level"),
        ("memdesc layout s", "show"),
    ):
        command = ["fish", "-c", f"source {script}; complete -C '{line}'"]
        said = subprocess.run(
            command, capture_output=True, text=True, check=True, env={**os.environ, "HOME": str(tmp_path)}
        ).stdout
        assert wanted in [one.split("\t")[0] for one in said.splitlines()], line


@pytest.mark.skipif(shutil.which("zsh") is None, reason="needs zsh")
@pytest.mark.parametrize("way", ["fpath=({0} $fpath); compinit -u -D", "compinit -u -D; source {0}/_memdesc"])
def test_zsh_takes_it(way: str, tmp_path: Path) -> None:
    """By the search path or by `source`, it completes the command, and nothing is complained of."""
    assert main(["completion", "zsh", "-o", str(tmp_path / "_memdesc")]) == 0
    script = f"autoload -U compinit; {way.format(tmp_path)}; print $_comps[memdesc]"
    said = subprocess.run(["zsh", "-f", "-c", script], capture_output=True, text=True, check=True)
    assert (said.stdout, said.stderr) == ("_memdesc\n", "")


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_the_page_is_set_without_complaint(tmp_path: Path) -> None:
    """groff sets the page, and has nothing to warn of."""
    assert main(["man", "-o", str(tmp_path / "memdesc.1")]) == 0
    command = ["groff", "-man", "-Tascii", "-ww", "-z", str(tmp_path / "memdesc.1")]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not [
        line for line in ended.stderr.splitlines() if "can't break" not in line and "cannot" not in line
    ]


def test_doctor(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is there is said, and what a missing thing is needed for; only what is always needed ends with 2."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".memdesc.toml").write_text("")
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"^ok +tree-sitter +\d", said, re.M)
    assert str(tmp_path / ".memdesc.toml") in said
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name in ("z3", "numpy") else object()
    )
    monkeypatch.setenv("PATH", "")
    assert main(["doctor"]) == 2
    said = capsys.readouterr().out
    assert re.search(r"^optional +z3-solver +not installed; needed for layout solve", said, re.M)
    assert re.search(r"^missing +numpy +not installed", said, re.M)
    assert re.search(r"^optional +git +not found; needed for check --patch REV", said, re.M)
