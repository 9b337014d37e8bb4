"""Signatures compared with what a tree declares."""

from pathlib import Path

import pytest

from memdesc.source import kernel as release
from memdesc.source.signatures import Signatures, load, parse
from memdesc.source.verify import names, verify

TREE = {
    "include/linux/mm.h": """
static inline void get_page(struct page *page)
{
}
#define virt_to_page(kaddr) pfn_to_page(__pa(kaddr) >> PAGE_SHIFT)
#define alloc_pages(...) alloc_hooks(alloc_pages_noprof(__VA_ARGS__))
struct page *alloc_pages_noprof(gfp_t gfp,
            unsigned int order);
static inline __alloc_size(1, 2) void *kcalloc(size_t n, size_t size, gfp_t flags)
{
}
#define vmalloc vmalloc
int remap_pfn_range(struct vm_area_struct *, unsigned long addr,
            unsigned long (*f)(int, int), pgprot_t);
extern void
split(int a);
""",
    "include/linux/page-flags.h": "PAGEFLAG(Dirty, dirty, PF_HEAD) TESTSCFLAG(Dirty, dirty, PF_HEAD)\n"
    "PAGE_TYPE_OPS(Table, table, pgtable)\nFOLIO_FLAG(swapbacked, FOLIO_HEAD_PAGE)\n"
    "\t__FOLIO_SET_FLAG(locked, FOLIO_HEAD_PAGE)\n",
    "include/linux/net.h": "struct proto_ops {\n\tssize_t (*sendpage)  (struct socket *sock, int n);\n};\n",
    "tools/include/x.h": "void only_in_tools(int a);\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in TREE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def of(text: str) -> Signatures:
    """Return the signatures that `text` declares."""
    functions: dict[str, list[object]] = {}
    for signature in parse("// source: a.h\n" + text, "test.h")[0]:
        functions.setdefault(signature.name, []).append(signature)
    return Signatures({k: tuple(v) for k, v in functions.items()}, ())  # type: ignore[arg-type]


def test_names_of_functions_macros_members_and_flags(tree: Path) -> None:
    """Everything that a header names is found under its name."""
    found = names(tree, jobs=1)
    assert found["get_page"] == {1}
    assert found["virt_to_page"] == {1}
    assert found["alloc_pages"] is None
    assert found["alloc_pages_noprof"] == {2}
    assert found["kcalloc"] == {3}
    assert found["vmalloc"] is None
    assert found["remap_pfn_range"] == {4}
    assert found["split"] == {1}
    assert found[".sendpage"] == {2}
    assert {"PageDirty", "SetPageDirty", "TestClearPageDirty", "PageTable", "__SetPageTable"} <= set(found)
    assert {"folio_test_swapbacked", "folio_set_swapbacked", "__folio_set_locked"} <= set(found)
    assert "only_in_tools" not in found


def test_only_the_names_asked_for(tree: Path) -> None:
    """Names that nobody asked for are not returned."""
    assert set(names(tree, ["alloc_pages", "proto_ops.sendpage"], jobs=2)) == {
        "alloc_pages",
        "alloc_pages_noprof",
        ".sendpage",
    }


def test_what_fits_is_silent_and_what_does_not_is_told(tree: Path) -> None:
    """A signature that the tree agrees with says nothing; every other one is named with the reason."""
    declared = names(tree, jobs=1)
    fits = of(
        "void get_page(struct page *page);\nstruct page *alloc_pages(gfp_t gfp, unsigned int order);\n"
        "ssize_t proto_ops.sendpage(struct socket *sock, int n);\nint vmalloc(int a, int b, int c);\n"
        "void gone(int a); // until: 6.0\n"
    )
    assert verify(fits, declared, (6, 1)) == []
    wrong = of(
        "void get_page(struct page *page, int n);\nvoid gone(int a);\n"
        "struct page *alloc_pages(gfp_t gfp);\nvoid later(int a); // since: 6.2\n"
    )
    assert [str(p) for p in verify(wrong, declared, (6, 1))] == [
        "test.h:2: get_page: 2 parameters here, 1 in the tree",
        "test.h:3: gone: the tree has no function, macro or member of this name",
        "test.h:4: alloc_pages: 1 parameters here, 2 in the tree",
    ]


@pytest.mark.real
def test_the_shipped_signatures_fit_a_kernel(kernel: Path) -> None:
    """A whole kernel declares what the signatures of its version say."""
    version = release.version(kernel)
    assert version is not None
    known = load()
    assert verify(known, names(kernel, [s.name for s in known]), version) == []
