/* A folio and a slab without an enum of page types: nothing tells the folio, PG_slab tells the slab. */
enum pageflags { PG_locked, PG_slab = 9 };
struct page {
	unsigned long flags;
	union { struct { void *next, *prev; }; unsigned long compound_head; };
	void *mapping;
	unsigned long index, private;
	int _mapcount, _refcount;
};
struct folio { /* memdesc: kind=file|anon */
	unsigned long flags;
	void *next, *prev;
	void *mapping;
	unsigned long index, private;
	int _mapcount, _refcount;
};
struct slab { /* memdesc: kind=slab */
	unsigned long flags;
	void *cache, *freelist;
	unsigned long pad[3];
	int inuse, _refcount;
};
struct net_page { /* memdesc: kind=net */
	unsigned long flags;
	unsigned long magic;
};
