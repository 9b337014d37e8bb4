// SPDX-License-Identifier: GPL-2.0-or-later
/* Dipper: sets pages aside that a device reports as broken. */
#include <linux/mm.h>

/* The lock of a mapping is taken through the head; a page found by its number may be a tail. */
void dipper_broken(unsigned long pfn)
{
	struct page *page = pfn_to_page(pfn);
	dax_entry_t cookie;

	cookie = dax_lock_page(page); /* memdesc: expect tail -> dax_lock_page */
	dax_unlock_page(page, cookie); /* memdesc: alt tail -> dax_unlock_page */
}

void dipper_broken_head(unsigned long pfn)
{
	struct page *head = compound_head(pfn_to_page(pfn));
	dax_entry_t cookie;

	cookie = dax_lock_page(head);
	dax_unlock_page(head, cookie);
}
