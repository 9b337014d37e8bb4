"""VMCOREINFO: what a kernel says of itself for those who read its dump.

It comes from the dump's notes or, when nobody wrote it there, from the page of memory in which the kernel
keeps it. Source: kernel/crash_core.c, kernel/vmcore_info.c; Documentation/admin-guide/kdump/vmcoreinfo.rst.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from memdesc.errors import InputError
from memdesc.kernel.physical import PAGE, Physical

_LINE = re.compile(r"^(?:(\w+)\(([\w.]+)\)|([\w-]+))=(.*)$")
_START = b"OSRELEASE="
_NEEDED = ("PAGESIZE", "OSRELEASE")
_SEARCH_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Vmcoreinfo:
    """What the kernel says: plain settings, SYMBOL() addresses, NUMBER(), OFFSET(), SIZE() and LENGTH().

    All but settings are looked up by what is in the parentheses. found: where it was, for the report.
    """

    found: str
    settings: dict[str, str]
    symbols: dict[str, int]
    numbers: dict[str, int]
    offsets: dict[str, int]
    sizes: dict[str, int]
    lengths: dict[str, int]

    @property
    def release(self) -> str:
        """The kernel's release: "6.12.101-cloud-amd64"."""
        return self.settings.get("OSRELEASE", "")

    @property
    def build_id(self) -> str:
        """The kernel's build id in hexadecimal digits, empty when it does not say (before 5.9)."""
        return self.settings.get("BUILD-ID", "")

    def symbol(self, name: str, place: str) -> int:
        """Return the address of `name`.

        Raises: InputError: at `place`; VMCOREINFO lacks it.
        """
        if name not in self.symbols:
            raise InputError(place, f"has a VMCOREINFO without SYMBOL({name})")
        return self.symbols[name]


def parse(raw: bytes, found: str) -> Vmcoreinfo:
    """Return what the text of a VMCOREINFO says; lines of unknown form are left out."""
    info = Vmcoreinfo(found, {}, {}, {}, {}, {}, {})
    tables = {
        "SYMBOL": (info.symbols, 16), "NUMBER": (info.numbers, 0), "OFFSET": (info.offsets, 0),
        "SIZE": (info.sizes, 0), "LENGTH": (info.lengths, 0),
    }  # fmt: skip
    for line in raw.decode("ascii", "replace").splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        word, name, setting, value = match.groups()
        if setting is not None:
            info.settings[setting] = value
        elif word in tables:
            table, base = tables[word]
            try:
                table[name] = int(value, base)
            except ValueError:
                continue
    return info


def candidates(memory: Physical) -> Iterator[Vmcoreinfo]:
    """Yield what may be the VMCOREINFO of the kernel in `memory`: the dump's note, then pages of memory.

    The kernel keeps it in a page of its own that starts with the release. So does a copy that it makes for
    kexec, and so may a page of a file: whoever asks tries which one leads somewhere.
    """
    if memory.note:
        yield parse(memory.note, "the dump's notes")
    start = np.frombuffer(_START[:8], "<u8")[0]
    for span in memory.spans():
        first = -(-span.start // PAGE) * PAGE
        for at in range(first, span.stop - PAGE + 1, _SEARCH_BYTES):
            size = (min(_SEARCH_BYTES, span.stop - at)) // PAGE * PAGE
            try:
                raw = memory.read(at, size)
            except InputError:
                continue
            pages = np.frombuffer(raw, "<u8").reshape(-1, PAGE // 8)
            for number in np.flatnonzero(pages[:, 0] == start):
                text = bytes(raw[int(number) * PAGE : (int(number) + 1) * PAGE])
                if text.startswith(_START) and b"\nSYMBOL(swapper_pg_dir)=" in text:
                    yield parse(text.partition(b"\0")[0], "memory")
