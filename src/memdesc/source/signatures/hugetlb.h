// Huge pages, device memory, memory failure. Notation: docs/signatures.md

// source: mm/hugetlb.c, include/linux/hugetlb.h
// until: 6.5
struct page *alloc_huge_page(struct vm_area_struct *vma, unsigned long addr, int avoid_reserve) /* gives hugetlb */;
struct page *alloc_huge_page_nodemask(struct hstate *h, int preferred_nid, nodemask_t *nmask, gfp_t gfp_mask) /* gives hugetlb */;
struct page *alloc_huge_page_vma(struct hstate *h, struct vm_area_struct *vma, unsigned long address) /* gives hugetlb */;
struct hstate *page_hstate(struct page *page /* wants head; whole */);
struct hugepage_subpool *hugetlb_page_subpool(struct page *hpage /* wants head; whole */);

// source: mm/hugetlb.c, include/linux/hugetlb.h
struct hstate *folio_hstate(struct folio *folio /* wants head */);
void free_huge_folio(struct folio *folio /* wants head */); // since: 6.6
struct folio *alloc_hugetlb_folio(struct vm_area_struct *vma, unsigned long addr, int avoid_reserve) /* gives hugetlb */; // since: 6.3

// source: mm/hugetlb.c, include/linux/mm.h: the destructor is what tells a huge page
// until: 6.6
void set_compound_page_dtor(struct page *page /* becomes hugetlb from driver|block when compound_dtor is HUGETLB_PAGE_DTOR */, enum compound_dtor_id compound_dtor);

// source: mm/hugetlb.c, include/linux/mm.h
void folio_set_compound_dtor(struct folio *folio /* becomes hugetlb from driver|block when compound_dtor is HUGETLB_PAGE_DTOR */, enum compound_dtor_id compound_dtor); // since: 6.2, until: 6.6

// source: include/linux/memremap.h, mm/memremap.c, include/linux/mm.h
bool pgmap_pfn_valid(struct dev_pagemap *pgmap, unsigned long pfn);
struct dev_pagemap *get_dev_pagemap(unsigned long pfn, struct dev_pagemap *pgmap);
void zone_device_page_init(struct page *page /* exact */) /* whole-truth: the page becomes one of ZONE_DEVICE in it */;
unsigned long memremap_compat_align(void);

// source: mm/memory-failure.c, include/linux/mm.h
int memory_failure(unsigned long pfn, int flags);
void shake_page(struct page *page /* within */); // until: 6.10
int unpoison_memory(unsigned long pfn);

// source: mm/balloon_compaction.c, include/linux/balloon_compaction.h
struct page *balloon_page_alloc(void) /* gives driver */;
void balloon_page_enqueue(struct balloon_dev_info *b_dev_info, struct page *page /* becomes movable from driver */);
struct page *balloon_page_dequeue(struct balloon_dev_info *b_dev_info) /* gives driver */;

// source: mm/zpool.c, mm/z3fold.c, mm/zbud.c: pages of their own
struct dev_pagemap *page_pgmap(const struct page *page /* wants device|tail|unref|ptl */); // since: 6.13

// source: mm/swap.c, mm/mlock.c before folios
// until: 5.18
void mlock_vma_page(struct page *page /* wants head; whole */);
unsigned int munlock_vma_page(struct page *page /* wants head; whole */);
int page_referenced(struct page *page /* wants rmappable; wants head; whole */, int is_locked, struct mem_cgroup *memcg, unsigned long *vm_flags);
int page_mkclean(struct page *page /* wants rmappable; wants head; whole */);
void clear_page_mlock(struct page *page /* wants head; whole */);
struct anon_vma *page_lock_anon_vma_read(struct page *page /* wants rmappable; whole */);

// source: virt/kvm/kvm_main.c, include/linux/kvm_host.h
// until: 6.13
struct page *gfn_to_page(struct kvm *kvm, gfn_t gfn) /* gives file|anon|tail|device */;
kvm_pfn_t gfn_to_pfn(struct kvm *kvm, gfn_t gfn);
void kvm_release_page_clean(struct page *page /* wants puttable */);
void kvm_release_page_dirty(struct page *page /* wants puttable */);
