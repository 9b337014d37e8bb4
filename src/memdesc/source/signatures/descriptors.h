// Descriptors: converters, and which kind keeps what in which word. Notation: docs/signatures.md

// source: mm/slab.h
struct slab *page_slab(const struct page *page /* converts any-slab|tail; as slab */) /* gives head of page */;
struct slab *folio_slab(const struct folio *folio /* converts any-slab; as slab */) /* gives kind of folio */;
struct folio *slab_folio(const struct slab *s) /* gives kind of s */;
struct page *slab_page(const struct slab *s) /* gives kind of s */;
struct slab *virt_to_slab(const void *addr /* wants linear */) /* gives kind of addr & slab */;
void *slab_address(const struct slab *slab) /* gives kind of slab */;
struct kmem_cache *virt_to_cache(const void *obj /* wants linear; converts any-slab */);
unsigned int obj_to_index(const struct kmem_cache *cache, const struct slab *slab, void *obj /* wants linear */);

// source: struct page in include/linux/mm_types.h; the overlays of slab, ptdesc, netmem and zpdesc
struct page {
	struct address_space *mapping;	/* of !slab|tail; whole */
	pgoff_t index;	/* of !slab|tail|net; whole */
	unsigned long private;	/* of !slab|tail|net|table */
	struct list_head lru;	/* of !slab|tail|net|device */
	atomic_t _mapcount;	/* of !slab|table|free|offline|guard */
	unsigned int page_type;	/* of !file|anon|tail|net|slab */
	unsigned long memcg_data;	/* of !slab */
	bool pfmemalloc;	/* of driver|block|noncomp|net|frag|slab|large|unref|ptl */
	unsigned char compound_order;	/* of !file|slab|net|table */
	unsigned long pp_magic;	/* of net|unref|ptl|driver; as netmem */
	struct page_pool *pp;	/* of net|unref|ptl|driver; as netmem */
	unsigned long dma_addr;	/* of net|driver|block|unref|ptl; as netmem */
	atomic_long_t pp_frag_count;	/* of net|driver|unref|ptl; as netmem */
	atomic_long_t pp_ref_count;	/* of net|driver|unref|ptl; as netmem */
	struct kmem_cache *slab_cache;	/* of slab; as slab */
	void *freelist;	/* of slab; as slab */
	unsigned long counters;	/* of slab; as slab */
	unsigned int inuse;	/* of slab; as slab */
	unsigned int objects;	/* of slab; as slab */
	unsigned int frozen;	/* of slab; as slab */
	struct mm_struct *pt_mm;	/* of table|untyped-table|driver|reserved|unref|ptl; as ptdesc */
	atomic_t pt_frag_refcount;	/* of table|untyped-table|driver|reserved|unref|ptl; as ptdesc */
	pgtable_t pmd_huge_pte;	/* of table|untyped-table|driver|reserved|unref|ptl; as ptdesc */
	spinlock_t ptl;	/* of table|untyped-table|driver|reserved|unref|ptl; as ptdesc */
	struct dev_pagemap *pgmap;	/* of device|tail|unref|ptl */
	void *zone_device_data;	/* of device|unref|ptl */
};
