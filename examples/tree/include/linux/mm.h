/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/mm_types.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)

struct page *alloc_pages(gfp_t gfp, unsigned int order);
#define alloc_page(gfp) alloc_pages(gfp, 0)
void __free_pages(struct page *page, unsigned int order);
#define __free_page(page) __free_pages((page), 0)

void get_page(struct page *page);
void put_page(struct page *page);
void lock_page(struct page *page);
void unlock_page(struct page *page);
struct page *compound_head(struct page *page);
struct page *virt_to_page(const void *addr);
struct page *vmalloc_to_page(const void *addr);
void *page_address(const struct page *page);
struct folio *page_folio(struct page *page);
struct page *follow_page(struct vm_area_struct *vma, unsigned long addr, unsigned int flags);
dax_entry_t dax_lock_page(struct page *page);
void dax_unlock_page(struct page *page, dax_entry_t cookie);

int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page);

bool pgtable_pte_page_ctor(struct page *page);
void pgtable_pte_page_dtor(struct page *page);

void *vmalloc(unsigned long size);
void vfree(const void *addr);

#endif
