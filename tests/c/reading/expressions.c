/* Types as arguments, statement expressions, typeof, asm and the rest of GNU C. */
int types_as_arguments(struct list_head *head, va_list ap)
{
	struct shelf *shelf = container_of(head, struct shelf, list);
	struct shelf *other = list_first_entry(head, const struct shelf, list);
	size_t n = min_t(unsigned long, shelf->n, other->n);
	char *name = va_arg(ap, char *);
	size_t at = offsetof(struct shelf, boxes[2].page);

	shelf = kmalloc_obj(struct shelf, GFP_KERNEL);
	other = alloc_percpu(struct shelf);
	boxes_add(DIV_ROUND_UP(n * sizeof(struct page), PAGE_SIZE));
	return n + at + sizeof(struct shelf) + sizeof(*name) + __alignof__(*shelf);
}

int gnu_c(struct page *page, unsigned long flags, int x)
{
	typeof(*page) *p = page;
	const __typeof__(flags) copy = (typeof(flags))(flags);
	int y = ({ int z = x + 1; z; });
	static DEFINE_RATELIMIT_STATE(rs, HZ, 10);
	void *where = &&out;
	__label__ retry;

	asm volatile("nop" : "=r" (flags) : "r" (x) : "memory");
	asm goto("1: jmp %l[out]" : : : : out);
	switch (x) {
	case 0 ... 4:
		fallthrough;
	case 5:
		y = x ?: 3;
		break;
	default:
	}
	y = _Generic(p, struct page *: page_to_nid, const struct page *: page_to_zone)(p);
	if (y > 7)
		goto *where;
	get_page(p);
out:
}

int strings(struct page *page)
{
	printk(KERN_ERR PREFIX "page %p" SUFFIX
	       " it's /* no comment */ \"quoted\" " __stringify(PAGE_SIZE) "\n", page);
	printk(KERN_INFO DRIVER_NAME " loaded\n");
	return '"' + '\'' + '\\' + '{';
}

int statements_as_arguments(struct page *page)
{
	DEBUG(say("one"); say("two");)
	WAIT_FOR(page, 2000,
		 if (page_count(page))
			 break;
	);
	CHECK_OP(page->index, ==, 3);
	vote(page, , 3);
	NO_SEMICOLON(page)
	get_page(page);
	ASSERT_OR(page, return 0);
	if FAILED(try_page(page))
		return 4;
	do_each_thing(page, things) {
		get_page(page);
	} while_each_thing();
	return flag_of(page, 5705_PLUS);
}

int old_comma(struct page *page)
{
	if (page)
		FIRST(page)
	return 0;
}

/* items
 * function types_as_arguments
 * function gnu_c
 * function strings
 * function statements_as_arguments
 * function old_comma
 */
