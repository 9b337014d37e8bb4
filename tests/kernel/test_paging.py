"""Kernel virtual addresses by page tables."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_dump import PAGE, page_tables
from memdesc.errors import InputError
from memdesc.kernel.paging import Paging, paging_of
from memdesc.kernel.physical import Physical
from memdesc.kernel.vmcoreinfo import parse


class Fake:
    """Memory by page."""

    place, note, partial = "fake", b"", ()

    def __init__(self, pages: dict[int, bytes]) -> None:
        self.pages = pages

    def spans(self) -> tuple[range, ...]:
        """See Physical.spans()."""
        return tuple(range(at, at + PAGE) for at in sorted(self.pages))

    def read(self, address: int, size: int) -> bytes:
        """See Physical.read()."""
        out = b""
        while len(out) < size:
            page = self.pages.get((address + len(out)) & -PAGE)
            if page is None:
                raise InputError("fake", f"holds no memory at physical address {address + len(out):#x}")
            start = (address + len(out)) & PAGE - 1
            out += page[start : start + size - len(out)]
        return out


def kernel_pages(levels: int) -> st.SearchStrategy[dict[int, int]]:
    """Virtual pages of the kernel's half -> physical ones, far from where the tables are."""
    low = (1 << 64) - (1 << (9 * levels + 11))
    near = st.integers(0, 3000).map(lambda n: low + n * PAGE)
    far = st.integers(0, (1 << (9 * levels - 1)) - 1).map(lambda n: low + n * PAGE)
    return st.dictionaries(near | far, st.integers(1 << 20, 1 << 28).map(lambda n: n * PAGE), max_size=40)


@given(st.sampled_from([4, 5]).flatmap(lambda n: st.tuples(st.just(n), kernel_pages(n))))
@settings(max_examples=80, deadline=None)
def test_tables_are_walked(given_: tuple[int, dict[int, int]]) -> None:
    """Single addresses, extents, frames and the tables themselves agree with what was mapped."""
    levels, mapping = given_
    tables = page_tables(mapping, levels=levels)
    memory: Physical = Fake(tables)
    paging = Paging(memory, 0x1000, levels)
    for virtual, physical in mapping.items():
        assert paging.physical(virtual + 123) == physical + 123
        assert list(paging.frames(virtual, PAGE)) == [physical // PAGE]
        if virtual + PAGE not in mapping and virtual + PAGE < 1 << 64:
            with pytest.raises(InputError, match="has nothing mapped"):
                paging.physical(virtual + PAGE)
    low = (1 << 64) - (1 << (9 * levels + 11))
    found = {
        extent.virtual + n: extent.physical + n
        for extent in paging.extents(low, (1 << 64) - low)
        for n in range(0, extent.size, PAGE)
    }
    assert found == mapping
    assert sorted(paging.frames(low, (1 << 64) - low)) == sorted(each // PAGE for each in mapping.values())
    assert [each * PAGE for each in paging.tables().tolist()] == sorted(set(tables) - {0x1000})


def test_large_pages() -> None:
    """An entry of 2 MiB or 1 GiB maps all of it."""
    base = 0xFFFF_8880_0000_0000
    pages = page_tables({base: 0}, levels=4)
    # The third table is that of 2 MiB entries; its first becomes a large page.
    (second,) = (at for at in pages if at == 0x3000)
    entries = bytearray(pages[second])
    entries[:8] = (0x4000_0000 | 0x81).to_bytes(8, "little")
    pages[second] = bytes(entries)
    paging = Paging(Fake(pages), 0x1000, 4)
    assert paging.physical(base + 0x12345) == 0x4001_2345
    assert [e.size for e in paging.extents(base, 1 << 30)] == [2 << 20]
    assert len(paging.frames(base + PAGE, 1 << 30)) == 511


def test_tables_that_point_nowhere() -> None:
    """A table that is not in the dump maps nothing; the top one must be there."""
    base = 0xFFFF_8880_0000_0000
    pages = page_tables({base: 0x100000}, levels=4)
    del pages[0x3000]
    with pytest.raises(InputError, match="has nothing mapped at kernel address 0xffff888000000000"):
        Paging(Fake(pages), 0x1000, 4).read(base, 8)
    info = parse(b"SYMBOL(swapper_pg_dir)=ffffffff80009000\nNUMBER(phys_base)=0\n", "test")
    with pytest.raises(InputError, match="does not hold the kernel's page table"):
        paging_of(Fake(pages), info)
    with pytest.raises(InputError, match=r"without SYMBOL\(swapper_pg_dir\)"):
        paging_of(Fake(pages), parse(b"OSRELEASE=1\n", "test"))


def test_a_table_that_contains_itself() -> None:
    """Walking ends, since a walk is never deeper than there are levels."""
    loop = (0x1000 | 1).to_bytes(8, "little") * 512
    paging = Paging(Fake({0x1000: loop}), 0x1000, 4)
    assert paging.physical(0xFFFF_FFFF_FFFF_F000) == 0x1000
    assert paging.tables().tolist() == [1]


def test_reading_across_pages() -> None:
    """Bytes that are together in virtual memory and apart in physical memory."""
    base = 0xFFFF_8880_0000_0000
    pages = page_tables({base: 0x200000, base + PAGE: 0x100000}, levels=4)
    pages |= {0x200000: b"a" * PAGE, 0x100000: b"b" * PAGE}
    paging = Paging(Fake(pages), 0x1000, 4)
    assert paging.read(base + PAGE - 2, 4) == b"aabb"
    with pytest.raises(InputError, match="0xffff888000002000"):
        paging.read(base + 2 * PAGE - 2, 4)
