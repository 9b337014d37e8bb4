// Descriptors: converters, and which kind keeps what in which word. Notation: docs/signatures.md

// source: include/linux/page-flags.h, mm/slub.c (alloc_slab_page()): pages become a slab
void __folio_set_slab(struct folio *folio /* becomes slab from driver|block */) /* unlike folio_slab: makes it a slab */;
void __SetPageSlab(struct page *page /* becomes slab from driver|block */); // until: 6.10
void __ClearPageSlab(struct page *page /* becomes driver from slab */); // until: 6.10

// source: mm/slab.h
struct slab *page_slab(const struct page *page /* converts any-slab|tail; as slab */) /* gives head of page */;
struct slab *folio_slab(const struct folio *folio /* converts any-slab; as slab */) /* gives kind of folio */;
struct folio *slab_folio(const struct slab *s) /* gives kind of s */;
struct page *slab_page(const struct slab *s) /* gives kind of s */;
struct slab *virt_to_slab(const void *addr /* wants linear */) /* gives kind of addr & slab */;
void *slab_address(const struct slab *slab) /* gives kind of slab */;
struct kmem_cache *virt_to_cache(const void *obj /* wants linear; converts any-slab */);
unsigned int obj_to_index(const struct kmem_cache *cache, const struct slab *slab, void *obj /* wants linear */);

// source: struct page in include/linux/mm_types.h, and what lies over it: SLAB_MATCH() in mm/slab.h, TABLE_MATCH()
// and the page_pool's words in include/linux/mm_types.h, ZPDESC_MATCH() in mm/zpdesc.h
struct page {
	struct address_space *mapping;	/* of ->mapping; whole */
	pgoff_t index;	/* of ->index; whole */
	unsigned long private;	/* of ->private */
	struct list_head lru;	/* of ->lru */
	struct list_head buddy_list;	/* of free|unref|ptl */
	struct list_head pcp_list;	/* of free|driver|unref|ptl */
	atomic_t _mapcount;	/* of ->_mapcount */
	unsigned int page_type;	/* of !file|anon|net */
	unsigned long memcg_data;	/* of ->memcg_data */
	struct mem_cgroup *mem_cgroup;	/* of !slab */
	bool pfmemalloc;	/* of driver|block|noncomp|net|frag|slab|large|unref|ptl */
	unsigned int mlock_count;	/* of file|anon|unref|ptl; whole */
	unsigned char compound_order;	/* of !file|slab|net|table */
	unsigned char compound_dtor;	/* of !file|slab|net|table */
	atomic_t compound_mapcount;	/* of !file|slab|net|table */
	struct list_head deferred_list;	/* of !file|slab|net|table */
	unsigned long pp_magic;	/* of net|driver|unref|ptl */
	struct page_pool *pp;	/* of net|driver|unref|ptl */
	unsigned long dma_addr;	/* of net|driver|block|unref|ptl */
	unsigned long dma_addr_upper;	/* of net|driver|unref|ptl */
	atomic_long_t pp_frag_count;	/* of net|driver|unref|ptl */
	atomic_long_t pp_ref_count;	/* of net|driver|unref|ptl */
	struct kmem_cache *slab_cache;	/* of slab */
	struct list_head slab_list;	/* of slab */
	void *freelist;	/* of slab */
	void *s_mem;	/* of slab */
	unsigned int active;	/* of slab */
	unsigned long counters;	/* of slab */
	unsigned int inuse;	/* of slab */
	unsigned int objects;	/* of slab */
	unsigned int frozen;	/* of slab */
	int units;	/* of slab|zsmalloc|driver */
	struct obj_cgroup **obj_cgroups;	/* of slab */
	struct mm_struct *pt_mm;	/* of any-table */
	atomic_t pt_frag_refcount;	/* of any-table */
	atomic_t pt_share_count;	/* of any-table */
	pgtable_t pmd_huge_pte;	/* of any-table */
	spinlock_t ptl;	/* of any-table */
	struct dev_pagemap *pgmap;	/* of device|tail|unref|ptl */
	void *zone_device_data;	/* of device|unref|ptl */
};
struct folio {
	struct page page;	/* newyork of folio-page */
	struct address_space *mapping;	/* of ->mapping; whole */
	pgoff_t index;	/* of ->index; whole */
	void *private;	/* of ->private */
	struct list_head lru;	/* of ->lru */
	atomic_t _mapcount;	/* of ->_mapcount */
	unsigned long memcg_data;	/* of ->memcg_data */
	unsigned int mlock_count;	/* of file|anon|unref|ptl */
	atomic_t _entire_mapcount;	/* of !slab|net|table|free */
	atomic_t _large_mapcount;	/* of !slab|net|table|free */
	atomic_t _nr_pages_mapped;	/* of !slab|net|table|free */
	atomic_t _pincount;	/* of !slab|net|table|free */
	struct list_head _deferred_list;	/* of anon|file|hugetlb|unref|ptl */
	void *_hugetlb_subpool;	/* of hugetlb|unref|ptl */
};
struct slab {
	struct kmem_cache *slab_cache;	/* of slab|unref|ptl; as slab */
	void *freelist;	/* of slab|unref|ptl; as slab */
	unsigned long counters;	/* of slab|unref|ptl; as slab */
	unsigned int inuse;	/* of slab|unref|ptl; as slab */
	unsigned int objects;	/* of slab|unref|ptl; as slab */
	unsigned long obj_exts;	/* of slab|unref|ptl; as slab */
};
struct ptdesc {
	struct list_head pt_list;	/* of any-table; as ptdesc */
	struct mm_struct *pt_mm;	/* of any-table; as ptdesc */
	pgoff_t pt_index;	/* of any-table; as ptdesc */
	atomic_t pt_frag_refcount;	/* of any-table; as ptdesc */
	pgtable_t pmd_huge_pte;	/* of any-table; as ptdesc */
	spinlock_t ptl;	/* of table|slab|reserved|global|zero|unref|ptl; as ptdesc */
};

// source: include/linux/page-flags.h: slab memory keeps this mark in PG_active, before struct slab had it
// until: 5.17
int PageSlabPfmemalloc(struct page *page /* wants slab */) /* whole-truth: the mark is slab's own */;
void SetPageSlabPfmemalloc(struct page *page /* wants slab */) /* whole-truth: the mark is slab's own */;
void ClearPageSlabPfmemalloc(struct page *page /* wants slab */) /* whole-truth: the mark is slab's own */;
