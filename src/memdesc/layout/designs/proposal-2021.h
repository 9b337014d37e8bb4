/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The proposal of 27 August 2021 (linux-mm, "[GIT PULL] Memory folios for v5.15"): one type per use of a page,
 * and struct page as their union. Where the mail says "..." the types are completed in its spirit with what
 * the kernel of that month (5.14) kept in these words.
 * memdesc: config MEMCG=y
 * memdesc: common flags _refcount memcg_data
 */
/* Bits of flags as the kernel of that month numbered them, as far as the types below are told by them. */
enum pageflags { PG_locked = 0, PG_lru = 5, PG_slab = 9, PG_reserved = 12 };

struct folio { /* memdesc: kind=file|anon, is=!(page->folio.flags >> PG_slab & 1) */
	unsigned long flags;
	struct list_head lru;
	struct address_space *mapping;
	unsigned long index;
	void *private;
	atomic_t _mapcount;
	atomic_t _refcount;
	unsigned long memcg_data;
};

struct slab_page { /* memdesc: kind=slab */
	unsigned long flags;
	union {
		struct list_head slab_list;
		/* Slabs kept by one CPU. */
		struct {
			struct slab_page *next;
#ifdef CONFIG_64BIT
			int pages;
			int pobjects;
#else
			short pages;
			short pobjects;
#endif
		};
		struct callback_head callback_head;
	};
	struct kmem_cache *slab_cache;
	void *freelist;
	void *s_mem;
	unsigned int active;
	atomic_t _refcount;
	unsigned long memcg_data;
};

struct net_page { /* memdesc: kind=net */
	unsigned long flags;
	unsigned long pp_magic;
	struct page_pool *pp;
	unsigned long _pp_mapping_pad;
	unsigned long dma_addr[2];
	atomic_t _mapcount;
	atomic_t _refcount;
	unsigned long memcg_data;
};

/* The mail's page tables, in the words of struct page of its time. */
struct table_page { /* memdesc: kind=table, type=table, is=(page->table.page_type & 0xf0000400) == 0xf0000000 */
	unsigned long flags;
	unsigned long _pt_pad_1;
	pgtable_t pmd_huge_pte;
	unsigned long _pt_pad_2;
	union {
		struct mm_struct *pt_mm;
		atomic_t pt_frag_refcount;
	};
	spinlock_t ptl;
#ifdef CONFIG_64BIT
	unsigned int _pt_pad_3;
#endif
	unsigned int page_type;
	atomic_t _refcount;
	unsigned long memcg_data;
};

/* Second page of a compound block. */
struct tail_page { /* memdesc: kind=tail */
	unsigned long flags;
	unsigned long compound_head;
	unsigned char compound_dtor;
	unsigned char compound_order;
	unsigned char _tail_pad_1[2];
	atomic_t compound_mapcount; /* memdesc: count */
#ifdef CONFIG_64BIT
	unsigned long _tail_pad_2[3];
#else
	unsigned long _tail_pad_2[2];
#endif
	atomic_t _mapcount;
	atomic_t _refcount;
	unsigned long memcg_data;
};

struct device_page { /* memdesc: kind=device */
	unsigned long flags;
	struct dev_pagemap *pgmap;
	void *zone_device_data;
	struct address_space *mapping;
	unsigned long index;
	unsigned long private;
	atomic_t _mapcount;
	atomic_t _refcount;
	unsigned long memcg_data;
};

/* A free page of the buddy allocator: its order lies in private. */
struct buddy_page { /* memdesc: kind=free, type=buddy, is=(page->buddy.page_type & 0xf0000080) == 0xf0000000 */
	unsigned long flags;
	struct list_head buddy_list;
	struct address_space *mapping;
	unsigned long index;
	unsigned long private;
	unsigned int page_type;
	atomic_t _refcount;
	unsigned long memcg_data;
};

/* Vmalloc and bare pages of drivers: nothing but what every page has. */
struct driver_page { /* memdesc: kind=driver|vmalloc */
	unsigned long flags;
	struct list_head lru;
	struct address_space *mapping;
	unsigned long index;
	unsigned long private;
	atomic_t _mapcount;
	atomic_t _refcount;
	unsigned long memcg_data;
};

struct page {
	union {
		struct folio folio;
		struct slab_page slab;
		struct net_page pool;
		struct table_page table;
		struct tail_page tail;
		struct device_page device;
		struct buddy_page buddy;
		struct driver_page driver;
	};
};
