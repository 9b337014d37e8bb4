"""docs/ci.md: its YAML is YAML, its commands run, and what they write is what GitHub and GitLab take."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).parents[2]
TEXT = (CHECKOUT / "docs" / "ci.md").read_text("utf-8")
RECIPES: list[dict[str, Any]] = [
    yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.S)
]
HOOKS: list[dict[str, Any]] = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text("utf-8"))
BAD = "void bad(void)\n{\n\tkfree(vmalloc(8));\n}\n"
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def _commands(recipe: object) -> Iterator[str]:
    """Yield the commands of a recipe, in order."""
    if isinstance(recipe, dict):
        for key, value in recipe.items():
            if key == "run":
                yield value
            elif key in ("before_script", "script", "after_script"):
                yield from value
            else:
                yield from _commands(value)
    elif isinstance(recipe, list):
        for each in recipe:
            yield from _commands(each)


def _git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A tree with findings, and a last commit that adds one."""
    top = shutil.copytree(CHECKOUT / "examples" / "tree", tmp_path / "linux")
    _git(top, "init", "-q")
    _git(top, "add", ".")
    _git(top, "commit", "-qm", "first")
    (top / "mm" / "bad.c").write_text(BAD)
    _git(top, "add", ".")
    _git(top, "commit", "-qm", "second")
    return top


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Run lines of a shell as a job does, with `memdesc` in the path and a home of its own."""
    home, programs = tmp_path / "home", tmp_path / "bin"
    home.mkdir(mode=0o700)
    programs.mkdir()
    (programs / "memdesc").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m memdesc "$@"\n')
    (programs / "memdesc").chmod(0o755)
    environment = {**os.environ, "HOME": str(home), "PATH": f"{programs}:{os.environ['PATH']}"}
    environment.pop("XDG_CACHE_HOME", None)

    def run(lines: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
        words = ["sh", "-c", "umask 0; " + "\n".join(["set -e", *lines])]
        return subprocess.run(
            words, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    return run


def test_each_recipe_runs(repository: Path, run: Any) -> None:
    """Twice, as the second job finds the cache of the first; those that show all write a report, the others fail."""
    jobs = [commands for recipe in RECIPES if (commands := list(_commands(recipe)))]
    assert len(jobs) == 4
    for lines in jobs:
        own = [line for line in lines if not line.startswith("pip install ")]
        assert len(own) == len(lines) - 1
        for _ in range(2):
            ended = run(own, repository)
            assert "memdesc: " not in ended.stderr, ended.stderr  # no cache is refused
            if any("--patch" in line for line in own):
                assert ended.returncode == 1
                assert "mm/bad.c:3:8: error: " in ended.stdout
                assert "1 finding added" in ended.stderr
            else:
                assert ended.returncode == 0, ended.stderr
            shutil.rmtree(repository.parent / "home" / ".cache" / "memdesc")


def test_the_report_for_github(repository: Path, run: Any) -> None:
    """Places are below the top of the repository, and the file is the one that is uploaded."""
    (recipe,) = (recipe for recipe in RECIPES if "upload-sarif" in str(recipe))
    (command,) = (line for line in _commands(recipe) if line.startswith("memdesc "))
    assert run([command], repository).returncode == 0
    steps = recipe["jobs"]["check"]["steps"]
    log = json.loads((repository / steps[-1]["with"]["sarif_file"]).read_text())
    assert log["version"] == "2.1.0"
    files = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in log["runs"][0]["results"]
    ]
    assert "mm/bad.c" in files
    assert all((repository / file).is_file() for file in files)


def test_the_report_for_gitlab(repository: Path, run: Any) -> None:
    """Places are below the top of the repository, fingerprints differ, and the file is the artifact."""
    (recipe,) = (recipe["memdesc"] for recipe in RECIPES if "codequality" in str(recipe))
    assert run(recipe["script"], repository).returncode == 0
    issues = json.loads((repository / recipe["artifacts"]["reports"]["codequality"]).read_text())
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) > 1
    assert all((repository / issue["location"]["path"]).is_file() for issue in issues)


def test_the_hooks(repository: Path, run: Any) -> None:
    """One gives the files that are committed; the other looks at what is staged, and passes when that is right."""
    whole, staged = HOOKS
    assert {hook["id"] for hook in HOOKS} >= {hook["id"] for hook in RECIPES[0]["repos"][0]["hooks"]}
    assert all(
        re.search(hook["files"], "mm/bad.c") and not re.search(hook["files"], "a.cc") for hook in HOOKS
    )
    ended = run([f"{whole['entry']} mm/bad.c"], repository)
    assert (ended.returncode, ended.stdout.count(" error: ")) == (1, 1)
    assert run([staged["entry"]], repository).returncode == 0
    (repository / "mm" / "worse.c").write_text(BAD.replace("bad", "worse"))
    _git(repository, "add", ".")
    (repository / "mm" / "worse.c").write_text("int unstaged;\n")
    ended = run([staged["entry"]], repository)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "mm/worse.c:3:8: error: " in ended.stdout
    assert "bad.c" not in ended.stdout


def test_the_hooks_in_a_repository_without_a_commit(tmp_path: Path, run: Any) -> None:
    """All that is staged is new."""
    _git(tmp_path, "init", "-q")
    (tmp_path / "bad.c").write_text(BAD)
    _git(tmp_path, "add", "bad.c")
    ended = run([HOOKS[1]["entry"]], tmp_path)
    assert (ended.returncode, ended.stdout.count(" error: ")) == (1, 1)
