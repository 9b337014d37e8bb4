// Pages of user memory. Notation: docs/signatures.md

// source: mm/gup.c, include/linux/mm.h
int get_user_pages_fast(unsigned long start, int nr_pages, unsigned int gup_flags, struct page **pages /* holds file|anon|tail|driver|device */);
int get_user_pages_fast_only(unsigned long start, int nr_pages, unsigned int gup_flags, struct page **pages /* holds file|anon|tail|driver|device */);
bool get_user_page_fast_only(unsigned long addr, unsigned int gup_flags, struct page **pagep /* holds file|anon|tail|driver|device */);
long get_user_pages_unlocked(unsigned long start, unsigned long nr_pages, struct page **pages /* holds file|anon|tail|driver|device */, unsigned int gup_flags);
int pin_user_pages_fast(unsigned long start, int nr_pages, unsigned int gup_flags, struct page **pages /* holds file|anon|tail|driver|device|pinned */);
long pin_user_pages_unlocked(unsigned long start, unsigned long nr_pages, struct page **pages /* holds file|anon|tail|driver|device|pinned */, unsigned int gup_flags);
void unpin_user_page(struct page *page /* wants !slab|table|noncomp */);
void unpin_user_pages(struct page **pages /* in wants !slab|table|noncomp */, unsigned long npages);
void unpin_user_pages_dirty_lock(struct page **pages /* in wants !slab|table|noncomp */, unsigned long npages, bool make_dirty);
void unpin_user_page_range_dirty_lock(struct page *page /* wants !slab|table|noncomp */, unsigned long npages, bool make_dirty);
bool try_grab_page(struct page *page /* drops unref|ptl */, unsigned int flags); // until: 6.11
struct folio *try_grab_folio(struct page *page /* drops unref|ptl */, int refs, unsigned int flags) /* gives head of page */;
struct page *get_dump_page(unsigned long addr) /* gives file|anon|tail|device */;

// source: mm/gup.c
// until: 6.5
long get_user_pages(unsigned long start, unsigned long nr_pages, unsigned int gup_flags, struct page **pages /* holds file|anon|tail|driver|device */, struct vm_area_struct **vmas);
long pin_user_pages(unsigned long start, unsigned long nr_pages, unsigned int gup_flags, struct page **pages /* holds file|anon|tail|driver|device|pinned */, struct vm_area_struct **vmas);
long get_user_pages_remote(struct mm_struct *mm, unsigned long start, unsigned long nr_pages, unsigned int gup_flags, struct page **pages /* holds file|anon|tail|driver|device */, struct vm_area_struct **vmas, int *locked);
long pin_user_pages_remote(struct mm_struct *mm, unsigned long start, unsigned long nr_pages, unsigned int gup_flags, struct page **pages /* holds file|anon|tail|driver|device|pinned */, struct vm_area_struct **vmas, int *locked);

// source: mm/gup.c
// since: 6.5
long get_user_pages(unsigned long start, unsigned long nr_pages, unsigned int gup_flags, struct page **pages /* holds file|anon|tail|driver|device */);
long pin_user_pages(unsigned long start, unsigned long nr_pages, unsigned int gup_flags, struct page **pages /* holds file|anon|tail|driver|device|pinned */);
long get_user_pages_remote(struct mm_struct *mm, unsigned long start, unsigned long nr_pages, unsigned int gup_flags, struct page **pages /* holds file|anon|tail|driver|device */, int *locked);
long pin_user_pages_remote(struct mm_struct *mm, unsigned long start, unsigned long nr_pages, unsigned int gup_flags, struct page **pages /* holds file|anon|tail|driver|device|pinned */, int *locked);
struct page *get_user_page_vma_remote(struct mm_struct *mm, unsigned long addr, int gup_flags, struct vm_area_struct **vmap) /* gives file|anon|tail|driver|device */;

// source: mm/gup.c, include/linux/mm.h: exported until 6.12; no reference without FOLL_GET
// until: 6.12
struct page *follow_page(struct vm_area_struct *vma, unsigned long address, unsigned int foll_flags) /* gives file|anon|tail|device; gives unref unless foll_flags has FOLL_GET */;
