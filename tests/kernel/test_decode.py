"""Kinds and orders out of descriptors made by hand, in the encodings of several kernels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memdesc.errors import InputError
from memdesc.kernel.decode import PP_SIGNATURE, Decoded, Descriptors, decode
from memdesc.kernel.population import TAIL, Codes, Page
from memdesc.kernel.struct_page import StructPage, detect
from memdesc.layout.abi import DEFAULT
from memdesc.layout.read_c import read_text

SIZE = 64
VMEMMAP = 0xFFFF_EA00_0000_0000
POINTER = 0xFFFF_8880_1234_5000

COMMON = """
struct list_head { struct list_head *next, *prev; };
typedef struct { int counter; } atomic_t;
struct page {
	unsigned long flags;
	union {
		struct list_head lru;
		unsigned long HEAD;
		unsigned long pp_magic;
	};
	void *mapping;
	unsigned long index;
	unsigned long private;
	union { atomic_t _mapcount; unsigned int page_type; };
	atomic_t _refcount;
	unsigned long memcg_data;
};
struct folio { struct page page; unsigned long _flags_1; unsigned long _head_1; DTOR };
"""
FLAGS = "enum pageflags { PG_locked, PG_lru = 5, PG_head, PG_reserved = 13, PG_swapbacked = 17, SLAB };\n"
KERNELS = {
    "bits by macro, slab a flag": (
        FLAGS.replace("SLAB", "PG_slab = 9") + "enum dtor { HUGETLB_PAGE_DTOR = 2 };\n"
        + COMMON.replace("HEAD", "compound_head").replace("DTOR", "unsigned char _folio_dtor;")
    ),
    "bits by enum": (
        FLAGS.replace("SLAB", "__NR_PAGEFLAGS")
        + "enum pagetype { PG_buddy = 0x40000000, PG_table = 0x10000000, PG_hugetlb = 0x04000000, "
        "PG_slab = 0x02000000, PG_offline = 0x20000000 };\n"
        + COMMON.replace("HEAD", "compound_head").replace("DTOR", "")
    ),
    "a top byte": (
        FLAGS.replace("SLAB", "__NR_PAGEFLAGS")
        + "enum pagetype { PGTY_buddy = 0xf0, PGTY_offline = 0xf1, PGTY_table = 0xf2, PGTY_hugetlb = 0xf4, "
        "PGTY_slab = 0xf5, PGTY_zsmalloc = 0xf6, PGTY_mapcount_underflow = 0xff };\n"
        + COMMON.replace("HEAD", "compound_head").replace("DTOR", "")
    ),
    "a top byte, heads by mask": (
        FLAGS.replace("SLAB", "__NR_PAGEFLAGS")
        + "enum pagetype { PGTY_buddy = 0xf0, PGTY_offline = 0xf1, PGTY_table = 0xf2, PGTY_hugetlb = 0xf4, "
        "PGTY_slab = 0xf5, PGTY_mapcount_underflow = 0xff };\n"
        + COMMON.replace("HEAD", "compound_info").replace("DTOR", "")
    ),
}  # fmt: skip
NUMBERS = {"PAGE_BUDDY_MAPCOUNT_VALUE": -129, "PAGE_OFFLINE_MAPCOUNT_VALUE": -257}


def form_of(text: str) -> StructPage:
    """Return the encoding of a kernel declared in C."""
    return detect(read_text(text.encode(), "kernel.h", DEFAULT, {}).types, NUMBERS)


@pytest.fixture(params=KERNELS, ids=list(KERNELS))
def form(request: pytest.FixtureRequest) -> StructPage:
    """The encoding of one kernel."""
    return form_of(KERNELS[request.param])


class Pages:
    """Descriptors of frames `first` on, all of them lone pages without a flag at the start."""

    def __init__(self, form: StructPage, count: int, first: int = 0) -> None:
        self.form, self.first = form, first
        self.raw = bytearray(count * SIZE)
        for at in range(count):
            self.put(at, form.mapcount.offset, 0xFFFF_FFFF, 4)

    def put(self, at: int, offset: int, value: int, size: int = 8) -> None:
        """Write a number into a descriptor."""
        self.raw[at * SIZE + offset : at * SIZE + offset + size] = value.to_bytes(size, "little")

    def flag(self, at: int, name: str) -> None:
        """Set a flag."""
        word = int.from_bytes(self.raw[at * SIZE : at * SIZE + 8], "little")
        self.put(at, 0, word | 1 << self.form.bits[name])

    def type(self, at: int, name: str) -> None:
        """Give a page a type, in whichever form."""
        if name not in self.form.types:
            self.flag(at, name)
        elif self.form.form == "top byte":
            self.put(at, self.form.type.offset, self.form.types[name] << 24, 4)
        else:
            self.put(at, self.form.type.offset, 0xFFFF_FFFF & ~self.form.types[name], 4)

    def compound(self, at: int, order: int) -> None:
        """Make a compound block."""
        self.flag(at, "head")
        self.put(at + 1, self.form.order.offset, order, 1)
        for tail in range(at + 1, min(at + (1 << order), len(self.raw) // SIZE)):
            if self.form.head_name.endswith("info"):
                word = 0xFFFF_FFFF_FFFF_FFFF & ~((SIZE << order) - 1) | 1
            else:
                word = VMEMMAP + (self.first + at) * SIZE + 1
            self.put(tail, self.form.head.offset, word)

    def decoded(self, elsewhere: object = None) -> Decoded:
        """Return what they say."""
        there = np.ones(len(self.raw) // SIZE, np.bool_)
        pages = Descriptors(self.form, self.first, self.raw, there, VMEMMAP)
        return decode(pages, elsewhere)  # type: ignore[arg-type]


def test_what_is_detected() -> None:
    """The form, and where slab, hugetlb and orders are, follow from members and enumerators."""
    forms = {name: form_of(text) for name, text in KERNELS.items()}
    macro, enum, top, mask = forms.values()
    assert (macro.form, enum.form, top.form, mask.form) == (
        "inverted bits",
        "inverted bits",
        "top byte",
        "top byte",
    )
    assert macro.types == {"buddy": 0x80, "offline": 0x100, "table": 0x200, "guard": 0x400}
    assert "slab is bit 9 of flags" in macro.says
    assert "slab 0xf5" in top.says
    assert "compound_info" in mask.says
    assert macro.hugetlb is not None
    assert top.hugetlb is None
    assert {each.order_name for each in forms.values()} == {"folio._flags_1"}


def test_what_cannot_be_detected() -> None:
    """A struct page without types, or macros that VMCOREINFO contradicts, are refused."""
    text = KERNELS["bits by macro, slab a flag"]
    with pytest.raises(InputError, match="page_type"):
        form_of(text.replace("page_type", "other"))
    with pytest.raises(InputError, match="pageflags"):
        form_of(text.replace("enum pageflags", "enum others"))
    with pytest.raises(InputError, match="marks slab pages neither"):
        form_of(text.replace("PG_slab", "PG_other"))
    with pytest.raises(InputError, match="keeps the order"):
        form_of(text.replace("_flags_1", "_other"))
    types = read_text(text.encode(), "kernel.h", DEFAULT, {}).types
    with pytest.raises(InputError, match="PAGE_BUDDY_MAPCOUNT_VALUE=-5"):
        detect(types, {"PAGE_BUDDY_MAPCOUNT_VALUE": -5})


def test_lone_pages(form: StructPage) -> None:
    """Each kind by what tells it."""
    pages = Pages(form, 12)
    pages.put(1, form.mapping.offset, POINTER)
    pages.put(2, form.mapping.offset, POINTER)
    pages.flag(2, "swapbacked")
    pages.put(3, form.mapping.offset, POINTER + 1)
    pages.put(4, form.mapping.offset, POINTER + 3)
    pages.put(5, form.mapping.offset, POINTER + 2)
    pages.type(6, "slab")
    pages.type(7, "table")
    pages.type(8, "offline")
    pages.flag(9, "reserved")
    pages.put(10, form.pool.offset if form.pool else 8, PP_SIGNATURE)
    pages.put(11, form.mapping.offset, 0xDEAD_0000_0000_0400)  # poison is no mapping
    assert [Page(each) for each in pages.decoded().kind] == [
        Page.UNKNOWN, Page.FILE, Page.SHMEM, Page.ANON, Page.KSM, Page.MOVABLE, Page.SLAB, Page.TABLE,
        Page.OFFLINE, Page.RESERVED, Page.NET, Page.UNKNOWN,
    ]  # fmt: skip


def test_a_slab_is_no_anonymous_page(form: StructPage) -> None:
    """What a slab keeps over mapping does not make it anonymous or KSM."""
    pages = Pages(form, 8)
    pages.compound(4, 2)
    pages.type(4, "slab")
    pages.put(4, form.mapping.offset, POINTER + 3)
    decoded = pages.decoded()
    assert set(decoded.kind[4:].tolist()) == {Page.SLAB}
    assert decoded.order.tolist() == [0, 0, 0, 0, 2, TAIL, TAIL, TAIL]
    assert decoded.head.tolist() == [0, 1, 2, 3, 4, 4, 4, 4]


def test_free_blocks(form: StructPage) -> None:
    """All of a free block is free, whatever its other descriptors still say."""
    pages = Pages(form, 16)
    pages.type(8, "buddy")
    pages.put(8, form.private.offset, 3)
    pages.put(11, form.mapping.offset, POINTER + 1)
    pages.type(0, "buddy")
    decoded = pages.decoded()
    assert (decoded.kind == Page.FREE).tolist() == [True] + [False] * 7 + [True] * 8
    assert decoded.order.tolist() == [0] * 8 + [3] + [TAIL] * 7


@pytest.mark.parametrize("order", [4, 63, 64, 1 << 40])
def test_impossible_free_orders(form: StructPage, order: int) -> None:
    """A free block that cannot lie where it does counts as one page."""
    pages = Pages(form, 16)
    pages.type(8, "buddy")
    pages.put(8, form.private.offset, order)
    assert (pages.decoded().kind == Page.FREE).sum() == 1


def test_hugetlb() -> None:
    """By type, or by the destructor in the second descriptor."""
    for name in "bits by macro, slab a flag", "a top byte":
        form = form_of(KERNELS[name])
        pages = Pages(form, 8)
        pages.compound(0, 2)
        pages.compound(4, 2)
        if form.hugetlb:
            word, value = form.hugetlb
            pages.put(5, word.offset, value, 1)
        else:
            pages.type(4, "hugetlb")
        assert [Page(each) for each in pages.decoded().kind] == [Page.UNKNOWN] * 4 + [Page.HUGETLB] * 4


def test_heads_elsewhere(form: StructPage) -> None:
    """Tails of a block that began before the first descriptor are what its head is."""
    whole = Pages(form, 32, first=0)
    whole.compound(0, 5)
    part = Pages(form, 8, first=8)
    part.raw[:] = whole.raw[8 * SIZE : 16 * SIZE]
    assert set(part.decoded().kind.tolist()) == {Page.UNKNOWN}

    def elsewhere(frames: np.ndarray) -> tuple[Codes, Codes]:  # type: ignore[type-arg]
        assert frames.tolist() == [0]
        return np.array([Page.ANON], np.uint8), np.array([5], np.uint8)

    decoded = part.decoded(elsewhere)
    assert set(decoded.kind.tolist()) == {Page.ANON}
    assert set(decoded.order.tolist()) == {TAIL}


def test_fake_heads() -> None:
    """Descriptors of a hugetlb page that are mapped to its first ones again look like heads, and are tails."""
    form = form_of(KERNELS["a top byte"])
    pages = Pages(form, 512)
    pages.compound(0, 9)
    pages.type(0, "hugetlb")
    for at in range(64, 512, 64):
        pages.raw[at * SIZE : (at + 64) * SIZE] = pages.raw[: 64 * SIZE]
    decoded = pages.decoded()
    assert set(decoded.kind.tolist()) == {Page.HUGETLB}
    assert decoded.order.tolist() == [9] + [TAIL] * 511


def test_missing_descriptors(form: StructPage) -> None:
    """What is not in the dump is unknown, and the rest is told."""
    pages = Pages(form, 4)
    pages.type(3, "table")
    there = np.array([True, False, False, True])
    decoded = decode(Descriptors(form, 0, pages.raw, there, VMEMMAP))
    assert decoded.kind.tolist() == [Page.UNKNOWN, Page.UNKNOWN, Page.UNKNOWN, Page.TABLE]


@given(st.sampled_from(list(KERNELS)), st.binary(min_size=SIZE, max_size=SIZE * 24), st.integers(0, 1 << 40))
@settings(max_examples=200, deadline=None)
def test_any_bytes(name: str, raw: bytes, first: int) -> None:
    """Whatever descriptors hold, each page gets a kind that there is, and its head lies among the pages."""
    form = form_of_cached(name)
    count = len(raw) // SIZE
    pages = Descriptors(form, first, raw[: count * SIZE], np.ones(count, np.bool_), VMEMMAP)
    decoded = decode(pages)
    assert {Page(each) for each in decoded.kind.tolist()} <= set(Page)
    assert ((decoded.head >= -1) & (decoded.head < count)).all()


_FORMS: dict[str, StructPage] = {}


def form_of_cached(name: str) -> StructPage:
    """Return the encoding of a kernel, read once."""
    if name not in _FORMS:
        _FORMS[name] = form_of(KERNELS[name])
    return _FORMS[name]
