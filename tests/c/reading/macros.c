/* Macros: expressions, statements, declarations, initialisers. */
#define LIMIT 64
#define EMPTY
#define page_of(x)		((struct page *)(x)->page)
#define use_twice(p, n)		\
	do {			\
		get_page(p);	\
		if (n)		\
			get_page(p); \
	} while (0)
#define swap_pages(a, b)	({ struct page *t = (a); (a) = (b); (b) = t; t; })
#define for_each_box(b, s)	list_for_each_entry(b, &(s)->boxes, list)
#define say(fmt, args...)	printk(KERN_INFO fmt, ##args)
#define warn(fmt, ...)		printk(fmt, ##__VA_ARGS__)
#define MAKE(name) \
static inline struct page *name##_page(struct name *n) { return n->page; }
#define OPS(f)			{ .map = f##_map, .unmap = f##_unmap }
# define spaced( a , b )	a + b
#define commented(x) /* what a
 comment */ get_page(x)

MAKE(shelf)
MAKE(box)

struct page *after_macros(struct shelf *shelf)
{
	return page_of(shelf);
}

/* items
 * macro LIMIT
 * macro EMPTY
 * macro page_of(x)
 * macro use_twice(p, n)
 * macro swap_pages(a, b)
 * macro for_each_box(b, s)
 * macro say(fmt, args...)
 * macro warn(fmt, ...)
 * macro MAKE(name)
 * macro OPS(f)
 * macro spaced(a, b)
 * macro commented(x)
 * object
 * object
 * function after_macros
 */
