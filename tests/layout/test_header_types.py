"""Designs of many shapes of C (tests/layout/headers) come out of `layout header` with every type as it was."""

from pathlib import Path

import pytest

from memdesc.layout import design
from memdesc.layout.abi import ABIS
from memdesc.layout.header import untested, write_header
from memdesc.layout.model import Struct, strip

HEADERS = sorted(Path(__file__).with_name("headers").glob("*.h"))


def _each(path: Path) -> list[design.Design]:
    return [design.load(str(path), abi) for abi in ABIS.values()]


def _members(struct: Struct) -> dict[str, str]:
    out = {}
    for member in struct.members:
        inner = strip(member.type)
        if isinstance(inner, Struct) and not inner.name:
            out |= {f"{member.name}.{name}": text for name, text in _members(inner).items()}
            out[f"{member.name}:"] = member.qualifiers
        elif member.name:
            out[member.name] = member.spelling
    return out


@pytest.mark.parametrize("path", HEADERS, ids=lambda path: path.stem)
def test_every_member_keeps_its_type(path: Path, tmp_path: Path) -> None:
    """Read again, the header has the members of the design, with the qualifiers on every level."""
    first = design.load(str(path))
    written = tmp_path / "written.h"
    written.write_text(write_header([first]))
    again = design.load(str(written))
    for name in ("page", *(d.struct.name for d in first.descriptors if not d.arm)):
        before, after = first.types.find(name), again.types.find(name)
        assert before is not None
        assert after is not None
        assert (before.size, before.align) == (after.size, after.align)
        was = {name: text for name, text in _members(before).items() if text != "enum"}
        now = _members(after)
        assert {name: now.get(name) for name in was} == was


@pytest.mark.real
@pytest.mark.parametrize("judge", ["gcc", "clang"])
@pytest.mark.parametrize("abi", ABIS.values(), ids=lambda abi: abi.name)
@pytest.mark.parametrize("path", HEADERS, ids=lambda path: path.stem)
def test_compilers_lay_it_out_the_same_way(path: Path, abi, judge: str, compiler) -> None:
    """Sizes, alignments and offsets hold on every ABI, without a warning, also a pedantic one."""
    text = write_header(_each(path)) + "\nint used;\n"
    fine, said = compiler(judge, abi).accepts(
        text, "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-ffreestanding"
    )
    assert fine, said


def _converter(text: str, name: str) -> str:
    start = text.rindex("/*", 0, text.index(f"*page_to_{name}("))
    return text[start : text.index("}", start)]


def test_a_converter_promises_what_it_checks() -> None:
    """Where nothing tells a kind the comment says so, and so does whoever generates; a tail alone is no test."""
    first = design.load(str(Path(__file__).with_name("headers") / "folio.h"))
    text = write_header([first])
    assert "has to know" in _converter(text, "folio")
    assert "PG_slab is set" in _converter(text, "folio")
    assert "has to know" in _converter(text, "net_page")
    assert "has to know" not in _converter(text, "slab")
    assert "PG_slab is not set" in _converter(text, "slab")
    said = untested(first)
    assert [sentence.split("(")[0] for sentence in said] == ["page_to_folio", "page_to_net_page"]
    assert "is=EXPRESSION" in said[0]


def test_what_the_design_says_of_a_kind_is_a_test() -> None:
    """is=EXPRESSION tells the pages of a struct; without it and without a member for tails nothing is tested."""
    first = design.load(str(Path(__file__).with_name("headers") / "pool.h"))
    text = write_header([first])
    assert "page->pp_magic == 0x40" in _converter(text, "net_page")
    assert "return NULL" not in _converter(text, "odd")
    assert [sentence.split(" ")[0] for sentence in untested(first)] == ["page_to_odd()"]


def test_no_type_in_memdesc_no_converter() -> None:
    """A separate descriptor for which enum memdesc_type has no value is named, and gets no converter."""
    first = design.load(str(Path(__file__).with_name("headers") / "separate.h"))
    text = write_header([first])
    assert "*page_to_slab(" in text
    assert "*page_to_zpdesc(" not in text
    assert untested(first) == [
        "no page_to_zpdesc(): no value of enum memdesc_type in page->memdesc stands for it"
    ]
