// Block I/O and iterators. Notation: docs/signatures.md

// source: include/linux/bvec.h
void bvec_set_page(struct bio_vec *bv, struct page *page /* into bv; exact */, unsigned int len, unsigned int offset);
void bvec_set_folio(struct bio_vec *bv, struct folio *folio /* into bv */, unsigned int len, unsigned int offset); // since: 6.3
void bvec_set_virt(struct bio_vec *bv, void *vaddr /* wants linear; into bv */, unsigned int len); // since: 6.3
void *bvec_kmap_local(struct bio_vec *bvec) /* gives in bvec */;
void *bvec_virt(struct bio_vec *bvec) /* gives in bvec */;
phys_addr_t bvec_phys(const struct bio_vec *bvec) /* gives in bvec */; // since: 6.11
struct bio_vec mp_bvec_iter_bvec(struct bio_vec *bvec, struct bvec_iter iter) /* gives same bvec */;
struct page *mp_bvec_iter_page(struct bio_vec *bvec, struct bvec_iter iter) /* gives in bvec */;
struct page *bvec_iter_page(struct bio_vec *bvec, struct bvec_iter iter) /* gives in bvec */;
struct bio_vec bvec_iter_bvec(struct bio_vec *bvec, struct bvec_iter iter) /* gives same bvec */;

// source: include/linux/bio.h, block/bio.c, block/blk-map.c
int bio_add_page(struct bio *bio, struct page *page /* into bio; exact */, unsigned int len, unsigned int off);
void __bio_add_page(struct bio *bio, struct page *page /* into bio; exact */, unsigned int len, unsigned int off);
bool bio_add_folio(struct bio *bio, struct folio *folio /* into bio */, size_t len, size_t off);
void bio_add_folio_nofail(struct bio *bio, struct folio *folio /* into bio */, size_t len, size_t off); // since: 6.5
int bio_add_pc_page(struct request_queue *q, struct bio *bio, struct page *page /* into bio; exact */, unsigned int len, unsigned int off);
int bio_add_zone_append_page(struct bio *bio, struct page *page /* into bio; exact */, unsigned int len, unsigned int off);
struct page *bio_page(struct bio *bio) /* gives in bio */;
void *bio_data(struct bio *bio) /* gives in bio */;
struct bio_vec bio_iovec(struct bio *bio) /* gives same bio */;
struct page *bio_iter_page(struct bio *bio, struct bvec_iter iter) /* gives in bio */;
struct bio_vec bio_iter_iovec(struct bio *bio, struct bvec_iter iter) /* gives same bio */;
struct bio_vec *bio_first_bvec_all(struct bio *bio) /* gives same bio */;
struct page *bio_first_page_all(struct bio *bio) /* gives in bio */;
struct folio *bio_first_folio_all(struct bio *bio) /* gives in bio */; // since: 6.8
struct bio_vec *bio_last_bvec_all(struct bio *bio) /* gives same bio */;
struct bio_vec req_bvec(struct request *rq) /* gives same rq */;
struct bio *bio_alloc_bioset(struct block_device *bdev, unsigned short nr_vecs, blk_opf_t opf, gfp_t gfp_mask, struct bio_set *bs) /* gives none */; // since: 5.18
struct bio *bio_alloc(struct block_device *bdev, unsigned short nr_vecs, blk_opf_t opf, gfp_t gfp_mask) /* gives none */; // since: 5.18
struct bio *bio_kmalloc(unsigned short nr_vecs, gfp_t gfp_mask) /* gives slab */; // since: 5.19
struct bio *bio_alloc_clone(struct block_device *bdev, struct bio *bio_src, gfp_t gfp, struct bio_set *bs) /* gives same bio_src */;
struct bio *bio_split(struct bio *bio, int sectors, gfp_t gfp, struct bio_set *bs) /* gives same bio */;
void bio_free_pages(struct bio *bio /* in wants page-memory */);
int bio_iov_iter_get_pages(struct bio *bio /* merges iter */, struct iov_iter *iter);
void bio_copy_data(struct bio *dst, struct bio *src);
int blk_rq_map_kern(struct request_queue *q, struct request *rq, void *kbuf, unsigned int len, gfp_t gfp_mask);
int blk_rq_map_sg(struct request_queue *q, struct request *rq, struct scatterlist *sglist /* merges rq */);
for_each bio_for_each_segment(struct bio_vec bvl /* merges bio */, struct bio *bio, struct bvec_iter iter);
for_each __bio_for_each_segment(struct bio_vec bvl /* merges bio */, struct bio *bio, struct bvec_iter iter, struct bvec_iter start);
for_each bio_for_each_bvec(struct bio_vec bvl /* merges bio */, struct bio *bio, struct bvec_iter iter);
for_each bio_for_each_segment_all(struct bio_vec *bvl /* merges bio */, struct bio *bio, struct bvec_iter_all iter);
for_each bio_for_each_bvec_all(struct bio_vec *bvl /* merges bio */, struct bio *bio, int i);
for_each for_each_bvec(struct bio_vec bvl /* merges bio_vec */, struct bio_vec *bio_vec, struct bvec_iter iter, struct bvec_iter start);
for_each rq_for_each_segment(struct bio_vec bvl /* merges _rq */, struct request *_rq, struct req_iterator _iter);
for_each rq_for_each_bvec(struct bio_vec bvl /* merges _rq */, struct request *_rq, struct req_iterator _iter);

// source: include/linux/uio.h, lib/iov_iter.c
void iov_iter_bvec(struct iov_iter *i /* merges bvec */, unsigned int direction, const struct bio_vec *bvec, unsigned long nr_segs, size_t count);
void iov_iter_kvec(struct iov_iter *i /* merges kvec */, unsigned int direction, const struct kvec *kvec, unsigned long nr_segs, size_t count);
void iov_iter_xarray(struct iov_iter *i /* merges xarray */, unsigned int direction, struct xarray *xarray, loff_t start, size_t count);
ssize_t iov_iter_get_pages2(struct iov_iter *i, struct page **pages /* merges i; holds file|anon|tail */, size_t maxsize, unsigned maxpages, size_t *start);
ssize_t iov_iter_get_pages_alloc2(struct iov_iter *i, struct page ***pages /* merges i; holds file|anon|tail */, size_t maxsize, size_t *start);
size_t copy_page_to_iter(struct page *page /* exact */, size_t offset, size_t bytes, struct iov_iter *i);
size_t copy_page_from_iter(struct page *page /* exact */, size_t offset, size_t bytes, struct iov_iter *i);
size_t copy_page_from_iter_atomic(struct page *page /* exact */, size_t offset, size_t bytes, struct iov_iter *i);

// source: include/linux/uio.h, lib/iov_iter.c
// since: 6.3
ssize_t iov_iter_extract_pages(struct iov_iter *i, struct page ***pages /* merges i; holds file|anon|tail */, size_t maxsize, unsigned int maxpages, iov_iter_extraction_t extraction_flags, size_t *offset0);

// source: include/linux/buffer_head.h, fs/buffer.c
void set_bh_page(struct buffer_head *bh, struct page *page /* into bh; within */, unsigned long offset); // until: 6.7
void folio_set_bh(struct buffer_head *bh, struct folio *folio /* into bh */, unsigned long offset); // since: 6.5
struct buffer_head *alloc_page_buffers(struct page *page /* wants cached|tail; whole */, unsigned long size, bool retry); // until: 6.11
struct buffer_head *alloc_page_buffers(struct page *page /* wants cached|tail; whole */, unsigned long size); // since: 6.11
struct buffer_head *folio_alloc_buffers(struct folio *folio /* wants cached */, unsigned long size, gfp_t gfp); // since: 6.2
void create_empty_buffers(struct page *page /* wants cached|tail; whole */, unsigned long blocksize, unsigned long b_state); // until: 6.7
struct buffer_head *create_empty_buffers(struct folio *folio /* wants cached */, unsigned long blocksize, unsigned long b_state); // since: 6.7
struct buffer_head *page_buffers(struct page *page /* wants cached|tail; whole */);
bool page_has_buffers(struct page *page /* wants cached|tail; whole */);
bool try_to_free_buffers(struct folio *folio /* wants cached */);
struct buffer_head *folio_buffers(struct folio *folio /* wants cached */);

// source: include/linux/uio.h, lib/iov_iter.c
// until: 6.0
ssize_t iov_iter_get_pages(struct iov_iter *i, struct page **pages /* merges i; holds file|anon|tail */, size_t maxsize, unsigned maxpages, size_t *start);
ssize_t iov_iter_get_pages_alloc(struct iov_iter *i, struct page ***pages /* merges i; holds file|anon|tail */, size_t maxsize, size_t *start);
