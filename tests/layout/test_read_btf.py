"""BTF of either endianness, every kind, every container, and no hang or traceback when it is damaged."""

import bz2
import gzip
import lzma
import struct
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from btf import Builder
from memdesc.errors import InputError
from memdesc.layout.image import Image, of_bytes
from memdesc.layout.model import Array, Pointer, strip
from memdesc.layout.read_btf import BtfTypes, read


def sample(end: str = "<") -> bytes:
    """Return BTF with every kind that a struct can be made of."""
    b = Builder(end)
    ulong = b.integer("long unsigned int", 8)
    number = b.integer("int", 4, signed=True)
    pointer = b.add(2, "", 7)  # to struct page, defined below
    array = b.add(3, "", 0, (number, ulong, 3))
    color = b.add(6, "color", 4, (b.name("RED"), 0xFFFFFFFF, b.name("BLUE"), 2), 2, 1)
    wide = b.add(19, "wide", 8, (b.name("HUGE"), 1, 2), 1)
    page = b.record(4, "page", 64, [
        ("flags", ulong, 0), ("next", pointer, 64), ("list", array, 128), ("color", color, 224),
        ("wide", wide, 256), ("", 10, 320), ("low", number, 0x03000000 | 384),
        ("high", number, 0x05000000 | 387),
        ("tagged", 11, 448),
    ], flag=1)  # fmt: skip
    assert page == 7
    b.add(8, "page_t", page)
    b.add(16, "float", 4)
    b.record(5, "", 8, [("a", ulong, 0), ("b", number, 0)])
    tag = b.add(18, "user", 12)
    assert tag == 11
    b.add(10, "", ulong)
    b.add(17, "note", page, (0xFFFFFFFF,))
    b.add(13, "", ulong, (b.name("x"), number), 1)
    b.add(12, "function", 14)
    b.add(14, "variable", ulong, (1,))
    b.add(15, "section", 8, (16, 0, 8), 1)
    b.add(7, "unknown", 0)
    return b.bytes()


def types_of(raw: bytes) -> BtfTypes:
    """Return the types of raw BTF."""
    return BtfTypes(Image(raw), "test")


@pytest.mark.parametrize("end", ["<", ">"])
def test_every_kind(end: str) -> None:
    """Members, bit-fields, arrays, enums of 32 and 64 bits, and type tags are read in either byte order."""
    types = types_of(sample(end))
    page = types.struct("page")
    assert types.abi.byteorder == ("little" if end == "<" else "big")
    assert types.abi.pointer == 8
    assert page.size == 64
    assert [(f.path, f.bit_offset, f.bit_size) for f in page.leaves()] == [
        ("flags", 0, 64), ("next", 64, 64), ("list", 128, 96), ("color", 224, 32), ("wide", 256, 64),
        ("a", 320, 64), ("b", 320, 32), ("low", 384, 3), ("high", 387, 5), ("tagged", 448, 64),
    ]  # fmt: skip
    pointer = strip(page.field("next").type)
    assert isinstance(pointer, Pointer)
    assert pointer.target == "struct page"
    array = strip(page.field("list").type)
    assert isinstance(array, Array)
    assert (array.count, array.element.size) == (3, 4)
    assert types.enumerator("RED") == -1
    assert types.enumerator("HUGE") == 1 | 2 << 32
    assert types.enumerator("GREEN") is None
    found = types.find("page_t")
    assert found is page
    assert types.find("unknown") is None
    assert types.names() == ("page",)
    assert len(types) == 18


@pytest.mark.parametrize("end", ["<", ">"])
def test_values_are_read_in_the_byte_order_of_the_types(end: str) -> None:
    """A member's value comes out of raw memory, bit-fields included."""
    types = types_of(sample(end))
    page = types.struct("page")
    order = types.abi.byteorder
    raw = bytearray(64)
    raw[0:8] = (0x1234).to_bytes(8, order)
    raw[48] = 0b10110_101 if end == "<" else 0b101_10110
    assert page.field("flags").value(bytes(raw), order) == 0x1234
    assert page.field("low").value(bytes(raw), order) == 0b101 - 8
    assert page.field("high").value(bytes(raw), order) == 0b10110 - 32
    assert page.field("flags").dtype(order) == f"{end}u8"
    with pytest.raises(InputError, match="only 3 were given"):
        page.field("flags").value(b"abc", order)


def test_older_bit_fields() -> None:
    """Before the flag in struct records, a bit-field's width was that of an integer made for it."""
    b = Builder()
    narrow = b.integer("unsigned int", 4, bits=5)
    b.record(4, "old", 4, [("x", narrow, 3)])
    field = types_of(b.bytes()).struct("old").field("x")
    assert (field.bit_offset, field.bit_size) == (3, 5)


def _raises(raw: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        list(types_of(raw).all_structs())


def test_damaged() -> None:
    """Each kind of damage is one clear error."""
    good = sample()
    _raises(good[:10], "cut short in its header")
    _raises(good[:-4], "announces")
    _raises(b"\x9f\xeb\x07" + good[3:], "version 7")
    b = Builder()
    b.strings = b""
    b.integer("x", 4)
    raw = b.bytes().replace(b"x\0", b"xyz\0")
    _raises(raw[:20] + struct.pack("<I", 4) + raw[24:], "BTF of a module")
    b = Builder()
    b.add(31, "new", 4)
    _raises(b.bytes(), "kind 31 is not known")
    b = Builder()
    b.add(4, "cut", 8, (), 5)
    _raises(b.bytes(), "type 1: its record is cut short")
    b = Builder()
    b.record(4, "self", 8, [("x", 1, 0)])
    _raises(b.bytes(), "contains itself")
    b = Builder()
    b.record(4, "far", 8, [("x", 99, 0)])
    _raises(b.bytes(), "there are only 1 types")
    b = Builder()
    number = b.integer("int", 4)
    b.record(4, "over", 4, [("x", number, 8)])
    _raises(b.bytes(), "ends at bit 40 of 32")
    b = Builder()
    b.add(8, "loop", 1)
    b.record(4, "user", 8, [("x", 1, 0)])
    _raises(b.bytes(), "contains itself")
    b = Builder()
    for n in range(400):
        b.add(10, "", n + 2)
    b.record(4, "deep", 8, [("x", 1, 0)])
    _raises(b.bytes(), "nest more than")
    b = Builder()
    b.add(10, "", 2)
    b.add(10, "", 1)
    b.record(4, "p", 8, [("x", b.add(2, "", 1), 0)])
    _raises(b.bytes(), "damaged")


@settings(
    max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6))
def test_any_damage_is_an_error_or_harmless(changes: list[tuple[int, int]]) -> None:
    """Flipped bytes give types or InputError, never another exception and never a hang."""
    raw = bytearray(sample())
    for at, value in changes:
        raw[at % len(raw)] = value
    try:
        types = types_of(bytes(raw))
        for _, found in types.all_structs():
            found.leaves()
        types.enumerator("RED")
    except InputError as error:
        damaged = str(error)
        why = damaged.partition(": ")[2]
    else:
        why = "harmless"
    assert why


def _elf(btf: bytes, wide: bool = True, end: str = "<", machine: int = 62) -> bytes:
    names = b"\0.BTF\0.shstrtab\0"
    header = 64 if wide else 52
    body = header + len(btf) + len(names)
    layout = "IIQQQQIIQQ" if wide else "IIIIIIIIII"
    sections = b"".join(
        struct.pack(end + layout, name, kind, 0, 0, at, size, 0, 0, 1, 0)
        for name, kind, at, size in (
            (0, 0, 0, 0), (1, 1, header, len(btf)), (6, 3, header + len(btf), len(names)),
        )
    )  # fmt: skip
    ident = b"\x7fELF" + bytes((2 if wide else 1, 1 if end == "<" else 2, 1)) + bytes(9)
    rest = struct.pack(
        end + ("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH"),
        2, machine, 1, 0, 0, body, 0, header, 0, 0, 64 if wide else 40, 3, 2,
    )  # fmt: skip
    return ident + rest + btf + names + sections


def _bzimage(payload: bytes) -> bytes:
    head = bytearray(1024)
    head[0x1F1] = 1
    head[0x202:0x206] = b"HdrS"
    struct.pack_into("<H", head, 0x206, 0x20F)
    struct.pack_into("<II", head, 0x248, 0, len(payload))
    return bytes(head) + payload


def _lz4(raw: bytes) -> bytes:
    block = pytest.importorskip("lz4.block").compress(raw, store_size=False)
    return b"\x02\x21\x4c\x18" + struct.pack("<I", len(block)) + block + struct.pack("<I", len(raw))


def _zstd(raw: bytes) -> bytes:
    packed: bytes = pytest.importorskip("zstandard").ZstdCompressor().compress(raw)
    return packed


_PACKERS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda raw: lzma.compress(raw, lzma.FORMAT_ALONE),
    "lz4": _lz4,
    "zstd": _zstd,
    "none": lambda raw: raw,
}


@pytest.mark.parametrize("packer", _PACKERS)
def test_bzimage(packer: str) -> None:
    """The kernel inside a bzImage is found, however it is packed; cut short, it is one clear error."""
    whole = _bzimage(_PACKERS[packer](_elf(sample())))
    assert of_bytes(whole, "vmlinuz").btf == sample()
    with pytest.raises(InputError, match="cut short"):
        of_bytes(whole[:-20], "vmlinuz")


@pytest.mark.parametrize("packer", ["gzip", "bzip2", "xz", "zstd"])
def test_the_size_behind_a_payload(packer: str) -> None:
    """The kernel's build puts the unpacked size, four bytes, behind what most packers wrote."""
    kernel = _elf(sample())
    packed = _PACKERS[packer](kernel) + struct.pack("<I", len(kernel))
    assert of_bytes(_bzimage(packed), "vmlinuz").btf == sample()


@pytest.mark.parametrize("packer", ["gzip", "bzip2", "xz", "lz4", "zstd"])
def test_damaged_payload(packer: str) -> None:
    """A payload whose end is missing although the header announces no more is an error, not half a kernel."""
    packed = _PACKERS[packer](_elf(sample()))
    with pytest.raises(InputError):
        of_bytes(_bzimage(packed[: len(packed) // 2]), "vmlinuz")


@pytest.mark.parametrize(
    ("wide", "end", "machine", "abi"),
    [(True, "<", 62, "x86_64"), (True, ">", 22, "s390x"), (True, "<", 183, "arm64"), (False, "<", 3, "i386")],
)
def test_elf(wide: bool, end: str, machine: int, abi: str, tmp_path: Path) -> None:
    """An ELF file says which machine its types are for; a 32-bit one has pointers of 4 bytes."""
    path = tmp_path / "vmlinux"
    path.write_bytes(_elf(sample(end), wide, end, machine))
    types = read(path)
    assert types.abi.name == abi
    assert types.abi.pointer == (8 if wide else 4)


def test_not_a_kernel(tmp_path: Path) -> None:
    """What carries no BTF is said to carry none."""
    with pytest.raises(InputError, match=r"64-bit ELF file without a \.BTF section"):
        of_bytes(_elf(sample()).replace(b".BTF", b".BTX"), "vmlinux")
    with pytest.raises(InputError, match=r"32-bit ELF file without a \.BTF section"):
        of_bytes(_elf(sample(), wide=False).replace(b".BTF", b".BTX"), "vmlinux")
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path)
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    with pytest.raises(InputError, match="is empty"):
        read(empty)
    with pytest.raises(InputError, match="neither BTF"):
        of_bytes(b"hello world", "x")


@settings(
    max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)
@given(
    st.sampled_from(["elf", "gzip", "xz", "lz4", "zstd"]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=5),
    st.integers(0, 10_000),
)
def test_any_damage_to_a_container_is_an_error_or_harmless(
    kind: str, changes: list[tuple[int, int]], cut: int
) -> None:
    """A damaged or shortened ELF file or bzImage gives types or InputError, never another exception."""
    whole = _elf(sample()) if kind == "elf" else _bzimage(_PACKERS[kind](_elf(sample())))
    raw = bytearray(whole)
    for at, value in changes:
        raw[at % len(raw)] = value
    if cut % 3 == 0:
        del raw[cut % len(raw) :]
    why = "harmless"
    try:
        types_of(of_bytes(bytes(raw), "image").btf).names()
    except InputError as error:
        why = error.why
    assert why


@pytest.mark.parametrize(("packer", "module"), [("zstd", "zstandard"), ("lz4", "lz4.block")])
def test_without_the_unpackers(packer: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has to be installed for a kernel packed in this way is said in one line."""
    whole = _bzimage(_PACKERS[packer](_elf(sample())))
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=f"packed with {packer}: pip install"):
        of_bytes(whole, "vmlinuz")
