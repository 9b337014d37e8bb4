"""Programs outside the kernel that read these structs, and what each relies on: declared data.

A row breaks between two designs when what it needs is there in the first and not in the second. Needs are
asked by presence, never by version:

    member STRUCT.PATH        the member exists
    number STRUCT.PATH        the member exists and is a plain number, not a struct
    enumerator NAME           some enumeration has it
    struct NAME               the struct exists
    over STRUCT.PATH MEMBER   MEMBER of STRUCT lies where struct page has PATH
    no NAME                   no enumeration has it
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reader:
    """One thing that a program relies on.

    Attributes: breaks: what happens without it. cure: the commits that followed.
    """

    tool: str
    needs: str
    breaks: str
    cure: str


READERS: tuple[Reader, ...] = (
    Reader("drgn, crash, makedumpfile", "enumerator PG_slab",
           "slab pages are no longer told by a bit of flags: PageSlab() is wrong, filtered dumps "
           "lose slab pages",
           "drgn b75b66b7, crash 9babe98, makedumpfile bad2a7c (6.10)"),
    Reader("crash, makedumpfile, gef", "no PGTY_slab",
           "page_type holds one type in its top byte: tests of inverted bits take other types for slab",
           "makedumpfile 72c3414, gef #181; crash as of abcb45e still tests bits (6.12)"),
    Reader("drgn, pwndbg", "number page.flags",
           "page.flags is a struct (memdesc_flags_t): arithmetic on it raises TypeError; read flags.f",
           "drgn 488a322a, pwndbg #4003 (6.18)"),
    Reader("crash", "member page.index", "kmem -p does not find the index", "crash 7e8a279 (6.16)"),
    Reader("crash, makedumpfile, drgn", "member page.compound_head",
           "the head of a compound page is not found: the word became compound_info, and may hold a mask",
           "crash fa55e12 and bb9a3fa, makedumpfile f50c015, drgn 55a04f74 (7.1)"),
    Reader("makedumpfile", "over page.mapping slab.slab_cache",
           "slab pages pass as anonymous, because another member of struct slab now lies over mapping",
           "makedumpfile 5f17bdd (6.2)"),
    Reader("crash", "over page.lru.next slab.slab_list.next",
           "lists of slabs are followed from the offset of page.lru, where another member now lies",
           "crash d83df2f (6.2)"),
    Reader("crash", "member page.slab_cache", "caches are not found: the member moved to struct slab",
           "crash 14f8c46 and 5f390ed (5.17)"),
    Reader("makedumpfile, drgn", "member page.compound_order",
           "the order of a compound page is not found: it moved to struct folio",
           "makedumpfile 446c4f6, drgn 2d2a69a3 (6.3)"),
    Reader("makedumpfile, drgn", "member folio._folio_order",
           "the order is not found: it moved to the low byte of _flags_1",
           "makedumpfile 9661c1d, drgn 5f2bfdd1 (6.6)"),
    Reader("makedumpfile", "member folio._folio_dtor",
           "hugetlb pages are not told by their destructor any more",
           "makedumpfile 9661c1d and 985e575 (6.6, 6.9)"),
    Reader("crash, drgn", "struct kmem_cache_cpu", "per-CPU slabs are gone: sheaves took their place",
           "crash fe017d7, drgn 30e8de7a (7.0)"),
    Reader("drgn", "member page.pp_magic", "pages of a page_pool are not told: is_pp_page() cannot work",
           "needs struct netmem_desc (announced)"),
)  # fmt: skip
