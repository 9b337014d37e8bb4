"""Compressed dumps."""

import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_dump import PAGE, flattened, kdump
from memdesc.errors import InputError
from memdesc.kernel.physical import Physical
from memdesc.kernel.vmcore import open_physical


def opened(raw: bytes) -> Physical:
    """Return the memory in a file that holds `raw`; the file is gone again, its mapping stays."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dump"
        path.write_bytes(raw)
        return open_physical(path)


pages = st.dictionaries(
    st.integers(0, 40000),
    st.integers(0, 255).map(lambda byte: bytes((byte,)) * PAGE),
    min_size=1,
    max_size=40,
)


@given(pages, st.sampled_from([0, 1]), st.lists(st.integers(1, 9000), max_size=8) | st.none())
@settings(max_examples=60, deadline=None)
def test_pages_are_where_they_were(held: dict[int, bytes], flags: int, sizes: list[int] | None) -> None:
    """Packed or not, flattened or not, every page is read back, and no other."""
    raw = kdump(held, b"OSRELEASE=6.1\n", flags)
    memory = opened(raw if sizes is None else flattened(raw, sizes))
    assert memory.note == b"OSRELEASE=6.1\n"
    assert memory.partial == ()
    spans = memory.spans()
    assert {frame for span in spans for frame in range(span.start // PAGE, span.stop // PAGE)} == set(held)
    assert all(a.stop < b.start for a, b in pairwise(spans))
    for frame, page in held.items():
        assert memory.read(frame * PAGE + 7, 9) == page[7:16]
        if frame + 1 not in held:
            with pytest.raises(InputError, match="holds no memory"):
                memory.read((frame + 1) * PAGE - 4, 8)
        else:
            assert memory.read((frame + 1) * PAGE - 4, 8) == page[-4:] + held[frame + 1][:4]


def test_zstd() -> None:
    """Pages packed with zstd are read where the library is installed."""
    zstandard = pytest.importorskip("zstandard")
    page = b"z" * PAGE
    raw = bytearray(kdump({3: zstandard.ZstdCompressor().compress(page)}, flags=0x20))
    assert opened(bytes(raw)).read(3 * PAGE, PAGE) == page


@pytest.mark.parametrize(("flags", "name"), [(2, "lzo"), (4, "snappy")])
def test_packings_that_are_not_read(flags: int, name: str) -> None:
    """The line names the packing, and the way out."""
    with pytest.raises(InputError, match=f"packed with {name}.*makedumpfile -c"):
        opened(kdump({3: bytes(PAGE)}, flags=flags)).read(3 * PAGE, 8)


def test_other_blocks() -> None:
    """Pages of another size are refused."""
    with pytest.raises(InputError, match="blocks of 65536 bytes"):
        opened(kdump({0: bytes(PAGE)}, block=65536))


def test_damaged_data() -> None:
    """Data that cannot be unpacked is an error of its page; other pages are read."""
    raw = bytearray(kdump({0: b"a" * PAGE, 1: b"b" * PAGE}))
    raw[-4:] = b"\0\0\0\0"
    memory = opened(bytes(raw))
    assert memory.read(0, 2) == b"aa"
    with pytest.raises(InputError, match="damaged data for frame 0x1"):
        memory.read(PAGE, 2)


@given(pages, st.floats(0, 1), st.booleans())
@settings(max_examples=60, deadline=None)
def test_cut_short(held: dict[int, bytes], share: float, flat: bool) -> None:
    """Cut anywhere: refused, or marked as partial; what is read is right."""
    raw = kdump(held)
    raw = flattened(raw, [5000, 5000]) if flat else raw
    size = int(len(raw) * share)
    if size >= len(raw) - 16 or not size:
        return
    try:
        memory = opened(raw[:size])
        assert memory.partial
    except InputError:
        return
    for frame, page in held.items():
        try:
            assert memory.read(frame * PAGE, PAGE) == page
        except InputError:
            continue


def test_an_address_below_all_memory() -> None:
    """A damaged offset of the kernel leads below zero."""
    memory = opened(kdump({1: bytes(PAGE)}))
    with pytest.raises(InputError, match="holds no memory"):
        memory.read(-(1 << 53), PAGE)


def test_pieces_that_overlap() -> None:
    """A flattened file whose pieces lie over one another is refused with the way out."""
    raw = flattened(kdump({0: bytes(PAGE)}), [])
    doubled = raw[:-16] + (100).to_bytes(8, "big") + (4).to_bytes(8, "big") + b"abcd" + raw[-16:]
    with pytest.raises(InputError, match="makedumpfile -R"):
        opened(doubled)


def test_a_piece_written_again() -> None:
    """A header that was written a second time, at the same place, is the one that counts."""
    raw = kdump({2: b"x" * PAGE}, b"OSRELEASE=1\n")
    flat = flattened(b"\0" * PAGE + raw[PAGE:], [PAGE])
    again = flat[:-16] + bytes(8) + PAGE.to_bytes(8, "big") + raw[:PAGE] + flat[-16:]
    assert opened(again).read(2 * PAGE, 1) == b"x"
