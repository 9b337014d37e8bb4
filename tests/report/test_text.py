"""Findings as gcc would print them."""

import io
from dataclasses import replace

import pytest

from memdesc.escape import page
from memdesc.findings.model import Finding, Level, Report
from memdesc.inference.declare import Entity, Ground, Inference, Role
from memdesc.kinds import ANY, Kind
from memdesc.records import Statistics, Step, Unread
from memdesc.report import text


def test_a_finding_reads_as_a_compiler_message(report: Report) -> None:
    """Place, level, sentence and rule in one line; the source line and a caret; the way there as notes."""
    assert text.check(report) == (
        "net/own/tx.c: In function 'push':\n"
        "net/own/tx.c:9:7: error: slab memory from kmalloc() reaches kernel_sendpage(), which takes a"
        " reference on its page [slab-page-sent]\n"
        "    9 |         rv = kernel_sendpage(s, tx->page, 0, n, 0);\n"
        "      |              ^\n"
        "net/own/tx.c:4:12: note: (1) gives slab memory [in fill()]\n"
        "    4 |         void *p = kmalloc(n, GFP_KERNEL);\n"
        "      |                   ^\n"
    )


def test_a_function_is_named_once(report: Report, finding: Finding) -> None:
    """Findings of one function share its header; another function has its own."""
    other = replace(finding, function="other")
    said = text.check(replace(report, findings=(finding, finding, other)))
    assert said.count("In function 'push':") == 1
    assert said.count("In function 'other':") == 1


def test_the_caret_stands_under_its_column() -> None:
    """Tabs are widened, and columns count bytes however many a character has."""
    step = Step("a.c", 123456, 11, "f", "\t/* é */ p = q;", "")
    lines = list(text._quote(step, "", text.PLAIN))
    assert lines[0].index("p = q") - lines[1].index("^") == 0
    assert list(text._quote(replace(step, text="  "), "", text.PLAIN)) == []
    assert len(list(text._quote(replace(step, column=99), "", text.PLAIN))) == 1


def test_a_source_line_cannot_steer_the_terminal() -> None:
    """Escape sequences in the checked code are written out."""
    assert text.visible("a\x1b[2Jb\tc\x07é\udcff") == "a\\x1b[2Jb\tc\\x07é\\udcff"


def test_colours_are_for_terminals(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets them unless NO_COLOR is set; a pipe does not."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[1;31merror:" in page(text.check(report, text.style(Terminal())))
    assert "\x1b" not in text.check(report, text.style(io.StringIO()))
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in text.check(report, text.style(Terminal()))


def test_the_summary_counts(report: Report, finding: Finding) -> None:
    """What was found by level and rule, what was read, what was not."""
    warning = replace(finding, level=Level.WARNING, rule="other-rule")
    report = replace(report, findings=(finding, warning, warning))
    assert text.summary(report, 2, {"slab-page-sent": "what it is about"}) == (
        "1 error, 2 warnings in 1 file (2 more in the baseline)\n"
        "      2  other-rule\n"
        "      1  slab-page-sent  what it is about\n"
        "followed 11 of 40 functions in 2 of 3 files, 1 of them from the cache, in 0.8 s and 64 MiB\n"
        "not read (1; findings may be missing there):\n"
        "  net/own/big.c: larger than 32 MiB\n"
    )


def test_a_long_list_of_unread_is_cut(report: Report) -> None:
    """The rest is in the JSON, and the summary says so."""
    unread = tuple(Unread("a.c", f"f{n}", "unbalanced braces") for n in range(25))
    lines = text.summary(replace(report, findings=(), statistics=Statistics(unread=unread))).splitlines()
    assert lines[0] == "nothing found"
    assert "  a.c: f0: unbalanced braces" in lines
    assert lines[-1] == "  ... and 15 more, all of them in --format json"


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (Kind.NONE, "unknown"),
        (ANY, "any kind"),
        (Kind.SLAB | Kind.FILE, "file|slab"),
        (ANY & ~Kind.SLAB, "any kind but slab"),
    ],
)
def test_sets_of_kinds_in_words(kinds: Kind, words: str) -> None:
    """Nearly everything is said by what is missing."""
    assert text.kinds(kinds) == words


@pytest.mark.parametrize(
    ("role", "says"),
    [
        (Role.PARAM, "f(p)"),
        (Role.RETURN, "f() result"),
        (Role.LOCAL, "f() p"),
        (Role.FIELD, "p"),
        (Role.GLOBAL, "p"),
    ],
)
def test_an_entity_is_a_line(role: Role, says: str) -> None:
    """Each role names what was declared; then the type, and why, or what would decide it."""
    index = 1 if role is Role.PARAM else None
    grounds = (Ground("a.c", 7, "get_it()", "exact"), Ground("b.c", 9, "page->it", "exact"))
    entity = Entity("a.c", 3, "f", role, "p", index, "struct  page *", Kind.NONE, ANY, None, why="a use")
    other = replace(entity, descriptor="page", why="this very page", grounds=grounds)
    inference = Inference("", "", (entity, other), Statistics())
    assert text.infer(inference) == (
        f"a.c:3: {says} ?    to decide: a use\n"
        f"a.c:3: {says} page this very page: get_it(), line 7; page->it, b.c:9\n"
    )


def test_the_types_to_choose_from_are_told() -> None:
    """With the design that they come from."""
    told = text.infer_summary(Inference("", "", (), Statistics(), 0, "own", ("folio", "slab")))
    assert told.startswith("0 declarations; to choose from, by own: folio, slab\n")
