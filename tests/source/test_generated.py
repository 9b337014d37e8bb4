"""Generated signatures are found by name and version, and are asked where there is neither signature nor body."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level
from memdesc.kinds import Kind
from memdesc.source.generated import Generated, generated, release
from memdesc.source.signatures import load

OPTIONS = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)
OLD = """// Made by hand.

// source: lib/swan.c
void swan_put(swan *s /* frees kmalloc-memory */);
swan *swan_get(swan *s) /* gives kind of s */;
"""
NEW = """
// source: lib/swan.c
void swan_put(int number);
void *swan_new(size_t size) /* gives vmalloc */;
"""
KNOWN = Generated([release(NEW, (6, 1)), release(OLD, (5, 10))])


def test_by_version() -> None:
    """The nearest release that is no newer tells; before the first, the first does."""
    for version in ((5, 4), (5, 10), (5, 15)):
        found = KNOWN.of("swan_put", version)
        assert found is not None
        assert found.params[0].demands[0].action == "free"
        assert found.origin == "lib/swan.c"
    later = KNOWN.of("swan_put", (6, 12, 3))
    assert later is not None
    assert not later.params[0].demands
    assert KNOWN.of("swan_new", (5, 10)) is None
    assert KNOWN.of("goose", None) is None


def test_by_none() -> None:
    """Without a version any release tells; an older one's parameter is not taken for another of the newest."""
    found = KNOWN.of("swan_put", None)
    assert found is not None
    assert not found.params[0].demands
    given = KNOWN.of("swan_new", None)
    assert given is not None
    assert given.result.gives == Kind.VMALLOC


def test_before() -> None:
    """An older release's is known to the generator of a newer one."""
    assert KNOWN.before((6, 1, 7)) == {"swan_put", "swan_get"}
    assert KNOWN.before((5, 10, 3)) == set()


def test_the_shipped_ones() -> None:
    """All are in the notation, none is of a function that has a signature for that version, and releases differ."""
    known = load()
    assert [r.version for r in generated().releases] == [(5, 10), (5, 15), (6, 1), (6, 12)]
    for one in generated().releases:
        own = Generated([one])
        assert len(one.lines) > 1000
        for name in list(one.lines)[::7]:
            found = own.of(name, one.version)
            assert found is not None
            assert found.name == name
            assert found.origin
        assert sum(known.of(name, one.version) is not None for name in one.lines) < len(one.lines) // 50


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("void f(void) { kfree(PTR_ALIGN_DOWN((char *)vmalloc(9), 8)); }", {1}),
        ("void f(void) { kfree(ERR_CAST(vmalloc(9))); }", {1}),
        ("void f(void) { kfree(strstrip(vmalloc(9))); }", {1}),
        (
            "void *ERR_CAST(void *p) { return kmalloc(9, 0); }\nvoid f(void) { kfree(ERR_CAST(vmalloc(9))); }",
            set(),
        ),
    ],
)
def test_what_is_no_longer_listed(text: str, lines: set[int], tmp_path: Path) -> None:
    """Functions that hand on their argument are known by their bodies in the kernel; a body at hand is believed."""
    assert "PTR_ALIGN_DOWN" not in load().functions
    path = tmp_path / "f.c"
    path.write_text(text + "\n")
    found = pipeline.check([path], None, OPTIONS, lambda *_: None).findings
    assert {finding.line for finding in found} == lines


def test_no_library() -> None:
    """What stands for a C library in the code that unpacks a kernel says nothing of a program's."""
    assert generated().of("malloc", None) is None
    assert generated().of("free", None) is None
