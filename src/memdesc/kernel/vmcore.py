"""A dump as physical memory, whichever form the file has."""

import mmap
from pathlib import Path

from memdesc import door
from memdesc.errors import InputError
from memdesc.kernel.elf_core import open_elf
from memdesc.kernel.kdump import open_kdump
from memdesc.kernel.physical import Physical


def open_physical(path: str | Path) -> Physical:
    """Return the memory in the dump at `path`.

    Raises: InputError: it cannot be read, or is no dump of a 64-bit little-endian machine that is known here.
    """
    place = str(path)
    try:
        with door.opened(path) as file:
            head = file.read(64)
            if not head:
                raise InputError(place, "is empty")
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(place, f"cannot be read: {why}") from None
    if head[:4] == b"\x7fELF":
        return open_elf(data, place)
    if head[:8] == b"KDUMP   " or head[:12] == b"makedumpfile":
        return open_kdump(data, place)
    raise InputError(place, "is neither an ELF core nor a compressed kdump")
