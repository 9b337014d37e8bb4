"""Generic code: reads through struct page that do not know the kind, as the kernel makes them.

They look at bytes and nothing else, and so they misread what a design lets them misread. A function whose
member the design does not have answers as a page without it would. None of them changes a page.

Source: include/linux/page-flags.h compound_head(), PageTail(), folio_test_anon(), folio_test_ksm(),
page_has_type(); mm/util.c page_mapping(); include/linux/mm.h page_mapcount(), page_is_pfmemalloc(),
page_zonenum(); fs/proc/page.c stable_page_flags(); include/linux/memcontrol.h page_memcg_check();
mm/compaction.c isolate_migratepages_block(); mm/memory-failure.c memory_failure().
"""

from __future__ import annotations

from dataclasses import dataclass

from memdesc.layout.probes import MAGIC_SIGNATURE, magic_mask
from memdesc.layout.values import poison_delta
from memdesc.machine.blocks import flags_of
from memdesc.machine.buddy import NO_TYPE
from memdesc.machine.folios import Folios, signed
from memdesc.machine.frames import Ground
from memdesc.machine.handles import Folio
from memdesc.machine.shape import KINDS, Shape

_COPIED = {
    "locked": "LOCKED", "error": "ERROR", "referenced": "REFERENCED", "uptodate": "UPTODATE", "dirty": "DIRTY",
    "lru": "LRU", "active": "ACTIVE", "writeback": "WRITEBACK", "reclaim": "RECLAIM",
    "swapbacked": "SWAPBACKED", "unevictable": "UNEVICTABLE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What a pfn walker made of a frame. verdict: what it would do; head: the frame it took for the head."""

    pfn: int
    head: int
    verdict: str


class Generic:
    """The functions, bound to one machine's bytes."""

    def __init__(self, ground: Ground, folios: Folios) -> None:
        self.ground, self.memmap, self.folios = ground, ground.memmap, folios
        self.memory, page = ground.memory, ground.page
        self.head, self.mapping, self.mapcount = (
            page.find("head"),
            page.find("mapping"),
            page.find("mapcount"),
        )
        self.type, self.flags, self.refcount = page.find("type"), page.find("flags"), page.find("refcount")
        self.memcg, self.memdesc = page.find("memcg"), page.find("memdesc")
        self.pfmemalloc = page.find("pfmemalloc")
        self.magic = page.named("pp_magic")
        self.bits = flags_of(Shape("file", page))
        self.types = {kind: Shape(kind, page).type_value for kind in KINDS}
        types = page.design.types
        self.typed = types.enumerator("PGTY_buddy") is not None
        self.slab_flag = types.enumerator("PG_slab")
        delta = poison_delta(ground.memory.abi)
        width = self.magic.size * 8 if self.magic is not None else 64
        base = ground.memory.base
        self._mask = magic_mask(width, delta, base & -base if width == 32 else 0)
        self._signature = MAGIC_SIGNATURE + delta & self._mask

    def page_tail(self, pfn: int) -> bool:
        """Whether bit 0 of the word where compound_head lies is set. Source: PageTail()."""
        return self.head is not None and bool(self.head.get(self.memmap.at(pfn)) & 1)

    def compound_head(self, pfn: int) -> int:
        """Return the frame that the page's word says is its head; -1 when that is no frame at all."""
        if self.head is None:
            return pfn
        word = self.head.get(self.memmap.at(pfn))
        if not word & 1:
            return pfn
        place = self.memory.place(word - 1)
        inside, rest = divmod(place - self.memmap.start, self.memmap.size)
        return inside if 0 <= inside < self.memmap.pages and not rest else -1

    def page_mapping(self, pfn: int) -> int:
        """Return the address that is taken for an address_space: mapping of the head, unless its low bits
        say that it is none. Source: page_mapping(), folio_mapping()."""
        head = self.compound_head(pfn)
        if self.mapping is None or head < 0 or self.page_type(head) is not None:
            return 0
        word = self.mapping.get(self.memmap.at(head))
        return 0 if word & 3 else word

    def folio_test_anon(self, pfn: int) -> bool:
        """Whether bit 0 of mapping is set."""
        return self.mapping is not None and bool(self.mapping.get(self.memmap.at(pfn)) & 1)

    def folio_test_ksm(self, pfn: int) -> bool:
        """Whether bits 0 and 1 of mapping are set."""
        return self.mapping is not None and self.mapping.get(self.memmap.at(pfn)) & 3 == 3

    def page_movable(self, pfn: int) -> bool:
        """Whether bit 1 of mapping is set and bit 0 is not. Source: __PageMovable(), until 6.16."""
        return self.mapping is not None and self.mapping.get(self.memmap.at(pfn)) & 3 == 2

    def page_is_pfmemalloc(self, pfn: int) -> bool:
        """Whether bit 1 of lru.next is set."""
        return self.pfmemalloc is not None and bool(self.pfmemalloc.get(self.memmap.at(pfn)) & 2)

    def page_pool_page_is_pp(self, pfn: int) -> bool:
        """Whether pp_magic carries the signature."""
        return self.magic is not None and self.magic.get(self.memmap.at(pfn)) & self._mask == self._signature

    def page_type(self, pfn: int) -> str | None:
        """Return the kind whose type the page carries, or None. Source: page_has_type(), PageSlab() etc."""
        at = self.memmap.at(pfn)
        if self.memdesc is not None:
            return self._memdesc_kind(at)
        if (
            self.slab_flag is not None
            and not self.typed
            and self.flags is not None
            and self.flags.get(at) >> self.slab_flag & 1
        ):
            return "slab"
        if self.type is None:
            return None
        word = self.type.get(at) & NO_TYPE
        for kind, value in self.types.items():
            if value is not None and (word >> 24 == value >> 24 if self.typed else word == value):
                return kind
        return None

    def _memdesc_kind(self, at: int) -> str | None:
        assert self.memdesc is not None
        types = self.ground.design.types
        low = self.memdesc.get(at) & 15
        for kind, name in (("slab", "SLAB"), ("table", "TABLE"), ("net", "NET"), ("zsmalloc", "MOVABLE")):
            if types.enumerator(f"MEMDESC_{name}") == low:
                return kind
        return None

    def has_type(self, pfn: int) -> bool:
        """Whether the page says it has a type, whichever. Source: page_has_type()."""
        if self.type is None:
            return False
        word = self.type.get(self.memmap.at(pfn)) & NO_TYPE
        # from 0xf0 to 0xfe in the top byte; -1 and small counts of mappings are no types
        return 0xF0 <= word >> 24 < 0xFF if self.typed else word >> 28 == 0xF and word < 0xFFFFFF80

    def page_mapcount(self, pfn: int) -> int:
        """Return what is taken for the number of mappings: _mapcount + 1, 0 for what carries a type."""
        if self.mapcount is None or self.has_type(pfn):
            return 0
        return signed(self.mapcount, self.memmap.at(pfn)) + 1

    def page_memcg_check(self, pfn: int) -> int:
        """Return the address that is taken for the memory cgroup's, 0 for none or a vector of a slab's."""
        if self.memcg is None:
            return 0
        word = self.memcg.get(self.memmap.at(pfn))
        return 0 if word & 1 else word & ~7

    def page_zonenum(self, pfn: int) -> int:
        """Return the zone's number from the upper bits of flags. Source: page_zonenum()."""
        if self.flags is None:
            return self.ground.buddy.zone_of(pfn).number
        return self.flags.get(self.memmap.at(pfn)) >> self.flags.size * 8 - 4 & 3

    def stable_page_flags(self, pfn: int) -> frozenset[str]:
        """Return the bits that /proc/kpageflags shows for a frame, by the names in
        include/uapi/linux/kernel-page-flags.h.

        It asks for ANON and KSM before it asks for the kind, as the kernel does.
        """
        out = set()
        tail = self.page_tail(pfn)
        head = self.compound_head(pfn)
        head = pfn if head < 0 else head
        kind = self.page_type(head)
        if self.folio_test_anon(head):
            out.add("ANON")
        if self.folio_test_ksm(head):
            out.add("KSM")
        if self.page_mapcount(pfn) > 0:
            out.add("MMAP")
        word = self.flags.get(self.memmap.at(head)) if self.flags is not None else 0
        if tail:
            out.add("COMPOUND_TAIL")
        elif word & self.bits["head"]:
            out.add("COMPOUND_HEAD")
        named = {"slab": "SLAB", "free": "BUDDY", "table": "PGTABLE"}.get(kind or "")
        if named:
            out.add(named)
        out |= {name for flag, name in _COPIED.items() if word & self.bits[flag]}
        return frozenset(out)

    def unmappable(self, pfn: int) -> str:
        """Return why a page must not be inserted into a mapping, or "". Source: validate_page_before_insert()."""
        head = self.compound_head(pfn)
        if head < 0:
            return "its compound_head leads nowhere"
        if self.folio_test_anon(head):
            return "bit 0 of mapping says that it is anonymous"
        if self.page_type(head) == "slab":
            return "it says that it is a slab"
        if self.has_type(head):
            return "a page type is written over _mapcount (page_has_type())"
        return ""

    def folio_of(self, pfn: int) -> Folio:
        """Return the folio that frame `pfn` is part of, by its page's bytes. Source: page_folio()."""
        at = self.memmap.at(pfn)
        if self.memdesc is not None:
            return self.folios.handle(self.memory.place(self.memdesc.get(at) & ~15))
        if self.head is not None and (word := self.head.get(at)) & 1:
            at = self.memory.place(word - 1)
            return Folio((at - self.memmap.start) // self.memmap.size, at)
        return Folio(pfn, at)

    # -- pfn walkers --

    def compaction(self, pfn: int) -> Reading:
        """Return what compaction would do with a frame. Source: isolate_migratepages_block()."""
        head = self.compound_head(pfn)
        if head < 0:
            return Reading(pfn, head, "follows a pointer that is none")
        kind = self.page_type(head)
        if kind == "free":
            return Reading(pfn, head, "skips it: free")
        word = self.flags.get(self.memmap.at(head)) if self.flags is not None else 0
        if not word & self.bits["lru"]:
            if self.page_movable(head) and self.ground.design.types.enumerator("PG_movable_ops") is None:
                return Reading(pfn, head, "isolates it by movable_ops")
            return Reading(pfn, head, "skips it: not on the LRU")
        if self.page_mapping(head) == 0 and not self.folio_test_anon(head):
            return Reading(pfn, head, "skips it: no mapping")
        return Reading(pfn, head, "isolates it from the LRU")

    def memory_failure(self, pfn: int) -> Reading:
        """Return what memory failure would do with a frame. Source: memory_failure()."""
        head = self.compound_head(pfn)
        if head < 0:
            return Reading(pfn, head, "follows a pointer that is none")
        kind = self.page_type(head)
        if kind in ("free", "slab", "table"):
            return Reading(pfn, head, f"takes it for {kind} memory")
        word = self.flags.get(self.memmap.at(head)) if self.flags is not None else 0
        if word & self.bits["lru"]:
            return Reading(
                pfn, head, "unmaps it: anonymous" if self.folio_test_anon(head) else "unmaps it: file"
            )
        if self.folio_test_anon(head):
            return Reading(pfn, head, "unmaps it: anonymous")
        return Reading(pfn, head, "ignores it: unknown page")
