// Pages for IOMMUs. Notation: docs/signatures.md

// source: drivers/iommu/iommu-pages.h
// since: 6.11
struct page *__iommu_alloc_pages(gfp_t gfp, int order) /* gives iommu */;
void __iommu_free_pages(struct page *page /* frees iommu-memory */, int order);
void *iommu_alloc_pages_node(int nid, gfp_t gfp, int order /* order of return */) /* gives iommu */;
void *iommu_alloc_pages(gfp_t gfp, int order /* order of return */) /* gives iommu */;
void *iommu_alloc_page_node(int nid, gfp_t gfp) /* gives iommu */;
void *iommu_alloc_page(gfp_t gfp) /* gives iommu */;
void iommu_free_pages(void *virt /* frees iommu-memory */, int order /* order of virt */);
void iommu_free_page(void *virt /* frees iommu-memory */);
void iommu_put_pages_list(struct list_head *page);
