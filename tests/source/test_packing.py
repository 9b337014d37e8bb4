"""Packed facts: they come back as they were; bytes that are none are told from them, whatever they claim."""

import random
import struct
import tracemalloc
from array import array
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memdesc.inference.constrain import constrain
from memdesc.inference.link import link
from memdesc.inference.solve import solve
from memdesc.source import gather
from memdesc.source.facts import FileFacts, pack_conditions, pack_structs
from memdesc.source.packing import pack, shape, unpack
from memdesc.source.signatures import load
from memdesc.source.structs import described
from memdesc.source.vocabulary import vocabulary

FILES = sorted((Path(__file__).parents[1] / "c").rglob("*.[ch]"))


def _facts(path: Path) -> FileFacts:
    return gather.gather(path.read_bytes(), vocabulary(), described(), gather.Scope(True))


RICH = max((_facts(path) for path in FILES[::8]), key=lambda facts: len(facts.edges))
HEADER = gather.declarations(
    b"typedef struct s t_t;\nstruct s { int *a[3]; struct page **pages; };\nstruct e {};\n"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_facts_come_back(path: Path) -> None:
    """All that is known of a file, what is unpacked late as well."""
    facts = _facts(path)
    again = unpack(pack(facts))
    assert again == facts
    assert again.conditions() == facts.conditions()
    assert all(again.members(tag) == facts.members(tag) for tag in facts.packed_structs)


def test_headers_come_back() -> None:
    """Structs alone, and nothing at all, are packed shorter."""
    for facts in (HEADER, gather.NOTHING, replace(HEADER, globals={"g": ("int", 1, True, False)})):
        assert unpack(pack(facts)) == facts
    assert HEADER.members("s") == {"a": ("int", 1, True), "pages": ("page", 2, False)}
    assert HEADER.members("e") == {}
    assert HEADER.members("none") is None
    assert len(pack(gather.NOTHING)) == 16


@pytest.mark.parametrize("path", FILES[::5], ids=lambda path: path.name)
def test_code_that_moves_keeps_its_shape(path: Path) -> None:
    """Lines above and between functions move code and change nothing that it says."""
    text = path.read_bytes()
    moved = b"/* above */\n" + text.replace(b"\n}\n", b"\n}\n\n/* between */\n")
    one, other = (
        pack(gather.gather(each, vocabulary(), described(), gather.Scope(True))) for each in (text, moved)
    )
    assert shape(one) == shape(other)


def test_other_code_has_another_shape() -> None:
    """Another callee, another order, another struct, nothing at all."""
    texts = (
        b"void f(void *p) { kfree(p); g(p); }",
        b"void f(void *p) { g(p); kfree(p); }",
        b"void f(void *p) { vfree(p); g(p); }",
        b"void f(void *p) { if (a) kfree(p); g(p); }",
        b"static void f(void *p) { kfree(p); g(p); }",
        b"void f(void *p) { kfree(p); g(p); } struct s { int a; };",
    )
    found = [shape(pack(gather.gather(t, vocabulary(), described(), gather.Scope(True)))) for t in texts]
    found += [shape(pack(HEADER)), shape(pack(replace(HEADER, typedefs={}))), shape(b"")]
    assert len(set(found)) == len(found)
    assert shape(b"") == b""


@given(st.binary(max_size=200))
def test_bytes_that_are_no_facts_have_a_shape(data: bytes) -> None:
    """Whatever is asked for one gets one."""
    assert len(shape(data)) == (16 if data else 0)


@given(st.lists(st.lists(st.tuples(st.text(max_size=3), st.booleans()), max_size=3), max_size=4))
def test_conditions_come_back(sets: list[list[tuple[str, bool]]]) -> None:
    """Whatever was asked; but for the one character that stands between them."""
    said = tuple(tuple((atom.replace("\x01", " "), answer) for atom, answer in held) for held in sets)
    facts = replace(gather.NOTHING, packed_conditions=pack_conditions(said))
    again = unpack(pack(facts))
    assert again is not None
    assert again.marked_conditions() == said


@given(st.dictionaries(st.text(max_size=3), st.tuples(st.text(max_size=3), st.integers(0, 5), st.booleans())))
def test_structs_come_back(members: dict[str, tuple[str, int, bool]]) -> None:
    """Whatever their members are called."""
    clean = {n.replace("\x01", " "): (o.replace("\x01", " "), d, a) for n, (o, d, a) in members.items()}
    again = unpack(pack(replace(gather.NOTHING, packed_structs=pack_structs({"s": clean}))))
    assert again is not None
    assert again.members("s") == clean


def _used(facts: FileFacts) -> None:
    """Do with facts what a run does."""
    assert facts.edges.typecode == array("i").typecode
    facts.conditions()
    for tag in facts.packed_structs:
        facts.members(tag)
    linked = link(["a.c", "include/b.h"], [facts, HEADER], described())
    solve(constrain(linked, load(), (6, 1)))


@pytest.mark.parametrize("facts", [RICH, HEADER], ids=["source", "header"])
def test_damaged_bytes(facts: FileFacts) -> None:
    """Words set to what hurts, cut, grown, shuffled: told from facts, or facts that a run can use."""
    blob = pack(facts)
    random.seed(7)
    taken = 0
    for _ in range(3_000):
        bad = bytearray(blob)
        for _ in range(random.choice((1, 1, 1, 2, 5))):
            at = random.randrange(len(bad) // 4) * 4 if random.random() < 0.5 else random.randrange(20) * 4
            word = random.choice((0, 1, 2, 0xFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, random.getrandbits(32)))
            random.choice(
                (
                    lambda bad=bad, at=at, word=word: bad.__setitem__(
                        slice(at, at + 4), word.to_bytes(4, "little")
                    ),
                    lambda bad=bad, at=at: bad.__setitem__(at % len(bad), random.getrandbits(8)),
                    lambda bad=bad, at=at: bad.__delitem__(slice(at, at + random.randrange(1, 40))),
                    lambda bad=bad, at=at: bad.__setitem__(
                        slice(at, at), random.randbytes(random.randrange(1, 9))
                    ),
                )
            )()
            if len(bad) < 8:
                break
        found = unpack(bytes(bad))
        if found is not None and taken < 60:
            taken += 1
            _used(found)
    assert taken


def test_any_bytes() -> None:
    """Noise is no facts."""

    @settings(max_examples=300)
    @given(st.binary(max_size=300))
    def one(blob: bytes) -> None:
        found = unpack(blob)
        if found is not None:
            _used(found)

    one()


@pytest.mark.parametrize("count", range(19))
def test_no_count_is_believed(count: int) -> None:
    """Claims of billions cost no memory and no time."""
    blob = bytearray(pack(RICH))
    for value in (0xFFFFFFFF, 0x7FFFFFFF, 1 << 24):
        struct.pack_into("<I", blob, 4 * count, value)
        tracemalloc.start()
        assert unpack(bytes(blob)) is None
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 20 * len(blob) + (1 << 20)


@pytest.mark.parametrize(
    "change",
    [
        {"strings": ("zz", *RICH.strings[1:])},
        {"strings": ("s:heap", *RICH.strings[1:])},
        {"strings": ("x:page", *RICH.strings[1:])},
        {"strings": ("v:f:PageTail", *RICH.strings[1:])},
        {"strings": ("a:f", *RICH.strings[1:])},
        {"strings": ("a:f:²", *RICH.strings[1:])},
        {"strings": ("a:f:" + "9" * 5_000, *RICH.strings[1:])},
        {"symbols": ((1, "f"), *RICH.symbols[1:])},
        {"symbols": ((RICH.node_count, "g:x"), *RICH.symbols[1:])},
        {"node_count": 1},
        {"node_count": 1 << 30},
        {"functions": RICH.functions[:1]},
        {"sites": RICH.sites[:1]},
        {"packed_conditions": pack_conditions(((),))},
        {"packed_conditions": b""},
        {"packed_conditions": struct.pack("<6I", 1, 1, 1, 1, 2, 0)},
        {"packed_conditions": RICH.packed_conditions + b"x"},
        {"edges": RICH.edges[:7] + array("i", [0, RICH.node_count, 0, 0, 0, 0, 0])},
        {"edges": RICH.edges[:7] + array("i", [0, 0, len(RICH.strings), 0, 0, 0, 0])},
        {"edges": RICH.edges[:7] + array("i", [0, 0, 0, 0, -1, 0, 0])},
        {"edges": RICH.edges[:7] + array("i", [-1, 0, 0, 0, 0, 0, 0])},
    ],
    ids=lambda change: f"{next(iter(change))}-{str(next(iter(change.values())))[:20]!r}",
)
def test_facts_that_name_what_is_not_there(change: dict[str, object]) -> None:
    """Well formed, and still none that any file has."""
    assert unpack(pack(RICH)) is not None
    assert unpack(pack(replace(RICH, **change))) is None  # type: ignore[arg-type]
