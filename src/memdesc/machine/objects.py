"""What descriptors point to outside of the memmap: mappings, caches, pools, groups. Each has an address.

A kernel keeps these in slab objects of their own. Here they are Python objects that stand at made-up kernel
addresses behind physical memory; what is written into descriptors is the address, and following a pointer
is looking it up.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

from memdesc.errors import Bug
from memdesc.machine.memory import OBJECTS_32, Memory

ALIGN = 64
"""Of every object's address, so that low bits are free for flags, as kmalloc() has it."""


class Addressed(Protocol):
    """Something that has an address."""

    address: int


T = TypeVar("T", bound=Addressed)


class Objects:
    """The table of addresses."""

    def __init__(self, memory: Memory) -> None:
        self._first = OBJECTS_32 if memory.abi.bits == 32 else memory.base + memory.size + (1 << 30)
        self._next = self._first
        self._free: list[int] = []
        self._there: dict[int, object] = {}

    def place(self, thing: T) -> T:
        """Give `thing` an address and return it."""
        if self._free:
            address = self._free.pop()
        else:
            address, self._next = self._next, self._next + ALIGN
        thing.address = address
        self._there[address] = thing
        return thing

    def drop(self, thing: Addressed) -> None:
        """Free the address of `thing`, which nothing may point to any more."""
        del self._there[thing.address]
        self._free.append(thing.address)

    def at(self, address: int, kind: type[T]) -> T:
        """Return the object at `address`, which must be a `kind`.

        Raises: Bug: a descriptor pointed to something else.
        """
        found = self._there.get(address)
        if not isinstance(found, kind):
            raise Bug(f"{address:#x} was followed as a {kind.__name__} and is {type(found).__name__}")
        return found

    def find(self, address: int) -> object:
        """Return what stands at `address`, or None: for generic code that follows whatever it read."""
        return self._there.get(address)
