"""How much of what a kernel asserts is demanded: the assertions that the bench finds in the text."""

import importlib.util
from dataclasses import replace
from types import ModuleType

import pytest

from conftest import CHECKOUT
from memdesc.layout.shipped import shipped
from memdesc.source.signatures import Signatures, fitted, load, parse
from memdesc.source.text import split

TEXT = b"""
static int f(struct folio *folio, void *p, struct page *page)
{
	struct folio *head = page_folio(page);

	VM_BUG_ON_FOLIO(!folio_test_locked(folio), folio);
	ASSERT(PagePrivate(page) && page->private);
	if (is_vmalloc_addr(p))
		return -EINVAL;
	VM_BUG_ON_FOLIO(folio_test_slab(head) || f(PageTail(page)), head);
	BUG_ON(PageTail(&folio->page));
	if (p) {
		BUG_ON(PageSlab(page));
	}
	if (PageSlab(page))
		return 0;
	return other(page);
}
"""


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("bench_contracts", CHECKOUT / "bench" / "contracts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_assertions(bench: ModuleType) -> None:
    """Those at the outermost level, of a parameter or its head, with what they want to hear."""
    found = [(a.line, a.parameter, a.test, a.answer) for a in bench.asserted(split(TEXT), "f.c")]
    assert found == [
        (6, 0, "folio_test_locked", True),
        (7, 2, "PagePrivate", True),
        (8, 1, "is_vmalloc_addr", False),
        (10, 2, "folio_test_slab", False),
        (11, 0, "PageTail", False),
    ]


def _shipped(*names: str) -> Signatures:
    known = fitted(load(), shipped(None))
    return replace(known, functions={n: known.functions[n] for n in names}, members=())


def test_demands_come_into_effect(bench: ModuleType) -> None:
    """Demands on addresses, pages and contents are met by a trial, one that refuses nothing that there is is not."""
    sources = (
        "kmalloc",
        "vmalloc",
        "alloc_pages",
        "virt_to_page",
        "page_address",
        "sg_set_page",
        "page_pool_alloc_pages",
    )
    known = _shipped("kfree", "get_page", "dma_map_single", *sources)
    none, untried, count = bench.contracts_effect.measure(known)
    assert count > 3
    assert none == []
    assert untried == []
    known.functions["dull"] = tuple(parse("void dull(struct page *page /* wants !io */);", "dull.h")[0])
    known.functions["ioremap"] = load().functions["ioremap"]
    none, _, _ = bench.contracts_effect.measure(known)
    assert [effect.name for effect in none] == ["dull"]


def test_siblings(bench: ModuleType) -> None:
    """Names that say the same act, the same types, other demands: unless the data says why."""
    text = """
void flush_swan(struct page *page);
void flush_kernel_swan(struct page *page /* wants !slab */)%s;
void flush_swan_list(struct page *page /* wants !slab */);
"""
    for reason, pairs in ("", 1), (" /* unlike flush_swan: for its own pages */", 0):
        made, _ = parse(text % reason, "swan.h")
        known = Signatures({s.name: (s,) for s in made}, ())
        assert len(list(bench.contracts_siblings.unequal(known, None))) == pairs


def test_none_is_unequal_without_a_reason(bench: ModuleType) -> None:
    """Of the shipped signatures, of any version and of each that is generated for."""
    known = fitted(load(), shipped(None))
    for version in (None, (5, 10), (5, 15), (6, 1), (6, 12)):
        assert [(p.one.name, p.other.name) for p in bench.contracts_siblings.unequal(known, version)] == []
