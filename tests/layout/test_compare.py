"""Diff: what moved, how types are told, and which probes and readers that breaks."""

from pathlib import Path

import pytest

from memdesc.errors import InputError
from memdesc.layout import design
from memdesc.layout.compare import Difference, compare


def _compare(before: str, after: str, *structs: str) -> Difference:
    return compare(design.load(before), design.load(after), structs)


def test_from_6_1_to_6_12() -> None:
    """The breaks that crash, drgn and makedumpfile learned of from bug reports."""
    found = _compare("linux-6.1", "linux-6.12")
    slab = next(s for s in found.structs if s.name == "slab")
    moved = {
        c.path: (c.before[0], c.after[0]) for c in slab.changes if c.what == "moved" and c.before and c.after
    }
    assert moved["slab_cache"] == (24, 8)
    assert moved["slab_list.prev"] == (16, 24)
    assert ("PGTY_slab", None, 0xF5) in found.types
    assert "PG_slab of flags" in found.encodings[0]
    assert "top byte of page_type" in found.encodings[1]
    assert {(p.probe, p.descriptor) for p in found.probes if p.new} >= {
        ("movable-bits", "slab"),
        ("anon-bit", "slab"),
    }
    cures = " ".join(r.cure for r in found.broken)
    for commit in ("bad2a7c", "72c3414", "5f17bdd", "d83df2f", "446c4f6", "9661c1d"):
        assert commit in cures
    assert {s.name for s in found.structs if s.before is None} == {"ptdesc", "net_iov"}


def test_from_6_12_to_6_18() -> None:
    """flags became a struct, index was renamed, and movable pages are told by a flag."""
    found = _compare("linux-6.12", "linux-6.18")
    page = next(s for s in found.structs if s.name == "page")
    changes = {(c.what, c.path) for c in page.changes}
    assert ("retyped", "flags") in changes
    assert ("renamed", "index") in changes
    assert found.types == (("PGTY_large_kmalloc", None, 0xF8),)
    cures = " ".join(r.cure for r in found.broken)
    assert "488a322a" in cures
    assert "7e8a279" in cures
    assert "72c3414" not in cures
    assert [(p.probe, p.new) for p in found.probes if p.descriptor == "slab"] == [("movable-bits", False)]


def test_the_announced_end() -> None:
    """With memdesc the type is found elsewhere altogether."""
    found = _compare("linux-6.18", "memdesc-8")
    assert "low 4 bits of memdesc" in found.encodings[1]
    assert any("compound_head" in r.needs for r in found.broken)


def test_nothing_differs() -> None:
    """A design equals itself."""
    for name in design.SHIPPED:
        found = _compare(name, name)
        assert (found.structs, found.types, found.probes, found.broken) == ((), (), (), ())


def test_chosen_structs(tmp_path: Path) -> None:
    """Any struct can be compared; one that neither has is an error."""
    path = tmp_path / "a.h"
    path.write_text("struct page { unsigned long flags; }; struct slab { unsigned long flags; int added; };")
    found = compare(design.load(path), design.load("linux-6.18"), ["slab"])
    assert [s.name for s in found.structs] == ["slab"]
    with pytest.raises(InputError, match="neither has a struct or union 'nothing'"):
        compare(design.load(path), design.load(path), ["nothing"])


def test_the_name_of_a_parameter_is_no_type(tmp_path: Path) -> None:
    """Names of parameters may differ, and the spelling of an int; a qualifier that is gone is another type."""
    texts = (
        "void (*free)(struct page *page, unsigned order); const char *name; const int fixed;",
        "void (*free)(struct page *, unsigned int); char *name; int fixed;",
    )
    paths = []
    for n, text in enumerate(texts):
        paths.append(tmp_path / f"{n}.h")
        paths[-1].write_text(f"struct page {{ unsigned long flags; {text} }};\n")
    found = compare(design.load(str(paths[0])), design.load(str(paths[1])), ("page",))
    changes = {c.path: (c.before[2], c.after[2]) for c in found.structs[0].changes if c.before and c.after}
    assert changes == {"name": ("const char *", "char *"), "fixed": ("const int", "int")}
