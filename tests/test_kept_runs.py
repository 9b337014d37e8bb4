"""What one run found answers for every other on the same files: any path in the tree, any level."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from memdesc import pipeline, stages
from memdesc.findings.model import Finding, Interpretation, Level

MISUSES = {
    "drivers/a/a.c": "void *buf; void a(void)\n{\n\tvoid *p = vmalloc(64);\n\n\tkfree(p);\n}\n",
    "drivers/b/b.c": "void b(int n)\n{\n\tvoid *p = kvmalloc(n, GFP_KERNEL);\n\n\tkfree(p);\n}\n",
    "mm/c.c": "void c(void)\n{\n\tchar here[64];\n\n\tsg_init_one(sg, here, 64);\n\tkfree(vmalloc(4));\n}\n",
}
OLD = time.time() - 3600


def _quiet(_phase: str, _done: int, _total: int) -> None:
    pass


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small kernel with misuses in three folders, and a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("memdesc.source.listing.RACY_NS", -(10**12))
    root = tmp_path / "tree"
    for name, text in {
        "Makefile": "VERSION = 6\nPATCHLEVEL = 1\n",
        "include/linux/x.h": "",
        **MISUSES,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
        os.utime(root / name, (OLD, OLD))
    return root


@pytest.fixture
def check(tree: Path) -> Callable[..., tuple[Finding, ...]]:
    """Return what is found below paths of the tree."""

    def found(*paths: str, level: Level = Level.NOTE, cache: bool = True) -> tuple[Finding, ...]:
        options = pipeline.Options(1, cache, level, Interpretation.OTTAWA)
        return pipeline.check([tree / path for path in paths], None, options, _quiet).findings

    return found


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("path", [".", "drivers", "drivers/a", "drivers/b/b.c", "mm", "include"])
def test_every_part_and_level_is_answered_from_one_run(
    check: Callable[..., tuple[Finding, ...]], monkeypatch: pytest.MonkeyPatch, path: str, level: Level
) -> None:
    """Whatever was asked first, nothing is solved again, and the answer is that of a run without a cache."""
    alone = check(path, level=level, cache=False)
    first = check("mm", level=Level.ERROR)
    assert first == check("mm", level=Level.ERROR, cache=False)
    monkeypatch.setattr(stages, "solved", None)
    assert check(path, level=level) == alone
    assert all(f.level >= level for f in alone)


def test_there_is_something_to_find(check: Callable[..., tuple[Finding, ...]]) -> None:
    """In each of the three files, or the test above would compare nothing with nothing."""
    assert {f.file for f in check(".")} == set(MISUSES)


def test_a_changed_file_is_answered_for_anew(tree: Path, check: Callable[..., tuple[Finding, ...]]) -> None:
    """What was kept is of other files then."""
    assert check("drivers/a")
    (tree / "drivers/a/a.c").write_text("void a(void) {}\n")
    assert not check("drivers/a")
    assert check("drivers/b")


def test_the_summary_counts_all_functions(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that were not followed too, so that it does not say more than was done."""
    monkeypatch.setattr("memdesc.source.survey.SMALL_TREE", 0)
    (tree / "lib").mkdir()
    (tree / "lib/d.c").write_text("int d(int a)\n{\n\treturn a;\n}\n\nint e(int a)\n{\n\treturn d(a);\n}\n")
    options = pipeline.Options(1, True, Level.NOTE, Interpretation.OTTAWA)
    for _ in range(2):
        counted = pipeline.check([tree], None, options, _quiet).statistics
        assert (counted.functions, counted.functions_read, counted.functions_defined) == (3, 3, 5)
