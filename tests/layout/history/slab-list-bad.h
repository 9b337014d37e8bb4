/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 130d4df57390 (6.2): the list of slabs moved to where mapping lies. LIST_POISON2 has bit 1 set, which
 * isolate_movable_page() read as a movable page.
 * expect: movable-bits slab slab_list.prev
 */
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

struct slab {
	unsigned long __page_flags;
	struct kmem_cache *slab_cache;
	struct list_head slab_list;
	void *freelist;
	unsigned long counters;
	unsigned int __unused;
	atomic_t __page_refcount;
	unsigned long memcg_data;
};
