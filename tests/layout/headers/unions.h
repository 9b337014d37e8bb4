/* Anonymous structs and unions in one another, with qualifiers and alignment. */
struct page {
	unsigned long flags;
	union {
		struct {
			union {
				struct { void *next, *prev; };
				const void *const poison;
			};
			union { void *mapping; struct { unsigned int low, high; } halves; };
		};
		struct { unsigned long compound_head; };
		volatile struct { unsigned long a; const unsigned long b; } pair;
	};
	union { unsigned int page_type; int _mapcount; };
	int _refcount;
};
enum pagetype { PGTY_slab = 0xf5, PGTY_mapcount_underflow = 0xff };
struct slab { /* memdesc: kind=slab */
	unsigned long flags;
	union {
		struct { void *cache; union { void *freelist; struct { unsigned short inuse, objects; }; }; };
		unsigned long word[2];
	};
	unsigned long pad;
	unsigned int page_type;
	int _refcount;
};
