"""What is installed works without the checkout."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
COMMANDS = (
    ("--version", 0, "memdesc "),
    ("check tree", 1, ": error: "),
    ("check tree --format sarif", 1, '"version": "2.1.0"'),
    ("infer tree", 0, "owl_rx.c"),
    ("explain tree/net/reed/send.c:28:41", 0, "msg->head"),
    ("rule mismatched-free", 0, "mismatched-free"),
    ("signatures kfree", 0, "kfree("),
    ("layout check linux-6.12", 1, "Hazards ("),
    ("layout header proposal-2021", 0, "_Static_assert"),
    ("machine run --workload fork-shell --design linux-6.12 --memory 32M", 0, "descriptors at peak"),
    ("debug --stage facts tree/net/reed/send.c", 0, "functions"),
)
"""What is run, its exit status, and what it says: each needs another part of what is shipped."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"  # a copy, since building writes beside the sources and tests run side by side
    shutil.copytree(
        CHECKOUT / "src", source / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__")
    )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, source)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder), str(source)]
    subprocess.run(build, check=True)
    (path,) = folder.glob("memdesc-*.whl")
    return path


@pytest.mark.real
def test_the_wheel_holds_what_is_not_code(wheel: Path) -> None:
    """Signatures, the pages of the rules, the marker of types and the license are in it, tests are not."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for path in (CHECKOUT / "src").rglob("*"):
        if path.suffix in (".py", ".h", ".md", ".json", ".css", ".js") or path.name == "py.typed":
            assert path.relative_to(CHECKOUT / "src").as_posix() in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith("tests") for name in names)


@pytest.mark.real
def test_it_runs_when_installed(wheel: Path, tmp_path: Path) -> None:
    """A fresh environment, another folder, a copy of the example tree: each command finds what it ships with."""
    venv.create(tmp_path / "venv", with_pip=True)
    install = [tmp_path / "venv/bin/python", "-m", "pip", "install", "--quiet", str(wheel)]
    subprocess.run(install, check=True)
    shutil.copytree(CHECKOUT / "examples" / "tree", tmp_path / "tree")
    # Nothing of this process leads to the checkout.
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "NO_COLOR": "1"}
    for words, status, says in COMMANDS:
        ended = subprocess.run(
            [tmp_path / "venv/bin/memdesc", *words.split()],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (ended.returncode, words) == (status, words), ended.stderr
        assert says in ended.stdout, words
        assert str(CHECKOUT) not in ended.stdout + ended.stderr
