// Page tables. Notation: docs/signatures.md

// source: include/linux/mm.h: constructors and destructors by page
// until: 6.6
bool pgtable_pte_page_ctor(struct page *page /* becomes table from driver|block|untyped-table; converts any-table|block; as ptdesc */);
void pgtable_pte_page_dtor(struct page *page /* becomes driver from table; wants constructed; as ptdesc */);
bool pgtable_pmd_page_ctor(struct page *page /* becomes table from driver|block|untyped-table; converts any-table|block; as ptdesc */);
void pgtable_pmd_page_dtor(struct page *page /* becomes driver from table; wants constructed; as ptdesc */);

// source: include/linux/mm.h before 5.7
// until: 5.7
bool pgtable_page_ctor(struct page *page /* becomes table from driver|block|untyped-table; converts any-table|block; as ptdesc */);
void pgtable_page_dtor(struct page *page /* becomes driver from table; wants constructed; as ptdesc */);

// source: include/linux/mm.h: constructors and destructors by ptdesc
// since: 6.6
struct ptdesc *pagetable_alloc(gfp_t gfp, unsigned int order) /* gives untyped-table */;
void pagetable_free(struct ptdesc *pt /* frees untyped-memory */);
bool pagetable_is_reserved(struct ptdesc *pt /* true reserved|installed-table; false !reserved */);
bool pagetable_pte_ctor(struct ptdesc *ptdesc /* becomes table from untyped-table|driver|block; converts any-table|block */);
void pagetable_pte_dtor(struct ptdesc *ptdesc /* becomes untyped-table from table; wants constructed */);
bool pagetable_pmd_ctor(struct ptdesc *ptdesc /* becomes table from untyped-table|driver|block; converts any-table|block */);
void pagetable_pmd_dtor(struct ptdesc *ptdesc /* becomes untyped-table from table; wants constructed */);
bool pagetable_pud_ctor(struct ptdesc *ptdesc /* becomes table from untyped-table|driver|block; converts any-table|block */);
void pagetable_pud_dtor(struct ptdesc *ptdesc /* becomes untyped-table from table; wants constructed */);
struct ptdesc *page_ptdesc(const struct page *page /* converts any-table; as ptdesc */) /* gives kind of page */;
struct page *ptdesc_page(const struct ptdesc *pt) /* gives kind of pt */;
struct folio *ptdesc_folio(const struct ptdesc *pt) /* gives kind of pt */;
struct ptdesc *virt_to_ptdesc(const void *x /* wants linear; converts any-table */) /* gives kind of x */;
void *ptdesc_to_virt(const struct ptdesc *pt) /* gives kind of pt */;
void *ptdesc_address(const struct ptdesc *pt) /* gives kind of pt */;

// source: include/linux/mm.h
// since: 6.13
void pagetable_p4d_ctor(struct ptdesc *ptdesc /* becomes table from untyped-table|driver|block; converts any-table|block */);
void pagetable_pgd_ctor(struct ptdesc *ptdesc /* becomes table from untyped-table|driver|block; converts any-table|block */);
void pagetable_dtor(struct ptdesc *ptdesc /* becomes untyped-table from table; wants constructed */);
void pagetable_dtor_free(struct ptdesc *ptdesc /* frees table-memory */) /* unlike pagetable_free: runs the destructor itself */;

// source: include/asm-generic/pgalloc.h, arch/*/include/asm/pgalloc.h
pgtable_t pte_alloc_one(struct mm_struct *mm) /* gives table; returns constructed */;
pte_t *pte_alloc_one_kernel(struct mm_struct *mm) /* gives driver */; // until: 6.6
pte_t *pte_alloc_one_kernel(struct mm_struct *mm) /* gives untyped-table */; // since: 6.6
pmd_t *pmd_alloc_one(struct mm_struct *mm, unsigned long addr) /* gives table */;
void pte_free(struct mm_struct *mm, pgtable_t pte_page /* frees table-memory; brings table; as ptdesc */);
void pmd_free(struct mm_struct *mm, pmd_t *pmd /* frees table-memory */);
void pmd_populate(struct mm_struct *mm, pmd_t *pmd, pgtable_t pte /* wants constructed; as ptdesc */);
void pmd_populate_kernel(struct mm_struct *mm, pmd_t *pmd, pte_t *pte /* wants !file|anon|net|vmalloc|user */);
void pud_populate(struct mm_struct *mm, pud_t *pud, pmd_t *pmd /* wants !file|anon|net|vmalloc|user */);
void p4d_populate(struct mm_struct *mm, p4d_t *p4d, pud_t *pud /* wants !file|anon|net|vmalloc|user */);
void pgd_populate(struct mm_struct *mm, pgd_t *pgd, p4d_t *p4d /* wants !file|anon|net|vmalloc|user */);
pgtable_t pmd_pgtable(pmd_t pmd) /* gives table */;

// source: include/linux/pgtable.h: a table that an entry above it points to, made as its level and its time demand
pte_t *pte_offset_kernel(pmd_t *pmd, unsigned long address) /* gives installed-table */;
pmd_t *pmd_offset(pud_t *pud, unsigned long address) /* gives installed-table */;
pud_t *pud_offset(p4d_t *p4d, unsigned long address) /* gives installed-table */;
p4d_t *p4d_offset(pgd_t *pgd, unsigned long address) /* gives installed-table */;
unsigned long pmd_page_vaddr(pmd_t pmd) /* gives installed-table */;
pmd_t *pud_pgtable(pud_t pud) /* gives installed-table */; // since: 5.14
pud_t *p4d_pgtable(p4d_t p4d) /* gives installed-table */; // since: 5.14
unsigned long pud_page_vaddr(pud_t pud) /* gives installed-table */; // until: 5.14
unsigned long p4d_page_vaddr(p4d_t p4d) /* gives installed-table */; // until: 5.14
unsigned long pgd_page_vaddr(pgd_t pgd) /* gives installed-table */;

// source: include/asm-generic/pgalloc.h, arch/*/include/asm/pgtable.h
struct page *pmd_page(pmd_t pmd) /* gives ptl */;
struct page *pte_page(pte_t pte) /* gives ptl|tail */;
struct page *pud_page(pud_t pud) /* gives ptl */;
unsigned long pte_pfn(pte_t pte) /* gives ptl */;

// source: include/asm-generic/pgalloc.h: freed as the page it is until the kernel's tables are ptdescs
// until: 6.6
void pte_free_kernel(struct mm_struct *mm, pte_t *pte /* frees untyped-table|driver|table|installed-table|reserved|ptl */) /* whole-truth: the generic body is one of many */;

// source: include/asm-generic/pgalloc.h
// since: 6.6
void pte_free_kernel(struct mm_struct *mm, pte_t *pte /* frees kernel-table-memory */) /* whole-truth: the generic body is one of many */;

// source: include/asm-generic/pgalloc.h: constructed since 6.12
// until: 6.12
pud_t *pud_alloc_one(struct mm_struct *mm, unsigned long addr) /* gives driver */;
void pud_free(struct mm_struct *mm, pud_t *pud /* frees driver|table|installed-table|slab|reserved|untyped-table|ptl */);

// source: include/asm-generic/pgalloc.h
// since: 6.12
pud_t *pud_alloc_one(struct mm_struct *mm, unsigned long addr) /* gives table */;
void pud_free(struct mm_struct *mm, pud_t *pud /* frees table-memory */);

// source: include/linux/mm.h: the page table lock
void pte_unmap_unlock(pte_t *pte, spinlock_t *ptl) /* ends ptl */;
pte_t *pte_offset_map_lock(struct mm_struct *mm, pmd_t *pmd, unsigned long addr, spinlock_t **ptlp /* holds ptl */);
pte_t *get_locked_pte(struct mm_struct *mm, unsigned long addr, spinlock_t **ptl /* holds ptl */);
spinlock_t *pte_lockptr(struct mm_struct *mm, pmd_t *pmd) /* gives ptl */;
spinlock_t *pmd_lockptr(struct mm_struct *mm, pmd_t *pmd) /* gives ptl */;
spinlock_t *pmd_lock(struct mm_struct *mm, pmd_t *pmd) /* gives ptl */;
spinlock_t *pmd_trans_huge_lock(pmd_t *pmd, struct vm_area_struct *vma) /* gives ptl */;
spinlock_t *pud_lock(struct mm_struct *mm, pud_t *pud) /* gives ptl */;
spinlock_t *pud_trans_huge_lock(pud_t *pud, struct vm_area_struct *vma) /* gives ptl */;
spinlock_t *huge_pte_lock(struct hstate *h, struct mm_struct *mm, pte_t *pte) /* gives ptl */;
spinlock_t *huge_pte_lockptr(struct hstate *h, struct mm_struct *mm, pte_t *pte) /* gives ptl */;
void spin_unlock(spinlock_t *lock /* ends ptl when lock is ptl */);

// source: mm/mmu_gather.c, include/asm-generic/tlb.h
void tlb_remove_page(struct mmu_gather *tlb, struct page *page /* wants !slab|noncomp|vmalloc; exact */);
void tlb_remove_table(struct mmu_gather *tlb, void *table);
void tlb_remove_ptdesc(struct mmu_gather *tlb, void *pt); // since: 6.6
bool __tlb_remove_page(struct mmu_gather *tlb, struct page *page /* wants !slab|noncomp|vmalloc; exact */); // until: 6.9
bool __tlb_remove_page(struct mmu_gather *tlb, struct page *page /* wants !slab|noncomp|vmalloc; exact */, bool delay_rmap); // since: 6.9
