// Mappings of a page to user space. Notation: docs/signatures.md

// source: mm/rmap.c, include/linux/rmap.h
// until: 6.8
void page_add_anon_rmap(struct page *page /* wants rmappable; exact */, struct vm_area_struct *vma, unsigned long address, rmap_t flags);
void page_add_new_anon_rmap(struct page *page /* wants rmappable; whole */, struct vm_area_struct *vma, unsigned long address);
void page_add_file_rmap(struct page *page /* wants rmappable; exact */, struct vm_area_struct *vma, bool compound);
void page_remove_rmap(struct page *page /* wants rmappable; exact */, struct vm_area_struct *vma, bool compound);
void page_move_anon_rmap(struct page *page /* wants rmappable; exact */, struct vm_area_struct *vma);
void page_dup_file_rmap(struct page *page /* wants rmappable; exact */, bool compound);
void hugepage_add_anon_rmap(struct page *page /* wants rmappable; whole */, struct vm_area_struct *vma, unsigned long address, rmap_t flags);

// source: mm/rmap.c, include/linux/rmap.h
// since: 6.8
void folio_add_anon_rmap_ptes(struct folio *folio /* wants rmappable */, struct page *page /* exact */, int nr_pages, struct vm_area_struct *vma, unsigned long address, rmap_t flags);
void folio_add_anon_rmap_pte(struct folio *folio /* wants rmappable */, struct page *page /* exact */, struct vm_area_struct *vma, unsigned long address, rmap_t flags);
void folio_add_new_anon_rmap(struct folio *folio /* wants rmappable */, struct vm_area_struct *vma, unsigned long address, rmap_t flags);
void folio_add_file_rmap_ptes(struct folio *folio /* wants rmappable */, struct page *page /* exact */, int nr_pages, struct vm_area_struct *vma);
void folio_add_file_rmap_pte(struct folio *folio /* wants rmappable */, struct page *page /* exact */, struct vm_area_struct *vma);
void folio_add_file_rmap_pmd(struct folio *folio /* wants rmappable */, struct page *page /* exact */, struct vm_area_struct *vma);
void folio_remove_rmap_ptes(struct folio *folio /* wants rmappable */, struct page *page /* exact */, int nr_pages, struct vm_area_struct *vma);
void folio_remove_rmap_pte(struct folio *folio /* wants rmappable */, struct page *page /* exact */, struct vm_area_struct *vma);
void folio_remove_rmap_pmd(struct folio *folio /* wants rmappable */, struct page *page /* exact */, struct vm_area_struct *vma);
void folio_move_anon_rmap(struct folio *folio /* wants rmappable */, struct vm_area_struct *vma);

// source: mm/rmap.c, include/linux/rmap.h, include/linux/mm.h
int folio_mapcount(const struct folio *folio /* wants rmappable */);
bool folio_mapped(const struct folio *folio /* wants rmappable */);
void rmap_walk(struct folio *folio /* wants rmappable */, struct rmap_walk_control *rwc);
void rmap_walk_locked(struct folio *folio /* wants rmappable */, struct rmap_walk_control *rwc);
void try_to_unmap(struct folio *folio /* wants rmappable */, enum ttu_flags flags);
void try_to_migrate(struct folio *folio /* wants rmappable */, enum ttu_flags flags);
int folio_referenced(struct folio *folio /* wants rmappable */, int is_locked, struct mem_cgroup *memcg, unsigned long *vm_flags);
int folio_mkclean(struct folio *folio /* wants rmappable */);
unsigned long page_address_in_vma(struct page *page /* wants rmappable; exact */, struct vm_area_struct *vma);
struct anon_vma *folio_lock_anon_vma_read(struct folio *folio /* wants rmappable */, struct rmap_walk_control *rwc);
int page_mapped_in_vma(struct page *page /* wants rmappable; exact */, struct vm_area_struct *vma);

// source: fs/dax.c: the entry of the mapping is locked through ->mapping of the head
dax_entry_t dax_lock_page(struct page *page /* wants head; whole */); // until: 6.6
void dax_unlock_page(struct page *page /* wants head; whole */, dax_entry_t cookie); // until: 6.6
dax_entry_t dax_lock_folio(struct folio *folio /* wants head */); // since: 6.6
void dax_unlock_folio(struct folio *folio /* wants head */, dax_entry_t cookie); // since: 6.6

// source: mm/huge_memory.c, include/linux/huge_mm.h
int split_huge_page(struct page *page /* wants stable; exact */);
int split_huge_page_to_list(struct page *page /* wants stable; exact */, struct list_head *list); // until: 6.9
int split_huge_page_to_list_to_order(struct page *page /* wants stable; exact */, struct list_head *list, unsigned int new_order); // since: 6.9
int split_folio(struct folio *folio /* wants cached; wants stable */);
int split_folio_to_list(struct folio *folio /* wants cached; wants stable */, struct list_head *list);

// source: mm/migrate.c, mm/migrate_device.c, include/linux/migrate.h
int isolate_movable_page(struct page *page /* exact */, isolate_mode_t mode);
void putback_movable_page(struct page *page /* within */); // until: 6.11
int folio_migrate_mapping(struct address_space *mapping, struct folio *newfolio /* wants cached */, struct folio *folio /* wants cached */, int extra_count);
void folio_migrate_copy(struct folio *newfolio /* wants cached|zsmalloc|movable */, struct folio *folio /* wants cached|zsmalloc|movable */); // until: 6.11
void folio_migrate_flags(struct folio *newfolio, struct folio *folio);
unsigned long migrate_pfn(unsigned long pfn /* exact */);
struct page *migrate_pfn_to_page(unsigned long mpfn) /* gives anon|file|device|driver */;

// source: mm/ksm.c, include/linux/ksm.h
struct page *ksm_might_need_to_copy(struct page *page /* exact */, struct vm_area_struct *vma, unsigned long address) /* gives anon|file */;

// source: mm/swapfile.c, mm/swap_state.c, include/linux/swap.h
int try_to_free_swap(struct page *page /* within */); // until: 6.1
bool folio_free_swap(struct folio *folio /* wants cached */);
void free_page_and_swap_cache(struct page *page /* wants puttable */);
void free_swap_cache(struct page *page /* within */);
struct folio *swap_cache_get_folio(swp_entry_t entry, struct vm_area_struct *vma, unsigned long addr) /* gives anon|file */;
struct page *read_swap_cache_async(swp_entry_t entry, gfp_t gfp_mask, struct vm_area_struct *vma, unsigned long addr, bool do_poll, struct swap_iocb **plug) /* gives anon|file */; // until: 6.4
struct folio *read_swap_cache_async(swp_entry_t entry, gfp_t gfp_mask, struct vm_area_struct *vma, unsigned long addr, struct swap_iocb **plug) /* gives anon|file */; // since: 6.9
