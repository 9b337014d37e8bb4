"""Physical memory out of files that are dumps, or nearly."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_dump import PAGE, elf_core
from memdesc.errors import InputError
from memdesc.kernel.elf_core import find_note
from memdesc.kernel.vmcore import open_physical


def write(folder: Path, raw: bytes) -> Path:
    """Return a file that holds `raw`."""
    path = folder / "vmcore"
    path.write_bytes(raw)
    return path


def test_memory_by_address(tmp_path: Path) -> None:
    """Loads are read by their physical addresses, across a border that they share too."""
    low, high = bytes(range(256)) * 16, b"\xaa" * PAGE
    memory = open_physical(write(tmp_path, elf_core({0x2000: high, 0x1000: low, 0x9000: low}, b"A=1\n")))
    assert memory.spans() == (range(0x1000, 0x2000), range(0x2000, 0x3000), range(0x9000, 0xA000))
    assert bytes(memory.read(0x1003, 4)) == b"\x03\x04\x05\x06"
    assert bytes(memory.read(0x1FFE, 4)) == b"\xfe\xff\xaa\xaa"
    assert memory.note == b"A=1\n"
    assert memory.partial == ()


@pytest.mark.parametrize("address", [0, 0xFFF, 0x2FFF, 0x3000, 1 << 60])
def test_memory_that_is_not_there(tmp_path: Path, address: int) -> None:
    """A gap is an error that names the address, and none of the memory."""
    memory = open_physical(write(tmp_path, elf_core({0x1000: b"s" * 2 * PAGE})))
    with pytest.raises(InputError, match="holds no memory at physical address") as caught:
        memory.read(address, 2)
    assert "sss" not in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "is empty"),
        (b"nothing of the kind" * 10, "is neither an ELF core nor a compressed kdump"),
        (b"\x7fELF\x02\x01", "cut short in its header"),
        (elf_core({0: bytes(PAGE)}, bits=32), "is a 32-bit ELF file"),
        (elf_core({0: bytes(PAGE)}, order=">"), "is a big-endian ELF file"),
        (elf_core({0: bytes(PAGE)}, machine=183), "is a dump of AArch64"),
        (elf_core({0: bytes(PAGE)}, machine=4242), "is a dump of ELF machine 4242"),
        (elf_core({0: bytes(PAGE)}, kind=2), "give the dump, not the kernel"),
        (elf_core({}), "without memory in it"),
        (elf_core({0: bytes(PAGE)})[:100], "its program headers are not there"),
        (elf_core({0: bytes(PAGE)})[:176], "without memory in it"),
        (b"KDUMP   " + bytes(40), "cut short in its header"),
        (b"makedumpfile" + bytes(5000), "damaged flattened dump"),
    ],
)
def test_what_is_no_dump(tmp_path: Path, raw: bytes, says: str) -> None:
    """Each is refused by a line that says what it is instead."""
    with pytest.raises(InputError, match=says):
        open_physical(write(tmp_path, raw))


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    """No file, a folder."""
    for path, says in ((tmp_path / "none", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(InputError, match=says):
            open_physical(path)


def test_loads_that_overlap(tmp_path: Path) -> None:
    """What a load inside of another holds is read once, and so is what lies behind it."""
    whole = bytes(range(256)) * 64
    raw = elf_core({0x1000: whole, 0x2000: whole[0x1000:0x2000], 0x4800: whole[0x3800:] + b"e" * PAGE})
    memory = open_physical(write(tmp_path, raw))
    assert bytes(memory.read(0x1000, len(whole))) == whole
    assert bytes(memory.read(0x3FFF, 3)) == whole[0x2FFF:0x3002]
    assert bytes(memory.read(0x5000, 2)) == b"ee"
    assert sum(map(len, memory.spans())) == len(whole) + PAGE


def test_cut_short(tmp_path: Path) -> None:
    """What is there can be read, and how much is not is said."""
    memory = open_physical(write(tmp_path, elf_core({0: b"a" * PAGE, PAGE: b"b" * PAGE})[:-100]))
    assert memory.spans()[-1].stop == 2 * PAGE - 100
    assert memory.partial == ("the file ends 100 bytes before the memory that its headers announce does",)


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_notes_of_any_bytes(raw: bytes) -> None:
    """Whatever the notes are, looking for one in them ends."""
    assert isinstance(find_note(raw), bytes)


@given(st.data())
@settings(deadline=None)
def test_damaged_headers(data: st.DataObject) -> None:
    """A header with any byte changed is refused, or read as what it then says; nothing else happens."""
    raw = bytearray(elf_core({0x1000: bytes(PAGE)}, b"OSRELEASE=1\n"))
    raw[data.draw(st.integers(0, 200))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        try:
            memory = open_physical(write(Path(folder), bytes(raw)))
            for span in memory.spans():
                memory.read(span.start, 1)
        except InputError:
            pass
