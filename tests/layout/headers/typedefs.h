/* Names for names: of structs without a name, of arrays, of qualified types, of functions. */
typedef struct { int counter; } count_t;
typedef const count_t frozen_t;
typedef unsigned long words_t[2];
typedef words_t grid_t[2];
typedef int compare_t(const void *left, const void *right);
typedef compare_t *order_t;
typedef struct page *table_t;
struct page {
	unsigned long flags;
	count_t count;
	frozen_t frozen;
	words_t words;
	const table_t table;
	compare_t *compare;
	order_t orders[2];
	grid_t *grid;
	volatile count_t _refcount;
	unsigned long pad[2];
};
struct box { /* memdesc: kind=driver */
	unsigned long flags;
	count_t count;
};
