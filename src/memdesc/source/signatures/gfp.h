// The page allocator. Notation: docs/signatures.md

// source: include/linux/gfp.h, mm/page_alloc.c
struct page *alloc_pages(gfp_t gfp, unsigned int order /* order of return */) /* gives pages(gfp, order) */;
struct page *alloc_page(gfp_t gfp) /* gives driver; order 0 */;
struct page *alloc_pages_node(int nid, gfp_t gfp_mask, unsigned int order /* order of return */) /* gives pages(gfp_mask, order) */;
struct page *__alloc_pages_node(int nid, gfp_t gfp_mask, unsigned int order /* order of return */) /* gives pages(gfp_mask, order) */;
struct page *__alloc_pages(gfp_t gfp, unsigned int order /* order of return */, int preferred_nid, nodemask_t *nodemask) /* gives pages(gfp, order) */;
struct page *alloc_page_vma(gfp_t gfp, struct vm_area_struct *vma, unsigned long addr) /* gives driver */;
unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order /* order of return */) /* gives pages(gfp_mask, order) */;
unsigned long __get_free_page(gfp_t gfp_mask) /* gives driver; order 0 */;
unsigned long __get_dma_pages(gfp_t gfp_mask, unsigned int order /* order of return */) /* gives pages(gfp_mask, order) */;
unsigned long get_zeroed_page(gfp_t gfp_mask) /* gives driver; order 0 */;
void *alloc_pages_exact(size_t size /* bytes of return */, gfp_t gfp_mask) /* gives exact */;
void *alloc_pages_exact_nid(int nid, size_t size /* bytes of return */, gfp_t gfp_mask) /* gives exact */;
void __free_pages(struct page *page /* frees page-memory; exact */, unsigned int order /* order of page */);
void __free_page(struct page *page /* frees page-memory; exact; order 0 */);
void free_pages(unsigned long addr /* frees page-memory */, unsigned int order /* order of addr */);
void free_page(unsigned long addr /* frees page-memory; order 0 */);
void free_pages_exact(void *virt /* frees exact-memory */, size_t size /* bytes of virt */);
void split_page(struct page *page /* wants !compound; becomes driver from block|noncomp; drops compound; exact */, unsigned int order);
unsigned long alloc_pages_bulk_array(gfp_t gfp, unsigned long nr_pages, struct page **page_array /* holds driver */);
unsigned long alloc_pages_bulk_list(gfp_t gfp, unsigned long nr_pages, struct list_head *list /* holds driver */);
unsigned long alloc_pages_bulk_array_node(gfp_t gfp, int nid, unsigned long nr_pages, struct page **page_array /* holds driver */);
struct page *alloc_contig_pages(unsigned long nr_pages /* pages of return */, gfp_t gfp_mask, int nid, nodemask_t *nodemask) /* gives driver */;
void free_contig_range(unsigned long pfn /* frees contig-memory */, unsigned long nr_pages /* pages of pfn */);
struct page *cma_alloc(struct cma *cma, unsigned long count /* pages of return */, unsigned int align, bool no_warn) /* gives driver */;
bool cma_release(struct cma *cma, const struct page *pages /* frees contig-memory */, unsigned long count /* pages of pages */);


// source: include/linux/gfp.h, include/linux/pagemap.h, mm/filemap.c
struct folio *folio_alloc(gfp_t gfp, unsigned int order) /* gives file|anon */;
struct folio *filemap_alloc_folio(gfp_t gfp, unsigned int order) /* gives file */;
struct page *__page_cache_alloc(gfp_t gfp) /* gives driver */;
struct page *page_cache_alloc(struct address_space *x) /* gives file */; // until: 6.12

// source: mm/mempolicy.c
struct folio *vma_alloc_folio(gfp_t gfp, int order, struct vm_area_struct *vma, unsigned long addr, bool hugepage) /* gives driver */;

// source: include/linux/mm.h, mm/page_alloc.c: before the allocator runs, and after
void free_reserved_page(struct page *page /* frees reserved-memory */) /* whole-truth: what is reserved becomes a page of the allocator before it is freed; unlike __free_page: for what was handed out before the page allocator was up */;
void __free_reserved_page(struct page *page /* frees reserved-memory */) /* unlike __free_page: for what was handed out before the page allocator was up */; // until: 5.9
void mark_page_reserved(struct page *page);
void adjust_managed_page_count(struct page *page, long count);

// source: mm/page_alloc.c, mm/page_frag_cache.c, include/linux/gfp.h
void page_frag_free(void *addr /* frees frag-memory */);
