// References, heads and tails, addresses and frame numbers. Notation: docs/signatures.md

// source: include/linux/mm.h, mm/swap.c
void get_page(struct page *page /* wants refcounted; drops unref|ptl|pinned; newyork wants described-count */);
bool try_get_page(struct page *page /* wants refcounted; drops unref|ptl|pinned; newyork wants described-count */);
bool get_page_unless_zero(struct page *page /* true puttable|slab|large; drops unref|ptl|tail; newyork wants described-count */); // until: 6.14
bool get_page_unless_zero(struct page *page /* true puttable; drops unref|ptl|tail; newyork wants described-count */); // since: 6.14
void put_page(struct page *page /* wants puttable; wants unpinned; newyork wants described-count */);
bool put_page_testzero(struct page *page /* wants puttable|net; newyork wants page-counted */);
void put_pages_list(struct list_head *pages);
void release_pages(struct page **pages /* in wants puttable; in wants unpinned */, int nr);
void page_cache_release(struct page *page /* wants puttable */); // until: 4.6
int page_count(const struct page *page /* true !noncomp|unref */);

// source: include/linux/page_ref.h
int page_ref_count(const struct page *page /* true !noncomp|unref; newyork wants page-counted */);
void set_page_count(struct page *page /* newyork wants page-counted */, int v);
void init_page_count(struct page *page /* newyork wants page-counted */);
void page_ref_add(struct page *page /* wants refcounted; drops unref|ptl; newyork wants page-counted */, int nr);
void page_ref_sub(struct page *page /* newyork wants page-counted */, int nr);
void page_ref_inc(struct page *page /* wants refcounted; drops unref|ptl; newyork wants page-counted */);
void page_ref_dec(struct page *page /* newyork wants page-counted */);
int page_ref_sub_and_test(struct page *page /* newyork wants page-counted */, int nr);
int page_ref_dec_and_test(struct page *page /* newyork wants page-counted */);
int page_ref_inc_return(struct page *page /* wants refcounted; newyork wants page-counted */);
int page_ref_dec_return(struct page *page /* newyork wants page-counted */);
bool page_ref_add_unless(struct page *page /* drops unref|ptl|tail; newyork wants page-counted */, int nr, int u);
int page_ref_freeze(struct page *page /* whole; newyork wants page-counted */, int count);
void page_ref_unfreeze(struct page *page /* whole; newyork wants page-counted */, int count);

// source: include/linux/page-flags.h, include/linux/mm.h
struct page *compound_head(struct page *page /* within; newyork wants bare */) /* gives head of page */;
struct page *nth_page(struct page *page, unsigned long n) /* gives kind of page */;
struct page *virt_to_page(const void *kaddr /* wants linear */) /* gives kind of kaddr */;
struct page *virt_to_head_page(const void *x /* wants linear */) /* gives head of x */;
struct page *lm_alias(const void *x) /* gives none */;
void *page_address(const struct page *page /* address */) /* gives kind of page */;
void *lowmem_page_address(const struct page *page /* address */) /* gives kind of page */;
void *page_to_virt(const struct page *x /* address */) /* gives kind of x */;
// A block without __GFP_COMP keeps its order nowhere: these take its first page for a single one.
unsigned int compound_order(struct page *page /* wants !block; whole */);
unsigned long compound_nr(struct page *page /* wants !block; whole */);
unsigned long page_size(struct page *page /* wants !block; whole */);
unsigned int page_shift(struct page *page /* wants !block; whole */);
void prep_compound_page(struct page *page, unsigned int order);

// source: include/linux/mm.h, include/linux/huge_mm.h
// until: 6.12
int thp_order(struct page *page /* whole */);
int thp_nr_pages(struct page *page /* whole */);
unsigned long thp_size(struct page *page /* whole */);

// source: include/asm-generic/memory_model.h, include/linux/memory_hotplug.h, mm/memory_hotplug.c
struct page *pfn_to_page(unsigned long pfn) /* gives kind of pfn */; // until: 5.17
struct page *pfn_to_page(unsigned long pfn) /* gives kind of pfn */; // since: 5.18

// source: memory_failure_dev_pagemap(), mm/memory-failure.c: compound device pages came with 5.17, and the users of
// their frame numbers that took each for a head were mended in it
struct page *pfn_to_page(unsigned long pfn) /* gives kind of pfn or tail */; // since: 5.17, until: 5.18

unsigned long page_to_pfn(const struct page *page /* exact */) /* gives kind of page */;
struct page *pfn_to_online_page(unsigned long pfn) /* gives kind of pfn or file|anon|tail|slab|large|net|table|zsmalloc|driver|free|reserved|offline|movable|hugetlb|unref */;
struct folio *pfn_folio(unsigned long pfn) /* gives head of pfn */;
struct page *pfn_swap_entry_to_page(swp_entry_t entry) /* gives kind of entry or anon|file|tail|device|ptl */;
struct folio *pfn_swap_entry_folio(swp_entry_t entry) /* gives kind of entry & !tail or anon|file|device|ptl */; // since: 6.9
swp_entry_t pte_to_swp_entry(pte_t pte) /* gives anon|file|tail|device|ptl */;
swp_entry_t pmd_to_swp_entry(pmd_t pmd) /* gives anon|file|device|ptl */;
bool is_device_private_entry(swp_entry_t entry /* true device|ptl; false !device */);
bool is_device_exclusive_entry(swp_entry_t entry /* true !device */);
bool is_migration_entry(swp_entry_t entry /* true !device */);
struct page *phys_to_page(phys_addr_t phys) /* gives kind of phys */;
phys_addr_t page_to_phys(const struct page *page /* exact */) /* gives kind of page */;
phys_addr_t virt_to_phys(volatile void *address /* wants linear */) /* gives kind of address */;
void *phys_to_virt(phys_addr_t address) /* gives kind of address */;
unsigned long virt_to_pfn(const void *kaddr /* wants linear */) /* gives kind of kaddr */;
void *pfn_to_virt(unsigned long pfn) /* gives kind of pfn */;
void *pfn_to_kaddr(unsigned long pfn) /* gives kind of pfn */;
phys_addr_t pfn_to_phys(unsigned long pfn) /* gives kind of pfn */;
phys_addr_t __pfn_to_phys(unsigned long pfn) /* gives kind of pfn */;
unsigned long __phys_to_pfn(phys_addr_t paddr) /* gives kind of paddr */;
unsigned long PFN_DOWN(phys_addr_t x) /* gives kind of x */;
unsigned long PHYS_PFN(phys_addr_t x) /* gives kind of x */;
unsigned long __pa(const void *x /* wants linear */) /* gives kind of x */;
void *__va(phys_addr_t x) /* gives kind of x */;
unsigned long __virt_to_phys(unsigned long x /* wants linear */) /* gives kind of x */;
unsigned long PFN_PHYS(unsigned long x) /* gives kind of x */;
unsigned long virt_to_bus(void *address /* wants linear */) /* gives kind of address */;
dma_addr_t virt_to_gfn(const void *v /* wants linear */) /* gives kind of v */;
phys_addr_t __pa_symbol(const void *x) /* gives global */;
bool virt_addr_valid(const void *kaddr /* true !vmalloc|stack|io|percpu|user|coherent|global|zsmalloc; false any */);
bool is_zero_pfn(unsigned long pfn /* true zero */);
bool is_zero_page(const struct page *page /* true zero; false !zero */);
struct page *ZERO_PAGE(unsigned long vaddr) /* gives zero */;
int object_is_on_stack(const void *obj /* true stack|vmalloc; false !stack */);

// source: include/linux/mm.h: what a mapped or tail page is
void set_page_private(struct page *page /* keeps ->private|tail */, unsigned long private);
unsigned long page_private(const struct page *page /* keeps ->private|tail */);
int page_mapcount(struct page *page /* wants rmappable; exact */); // until: 6.11
int total_mapcount(const struct page *page /* wants rmappable; within */); // until: 6.10
bool page_mapped(const struct page *page /* wants rmappable; within */);
bool page_has_type(const struct page *page /* true slab|large|table|installed-table|zsmalloc|free|offline|guard|hugetlb|movable|untyped-table; false !slab|large|table|free|offline|guard */);
struct address_space *page_mapping(struct page *page /* wants cached|tail|net|zsmalloc; within */); // until: 6.11
struct address_space *page_file_mapping(struct page *page /* wants cached|tail; within */) /* unlike page_mapping: page_mapping() has an answer for pages of other owners */;
struct anon_vma *page_anon_vma(struct page *page /* wants cached|tail; within */); // until: 5.18
pgoff_t page_index(struct page *page /* keeps ->index|tail; whole */); // until: 6.11
bool page_is_pfmemalloc(const struct page *page) /* whole-truth: asked of a page fresh from the allocator, whatever it is to be */;
void set_page_pfmemalloc(struct page *page);
bool page_is_secretmem(struct page *page /* wants cached|tail */); // until: 6.6
void *page_rmapping(struct page *page /* wants cached|tail; within */); // until: 6.10
bool page_maybe_dma_pinned(struct page *page /* within */); // until: 6.10
int page_to_nid(const struct page *page);
struct zone *page_zone(const struct page *page);
struct pglist_data *page_pgdat(const struct page *page);
int page_zone_id(struct page *page);

// source: include/linux/mm.h, mm/page-writeback.c
bool set_page_dirty(struct page *page /* wants cached|tail|zsmalloc|unref; within */);
int set_page_dirty_lock(struct page *page /* wants cached|tail|zsmalloc|unref; within */);
int __set_page_dirty_nobuffers(struct page *page /* wants cached|tail|unref; within */); // until: 6.12
void clear_page_dirty_for_io(struct page *page /* wants cached|tail|unref; within */);
bool redirty_page_for_writepage(struct writeback_control *wbc, struct page *page /* wants cached|tail; within */);
void cancel_dirty_page(struct page *page /* wants cached|tail; within */); // until: 5.16
void account_page_redirty(struct page *page /* wants cached|tail; within */); // until: 6.5
bool set_page_writeback(struct page *page /* wants cached|tail; within */);
bool set_page_writeback_keepwrite(struct page *page /* wants cached|tail; within */); // until: 6.9
void end_page_writeback(struct page *page /* wants cached|tail; within */); // since: 5.16
void wait_on_page_writeback(struct page *page /* wants cached|tail; wants stable; within */); // since: 5.16
void wait_for_stable_page(struct page *page /* wants cached|tail; wants stable; within */);

// source: mm/page-writeback.c before folios
// until: 5.16
void wait_on_page_writeback(struct page *page /* wants lockable; wants stable; whole */);
void end_page_writeback(struct page *page /* wants lockable; whole */);

// source: mm/memory.c, mm/internal.h, include/linux/mm.h: mapping to user space
int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn /* wants mappable */, unsigned long size, pgprot_t prot);
int io_remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn /* wants mappable */, unsigned long size, pgprot_t prot);
int vm_iomap_memory(struct vm_area_struct *vma, phys_addr_t start /* wants mappable */, unsigned long len);
int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page /* wants insertable; exact */);
int vm_insert_pages(struct vm_area_struct *vma, unsigned long addr, struct page **pages /* in wants insertable */, unsigned long *num);
int vm_map_pages(struct vm_area_struct *vma, struct page **pages /* in wants insertable */, unsigned long num);
int vm_map_pages_zero(struct vm_area_struct *vma, struct page **pages /* in wants insertable */, unsigned long num);
vm_fault_t vmf_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page /* wants insertable; exact */);
vm_fault_t vmf_insert_pfn(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn /* wants mappable */);
vm_fault_t vmf_insert_pfn_prot(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn /* wants mappable */, pgprot_t pgprot);
vm_fault_t vmf_insert_mixed(struct vm_area_struct *vma, unsigned long addr, pfn_t pfn /* wants mappable */);
struct page *vm_normal_page(struct vm_area_struct *vma, unsigned long addr, pte_t pte) /* gives file|anon|tail|ptl */; // until: 6.0
struct page *vm_normal_page(struct vm_area_struct *vma, unsigned long addr, pte_t pte) /* gives file|anon|tail|device|ptl */; // since: 6.0
struct page *vm_normal_page_pmd(struct vm_area_struct *vma, unsigned long addr, pmd_t pmd) /* gives file|anon|ptl */;
struct folio *vm_normal_folio(struct vm_area_struct *vma, unsigned long addr, pte_t pte) /* gives file|anon|device|ptl */;
pfn_t page_to_pfn_t(struct page *page /* exact */) /* gives kind of page */;
pfn_t pfn_to_pfn_t(unsigned long pfn) /* gives kind of pfn */;
struct page *pfn_t_to_page(pfn_t pfn) /* gives kind of pfn */;
unsigned long pfn_t_to_pfn(pfn_t pfn) /* gives kind of pfn */;

// source: mm/memory.c
// until: 6.12
int follow_pfn(struct vm_area_struct *vma, unsigned long address, unsigned long *pfn /* holds unref */);

// source: include/linux/highmem.h, include/linux/highmem-internal.h, mm/highmem.c
void *kmap(struct page *page /* exact */) /* gives kind of page turning file|anon into kmap or kmap */;
void kunmap(struct page *page /* exact */);
void *kmap_atomic(struct page *page /* exact */) /* gives kind of page turning file|anon into kmap or kmap */;
void *kmap_atomic_prot(struct page *page /* exact */, pgprot_t prot) /* gives kind of page turning file|anon into kmap or kmap */;
void *kmap_atomic_pfn(unsigned long pfn) /* gives kind of pfn turning file|anon into kmap or kmap */;
void kunmap_atomic(const void *__addr);
void *kmap_local_page(struct page *page /* exact */) /* gives kind of page turning file|anon into kmap or kmap */;
void *kmap_local_page_prot(struct page *page /* exact */, pgprot_t prot) /* gives kind of page turning file|anon into kmap or kmap */;
void *kmap_local_folio(struct folio *folio, size_t offset) /* gives kind of folio turning file|anon into kmap or kmap */;
void *kmap_local_pfn(unsigned long pfn) /* gives kind of pfn turning file|anon into kmap or kmap */;
void kunmap_local(const void *__addr);
struct page *kmap_to_page(void *addr) /* gives kind of addr & !kmap */;
void clear_highpage(struct page *page /* exact */);
void clear_user_highpage(struct page *page /* exact */, unsigned long vaddr);
void clear_page(void *page);
void copy_page(void *to, void *from);
void copy_highpage(struct page *to /* exact */, struct page *from /* exact */);
void copy_user_highpage(struct page *to /* exact */, struct page *from /* exact */, unsigned long vaddr, struct vm_area_struct *vma);
void zero_user(struct page *page /* exact */, unsigned start, unsigned size);
void zero_user_segment(struct page *page /* exact */, unsigned start, unsigned end);
void zero_user_segments(struct page *page /* exact */, unsigned start1, unsigned end1, unsigned start2, unsigned end2);
void memcpy_page(struct page *dst_page /* exact */, size_t dst_off, struct page *src_page /* exact */, size_t src_off, size_t len);
void memcpy_from_page(char *to, struct page *page /* exact */, size_t offset, size_t len);
void memcpy_to_page(struct page *page /* exact */, size_t offset, const char *from, size_t len);
void memset_page(struct page *page /* exact */, size_t offset, int val, size_t len);
void memzero_page(struct page *page /* exact */, size_t offset, size_t len);
bool PageHighMem(const struct page *page);

// source: arch/*/include/asm/cacheflush.h: asks for page_mapping()
void flush_dcache_page(struct page *page /* exact */) /* unlike flush_kernel_dcache_page: page_mapping() has an answer for pages of slabs */;

// source: include/linux/highmem.h: calls page_mapping() on parisc, arm, nios2 and others
// until: 5.18
void flush_kernel_dcache_page(struct page *page /* wants cached|tail; exact */);

// source: mm/memory.c: older names
// until: 4.20
int vm_insert_pfn(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn /* wants mappable */);
int vm_insert_mixed(struct vm_area_struct *vma, unsigned long addr, pfn_t pfn /* wants mappable */);
