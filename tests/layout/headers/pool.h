/* Pages told by an expression of the design's own. */
struct page {
	unsigned long flags;
	unsigned long pp_magic;
	void *volatile pool;
	const unsigned char *const bytes;
	int _refcount;
};
struct net_page { /* memdesc: kind=net, is=page->pp_magic == 0x40 */
	unsigned long flags;
	unsigned long pp_magic;
	void *volatile pool;
};
struct odd { /* memdesc: kind=driver */
	unsigned long flags;
	unsigned long pp_magic;
};
