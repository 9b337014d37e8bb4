/* Structs, unions, enums and what macros do among their members. */
#ifndef READING_STRUCTS_H
#define READING_STRUCTS_H

struct __packed plain {
	struct page *page;
	union {
		struct page *pages[4];
		unsigned long word;
	};
	int (*fault)(struct page *page, void *data);
	unsigned int ready:1, :3, mode:4;
#ifdef CONFIG_A
	struct folio *folio;
#endif
} ____cacheline_aligned;

typedef struct {
	atomic_t count;
} counter_t;

struct grouped {
	struct_group(both,
		struct page *first;
		struct page *second;
	);
	struct_group_tagged(grouped_tag, tagged,
		int a; int b;);
	DECLARE_BITMAP(bits, 64);
	DECLARE_FLEX_ARRAY(struct page *, tail);
	struct page __rcu *guarded __aligned(8);
};

union either {
	struct page *page;
	struct netmem *netmem;
};

enum state {
	STATE_A = 1,
	STATE_B = BIT(3),
};

struct declared_only;
extern struct page *lookup(struct shelf *shelf, unsigned long index) __must_check;
typedef struct page *(*page_fn_t)(struct page *page, void *data);
struct shelf { int n; } the_shelf = { .n = 3 };
DECLARE_PER_CPU(struct page *, spare_page);
static inline struct page *first_of(struct plain *p) { return p->page; }

#ifdef __cplusplus
extern "C" {
#endif
int linked(void);
#ifdef __cplusplus
}
#endif
#endif

/* items
 * macro READING_STRUCTS_H
 * struct plain
 * struct
 * struct grouped
 * struct either
 * struct state
 * object
 * object
 * object
 * struct shelf
 * object
 * function first_of
 * object
 */
