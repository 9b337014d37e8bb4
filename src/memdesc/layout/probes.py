"""What generic code reads through struct page without knowing the kind of the page: declared data.

A probe names the members of struct page that hold the word (`anchors`, the first that the design has), the
test that the kernel makes on it, who makes it, and what goes wrong when another kind's bytes pass the test.
To add one, add a row; nothing else needs to change. docs/layout.md shows it on an example.
"""

from dataclasses import dataclass
from typing import Literal

Test = Literal["bits", "whole", "magic"]
Level = Literal["hazard", "refusal", "obligation"]


@dataclass(frozen=True, slots=True)
class Probe:
    """One read.

    Attributes: name: kebab-case, the rule's name in reports. anchors: members of struct page, tried in order.
    test: "bits": (word & mask) == value; "magic": the same with a per-ABI signature; "whole": the member must
    be the same, or its sort one of `accepts`. level: "hazard": any kind meets it; "refusal": it decides a
    capability; "obligation": whoever frees the page must have restored the value. decides: capabilities that
    it refuses. by: the functions. breaks: what happens, completing "{by} ...". tail: it is made on the second
    and later pages of a block. head: it is made on the head of a block only. unless, needs: an
    enumerator whose presence switches the probe off, or on.
    """

    name: str
    anchors: tuple[str, ...]
    test: Test
    by: str
    breaks: str
    source: str
    mask: int = 0
    value: int = 0
    accepts: tuple[str, ...] = ()
    level: Level = "hazard"
    decides: tuple[str, ...] = ()
    tail: bool = False
    head: bool = False
    unless: str = ""
    needs: str = ""


PROBES: tuple[Probe, ...] = (
    Probe(
        "tail-bit", ("compound_head", "compound_info"), "bits", mask=1, value=1,
        by="compound_head()",
        breaks="takes the page for a tail page and follows the rest of the word as the address of its head",
        source="compound_head(), PageTail(), include/linux/page-flags.h",
    ),
    Probe(
        "anon-bit", ("mapping",), "bits", head=True, mask=1, value=1,
        by="stable_page_flags()",
        breaks="reports the page as ANON in /proc/kpageflags: it reads bit 0 of mapping without asking for "
        "the kind first",
        source="stable_page_flags(), fs/proc/page.c; folio_test_anon(), include/linux/page-flags.h",
    ),
    Probe(
        "ksm-bits", ("mapping",), "bits", head=True, mask=3, value=3,
        by="stable_page_flags()",
        breaks="reports the page as KSM in /proc/kpageflags: bits 0 and 1 of mapping are both set",
        source="stable_page_flags(), fs/proc/page.c; folio_test_ksm(), include/linux/page-flags.h",
    ),
    Probe(
        "movable-bits", ("mapping",), "bits", head=True, mask=3, value=2, unless="PG_movable_ops",
        by="isolate_movable_page()",
        breaks="takes the page for a movable_ops page and calls through operations that it does not have",
        source="__PageMovable(), include/linux/page-flags.h, until 6.16; 130d4df57390 (6.2) met it",
    ),
    Probe(
        "pfmemalloc-bit", ("lru.next", "pp_magic"), "bits", head=True, mask=2, value=2,
        by="page_is_pfmemalloc()",
        breaks="takes the page for one of the emergency reserves and the network drops its data",
        source="page_is_pfmemalloc(), include/linux/mm.h",
    ),
    Probe(
        "pool-magic", ("pp_magic",), "magic", head=True,
        by="page_pool_page_is_pp()",
        breaks="takes the page for one of a page_pool: freeing it is refused as a leak, or the pool gets it",
        source="page_pool_page_is_pp(), include/linux/mm.h; 95920c2ed02b (6.18-rc1) met it",
    ),
    Probe(
        "memdesc-type", ("memdesc",), "bits", mask=1, value=1,
        by="whoever looks a page up by its memdesc",
        breaks="reads a type and a descriptor's address where a free page keeps its list: types that the "
        "list can spell (0, 4, 8, 12) have to mean the buddy allocator",
        source="kernelnewbies.org/MatthewWilcox/Memdescs/Path (announced)",
    ),
    Probe(
        # Where pages have a memdesc, page frames are looked up through it, under RCU, before any count.
        "refcount", ("_refcount",), "whole", accepts=("zero",), decides=("refcounted", "sendable"),
        unless="MEMDESC_BUDDY",
        by="get_page_unless_zero()",
        breaks="adds a reference to whatever is there: code that walks page frames takes references before "
        "it knows the kind",
        source="folio_try_get(), include/linux/page_ref.h; isolate_migratepages_block(), mm/compaction.c",
    ),
    Probe(
        "flags-word", ("flags",), "whole", accepts=(), decides=("lockable",),
        by="page_zone()",
        breaks="reads zone, node and section from the upper bits of flags, and PG_locked from the lower",
        source="page_zone(), page_to_nid(), include/linux/mm.h",
    ),
    Probe(
        "memcg-word", ("memcg_data",), "whole", accepts=("zero", "pad"), decides=("memcg-charged",),
        by="page_memcg_check()",
        breaks="takes it for the memory cgroup that the page is charged to, and freeing reports "
        "'page still charged to cgroup'",
        source="page_memcg_check(), include/linux/memcontrol.h; page_expected_state(), mm/page_alloc.c",
    ),
    Probe(
        "mapping-followed", ("mapping",), "whole", head=True, accepts=("zero", "pad"), level="refusal",
        decides=("mappable", "page cache"),
        by="munmap()",
        breaks="calls set_page_dirty(), which follows mapping as a struct address_space",
        source="zap_pte_range(), mm/memory.c; page_mapping(), mm/util.c",
    ),
    Probe(
        "mapcount", ("_mapcount", "page_type"), "whole", accepts=("pad", "sentinel", "counter"),
        level="refusal",
        decides=("mappable",),
        by="validate_page_before_insert()",
        breaks="refuses a page whose _mapcount does not start at -1, and rmap would count in it",
        source="validate_page_before_insert(), mm/memory.c; page_has_type(), include/linux/page-flags.h",
    ),
    Probe(
        "lru-list", ("lru.next",), "whole", head=True, level="refusal",
        decides=("on the LRU",),
        by="folio_add_lru()",
        breaks="links the page into the LRU through it",
        source="lruvec_add_folio(), include/linux/mm_inline.h",
    ),
    Probe(
        "lru-list-prev", ("lru.prev",), "whole", head=True, level="refusal",
        decides=("on the LRU",),
        by="folio_add_lru()",
        breaks="links the page into the LRU through it",
        source="lruvec_add_folio(), include/linux/mm_inline.h",
    ),
    Probe(
        "index-read", ("index", "__folio_index"), "whole", head=True, level="refusal",
        decides=("page cache",),
        by="truncate_inode_pages_range()",
        breaks="finds the page in its file by it",
        source="folio_index(), include/linux/pagemap.h",
    ),
    Probe(
        "freed-mapping", ("mapping",), "whole", head=True, accepts=("zero", "pad"), level="obligation",
        by="page_expected_state()",
        breaks="reports 'non-NULL mapping' unless it was set to NULL before the page is freed",
        source="page_expected_state(), mm/page_alloc.c",
    ),
    Probe(
        "freed-mapcount", ("_mapcount", "page_type"), "whole", head=True,
        accepts=("pad", "sentinel", "counter", "type"),
        level="obligation",
        by="page_expected_state()",
        breaks="reports 'nonzero mapcount' unless it was set back to -1 before the page is freed; until "
        "then page_mapped() takes it for a count of mappings",
        source="page_expected_state(), mm/page_alloc.c; since 6.17 freeing clears a type (2dfcd1608f3a9)",
    ),
    Probe(
        "tail-head", ("compound_head", "compound_info"), "bits", mask=1, value=0, tail=True,
        by="compound_head()",
        breaks="takes the tail page for a page of its own: bit 0 of its compound_head is clear",
        source="prep_compound_tail(), mm/internal.h",
    ),
    Probe(
        "tail-mapping", ("mapping",), "whole", accepts=("pad",), tail=True,
        by="free_tail_page_prepare()",
        breaks="reports 'corrupted mapping in tail page' where it expects TAIL_MAPPING, unless it exempts "
        "this very tail",
        source="free_tail_page_prepare(), mm/page_alloc.c; TAIL_MAPPING, include/linux/poison.h",
    ),
    Probe(
        "tail-refcount", ("_refcount",), "whole", accepts=("zero", "pad"), tail=True,
        by="get_page_unless_zero()",
        breaks="gets a reference on a tail page, whose count must stay 0",
        source="prep_compound_tail(), mm/internal.h",
    ),
)  # fmt: skip

MAGIC_SIGNATURE = 0x40
"""PP_SIGNATURE without POISON_POINTER_DELTA. Source: include/linux/poison.h."""


def magic_mask(bits: int, delta: int, page_offset: int) -> int:
    """Return PP_MAGIC_MASK for a word of `bits` bits, a poison delta, and PAGE_OFFSET (0 if not constant).

    Source: PP_DMA_INDEX_BITS, include/linux/mm.h, as of 95920c2ed02b (6.18-rc1).
    """
    shift = MAGIC_SIGNATURE.bit_length()
    boundary = delta or page_offset
    lowest = (boundary & -boundary).bit_length() - 1
    if delta:
        width = min(32, lowest - shift)
    else:
        width = min(32, lowest - shift) if lowest >= shift + 8 else 0
    return ((1 << bits) - 1) & ~((((1 << width) - 1) << shift) | 3)


@dataclass(frozen=True, slots=True)
class TailExemption:
    """Members of a tail page whose mapping is not compared with TAIL_MAPPING.

    Attributes: number: 1 is the second page. names: a pattern of the members that may lie there.
    """

    number: int
    names: str
    source: str


TAIL_EXEMPTIONS: tuple[TailExemption, ...] = (
    TailExemption(1, r".*", "case 1 of free_tail_page_prepare(): its counts are checked by name"),
    TailExemption(2, r"_*deferred_list(\.(next|prev))?|next|prev",
                  "case 2 of free_tail_page_prepare(): the deferred list is checked by name"),
    # Until 6.14 hugetlb's members shared the second tail with the list, and were overwritten by it.
    TailExemption(2, r"_*hugetlb_\w+",
                  "case 2 of free_tail_page_prepare(): mapping is not compared; "
                  "__update_and_free_hugetlb_folio() makes the deferred list anew before it frees"),
    # Without CONFIG_HUGETLB_PAGE case 3 does compare, but then nobody writes these members.
    TailExemption(3, r"_*hugetlb_\w+",
                  "case 3 of free_tail_page_prepare(): mapping is not compared under CONFIG_HUGETLB_PAGE"),
)  # fmt: skip
