"""What the kernel's ring buffer holds is read as it was written."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memdesc.errors import InputError
from memdesc.machine.trace.ring_buffer import Header, parse_format, parse_header_page, records
from spools import COMMON, HEADER_PAGE, Buffer

HEADER = Header(parse_header_page(HEADER_PAGE))
RECORDS = st.lists(
    st.tuples(
        st.integers(0, 1 << 40), st.binary(min_size=8, max_size=300).map(lambda b: b + bytes(-len(b) % 4))
    )
)


@given(RECORDS, st.booleans())
def test_records_come_back(made: list[tuple[int, bytes]], long: bool) -> None:
    """Times, short and long forms, time extensions and ends of sub-buffers are all understood."""
    buffer, now, expected = Buffer(), 0, []
    for delta, payload in made:
        now += delta
        buffer.record(now, payload, long)
        expected.append((now, payload))
    buffer.flush()
    found = []
    for raw in buffer.blocks:
        block = HEADER.read(raw)
        found += [(time, block.data[at : at + length]) for time, at, length in records(block)]
    assert found == expected


@given(st.binary(max_size=200), st.integers(0, (1 << 20) - 1))
def test_rubbish_ends_quietly(noise: bytes, commit: int) -> None:
    """A sub-buffer with anything in it gives records within its bounds, and an end."""
    block = HEADER.read(struct.pack("<QQ", 1, commit) + noise)
    for _, at, length in records(block):
        assert 16 <= at <= at + length <= 16 + len(noise)


def test_padding_is_skipped() -> None:
    """A record that was discarded leaves padding of its length; padding without a length ends the block."""
    event = struct.pack("<I", 2 | 5 << 5) + bytes(8)
    discarded = struct.pack("<II", 29 | 3 << 5, 12) + bytes(8)
    data = discarded + event + struct.pack("<I", 29) + event
    block = HEADER.read(struct.pack("<QQ", 100, len(data)) + data)
    assert [time for time, _, _ in records(block)] == [108]


def test_an_absolute_time_replaces_the_running_one() -> None:
    """A time stamp says the whole time but its top bits, which stay."""
    stamp = (7 << 30) + 12345
    data = (
        struct.pack("<II", 31 | (stamp & (1 << 27) - 1) << 5, stamp >> 27) + struct.pack("<I", 2) + bytes(8)
    )
    block = HEADER.read(struct.pack("<QQ", 100, len(data)) + data)
    assert [time for time, _, _ in records(block)] == [stamp]


def test_lost_records_are_told() -> None:
    """The header says that records were lost, and how many when there was room for it."""
    data = struct.pack("<I", 2) + bytes(8)
    assert HEADER.read(struct.pack("<QQ", 1, len(data) | 1 << 31) + data).lost == -1
    raw = struct.pack("<QQ", 1, len(data) | 3 << 30) + data + struct.pack("<Q", 77)
    assert HEADER.read(raw).lost == 77
    assert HEADER.used(raw[:16]) == len(raw)


def test_formats_are_read_as_the_kernel_writes_them() -> None:
    """Names lose their types, pointers and array bounds; what a number cannot hold is refused."""
    text = (
        f"name: odd\nID: 9\nformat:\n{COMMON}\tfield:const struct page_pool * pool;\toffset:8;\tsize:8;\tsigned:0;\n"
        '\tfield:char comm[16];\toffset:16;\tsize:16;\tsigned:0;\n\nprint fmt: ""\n'
    )
    made = parse_format(text)
    assert (made.name, made.number, made.fields["pool"].offset) == ("odd", 9, 8)
    assert made.reader("common_pid", "pool").unpack_from(struct.pack("<HBBiQ", 9, 0, 0, -3, 5)) == (-3, 5)
    with pytest.raises(InputError, match="no field 'comm'"):
        made.reader("comm")
    with pytest.raises(InputError, match="no field 'pfn'"):
        made.reader("pfn")
    with pytest.raises(InputError):
        parse_format("nothing of the kind")
    with pytest.raises(InputError, match="timestamp"):
        parse_header_page("nothing of the kind")
