"""`check --patch`: what a patch adds and mends, on the tree as it would be; the files stay as they are."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from memdesc.cli.main import main

GET = '#include "heron.h"\nstruct heron *get(void)\n{\n\tstruct heron *h = kmalloc(8, GFP_KERNEL);\n\treturn h;\n}\n'
PUT = """#include "heron.h"
void put(struct heron *h)
{
	kfree(h->buf);
	kfree(h);
}
"""
FILL = """#include "heron.h"
int fill(struct heron *h)
{
	h->buf = kmalloc(4096, GFP_KERNEL);
	return 0;
}

int other(void)
{
	char *p = vmalloc(4);

	kfree(p);
	return 0;
}
"""
FILES = {
    "Makefile": "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 9\n",
    "include/linux/none.h": "",
    "drivers/heron.h": "struct heron { void *buf; };\n",
    "drivers/get.c": GET,
    "drivers/put.c": PUT,
    "drivers/fill.c": FILL,
}
BREAKS = """From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001
From: A <a.b.c>
Subject: [PATCH] heron: large buffers
---
diff --git a/drivers/fill.c b/drivers/fill.c
--- a/drivers/fill.c
+++ b/drivers/fill.c
@@ -2,5 +2,6 @@
 int fill(struct heron *h)
 {
-@h->buf = kmalloc(4096, GFP_KERNEL);
+@/* may be large */
+@h->buf = vmalloc(1 << 20);
 @return 0;
 }
"""
MENDS = """diff --git a/drivers/fill.c b/drivers/fill.c
--- a/drivers/fill.c
+++ b/drivers/fill.c
@@ -9,6 +9,6 @@ int other(void)
 {
 @char *p = vmalloc(4);

-@kfree(p);
+@vfree(p);
 @return 0;
 }
"""
BREAKS, MENDS = (
    re.sub(r"(?m)^([-+ ])@", r"\1\t", text) for text in (BREAKS, MENDS)
)  # no tab behind a blank here


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree with one finding, in which the user stands."""
    for name, text in FILES.items():
        path = tmp_path / "linux" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "breaks.patch").write_text(BREAKS)
    (tmp_path / "mends.diff").write_text(MENDS)
    monkeypatch.chdir(tmp_path / "linux")
    return tmp_path / "linux"


def _patches(
    capsys: pytest.CaptureFixture[str], *words: str, status: int = 0
) -> list[tuple[list[str], list[str]]]:
    """Return for each patch the places of the findings that it adds, with their causes, and those of the mended."""
    capsys.readouterr()
    assert main(["check", *words, "--format", "json"]) == status
    said = json.loads(capsys.readouterr().out)
    out = []
    for patch in said["patches"]:
        new = []
        for one in patch["added"]:
            cause = f" by {one['cause']['file']}:{one['cause']['line']}" if one["cause"] else ""
            new.append(f"{one['file']}:{one['line']}{cause}")
        out.append((new, [f"{one['file']}:{one['line']}" for one in patch["mended"]]))
    return out


def test_one_that_breaks(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A finding in a file that the patch does not touch names the line of the patch that brings it."""
    said = _patches(capsys, "--patch", "../breaks.patch", status=1)
    assert said == [(["drivers/put.c:4 by drivers/fill.c:5"], [])]
    assert (tree / "drivers/fill.c").read_text() == FILL
    assert main(["check", "--patch", "../breaks.patch"]) == 1
    told = capsys.readouterr()
    assert (
        "drivers/fill.c:5:2: note: this line of the patch brings it\n    5 |         h->buf = vmalloc(1"
        in told.out
    )
    assert "fill.c:13" not in told.out  # it was there before
    assert told.err.startswith("1 patch: 1 finding added, 0 mended\n")


def test_one_that_mends(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no longer found is mended, and no reason to fail."""
    assert _patches(capsys, "--patch", "../mends.diff") == [([], ["drivers/fill.c:12"])]
    assert main(["check", "--patch", "../mends.diff"]) == 0
    assert "mended: drivers/fill.c in other(): " in capsys.readouterr().out
    assert (tree / "drivers/fill.c").read_text() == FILL


@pytest.mark.usefixtures("tree")
def test_a_series(capsys: pytest.CaptureFixture[str]) -> None:
    """Each patch is told by itself, on the tree that those before it leave."""
    words = ("--patch", "../breaks.patch", "--patch", "../mends.diff")
    assert _patches(capsys, *words, status=1) == [
        (["drivers/put.c:4 by drivers/fill.c:5"], []),
        ([], ["drivers/fill.c:13"]),
    ]
    main(["check", *words])
    assert "patch 1 of 2: heron: large buffers\n" in capsys.readouterr().out
    assert _patches(capsys, *words, "--ignore", "mismatched-free") == [([], []), ([], [])]
    assert _patches(capsys, *words, "drivers/get.c") == [([], []), ([], [])]
    assert _patches(capsys, *words, "drivers/put.c", status=1)[0][0] == [
        "drivers/put.c:4 by drivers/fill.c:5"
    ]


def test_what_only_moves(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A finding whose line moves, whose function or file gets another name, is known."""
    if shutil.which("git") is None:
        pytest.skip("needs git")
    for new in (
        "\n\n" + FILL,
        FILL.replace("other(", "another("),
        FILL.replace("\tkfree(p)", "\t\tkfree(p)"),
    ):
        (tree.parent / "new.c").write_text(new)
        diff = subprocess.run(
            ["git", "diff", "--no-index", "linux/drivers/fill.c", "new.c"],
            cwd=tree.parent, capture_output=True, text=True, check=False,
        ).stdout  # fmt: skip
        (tree.parent / "p").write_text(
            diff.replace("linux/drivers", "drivers").replace("new.c", "drivers/fill.c")
        )
        assert _patches(capsys, "--patch", "../p") == [([], [])]
    (tree.parent / "p").write_text(
        "diff --git a/drivers/fill.c b/drivers/full.c\nrename from drivers/fill.c\nrename to drivers/full.c\n"
    )
    assert _patches(capsys, "--patch", "../p") == [([], [])]


def test_a_guard_that_is_removed(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where lines that are gone are the cause, their place is named."""
    guarded = (
        "void f(int n)\n{\n\tvoid *p = kvmalloc(n, GFP_KERNEL);\n\n\tif (is_vmalloc_addr(p))\n\t\treturn;\n"
    )
    guarded += "\tkfree(p);\n}\n"
    (tree / "drivers/f.c").write_text(guarded)
    (tree.parent / "p").write_text(
        "--- a/drivers/f.c\n+++ b/drivers/f.c\n@@ -3,6 +3,4 @@\n \tvoid *p = kvmalloc(n, GFP_KERNEL);\n \n"
        "-\tif (is_vmalloc_addr(p))\n-\t\treturn;\n \tkfree(p);\n }\n"
    )
    assert _patches(capsys, "--patch", "../p", status=1) == [(["drivers/f.c:5 by drivers/f.c:5"], [])]


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_commits(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Commits are told on the tree that they were made on, whatever the work tree is now."""

    def git(*words: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *identity, *words], cwd=tree, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    for patch in ("breaks.patch", "mends.diff"):
        git("apply", f"../{patch}")
        git("commit", "-qam", patch)
    breaks, mends = (["drivers/put.c:4 by drivers/fill.c:5"], []), ([], ["drivers/fill.c:13"])
    assert _patches(capsys, "--patch", "HEAD") == [mends]
    assert _patches(capsys, "--patch", "HEAD~1", status=1) == [breaks]
    assert _patches(capsys, "--patch", "HEAD~2..HEAD", status=1) == [breaks, mends]
    (tree / "drivers/put.c").unlink()
    (tree / "drivers/fill.c").write_text("int nothing;\n")
    assert _patches(capsys, "--patch", "HEAD~2..", status=1) == [breaks, mends]
    for bad in ("nosuch", "HEAD~9", "HEAD..HEAD", "--exec=x", "HEAD~2"):
        assert main(["check", f"--patch={bad}"]) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_what_cannot_be(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A patch that does not apply, is none, or comes with what does not go with it, ends with 2 and one line."""
    (tree.parent / "twice").write_text(BREAKS + "\n" + BREAKS)
    (tree.parent / "none").write_text("hello\n")
    (tree.parent / "far").write_text(MENDS.replace("drivers/fill.c", "drivers/nosuch.c"))
    for words in (
        ["../twice"], ["../none"], ["../far"], ["../nosuch.patch"], ["nosuch"],
        ["../breaks.patch", "--write-baseline", "x"], ["../breaks.patch", "--baseline", "x"],
    ):  # fmt: skip
        capsys.readouterr()
        assert main(["check", "--patch", *words]) == 2, words
        assert capsys.readouterr().err.count("\n") == 1, words
    assert not (tree / "x").exists()


def test_a_module(tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A patch of a module outside the tree has names from the top of the module's repository."""
    module = tree.parent / "module"
    (module / ".git").mkdir(parents=True)
    (module / "drivers").mkdir()
    (module / "Makefile").write_text("obj-m += drivers/fill.o\n")
    shutil.copy(tree / "drivers/fill.c", module / "drivers/fill.c")
    (tree / "drivers/fill.c").unlink()
    monkeypatch.chdir(tree.parent)
    said = _patches(capsys, "module", "--tree", "linux", "--patch", "mends.diff")
    assert said == [([], [f"{module}/drivers/fill.c:12"])]
