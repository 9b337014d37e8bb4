/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net_iov_init() writes UINT_MAX first; and the type of page_pool pages is gone (54cf41c969da).
 * expect nothing
 */
enum pagetype { PGTY_buddy = 0xf0, PGTY_mapcount_underflow = 0xff };

struct page {
	unsigned long flags;
	union {
		struct {
			struct list_head lru;
			struct address_space *mapping;
			pgoff_t index;
			unsigned long private;
		};
		struct {
			unsigned long pp_magic;
			struct page_pool *pp;
			unsigned long _pp_mapping_pad;
			unsigned long dma_addr;
			atomic_long_t pp_ref_count;
		};
		struct {
			unsigned long compound_head;
		};
	};
	union {
		unsigned int page_type;
		atomic_t _mapcount;
	};
	atomic_t _refcount;
	unsigned long memcg_data;
};

struct net_iov {
	unsigned long _flags;
	unsigned long pp_magic;
	struct page_pool *pp;
	unsigned long _pp_mapping_pad;
	unsigned long dma_addr;
	atomic_long_t pp_ref_count;
	unsigned int page_type; /* memdesc: sentinel */
	unsigned int _pad;
	struct net_iov_area *owner;
};
