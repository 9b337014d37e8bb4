"""The generated signatures are those of the kernels that they name: says when they are to be made again."""

import difflib

import pytest

from conftest import tree
from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level
from memdesc.source.generated import DERIVED

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("whole kernel")]

ALLOWED = 0.05
"""Share of the lines that may differ: a signature was changed, or the tree has another patch level."""


@pytest.mark.parametrize("version", ["6.1", "6.12"])
def test_stale(version: str) -> None:
    """`memdesc signatures --derive --tree DIR` makes what is shipped, but for a few lines."""
    options = pipeline.Options(2, True, Level.WARNING, Interpretation.OTTAWA)
    made = pipeline.summarised(tree(version), options, lambda *_: None).splitlines()[1:]
    held = (DERIVED / f"{version}.h").read_text("utf-8").splitlines()[1:]
    changed = [
        d
        for d in difflib.unified_diff(held, made, lineterm="", n=0)
        if d[:1] in "+-" and d[:3] not in ("+++", "---")
    ]
    assert len(changed) <= ALLOWED * len(made), "\n".join(
        [f"make signatures/derived/{version}.h again with `memdesc signatures --derive`:", *changed[:40]]
    )
