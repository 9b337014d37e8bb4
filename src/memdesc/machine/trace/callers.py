"""What kind of page a kernel function asks the page allocator for: data, one row for functions of a kind.

A row is read as: a page that was allocated somewhere below one of these functions is of this kind. Functions
are named as the kernel names them, in whatever release; suffixes of the compiler (.isra.0) and of allocation
profiling (_noprof) are left out.
"""

from dataclasses import dataclass

from memdesc.kinds import Kind


@dataclass(frozen=True, slots=True)
class Callers:
    """Functions that ask for pages of `kind`, and the file of the kernel that has them."""

    kind: Kind
    source: str
    functions: str


SPECIFIC: tuple[Callers, ...] = (
    Callers(Kind.SLAB, "mm/slub.c", "allocate_slab alloc_slab_page new_slab"),
    Callers(Kind.SLAB, "mm/slab.c until 6.7, mm/slob.c until 6.3", "kmem_getpages slob_new_pages cache_grow_begin"),
    Callers(
        Kind.LARGE, "mm/slub.c; mm/slab_common.c until 6.9",
        "___kmalloc_large_node __kmalloc_large_node kmalloc_large kmalloc_large_node kmalloc_order "
        "__kmalloc_large kmalloc_order_trace",
    ),
    Callers(
        Kind.TABLE, "include/asm-generic/pgalloc.h, mm/memory.c, arch/*/mm/pgtable.c",
        "pte_alloc_one pte_alloc_one_kernel __pte_alloc_one __pte_alloc_one_kernel __pte_alloc "
        "__pte_alloc_kernel pmd_alloc_one __pmd_alloc pud_alloc_one __pud_alloc __pud_alloc_one "
        "p4d_alloc_one __p4d_alloc pgd_alloc _pgd_alloc __pgd_alloc spp_getpage preallocate_pmds "
        "pti_user_pagetable_walk_p4d pti_user_pagetable_walk_pmd pagetable_alloc",
    ),
    Callers(
        Kind.VMALLOC, "mm/vmalloc.c",
        "__vmalloc_area_node vm_area_alloc_pages __vmalloc_node_range __vmalloc_node vmalloc "
        "vzalloc vmalloc_user __vmalloc vmalloc_node vmalloc_huge_node",
    ),
    Callers(
        Kind.PERCPU, "mm/percpu-vm.c, mm/percpu-km.c",
        "pcpu_alloc_pages pcpu_populate_chunk pcpu_create_chunk",
    ),
    Callers(
        Kind.NET, "net/core/page_pool.c",
        "__page_pool_alloc_page_order __page_pool_alloc_pages_slow __page_pool_alloc_netmems_slow "
        "page_pool_alloc_pages page_pool_alloc_netmems page_pool_alloc_frag page_pool_alloc_frag_netmem",
    ),
    Callers(
        Kind.FRAG, "mm/page_frag_cache.c, mm/page_alloc.c until 6.12; net/core/sock.c, net/core/skbuff.c",
        "__page_frag_cache_refill page_frag_alloc_align __page_frag_alloc_align skb_page_frag_refill "
        "sk_page_frag_refill napi_alloc_cache_get __netdev_alloc_frag_align __napi_alloc_frag_align "
        "vhost_net_page_frag_refill",
    ),
    Callers(Kind.ZSMALLOC, "mm/zsmalloc.c", "alloc_zspage alloc_zpdesc zs_malloc"),
    Callers(
        Kind.FILE, "mm/filemap.c, mm/readahead.c",
        "filemap_alloc_folio __page_cache_alloc __filemap_get_folio __filemap_get_folio_mpol pagecache_get_page "
        "ra_alloc_folio page_cache_ra_order page_cache_ra_unbounded do_read_cache_folio "
        "filemap_create_folio grow_dev_page grow_dev_folio",
    ),
    Callers(
        Kind.FILE, "mm/shmem.c",
        "shmem_alloc_folio shmem_alloc_page shmem_alloc_hugefolio shmem_alloc_hugepage "
        "shmem_alloc_and_acct_folio shmem_alloc_and_add_folio shmem_alloc_and_acct_page "
        "shmem_mfill_atomic_pte shmem_swapin_folio",
    ),
    Callers(Kind.FILE, "mm/khugepaged.c, mm/secretmem.c", "collapse_file secretmem_fault"),
    Callers(
        Kind.ANON, "mm/memory.c",
        "do_anonymous_page alloc_anon_folio wp_page_copy do_wp_page do_cow_fault page_copy_prealloc "
        "folio_prealloc copy_present_page copy_present_ptes do_swap_page alloc_swap_folio "
        "__alloc_swap_folio vma_alloc_zeroed_movable_folio alloc_zeroed_user_highpage_movable",
    ),
    Callers(
        Kind.ANON, "mm/huge_memory.c, mm/khugepaged.c, mm/swap_state.c, mm/userfaultfd.c, mm/ksm.c",
        "do_huge_pmd_anonymous_page vma_alloc_anon_folio_pmd do_huge_pmd_wp_page collapse_huge_page "
        "__read_swap_cache_async read_swap_cache_async swap_cluster_readahead swap_vma_readahead "
        "swap_cache_alloc_folio mfill_atomic_pte_copy mfill_atomic_pte_zeropage ksm_might_need_to_copy "
        "uprobe_write_opcode",
    ),
    Callers(
        Kind.HUGETLB, "mm/hugetlb.c",
        "alloc_buddy_hugetlb_folio alloc_buddy_huge_page alloc_fresh_hugetlb_folio alloc_fresh_huge_page "
        "only_alloc_fresh_hugetlb_folio alloc_surplus_hugetlb_folio",
    ),
    Callers(
        Kind.IOMMU, "drivers/iommu/iommu-pages.c",
        "iommu_alloc_pages_node iommu_alloc_pages_node_sz iommu_alloc_pages",
    ),
    Callers(
        Kind.MOVABLE, "mm/balloon_compaction.c, drivers/virtio/virtio_balloon.c",
        "balloon_page_alloc fill_balloon",
    ),
    Callers(Kind.EXACT, "mm/page_alloc.c", "alloc_pages_exact alloc_pages_exact_nid"),
    Callers(
        Kind.DRIVER, "fs/pipe.c, fs/splice.c, lib/iov_iter.c",
        "pipe_write anon_pipe_write anon_pipe_get_page append_pipe copy_splice_read",
    ),
    Callers(
        Kind.DRIVER, "kernel/trace/ring_buffer.c",
        "__rb_allocate_pages rb_allocate_pages rb_allocate_cpu_buffer ring_buffer_alloc_read_page "
        "ring_buffer_resize ring_buffer_alloc trace_buffered_event_enable",
    ),
    Callers(
        Kind.DRIVER, "mm/mmu_gather.c, fs/select.c, net/core/skbuff.c, drivers/net/virtio_net.c",
        "tlb_next_batch __tlb_remove_page_size __tlb_remove_folio_pages_size tlb_remove_table "
        "__pollwait alloc_skb_with_frags try_fill_recv sgl_alloc_order",
    ),
    Callers(
        Kind.DRIVER, "mm/mempool.c, block/bio.c, fs/crypto/crypto.c",
        "mempool_alloc_pages bio_copy_kern bio_copy_user_iov",
    ),
)  # fmt: skip
"""Functions that ask for one kind and no other. The innermost in a stack decides."""

GENERAL: tuple[Callers, ...] = (
    Callers(Kind.ANON, "mm/mempolicy.c: memory of a VMA that no other row knows", "vma_alloc_folio"),
    Callers(
        Kind.DRIVER, "mm/page_alloc.c: the address of bare pages",
        "__get_free_pages get_free_pages get_zeroed_page",
    ),
    Callers(
        Kind.DRIVER, "mm/page_alloc.c, mm/mempolicy.c: bare pages",
        "alloc_pages alloc_pages_node alloc_pages_current",
    ),
)  # fmt: skip
"""Functions that ask for one kind unless a specific one is farther out."""

REFINED: tuple[tuple[Kind, Callers], ...] = (
    (
        Kind.VMALLOC,
        Callers(Kind.STACK, "kernel/fork.c", "alloc_thread_stack_node dup_task_struct copy_process"),
    ),
)
"""(inner, outer): pages of the inner kind, asked for below a function of the outer row, are of that row's kind."""

UNDECIDED: tuple[Callers, ...] = (
    Callers(
        Kind.NONE, "mm/migrate.c, mm/compaction.c: the kind is that of the page that moves",
        "alloc_migration_target alloc_misplaced_dst_folio alloc_misplaced_dst_page compaction_alloc "
        "new_folio new_page alloc_demote_folio alloc_demote_page migrate_pages unmap_and_move",
    ),
)  # fmt: skip
"""Functions below which nothing can be said."""

BORDERS = (
    "asm_common_interrupt asm_sysvec_apic_timer_interrupt asm_sysvec_reschedule_ipi "
    "asm_sysvec_call_function asm_sysvec_call_function_single asm_sysvec_irq_work "
    "asm_sysvec_hyperv_callback asm_sysvec_xen_hvm_callback common_interrupt __do_softirq "
    "handle_softirqs do_softirq __irq_exit_rcu irq_exit_rcu el1_interrupt el1h_64_irq handle_irq_event"
)
"""Functions that interrupt whatever is farther out, and have nothing to do with it."""
