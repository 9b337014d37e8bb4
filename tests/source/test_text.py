"""Splitting: the items of our C files, and what holds for any bytes."""

import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memdesc.source.mask import mask
from memdesc.source.text import Source, shape, shaped, split

READING = sorted((Path(__file__).parents[1] / "c" / "reading").glob("*.[ch]"))
EXPECTED = re.compile(rb"/\* items\n(.*?)\*/", re.DOTALL)
# Pieces that steer the reader; any order of them must do.
PIECES = (
    b"int f(int a)", b"\n{\n", b"\n}\n", b"{", b"}", b"(", b")", b";", b",", b"#if X\n", b"#else\n",
    b"#endif\n", b"\n#define M(a, ...) a \\\n b\n", b"/*", b"*/", b"//", b'"', b"'", b"\\", b"\\\n", b"\n",
    b" ", b"\t", b"\0", b"\xe9", b"struct page *p", b"struct s", b"= {1}", b"list_for_each(a, b) ", b"x();",
    b"case 1 ... 2:", b"out:", b"#if 0\n", b"__free(x)", b"typeof(x) ", b"_Generic(a, int: b)", b"asm(",
    b"SYSCALL_DEFINE1(x, int, y)", b"#", b"else", b"\r\n", b"static ", b"...", b"&&", b"##", b"5_A",
    b"struct_group(a, int b;)",
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join) | st.binary(max_size=300)


def listed(source: Source) -> list[str]:
    lines = []
    for item in source.items:
        params = f"({', '.join(item.params)})" if item.params else ""
        lines.append(f"{item.role} {item.name}{params}".rstrip())
    return lines


def check(source: Source) -> None:
    """Assert what must hold for any input."""
    data, masked, items = source.data, source.masked, source.items
    assert len(masked) == len(data)
    assert [at for at, byte in enumerate(masked) if byte == 10] == [
        at for at, byte in enumerate(data) if byte == 10
    ]
    for item in items:
        assert 0 <= item.start < item.end <= len(data)
        assert item.start <= item.body <= item.end
        if item.role == "function":
            assert masked[item.body : item.body + 1] == b"{"
            assert item.name
    assert list(items) == sorted(items, key=lambda item: item.start)
    outer = [item for item in items if item.role != "macro"]
    for one, two in pairwise(outer):
        assert one.end <= two.start
    for macro in (item for item in items if item.role == "macro"):
        for item in outer:  # a macro lies in an item, or beside it
            assert (
                macro.end <= item.start
                or item.end <= macro.start
                or item.start <= macro.start < macro.end <= item.end
            )
    for item in items:
        for effort in range(4):
            text, dropped = shaped(source, item, effort)
            assert len(text) == item.end - item.start
            assert all(item.start <= start <= end <= item.end for start, end in dropped)


@pytest.mark.parametrize("path", READING, ids=lambda path: path.name)
def test_items_of_our_files(path: Path) -> None:
    """Functions, macros and objects are found where they are."""
    data = path.read_bytes()
    expected = EXPECTED.search(data)
    assert expected, "a file without an expectation"
    source = split(data)
    assert listed(source) == [
        line.strip(" *") for line in expected[1].decode().splitlines() if line.strip(" *")
    ]
    assert not source.problems
    check(source)


@given(texts)
@settings(max_examples=400, deadline=None)
def test_any_bytes(data: bytes) -> None:
    """No input makes cutting fail."""
    check(split(data))


@given(st.sampled_from(READING), st.data())
@settings(max_examples=200, deadline=None)
def test_damaged_files(path: Path, data: st.DataObject) -> None:
    """Nor does a file with a piece missing."""
    text = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 200)))
        text[start:end] = data.draw(
            st.sampled_from(PIECES) | st.just(b"") | st.just(bytes(text[start:end]) * 2)
        )
    check(split(bytes(text)))


def test_truncated_files() -> None:
    """Nor one that ends too early."""
    for path in READING:
        data = path.read_bytes()
        for end in range(0, len(data), 97):
            check(split(data[:end]))


@given(texts)
@settings(deadline=None)
def test_masking_twice_changes_nothing(data: bytes) -> None:
    """What is masked has nothing left to mask."""
    once = mask(data)
    assert mask(once) == once


def test_masked_text_keeps_code_and_loses_prose() -> None:
    """Comments and strings are blanked, code is not, and offsets stay."""
    source = split(b'int a; /* it\'s { */ // }\nchar *s = "a\\"b{"; char c = \'"\';\n')
    assert source.masked == b"int a;                 \nchar *s = \"     \"; char c = ' ';\n".replace(
        b"int a;                 \n", b"int a;" + b" " * 18 + b"\n"
    )


def test_continuations_inside_macros_are_blanked() -> None:
    """A backslash at the end of a line is no code."""
    source = split(b"#define A(x) \\\n\tx + \\\n\t1\nint b;\n")
    assert b"\\" not in source.masked
    assert listed(source) == ["macro A(x)", "object"]


def test_a_comment_does_not_end_a_directive() -> None:
    """A directive goes on behind a comment of several lines."""
    source = split(b"#define A(x) /* one\ntwo */ x\nint b;\n")
    macro = source.items[0]
    assert source.data[macro.body : macro.end].strip() == b"x"
    assert listed(source) == ["macro A(x)", "object"]


def test_dropped_alternatives_are_told() -> None:
    """What is left out of conflicting branches is listed."""
    path = next(path for path in READING if path.name == "conditionals.c")
    source = split(path.read_bytes())
    item = next(item for item in source.items if item.name == "half_if")
    dropped = shaped(source, item)[1]
    assert len(dropped) == 1
    assert b"page_is_b" in source.data[dropped[0][0] : dropped[0][1]]


def test_columns_decide_when_braces_do_not() -> None:
    """Where braces do not balance, a closing one in column 0 ends the item."""
    source = split(b"int a(void)\n{\n\tif (x) {\n}\n\nint b(void)\n{\n}\n")
    assert listed(source) == ["function a", "function b"]
    assert source.problems


@pytest.mark.parametrize(
    "text", [b"#\n", b"{", b"f(", b"a={1};", b"int f()\n{\n", b"#if a\nx();\n", b"'x", b"/*\n*/"]
)
def test_linear_time(text: bytes) -> None:
    """Eight times the text takes about eight times as long."""
    seconds = []
    for size in (1 << 15, 1 << 18):
        data = text * (size // len(text))
        begin = time.perf_counter()
        source = split(data)
        for item in source.items[:50]:
            shape(source, item)
        seconds.append(time.perf_counter() - begin)
    assert seconds[1] < 8 * 4 * seconds[0] + 0.2
