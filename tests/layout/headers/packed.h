/* Attributes: packed, aligned, a member of its own alignment, a wide number. */
struct inner { char a; long b; } __attribute__((packed));
struct page {
	unsigned long flags;
	struct inner inner;
	char tail __attribute__((aligned(8)));
	unsigned long long wide;
	unsigned int *const counts __attribute__((aligned(16)));
	unsigned long pad[2];
} __attribute__((aligned(16)));
struct box { /* memdesc: kind=driver */
	unsigned long flags;
	struct inner inner;
};
