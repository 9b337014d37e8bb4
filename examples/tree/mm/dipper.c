// SPDX-License-Identifier: GPL-2.0-or-later
/* Dipper: sets pages of a mapping aside that a device reports as broken. */
#include <linux/mm.h>

/* The lock of a mapping is taken through the head; a page found by address may be a tail. */
void dipper_broken(struct vm_area_struct *vma, unsigned long addr)
{
	struct page *page = follow_page(vma, addr, FOLL_GET);
	dax_entry_t cookie;

	if (!page)
		return;
	cookie = dax_lock_page(page); /* memdesc: expect tail -> dax_lock_page */
	dax_unlock_page(page, cookie); /* memdesc: alt tail -> dax_unlock_page */
	put_page(page);
}

void dipper_broken_head(struct vm_area_struct *vma, unsigned long addr)
{
	struct page *page = follow_page(vma, addr, FOLL_GET);
	struct page *head;
	dax_entry_t cookie;

	if (!page)
		return;
	head = compound_head(page);
	cookie = dax_lock_page(head);
	dax_unlock_page(head, cookie);
	put_page(page);
}
