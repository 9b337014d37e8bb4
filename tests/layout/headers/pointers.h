/* Qualifiers on every level, pointers to arrays and functions, and functions that take functions. */
typedef const char *name_t;
typedef volatile unsigned long word_t;
typedef void (*hook_t)(const struct page *page, int (*each)(struct page *page, void *data));
struct page {
	unsigned long flags;
	const char *owner;
	char *const fixed;
	const char *const *names;
	volatile unsigned int seen;
	const volatile unsigned int *where;
	int (*row)[3];
	const int (*grid)[2][3];
	void (*const done)(const struct page *page);
	int (*(*pick)(int which))(const char *name, ...);
	const char *labels[2];
	char *const ends[2];
	void (*hooks[2])(void);
	void (**more)(void);
	name_t name;
	word_t word;
	hook_t hook;
	struct page *volatile next;
	unsigned long rest[4];
};
struct box { /* memdesc: kind=driver */
	unsigned long flags;
	const char *owner;
	char *const fixed;
	const char *const *names;
	const struct box *const up;
};
