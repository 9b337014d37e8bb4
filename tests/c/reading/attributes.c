/* Attribute macros in every place where kernel code puts them. */
static struct page *pool_page __read_mostly;
static unsigned long table[16] __aligned(64) = { 0 };
EXPORT_SYMBOL(pool_get)

static __always_inline struct page * pool_get(struct pool *pool)
{
	return pool->page;
}

struct page *__weak pool_find(struct pool __rcu **pools, const char __user *name, size_t len __maybe_unused)
	__acquires(&pool_lock)
	__must_hold(&other_lock)
{
	struct pool *pool __free(pool_put) = pool_lookup(name);
	u8 buffer[24] __aligned(8);
	void __iomem *base = (void __iomem *)pool->base;
	struct page __percpu *slot;
	__u32 __word = 3;

	__raw_writel((__force u32)cpu_to_le32(__word), base);
	slot = (struct page __force *)pool_slot(pool, buffer);
	return slot;
}

asmlinkage __visible int __sched notrace pool_sleep(void)
{
	return 0;
}

static noinline_for_stack __printf(2, 3) void
pool_say(struct pool *pool, const char *format, ...)
{
	say(pool, format);
}

__printf(1, 2) static void pool_shout(const char *format, ...)
{
	shout(format);
}

int __init __attribute__((section(".odd"))) pool_setup(void)
{
	extern void __pool_begin(struct pool *pool, struct page *page);

	__pool_begin(&first_pool, NULL);
	return 0;
}
module_init(pool_setup);

STATIC_UNLESS_TESTED int pool_test(struct pool *pool) { return pool->count; }

static struct made_here {
	int a;
} *pool_make(struct pool *pool)
{
	return pool->made;
}

/* items
 * object
 * object
 * object
 * function pool_get
 * function pool_find
 * function pool_sleep
 * function pool_say
 * function pool_shout
 * function pool_setup
 * object
 * function pool_test
 * struct made_here
 * function pool_make
 */
