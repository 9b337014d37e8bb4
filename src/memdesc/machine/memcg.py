"""Charging to memory cgroups, where the design has a place for it.

Source: mm/memcontrol.c mem_cgroup_charge(), obj_cgroup_charge_pages(); include/linux/memcontrol.h.
"""

from __future__ import annotations

from memdesc.machine.folios import Folios
from memdesc.machine.frames import Ground
from memdesc.machine.handles import Folio
from memdesc.machine.memory import Member
from memdesc.machine.missing import Missing
from memdesc.machine.slabs import Group, Slabs

KMEM = 2
"""Bit of memcg_data that says the charge is of the kernel's own pages. Source: MEMCG_DATA_KMEM."""


class Memcg:
    """The groups, and the one that charges go to now."""

    def __init__(self, ground: Ground, folios: Folios, slabs: Slabs) -> None:
        self.ground, self.folios, self._slabs = ground, folios, slabs
        self._current: Group | None = None
        folios.uncharge = self.uncharge_folio

    @property
    def current(self) -> Group | None:
        """The group of the running task, or None for the root, which charges nothing."""
        return self._current

    @current.setter
    def current(self, group: Group | None) -> None:
        """Let charges go to `group` from now on."""
        self._current = group
        if not isinstance(self._slabs, Missing):
            self._slabs.group = group

    @property
    def has_place(self) -> bool:
        """Whether folios of this design can be charged at all."""
        return self.folios.memcg is not None

    def create(self, name: str) -> Group:
        """Return a new group."""
        return self.ground.objects.place(Group(name))

    def charge_folio(self, folio: Folio) -> None:
        """Charge a folio to the current group, if there is one and the design has the member."""
        member = self.folios.memcg
        if self.current is not None and member is not None and not member.get(folio.at):
            member.set(folio.at, self.current.address)
            self.current.charged += 1 << self.folios.order(folio)

    def uncharge_folio(self, folio: Folio) -> None:
        """Undo it, before the folio is freed."""
        member = self.folios.memcg
        if member is None:
            return
        address = member.get(folio.at)
        if address:
            group = self.ground.objects.at(address, Group)
            group.charged -= 1 << self.folios.order(folio)
            member.set(folio.at, 0)

    def charge_page(self, member: Member | None, at: int) -> None:
        """Charge a page of the kernel's own (a page table), described at `at`."""
        if self.current is not None and member is not None:
            member.set(at, self.current.address | KMEM)
            self.current.charged += 1

    def uncharge_page(self, member: Member | None, at: int) -> None:
        """Undo it."""
        if member is None:
            return
        address = member.get(at)
        if address:
            self.ground.objects.at(address & ~7, Group).charged -= 1
            member.set(at, 0)
