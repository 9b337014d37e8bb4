// SPDX-License-Identifier: GPL-2.0
/* Planted: a page table of an architecture is handed out before its constructor has run. */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <asm/pgalloc.h>

enum level { LEVEL_PTE, LEVEL_PMD, LEVEL_KERNEL };

static void *pool_table(enum level level)
{
	struct ptdesc *pt = pagetable_alloc(GFP_KERNEL | __GFP_ZERO, 0);

	if (!pt)
		return NULL;
	if (level == LEVEL_PMD)
		pagetable_pmd_ctor(pt);
	return ptdesc_address(pt);
}

static void *quick_table(void)
{
	struct ptdesc *pt = pagetable_alloc(GFP_KERNEL | __GFP_ZERO, 0);

	return pt ? ptdesc_address(pt) : NULL;
}

pgtable_t pte_alloc_one(struct mm_struct *mm)
{
	return quick_table(); /* memdesc: expect untyped-table -> pte_alloc_one */
}

pmd_t *pmd_alloc_one(struct mm_struct *mm, unsigned long addr)
{
	return pool_table(LEVEL_PMD);
}

pte_t *pte_alloc_one_kernel(struct mm_struct *mm)
{
	return pool_table(LEVEL_KERNEL);
}
