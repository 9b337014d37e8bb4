"""How much of what a kernel asserts is demanded: the assertions that the bench finds in the text."""

import importlib.util
from types import ModuleType

import pytest

from conftest import CHECKOUT
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
