// Allocations with a name of their own. Notation: docs/signatures.md

// source: kernel/bpf/syscall.c, include/linux/bpf.h: slab or vmalloc by size
void *bpf_map_area_alloc(u64 size, int numa_node) /* gives slab|vmalloc */;
void *bpf_map_area_mmapable_alloc(u64 size, int numa_node) /* gives vmalloc */;
void bpf_map_area_free(void *base /* frees kvmalloc-memory */);

// source: include/linux/mempool.h, mm/mempool.c: elements of the pool's own allocator
void *mempool_alloc_slab(gfp_t gfp_mask, void *pool_data) /* gives slab */;
void *mempool_kmalloc(gfp_t gfp_mask, void *pool_data) /* gives slab */;
void *mempool_alloc_pages(gfp_t gfp_mask, void *pool_data) /* gives driver */;
void mempool_free_slab(void *element /* frees slab-object */, void *pool_data);
void mempool_kfree(void *element /* frees kmalloc-memory */, void *pool_data);
// source: virt/kvm/kvm_main.c: what the cache's own allocator gave
void *kvm_mmu_memory_cache_alloc(struct kvm_mmu_memory_cache *mc) /* gives none */;
// source: include/linux/mempool.h, mm/mempool.c: elements of the pool's own allocator
void mempool_free_pages(void *element /* frees page-memory */, void *pool_data);

// source: sound/core/memalloc.c, include/drm/drm_gem.h, drivers/gpu/drm/drm_gem.c, drivers/gpu/drm/drm_prime.c
struct page *snd_sgbuf_get_page(struct snd_dma_buffer *dmab, size_t offset);
struct page **drm_gem_get_pages(struct drm_gem_object *obj) /* holds file */;
void drm_gem_put_pages(struct drm_gem_object *obj, struct page **pages /* in wants puttable */, bool dirty, bool accessed);
struct sg_table *drm_prime_pages_to_sg(struct drm_device *dev, struct page **pages, unsigned int nr_pages);


// source: include/linux/nfs_fs.h, fs/nfs/nfs3acl.c, net/sunrpc/svc_xprt.c, include/linux/sunrpc/svc.h
void svc_rqst_replace_page(struct svc_rqst *rqstp, struct page *page /* wants puttable */);
