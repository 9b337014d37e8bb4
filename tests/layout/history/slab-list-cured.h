/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * As it was before: the pointer to the cache lies over mapping, and its low bits are clear.
 * expect nothing
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
	struct list_head slab_list;
	struct kmem_cache *slab_cache;
	void *freelist;
	unsigned long counters;
	unsigned int __unused;
	atomic_t __page_refcount;
	unsigned long memcg_data;
};
