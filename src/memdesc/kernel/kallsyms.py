"""Addresses of kernel symbols by name, from the table that the kernel keeps of itself (kallsyms).

VMCOREINFO says since 6.0 where the table is. Names are stored as tokens; those asked for are found by what
can be compared for all names at once (length, first and last token), and only what is left is spelled out.
Source: kernel/kallsyms.c, scripts/kallsyms.c.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from memdesc.errors import InputError
from memdesc.kernel.paging import Paging
from memdesc.kernel.vmcoreinfo import Vmcoreinfo

_LANDMARKS = ("init_uts_ns", "_stext")
_MOST_SYMBOLS = 1 << 22
_MOST_NAME_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Symbols:
    """Symbols of one kernel: those of VMCOREINFO, and all of kallsyms where the table could be read.

    why: empty, or the reason why there is no table.
    """

    info: Vmcoreinfo
    why: str
    _tokens: tuple[bytes, ...] = field(default=(), repr=False)
    _names: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8), repr=False)
    _starts: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64), repr=False)
    _counts: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64), repr=False)
    _lengths: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64), repr=False)
    _addresses: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64), repr=False)
    _asked: dict[str, int | None] = field(default_factory=dict, repr=False)

    def find(self, names: Iterable[str]) -> dict[str, int]:
        """Return name -> address of those of `names` that the kernel has."""
        out = {}
        for name in names:
            if name in self.info.symbols:
                out[name] = self.info.symbols[name]
            elif (address := self.in_table(name)) is not None:
                out[name] = address
        return out

    def in_table(self, name: str) -> int | None:
        """Return the address of `name` as the kernel's own table has it, None when it is not there."""
        if name not in self._asked:
            at = self._place(name.encode()) if len(self._starts) else None
            self._asked[name] = None if at is None else int(self._addresses[at])
        return self._asked[name]

    def _place(self, name: bytes) -> int | None:
        # The first character of what is stored is the type of the symbol, as nm prints it.
        begins = np.array([name.startswith(t[1:]) if len(t) > 1 else len(t) == 1 for t in self._tokens])
        ends = np.array([name.endswith(t) or t[1:] == name for t in self._tokens])
        firsts, lasts = self._names[self._starts], self._names[self._starts + self._counts - 1]
        likely = np.flatnonzero((self._lengths == len(name) + 1) & begins[firsts] & ends[lasts])
        return next((at for at in likely.tolist() if self._spelled(at)[1:] == name), None)

    def _spelled(self, at: int) -> bytes:
        codes = self._names[self._starts[at] : self._starts[at] + self._counts[at]].tolist()
        return b"".join([self._tokens[code] for code in codes])

    def name_at(self, address: int) -> str:
        """Return the name of the symbol that `address` lies in, empty when there is none."""
        below = np.flatnonzero(self._addresses <= np.uint64(address))
        if not len(below):
            return ""
        return self._spelled(int(below[np.argmax(self._addresses[below])]))[1:].decode("ascii", "replace")


def read_symbols(paging: Paging, info: Vmcoreinfo) -> Symbols:
    """Return the symbols of the kernel; without a readable table only those of VMCOREINFO."""
    wanted = [
        f"kallsyms_{what}"
        for what in ("names", "num_syms", "token_table", "token_index", "offsets", "relative_base")
    ]
    lacking = [name for name in wanted if name not in info.symbols]
    if lacking:
        return Symbols(info, f"VMCOREINFO has no SYMBOL({lacking[0]})")
    try:
        return _read(paging, info)
    except (InputError, ValueError, IndexError) as error:
        return Symbols(info, f"the table of symbols cannot be read: {error}")


def _read(paging: Paging, info: Vmcoreinfo) -> Symbols:
    at = {name.removeprefix("kallsyms_"): value for name, value in info.symbols.items()}
    count = int.from_bytes(paging.read(at["num_syms"], 4), "little")
    if not 0 < count < _MOST_SYMBOLS:
        raise ValueError(f"it claims {count} symbols")
    index = np.frombuffer(paging.read(at["token_index"], 512), "<u2")
    raw = paging.read(at["token_table"], int(index[-1]) + 64)
    tokens = tuple(raw[int(start) : raw.index(b"\0", int(start))] for start in index)
    # The table of names ends where the next table starts, whichever that is.
    after = [value for value in at.values() if value > at["names"]]
    size = min(min(after, default=1 << 63) - at["names"], _MOST_NAME_BYTES)
    names = paging.read(at["names"], size)
    starts, counts = [], []
    place = 0
    for _ in range(count):
        length = names[place]
        place += 1
        if length & 0x80:  # names of 128 bytes and more have a length of two (since 6.1)
            length = length & 0x7F | names[place] << 7
            place += 1
        starts.append(place)
        counts.append(length)
        place += length
    offsets = np.frombuffer(paging.read(at["offsets"], 4 * count), "<i4")
    base = int.from_bytes(paging.read(at["relative_base"], 8), "little")
    codes, first, number = np.frombuffer(names, np.uint8), np.array(starts), np.array(counts)
    length_of = np.array([len(token) for token in tokens], np.int64)
    so_far = np.concatenate((np.zeros(1, np.int64), np.cumsum(length_of[codes])))
    lengths = so_far[first + number] - so_far[first]
    for addresses in _spellings(offsets, base):
        found = Symbols(info, "", tokens, codes, first, number, lengths, addresses)
        known = [(name, info.symbols[name]) for name in _LANDMARKS if name in info.symbols]
        if known and all(found.in_table(name) == address for name, address in known):
            return found
    raise ValueError("its addresses do not agree with VMCOREINFO")


def _spellings(offsets: NDArray[np.int32], base: int) -> list[NDArray[np.uint64]]:
    """Return the addresses as each known form of the offsets gives them.

    Relative to the base alone, or, where per-CPU symbols are absolute (CONFIG_KALLSYMS_ABSOLUTE_PERCPU, until
    6.15), negative ones count down from just below the base. Source: kallsyms_sym_address().
    """
    wide = offsets.astype(np.int64)
    plain = offsets.view(np.uint32).astype(np.uint64) + np.uint64(base)
    down = np.where(
        wide >= 0, wide.astype(np.uint64), np.uint64(base) - np.uint64(1) - wide.astype(np.uint64)
    )
    return [down, plain]
