// Scatterlists. Notation: docs/signatures.md

// source: include/linux/scatterlist.h, lib/scatterlist.c
void sg_set_page(struct scatterlist *sg, struct page *page /* into sg; exact */, unsigned int len, unsigned int offset);
void sg_assign_page(struct scatterlist *sg, struct page *page /* into sg; exact */);
void sg_set_buf(struct scatterlist *sg, const void *buf /* wants linear; into sg */, unsigned int buflen);
void sg_init_one(struct scatterlist *sg, const void *buf /* wants linear; into sg */, unsigned int buflen);
struct page *sg_page(struct scatterlist *sg) /* gives in sg */;
void *sg_virt(struct scatterlist *sg) /* gives in sg */;
phys_addr_t sg_phys(struct scatterlist *sg) /* gives in sg */;
struct scatterlist *sg_next(struct scatterlist *sg) /* gives same sg */;
struct scatterlist *sg_last(struct scatterlist *sgl, unsigned int nents) /* gives same sgl */;
struct scatterlist *sg_chain_ptr(struct scatterlist *sg) /* gives same sg */;
void sg_chain(struct scatterlist *prv /* merges sgl */, unsigned int prv_nents, struct scatterlist *sgl);
void sg_init_table(struct scatterlist *sgl, unsigned int nents);
struct page *sg_page_iter_page(struct sg_page_iter *piter) /* gives in piter */;
void __sg_page_iter_start(struct sg_page_iter *piter /* merges sglist */, struct scatterlist *sglist, unsigned int nents, unsigned long pgoffset);
void sg_miter_start(struct sg_mapping_iter *miter /* merges sgl */, struct scatterlist *sgl, unsigned int nents, unsigned int flags);
int sg_alloc_table_from_pages(struct sg_table *sgt /* merges pages */, struct page **pages, unsigned int n_pages, unsigned int offset, unsigned long size, gfp_t gfp_mask);
int sg_alloc_table_from_pages_segment(struct sg_table *sgt /* merges pages */, struct page **pages, unsigned int n_pages, unsigned int offset, unsigned long size, unsigned int max_segment, gfp_t gfp_mask);
int sg_alloc_append_table_from_pages(struct sg_append_table *sgt /* merges pages */, struct page **pages, unsigned int n_pages, unsigned int offset, unsigned long size, unsigned int max_segment, unsigned int left_pages, gfp_t gfp_mask);
struct scatterlist *sgl_alloc_order(unsigned long long length, unsigned int order, bool chainable, gfp_t gfp, unsigned int *nent_p) /* holds driver */;
struct scatterlist *sgl_alloc(unsigned long long length, gfp_t gfp, unsigned int *nent_p) /* holds driver */;
void sgl_free(struct scatterlist *sgl /* in wants page-memory */);
void sgl_free_order(struct scatterlist *sgl /* in wants page-memory */, int order);
for_each for_each_sg(struct scatterlist *sglist, struct scatterlist *sg /* merges sglist */, unsigned int nr, int i);
for_each for_each_sgtable_sg(struct sg_table *sgt, struct scatterlist *sg /* merges sgt */, int i);
for_each for_each_sgtable_dma_sg(struct sg_table *sgt, struct scatterlist *sg /* merges sgt */, int i);
for_each for_each_sg_page(struct scatterlist *sglist, struct sg_page_iter *piter /* merges sglist */, unsigned int nents, unsigned int pgoffset);
for_each for_each_sgtable_page(struct sg_table *sgt, struct sg_page_iter *piter /* merges sgt */, unsigned int pgoffset);

// source: include/crypto/scatterwalk.h
void scatterwalk_start(struct scatter_walk *walk /* merges sg */, struct scatterlist *sg);
struct page *scatterwalk_page(struct scatter_walk *walk) /* gives in walk */;
struct scatterlist *scatterwalk_ffwd(struct scatterlist *dst /* merges src */, struct scatterlist *src, unsigned int len) /* gives same src */;
void scatterwalk_crypto_chain(struct scatterlist *head /* merges sg */, struct scatterlist *sg, int num);
