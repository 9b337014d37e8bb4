"""SECURITY.md says something, and names files that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_it_names_what_there_is() -> None:
    """Each part is there, and each file that it names."""
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    for part in ("What is trusted", "What is promised", "Known gaps", "How to report"):
        assert f"## {part}" in text
    named = re.findall(r"`((?:tests|bench)/[\w/]+\.py)`", text)
    assert named
    assert all((ROOT / name).is_file() for name in named)
