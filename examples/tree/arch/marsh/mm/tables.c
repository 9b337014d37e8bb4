// SPDX-License-Identifier: GPL-2.0-or-later
/* Page tables of the Marsh. */
#include <linux/mm.h>
#include <linux/slab.h>

struct marsh {
	struct page *top;
};

int marsh_start(struct marsh *marsh)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return -12;
	if (!pgtable_pte_page_ctor(page)) {
		__free_page(page);
		return -12;
	}
	marsh->top = page;
	return 0;
}

/* What the constructor set up, a lock and a counter, only the destructor takes down. */
void marsh_stop(struct marsh *marsh)
{
	__free_page(marsh->top); /* memdesc: expect table -> __free_page */
}

void marsh_stop_paired(struct marsh *marsh)
{
	struct page *page = marsh->top;

	pgtable_pte_page_dtor(page);
	__free_page(page);
}
