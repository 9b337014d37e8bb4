/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Before 95920c2ed02b (6.18-rc1): on 32-bit machines the mask left so few bits of the magic number that
 * pointers of other kinds matched it, and freeing ordinary pages failed.
 * abi: i386
 * expect: pool-magic slab slab_cache
 * expect: pool-magic page.lru lru.next
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
			unsigned long pp_magic; /* memdesc: magic, mask=0x7c */
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

struct slab {
	unsigned long __page_flags;
	struct kmem_cache *slab_cache;
	struct slab *next;
	unsigned long _pad_1;
	void *freelist;
	unsigned long counters;
	unsigned int __page_type;
	atomic_t __page_refcount;
	unsigned long obj_exts;
};
