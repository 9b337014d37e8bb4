"""What the documents promise is so."""

import re
import subprocess
import sys
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
