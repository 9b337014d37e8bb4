"""What the documents promise is so."""

import argparse
import re
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from memdesc.cli.main import available
from memdesc.kinds import BY_NAME, CAPABILITIES

CHECKOUT = Path(__file__).parents[2]
DOCUMENTS = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")])


def test_the_documents_show_what_is_printed() -> None:
    """Console blocks and graphs of the README and of how-it-works are real output; scripts/readme renews them."""
    check = [sys.executable, str(CHECKOUT / "scripts" / "readme"), "--check"]
    ended = subprocess.run(check, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_the_example_is_the_one_that_is_run() -> None:
    """The code in how-it-works.md is the file whose stages it shows."""
    text = (CHECKOUT / "docs" / "how-it-works.md").read_text("utf-8")
    code = (CHECKOUT / "docs" / "how-it-works.c").read_text("utf-8")
    assert f"```c\n{code}```" in text


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    """Every link to a file names one that exists."""
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


def test_the_readme_names_every_command() -> None:
    """The table of commands is the table of commands."""
    text = (CHECKOUT / "README.md").read_text("utf-8")
    for name in available():
        assert f"`memdesc {name} " in text, name


def test_the_words_of_the_inference_are_the_kinds() -> None:
    """docs/inference.md uses names that the program knows."""
    text = (CHECKOUT / "docs" / "inference.md").read_text("utf-8")
    start = text.index("## Words")
    listed = text[start : text.index("signature**")]
    assert set(re.findall(r"`([a-z]+)`", listed)) <= set(BY_NAME) | set(CAPABILITIES)


def test_the_index_lists_every_document() -> None:
    """docs/README.md has each page of docs, and the README leads to it."""
    index = (CHECKOUT / "docs" / "README.md").read_text("utf-8")
    for path in sorted((CHECKOUT / "docs").glob("*.md")):
        assert path.name == "README.md" or f"({path.name})" in index, path.name
    assert "(docs/README.md)" in (CHECKOUT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_that_are_named_exist(path: Path) -> None:
    """What stands behind `memdesc` in code is a command, and an option that is named with it is one of its own."""
    text = path.read_text("utf-8")
    code = [*re.findall(r"`(memdesc [^`\n]+)`", text), *re.findall(r"^(?:    |\$ )(memdesc .*)$", text, re.M)]
    for line in code:
        command = line.split()[1]
        if command in ("COMMAND", "--version", "--help", "--print-completion"):
            continue
        assert command in available(), line
        known = _options(command)
        for option in re.findall(r"(?<![\w-])(--[a-z][a-z-]+)", line.partition("#")[0].partition(" | ")[0]):
            assert option in known, f"{line}: {option}"


@cache
def _options(command: str) -> frozenset[str]:
    """Return the options of a command and of its subcommands."""
    module = import_module(f"memdesc.cli.{command}")
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    found: set[str] = set()
    waiting = [parser]
    while waiting:
        for action in waiting.pop()._actions:
            found.update(action.option_strings)
            if isinstance(action, argparse._SubParsersAction):
                waiting.extend(action.choices.values())
    return frozenset(found | {"--traceback", "--version"})
