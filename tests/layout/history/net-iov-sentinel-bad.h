/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The second bug of the same change: struct net_iov is cast to struct page, and nobody wrote "no type" into the
 * word where the type is read (735a309b4bfb9e).
 * The type is still there, so the first bug of that change is, too.
 * expect: sentinel-unwritten net_iov page_type
 * expect: capability-lost page.page_pool mappable
 */
enum pagetype { PGTY_buddy = 0xf0, PGTY_netpp = 0xf9, PGTY_mapcount_underflow = 0xff };

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
	unsigned int page_type;
	unsigned int _pad;
	struct net_iov_area *owner;
};
