"""A module outside the kernel tree is read as part of that kernel; nothing that was asked for is passed over."""

import json
from pathlib import Path

import pytest

from conftest import Run

KERNEL = {
    "Makefile": "VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 9\n",
    "include/linux/big.h": "void *kernel_big_alloc(unsigned long n);\n",
    "mm/big.c": "void *kernel_big_alloc(unsigned long n)\n{\n\treturn vmalloc(n);\n}\n",
    "mm/own.c": "void own(void)\n{\n\tkfree(vmalloc(4));\n}\n",
}
MODULE = {
    "Makefile": "obj-m := heron.o\n",
    "heron.h": "struct heron { void *buf; };\n",
    "main.c": '#include "heron.h"\nvoid get(struct heron *h)\n{\n\th->buf = kernel_big_alloc(4096);\n}\n',
    "sub/put.c": '#include "../heron.h"\nvoid put(struct heron *h)\n{\n\tkfree(h->buf);\n}\n',
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a kernel and a module side by side."""
    for top, files in (("linux", KERNEL), ("heron", MODULE)):
        for name, text in files.items():
            path = tmp_path / top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return tmp_path


def _files(memdesc: Run, *words: str | Path) -> list[str]:
    ended = memdesc("check", *words, "--format", "json")
    assert ended.returncode in (0, 1), ended.stderr
    return [finding["file"] for finding in json.loads(ended.stdout)["findings"]]


def test_its_kernel_is_the_context(memdesc: Run, place: Path) -> None:
    """What a function of the kernel gives is known in the module; findings are those of the module."""
    assert _files(memdesc, "heron", "--tree", "linux") == [str(place / "heron/sub/put.c")]
    assert _files(memdesc, "heron/sub/put.c", "--tree", "linux") == [str(place / "heron/sub/put.c")]
    assert _files(memdesc, "heron/main.c", "--tree", "linux") == []  # the other file was not asked for
    assert _files(memdesc, "heron/sub/put.c", "heron", "--tree", "linux") == [str(place / "heron/sub/put.c")]


def test_kernel_and_module(memdesc: Run, place: Path) -> None:
    """Paths in the tree and outside of it can be asked for together."""
    own, module = "mm/own.c", str(place / "heron/sub/put.c")
    assert sorted(_files(memdesc, "linux", "heron")) == sorted([own, module])
    assert sorted(_files(memdesc, "heron", "linux/mm")) == sorted([own, module])
    assert _files(memdesc, "linux") == [own]


def test_it_is_kept_and_asked_anew(memdesc: Run, place: Path) -> None:
    """A second run says the same, and a change to the module or to its kernel is seen."""
    words = ("heron", "--tree", "linux")
    first = _files(memdesc, *words)
    assert _files(memdesc, *words) == first
    (place / "heron/sub/put.c").write_text(MODULE["sub/put.c"].replace("kfree", "kvfree"))
    assert _files(memdesc, *words) == []
    (place / "heron/sub/put.c").write_text(MODULE["sub/put.c"])
    (place / "linux/mm/big.c").write_text(KERNEL["mm/big.c"].replace("vmalloc(n)", "kmalloc(n, GFP_KERNEL)"))
    assert _files(memdesc, *words) == []


def test_explain_and_infer(memdesc: Run, place: Path) -> None:
    """The other commands read a module with its kernel too."""
    explained = memdesc("explain", "heron/sub/put.c:4:8", "--tree", "linux")
    assert explained.returncode == 0, explained.stderr
    assert "vmalloc" in explained.stdout
    (place / "heron/page.c").write_text("void p(void)\n{\n\tstruct page *page = alloc_page(GFP_KERNEL);\n}\n")
    inferred = memdesc("infer", "heron", "--tree", "linux", "--format", "json")
    assert [e["file"] for e in json.loads(inferred.stdout)["entities"]] == [str(place / "heron/page.c")]


@pytest.mark.parametrize("command", ["check", "infer"])
def test_what_is_asked_for_is_read(memdesc: Run, place: Path, command: str) -> None:
    """A file or folder that is asked for and cannot be read ends the run with 2, whatever else was read."""
    (place / "heron/.hidden").mkdir()
    (place / "heron/.hidden/a.c").write_text("int a;\n")
    (place / "linux/link").symlink_to(place / "heron", target_is_directory=True)
    ended = memdesc(command, "heron/.hidden/a.c", "--tree", "linux")
    assert ended.returncode == 0, ended.stderr  # a file that is named is read, hidden or not
    hostile = place / "heron/not.c"
    hostile.symlink_to("/dev/zero")
    ended = memdesc(command, "heron/not.c", "--tree", "linux")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "not.c" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_link_to_the_module(memdesc: Run, place: Path) -> None:
    """A module that the tree reaches by a link is read when it is asked for."""
    (place / "linux/drivers").mkdir()
    (place / "linux/drivers/heron").symlink_to(place / "heron", target_is_directory=True)
    assert _files(memdesc, "linux/drivers/heron", "--tree", "linux") == [str(place / "heron/sub/put.c")]


def test_found_as_kbuild_finds_it(memdesc: Run, place: Path) -> None:
    """$KDIR names the kernel of a module; without any, the run says what that costs."""
    found = memdesc("check", "heron", environment={"KDIR": str(place / "linux")})
    assert found.returncode == 1
    assert f"read as a module of {place / 'linux'}" in found.stderr
    missing = memdesc("check", "heron", environment={"KDIR": "", "KERNELRELEASE": "0.0-none"})
    assert missing.returncode == 0
    assert "no kernel was found for the module" in missing.stderr


def test_places_can_be_opened_and_given_back(memdesc: Run, place: Path) -> None:
    """Text names files from where the user stands; what it prints is a place for `explain`."""
    for folder, words in (
        (place, ("heron", "--tree", "linux")),
        (place / "heron/sub", ("put.c", "--tree", "../../linux")),
    ):
        ended = memdesc("check", *words, cwd=folder)
        line = next(line for line in ended.stdout.splitlines() if ": error: " in line)
        printed = line.split(": error: ")[0]
        assert (folder / printed.split(":")[0]).is_file()
        explained = memdesc("explain", printed, *words[1:], cwd=folder)
        assert explained.stdout.startswith(printed)
        for each in ended.stdout.splitlines():
            if ": note: " in each:
                assert (folder / each.split(":")[0]).is_file()


def test_named_from_the_top(memdesc: Run, place: Path) -> None:
    """--paths tree, JSON and baselines do not depend on where the user stands."""
    here = memdesc("check", "own.c", "--paths", "tree", cwd=place / "linux/mm")
    assert here.stdout.startswith("mm/own.c:")
    memdesc("check", ".", "--write-baseline", place / "known", cwd=place / "linux/mm")
    again = memdesc("check", "linux/mm/own.c", "--baseline", place / "known")
    assert (again.returncode, again.stdout) == (0, "")
    assert "1 more in the baseline" in again.stderr


def test_code_for_other_kernels(memdesc: Run, place: Path) -> None:
    """What a module compiles for other versions only is no finding; another version of the tree is another answer."""
    (place / "heron/main.c").write_text(
        '#include "heron.h"\nvoid get(struct heron *h)\n{\n'
        "#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)\n\th->buf = kernel_big_alloc(4096);\n"
        "#else\n\th->buf = kmalloc(4096, GFP_KERNEL);\n#endif\n}\n"
    )
    put = [str(place / "heron/sub/put.c")]
    assert _files(memdesc, "heron", "--tree", "linux") == []
    (place / "linux/Makefile").write_text("VERSION = 6\nPATCHLEVEL = 2\nSUBLEVEL = 0\n")
    assert _files(memdesc, "heron", "--tree", "linux") == put
    (place / "linux/Makefile").write_text(KERNEL["Makefile"])
    assert _files(memdesc, "heron", "--tree", "linux") == []


def test_code_for_other_kernels_in_the_tree(memdesc: Run, place: Path) -> None:
    """A driver that keeps such code in the tree itself is read for the tree's version, too."""
    own = place / "linux/mm/own.c"
    own.write_text(
        "void own(void)\n{\n#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 0, 0)\n\tkfree(vmalloc(4));\n#endif\n}\n"
    )
    assert _files(memdesc, "linux") == []
    (place / "linux/Makefile").write_text("VERSION = 4\nPATCHLEVEL = 19\nSUBLEVEL = 0\n")
    assert _files(memdesc, "linux") == ["mm/own.c"]
    (place / "linux/Makefile").write_text(KERNEL["Makefile"])
    assert _files(memdesc, "linux") == []


def test_the_makefile_names_the_kernel(memdesc: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module's `KDIR ?= DIR` is followed, but $KDIR goes before it."""
    monkeypatch.setenv("KERNELRELEASE", "0.0.0-none")
    monkeypatch.delenv("KDIR", raising=False)
    makefile = place / "heron" / "Makefile"
    assert _files(memdesc, "heron") == []
    for line in (
        "KDIR ?= ../linux",
        f"KERNEL_SRC := {place}/linux",
        "  KDIR = ../$(KERNELRELEASE)/../linux ",
    ):
        (place / "0.0.0-none").mkdir(exist_ok=True)
        makefile.write_text(f"obj-m := heron.o\n{line}\n")
        assert _files(memdesc, "heron") == [str(place / "heron/sub/put.c")], line
    makefile.write_text("obj-m := heron.o\nKDIR ?= $(shell somewhere)/linux\n")
    assert _files(memdesc, "heron") == []
