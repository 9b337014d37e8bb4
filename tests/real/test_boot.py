"""A converted filesystem in a kernel that is built and booted; minutes, so only where MEMDESC_BOOT names a tree.

MEMDESC_BOOT_BUILD names a folder for the kernel's build, which saves most of the time of a second run.
"""

import json
import os
import shutil
from pathlib import Path

import pytest

from memdesc.cli import convert_types
from memdesc.cli.main import main

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("boot"),
    pytest.mark.skipif(not os.environ.get("MEMDESC_BOOT"), reason="boots a kernel: MEMDESC_BOOT=DIR of 6.1"),
    pytest.mark.skipif(not shutil.which("qemu-system-x86_64"), reason="needs qemu-system-x86_64"),
]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all tests here share."""
    given = os.environ.get("MEMDESC_BOOT_BUILD")
    return Path(given) if given else tmp_path_factory.mktemp("build")


def _verified(
    capsys: pytest.CaptureFixture[str], tree: Path, build: Path
) -> tuple[int, list[dict[str, object]]]:
    words = ["convert", str(tree / "fs/minix"), "--verify", "boot", "--report", "json", "--build", str(build)]
    status = main(words)
    return status, json.loads(capsys.readouterr().out)["verified"]


@pytest.fixture(scope="module")
def linux() -> Path:
    """The tree, with all that building it needs."""
    return Path(os.environ["MEMDESC_BOOT"])


def test_minix(linux: Path, build: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every converted function is run by the exercise, is given heads, and what was written is read back."""
    status, found = _verified(capsys, linux, build)
    assert status == 0
    booted = [each for each in found if each["verdict"] in ("passed", "held", "not-run", "fired", "broke")]
    assert [each["verdict"] for each in booted] == ["passed", *["held"] * (len(booted) - 1)]
    assert len(booted) > 1


def test_wrong_claim(
    linux: Path, build: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An assertion that claims what is not so fires, and fails the verification with the way that led to it."""
    monkeypatch.setattr(convert_types, "tested", lambda *_: (frozenset(["PageSlab"]), frozenset()))
    status, found = _verified(capsys, linux, build)
    assert status == 1
    (fired,) = [each for each in found if each["verdict"] == "fired"]
    lines = fired["lines"]
    assert isinstance(lines, list)
    assert "not PageSlab()" in lines[0]
    assert any("Call Trace" in line for line in lines)
    assert any(str(fired["function"]) in line for line in lines[2:])
    assert [each["verdict"] for each in found if each["file"] == "exercise filesystem minix"] == ["broke"]
