/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * db359fccf212 (7.1-rc, reverted by 54cf41c969da): pages of a page_pool got a page type, which lies over
 * _mapcount, and tcp_mmap() could not map them any more.
 * expect: capability-lost netmem_desc mappable
 */
enum pagetype { PGTY_buddy = 0xf0, PGTY_slab = 0xf5, PGTY_netpp = 0xf9, PGTY_mapcount_underflow = 0xff };

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

struct netmem_desc {
	unsigned long _flags;
	unsigned long pp_magic;
	struct page_pool *pp;
	unsigned long _pp_mapping_pad;
	unsigned long dma_addr;
	atomic_long_t pp_ref_count;
};
