/* Functions whose heads are macros. */
SYSCALL_DEFINE3(fetch, unsigned int, fd, char __user *, buf, size_t, count)
{
	return do_fetch(fd, buf, count);
}

SYSCALL_DEFINE0(nothing)
{
	return 0;
}

COMPAT_SYSCALL_DEFINE2(fetch, compat_uint_t, fd, struct compat_range __user *, range)
{
	return do_fetch_range(fd, range);
}

#ifdef CONFIG_ORDER
SYSCALL_DEFINE2(twist, int, a,
		int __user *, b)
#elif defined(CONFIG_OTHER)
SYSCALL_DEFINE2(twist, int __user *, b,
		int, a)
#else
SYSCALL_DEFINE3(twist, int, a, int __user *, b, int, unused)
#endif
{
	return do_twist(a, b);
}

BPF_CALL_2(ask_thing, struct thing *, thing, u64, flags)
{
	return thing_ask(thing, flags);
}

DEFINE_TRAP_ENTRY(exc_divide)
{
	handle_divide();
}

define_board(tiny) {
	.name = "tiny",
	.setup = tiny_setup,
};

static COUNT_OPS(802_3)
{
	return 3;
}

DEFINE_SHOWERS(a, b)
DEFINE_SHOWERS(c, d)

#define EXTRA 1

static int after_showers(void)
{
	return EXTRA;
}

TRACE_EVENT(page_moved,
	TP_PROTO(struct page *page, int where),
	TP_ARGS(page, where),
	TP_STRUCT__entry(
		__field(unsigned long, pfn)
	),
	TP_fast_assign(
		__entry->pfn = page_to_pfn(page);
	),
	TP_printk("pfn %lx", __entry->pfn)
);

/* items
 * function sys_fetch
 * function sys_nothing
 * function compat_sys_fetch
 * function sys_twist
 * function ask_thing
 * function exc_divide
 * object
 * function COUNT_OPS
 * object
 * object
 * macro EXTRA
 * function after_showers
 * object
 */
