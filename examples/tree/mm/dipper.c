// SPDX-License-Identifier: GPL-2.0-or-later
/* Dipper: walks the pages of a mapping. */
#include <linux/mm.h>

/* PG_locked belongs to the head; a page found by address may be a tail. */
void dipper_visit(struct vm_area_struct *vma, unsigned long addr)
{
	struct page *page = follow_page(vma, addr, 4);

	if (!page)
		return;
	lock_page(page); /* memdesc: expect tail -> lock_page */
	unlock_page(page); /* memdesc: alt tail -> unlock_page */
	put_page(page);
}

void dipper_visit_head(struct vm_area_struct *vma, unsigned long addr)
{
	struct page *page = follow_page(vma, addr, 4);
	struct page *head;

	if (!page)
		return;
	head = compound_head(page);
	lock_page(head);
	unlock_page(head);
	put_page(page);
}
