"""Reclaim: aging of the LRU lists, writing back, unmapping, swapping, and freeing what nobody uses.

Source: mm/vmscan.c shrink_lruvec(), shrink_active_list(), shrink_folio_list(), inactive_is_low().
"""

from __future__ import annotations

from memdesc.machine.cache import PageCache
from memdesc.machine.folios import (
    ACTIVE_ANON,
    ACTIVE_FILE,
    INACTIVE_ANON,
    INACTIVE_FILE,
    MAPPING_ANON,
    Folios,
)
from memdesc.machine.handles import Folio
from memdesc.machine.processes import Processes
from memdesc.machine.slabs import Slabs

ROUNDS = 4
BATCH = 32


class Reclaim:
    """Frees pages when the buddy allocator asks for them.

    Attributes: runs: how often it was asked. freed: pages, since the machine was made.
    """

    def __init__(self, folios: Folios, cache: PageCache, processes: Processes, slabs: Slabs) -> None:
        self.folios, self.cache, self.processes, self.slabs = folios, cache, processes, slabs
        self.runs = self.freed = 0

    def shrink(self, pages: int) -> int:
        """Free at least `pages` pages if they can be had; return how many were."""
        self.runs += 1
        buddy = self.folios.ground.buddy
        start = buddy.free_pages
        for _ in range(ROUNDS):
            # Files first, as with the default swappiness, unless hardly any are left.
            files, anon = self.folios.sizes[INACTIVE_FILE] + self.folios.sizes[ACTIVE_FILE], 0
            if files > BATCH:
                self._shrink_list(INACTIVE_FILE, ACTIVE_FILE, pages, start)
            if buddy.free_pages - start < pages:
                self._shrink_list(INACTIVE_ANON, ACTIVE_ANON, pages, start)
                anon = 1
            if buddy.free_pages - start < pages and anon and files:
                self._shrink_list(INACTIVE_FILE, ACTIVE_FILE, pages, start)
            if buddy.free_pages - start >= pages:
                break
        if buddy.free_pages - start < pages:
            for cache in list(self.slabs.caches.values()):
                self.slabs.shrink(cache)
        freed = max(0, buddy.free_pages - start)
        self.freed += freed
        return freed

    def _shrink_list(self, inactive: int, active: int, pages: int, start: int) -> None:
        folios, buddy = self.folios, self.folios.ground.buddy
        sizes, budget = folios.sizes, 4 * pages + BATCH
        while budget > 0 and buddy.free_pages - start < pages:
            if sizes[inactive] <= sizes[active]:
                self._age(active, BATCH)
            at = folios.list.last(folios.lists[inactive])
            if at == -1:
                return
            folio = folios.handle(at)
            budget -= 1
            if not self._reclaim(folio, inactive == INACTIVE_ANON):
                # somebody uses it: to the head of the list, or of the active one
                folios.lru_del(folio)
                folios.lru_add(folio)

    def _age(self, active: int, number: int) -> None:
        """Move folios from the tail of the active list to the inactive one."""
        folios, bits = self.folios, self.folios.bits
        for _ in range(number):
            at = folios.list.last(folios.lists[active])
            if at == -1:
                return
            folio = folios.handle(at)
            folios.lru_del(folio)
            flags = folios.flags.get(at)
            folios.flags.set(at, flags & ~(bits["active"] | bits["referenced"]))
            folios.lru_add(folio)

    def _reclaim(self, folio: Folio, anon: bool) -> bool:
        """Free one folio; False when it is referenced, locked, or held by somebody."""
        folios, bits = self.folios, self.folios.bits
        flags = folios.flags.get(folio.at)
        if flags & bits["locked"]:
            return False
        if flags & bits["referenced"]:
            folios.flags.set(folio.at, flags & ~bits["referenced"])
            return False
        if anon:
            return self.processes.swap_out(folio)
        return self._drop(folio)

    def _drop(self, folio: Folio) -> bool:
        """Free a clean or written back file folio that only its file and its mappings hold."""
        folios = self.folios
        mapping = folios.mapping.get(folio.at)
        if not mapping or mapping & MAPPING_ANON:
            return False
        file = self.cache.mapping_of(folio)
        assert file is not None
        pages = 1 << folios.order(folio)
        if folios.refcount.get(folio.at) != pages + folios.folio_mapcount(folio):
            return False
        if folios.folio_mapcount(folio):
            self.processes.unmap_file(file, folio)
        self.cache.writeback(folio)
        folios.get(folio)
        self.cache.remove(folio)
        folios.put(folio)
        return True
