"""Modules of the kernel in a dump: which one an address lies in.

Source: struct module, include/linux/module.h; core_layout until 6.3, mem[] since (ac3b43283923).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from memdesc.kernel.objects import Kernel


@dataclass(frozen=True, slots=True)
class Module:
    """A loaded module. parts: the kernel addresses of its code and data."""

    name: str
    parts: tuple[range, ...]


def modules(kernel: Kernel) -> Iterator[Module]:
    """Yield the loaded modules.

    Raises: InputError: their list cannot be read.
    """
    name = kernel.offset("module", "name")
    for at in kernel.chain(kernel.symbol("modules"), kernel.offset("module", "list")):
        yield Module(kernel.text(at + name), tuple(_parts(kernel, at)))


def _parts(kernel: Kernel, module: int) -> Iterator[range]:
    if kernel.has("module", "mem"):
        size = kernel.struct("module_memory").size
        at = module + kernel.offset("module", "mem")
        for number in range(kernel.count_of("module", "mem")):
            base = kernel.number("module_memory", "base", at + number * size)
            yield range(base, base + kernel.number("module_memory", "size", at + number * size))
        return
    base = kernel.number("module", "core_layout.base", module)
    yield range(base, base + kernel.number("module", "core_layout.size", module))


def owner_of(kernel: Kernel, address: int) -> str:
    """Return the name of the module that `address` lies in, or of the kernel's own symbol there.

    Raises: InputError: the list of modules cannot be read.
    """
    for module in modules(kernel):
        if any(address in part for part in module.parts):
            return module.name
    return kernel.symbols.name_at(address)
