// SPDX-License-Identifier: GPL-2.0
/* Planted: a page table that a walk found is freed as if it were an object of kmalloc(). */
#include <linux/mm.h>
#include <linux/slab.h>
#include <asm/pgalloc.h>

static bool range_is_empty(pte_t *pte)
{
	int i;

	for (i = 0; i < PTRS_PER_PTE; i++)
		if (!pte_none(pte[i]))
			return false;
	return true;
}

static void drop_ptes(pte_t *start, pmd_t *pmd)
{
	if (!range_is_empty(start))
		return;
	pmd_clear(pmd);
	kfree(start); /* memdesc: expect installed-table -> kfree */
}

void drop_range(pmd_t *pmd)
{
	drop_ptes(pte_offset_kernel(pmd, 0), pmd);
}

static void drop_ptes_fixed(pte_t *start, pmd_t *pmd)
{
	if (!range_is_empty(start))
		return;
	pmd_clear(pmd);
	pte_free_kernel(&init_mm, start);
}

void drop_range_fixed(pmd_t *pmd)
{
	drop_ptes_fixed(pte_offset_kernel(pmd, 0), pmd);
}

void drop_upper_fixed(p4d_t *p4d)
{
	pud_t *pud = pud_offset(p4d, 0);
	pmd_t *pmd = pud_pgtable(*pud);

	pud_clear(pud);
	free_page((unsigned long)pmd);
	p4d_clear(p4d);
	pud_free(&init_mm, pud);
}
