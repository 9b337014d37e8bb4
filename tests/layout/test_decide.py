"""What a layout decides for the checker, by shipped designs, by changed ones, and by the headers of a tree."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from memdesc.errors import InputError
from memdesc.kinds import CAPABILITIES, Kind, Layout
from memdesc.layout import decide, design, shipped
from memdesc.layout.kernel_tree import layout_of
from memdesc.source.signatures import PAGE_WORDS, fitted, kinds_of, load

KERNELS = [name for name in design.SHIPPED if name.startswith("linux-")]
NEW = "linux-6.18"


def of(name: str) -> Layout:
    """Return what a shipped design decides."""
    return decide.decided(design.load(name))


def changed(tmp_path: Path, old: str, new: str) -> Layout:
    """Return what the newest shipped design decides with some text changed."""
    text = (files("memdesc.layout") / "designs" / f"{NEW}.h").read_text("utf-8")
    assert old in text
    path = tmp_path / "design.h"
    path.write_text(text.replace(old, new), "utf-8")
    return decide.decided(design.load(path))


def test_the_shipped_file_is_current() -> None:
    """What lone files are checked by is what the designs decide; scripts/decided renews it."""
    written = (files("memdesc.layout") / "designs" / shipped.FILE).read_text("utf-8")
    assert written == shipped.text([of(name) for name in KERNELS])


def test_the_nearest_kernel_speaks() -> None:
    """The newest that is not newer, or the oldest; the newest for a lone file."""
    for version, name in (
        ((5, 10), "6.1"),
        ((6, 6, 3), "6.1"),
        ((6, 12), "6.12"),
        ((7, 1), "6.18"),
        (None, "6.18"),
    ):
        assert shipped.shipped(version).name == f"the shipped design linux-{name}"
    assert shipped.shipped((6, 12)).lacks == of("linux-6.12").lacks


@pytest.mark.parametrize("name", KERNELS)
def test_what_every_kernel_decides(name: str) -> None:
    """Slab and table pages are not mappable, a slab keeps no mapping, a folio keeps everything."""
    lacks = of(name).lacks
    assert lacks["mappable"] & (Kind.SLAB | Kind.TABLE | Kind.NET) == Kind.SLAB | Kind.TABLE
    assert lacks["->mapping"] == Kind.SLAB | Kind.TAIL
    for kinds in lacks.values():
        assert not kinds & (Kind.FILE | Kind.ANON | Kind.DRIVER)


def test_a_word_that_moves_is_a_word_that_counts(tmp_path: Path) -> None:
    """A page_pool that kept its DMA address in the word of mapping could not be mapped, nor its mapping read."""
    assert not of(NEW).lacks["mappable"] & Kind.NET
    moved = changed(tmp_path, "unsigned long _pp_mapping_pad;", "unsigned long dma_addr_low;")
    assert moved.lacks["mappable"] & Kind.NET
    assert moved.lacks["->mapping"] & Kind.NET


def test_a_page_type_takes_the_map_count(tmp_path: Path) -> None:
    """db359fccf212 (7.1-rc): a type for page_pool pages, written over _mapcount, made them unmappable."""
    typed = changed(tmp_path, "PGTY_large_kmalloc", "PGTY_netpp = 0xf9, PGTY_large_kmalloc")
    assert typed.lacks["mappable"] & Kind.NET


def test_a_list_by_another_name_and_a_vector_by_the_same() -> None:
    """pt_list is lru of a page table; the owners of a slab's objects are no memcg, whatever their name."""
    for name in KERNELS:
        lacks = of(name).lacks
        assert not lacks["->lru"] & Kind.TABLE
        assert lacks["->memcg_data"] & Kind.SLAB


HEADERS = {
    "include/linux/mm_types.h": """
#define _struct_page_alignment __aligned(2 * sizeof(unsigned long))
typedef struct { unsigned long bits; } own_flags_t;
struct page {
	own_flags_t flags;
	union {
		struct { struct list_head lru; struct address_space *mapping; pgoff_t index; unsigned long private; };
		struct { unsigned long pp_magic; struct page_pool *pp; unsigned long dma_addr[3]; };
		struct { unsigned long compound_head; };
	};
	union { unsigned int page_type; atomic_t _mapcount; };
	atomic_t _refcount;
#ifdef CONFIG_MEMCG
	unsigned long memcg_data;
#endif
} _struct_page_alignment;
#define FOLIO_MATCH(pg, fl) static_assert(offsetof(struct page, pg) == offsetof(struct folio, fl))
FOLIO_MATCH(flags, flags);
""",
    "mm/slab.h": "struct slab {\n\tunsigned long __page_flags;\n\tvoid *a, *b;\n\tvoid *freelist;\n};\n",
}


def reading(headers: dict[str, str]) -> Callable[[str], bytes]:
    """Return a reader of a tree that has only these files."""
    return lambda path: headers.get(path, "").encode()


def test_headers_of_a_tree_decide() -> None:
    """They are asked before any shipped design, and macros around the structs do not matter."""
    found = layout_of(reading(HEADERS), (6, 12))
    assert found.name == "the headers of the tree"
    assert found.lacks["->mapping"] == Kind.SLAB | Kind.NET
    assert found.lacks["->lru"] & Kind.TAIL
    assert found.lacks["mappable"] & (Kind.NET | Kind.SLAB) == Kind.NET | Kind.SLAB


def test_a_part_of_a_kernel_decides_for_its_part() -> None:
    """Of kinds that the headers of a tree do not tell of, the nearest shipped kernel does."""
    found = layout_of(reading({k: v for k, v in HEADERS.items() if k != "mm/slab.h"}), (6, 12))
    assert found.name == "the headers of the tree"
    assert not found.told & Kind.SLAB
    assert found.lacks["->mapping"] == Kind.SLAB | Kind.NET
    assert found.lacks["mappable"] & Kind.SLAB


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "declares no struct page"),
        ({"include/linux/mm_types.h": "struct page {\n\tunknown_t x;\n};\n"}, "unknown type 'unknown_t'"),
        (
            {"include/linux/mm_types.h": "struct page {\n" * 40_000 + "}"},
            "declares a struct page of 560002 bytes",
        ),
        ({"include/linux/mm_types.h": "struct page {\n\tint x[\n}"}, "expected"),
    ],
)
def test_headers_that_cannot_be_read(headers: dict[str, str], why: str) -> None:
    """The nearest shipped design decides, and the statistics say why."""
    found = layout_of(reading(headers), (6, 2))
    assert found.lacks == of("linux-6.1").lacks
    assert found.name.startswith(
        "the shipped design linux-6.1, since the tree's headers are not understood: "
    )
    assert why in found.name


@pytest.mark.real
def test_a_real_tree(kernel: Path) -> None:
    """The headers of a whole kernel are understood, and decide what the shipped design of it does."""

    def text(path: str) -> bytes:
        return (kernel / path).read_bytes() if (kernel / path).exists() else b""

    version = tuple(map(int, kernel.name.rpartition("-")[2].split(".")))
    found = layout_of(text, version)
    assert found.name == "the headers of the tree"
    assert found.lacks == shipped.shipped(version).lacks


def test_signatures_are_fitted() -> None:
    """Every word of the notation that asks a layout gets its answer; without a layout nothing is refused."""
    layout = of(NEW)
    assert set(PAGE_WORDS) <= set(layout.lacks)
    assert {c.layout for c in CAPABILITIES.values() if c.layout} <= set(layout.lacks)
    known = fitted(load(), layout)
    mapping = next(m for m in known.members if (m.struct, m.name) == ("page", "mapping"))
    assert not mapping.owners & (Kind.SLAB | Kind.TAIL)
    insert = known.of("vm_insert_page", (6, 12))
    assert insert is not None
    assert not insert.params[2].demands[0].accepts & (Kind.SLAB | Kind.TABLE)
    assert kinds_of("->mapping") & Kind.SLAB
    with pytest.raises(InputError, match="neither a kind"):
        kinds_of("->other")
