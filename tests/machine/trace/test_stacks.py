"""Stacks of allocations say for which kind of page they were, or nothing."""

import pytest

from memdesc.kinds import Kind
from memdesc.machine.trace.callers import BORDERS, GENERAL, REFINED, SPECIFIC, UNDECIDED
from memdesc.machine.trace.stacks import Symbols, bare, is_general, kind_of


@pytest.mark.parametrize(
    ("stack", "kind"),
    [
        ("__alloc_pages alloc_pages allocate_slab ___slab_alloc kmem_cache_alloc", Kind.SLAB),
        ("__alloc_frozen_pages_noprof alloc_pages_mpol vma_alloc_folio_noprof do_anonymous_page", Kind.ANON),
        ("__alloc_pages_noprof folio_alloc_noprof filemap_alloc_folio_noprof page_cache_ra_order", Kind.FILE),
        ("__alloc_pages alloc_pages pte_alloc_one filemap_map_pages do_fault handle_mm_fault", Kind.TABLE),
        (
            "__alloc_pages vma_alloc_folio shmem_alloc_folio shmem_get_folio_gfp shmem_fault do_fault",
            Kind.FILE,
        ),
        ("__alloc_pages __vmalloc_node_range bpf_prog_alloc", Kind.VMALLOC),
        ("__alloc_pages __vmalloc_node_range dup_task_struct copy_process kernel_clone", Kind.STACK),
        ("__alloc_pages ___kmalloc_large_node __kmalloc_large_node_noprof my_probe", Kind.LARGE),
        ("__alloc_pages __page_pool_alloc_pages_slow veth_poll", Kind.NET),
        ("__alloc_pages get_free_pages my_driver_open", Kind.DRIVER),
        ("__alloc_pages my_driver_open", Kind.NONE),
        ("", Kind.NONE),
        ("__alloc_pages folio_alloc alloc_migration_target migrate_pages do_anonymous_page", Kind.NONE),
    ],
)
def test_kinds(stack: str, kind: Kind) -> None:
    """The innermost function that knows decides; one that knows only in general yields to others."""
    assert kind_of(stack.split())[0] is kind


def test_what_an_interrupt_interrupted_says_nothing() -> None:
    """Functions beyond the border of an interrupt asked for nothing."""
    stack = [
        "__alloc_pages",
        "my_driver_irq",
        "handle_irq_event",
        "asm_common_interrupt",
        "do_anonymous_page",
    ]
    assert kind_of(stack)[0] is Kind.NONE


def test_no_function_is_of_two_kinds() -> None:
    """Each function has one row, and no border is one of them."""
    seen: dict[str, Kind] = {}
    for row in (*SPECIFIC, *GENERAL, *UNDECIDED):
        assert row.source
        for function in row.functions.split():
            assert function not in seen, function
            assert bare(function) == function
            seen[function] = row.kind
    assert not seen.keys() & set(BORDERS.split())
    assert all(inner is not row.kind for inner, row in REFINED)


def test_names_lose_what_compilers_add() -> None:
    """Suffixes of gcc and clang, and of allocation profiling."""
    assert bare("alloc_new_pud.constprop.0") == "alloc_new_pud"
    assert bare("__kmalloc_large_node_noprof.isra.0") == "__kmalloc_large_node"
    assert is_general("vma_alloc_folio")
    assert not is_general("do_anonymous_page")


def test_symbols_by_address() -> None:
    """An address belongs to the function that starts before it; data is no function."""
    symbols = Symbols("0000000000001000 T first\n0000000000001800 D data\n0000000000002000 t second\n")
    assert [symbols.name(at) for at in (0xFFF, 0x1000, 0x1FFF, 0x2001)] == ["?", "first", "first", "second"]
    assert symbols.known
    assert not Symbols("").known
