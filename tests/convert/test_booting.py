"""What a guest is given, and what its console says of a conversion."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from memdesc.convert import booting, exercise
from memdesc.convert.asserting import MAKEFILE, PLACE, Assertion
from memdesc.convert.booting import Run, judged, verdicts
from memdesc.convert.compiling import Shop
from memdesc.convert.memo import Memo
from memdesc.convert.model import BAD, Says, Target
from memdesc.errors import InputError

GOOD = "Linux version 6.1\nmemdesc: begin\n{}memdesc: count 0 12\nmemdesc: count 1 0\nmemdesc: passed\n"
FIRED = """\
memdesc: assertion 1 failed: fs/a.c g() argument 1: a tail
page:00000000 refcount:1
------------[ cut here ]------------
kernel BUG at mm/memdesc_assert.c:47!
Call Trace:
 g+0x12/0x40
 f+0x10/0x20
---[ end trace 0000000000000000 ]---
Kernel panic - not syncing: Fatal exception
"""
ASSERTIONS = [
    Assertion(0, Target("fs/a.c", "f", 0), "folio"),
    Assertion(1, Target("fs/a.c", "g", 0), "folio"),
]


def test_passed() -> None:
    """The marker came and nothing else; what was never run is said to be so."""
    run = judged(GOOD.format("").replace("\n", "\r\n"))
    assert run == Run(True, {0: 12, 1: 0})
    found = verdicts(ASSERTIONS, {"x": run}, ["fs/a.c"])
    assert [(v.function, v.says) for v in found] == [
        ("", Says.PASSED),
        ("f", Says.HELD),
        ("g", Says.NOT_RUN),
    ]
    assert found[1].lines == ("argument 1 (folio): 12 times",)
    assert "does not hold it" in verdicts(ASSERTIONS, {"x": run}, [])[2].lines[0]


def test_nothing_was_run() -> None:
    """An exercise that ran none of the code shows nothing, and fails."""
    (first, *others) = verdicts(ASSERTIONS, {"x": judged(GOOD.format("").replace("0 12", "0 0"))}, ["fs/a.c"])
    assert (first.says, first.lines) == (Says.BROKE, ("no assertion was run",))
    assert {v.says for v in others} == {Says.NOT_RUN}


def test_fired() -> None:
    """An assertion that fails is told of with the trace, and with nothing after it."""
    run = judged("memdesc: begin\n" + FIRED)
    assert not run.passed
    assert run.fired == (1, "a tail")
    (broke, f, g) = verdicts(ASSERTIONS, {"x": run}, ["fs/a.c"])
    assert (broke.says, f.says, g.says) == (Says.BROKE, Says.NOT_RUN, Says.FIRED)
    assert g.says in BAD
    assert g.lines[0] == "argument 1 (folio): a tail"
    assert " g+0x12/0x40" in g.lines
    assert not any("panic" in line for line in g.lines)


@pytest.mark.parametrize(
    "said",
    [
        "WARNING: CPU: 0 PID: 1 at fs/a.c:3 f+0x1/0x2\n",
        "BUG: unable to handle page fault for address: 0\n",
        "kernel BUG at fs/a.c:3!\n",
        "Oops: 0000 [#1]\n",
        "general protection fault, probably for non-canonical address\n",
        "Kernel panic - not syncing: x\n",
        "INFO: task sh:1 blocked for more than 120 seconds.\n",
    ],
)
def test_anything_else(said: str) -> None:
    """A warning or a crash fails an exercise that came to its end all the same."""
    run = judged(GOOD.format(said))
    assert not run.passed
    assert run.lines[0] == said.strip()


def test_without_an_end() -> None:
    """Other contents than were written, a guest that ended, and one that did not: the last lines are shown."""
    run = judged(GOOD.format("big: not what was written\n").replace("passed", "failed"))
    assert (run.passed, run.lines) == (False, ("big: not what was written",))
    run = judged("memdesc: begin\nhalf\n")
    assert (run.passed, run.lines) == (False, ("the kernel ended before the exercise did", "half"))
    assert judged("memdesc: begin\nhalf\n", "no end after 3 s").lines == ("no end after 3 s", "half")
    assert not judged(GOOD.format(""), "no end after 3 s").passed


@pytest.mark.skipif(shutil.which("cpio") is None, reason="needs cpio")
def test_first_files(tmp_path: Path) -> None:
    """The archive is one that cpio reads, with what the guest starts from."""
    own = exercise.read("x", b"# memory: 99\necho\n")
    archive = booting.initramfs(own, b"shell")
    subprocess.run(["cpio", "-id", "--quiet"], input=archive, cwd=tmp_path, check=True)
    assert (tmp_path / "bin/busybox").read_bytes() == b"shell"
    assert (tmp_path / "exercise").read_bytes() == own.script
    assert "MEMORY=99" in (tmp_path / "environment").read_text()
    assert (tmp_path / "init").stat().st_mode & 0o111


def test_disk(tmp_path: Path) -> None:
    """A program of the host fills it; one that fails is an error with its word."""
    booting.disk(exercise.read("x", b"# image: 2 chmod 600\n"), tmp_path / "disk")
    assert (tmp_path / "disk").stat().st_size == 2 << 20
    with pytest.raises(InputError, match="chmod: failed: "):
        booting.disk(exercise.read("x", b"# image: 2 chmod nonsense\n"), tmp_path / "disk")


def test_kernel_of_the_changed_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy has the changed texts; what only an earlier run changed is new there again, and as it was."""
    tree, build = tmp_path / "tree", tmp_path / "build"
    for folder in (tree / "mm", tree / "fs", build):
        folder.mkdir(parents=True)
    for path in (MAKEFILE, "fs/a.c", "fs/b.c"):
        (tree / path).write_text(f"{path}\n")
    ran: list[Sequence[str]] = []
    monkeypatch.setattr(booting, "make", lambda _top, _to, words: ran.append(words))
    shop = Shop(tree, build, tmp_path, 1, Memo(build))
    copy = build / "memdesc-boot" / "tree"
    image = booting.kernel(shop, {"fs/a.c": b"changed\n"}, b"asserts\n", ["CONFIG_A_FS=y"], 3)
    assert image.name == "bzImage"
    assert (copy / "fs/a.c").read_text() == "changed\n"
    assert (copy / "fs/b.c").is_symlink()
    assert (copy / PLACE).read_text() == "asserts\n"
    assert (copy / MAKEFILE).read_text().endswith("obj-y += memdesc_assert.o\n")
    assert "CONFIG_A_FS=y\n" in (build / "memdesc-boot/fragment").read_text()
    assert [words[-1] for words in ran] == ["allnoconfig", "bzImage"]
    booting.kernel(shop, {"fs/b.c": b"changed\n"}, b"asserts\n", [], 3)
    assert not (copy / "fs/a.c").is_symlink()
    assert (copy / "fs/a.c").read_text() == "fs/a.c\n"
    assert (tree / "fs/b.c").read_text() == "fs/b.c\n"


def test_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """QEMU, the program that makes the disk, or a shell that needs no libraries: one line."""
    monkeypatch.setattr(shutil, "which", lambda _name, path=None: None)  # noqa: ARG005
    with pytest.raises(InputError, match="needs qemu-system-x86_64"):
        booting.present()
    shell = tmp_path / "busybox"
    shell.write_bytes(b"\x7fELF /lib64/ld-linux-x86-64.so.2")
    monkeypatch.setattr(shutil, "which", lambda name, path=None: str(shell) if name == "busybox" else name)  # noqa: ARG005
    with pytest.raises(InputError, match="is not static"):
        booting.present()
