// The page cache, folios, the LRU. Notation: docs/signatures.md

// source: include/linux/mm.h, include/linux/page_ref.h, mm/swap.c
struct folio *page_folio(struct page *page /* within; newyork wants in-folio unless return is tested */) /* gives head of page */;
struct page *folio_page(struct folio *folio, size_t n) /* gives kind of folio; gives tail unless n is 0 */;
struct page *folio_file_page(struct folio *folio, pgoff_t index) /* gives kind of folio */;
size_t folio_page_idx(const struct folio *folio, const struct page *page /* exact */);
void folio_get(struct folio *folio /* wants refcounted; drops unref|ptl|pinned */);
void folio_put(struct folio *folio /* wants puttable; wants unpinned */);
void folio_put_refs(struct folio *folio /* wants puttable */, int refs);
void folios_put(struct folio_batch *folios /* in wants puttable */); // since: 6.9
void folios_put(struct folio **folios /* in wants puttable */, unsigned int nr); // until: 6.9
bool folio_try_get(struct folio *folio /* true puttable|slab|large; drops unref|ptl */); // until: 6.14
bool folio_try_get(struct folio *folio /* true puttable; drops unref|ptl */); // since: 6.14
bool folio_try_get_rcu(struct folio *folio /* drops unref|ptl */); // until: 6.11
bool folio_ref_try_add_rcu(struct folio *folio /* drops unref|ptl */, int count); // until: 6.11
bool folio_ref_add_unless(struct folio *folio /* drops unref|ptl */, int nr, int u);
void folio_ref_add(struct folio *folio /* wants refcounted; drops unref|ptl */, int nr);
void folio_ref_inc(struct folio *folio /* wants refcounted; drops unref|ptl */);
void folio_ref_sub(struct folio *folio, int nr);
int folio_ref_count(const struct folio *folio);
int folio_ref_freeze(struct folio *folio, int count);
void folio_ref_unfreeze(struct folio *folio, int count);
bool folio_put_testzero(struct folio *folio);
unsigned int folio_order(struct folio *folio);
long folio_nr_pages(struct folio *folio);
size_t folio_size(struct folio *folio);
unsigned int folio_shift(struct folio *folio);
void *folio_address(const struct folio *folio) /* gives kind of folio */;
unsigned long folio_pfn(struct folio *folio) /* gives kind of folio */;
loff_t folio_pos(struct folio *folio /* keeps ->index|tail */);
pgoff_t folio_index(struct folio *folio /* keeps ->index|tail */);
pgoff_t folio_next_index(struct folio *folio /* keeps ->index|tail */);
bool folio_contains(struct folio *folio /* keeps ->index|tail */, pgoff_t index);
struct address_space *folio_mapping(struct folio *folio /* wants cached|slab|net|zsmalloc */);
struct inode *folio_inode(struct folio *folio /* wants cached */);
struct folio *folio_next(struct folio *folio) /* gives kind of folio */;
bool folio_is_pfmemalloc(const struct folio *folio) /* whole-truth: asked of a page fresh from the allocator, whatever it is to be */; // since: 6.5
struct anon_vma *folio_anon_vma(struct folio *folio /* wants cached */);

// source: include/linux/pagemap.h, mm/filemap.c: the lock is a flag of the head
void folio_lock(struct folio *folio /* wants lockable */);
int folio_lock_killable(struct folio *folio /* wants lockable */);
bool folio_trylock(struct folio *folio /* wants lockable|unref */);
void folio_unlock(struct folio *folio /* wants lockable|unref */);
void __folio_lock(struct folio *folio /* wants lockable */);
void folio_wait_locked(struct folio *folio /* wants lockable */);
int folio_wait_locked_killable(struct folio *folio /* wants lockable */);
void folio_wait_writeback(struct folio *folio /* wants stable */);
int folio_wait_writeback_killable(struct folio *folio /* wants stable */);
void folio_wait_stable(struct folio *folio /* wants stable */);
void folio_wait_bit(struct folio *folio /* wants stable */, int bit_nr);
void folio_wait_private_2(struct folio *folio /* wants stable */);
void folio_end_writeback(struct folio *folio /* wants cached */);
void folio_end_private_2(struct folio *folio /* wants cached */);
void folio_end_read(struct folio *folio /* wants cached */, bool success); // since: 6.7
void lock_page(struct page *page /* wants lockable|tail; within */); // since: 5.16
int lock_page_killable(struct page *page /* wants lockable|tail; within */); // since: 5.16, until: 6.10
int trylock_page(struct page *page /* wants lockable|tail|unref; within */); // since: 5.16
void unlock_page(struct page *page /* wants lockable|tail|unref; within */); // since: 5.16
void wait_on_page_locked(struct page *page /* wants lockable|tail; within */); // since: 5.16
int wait_on_page_locked_killable(struct page *page /* wants lockable|tail; within */) /* unlike wait_on_page_locked: asks compound_head() in every version */; // until: 6.9
void wait_on_page_bit(struct page *page /* wants lockable|tail; within */, int bit_nr); // until: 5.16

// source: trylock_page() in include/linux/pagemap.h, unlock_page() and __lock_page() in mm/filemap.c find the head
// since: 4.5
// until: 5.16
void lock_page(struct page *page /* wants lockable|tail; within */);
int lock_page_killable(struct page *page /* wants lockable|tail; within */);
int trylock_page(struct page *page /* wants lockable|tail|unref; within */);
void unlock_page(struct page *page /* wants lockable|tail|unref; within */);
void wait_on_page_locked(struct page *page /* wants lockable|tail; within */);

// source: include/linux/pagemap.h, mm/filemap.c before PF_HEAD: the flag of this very page is taken
// until: 4.5
void lock_page(struct page *page /* wants lockable; whole */);
int lock_page_killable(struct page *page /* wants lockable; whole */);
int trylock_page(struct page *page /* wants lockable|unref; whole */);
void unlock_page(struct page *page /* wants lockable|unref; whole */);
void wait_on_page_locked(struct page *page /* wants lockable; whole */);

// source: include/linux/pagemap.h, mm/filemap.c, mm/folio-compat.c: pages of files
struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index) /* gives file */;
struct folio *__filemap_get_folio(struct address_space *mapping, pgoff_t index, fgf_t fgp_flags, gfp_t gfp) /* gives file */;
struct folio *filemap_lock_folio(struct address_space *mapping, pgoff_t index) /* gives file */;
struct folio *filemap_grab_folio(struct address_space *mapping, pgoff_t index) /* gives file */; // since: 6.4
void *filemap_get_entry(struct address_space *mapping, pgoff_t index) /* gives file */; // since: 6.4
struct folio *read_cache_folio(struct address_space *mapping, pgoff_t index, filler_t *filler, struct file *file) /* gives file */;
struct page *read_cache_page(struct address_space *mapping, pgoff_t index, filler_t *filler, struct file *file) /* gives file; exact */;
struct page *read_cache_page_gfp(struct address_space *mapping, pgoff_t index, gfp_t gfp) /* gives file; exact */;
struct page *read_mapping_page(struct address_space *mapping, pgoff_t index, struct file *file) /* gives file; exact */;
struct folio *read_mapping_folio(struct address_space *mapping, pgoff_t index, struct file *file) /* gives file */;
struct folio *mapping_read_folio_gfp(struct address_space *mapping, pgoff_t index, gfp_t gfp) /* gives file */; // since: 6.4
struct page *find_get_page(struct address_space *mapping, pgoff_t offset) /* gives file; exact */;
struct page *find_get_page_flags(struct address_space *mapping, pgoff_t offset, int fgp_flags) /* gives file; exact */;
struct page *find_lock_page(struct address_space *mapping, pgoff_t index) /* gives file; exact */;
struct page *find_or_create_page(struct address_space *mapping, pgoff_t index, gfp_t gfp_mask) /* gives file; exact */;
struct page *pagecache_get_page(struct address_space *mapping, pgoff_t index, fgf_t fgp_flags, gfp_t gfp) /* gives file; exact */;
struct page *grab_cache_page(struct address_space *mapping, pgoff_t index) /* gives file; exact */;
struct page *grab_cache_page_nowait(struct address_space *mapping, pgoff_t index) /* gives file; exact */;
struct page *grab_cache_page_write_begin(struct address_space *mapping, pgoff_t index) /* gives file; exact */;
struct page *find_subpage(struct page *head, pgoff_t index) /* gives kind of head */; // until: 5.17
struct page *find_subpage(struct page *head, pgoff_t index) /* gives kind of head; gives tail */; // since: 5.17
unsigned filemap_get_folios(struct address_space *mapping, pgoff_t *start, pgoff_t end, struct folio_batch *fbatch /* holds file */);
unsigned filemap_get_folios_contig(struct address_space *mapping, pgoff_t *start, pgoff_t end, struct folio_batch *fbatch /* holds file */);
unsigned filemap_get_folios_tag(struct address_space *mapping, pgoff_t *start, pgoff_t end, xa_mark_t tag, struct folio_batch *fbatch /* holds file */);
unsigned find_get_entries(struct address_space *mapping, pgoff_t *start, pgoff_t end, struct folio_batch *fbatch /* holds file */, pgoff_t *indices);
unsigned find_lock_entries(struct address_space *mapping, pgoff_t *start, pgoff_t end, struct folio_batch *fbatch /* holds file */, pgoff_t *indices);
unsigned find_get_pages_range_tag(struct address_space *mapping, pgoff_t *index, pgoff_t end, xa_mark_t tag, unsigned int nr_pages, struct page **pages /* holds file */); // until: 6.3
unsigned pagevec_lookup_range_tag(struct pagevec *pvec /* holds file */, struct address_space *mapping, pgoff_t *index, pgoff_t end, xa_mark_t tag); // until: 6.3
struct page *shmem_read_mapping_page(struct address_space *mapping, pgoff_t index) /* gives file; exact */;
struct page *shmem_read_mapping_page_gfp(struct address_space *mapping, pgoff_t index, gfp_t gfp) /* gives file; exact */;
struct folio *shmem_read_folio(struct address_space *mapping, pgoff_t index) /* gives file */; // since: 6.4
struct folio *shmem_read_folio_gfp(struct address_space *mapping, pgoff_t index, gfp_t gfp) /* gives file */; // since: 6.4
struct page *readahead_page(struct readahead_control *ractl) /* gives file */;
struct folio *readahead_folio(struct readahead_control *ractl) /* gives file */;
unsigned int __readahead_batch(struct readahead_control *rac, struct page **array /* holds file */, unsigned int array_sz);
int address_space_operations.write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned len, struct page **pagep /* holds file */, void **fsdata); // since: 5.19, until: 6.12
int address_space_operations.write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned len, unsigned flags, struct page **pagep /* holds file */, void **fsdata); // until: 5.19
int pagecache_write_begin(struct file *file, struct address_space *mapping, loff_t pos, unsigned len, unsigned flags, struct page **pagep /* holds file */, void **fsdata); // until: 5.19
int add_to_page_cache_lru(struct page *page /* wants cached|tail; whole */, struct address_space *mapping, pgoff_t index, gfp_t gfp) /* gives none */;
int filemap_add_folio(struct address_space *mapping, struct folio *folio /* wants cached */, pgoff_t index, gfp_t gfp);
void delete_from_page_cache(struct page *page /* wants cached|tail; whole */); // until: 6.5
void filemap_remove_folio(struct folio *folio /* wants cached */);
int replace_page_cache_page(struct page *old /* wants cached; whole */, struct page *new /* wants cached; whole */, gfp_t gfp_mask); // until: 5.16
void replace_page_cache_folio(struct folio *old /* wants cached */, struct folio *new /* wants cached */); // since: 6.3
loff_t page_offset(struct page *page /* keeps ->index|tail; whole */);
loff_t page_file_offset(struct page *page /* keeps ->index|tail; whole */); // until: 6.11
pgoff_t page_to_index(struct page *page /* keeps ->index|tail */); // until: 6.8
pgoff_t page_to_pgoff(struct page *page /* keeps ->index|tail */);
void attach_page_private(struct page *page /* wants cached|tail; within */, void *data);
void *detach_page_private(struct page *page /* wants cached|tail; within */);
void folio_attach_private(struct folio *folio /* wants cached */, void *data);
void *folio_detach_private(struct folio *folio /* wants cached */);
void *folio_get_private(struct folio *folio /* wants cached */);
bool folio_mark_dirty(struct folio *folio /* wants cached */);
bool filemap_dirty_folio(struct address_space *mapping, struct folio *folio /* wants cached */);
bool folio_clear_dirty_for_io(struct folio *folio /* wants cached */);
bool folio_redirty_for_writepage(struct writeback_control *wbc, struct folio *folio /* wants cached */);
void folio_cancel_dirty(struct folio *folio /* wants cached */);
bool folio_start_writeback(struct folio *folio /* wants cached */);
void folio_invalidate(struct folio *folio /* wants cached */, size_t offset, size_t length);
bool filemap_release_folio(struct folio *folio /* wants cached */, gfp_t gfp);
int truncate_inode_folio(struct address_space *mapping, struct folio *folio /* wants cached */);
int generic_error_remove_page(struct address_space *mapping, struct page *page /* wants cached; whole */); // until: 6.8
int generic_error_remove_folio(struct address_space *mapping, struct folio *folio /* wants cached */); // since: 6.8
int try_to_release_page(struct page *page /* wants cached; whole */, gfp_t gfp); // until: 6.5

// source: mm/swap.c, mm/vmscan.c, include/linux/swap.h: the LRU lists
void lru_cache_add(struct page *page /* wants lru-listed|tail; within */); // until: 6.9
void lru_cache_add_inactive_or_unevictable(struct page *page /* wants lru-listed|tail; within */, struct vm_area_struct *vma); // until: 6.11
void folio_add_lru(struct folio *folio /* wants lru-listed */);
void folio_add_lru_vma(struct folio *folio /* wants lru-listed */, struct vm_area_struct *vma);
void mark_page_accessed(struct page *page /* wants lru-listed|device|tail; within */);
void folio_mark_accessed(struct folio *folio /* wants lru-listed|device */);
void activate_page(struct page *page /* wants lru-listed|tail; within */); // until: 5.16
void folio_activate(struct folio *folio /* wants lru-listed */);
void mark_page_lazyfree(struct page *page /* wants lru-listed|tail; within */); // until: 6.3
void folio_mark_lazyfree(struct folio *folio /* wants lru-listed */); // since: 6.3
void deactivate_page(struct page *page /* wants lru-listed|tail; within */); // until: 6.3
void folio_deactivate(struct folio *folio /* wants lru-listed */); // since: 6.3
void folio_rotate_reclaimable(struct folio *folio /* wants lru-listed */);
int isolate_lru_page(struct page *page /* wants lru-listed|device; true any; false lru-listed; whole */); // until: 6.2
bool isolate_lru_page(struct page *page /* wants lru-listed|device; true lru-listed; false any; whole */); // since: 6.2, until: 6.9
bool folio_isolate_lru(struct folio *folio /* wants lru-listed|device */);
void putback_lru_page(struct page *page /* wants lru-listed|tail; within */); // until: 6.9
void folio_putback_lru(struct folio *folio /* wants lru-listed */);
void putback_movable_pages(struct list_head *l);

// source: include/linux/pagevec.h
unsigned pagevec_add(struct pagevec *pvec, struct page *page /* into pvec */); // until: 6.5
void pagevec_release(struct pagevec *pvec /* in wants puttable */); // until: 6.5
void __pagevec_release(struct pagevec *pvec /* in wants puttable */); // until: 6.5
unsigned folio_batch_add(struct folio_batch *fbatch, struct folio *folio /* into fbatch */);
struct folio *folio_batch_next(struct folio_batch *fbatch) /* gives in fbatch */; // since: 6.9
void folio_batch_release(struct folio_batch *fbatch /* in wants puttable */);
void __folio_batch_release(struct folio_batch *fbatch /* in wants puttable */); // since: 6.4

// source: include/linux/page-flags.h: flags of folios by which kinds can be told apart
bool folio_test_slab(const struct folio *folio /* true slab; false !slab */);
bool folio_test_anon(const struct folio *folio /* true anon|device|hugetlb|ptl|unref; false !anon */); // until: 6.2
bool folio_test_anon(const struct folio *folio /* keeps ->mapping|tail; true anon|device|hugetlb|ptl|unref; false !anon */); // since: 6.2
bool folio_test_ksm(const struct folio *folio /* true anon|ptl|unref */); // until: 6.2
bool folio_test_ksm(const struct folio *folio /* keeps ->mapping|tail; true anon|ptl|unref */); // since: 6.2
bool folio_test_lru(const struct folio *folio /* true file|anon|ptl|unref */);
bool folio_test_hugetlb(const struct folio *folio /* true hugetlb; false !hugetlb */);
bool folio_test_movable(const struct folio *folio /* true movable|zsmalloc|unref */);
bool __folio_test_movable(const struct folio *folio /* true movable|zsmalloc|unref; false !movable */);
bool folio_test_reserved(const struct folio *folio /* true reserved|zero|device|driver */);
bool folio_test_swapcache(const struct folio *folio /* true anon|file|ptl|unref */);
bool folio_test_large(const struct folio *folio /* true !tail|block|noncomp; false !hugetlb */);
bool folio_test_locked(const struct folio *folio /* true flagged */);
bool folio_test_uptodate(const struct folio *folio /* true flagged */);
bool folio_test_dirty(const struct folio *folio /* true flagged */);
bool folio_test_writeback(const struct folio *folio /* true flagged */);
bool folio_test_active(const struct folio *folio /* true flagged */);
bool folio_test_unevictable(const struct folio *folio /* true flagged */);
bool folio_test_mlocked(const struct folio *folio /* true flagged */);
bool folio_test_swapbacked(const struct folio *folio /* true flagged */);
bool folio_test_private(const struct folio *folio /* true flagged */);
bool folio_test_private_2(const struct folio *folio /* true flagged */);
bool folio_test_checked(const struct folio *folio /* true flagged */);
bool folio_test_mappedtodisk(const struct folio *folio /* true flagged */);
bool folio_test_referenced(const struct folio *folio /* true flagged */);
bool folio_test_workingset(const struct folio *folio /* true flagged */);
bool folio_test_isolated(const struct folio *folio /* true movable|zsmalloc|driver|unref */); // until: 6.16
bool folio_is_zone_device(const struct folio *folio /* true device|unref|ptl; false !device */);
bool folio_is_device_private(const struct folio *folio /* true device|unref|ptl */);
bool folio_is_device_coherent(const struct folio *folio /* true device|unref|ptl */);
bool is_huge_zero_folio(const struct folio *folio /* true zero; false !zero */); // since: 6.10
bool is_huge_zero_page(const struct page *page /* true zero; false !zero */); // until: 6.10

// source: mm/memcontrol.c, include/linux/memcontrol.h
struct mem_cgroup *page_memcg(struct page *page /* keeps ->memcg_data|tail; within */); // until: 6.11
struct mem_cgroup *folio_memcg(struct folio *folio /* keeps ->memcg_data|tail; wants head */);
struct mem_cgroup *page_memcg_check(struct page *page) /* whole-truth: made for pages of any kind */;
struct mem_cgroup *folio_memcg_check(struct folio *folio) /* whole-truth: made for pages of any kind */; // since: 6.3
struct mem_cgroup *folio_memcg_rcu(struct folio *folio /* keeps ->memcg_data|tail; wants head */);
struct obj_cgroup *__folio_objcg(struct folio *folio /* keeps ->memcg_data|tail */);
struct lruvec *folio_lruvec(struct folio *folio /* wants lru-listed */);
void mem_cgroup_uncharge(struct folio *folio);
void lock_page_memcg(struct page *page /* within */); // until: 6.5
void unlock_page_memcg(struct page *page /* within */); // until: 6.5

// source: mm/memcontrol.c: not for objects of vmalloc(); mem_cgroup_from_obj() may be given these until 6.12
struct mem_cgroup *mem_cgroup_from_slab_obj(void *p /* wants linear */); // since: 6.1

// source: include/linux/page-flags.h, mm/swap_state.c, mm/memory.c: a fresh folio becomes anonymous memory or shmem
void __folio_set_swapbacked(struct folio *folio /* becomes anon from driver|block; whole */) /* unlike folio_set_swapbacked: nobody else has the folio */;
void folio_set_swapbacked(struct folio *folio /* wants untailed; becomes anon from driver|block; whole */);
