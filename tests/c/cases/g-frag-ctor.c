// SPDX-License-Identifier: GPL-2.0
/* Planted: the destructor runs for tables of the kernel, which have none to undo, and not for those of users. */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <asm/pgalloc.h>

static struct page *frag_new_fixed(gfp_t gfp, int kernel)
{
	struct page *page = alloc_page(gfp | __GFP_ZERO);

	if (!page)
		return NULL;
	if (!kernel) {
		if (!pgtable_pte_page_ctor(page)) {
			__free_page(page);
			return NULL;
		}
	}
	return page;
}

static void frag_drop(struct page *page, int kernel)
{
	if (kernel)
		pgtable_pte_page_dtor(page);
	__free_page(page); /* memdesc: expect table -> __free_page */
}

static void frag_drop_fixed(struct page *page, int kernel)
{
	if (!kernel)
		pgtable_pte_page_dtor(page);
	__free_page(page);
}

pgtable_t pte_alloc_one(struct mm_struct *mm)
{
	return frag_new_fixed(GFP_KERNEL_ACCOUNT, 0);
}

pte_t *pte_alloc_one_kernel(struct mm_struct *mm)
{
	struct page *page = frag_new_fixed(GFP_KERNEL, 1);

	return page ? page_address(page) : NULL;
}

void pte_free(struct mm_struct *mm, pgtable_t pte_page)
{
	frag_drop(pte_page, 0);
}

void pmd_free(struct mm_struct *mm, pmd_t *pmd)
{
	frag_drop_fixed(virt_to_page(pmd), 0);
}
