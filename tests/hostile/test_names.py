"""Names in files of others reach no output as they are: not one control character, in no command and no format."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.dom import minidom

import pytest

from btf import Builder
from memdesc.cli.main import main
from memdesc.convert.model import Target
from memdesc.escape import dumps, page, steer, visible
from memdesc.machine.trace.file import FORMAT, Head, Tail, Writer
from memdesc.report import patches

EVIL = "\x1b]0;t\x07\x1b[31m\x7f\x9b2J\u202eb\u2066\u200b<&\"'\ud83dq"
"""What retitles a terminal, colours it, clears it, turns text around, and a lone surrogate."""
NAME = EVIL.replace("\ud83d", "\udc9b") + "\r\ng.c:1:1: error: forged"
"""The same in the name of a file, where the end of a line forges one of ours, and bytes need be no UTF-8."""
SAFE = EVIL.replace("\ud83d", "")
RAW = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
GOOD = "static void f(void)\n{\n\tvoid *p = vmalloc(8);\n\n\tkfree(p); /* %s */\n}\n"


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Files whose names and contents are hostile, by what they are."""
    top = tmp_path_factory.mktemp("evil") / NAME
    tree = top / f"tree{NAME}"
    (tree / "mm").mkdir(parents=True)
    (tree / "include/linux").mkdir(parents=True)
    (tree / "Makefile").write_text("VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\nEXTRAVERSION =\n")
    (tree / "Kconfig").write_text(f"config {NAME}\n", "utf-8", "surrogateescape")
    (tree / "include/linux/mm_types.h").write_text(
        f"/* {SAFE} */\nstruct page {{\n\tunsigned long flags;\n\tint _refcount;\n}};\n"
        "struct folio {\n\tstruct page page;\n};\n"
    )
    (tree / "include/linux/page-flags.h").write_text("#define page_folio(p) ((struct folio *)(p))\n")
    (tree / "include/linux/pagemap.h").write_text(
        "void folio_lock(struct folio *folio);\n"
        "static inline void lock_page(struct page *page)\n{\n\tfolio_lock(page_folio(page));\n}\n"
    )
    lone = tree / "mm" / f"a{NAME}.c"
    body = GOOD % SAFE + "static void g(struct page *p)\n{\n\tlock_page(p);\n}\n"
    body += "void h(void *m)\n{\n\tstruct page *q = find_lock_page(m, 1);\n\n\tg(q);\n}\n"
    body += f"/* memdesc: allow {SAFE[:20]} */\n"
    lone.write_text(body)
    (tree / "MAINTAINERS").write_text(f"{SAFE[:30]}X\nM:\t{SAFE[:30]}\nF:\tmm/\n")
    btf = Builder()
    long = btf.integer(EVIL.replace("\ud83d", "i"), 8)
    for name, member in (("page", "mapping"), ("folio", "x" + EVIL.replace("\ud83d", "\n")), ("slab", "y")):
        members = [("flags", long, 0), (member, long, 64), (SAFE, long, 128)]
        btf.record(4, name, 64, members)
    (top / "btf").write_bytes(btf.bytes())
    design = top / f"d{NAME}.h"
    design.write_text(
        "struct page { unsigned long flags, mapping; unsigned int _mapcount, _refcount; };\n"
        f"struct slab {{ unsigned long flags; /* memdesc: kind {SAFE[:30]} */ void *a; }};\n"
    )
    good = top / f"g{NAME}.h"
    good.write_text("struct page { unsigned long flags, mapping; };\nstruct slab { long flags; void *a; };\n")
    with (top / f"trace{NAME}").open("wb") as stream:
        writer = Writer(stream, Head(FORMAT, EVIL, EVIL, 4096, 16384, 1, (EVIL,)))
        writer.stacks([(EVIL, "b")])
        writer.tail(Tail(0, 1, 0, 0, 0))
    entry = {"id": EVIL, "rule": EVIL, "file": EVIL, "function": EVIL, "expression": EVIL}
    (top / f"base{NAME}").write_text(json.dumps(entry) + "\n")
    (top / f"bad{NAME}").write_text(SAFE)
    return {
        "tree": str(tree), "lone": str(lone), "btf": str(top / "btf"), "design": str(design), "good": str(good),
        "trace": str(top / f"trace{NAME}"), "baseline": str(top / f"base{NAME}"), "missing": str(top / "no"),
        "bad": str(top / f"bad{NAME}"), "place": f"{lone}:5:8", "evil": SAFE,
    }  # fmt: skip


COMMANDS = [
    *(f"check tree --no-cache --level note --format {form}" for form in ("text", "json", "sarif", "gitlab")),
    *(f"check lone --no-cache --format {form}" for form in ("text", "json", "sarif", "gitlab")),
    "check tree missing", "check missing", "check tree --baseline baseline --no-cache", "check lone --baseline bad",
    "check tree --baseline missing", "check lone --settings bad", "check lone --signatures bad",
    "check lone --select evil",
    "check tree --patch bad --no-cache", "check tree --write-baseline /dev/stdout --no-cache",
    "infer tree --no-cache", "infer tree --no-cache --format json",
    "infer lone --design bad", "infer lone --design btf",
    *(f"status --tree tree --no-cache --by {by} --format {form}"
      for by in ("subsystem", "folder", "file") for form in ("text", "json", "html")),
    "convert tree --no-cache", "convert tree --no-cache --diff",
    "convert tree --no-cache --report text", "convert tree --no-cache --report json",
    "explain place --no-cache", "rule evil", "signatures evil",
    "debug lone --stage facts", "debug lone --stage graph",
    "debug lone --stage kinds",
    *(f"layout show {which} --format {form}"
      for which in ("btf", "design", "good") for form in ("text", "json", "html", "svg")),
    *(f"layout check {which} --format {form}"
      for which in ("btf", "design", "good", "missing", "bad") for form in ("text", "json", "sarif")),
    *(f"layout diff btf {other} --format {form}" for other in ("good", "linux-6.12") for form in ("text", "json")),
    "layout header btf", "layout header good", "layout solve btf", "layout solve good", "layout solve design",
    "layout show btf evil", "layout show good --abi evil", "layout show good --config evil",
    "census --dump bad", "census --dump missing --kernel btf", "census --dump trace",
    *(f"machine run --trace trace --design linux-6.12 --format {form}" for form in ("text", "json", "html")),
    *(f"machine compare --design linux-6.12 --design good --trace trace --format {form}"
      for form in ("text", "json", "html")),
    "machine compare --design linux-6.12 --trace bad", "machine hazards btf", "machine hazards good",
    "kbuild tree lone", "evil", "check --evil", "doctor",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_no_control_character_is_written(
    command: str, files: dict[str, str], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """To standard output or error; what is JSON or XML can be read as such; and no line is forged."""
    words = [files.get(word, word) for word in command.split()]
    try:
        status = main(words)
    except SystemExit as ended:
        status = int(ended.code or 0)
    said = capsysbinary.readouterr()
    for raw in (said.out, said.err):
        text = raw.decode("utf-8", "surrogateescape")
        if words[0] == "convert":  # source is copied
            text = re.sub(r"^[-+ ](?!\"?[-+]).*$", "", text, flags=re.M)
        assert not (found := RAW.search(text)), f"{found} in {text[:500]!r}"
        assert not re.search(r"^g\.c:1:1: error: forged", text, re.M), text
    assert b"this is a bug" not in said.err, said.err
    assert status in (0, 1, 2)
    if status == 2:
        return
    if "json" in words or "sarif" in words:
        json.loads(said.out)
    elif "svg" in words:
        minidom.parseString(said.out)


def test_what_is_written_to_a_file(files: dict[str, str], tmp_path: Path) -> None:
    """The same holds for --output."""
    for number, command in enumerate(COMMANDS):
        words = [files.get(word, word) for word in command.split()]
        if words[0] not in (
            "check",
            "infer",
            "status",
            "explain",
            "layout",
            "machine",
            "debug",
            "signatures",
        ):
            continue
        if "/dev/stdout" in words or words[:2] == ["machine", "hazards"]:
            continue
        target = tmp_path / str(number)
        with contextlib.suppress(SystemExit):
            main([*words, "--output", str(target)])
        if target.exists():
            assert not RAW.search(target.read_bytes().decode())


def test_patches_of_a_series(files: dict[str, str], tmp_path: Path) -> None:
    """Names, subjects and the cover letter show no control characters; what is changed is what the tree names so."""
    made = tmp_path / "made"
    status = main(["convert", files["tree"], "--no-cache", "--series", str(made), "--author", "A <a@b.c>"])
    assert status == 0
    mails = sorted(made.iterdir())
    assert len(mails) == 2
    for each in mails:
        assert not RAW.search(each.name)
        head, _, difference = each.read_text().partition("\ndiff ")
        assert not RAW.search(head)
        assert not RAW.search(difference.partition("@@")[0])
    tree = tmp_path / "tree"
    shutil.copytree(files["tree"], tree, symlinks=True)
    before = {path: path.read_bytes() for path in tree.rglob("*.c")}
    subprocess.run(["git", "apply", str(mails[1])], cwd=tree, check=True)
    after = {path: path.read_bytes() for path in tree.rglob("*.c")}
    assert before.keys() == after.keys()
    assert before != after


def test_no_name_ends_a_message() -> None:
    """Nor begins another mail, or a difference that is none of ours, wherever the lines of a message break."""
    starts = ("--- a/x", "diff --git a/x b/x", "Index: x", "From a Mon Sep 17 00:00:00 2001", ">From x")
    target = Target("a.c", "g", 0)
    body = patches.message([target], {target: " ".join(f"{'x' * 72} {start}" for start in starts)})
    assert all(f"\n{start}" in body for start in starts)
    sender = patches.Sender("A <a@b.c>", datetime(2026, 1, 1), False)
    mail = patches._mail(sender, "title", body, b"").decode()
    assert not [start for start in starts if f"\n{start}" in mail]


def test_a_terminal_gets_our_own_colours_and_no_other() -> None:
    """What steer() marked is passed on; the same sequence from elsewhere, or a mark that is guessed, is not."""
    ours = steer("\x1b[1m")
    assert page(f"{ours}\x1b[1m\n") == "\x1b[1m\\x1b[1m\n"
    guessed = "\ufdd0" + "0" * 16 + "\x1b[1m\ufdd1"
    assert "\x1b" not in page(guessed)
    assert "\x1b" not in page(visible(ours))


@pytest.mark.parametrize("value", [EVIL, {"a\x7f": [EVIL, "é\U0010ffff\ud800"]}, "\n\t\\u"])
def test_json_holds_exactly_what_it_was_given(value: object) -> None:
    """As escapes, so that page() finds nothing to do."""
    text = dumps(value, indent=1)
    assert not RAW.search(text)
    assert page(text) == text
    assert json.loads(text) == value


def test_only_one_module_writes_json_with_letters_of_all_scripts() -> None:
    """json.dumps(ensure_ascii=False) lets C1 and marks of direction through; escape.dumps() is for that."""
    source = Path(__file__).parents[2] / "src/memdesc"
    found = [path for path in source.rglob("*.py") if "ensure_ascii=False" in path.read_text()]
    assert [path.name for path in found] == ["escape.py"]
    assert os.path.exists(source / "escape.py")
