"""Mapping pages to user space that are no memory of the process itself: net, vmalloc and driver pages, folios.

The rules around `mapping` and `_mapcount`: a page that carries a type has no count of mappings, an anonymous
page belongs to its process, and each mapping holds a reference.

Source: mm/memory.c validate_page_before_insert(), insert_page_into_pte_locked(), zap_present_folio_ptes().
"""

from __future__ import annotations

import errno

from memdesc.machine.faults import KernelError
from memdesc.machine.folios import Folios
from memdesc.machine.generic import Generic
from memdesc.machine.handles import DriverPage, Folio, Mappable, NetPage, VmallocPage
from memdesc.machine.memory import Member
from memdesc.machine.plain import Pages
from memdesc.machine.pools import Pools


class Inserted:
    """Inserts and removes them; counts are kept in the page's own bytes."""

    def __init__(
        self, generic: Generic, folios: Folios, pools: Pools, vmalloc: Pages[VmallocPage], drivers: Pages[DriverPage]
    ) -> None:  # fmt: skip
        self.generic, self.folios, self.pools, self.vmalloc, self.drivers = (
            generic, folios, pools, vmalloc, drivers,
        )  # fmt: skip
        page = drivers.frames.shape.page
        self._bare = page.named("_mapcount", "_folio_mapcount")
        self._from = -1 if page.find("mapcount") is not None else 0

    def add(self, page: Mappable) -> None:
        """Count one mapping and the reference it holds.

        Raises: KernelError: EINVAL, the page's bytes say that it must not be mapped.
        """
        refused = self.generic.unmappable(page.pfn)
        if refused:
            raise KernelError(errno.EINVAL, f"{page} cannot be mapped to user space: {refused}")
        member, refs = self._members(page)
        if isinstance(page, Folio):
            self.folios.get(page)
            self.folios.add_pages(page, [page.pfn])
            return
        if refs is not None:
            refs.add(page.at, 1)
        if member is not None:
            member.add(page.at, 1)

    def remove(self, page: Mappable) -> None:
        """Count one mapping less, and drop its reference."""
        if isinstance(page, Folio):
            self.folios.remove_pages(page, [page.pfn])
            self.folios.put(page)
            return
        member, refs = self._members(page)
        if member is not None:
            member.add(page.at, -1)
        if isinstance(page, NetPage):
            self.pools.put_page(page)
        elif refs is not None and refs.add(page.at, -1) == 0:
            refs.set(page.at, 1)
            (self.vmalloc if isinstance(page, VmallocPage) else self.drivers).free(page)  # type: ignore[arg-type]

    def counts(self, page: Mappable) -> bool:
        """Whether the design counts mappings of such a page; where not, it is mapped like device memory."""
        return isinstance(page, Folio) or self._members(page)[0] is not None

    def mapcount(self, page: Mappable) -> int:
        """Return how often the page is mapped, by its own descriptor; 0 where nothing counts it."""
        if isinstance(page, Folio):
            return self.folios.folio_mapcount(page)
        member, _ = self._members(page)
        if member is None:
            return 0
        start = self._from if not isinstance(page, NetPage) else -1
        return member.get(page.at) - start

    def _members(self, page: Mappable) -> tuple[Member | None, Member | None]:
        """Return where mappings and references of such a page are counted, None where the design does not."""
        if isinstance(page, NetPage):
            return self.pools.mapcount, self.pools.refcount
        frames = (self.vmalloc if isinstance(page, VmallocPage) else self.drivers).frames
        return self._bare, frames.refcount
