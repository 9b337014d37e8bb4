"""The kernel's rules that the planted mistakes break: who hands out which memory, who takes which back.

Written from the kernel's own headers and documentation, not from the signatures of the checker; a rule that
the checker does not know gives mutants that it misses.
"""

import re
from collections.abc import Iterable

from .text import names

FAMILY = {
    **dict.fromkeys(
        names(
            "kmalloc kzalloc kcalloc kmalloc_array kmalloc_node kzalloc_node kcalloc_node kmemdup kstrdup kstrndup"
            " kasprintf krealloc"
        ),
        "slab",
    ),
    **dict.fromkeys(
        names("vmalloc vzalloc vmalloc_user vmalloc_node vzalloc_node __vmalloc vcalloc"), "vmalloc"
    ),
    **dict.fromkeys(names("kvmalloc kvzalloc kvcalloc kvmalloc_array kvmalloc_node kvzalloc_node"), "kv"),
    **dict.fromkeys(names("__get_free_page __get_free_pages get_zeroed_page"), "pages"),
    **dict.fromkeys(names("alloc_page alloc_pages alloc_pages_node dev_alloc_page dev_alloc_pages"), "page"),
    **dict.fromkeys(names("kmem_cache_alloc kmem_cache_zalloc kmem_cache_alloc_node"), "cache"),
    **dict.fromkeys(names("alloc_pages_exact"), "exact"),
    **dict.fromkeys(names("dma_alloc_coherent usb_alloc_coherent"), "coherent"),
    **dict.fromkeys(names("alloc_percpu __alloc_percpu alloc_percpu_gfp"), "percpu"),
    **dict.fromkeys(names("ioremap ioremap_wc ioremap_cache ioremap_uc ioremap_np"), "io"),
    **dict.fromkeys(names("vmap vm_map_ram"), "vmap"),
    **dict.fromkeys(
        names(
            "netdev_alloc_frag napi_alloc_frag page_frag_alloc netdev_alloc_frag_align napi_alloc_frag_align"
        ),
        "frag",
    ),
    **dict.fromkeys(
        names(
            "page_pool_dev_alloc_pages page_pool_alloc_pages page_pool_dev_alloc_frag page_pool_alloc_frag"
            " page_pool_dev_alloc"
        ),
        "pool",
    ),
}
"""Who hands out memory, and the family of functions that takes it back."""

FREES = {
    "kfree": (0, "slab"),
    "kfree_sensitive": (0, "slab"),
    "vfree": (0, "vmalloc"),
    "kvfree": (0, "kv"),
    "free_page": (0, "pages"),
    "free_pages": (0, "pages"),
    "__free_page": (0, "page"),
    "__free_pages": (0, "page"),
    "kmem_cache_free": (1, "cache"),
    "free_pages_exact": (0, "exact"),
    "dma_free_coherent": (2, "coherent"),
    "usb_free_coherent": (2, "coherent"),
    "free_percpu": (0, "percpu"),
    "iounmap": (0, "io"),
    "vunmap": (0, "vmap"),
    "skb_free_frag": (0, "frag"),
    "page_frag_free": (0, "frag"),
    "page_pool_put_full_page": (1, "pool"),
    "page_pool_put_page": (1, "pool"),
    "page_pool_recycle_direct": (1, "pool"),
}
"""Who takes memory back: the argument, and the family it must be of."""

WRONG_FREES = {
    "slab": ("vfree({x})", "free_page((unsigned long){x})", "put_page(virt_to_page({x}))",
             "free_pages_exact({x}, PAGE_SIZE)"),
    "vmalloc": ("kfree({x})", "free_page((unsigned long){x})", "kfree_sensitive({x})"),
    "kv": ("kfree({x})", "vfree({x})"),
    "pages": ("kfree((void *){x})", "vfree((void *){x})"),
    "page": ("kfree(page_address({x}))", "vfree(page_address({x}))"),
    "cache": ("vfree({x})", "free_page((unsigned long){x})", "put_page(virt_to_page({x}))"),
    "exact": ("kfree({x})", "vfree({x})"),
    "coherent": ("kfree({x})", "vfree({x})", "free_page((unsigned long){x})"),
    "percpu": ("kfree((void *){x})", "vfree((void *){x})"),
    "io": ("kfree((void *){x})", "vfree((void *){x})"),
    "vmap": ("kfree({x})",),
    "frag": ("kfree({x})", "vfree({x})"),
    "pool": ("put_page({x})", "__free_page({x})"),
}  # fmt: skip
"""By family, frees of other allocators that are wrong for all of its memory (kv: for half of it)."""

WRONG_ALLOCATIONS = {
    "kmalloc": (
        "vmalloc({0})",
        "kvmalloc({0}, {1})",
        "(void *)__get_free_page({1})",
        "alloc_pages_exact({0}, {1})",
    ),
    "kzalloc": (
        "vzalloc({0})",
        "kvzalloc({0}, {1})",
        "(void *)get_zeroed_page({1})",
        "alloc_pages_exact({0}, {1})",
    ),
    "kcalloc": ("vzalloc(array_size({0}, {1}))", "kvcalloc({0}, {1}, {2})"),
    "kmalloc_array": ("vmalloc(array_size({0}, {1}))", "kvmalloc_array({0}, {1}, {2})"),
    "vmalloc": ("kmalloc({0}, GFP_KERNEL)", "kvmalloc({0}, GFP_KERNEL)"),
    "vzalloc": ("kzalloc({0}, GFP_KERNEL)", "kvzalloc({0}, GFP_KERNEL)"),
    "__get_free_page": ("(unsigned long)kmalloc(PAGE_SIZE, {0})",),
    "get_zeroed_page": ("(unsigned long)kzalloc(PAGE_SIZE, {0})",),
    "alloc_page": ("virt_to_page(kmalloc(PAGE_SIZE, {0}))",),
    "kmem_cache_alloc": ("vmalloc(sizeof(*{x}))",),
    "kmem_cache_zalloc": ("vzalloc(sizeof(*{x}))",),
    "dma_alloc_coherent": ("kzalloc({1}, {3})", "vzalloc({1})"),
    "alloc_pages_exact": ("kmalloc({0}, {1})", "vmalloc({0})"),
    "page_pool_dev_alloc_pages": ("alloc_page(GFP_ATOMIC)", "dev_alloc_page()"),
    "page_pool_alloc_pages": ("alloc_page({1})", "dev_alloc_page()"),
}
"""By allocator, calls of others that fit in its place; the free that stays is wrong for what they give."""

LINEAR = {
    "sg_init_one": (1, "b"),
    "sg_set_buf": (1, "b"),
    "virt_to_page": (0, "b"),
    "virt_to_phys": (0, "b"),
    "__pa": (0, "b"),
    "dma_map_single": (1, "b"),
    "usb_control_msg": (6, "b"),
    "usb_bulk_msg": (2, "b"),
    "usb_interrupt_msg": (2, "b"),
    "usb_fill_bulk_urb": (3, "b"),
    "usb_fill_int_urb": (3, "b"),
    "usb_fill_control_urb": (4, "b"),
    "usb_get_descriptor": (3, "b"),
    "spi_write": (1, "b"),
    "spi_read": (1, "b"),
    "sdio_memcpy_toio": (2, "b"),
    "sdio_memcpy_fromio": (1, "b"),
    "sdio_readsb": (1, "b"),
    "sdio_writesb": (2, "b"),
    "hid_hw_raw_request": (2, "b"),
    "hid_hw_output_report": (1, "b"),
    "bio_map_kern": (1, "b"),
    "bvec_set_virt": (1, "b"),
    "virt_to_head_page": (0, "b"),
}
"""Who needs an address of the linear map (Documentation/core-api/dma-api-howto.rst): argument, class."""

PAGES = {
    "get_page": (0, "h"),
    "put_page": (0, "h"),
    "kernel_sendpage": (1, "a"),
    "skb_fill_page_desc": (2, "a"),
    "skb_add_rx_frag": (2, "a"),
    "sock_sendpage": (1, "a"),
    "vm_insert_page": (2, "d"),
    "lock_page": (0, "d"),
    "unlock_page": (0, "d"),
    "set_page_dirty": (0, "d"),
    "set_page_dirty_lock": (0, "d"),
    "end_page_writeback": (0, "d"),
    "page_mapcount": (0, "d"),
    "page_memcg": (0, "i"),
    "page_pool_put_full_page": (1, "f"),
    "page_pool_recycle_direct": (1, "f"),
}
"""Who needs a page that counts references, may be mapped, or belongs to the page cache or a pool; never slab."""

FOLIOS = {
    "folio_get": (0, "h"),
    "folio_put": (0, "h"),
    "folio_lock": (0, "d"),
    "folio_unlock": (0, "d"),
    "folio_mark_dirty": (0, "d"),
    "folio_end_writeback": (0, "d"),
    "folio_add_lru": (0, "d"),
    "folio_mapcount": (0, "d"),
    "folio_memcg": (0, "i"),
    "filemap_dirty_folio": (1, "d"),
    "filemap_add_folio": (1, "d"),
}
"""The same of folios: never slab, and always the head."""

HEADS = {
    **FOLIOS,
    "folio_mark_uptodate": (0, "d"),
    "folio_wait_writeback": (0, "d"),
}
"""Who is to be given the head of a folio (VM_BUG_ON_PGFLAGS(PageTail(page), page), folio_flags())."""

MEMBERS = ("mapping", "index", "private", "lru")
"""Members of struct page and struct folio that slab memory uses for something else (struct slab, mm/slab.h)."""

PAGE_TO_FOLIO = {
    "lock_page": "folio_lock",
    "unlock_page": "folio_unlock",
    "put_page": "folio_put",
    "get_page": "folio_get",
    "set_page_dirty": "folio_mark_dirty",
    "unpin_user_page": "folio_put",
    "end_page_writeback": "folio_end_writeback",
}
"""Functions that find the head of any page, and those that are to be given the head."""

ANY_PAGE = names(
    "get_user_pages get_user_pages_fast pin_user_pages pin_user_pages_fast get_user_pages_remote"
    " get_user_pages_unlocked pin_user_pages_remote pin_user_pages_unlocked iov_iter_get_pages2"
    " iov_iter_get_pages_alloc2 iov_iter_get_pages iov_iter_get_pages_alloc iov_iter_extract_pages"
)
"""Who fills an array with pages of user space, tails among them."""

ONE_PAGE = names("vm_normal_page follow_page pte_page folio_file_page find_subpage get_dump_page")
"""Who gives a page of a folio that need not be its first."""

GUARDS = {
    "is_vmalloc_addr": ("0", ("vmalloc", "kv", "vmap"), "b"),
    "is_vmalloc_or_module_addr": ("0", ("vmalloc", "kv", "vmap"), "b"),
    "virt_addr_valid": ("1", ("vmalloc", "kv", "vmap", "io", "stack"), "b"),
    "object_is_on_stack": ("0", ("stack",), "b"),
    "sendpage_ok": ("1", ("slab",), "a"),
    "PageSlab": ("0", ("slab",), "d"),
    "folio_test_slab": ("0", ("slab",), "d"),
}
"""Tests: what is put in their place so that everything passes, what they kept out, the class."""

CONVERTERS = {
    "vmalloc_to_page": ("virt_to_page({x})", ("vmalloc", "kv", "vmap")),
    "virt_to_page": ("vmalloc_to_page({x})", ("slab", "pages", "exact", "cache")),
    "virt_to_head_page": ("vmalloc_to_page({x})", ("slab", "pages", "exact", "cache")),
    "virt_to_phys": ("page_to_phys(vmalloc_to_page({x}))", ("slab", "pages", "exact", "cache")),
    "__pa": ("page_to_phys(vmalloc_to_page({x}))", ("slab", "pages", "exact", "cache")),
    "virt_to_slab": ("page_slab(vmalloc_to_page({x}))", ("slab", "cache")),
    "sg_set_buf": ("sg_set_page({0}, vmalloc_to_page({x}), {2}, offset_in_page({x}))", ("slab", "pages", "exact")),
    "sg_init_one": ("sg_set_page({0}, vmalloc_to_page({x}), {2}, offset_in_page({x}))", ("slab", "pages", "exact")),
    "dma_map_single": (
        "dma_map_page({0}, vmalloc_to_page({x}), offset_in_page({x}), {2}, {3})", ("slab", "pages", "exact", "cache"),
    ),
}  # fmt: skip
"""Converters, the other one in their place, and the families for which only the first is right."""

TABLES = {
    "pgtable_pte_page_ctor": "1",
    "pgtable_pmd_page_ctor": "1",
    "pagetable_pte_ctor": "1",
    "pagetable_pmd_ctor": "1",
    "pgtable_pte_page_dtor": "(void)0",
    "pgtable_pmd_page_dtor": "(void)0",
    "pagetable_pte_dtor": "(void)0",
    "pagetable_pmd_dtor": "(void)0",
    "pte_free": "__free_page({1})",
    "pmd_free": "free_page((unsigned long){1})",
    "pud_free": "vfree({1})",
    "pte_free_kernel": "kfree({1})",
}
"""Constructors and destructors that are left out, frees of page tables that pass them by."""


def words(some: Iterable[str]) -> "re.Pattern[str]":
    """Return the pattern that finds any of these names as a whole word."""
    return re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(some))) + r")\b")
