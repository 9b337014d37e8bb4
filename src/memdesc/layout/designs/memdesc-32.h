/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stage announced in January 2025 ("State Of The Page", linux-mm): struct page of 32 bytes on 64-bit
 * machines, every other descriptor allocated apart and found through memdesc. Sizes of the descriptors are
 * ours: today's members without the places that they kept for struct page, rounded up to 16 bytes.
 * Source: kernelnewbies.org/MatthewWilcox/Memdescs/Path and the mail.
 */
/* Low 4 bits of memdesc. 0, 4, 8 and 12 all mean the buddy allocator, whose list shares the word. */
enum memdesc_type {
	MEMDESC_BUDDY = 0, MEMDESC_MISC = 1, MEMDESC_FILE = 2, MEMDESC_ANON = 3,
	MEMDESC_KSM = 5, MEMDESC_SLAB = 6, MEMDESC_MOVABLE = 7, MEMDESC_TABLE = 9, MEMDESC_NET = 10,
	MEMDESC_HWPOISON = 11, MEMDESC_MASK = 15,
};

struct page {
	memdesc_flags_t flags;
	union {
		struct list_head buddy_list;
		struct list_head pcp_list;
		struct {
			unsigned long memdesc; /* memdesc: low_bits=0 */
			atomic_t _refcount;
		};
	};
	union {
		unsigned long private;
		atomic_t _folio_mapcount;
	};
};

/* Descriptors of their own: from a slab cache, aligned to 16 bytes, found through the memdesc of each page. */
struct folio { /* memdesc: kind=file|anon, separate */
	memdesc_flags_t flags;
	struct list_head lru;
	struct address_space *mapping;
	unsigned long index;
	void *private;
	atomic_t _mapcount;
	atomic_t _refcount;
	unsigned long memcg_data;
	unsigned long pfn;
	atomic_t _large_mapcount;
	atomic_t _nr_pages_mapped;
} __attribute__((aligned(16)));

struct slab { /* memdesc: kind=slab, separate, frozen */
	memdesc_flags_t flags;
	struct kmem_cache *slab_cache;
	union {
		struct {
			struct list_head slab_list;
			void *freelist;
			union {
				unsigned long counters;
				struct {
					unsigned inuse : 16, objects : 15, frozen : 1;
				};
			};
		};
		struct callback_head callback_head;
	};
	unsigned long obj_exts;
	unsigned long pfn;
} __attribute__((aligned(16)));

/* What is left of netmem_desc once the places that it kept for struct page are gone. */
struct netmem_desc { /* memdesc: kind=net, separate */
	unsigned long pp_magic;
	struct page_pool *pp;
	unsigned long dma_addr;
	atomic_long_t pp_ref_count;
	atomic_t _mapcount;
	atomic_t _refcount;
} __attribute__((aligned(16)));

struct ptdesc { /* memdesc: kind=table, separate */
	memdesc_flags_t pt_flags;
	union {
		struct callback_head pt_rcu_head;
		struct list_head pt_list;
		struct {
			unsigned long _pt_pad_1;
			pgtable_t pmd_huge_pte;
		};
	};
	union {
		unsigned long pt_index;
		struct mm_struct *pt_mm;
		atomic_t pt_frag_refcount;
		atomic_t pt_share_count;
	};
	spinlock_t ptl;
	atomic_t _refcount;
	unsigned long pt_memcg_data;
	unsigned long pfn;
} __attribute__((aligned(16)));

struct zpdesc { /* memdesc: kind=zsmalloc, separate */
	memdesc_flags_t flags;
	struct list_head lru;
	union {
		struct zpdesc *next;
		unsigned long handle;
	};
	struct zspage *zspage;
	unsigned int first_obj_offset;
	atomic_t _refcount;
	unsigned long pfn;
} __attribute__((aligned(16)));
