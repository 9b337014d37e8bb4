"""Where memory comes from that no allocator of its own line gives: members, mappings of high memory, constants.

Each text is checked as a lone file: the lines that end in `// expect` are reported, and no other.
"""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Finding, Interpretation, Level

OPTIONS = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)

TEXTS = {
    "a mapping of a user's page that is kept": """
struct elk { struct page *page; };
int pin(struct elk *elk, unsigned long at)
{
	return pin_user_pages_fast(at, 1, FOLL_WRITE, &elk->page);
}
dma_addr_t send(struct device *dev, struct elk *elk)
{
	void *address = kmap_local_page(elk->page);

	return dma_map_single(dev, address, 64, DMA_TO_DEVICE); // expect
}
""",
    "a page that was pinned": """
struct owl { struct page *page; struct page **rows; };
int pin(struct owl *owl, unsigned long at)
{
	return pin_user_pages_fast(at, 1, FOLL_WRITE, &owl->page);
}
void put(struct owl *owl)
{
	put_page(owl->page); // expect
}
void put_folio(unsigned long at)
{
	struct page *page;

	if (pin_user_pages_fast(at, 1, 0, &page) == 1)
		folio_put(page_folio(page)); // expect
}
void put_rows(unsigned long at)
{
	struct page *rows[4];
	int got = pin_user_pages_fast(at, 4, 0, rows);

	release_pages(rows, got); // expect
}
void put_a_reference_besides(unsigned long at)
{
	struct page *page;

	if (pin_user_pages_fast(at, 1, 0, &page) != 1)
		return;
	get_page(page);
	put_page(page);
	unpin_user_page(page);
}
struct elk { struct page *kept; };
void keep(struct elk *elk, unsigned long at)
{
	struct page *page;

	if (pin_user_pages_fast(at, 1, 0, &page) != 1)
		return;
	elk->kept = page;
	get_page(page);
	unpin_user_page(page);
}
void put_what_was_kept(struct elk *elk)
{
	put_page(elk->kept);
}
void put_what_is_referenced(unsigned long at)
{
	struct page *page;

	if (get_user_pages_fast(at, 1, 0, &page) == 1)
		put_page(page);
}
""",
    "a part of a pool of memory": """
void *get(struct gen_pool *pool, dma_addr_t *dma)
{
	void *one = (void *)gen_pool_alloc(pool, 64), *two = gen_pool_dma_zalloc(pool, 64, dma);

	gen_pool_free(pool, (unsigned long)one, 64);
	kfree(two); // expect
}
""",
    "a part of a device": """
void put(struct net_device *dev, struct iio_dev *iio)
{
	struct owl *owl = netdev_priv(dev);
	struct owl *elk = iio_priv(iio);

	kfree(owl->rows);
	kfree(owl); // expect
	kfree(elk); // expect
	free_netdev(dev);
}
""",
    "the order of a block that keeps none": """
#define OWL_FLAGS (GFP_KERNEL | __GFP_COMP)
void put(struct page **pages)
{
	struct page *plain = alloc_pages(GFP_KERNEL | __GFP_ZERO, 3), *compound = alloc_pages(OWL_FLAGS, 3);
	struct page *single = alloc_pages(GFP_KERNEL, 0), *huge = alloc_pages(GFP_TRANSHUGE & ~__GFP_MOVABLE, 9);

	__free_pages(plain, compound_order(plain)); // expect
	__free_pages(compound, compound_order(compound));
	__free_pages(single, compound_order(single));
	__free_pages(huge, compound_order(huge));
}
""",
    "the image of a firmware": """
int load(struct device *dev)
{
	const struct firmware *fw;
	dma_addr_t dma;

	if (request_firmware(&fw, "swan.bin", dev))
		return -ENOENT;
	dma = dma_map_single(dev, (void *)fw->data, fw->size, DMA_TO_DEVICE); // expect
	release_firmware(fw);
	return 0;
}
""",
    "a copy of it": """
int load(struct device *dev, const struct firmware *fw)
{
	void *copy = kmemdup(fw->data, fw->size, GFP_KERNEL);

	dma_map_single(dev, copy, fw->size, DMA_TO_DEVICE);
	kfree(copy);
	return 0;
}
""",
    "a member of that name in another struct": """
struct image { u8 *data; };
void load(struct device *dev, struct image *fw)
{
	dma_map_single(dev, fw->data, 10, DMA_TO_DEVICE);
}
""",
    "a page that may lie in high memory": """
phys_addr_t where(struct page *page)
{
	void *address = kmap_local_page(page);
	phys_addr_t found = virt_to_phys(address); // expect

	kunmap_local(address);
	return found;
}
struct page *back(struct folio *folio)
{
	return virt_to_page(kmap_local_folio(folio, 0)); // expect
}
""",
    "a page of the page cache": """
void send(struct scatterlist *sg, struct address_space *mapping)
{
	struct page *page = find_get_page(mapping, 0);

	sg_init_one(sg, kmap(page), 512); // expect
	kunmap(page);
}
""",
    "a page of low memory": """
void send(struct scatterlist *sg)
{
	struct page *page = alloc_page(GFP_KERNEL);

	sg_init_one(sg, kmap(page), 512);
	kunmap(page);
}
""",
    "kmap_to_page() knows": """
struct page *back(struct page *page)
{
	return kmap_to_page(kmap(page));
}
void hold(struct page *page)
{
	get_page(kmap_to_page(kmap(page)));
}
""",
    "memory of modules": """
struct page *of_module(void) { return virt_to_page(module_alloc(100)); } // expect
struct page *of_text(void) { return virt_to_page(execmem_alloc(EXECMEM_BPF, 100)); } // expect
void drop(void) { execmem_free(execmem_alloc(EXECMEM_BPF, 100)); }
""",
    "a name that may be a constant": """
struct swan { const char *name; };
void call(struct swan *s, const char *name) { s->name = kstrdup_const(name, GFP_KERNEL); }
void quiet(struct swan *s) { kfree(s->name); } // expect
""",
    "freed as one": """
struct swan { const char *name; };
void call(struct swan *s, const char *name) { s->name = kstrdup_const(name, GFP_KERNEL); }
void quiet(struct swan *s) { kfree_const(s->name); }
""",
    "kfree_const() is no kvfree()": """
void drop(void) { kfree_const(vmalloc(10)); } // expect
""",
    "after a grace period": """
struct swan { int n; struct rcu_head rcu; };
void one(struct swan *s) { s = kvmalloc(10, GFP_KERNEL); kfree_rcu(s, rcu); } // expect
void two(struct swan *s) { s = kvmalloc(10, GFP_KERNEL); kvfree_rcu(s, rcu); }
void three(struct swan *s) { s = vmalloc(10); kfree_rcu_mightsleep(s); } // expect
void four(struct swan *s) { s = vmalloc(10); kvfree_rcu_mightsleep(s); }
void five(struct swan *s) { s = kmalloc(10, GFP_KERNEL); kfree_rcu(s, rcu); }
""",
}


def _findings(text: str, tmp_path: Path) -> tuple[Finding, ...]:
    path = tmp_path / "f.c"
    path.write_text(text)
    return pipeline.check([path], None, OPTIONS, lambda *_: None).findings


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_sources(text: str, tmp_path: Path) -> None:
    """The memory is told by where it comes from."""
    wanted = {n for n, line in enumerate(text.split("\n"), 1) if line.endswith("// expect")}
    assert {finding.line for finding in _findings(text, tmp_path)} == wanted


def test_a_member_is_named(tmp_path: Path) -> None:
    """A finding names the member, not a function of that name."""
    (found,) = _findings(TEXTS["the image of a firmware"], tmp_path)
    assert "from firmware->data reaches" in found.message
