"""No header and no BTF makes `memdesc layout` work more than its size allows."""

import gzip
import lzma
import struct
from pathlib import Path

import pytest

from memdesc.errors import InputError
from memdesc.layout import design, image, read_c
from memdesc.layout.abi import DEFAULT
from memdesc.layout.hazards import check

from .conftest import FILES, Run

PAGE = (
    "struct page { unsigned long flags; void *mapping; union { unsigned int page_type; int _mapcount; };"
    " int _refcount; };\n"
)


@pytest.mark.parametrize("command", ["check", "show", "header"])
@pytest.mark.parametrize("file", sorted(f.name for f in FILES.iterdir() if f.suffix in (".h", ".btf")))
def test_known_files_end(run: Run, command: str, file: str) -> None:
    """Each ends with an answer, or with one line and status 2."""
    ended = run("layout", command, FILES / file)
    assert ended.status in (0, 1) or ended.refused(), ended


def _refused(text: str) -> str:
    with pytest.raises(InputError) as caught:
        check(design.of_header("h.h", read_c.read_text(PAGE + text, "h.h", DEFAULT)))
    assert "\n" not in str(caught.value)
    return caught.value.why


def _laughs(keyword: str, how: str) -> str:
    """Return 40 types, each of which holds the one before twice, in the way that `how` says."""
    lines = [f"{keyword} t0 {{ long a; }};"]
    lines += [f"{keyword} t{n} {{ {how.format(f'{keyword} t{n - 1}')} }};" for n in range(1, 41)]
    return "\n".join([*lines, f"struct x {{ unsigned long flags; {keyword} t40 a; }};"])


@pytest.mark.parametrize("keyword", ["struct", "union"])
@pytest.mark.parametrize(
    "how", ["{0} a; {0} b;", "{0} a[2][2];", "{0} a, b, c;", "struct {{ {0} a; }} c; {0} b;"]
)
def test_sharing_is_counted_not_walked(keyword: str, how: str) -> None:
    """Structs that members share, singly or in arrays, are refused by their size or their number."""
    why = _refused(_laughs(keyword, how))
    assert "too large" in why or "at most" in why


def _nameless(count: int) -> list[str]:
    """Return typedefs of structs without a name, each of which holds the one before twice."""
    lines = ["typedef struct { int : 3; } t0;"]
    return lines + [f"typedef struct {{ t{n - 1}; t{n - 1}; }} t{n};" for n in range(1, count + 1)]


def test_typedefs_share_as_well() -> None:
    """What a typedef names can be shared without a name of its own."""
    text = "\n".join([*_nameless(40), "struct x { unsigned long flags; t40 a; };"])
    why = _refused(text)
    assert "too large" in why or "at most" in why


def test_what_is_shared_is_looked_at_once() -> None:
    """Thousands of structs may hold the same large one."""
    lines = [*_nameless(12), *(f"typedef struct {{ t12; int a{n}; }} u{n};" for n in range(3000))]
    assert read_c.read_text("\n".join([*lines, "struct x { u7 a; };"]), "h.h", DEFAULT)


def test_members_that_a_nameless_struct_gives() -> None:
    """Its names are those of what it lies in; twice the same is an error, as for a compiler."""
    with pytest.raises(InputError, match="member 'a' is declared twice"):
        read_c.read_text(
            "typedef struct { struct { int a; }; } t;\nstruct x { t; int b; t; };", "h.h", DEFAULT
        )
    assert read_c.read_text("typedef struct { struct { int a; }; } t;\nstruct x { t; };", "h.h", DEFAULT)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("\n".join(["typedef int t0;"] + [f"typedef t{n} t{n + 1};" for n in range(3000)]), "nest"),
        (
            "struct s0 { int a; };\n" + "\n".join(f"struct s{n + 1} {{ struct s{n} a; }};" for n in range(3000)),
            "nest",
        ),
        ("struct x { int a" + "[1]" * 3000 + "; };", "dimensions"),
        ("struct x { int " + "*" * 3000 + "a; };", "pointer"),
        ("struct x { int " + "(" * 3000 + "a" + ")" * 3000 + "; };", "deep"),
        ("struct x { int a[" + "sizeof(char[" * 300 + "1" + "])" * 300 + "]; };", "deep"),
        ("struct x { int a[" + "- " * 3000 + "1]; };", "deep"),
        ("struct x { int a[1 << 63 << 63]; };", "64 bits"),
        ("struct x { int a[0x" + "f" * 5000 + "]; };", "64 bits"),
        ("struct x { int a[" + "9" * 5000 + "]; };", "integer"),
        ("#define A\n" + "".join(f"#define {chr(66 + n)} {chr(65 + n)} {chr(65 + n)}\n" for n in range(24)) + "Y\n",
         "macros expand"),
        ("#define A 1\n" + "".join(f"#define {chr(66 + n)} {chr(65 + n)}+{chr(65 + n)}\n" for n in range(24))
         + "#if Y\n#endif\n", "macros expand"),
    ],
)  # fmt: skip
def test_nesting_and_numbers_are_bounded(text: str, why: str) -> None:
    """Depth of types and expressions, numbers and macros end at a limit that the message names."""
    assert why in _refused(text)


def test_sizes_are_not_walked() -> None:
    """A member of a terabyte costs no more than one of a byte."""
    text = (
        PAGE
        + "struct x { unsigned long flags; struct { char a, b; } y[100000000];"
        + " int z __attribute__((aligned(1 << 28))); };"
    )
    report = check(design.of_header("h.h", read_c.read_text(text, "h.h", DEFAULT)))
    assert any(f.rule == "does-not-fit" for f in report.findings)


def _packed(how: str, size: int) -> bytes:
    zeros = bytes(size)
    match how:
        case "gzip":
            return gzip.compress(zeros)
        case "xz":
            return lzma.compress(zeros)
        case "lzma":
            return lzma.compress(zeros, lzma.FORMAT_ALONE)
        case "bzip2":
            import bz2

            return bz2.compress(zeros)
        case "zstd":
            zstandard = pytest.importorskip("zstandard")
            return bytes(zstandard.compress(zeros))
        case _:
            block = pytest.importorskip("lz4.block")
            packed = block.compress(bytes(8 << 20), store_size=False)
            return b"\x02\x21\x4c\x18" + (struct.pack("<I", len(packed)) + packed) * (size >> 23)


@pytest.mark.parametrize("how", ["gzip", "xz", "lzma", "bzip2", "zstd", "lz4"])
def test_small_images_do_not_unpack_to_large_ones(how: str) -> None:
    """What unpacks to far more than a kernel does is refused before it is unpacked."""
    with pytest.raises(InputError, match="unpacks to more than"):
        image.of_bytes(_packed(how, 64 << 20), "vmlinuz")


def test_sections_that_name_the_same_notes() -> None:
    """65,535 sections over the same megabyte of notes are read once."""
    head = bytearray(64)
    head[:6] = b"\x7fELF\x02\x01"
    notes = struct.pack("<III", 0, 0, 0) * 87000
    table = 64 + len(notes)
    struct.pack_into("<Q", head, 40, table)
    struct.pack_into("<HHH", head, 58, 64, 65535, 0)
    row = struct.pack("<IIQQQQ", 0, 7, 0, 0, 64, len(notes)).ljust(64, b"\0")
    with pytest.raises(InputError, match=r"without a \.BTF section"):
        image.of_bytes(bytes(head) + notes + row * 65535, "vmlinux")


@pytest.mark.parametrize("what", ["/dev/zero", "/dev/full", "fifo"])
@pytest.mark.parametrize("command", ["check", "header", "diff"])
def test_only_regular_files(run: Run, tmp_path: Path, what: str, command: str) -> None:
    """A device or a FIFO as design is refused, not read."""
    path = tmp_path / what if what == "fifo" else Path(what)
    if what == "fifo":
        import os

        os.mkfifo(path)
    others = ["linux-6.1"] if command == "diff" else []
    assert run("layout", command, path, *others).refused()


def test_files_are_described() -> None:
    """The files of this folder are those that the README names."""
    named = (Path(__file__).parent / "README.md").read_text()
    assert all(f.name in named for f in FILES.iterdir())


@pytest.mark.parametrize("command", [("header",), ("solve",), ("check", "--abi", "all")])
def test_members_are_counted_for_each_abi(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    """What one ABI takes seconds for is not done for eight, but for one that is named."""
    path = tmp_path / "h.h"
    path.write_text(PAGE + "struct x { " + "".join(f"int b{n}:3;" for n in range(40_000)) + "};\n")
    ended = run("layout", *command, path)
    assert ended.refused()
    assert "8 ABIs" in ended.err
    if command[0] != "solve":  # which may take its own time
        assert run("layout", command[0], path, "--abi", "arm64", seconds=10).status in (0, 1)
