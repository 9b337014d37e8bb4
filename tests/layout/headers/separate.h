/* Descriptors of their own, reached through a word of struct page; only one of them has a type there. */
enum memdesc_type { MEMDESC_NONE, MEMDESC_SLAB = 2 };
struct page { unsigned long memdesc; };
struct slab { /* memdesc: kind=slab, separate */
	unsigned long flags;
	const char *name;
	void *const *objects;
	unsigned long pad[5];
} __attribute__((aligned(16)));
struct zpdesc { /* memdesc: kind=zsmalloc, separate */
	unsigned long flags;
	void *pool;
	unsigned long pad[6];
} __attribute__((aligned(16)));
