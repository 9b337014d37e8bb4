/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/types.h>

struct address_space;
struct page_pool;
struct vm_area_struct;
struct mm_struct;

/* Five words that mean something else for every use, as in its big sister. */
struct page {
	unsigned long flags;
	union {
		struct {	/* page cache and anonymous memory */
			struct list_head lru;
			struct address_space *mapping;
			unsigned long index;
			unsigned long private;
		};
		struct {	/* page_pool */
			unsigned long pp_magic;
			struct page_pool *pp;
			unsigned long _pp_mapping_pad;
			unsigned long dma_addr;
		};
		struct {	/* tail pages */
			unsigned long compound_head;
		};
	};
	atomic_t _mapcount;
	atomic_t _refcount;
};

struct folio {
	struct page page;
};

struct slab {
	unsigned long __page_flags;
	void *slab_cache;
	void *freelist;
};

#endif
