"""`memdesc layout` from the outside: exit status, one line for bad input, output where it belongs."""

import json
from pathlib import Path

import pytest

from memdesc.cli import layout

_HISTORY = Path(__file__).parents[1] / "layout" / "history"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return exit status, standard output and standard error of one call."""
    status = layout.main(list(arguments))
    out, err = capsys.readouterr()
    return status, out, err


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("check", "proposal-2021"), 0),
        (("check", "proposal-2021", "--abi", "all"), 0),
        (("check", "linux-6.18"), 1),
        (("check", str(_HISTORY / "slab-list-bad.h")), 1),
        (("check", str(_HISTORY / "slab-list-cured.h")), 0),
        (("show", "memdesc-8"), 0),
        (("diff", "linux-6.1", "linux-6.12"), 0),
    ],
)
def test_status(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], status: int) -> None:
    """0 when all is well, 1 when hazards were found; nothing on standard error."""
    got, out, err = run(capsys, *arguments)
    assert got == status
    assert out
    assert err == ""


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("check", "linux-9.9"), "linux-9.9: is no file and no shipped design"),
        (("check", "."), ".: is a folder"),
        (("check", "proposal-2021", "--abi", "vax"), "--abi: no ABI is called 'vax'; known: x86_64"),
        (("show", "proposal-2021", "--abi", "all"), "--abi: 'all' cannot be drawn"),
        (("show", "proposal-2021", "nothing"), "declares no struct or union 'nothing'"),
        (("show", "proposal-2021", "--config", "MEMCG"), "--config: 'MEMCG' is not of the form NAME=y"),
        (("diff", "linux-6.1", "linux-6.12", "nothing"), "neither has a struct or union 'nothing'"),
        (("solve", "linux-6.1"), "no struct has the comment 'memdesc: solve'"),
        (("header", "proposal-2021", "-o", "/no/such/folder/x.h"), "cannot be written"),
    ],
)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], why: str
) -> None:
    """Exit status 2, one line on standard error, nothing on standard output."""
    pytest.importorskip("z3")
    status, out, err = run(capsys, *arguments)
    assert status == 2
    assert out == ""
    assert why in err
    assert err.count("\n") == 1


def test_syntax_errors_name_their_place(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A header that is no C is refused at file:line:column."""
    path = tmp_path / "bad.h"
    path.write_text("struct page {\n\tint x : 40;\n};\n")
    status, _, err = run(capsys, "check", str(path))
    assert status == 2
    assert err == f"memdesc: {path}:2:6: bit-field 'x' has 40 bits, its type 'int' 32\n"
    path.write_text("int only_a_variable;\n")
    assert run(capsys, "check", str(path))[2].endswith("declares no structs\n")


def test_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    """--config overrides what the design takes for granted."""
    with_memcg = run(capsys, "show", "linux-6.18", "slab")[1]
    without = run(capsys, "show", "linux-6.18", "slab", "--config", "MEMCG=n")[1]
    assert "obj_exts" in with_memcg
    assert "obj_exts" not in without


def test_header_is_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """-o writes the file, without it the header goes to standard output, and both are the same."""
    path = tmp_path / "out.h"
    assert run(capsys, "header", "proposal-2021", "-o", str(path))[0] == 0
    assert path.read_text() == run(capsys, "header", "proposal-2021")[1]


def test_solution_is_written_and_sound(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """solve prints where members went and writes a header that can be read again."""
    pytest.importorskip("z3")
    wish = Path(__file__).parents[1] / "layout" / "solve" / "april-2021.h"
    path = tmp_path / "out.h"
    status, out, _ = run(capsys, "solve", str(wish), "--abi", "all", "-o", str(path))
    assert status == 0
    assert "dma_addr  over index" in out
    assert run(capsys, "check", str(path), "--config", "ARCH_DMA_ADDR_T_64BIT=y")[0] in (0, 1)


def test_sarif(capsys: pytest.CaptureFixture[str]) -> None:
    """check --format sarif prints one SARIF log."""
    status, out, _ = run(capsys, "check", "linux-6.18", "--format", "sarif")
    assert status == 1
    assert json.loads(out)["runs"][0]["results"]


def test_every_command_writes_to_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """-o FILE holds what would be printed, for each command and form, and nothing is printed."""
    for n, arguments in enumerate(
        (
            ("show", "proposal-2021", "slab_page"),
            ("show", "proposal-2021", "--format", "html"),
            ("show", "proposal-2021", "--format", "svg"),
            ("check", "proposal-2021", "--format", "json"),
            ("diff", "linux-6.1", "linux-6.12", "--format", "json"),
        )
    ):
        path = tmp_path / f"out{n}"
        status, printed, _ = run(capsys, *arguments)
        assert run(capsys, *arguments, "-o", str(path))[:2] == (status, "")
        if arguments[-1] != "slab_page":
            assert path.read_text() == printed
        assert path.stat().st_size > 500


def test_generating_says_what_is_missing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A converter that lets other pages pass is named on standard error, with what would tell them."""
    path = tmp_path / "design.h"
    path.write_text(
        "struct page { unsigned long flags; unsigned long compound_head; int _refcount; };\n"
        "struct folio { /* memdesc: kind=file */ unsigned long flags; };\n"
    )
    status, _, said = run(capsys, "header", str(path))
    assert status == 0
    assert said == (
        f"memdesc: {path}: page_to_folio() refuses a page only when the page is a tail; "
        "what would tell: `memdesc: is=EXPRESSION` on the struct\n"
    )
