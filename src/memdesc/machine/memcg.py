"""Charging to memory cgroups, where the design has a place for it.

Source: mm/memcontrol.c mem_cgroup_charge(), obj_cgroup_charge_pages(); include/linux/memcontrol.h.
"""

from __future__ import annotations

from memdesc.machine.folios import Folios
from memdesc.machine.frames import Ground
from memdesc.machine.handles import Folio
from memdesc.machine.memory import Member

KMEM = 2
"""Bit of memcg_data that says the charge is of the kernel's own pages. Source: MEMCG_DATA_KMEM."""


class Group:
    """A memory cgroup. charged: pages."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.address = 0
        self.charged = 0


class Memcg:
    """The groups, and the one that charges go to now.

    Attributes: current: the group of the running task, or None for the root, which charges nothing.
    """

    def __init__(self, ground: Ground, folios: Folios) -> None:
        self.ground, self.folios = ground, folios
        self.current: Group | None = None
        folios.uncharge = self.uncharge_folio

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
