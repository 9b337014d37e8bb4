/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of the road as announced: one word a page, which says what the page is and where its descriptor lies.
 * Bits 0 to 3 are the type. Of a page without a descriptor (type 0) bits 4 to 10 say which use, bit 11 whether
 * it may be mapped to user space, bits 12 to 17 the order of its allocation, the upper bits zone, node and
 * section. Source: kernelnewbies.org/MatthewWilcox/Memdescs, the later of the two tables it has carried.
 */
enum memdesc_type {
	MEMDESC_MISC, MEMDESC_BUDDY, MEMDESC_FILE, MEMDESC_ANON, MEMDESC_KSM, MEMDESC_SLAB, MEMDESC_MOVABLE,
	MEMDESC_TABLE, MEMDESC_NET, MEMDESC_HWPOISON, MEMDESC_PERCPU, MEMDESC_MASK = 15,
};
enum memdesc_misc {
	MISC_RESERVED, MISC_ZERO, MISC_DRIVER, MISC_VMALLOC, MISC_GUARD, MISC_OFFLINE, MISC_KMALLOC, MISC_EXACT,
	MISC_BRD,
};

struct page {
	unsigned long memdesc;
};

struct buddy { /* memdesc: kind=free, separate */
	memdesc_flags_t flags;
	struct list_head buddy_list;
	unsigned long order;
	unsigned long pfn;
} __attribute__((aligned(16)));

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
