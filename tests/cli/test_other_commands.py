"""The smaller commands: infer, explain, rule, signatures, debug."""

import json
from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.cli.main import main
from memdesc.findings import registry
from memdesc.findings.model import Rule
from memdesc.inference.declare import Entity, Explanation, Inference, Role
from memdesc.kinds import ANY, Kind
from memdesc.records import Statistics, Step


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """An empty C file."""
    path = tmp_path / "a.c"
    path.write_text("")
    return path


def test_infer(source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Both forms show the entities; finding some is no failure."""
    entity = Entity("a.c", 3, "put", Role.PARAM, "page", 0, "struct page *", Kind.SLAB, ANY, "slab")
    inference = Inference("/src", "6.1", (entity,), Statistics(files=1, files_read=1))
    monkeypatch.setattr(pipeline, "infer", lambda *_: inference)
    assert main(["infer", str(source)]) == 0
    heard = capsys.readouterr()
    assert heard.out == "a.c:3: put(page) slab\n"
    assert heard.err.startswith("1 declaration\n        1  slab\n")
    assert main(["infer", str(source), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["entities"][0]["role"] == "param"


def test_explain(source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What arrives, what is demanded, and the evidence for both, in a dozen lines."""
    because = (Step("a.c", 2, 3, "f", "\tp = kmalloc(8, 0);", "kmalloc() gives slab memory"),)
    demands = (Step("a.c", 4, 3, "f", "\tget_page(p);", "get_page() takes a reference"),)
    answer = Explanation("p", "f", "a.c", 3, 2, Kind.SLAB, Kind.FILE | Kind.ANON, "folio", because, demands)
    monkeypatch.setattr(pipeline, "explain", lambda *_: answer)
    assert main(["explain", f"{source}:3"]) == 0
    assert capsys.readouterr().out == (
        "a.c:3:2: 'p' in f()\n"
        "  can be:     slab\n"
        "  must be:    file|anon\n"
        "  descriptor: should be folio\n"
        "  clash:      slab arrives and is not accepted\n"
        "  arrives because:\n"
        "    a.c:2: kmalloc() gives slab memory: p = kmalloc(8, 0);\n"
        "  demanded because:\n"
        "    a.c:4: get_page() takes a reference: get_page(p);\n"
    )


def test_debug(source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The dump of a stage is printed as it is."""
    monkeypatch.setattr(pipeline, "dump", lambda stage, file: f"{stage} of {file.name}\n")
    assert main(["debug", "--stage", "facts", str(source)]) == 0
    assert capsys.readouterr().out == "facts of a.c\n"
    assert main(["debug", "--stage", "facts", str(source.parent)]) == 2
    assert capsys.readouterr().err == f"memdesc: {source.parent}: is a folder; a C file was expected\n"


def test_rule(rule: Rule, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a name the list, with one its page, with a wrong one the nearest."""
    monkeypatch.setattr(registry, "rules", lambda: {rule.name: rule})
    monkeypatch.setattr(registry, "page", lambda name: f"# {name}\n")
    assert main(["rule"]) == 0
    assert capsys.readouterr().out == (
        "slab-page-sent  error    slab memory reaches the network's page references\n"
    )
    assert main(["rule", "slab-page-sent"]) == 0
    assert capsys.readouterr().out == "# slab-page-sent\n"
    assert main(["rule", "slab-page-send"]) == 2
    assert capsys.readouterr().err == "memdesc: slab-page-send: no such rule; did you mean slab-page-sent?\n"


def test_signatures(capsys: pytest.CaptureFixture[str]) -> None:
    """A signature is shown as its file has it, under its source."""
    assert main(["signatures", "sendpage_ok"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("// include/linux/net.h")
    assert lines[1].startswith("bool sendpage_ok(struct page *page")
    assert main(["signatures", "sendpage_o"]) == 2
    assert "did you mean sendpage_ok?" in capsys.readouterr().err


def test_every_signature_is_listed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """The list is made of declarations that end."""
    assert main(["signatures"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("//")]
    assert sum(line.rstrip().endswith(";") for line in lines) >= 10


def test_a_generated_signature_is_shown_where_no_other_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    """What `explain` says of a function that has none is what it was taken from."""
    assert main(["signatures", "alloc_skb"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("// include/linux/skbuff.h, by the body in Linux ")
    assert "alloc_skb(unsigned int size, gfp_t priority) /* gives slab */;" in said


def test_signatures_of_a_tree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the functions of a tree assert is shown with its place, beside what is shipped for that version."""
    (tmp_path / "Makefile").write_text("VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 7\nEXTRAVERSION =\n")
    (tmp_path / "include" / "linux").mkdir(parents=True)
    (tmp_path / "include" / "linux" / "swan.h").write_text(
        "static inline void swan(int n, struct page *page)\n{\n\tVM_BUG_ON_PAGE(PageSlab(page), page);\n}\n"
    )
    assert main(["signatures", "swan", "PageAnon", "--tree", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert said.endswith(
        "// include/linux/swan.h:3: VM_BUG_ON_PAGE(PageSlab(page), page);\nswan(): page wants !slab\n"
    )
    assert "PageAnon(const struct page *page /* true" in said
    assert "keeps ->mapping" not in said
    assert main(["signatures", "goose", "--tree", str(tmp_path)]) == 2


def test_signatures_are_verified_against_a_tree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A function that the tree lacks or declares otherwise is reported; one that fits is not."""
    (tmp_path / "Makefile").write_text("VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 7\nEXTRAVERSION =\n")
    (tmp_path / "include" / "linux").mkdir(parents=True)
    (tmp_path / "include" / "linux" / "net.h").write_text("static inline bool sendpage_ok(struct page *p);\n")
    (tmp_path / "mm").mkdir()
    (tmp_path / "mm" / "a.c").write_text("void put_page(struct page *page, int more)\n{\n}\n")
    words = ["signatures", "sendpage_ok", "put_page", "get_page", "--verify", "--tree", str(tmp_path)]
    assert main(words) == 1
    captured = capsys.readouterr()
    assert captured.err.endswith("for 6.1.7: 2 do not fit\n")
    said = captured.out.splitlines()
    assert [(line.split(": ")[1], line.split(": ")[2]) for line in said] == [
        ("get_page", "the tree has no function, macro or member of this name"),
        ("put_page", "1 parameters here, 2 in the tree"),
    ]
    assert main([*words[:2], *words[4:]]) == 0
    assert main(["signatures", "--verify", "--tree", str(tmp_path / "mm")]) == 2
    assert "needs a kernel tree" in capsys.readouterr().err


def test_no_signature_is_listed_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """Two rows of one function differ, and each says for which kernels it holds."""
    assert main(["signatures"]) == 0
    rows = [row for row in capsys.readouterr().out.splitlines() if row and not row.startswith("//")]
    assert len(set(rows)) == len(rows)
    assert any("// until: " in row for row in rows)
