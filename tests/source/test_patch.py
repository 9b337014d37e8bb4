"""Patches are read as git and diff write them, and applied as git applies them."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memdesc.errors import InputError
from memdesc.source.patch import apply, read

LINES = st.lists(
    st.sampled_from([b"a\n", b"b\n", b"\n", b"{\n", b"x y\n", b"--- z\n", b"+++ q\n"]), max_size=30
)
END = st.sampled_from([b"", b"no end"])
GIT = shutil.which("git") is None


def _all(_path: str) -> bool:
    return True


def _diff(folder: Path, old: bytes, new: bytes, *words: str) -> bytes:
    for side, text in (("a", old), ("b", new)):
        (folder / side).mkdir(exist_ok=True)
        (folder / side / "f.c").write_bytes(text)
    command = ["git", "diff", "--no-index", "--no-prefix", *words, "a/f.c", "b/f.c"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).stdout


@pytest.mark.skipif(GIT, reason="needs git")
@settings(max_examples=60)
@given(LINES, LINES, END, END, st.sampled_from(["-U3", "-U1", "-U0", "--patience"]))
def test_git_is_undone_and_done(
    tmp_path_factory: pytest.TempPathFactory, old: list[bytes], new: list[bytes], a: bytes, b: bytes, how: str
) -> None:
    """What git says lies between two texts makes one of the other; unchanged lines are told from new ones."""
    first, second = b"".join(old) + a, b"".join(new) + b
    diff = _diff(tmp_path_factory.getbasetemp(), first, second, how)
    if not diff:
        assert first == second
        return
    (patch,) = read(diff, "p")
    (changed,) = apply(patch, lambda path: first if path == "f.c" else None, _all)
    assert changed.text == second
    before, after = first.split(b"\n"), second.split(b"\n")
    for number, old_number in enumerate(changed.old_of, 1):
        assert not old_number or before[old_number - 1] == after[number - 1]
    assert len(changed.old_of) == len(second.splitlines())


TEXT = b"".join(b"%d\n" % n for n in range(1, 40))
DIFF = b"--- a/f.c\n+++ b/f.c\n@@ -10,3 +10,3 @@ f\n 10\n-11\n+eleven\n 12\n"


def test_moved_lines_are_found() -> None:
    """A hunk is placed where its lines stand, nearest to where it says; and nowhere else."""
    (patch,) = read(DIFF, "p")
    (changed,) = apply(patch, lambda _: b"new\nnew\n" + TEXT, _all)
    assert changed.text == b"new\nnew\n" + TEXT.replace(b"11\n", b"eleven\n", 1)
    assert changed.old_of[12] == 0
    assert changed.gone == {13}
    with pytest.raises(InputError, match=r"line 3 of the patch does not apply to f\.c$"):
        apply(patch, lambda _: TEXT.replace(b"12\n", b"twelve\n"), _all)
    with pytest.raises(InputError, match="it may be there already"):
        apply(patch, lambda _: TEXT.replace(b"11\n", b"eleven\n", 1), _all)


MAIL = (
    b"""From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001
From: A <a@b.c>
Subject: [PATCH v2 2/2] mm: second =?utf-8?q?=C3=A9?=
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

From here on it is text.
---
 f.c | 2 +-

--- a/f.c
+++ b/f.c
@@ -10,3 +10,3 @@
 10
-eleven
+a =3D b=
c;
 12
--=20
2.39.0

From 2222222222222222222222222222222222222222 Mon Sep 17 00:00:00 2001
From: A <a@b.c>
Subject: [PATCH v2 0/2] a letter
 of two lines

Nothing.

From 3333333333333333333333333333333333333333 Mon Sep 17 00:00:00 2001
From: A <a@b.c>
Subject: [PATCH v2 1/2] mm: first

diff --git a/f.c b/f.c
"""
    + DIFF
    + b"--\n2.39.0\n"
)


def test_mails() -> None:
    """An mbox gives its patches in the order of their numbers, decoded, without the letter."""
    patches = read(MAIL, "p")
    assert [patch.subject for patch in patches] == ["mm: first", "mm: second é"]
    text = TEXT
    for patch in patches:
        (changed,) = apply(patch, {"f.c": text}.get, _all)
        text = changed.text
    assert text == TEXT.replace(b"11\n", b"a = bc;\n", 1)
    assert read(MAIL.partition(b"\n")[2].partition(b"\nFrom 2222")[0], "p")[0].subject == "mm: second é"


def test_files_that_come_and_go() -> None:
    """New, deleted, renamed and copied files, and names that git quotes."""
    diff = (
        b"diff --git a/n.c b/n.c\nnew file mode 100644\nindex 0..1\n--- /dev/null\n+++ b/n.c\n@@ -0,0 +1 @@\n+n\n"
        b"diff --git a/d.c b/d.c\ndeleted file mode 100644\n--- a/d.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-d\n"
        b"diff --git a/o.c b/r.c\nsimilarity index 100%\nrename from o.c\nrename to r.c\n"
        b"diff --git a/o2.c b/r2.c\nsimilarity index 90%\nrename from o2.c\nrename to r2.c\n"
        b"--- a/o2.c\n+++ b/r2.c\n@@ -1 +1 @@\n-o2\n+r2\n"
        b"diff --git a/k.c b/c.c\nsimilarity index 100%\ncopy from k.c\ncopy to c.c\n"
        b'diff --git "a/\\303\\251.c" "b/\\303\\251.c"\n'
        b'--- "a/\\303\\251.c"\n+++ "b/\\303\\251.c"\n@@ -1 +1 @@\n-q\n+p\n'
        b"diff --git a/pic.png b/pic.png\nindex 1..2 100644\nGIT binary patch\nliteral 3\nKc$x\n\n"
        b"diff --git a/empty.c b/empty.c\nnew file mode 100644\nindex 0..e69\n"
    )
    held = {"d.c": b"d\n", "o.c": b"o\n", "o2.c": b"o2\n", "k.c": b"k\n", "é.c": b"q\n"}
    (patch,) = read(diff, "p")
    changes = apply(patch, held.get, lambda path: path.endswith(".c"))
    assert {change.file: change.text for change in changes} == {
        "n.c": b"n\n", "d.c": b"", "o.c": b"", "r.c": b"o\n", "o2.c": b"", "r2.c": b"r2\n", "c.c": b"k\n",
        "é.c": b"p\n", "empty.c": b"",
    }  # fmt: skip
    assert {change.file: change.before for change in changes}["r2.c"] == "o2.c"


def test_names_without_a_folder() -> None:
    """Patches made with --no-prefix, or between two trees."""
    for old, new in (
        (b"mm/f.c", b"mm/f.c"),
        (b"linux-6.1/mm/f.c", b"linux/mm/f.c"),
        (b"mm/f.c\t2024-01-01", b"mm/f.c"),
    ):
        (patch,) = read(DIFF.replace(b"a/f.c", old).replace(b"b/f.c", new), "p")
        (changed,) = apply(patch, lambda path: TEXT if path == "mm/f.c" else None, _all)
        assert changed.file == "mm/f.c"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "holds no patch"),
        (b"hello\n", "holds no patch"),
        (bytes(range(256)) * 4, "holds no patch"),
        (b"--- a/f.c\n+++ b/f.c\n@@ -1,9 +1,9 @@\n a\n", "the hunk breaks off"),
        (b"--- a/f.c\n+++ b/f.c\n@@ -1,2 +1,2 @@\n a\nb\n", "the hunk breaks off"),
    ],
)
def test_what_is_none(data: bytes, says: str) -> None:
    """What is no patch, or a part of one, is refused."""
    with pytest.raises(InputError, match=says):
        read(data, "p")


@pytest.mark.parametrize("name", [b"/etc/f.c", b"a/../../f.c", b"a/\0.c"])
def test_names_that_lead_out(name: bytes) -> None:
    """A patch names files of the tree."""
    (patch,) = read(DIFF.replace(b"a/f.c", name).replace(b"b/f.c", name), "p")
    with pytest.raises(InputError, match="leads out"):
        apply(patch, lambda _: TEXT, _all)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_whatever_it_is(before: bytes, after: bytes) -> None:
    """Any bytes are a patch, or refused as none."""
    for data in (before + DIFF + after, b"From a Mon 2001\n" + before + after, DIFF[: len(before)] + after):
        try:
            for patch in read(data, "p"):
                apply(patch, lambda _: TEXT, _all)
        except InputError:
            pass
