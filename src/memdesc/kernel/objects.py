"""Kernel objects in a dump, read through the layout: members by name, lists, arrays of CPUs.

What is read are structures of the kernel (caches, zones, tasks, areas of vmalloc), never pages of users.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from memdesc.errors import InputError
from memdesc.kernel.kallsyms import Symbols
from memdesc.kernel.paging import Paging
from memdesc.kernel.physical import PAGE
from memdesc.layout.model import Array, Struct, Types, strip

_LONGEST_LIST = 1 << 22
_LONGEST_NAME = 256
_WORD = 8
IMAGE = 0xFFFF_FFFF_8000_0000
"""The kernel's image and modules begin here: __START_KERNEL_map, arch/x86/include/asm/page_64_types.h."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """The kernel in a dump: its types, its address space, its symbols.

    secret: asked of an address and its page frame before text there is read: whether that is no place of names. Empty
    until that can be told. room: asked where a name begins that is no literal: how many bytes it has there at most.
    """

    types: Types
    paging: Paging
    symbols: Symbols
    secret: list[Callable[[int, int], bool]] = field(default_factory=list, repr=False)
    room: list[Callable[[int, int], int]] = field(default_factory=list, repr=False)
    _structs: dict[str, Struct] = field(default_factory=dict, repr=False)

    @property
    def place(self) -> str:
        """The dump, for messages."""
        return self.paging.memory.place

    def struct(self, name: str) -> Struct:
        """Return the struct called `name`; InputError when the kernel has none."""
        found = self._structs.get(name)
        if found is None:
            found = self._structs[name] = self.types.struct(name)
        return found

    def has(self, struct: str, path: str) -> bool:
        """Return whether the kernel has a struct of that name with such a member."""
        found = self.types.find(struct)
        return found is not None and found.find(path) is not None

    def offset(self, struct: str, *paths: str) -> int:
        """Return the offset of the first member of `paths` that the struct has.

        Raises: InputError: it has none of them.
        """
        made = self.struct(struct)
        for path in paths:
            found = made.find(path)
            if found is not None:
                return found.offset
        return made.offset(paths[0])

    def number(self, struct: str, path: str, address: int) -> int:
        """Return the number in a member of the struct at kernel virtual `address`.

        Raises: InputError: no such member, or it cannot be read.
        """
        member = self.struct(struct).field(path)
        raw = self.paging.read(address + member.offset, member.size)
        placed = bytes(member.offset) + raw if member.is_bit_field else raw
        if member.is_bit_field:
            return member.value(placed, self.types.abi.byteorder)
        return int.from_bytes(raw, "little")

    def word(self, address: int) -> int:
        """Return the 64-bit word at `address`; InputError when it cannot be read."""
        return int.from_bytes(self.paging.read(address, 8), "little")

    def text(self, address: int) -> str:
        """Return the name at `address`: printable text of at most 255 bytes, ended by a NUL byte.

        Raises: InputError: it cannot be read; there is no such text; or a damaged pointer leads to where no names
        are. The message holds nothing of what is there.
        """
        if address < IMAGE and address % _WORD:
            raise InputError(self.place, f"has a name at {address:#x}, where no object begins")
        out, room = b"", _LONGEST_NAME
        while len(out) < room and b"\0" not in out:
            at = address + len(out)
            frame = self.paging.physical(at) // PAGE
            if any(is_secret(at, frame) for is_secret in self.secret):
                raise InputError(
                    self.place, f"has a name at {address:#x}, where there is memory of another kind"
                )
            if address < IMAGE and not out:
                room = min([room, *(ask(at, frame) for ask in self.room)])
                if room <= 0:
                    raise InputError(
                        self.place, f"has a name at {address:#x}, where no object for one begins"
                    )
            out += self.paging.read(at, min(64, PAGE - at % PAGE))
        raw, end, _ = out[:room].partition(b"\0")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = "\0"
        if not end or not text.isprintable():
            raise InputError(self.place, f"has no name at {address:#x}: no printable text is there")
        return text

    def symbol(self, name: str) -> int:
        """Return the address of a symbol.

        Raises: InputError: the kernel has none, or its table of symbols cannot be read.
        """
        found = self.symbols.find((name,))
        if name not in found:
            why = f" ({self.symbols.why})" if self.symbols.why else ""
            raise InputError(self.place, f"has no symbol {name}{why}")
        return found[name]

    def chain(self, head: int, offset: int = 0) -> Iterator[int]:
        """Yield the objects in the list whose `struct list_head` is at `head`.

        offset: of the list_head in each object. Raises: InputError: the list leads nowhere, or does not end.
        """
        at = self.word(head)
        seen = 0
        while at != head:
            seen += 1
            if not at or seen > _LONGEST_LIST:
                raise InputError(self.place, f"has a list at {head:#x} that does not come back to its head")
            yield at - offset
            at = self.word(at)

    def cpus(self) -> list[int]:
        """Return the per-CPU offset of each CPU there may be."""
        base = self.symbol("__per_cpu_offset")
        (count,) = np.frombuffer(self.paging.read(self.symbol("nr_cpu_ids"), 4), "<u4")
        if not 0 < count <= 8192:
            raise InputError(self.place, f"claims {count} CPUs")
        return [int(each) for each in np.frombuffer(self.paging.read(base, 8 * int(count)), "<u8")]

    def count_of(self, struct: str, path: str) -> int:
        """Return how many elements the array member `path` has."""
        kind = strip(self.struct(struct).field(path).type)
        return kind.count if isinstance(kind, Array) else 1
