// Pages: allocation, references, locks, mapping. Notation: docs/signatures.md

// source: include/linux/gfp.h
struct page *alloc_pages(gfp_t gfp, unsigned int order) /* gives pages(gfp, order) */;
struct page *alloc_page(gfp_t gfp) /* gives driver */;
unsigned long __get_free_pages(gfp_t gfp, unsigned int order) /* gives pages(gfp, order) */;
unsigned long __get_free_page(gfp_t gfp) /* gives driver */;
unsigned long get_zeroed_page(gfp_t gfp) /* gives driver */;
void *alloc_pages_exact(size_t size, gfp_t gfp) /* gives exact */;
void free_pages_exact(void *virt /* frees exact */, size_t size);
void __free_pages(struct page *page /* frees driver|block|unref */, unsigned int order);
void __free_page(struct page *page /* frees driver|block|unref */);
void free_pages(unsigned long addr /* frees driver|block */, unsigned int order);
void free_page(unsigned long addr /* frees driver|block */);

// source: include/linux/mm.h
void put_page(struct page *page /* wants file|anon|tail|driver|block|frag|device|hugetlb|movable|reserved|exact|coherent|zero|ptl|zsmalloc */);
void get_page(struct page *page /* wants refcounted; drops unref|ptl */);
bool get_page_unless_zero(struct page *page /* drops unref|ptl */);
bool try_get_page(struct page *page /* wants refcounted; drops unref|ptl */);
struct page *compound_head(struct page *page) /* gives head of page */;
struct page *virt_to_page(const void *addr /* wants linear */) /* gives kind of addr */;
struct page *virt_to_head_page(const void *addr /* wants linear */) /* gives head of addr */;
void *page_address(const struct page *page) /* gives kind of page */;
int page_count(struct page *page /* true !noncomp|unref */);
bool is_vmalloc_addr(const void *addr /* true vmalloc; false !vmalloc */);
phys_addr_t virt_to_phys(volatile void *addr /* wants linear */) /* gives kind of addr */;
struct page *pfn_to_page(unsigned long pfn) /* gives kind of pfn */;
unsigned long page_to_pfn(struct page *page /* exact */) /* gives kind of page */;
int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn /* wants mappable */, unsigned long size, pgprot_t prot);
int get_user_pages_fast(unsigned long start, int nr, unsigned int flags, struct page **pages /* holds file|anon|tail|driver|device */);
bool PageSlab(struct page *page /* true slab; false !slab */);
bool PageHead(struct page *page /* true !tail */);
bool PageTail(struct page *page /* true tail|noncomp; false !tail */);

// source: include/linux/page-flags.h, struct page in include/linux/mm_types.h
struct page {
	unsigned long memcg_data;	/* of !slab */
	struct address_space *mapping;	/* of file|anon|device|movable|ptl|driver; whole */
	bool pfmemalloc;		/* of driver|net|frag|slab */
};

// source: include/linux/mm.h
struct folio *page_folio(struct page *page) /* gives head of page */;
void folio_get(struct folio *folio /* wants refcounted; drops unref|ptl */);
void pte_unmap_unlock(pte_t *pte, spinlock_t *ptl) /* ends ptl */;
struct page *pte_page(pte_t pte) /* gives ptl */;
void folio_wait_writeback(struct folio *folio /* wants !unref */);

// source: include/linux/net.h, net/socket.c
bool sendpage_ok(struct page *page /* true sendable; false any */);
int kernel_sendpage(struct socket *sock, struct page *page /* wants sendable */, int offset, size_t size, int flags);
ssize_t proto_ops.sendpage(struct socket *sock, struct page *page /* wants sendable */, int offset, size_t size, int flags);
int sock_sendmsg(struct socket *sock, struct msghdr *msg /* in wants sendable when msg has MSG_SPLICE_PAGES */);

// source: include/linux/bvec.h, include/linux/scatterlist.h, include/linux/bio.h
struct bio_vec { struct page *bv_page; /* element */ };
void bvec_set_page(struct bio_vec *bv, struct page *page /* into bv */, unsigned int len, unsigned int offset);
void iov_iter_bvec(struct iov_iter *i, unsigned int direction, const struct bio_vec *bvec /* merges i */, unsigned long nr_segs, size_t count);
void sg_set_page(struct scatterlist *sg, struct page *page /* into sg */, unsigned int len, unsigned int offset);
void sg_init_one(struct scatterlist *sg, const void *buf /* wants linear; into sg */, unsigned int buflen);
void sg_set_buf(struct scatterlist *sg, const void *buf /* wants linear; into sg */, unsigned int buflen);
struct page *sg_page(struct scatterlist *sg) /* gives in sg */;
struct scatterlist *sg_next(struct scatterlist *sg) /* gives same sg */;
int bio_add_page(struct bio *bio, struct page *page /* into bio */, unsigned int len, unsigned int off);
for_each bio_for_each_segment(struct bio_vec bv /* merges bio */, struct bio *bio, struct bvec_iter iter);

// source: include/linux/slab.h, include/linux/vmalloc.h, mm/util.c
void *kmalloc(size_t size, gfp_t flags) /* gives slab */;
void *kzalloc(size_t size, gfp_t flags) /* gives slab */;
void *kvmalloc(size_t size, gfp_t flags) /* gives slab|vmalloc */;
void *vmalloc(unsigned long size) /* gives vmalloc */;
void kfree(const void *obj /* frees slab|large */);
void kvfree(const void *addr /* frees slab|large|vmalloc */);
void vfree(const void *addr /* frees vmalloc */);

// source: include/linux/mm.h, page table constructors
bool pgtable_pte_page_ctor(struct page *page /* becomes table from driver|untyped-table */);
void pgtable_pte_page_dtor(struct page *page /* becomes driver from table; as ptdesc */);
struct ptdesc *pagetable_alloc(gfp_t gfp, unsigned int order) /* gives untyped-table */;

// source: include/crypto/hash.h
void ahash_request_set_crypt(struct ahash_request *req, struct scatterlist *src, u8 *result /* into ahash_request.result */, unsigned int nbytes);

// source: arch/*/include/asm/bug.h
void BUG(void) /* noreturn */;
