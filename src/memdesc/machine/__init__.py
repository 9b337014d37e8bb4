"""memdesc machine: a memory manager whose physical pages are described by real bytes that a design lays out.

>>> from memdesc.machine import Machine
>>> machine = Machine("linux-6.12", 64 << 20)
>>> slab = machine.allocate("slab")
>>> machine.free(slab)
"""

from memdesc.machine.costs import CacheCost, Costs, KindCost, OperationCost
from memdesc.machine.faults import KernelError, OutOfMemory, Stale
from memdesc.machine.handles import (
    DriverPage,
    Folio,
    Handle,
    LargePage,
    Mappable,
    NetPage,
    Slab,
    TablePage,
    VmallocPage,
    ZsmallocPage,
)
from memdesc.machine.machine import Machine

__all__ = [
    "CacheCost", "Costs", "DriverPage", "Folio", "Handle", "KernelError", "KindCost", "LargePage", "Machine",
    "Mappable", "NetPage", "OperationCost", "OutOfMemory", "Slab", "Stale", "TablePage", "VmallocPage",
    "ZsmallocPage",
]  # fmt: skip
