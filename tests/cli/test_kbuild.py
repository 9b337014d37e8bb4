"""`memdesc kbuild` is a checker for make C=1: a compiler's arguments, what is found in one file, a status of 0."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Run

BAD = "void {0}(void)\n{{\n\tchar *p = vmalloc(4);\n\n\tkfree(p);\n}}\n"
ARGUMENTS = (
    "-D__linux__ -Dlinux -Wbitwise -nostdinc -I./include -include ./include/linux/none.h -m64 "
    "-Wp,-MMD,.a.o.d -DKBUILD_MODNAME='\"a\"' -x c -isystem include"
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A kernel with two files that have a finding each, a header that has one, and a file that has none."""
    root = tmp_path / "linux"
    (root / "include/linux").mkdir(parents=True)
    (root / "mm").mkdir()
    checks = "".join(f"\t+$(CHECK) {ARGUMENTS} mm/{name}.c\n\t@touch $@\n" for name in ())
    rules = "%.o: %.c\n\t$(CHECK) " + ARGUMENTS + " $<\n\t@echo $@\n" + checks
    (root / "Makefile").write_text(
        f"VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 9\nall: mm/a.o mm/b.o mm/c.o\n{rules}"
    )
    (root / "include/linux/none.h").write_text("int none;\n")
    (root / "mm/own.h").write_text("static inline " + BAD.format("inside"))
    (root / "mm/a.c").write_text(BAD.format("a"))
    (root / "mm/b.c").write_text('#include "own.h"\n' + BAD.format("b"))
    (root / "mm/c.c").write_text("void c(void)\n{\n}\n")
    for file in root.rglob("*"):
        os.utime(file, (1_700_000_000, 1_700_000_000))
    return root


def test_by_hand(memdesc: Run, tree: Path) -> None:
    """One file's findings, on standard error, in the compiler's form; the status stops no build."""
    words = ARGUMENTS.split()
    for file in (tree / "mm/a.c", "linux/mm/a.c"):
        ended = memdesc("kbuild", *words, file)
        assert (ended.returncode, ended.stdout) == (0, "")
        assert "linux/mm/a.c:5:8: error: " in ended.stderr
        assert "b.c" not in ended.stderr
    assert memdesc("kbuild", "--strict", *words, tree / "mm/a.c").returncode == 1
    assert memdesc("kbuild", *words, tree / "mm/c.c").stderr == ""
    assert "own.h:5:8: error: " in memdesc("kbuild", *words, tree / "mm/b.c").stderr
    assert memdesc("kbuild", "--ignore", "mismatched-free", *words, tree / "mm/a.c").stderr == ""


def test_what_is_no_call_of_kbuild(memdesc: Run, tree: Path) -> None:
    """Without a C file, or with one that is not there, one line and 2."""
    for words in (
        (),
        ("-DX",),
        ("-include", "x.c"),
        (tree / "nosuch.c",),
        ("--level", "loud", tree / "mm/a.c"),
    ):
        ended = memdesc("kbuild", *words)
        assert ended.returncode == 2, words
        assert ended.stderr.splitlines()[-1].startswith("memdesc"), words


@pytest.mark.skipif(shutil.which("make") is None or not Path("/proc/self/stat").exists(), reason="needs make")
def test_a_make_checks_the_tree_once(tree: Path) -> None:
    """Calls of one make share what the first one found, also side by side; the next make looks anew."""

    def made() -> list[str]:
        for old in Path(os.environ["XDG_CACHE_HOME"]).glob("memdesc/kbuild-*"):
            old.unlink()
        check = f"CHECK={sys.executable} -m memdesc kbuild"
        ended = subprocess.run(
            ["make", "-s", "-B", "-j3", check],
            cwd=tree,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        assert sorted(ended.stdout.split()) == ["mm/a.o", "mm/b.o", "mm/c.o"]
        kept = list(Path(os.environ["XDG_CACHE_HOME"]).glob("memdesc/kbuild-*.json"))
        assert len(kept) == 1
        return sorted(
            line.partition(": error")[0] for line in ended.stderr.splitlines() if " error: " in line
        )

    assert made() == ["mm/a.c:5:8", "mm/b.c:6:8", "mm/own.h:5:8"]
    (tree / "mm/a.c").write_text("int a;\n")
    os.utime(tree / "mm/a.c", (1_700_000_100, 1_700_000_100))
    assert made() == ["mm/b.c:6:8", "mm/own.h:5:8"]


def test_a_module(memdesc: Run, tree: Path) -> None:
    """A file of a module outside the tree is read with the kernel that kbuild names in the environment."""
    module = tree.parent / "heron"
    module.mkdir()
    (module / "Makefile").write_text("obj-m := a.o\n")
    (module / "a.c").write_text(BAD.format("a"))
    ended = memdesc("kbuild", "-DMODULE", module / "a.c", environment={"srctree": str(tree)})
    assert ended.returncode == 0
    assert "heron/a.c:5:8: error: " in ended.stderr
    assert "mm/" not in ended.stderr


def test_most_calls_are_cheap() -> None:
    """What reads C or solves is imported only by the call that checks: the others take a moment each."""
    code = "import sys, memdesc.cli.kbuild; print(*{'numpy', 're2', 'tree_sitter'}.intersection(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == []
