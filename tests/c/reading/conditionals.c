/* Conditional compilation around and inside functions. */
#ifdef CONFIG_A
int split_head(int a)
#else
int split_head(int a, int b)
#endif
{
	return a;
}

#ifdef CONFIG_A
int split_brace(int a) {
#else
int split_brace(int a, int b) {
#endif
	return a;
}

int whole_groups(struct page *page)
{
	int x = 0;

#ifdef CONFIG_A
	get_page(page);
#elif defined(CONFIG_B) && \
	!defined(CONFIG_C)
	put_page(page);
#else
	x++;
#endif
	switch (x) {
#ifdef CONFIG_A
	case 1:
		lock_page(page);
		break;
#endif
	default:
		unlock_page(page);
	}
	return x;
}

int half_if(struct page *page)
{
#ifdef CONFIG_A
	if (page_is_a(page)) {
#else
	if (page_is_b(page)) { /* lost */
#endif
		lock_page(page);
	}
	if (page_is_c(page) ||
#ifdef CONFIG_B
	    page_is_d(page) ||
#endif
	    page_is_e(page))
		return 1;
	if (page_count(page))
		return 2;
#ifdef CONFIG_C
	else if (page_is_f(page))
		return 3;
#endif
	return 0;
}

int two_ends(int a)
{
#ifdef CONFIG_A
	if (a)
		return 1;
	return 2;
}
#else
	return 3;
}
#endif

#if 0
int dead(void)
{
	this is prose, it isn't code {{{
}
#endif

int inner_macros(int a)
{
#define TWICE(x) do { \
	use(x); /* a comment \
		   that goes on */ \
	use(x); \
} while (0)
	TWICE(a);
#undef TWICE
#pragma GCC unroll 4
	return a;
out:
#ifdef CONFIG_A
	a++;
#endif
}

static const struct thing things[] = {
#ifdef CONFIG_A
	{ .fn = whole_groups },
#else
	{ .fn = half_if },
#endif
{
	.fn = two_ends,
},
};

/* items
 * function split_head
 * function split_brace
 * function whole_groups
 * function half_if
 * function two_ends
 * function inner_macros
 * macro TWICE(x)
 * object
 */
