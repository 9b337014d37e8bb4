// DMA: mappings and memory for it. Notation: docs/signatures.md

// source: include/linux/dma-mapping.h, kernel/dma/mapping.c
dma_addr_t dma_map_single(struct device *dev, void *ptr /* wants dma */, size_t size, enum dma_data_direction dir);
dma_addr_t dma_map_single_attrs(struct device *dev, void *ptr /* wants dma */, size_t size, enum dma_data_direction dir, unsigned long attrs);
dma_addr_t dma_map_page(struct device *dev, struct page *page /* exact */, size_t offset, size_t size, enum dma_data_direction dir);
dma_addr_t dma_map_page_attrs(struct device *dev, struct page *page /* exact */, size_t offset, size_t size, enum dma_data_direction dir, unsigned long attrs);

void *dma_alloc_coherent(struct device *dev, size_t size /* bytes of return */, dma_addr_t *dma_handle /* leaves !DMA_MAPPING_ERROR */, gfp_t gfp) /* gives coherent */;
void *dma_alloc_attrs(struct device *dev, size_t size /* bytes of return */, dma_addr_t *dma_handle /* leaves !DMA_MAPPING_ERROR */, gfp_t flag, unsigned long attrs) /* gives coherent */;
void *dmam_alloc_coherent(struct device *dev, size_t size, dma_addr_t *dma_handle /* leaves !DMA_MAPPING_ERROR */, gfp_t gfp) /* gives coherent */;
void *dmam_alloc_attrs(struct device *dev, size_t size, dma_addr_t *dma_handle /* leaves !DMA_MAPPING_ERROR */, gfp_t gfp, unsigned long attrs) /* gives coherent */;
void *dma_alloc_wc(struct device *dev, size_t size, dma_addr_t *dma_addr /* leaves !DMA_MAPPING_ERROR */, gfp_t gfp) /* gives coherent */;
void *dma_zalloc_coherent(struct device *dev, size_t size, dma_addr_t *dma_handle /* leaves !DMA_MAPPING_ERROR */, gfp_t gfp) /* gives coherent */; // until: 5.0
void dma_free_coherent(struct device *dev, size_t size /* bytes of cpu_addr */, void *cpu_addr /* frees coherent-memory */, dma_addr_t dma_handle);
void dma_free_attrs(struct device *dev, size_t size /* bytes of cpu_addr */, void *cpu_addr /* frees coherent-memory */, dma_addr_t dma_handle, unsigned long attrs);
void dmam_free_coherent(struct device *dev, size_t size, void *vaddr /* frees coherent-memory */, dma_addr_t dma_handle);
void dma_free_wc(struct device *dev, size_t size, void *cpu_addr /* frees coherent-memory */, dma_addr_t dma_addr);
int dma_mmap_coherent(struct device *dev, struct vm_area_struct *vma, void *cpu_addr /* wants coherent */, dma_addr_t dma_addr, size_t size);
int dma_mmap_attrs(struct device *dev, struct vm_area_struct *vma, void *cpu_addr /* wants coherent */, dma_addr_t dma_addr, size_t size, unsigned long attrs);
int dma_mmap_wc(struct device *dev, struct vm_area_struct *vma, void *cpu_addr /* wants coherent */, dma_addr_t dma_addr, size_t size);
struct page *dma_alloc_pages(struct device *dev, size_t size /* bytes of return */, dma_addr_t *dma_handle /* leaves !DMA_MAPPING_ERROR */, enum dma_data_direction dir, gfp_t gfp) /* gives driver */;
void dma_free_pages(struct device *dev, size_t size /* bytes of page */, struct page *page /* frees page-memory */, dma_addr_t dma_handle, enum dma_data_direction dir);
void *dma_alloc_noncoherent(struct device *dev, size_t size /* bytes of return */, dma_addr_t *dma_handle /* leaves !DMA_MAPPING_ERROR */, enum dma_data_direction dir, gfp_t gfp) /* gives driver */;
void dma_free_noncoherent(struct device *dev, size_t size /* bytes of vaddr */, void *vaddr /* frees page-memory */, dma_addr_t dma_handle, enum dma_data_direction dir);

// source: include/linux/dmapool.h, mm/dmapool.c
void *dma_pool_alloc(struct dma_pool *pool, gfp_t mem_flags, dma_addr_t *handle) /* gives coherent */;
void *dma_pool_zalloc(struct dma_pool *pool, gfp_t mem_flags, dma_addr_t *handle) /* gives coherent */;
void dma_pool_free(struct dma_pool *pool, void *vaddr /* frees coherent-memory */, dma_addr_t addr);

// source: include/linux/dma-map-ops.h, kernel/dma/contiguous.c
struct page *dma_alloc_from_contiguous(struct device *dev, size_t count, unsigned int order, bool no_warn) /* gives driver */;
bool dma_release_from_contiguous(struct device *dev, struct page *pages /* frees page-memory */, int count);
struct page *dma_alloc_contiguous(struct device *dev, size_t size, gfp_t gfp) /* gives driver */;

// source: drivers/virtio/virtio_ring.c: buffers come by scatterlist
int virtqueue_add_sgs(struct virtqueue *vq, struct scatterlist *sgs[], unsigned int out_sgs, unsigned int in_sgs, void *data, gfp_t gfp);
int virtqueue_add_outbuf(struct virtqueue *vq, struct scatterlist *sg, unsigned int num, void *data, gfp_t gfp);
int virtqueue_add_inbuf(struct virtqueue *vq, struct scatterlist *sg, unsigned int num, void *data, gfp_t gfp);

// source: include/linux/pci-dma-compat.h, include/linux/dma-mapping.h: older names
// until: 5.18
void *pci_alloc_consistent(struct pci_dev *hwdev, size_t size /* bytes of return */, dma_addr_t *dma_handle) /* gives coherent */;
void *pci_zalloc_consistent(struct pci_dev *hwdev, size_t size, dma_addr_t *dma_handle) /* gives coherent */;
void pci_free_consistent(struct pci_dev *hwdev, size_t size /* bytes of vaddr */, void *vaddr /* frees coherent-memory */, dma_addr_t dma_handle);
dma_addr_t pci_map_page(struct pci_dev *hwdev, struct page *page /* exact */, unsigned long offset, size_t size, int direction);
void *dma_alloc_writecombine(struct device *dev, size_t size, dma_addr_t *dma_addr /* leaves !DMA_MAPPING_ERROR */, gfp_t gfp) /* gives coherent */;
void dma_free_writecombine(struct device *dev, size_t size, void *cpu_addr /* frees coherent-memory */, dma_addr_t dma_addr);
dma_addr_t pci_map_single(struct pci_dev *hwdev, void *ptr /* wants dma */, size_t size, int direction);
// source: include/linux/dma-mapping.h, kernel/dma/mapping.c: to be used with the DMA address that it has
// since: 5.13
void *dma_vmap_noncontiguous(struct device *dev, size_t size, struct sg_table *sgt) /* gives coherent */;
void dma_vunmap_noncontiguous(struct device *dev, void *vaddr /* frees coherent-memory */);
