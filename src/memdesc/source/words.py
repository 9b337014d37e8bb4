"""What the words of kernel C mean to a reader of syntax: tables, no code beyond the tables' regular forms."""


def _nested(opening: bytes, closing: bytes, depth: int) -> bytes:
    """Return a regular expression for brackets nested up to `depth` deep; possessive, hence linear."""
    other = rb"[^" + opening + closing + rb"]*+"
    pattern = opening + other + closing
    for _ in range(depth):
        pattern = opening + other + rb"(?>(?:" + pattern + other + rb")*)" + closing
    return pattern


GROUP = _nested(rb"\(", rb"\)", 7)
BRACES = _nested(rb"\{", rb"\}", 12)


# Words that begin a statement with parentheses, or look like a call and are none.
KEYWORDS = frozenset(
    b"if for while switch return sizeof do else case default goto break continue alignof _Alignof"
    b" __alignof__ typeof __typeof__ __typeof typeof_unqual asm __asm__ __asm _Static_assert static_assert"
    b" defined".split()
)

# Words of C that belong in a declaration and that the grammar knows.
DECLARATION_WORDS = frozenset(
    b"static extern inline __inline __inline__ register auto typedef const volatile restrict __restrict"
    b" __restrict__ struct union enum unsigned signed long short int char void float double bool _Bool"
    b" _Noreturn noreturn _Atomic __extension__ __int128 __thread thread_local".split()
)

# Base types: when one of these is there, no other plain word can be the type.
BASE_TYPES = frozenset(
    b"struct union enum unsigned signed long short int char void float double bool _Bool __int128".split()
)

# Attribute macros that take no argument and mean nothing to the reader. A word with leading underscores that
# is no type (see `is_type_word`) needs no entry here when it stands between a type and a name.
ATTRIBUTES = frozenset(
    b"__init __exit __initdata __exitdata __initconst __exitconst __devinit __meminit __memexit __cpuinit"
    b" __ref __refdata __refconst __always_inline noinline __noinline __used __unused __maybe_unused"
    b" __always_unused __must_check __must_hold __user __kernel __iomem __force __percpu __rcu __nocast"
    b" __private __safe __bitwise __weak __pure __attribute_const__ __deprecated __cold __hot __visible"
    b" __noreturn __latent_entropy __randomize_layout __no_randomize_layout __designated_init __packed"
    b" __cacheline_aligned ____cacheline_aligned __cacheline_aligned_in_smp ____cacheline_aligned_in_smp"
    b" ____cacheline_internodealigned_in_smp __read_mostly __ro_after_init __page_aligned_data"
    b" __page_aligned_bss __sched __lockfunc __kprobes nokprobe_inline notrace noinstr __cpuidle __noclone"
    b" __flatten __fallthrough __nonstring __counted_by __noendbr __ibt_noendbr __mips16e __naked"
    b" __irq_entry __softirq_entry __no_caller_saved_registers __net_init __net_exit __net_initdata"
    b" __lsm_ro_after_init __uaccess noinline_for_stack noinline_for_kasan noinline_if_stackprotector"
    b" inline_for_stack asmlinkage fastcall __visible_used visible_in_kunit VISIBLE_IF_KUNIT"
    b" INIT_DEFERRABLE __no_sanitize_address __no_kasan_or_inline __no_sanitize_or_inline __no_kcsan"
    b" __no_sanitize_thread __no_sanitize_undefined __no_sanitize_memory __no_kmsan_checks"
    b" __no_sanitize_coverage __no_profile __no_stack_protector __nostackprotector __nocfi __noscs"
    b" __no_fgcse __signed __cdecl __section_aligned __bpf_kfunc __bpf_hook_start __rcu_safe __no_kmsan"
    b" __noinitretpoline __noretpoline INDIRECT_CALLABLE_SCOPE INDIRECT_CALLABLE_DECLARE __indirect_branch"
    b" __arena __arg_arena __arg_ctx __arg_nonnull __arg_trusted __ksym __kptr __kptr_untrusted"
    b" __percpu_kptr __uptr __ctx_tag __seg_gs __seg_fs __ALIGNED__ __ptr32 __aligned_largest"
    b" __annotate_jump_table".split()
)

# The same with arguments. Others are known by their leading underscores and their place (`name __free(x) =
# ...`).
ATTRIBUTE_CALLS = frozenset(
    b"__printf __scanf __aligned __section __acquires __acquire_shared __releases __must_hold"
    b" __cond_acquires __cond_releases __alloc_size __realloc_size __assume_aligned __nonnull"
    b" __returns_nonnull __error __warning __alias __malloc_like __no_sanitize __counted_by __counted_by_le"
    b" __counted_by_be __attribute __attribute__ __free __cleanup __diagnose_as __overloadable"
    b" __pass_object_size __pass_dynamic_object_size __mode __compiletime_error __compiletime_warning"
    b" __guarded_by __must_hold_shared __bpf_md_ptr_unused __nonstring_array __vsyscall_fn __page_aligned"
    b" __designated __btf_decl_tag __ksym_arg".split()
)

# Names of types that start with underscores, like attributes do, or with capitals, like macros do.
TYPE_SUFFIXES = (b"_t", b"_T", b"8", b"16", b"32", b"64", b"128")

# Macros that define a system call or the like: name, then (type, argument) pairs. Value: what the name
# becomes.
PAIRED = {
    b"SYSCALL_DEFINE": b"sys_",
    b"COMPAT_SYSCALL_DEFINE": b"compat_sys_",
    b"COMPAT_SYSCALL32_DEFINE": b"compat_sys_",
    b"SYSCALL32_DEFINE": b"sys32_",
    b"PPC32_SYSCALL_DEFINE": b"sys_",
    b"BPF_CALL_": b"",
    b"NOTRACE_BPF_CALL_": b"",
    b"OSF_SYSCALL_DEFINE": b"sys_",
}

# Groups of struct members: how many leading arguments come before the members.
GROUPS = {
    b"struct_group": 1,
    b"struct_group_attr": 2,
    b"struct_group_tagged": 2,
    b"__struct_group": 3,
}


def is_type_word(word: bytes) -> bool:
    """Return whether a word with leading underscores is spelt as types are (`__be16`, `__poll_t`)."""
    return word.endswith(TYPE_SUFFIXES)
