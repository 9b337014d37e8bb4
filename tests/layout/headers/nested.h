/* Named structs in structs, arrays of structs, structs only pointed to, one that points to itself. */
struct list { struct list *next, **prev; };
struct pair { const struct list *first; struct list second; };
struct page {
	unsigned long flags;
	struct pair pairs[2];
	const struct nowhere *elsewhere;
	union both { unsigned long value; struct list *pointer; } both;
	struct list *lists[2][2];
	unsigned char bytes[3];
	int _refcount;
};
struct box { /* memdesc: kind=driver */
	unsigned long flags;
	struct pair pairs[1];
	struct list *(*find)(const struct list *const head, unsigned char key[static 4]);
};
