"""Members are read and written where the layout has them, on every ABI."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memdesc.errors import InputError
from memdesc.layout import design as designs
from memdesc.layout.abi import ABIS
from memdesc.layout.overlay import cells
from memdesc.machine import Machine
from memdesc.machine.lists import List
from memdesc.machine.memory import Memory

STRUCTS = [
    (name, abi, descriptor)
    for name, descriptor in (
        ("linux-6.12", "slab"), ("linux-6.18", "folio"), ("memdesc-8", "slab"), ("linux-6.1", "folio"),
    )
    for abi in ("x86_64", "i386", "arm", "s390x", "powerpc64")
]  # fmt: skip


@pytest.mark.parametrize(("name", "abi", "descriptor"), STRUCTS)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_a_member_is_what_the_layout_reads(name: str, abi: str, descriptor: str, data: st.DataObject) -> None:
    """What set() writes, the layout's own reader finds in the bytes, and nothing beside it changes."""
    design = designs.load(name, ABIS[abi])
    found = design.descriptor(descriptor)
    assert found is not None
    memory = Memory(design.abi, 1 << 16)
    at = 4096 + found.struct.align * data.draw(st.integers(0, 9))
    cell = data.draw(
        st.sampled_from([c for c in cells(found.struct) if c.bit_size <= 64 and found.struct.find(c.path)])
    )
    field = found.struct.field(cell.path)
    member = memory.member(cell, found.struct.align)
    before = data.draw(st.binary(min_size=found.struct.size, max_size=found.struct.size))
    memory.bytes[at : at + len(before)] = before
    signed = member.signed
    top = member.mask >> 1 if signed else member.mask
    value = data.draw(st.integers(-top - 1 if signed else 0, top))
    member.set(at, value)
    after = bytes(memory.bytes[at : at + found.struct.size])
    assert member.get(at) == value
    assert field.value(after, design.abi.byteorder) in (value, value & member.mask)
    member.set(at, member.get(at))
    assert bytes(memory.bytes[at : at + found.struct.size]) == after
    outside = [n for n in range(len(before)) if not cell.bit_offset >> 3 <= n < (cell.bit_end + 7) >> 3]
    assert [before[n] for n in outside] == [after[n] for n in outside]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=60))
@settings(max_examples=60, deadline=None)
def test_lists_in_bytes_are_lists(steps: list[tuple[bool, int]]) -> None:
    """Added first or last, and taken off, as in a Python list; what was taken off is poisoned."""
    memory = Memory(ABIS["x86_64"], 1 << 16)
    links = List(memory, memory.word(8), memory.word(16))
    head = links.head_at(64)
    model: list[int] = []
    for first, number in steps:
        at = 4096 + number * 64
        if at in model:
            links.remove(at)
            model.remove(at)
            assert memory.word(16).get(at) == 0xDEAD000000000122
        elif first:
            links.add(at, head)
            model.insert(0, at)
        else:
            links.add_tail(at, head)
            model.append(at)
        assert list(links.walk(head)) == model
        assert links.last(head) == (model[-1] if model else -1)


def test_memory_is_lazily_backed() -> None:
    """A machine of 16 GiB costs the host its memmap, here 8 bytes a page, and not its size."""
    with open("/proc/self/statm", encoding="ascii") as file:
        before = int(file.read().split()[1])
    machine = Machine("memdesc-8", 16 << 30)
    with open("/proc/self/statm", encoding="ascii") as file:
        after = int(file.read().split()[1])
    assert machine.pages == 4 << 20
    assert (after - before) * 4096 < 120 << 20


def test_sizes_that_cannot_be_had() -> None:
    """Too small, and too large for 32 bits."""
    with pytest.raises(InputError, match="too few"):
        Machine("linux-6.12", 4096)
    with pytest.raises(InputError, match="32-bit"):
        Machine("linux-6.12", 4 << 30, abi=ABIS["i386"])
    with pytest.raises(InputError, match="cannot be had"):
        Machine("linux-6.12", 1 << 60)
