"""The generated signatures are those of the kernels that they name: says when they are to be made again."""

import difflib

import pytest

from conftest import Run, tree
from memdesc.source.generated import DERIVED
from memdesc.source.signatures import FOLDER

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("whole kernel")]

ALLOWED = 0.05
"""Share of the lines that may differ: a signature was changed, or the tree has another patch level."""

CHANGED = 8
"""Prototypes that one of the two kernels has with other parameters than the other."""


@pytest.mark.parametrize("version", ["6.1", "6.12"])
def test_stale(version: str, memdesc: Run) -> None:
    """`memdesc signatures --derive --tree DIR` makes what is shipped, but for a few lines."""
    # In a process of its own, as the command is used: the tests that follow here need not carry a kernel's facts.
    said = memdesc("signatures", "--derive", "--tree", tree(version), timeout=30 * 60)
    assert said.returncode == 0, said.stderr
    made = said.stdout.splitlines()[1:]
    held = (DERIVED / f"{version}.h").read_text("utf-8").splitlines()[1:]
    changed = [
        d
        for d in difflib.unified_diff(held, made, lineterm="", n=0)
        if d[:1] in "+-" and d[:3] not in ("+++", "---")
    ]
    assert len(changed) <= ALLOWED * len(made), "\n".join(
        [f"make signatures/derived/{version}.h again with `memdesc signatures --derive`:", *changed[:40]]
    )


def test_callbacks_stale(memdesc: Run) -> None:
    """`memdesc signatures --callbacks --tree DIR` finds nothing of either kernel that is not shipped."""
    held = set((FOLDER / "callbacks" / "derived.h").read_text("utf-8").splitlines())
    missing = []
    for version in ("6.1", "6.12"):
        said = memdesc("signatures", "--callbacks", "--tree", tree(version), timeout=300)
        assert said.returncode == 0, said.stderr
        made = said.stdout.splitlines()
        assert len(made) > 400
        missing += [line for line in made if line not in held]
    assert len(missing) <= CHANGED, "\n".join(missing)
