"""A copy of a dump whose page descriptors can be damaged, one at a time, and made whole again."""

import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from memdesc.kernel.dump import DumpSource, open_dump
from memdesc.kernel.pages import Memory


class Copy:
    """A copy of the ELF core at `dump`, in `folder`. memory: of the dump before any damage."""

    def __init__(self, dump: Path, folder: Path) -> None:
        self.path = folder / "copy.elf"
        shutil.copyfile(dump, self.path)
        self.memory = open_dump(self.path)
        assert isinstance(self.memory.source, DumpSource)
        self.source: DumpSource = self.memory.source

    def descriptor(self, pfn: int) -> int:
        """Return the kernel address of the struct page of a frame."""
        return self.source.memmap.vmemmap + pfn * self.source.form.size

    def offset(self, struct: str, path: str) -> int:
        """Return the offset of a member."""
        return self.source.kernel.struct(struct).offset(path)

    @contextmanager
    def damaged(self, *changes: tuple[int, bytes]) -> Iterator[Memory]:
        """Give the memory of the dump with bytes at kernel addresses changed; afterwards they are as before."""
        physical = [(self.source.kernel.paging.physical(at), raw) for at, raw in changes]
        with self.written(*physical) as path:
            yield open_dump(path)

    @contextmanager
    def written(self, *changes: tuple[int, bytes]) -> Iterator[Path]:
        """Give the path of the dump with bytes at physical addresses changed; afterwards they are as before."""
        before: list[tuple[int, bytes]] = []
        with self.path.open("r+b") as file:
            for address, raw in changes:
                at = file_offset(self.path, address)
                file.seek(at)
                before.append((at, file.read(len(raw))))
                file.seek(at)
                file.write(raw)
        try:
            yield self.path
        finally:
            with self.path.open("r+b") as file:
                for at, raw in reversed(before):
                    file.seek(at)
                    file.write(raw)


def file_offset(path: Path, address: int) -> int:
    """Return where an ELF core has the byte at a physical address."""
    with path.open("rb") as file:
        head = file.read(64)
        (table,) = struct.unpack_from("<Q", head, 32)
        each, count = struct.unpack_from("<HH", head, 54)
        for number in range(count):
            file.seek(table + number * each)
            kind, _, offset, _, start, length, _, _ = struct.unpack("<IIQQQQQQ", file.read(56))
            if kind == 1 and start <= address < start + length:
                return int(offset + address - start)
    raise AssertionError(f"{address:#x} is not in {path}")
