// Pages of a page_pool. Notation: docs/signatures.md

// source: include/net/page_pool.h, net/core/page_pool.c, include/net/page_pool/helpers.h
struct page *page_pool_alloc_pages(struct page_pool *pool, gfp_t gfp) /* gives net; as netmem */;
struct page *page_pool_dev_alloc_pages(struct page_pool *pool) /* gives net; as netmem */;
struct page *page_pool_alloc_frag(struct page_pool *pool, unsigned int *offset, unsigned int size, gfp_t gfp) /* gives net; as netmem */;
struct page *page_pool_dev_alloc_frag(struct page_pool *pool, unsigned int *offset, unsigned int size) /* gives net; as netmem */;
void page_pool_put_page(struct page_pool *pool, struct page *page /* wants pooled; as netmem */, unsigned int dma_sync_size, bool allow_direct);
void page_pool_put_full_page(struct page_pool *pool, struct page *page /* wants pooled; as netmem */, bool allow_direct);
void page_pool_recycle_direct(struct page_pool *pool, struct page *page /* wants pooled; as netmem */);
void page_pool_put_page_bulk(struct page_pool *pool, void **data, int count);
dma_addr_t page_pool_get_dma_addr(const struct page *page /* wants pooled; as netmem */);
void page_pool_set_dma_addr(struct page *page /* wants pooled|driver; becomes net from driver; as netmem */, dma_addr_t addr);
void page_pool_fragment_page(struct page *page /* wants pooled; as netmem */, long nr);

// source: include/net/page_pool.h, net/core/skbuff.c
// until: 6.7
bool page_pool_return_skb_page(struct page *page /* true net|unref; false !net */);
void page_pool_release_page(struct page_pool *pool, struct page *page /* becomes driver from net; sets pp_recycle; wants pooled; as netmem */);
long page_pool_defrag_page(struct page *page /* wants pooled; as netmem */, long nr);
void page_pool_put_defragged_page(struct page_pool *pool, struct page *page /* wants pooled; as netmem */, unsigned int dma_sync_size, bool allow_direct);

// source: include/net/page_pool/helpers.h, include/net/netmem.h, net/core/page_pool.c
// since: 6.8
struct page *page_pool_alloc(struct page_pool *pool, unsigned int *offset, unsigned int *size, gfp_t gfp) /* gives net; as netmem */;
struct page *page_pool_dev_alloc(struct page_pool *pool, unsigned int *offset, unsigned int *size) /* gives net; as netmem */;
void *page_pool_alloc_va(struct page_pool *pool, unsigned int *size, gfp_t gfp) /* gives net */;
void *page_pool_dev_alloc_va(struct page_pool *pool, unsigned int *size) /* gives net */;
void page_pool_free_va(struct page_pool *pool, void *va /* frees pooled */, bool allow_direct);
void page_pool_ref_page(struct page *page /* wants pooled; as netmem */);
long page_pool_unref_page(struct page *page /* wants pooled; as netmem */, long nr);
void page_pool_put_unrefed_page(struct page_pool *pool, struct page *page /* wants pooled; as netmem */, unsigned int dma_sync_size, bool allow_direct);
void page_pool_dma_sync_for_cpu(const struct page_pool *pool, const struct page *page /* wants pooled; as netmem */, u32 offset, u32 dma_sync_size);

// source: include/net/netmem.h, include/net/page_pool/helpers.h, net/core/page_pool.c
// since: 6.12
netmem_ref page_pool_alloc_netmems(struct page_pool *pool, gfp_t gfp) /* gives net */;
netmem_ref page_pool_alloc_frag_netmem(struct page_pool *pool, unsigned int *offset, unsigned int size, gfp_t gfp) /* gives net */;
void page_pool_put_netmem(struct page_pool *pool, netmem_ref netmem /* wants pooled */, unsigned int dma_sync_size, bool allow_direct);
void page_pool_put_full_netmem(struct page_pool *pool, netmem_ref netmem /* wants pooled */, bool allow_direct);
void page_pool_put_unrefed_netmem(struct page_pool *pool, netmem_ref netmem /* wants pooled */, unsigned int dma_sync_size, bool allow_direct);
dma_addr_t page_pool_get_dma_addr_netmem(netmem_ref netmem /* wants pooled */);
void page_pool_ref_netmem(netmem_ref netmem /* wants pooled */);
long page_pool_unref_netmem(netmem_ref netmem /* wants pooled */, long nr);
netmem_ref page_to_netmem(struct page *page) /* gives kind of page */;
struct page *netmem_to_page(netmem_ref netmem) /* gives kind of netmem */;
void *netmem_address(netmem_ref netmem) /* gives kind of netmem */;
netmem_ref netmem_compound_head(netmem_ref netmem) /* gives head of netmem */;
int netmem_ref_count(netmem_ref netmem);
