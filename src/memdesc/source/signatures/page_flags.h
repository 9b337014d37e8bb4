// Page flags and types. Notation: docs/signatures.md

// source: include/linux/page-flags.h: types, by which kinds can be told apart
bool PageSlab(const struct page *page /* true slab; false !slab */);
bool PageBuddy(const struct page *page /* true free; false !free */);
bool PageTable(const struct page *page /* true table|installed-table; false !table */);
bool PageGuard(const struct page *page /* true guard; false !guard */);
bool PageOffline(const struct page *page /* true offline|movable; false !offline */);
bool PageHuge(const struct page *page /* true hugetlb|tail; false !hugetlb; within */);
bool PageAnon(const struct page *page /* true anon|device|hugetlb|tail|ptl|unref; false !anon; within */); // until: 6.2
bool PageAnon(const struct page *page /* keeps ->mapping|tail; true anon|device|hugetlb|tail|ptl|unref; false !anon; within */); // since: 6.2
bool PageKsm(struct page *page /* true anon|tail|ptl|unref; within */);
bool PageLRU(const struct page *page /* true file|anon|tail|ptl|unref; within */);
bool PageSwapCache(const struct page *page /* true anon|file|tail|ptl|unref; within */); // until: 6.12
bool PageSwapBacked(const struct page *page /* true anon|file|tail|ptl|unref; within */); // until: 6.12
bool PageMovable(const struct page *page /* true movable|zsmalloc|unref */);
bool __PageMovable(struct page *page /* true movable|zsmalloc|unref; false !movable */); // until: 6.2
bool __PageMovable(struct page *page /* keeps ->mapping|tail; true movable|zsmalloc|unref; false !movable */); // since: 6.2
bool PageReserved(const struct page *page /* true reserved|zero|device|offline|driver|block|noncomp|unref; false !reserved */);
bool PageHead(const struct page *page /* true !tail|block|noncomp; false any */);
bool PageTail(const struct page *page /* true tail; false !tail */);
bool PageCompound(const struct page *page /* true !block|noncomp; false !tail|hugetlb */);
bool PageTransCompound(struct page *page /* true !block|noncomp; false !tail|hugetlb */);
bool PageTransTail(struct page *page /* true tail; false !tail */);
bool PageTransHuge(struct page *page /* true !tail|block|noncomp; whole */);
bool PageHeadHuge(struct page *page /* true hugetlb; false any */); // until: 6.5
bool is_zone_device_page(const struct page *page /* true device|tail|unref|ptl; false !device */);
bool is_device_private_page(const struct page *page /* true device|tail|unref|ptl */);
bool is_device_coherent_page(const struct page *page /* true device|tail|unref|ptl */);
bool is_pci_p2pdma_page(const struct page *page /* true device|tail|unref|ptl */);
bool is_page_hwpoison(struct page *page);
bool page_is_guard(struct page *page /* true guard; false !guard */);
bool is_free_buddy_page(struct page *page /* true free */);
bool PagePrivate(const struct page *page /* true flagged */);
bool PagePrivate2(const struct page *page /* true flagged */); // until: 6.12
bool PageIsolated(struct page *page /* true movable|zsmalloc|driver|unref */);

// source: include/linux/page-flags.h: flags that the folio keeps
bool PageError(const struct page *page /* true flagged; within; newyork wants flagless */); // until: 6.12
bool PageReferenced(const struct page *page /* true flagged; within; newyork wants flagless */); // until: 6.12
bool PageUptodate(const struct page *page /* true flagged; within; newyork wants flagless */);
bool PageDirty(const struct page *page /* true flagged; within; newyork wants flagless */);
bool PageActive(const struct page *page /* true flagged; within; newyork wants flagless */); // until: 6.12
bool PageWorkingset(const struct page *page /* true flagged; within; newyork wants flagless */);
bool PageWriteback(const struct page *page /* true flagged; within; newyork wants flagless */);
bool PageReclaim(const struct page *page /* true flagged; within; newyork wants flagless */);
bool PageUnevictable(const struct page *page /* true flagged; within; newyork wants flagless */); // until: 6.12
bool PageMlocked(const struct page *page /* true flagged; within; newyork wants flagless */); // until: 6.12
bool PageLocked(const struct page *page /* true flagged; within */);
bool PageWaiters(const struct page *page /* true flagged; within */); // until: 6.12
bool PageMappedToDisk(const struct page *page /* true flagged; within; newyork wants flagless */);
bool PageChecked(const struct page *page /* true flagged; within; newyork wants flagless */);
bool page_is_young(const struct page *page /* true flagged; within; newyork wants flagless */); // until: 6.12
bool page_is_idle(const struct page *page /* true flagged; within; newyork wants flagless */); // until: 6.12
void set_page_young(struct page *page /* within; newyork wants flagless */); // until: 6.12
bool test_and_clear_page_young(struct page *page /* within; newyork wants flagless */); // until: 6.12
void set_page_idle(struct page *page /* within; newyork wants flagless */); // until: 6.12
void clear_page_idle(struct page *page /* within; newyork wants flagless */); // until: 6.12
bool PageDoubleMap(const struct page *page /* true flagged; within; newyork wants flagless */); // until: 6.5

// source: include/linux/page-flags.h: PF_NO_TAIL() and PF_HEAD() act on the head or forbid a tail
void SetPageReferenced(struct page *page /* wants untailed|tail; within; newyork wants flagless */); // until: 6.12
void ClearPageReferenced(struct page *page /* wants untailed|tail; within; newyork wants flagless */); // until: 6.12
void SetPageActive(struct page *page /* wants untailed|tail; within; newyork wants flagless */); // until: 6.12
void ClearPageActive(struct page *page /* wants untailed|tail; within; newyork wants flagless */); // until: 6.12
void SetPageWorkingset(struct page *page /* wants untailed|tail; within; newyork wants flagless */);
void ClearPageWorkingset(struct page *page /* wants untailed|tail; within; newyork wants flagless */);
void SetPageUnevictable(struct page *page /* wants untailed|tail; within; newyork wants flagless */); // until: 6.12
void ClearPageUnevictable(struct page *page /* wants untailed|tail; within; newyork wants flagless */); // until: 6.12
void SetPageMlocked(struct page *page /* wants untailed; whole; newyork wants flagless */); // until: 6.12
void ClearPageMlocked(struct page *page /* wants untailed; whole; newyork wants flagless */); // until: 6.12
void SetPageSwapBacked(struct page *page /* wants untailed|tail; within; newyork wants flagless */); // until: 6.12
void ClearPageSwapBacked(struct page *page /* wants untailed|tail; within; newyork wants flagless */); // until: 6.12
void SetPagePrivate(struct page *page /* whole; newyork wants flagless */);
void ClearPagePrivate(struct page *page /* whole; newyork wants flagless */);
void SetPageError(struct page *page /* wants untailed; whole; newyork wants flagless */); // until: 6.12
void ClearPageError(struct page *page /* wants untailed; whole; newyork wants flagless */); // until: 6.12
void SetPageUptodate(struct page *page /* wants untailed; whole; newyork wants flagless */);
void ClearPageUptodate(struct page *page /* wants untailed; whole; newyork wants flagless */);
void SetPageDirty(struct page *page /* wants untailed|tail; within; newyork wants flagless */);
void ClearPageDirty(struct page *page /* wants untailed|tail; within; newyork wants flagless */);
void SetPageReclaim(struct page *page /* wants untailed|tail; within; newyork wants flagless */);
void ClearPageReclaim(struct page *page /* wants untailed|tail; within; newyork wants flagless */);
void SetPageLRU(struct page *page /* wants untailed|tail; within; newyork wants flagless */);
void ClearPageLRU(struct page *page /* wants untailed|tail; within; newyork wants flagless */);
void SetPageMappedToDisk(struct page *page /* wants untailed; whole; newyork wants flagless */);
void SetPageChecked(struct page *page /* wants untailed; whole; newyork wants flagless */);
void ClearPageChecked(struct page *page /* wants untailed; whole; newyork wants flagless */);
void SetPageSwapCache(struct page *page /* wants untailed|tail; within; newyork wants flagless */); // until: 6.12
void ClearPageSwapCache(struct page *page /* wants untailed|tail; within; newyork wants flagless */); // until: 6.12
bool TestSetPageDirty(struct page *page /* wants untailed|tail; within; newyork wants flagless */);
bool TestClearPageDirty(struct page *page /* wants untailed|tail; within; newyork wants flagless */);
bool TestClearPageMlocked(struct page *page /* wants untailed; whole; newyork wants flagless */); // until: 6.12
bool TestSetPageMlocked(struct page *page /* wants untailed; whole; newyork wants flagless */); // until: 6.12
bool TestClearPageLRU(struct page *page /* wants untailed|tail; within; newyork wants flagless */);
bool TestClearPageReferenced(struct page *page /* wants untailed|tail; within; newyork wants flagless */); // until: 6.12
bool TestClearPageActive(struct page *page /* wants untailed|tail; within; newyork wants flagless */); // until: 6.12
bool TestSetPageWriteback(struct page *page /* wants untailed|tail; within; newyork wants flagless */);
bool TestClearPageReclaim(struct page *page /* wants untailed|tail; within; newyork wants flagless */);
void __SetPageLocked(struct page *page /* wants untailed; whole */);
void __ClearPageLocked(struct page *page /* wants untailed; whole */);
void __SetPageSwapBacked(struct page *page /* becomes anon from driver|block; whole */) /* unlike SetPageSwapBacked: nobody else has the page */; // until: 6.12
void __ClearPageSwapBacked(struct page *page /* whole */) /* unlike ClearPageSwapBacked: nobody else has the page */; // until: 6.12
void __SetPageUptodate(struct page *page /* wants untailed; whole */);
void __ClearPageLRU(struct page *page /* whole */) /* unlike ClearPageLRU: nobody else has the page */;
void __ClearPageActive(struct page *page /* whole */) /* unlike ClearPageActive: nobody else has the page */; // until: 6.12
void __ClearPageReferenced(struct page *page /* whole */) /* unlike ClearPageReferenced: nobody else has the page */; // until: 6.12
void __ClearPageMovable(struct page *page /* exact */);
void __SetPageMovable(struct page *page /* exact */, const struct movable_operations *ops); // since: 6.0

// source: include/linux/page-flags.h: flags of each page of a folio
bool PageAnonExclusive(const struct page *page /* true anon|device|hugetlb|tail|ptl|unref; exact */); // since: 5.19
void SetPageAnonExclusive(struct page *page /* exact */); // since: 5.19
void ClearPageAnonExclusive(struct page *page /* exact */); // since: 5.19
void __ClearPageAnonExclusive(struct page *page /* exact */); // since: 5.19

// source: __free_reserved_page() in include/linux/mm.h, mm/memblock.c: who takes the mark off gives the page to the page allocator
void ClearPageReserved(struct page *page /* becomes driver from reserved; exact */);
void __ClearPageReserved(struct page *page /* becomes driver from reserved; exact */);
