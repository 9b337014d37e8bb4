"""What is installed works without the checkout."""

import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


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
    """A fresh environment, another folder, the example tree."""
    venv.create(tmp_path / "venv", with_pip=True)
    install = [tmp_path / "venv/bin/python", "-m", "pip", "install", "--quiet", str(wheel)]
    subprocess.run(install, check=True)
    tree = CHECKOUT / "examples" / "tree"
    ended = subprocess.run(
        [tmp_path / "venv/bin/memdesc", "check", tree],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    assert ": error: " in ended.stdout
