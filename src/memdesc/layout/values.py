"""What values a member can hold, bit by bit: the half of a layout that offsets do not show.

`domain()` is the entrance. It asks, in this order: what the design's comment says of the member, what is
known of a member of that name (NAMES), what is known of the struct that declares it (OWNERS), its type.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from memdesc.layout.abi import Abi, Scalar
from memdesc.layout.model import Enum, Pointer, Typedef, unwrap
from memdesc.layout.overlay import Cell


@dataclass(frozen=True, slots=True)
class Domain:
    """The values of one cell.

    Attributes: sort: what kind of value it is, one of SORTS. ones: bits that can be 1. always: bits that are
    always 1. says: completes "it holds ...". source: where the kernel makes it so.
    """

    sort: str
    ones: int
    always: int
    says: str
    source: str = ""


SORTS: dict[str, str] = {
    "pad": "never written",
    "zero": "always zero",
    "pointer": "a pointer with its low bits clear, or NULL",
    "tagged": "a pointer with something in its low bits",
    "list": "a list pointer, or its poison once it was taken off the list",
    "code": "a pointer to a function",
    "count": "a number; no bit of it is promised",
    "counter": "a counter that starts at -1, the value of an unmapped page",
    "type": "a page type",
    "sentinel": "a page type that is written as 'none' from the start",
    "magic": "a magic number",
    "dma": "a DMA address, aligned to a page",
    "upper": "the upper half of a DMA address",
    "flags": "flags",
}


@dataclass(frozen=True, slots=True)
class Known:
    """A row about members of one name. pattern matches the whole name; sort is one of SORTS."""

    pattern: str
    sort: str
    says: str
    source: str


LIST_POISON = {"next": 0x100, "prev": 0x122, "pprev": 0x122}
"""Low bits of LIST_POISON1 and LIST_POISON2. Source: include/linux/poison.h."""

OWNERS: dict[tuple[str, str], tuple[str, str]] = {
    ("list_head", "next"): ("list", "LIST_POISON1, include/linux/poison.h"),
    ("list_head", "prev"): ("list", "LIST_POISON2, include/linux/poison.h"),
    ("hlist_node", "next"): ("list", "LIST_POISON1, include/linux/poison.h"),
    ("hlist_node", "pprev"): ("list", "LIST_POISON2, include/linux/poison.h"),
    ("callback_head", "next"): (
        "pointer",
        "callback_head, include/linux/types.h: aligned for PageTail()",
    ),
    ("callback_head", "func"): ("code", "struct callback_head, include/linux/types.h"),
    ("zpdesc", "movable_ops"): ("pad", "mm/zpdesc.h: the movable_ops mark itself, and since 6.17 nothing"),
    ("rcu_head", "next"): ("pointer", "callback_head, include/linux/types.h: aligned for PageTail()"),
    ("rcu_head", "func"): ("code", "struct callback_head, include/linux/types.h"),
}

NAMES: tuple[Known, ...] = (
    Known(r".*pad(_?\d+)?|_*filler|_*unused.*|_*reserved\d*", "pad", "nothing: it only keeps a place",
          "naming in include/linux/mm_types.h"),
    Known(r"_usable_\d+", "pad", "another view of the members beside it", "include/linux/mm_types.h"),
    Known(r"next|prev|first|last|head", "pointer", "a list pointer", "naming"),
    Known(r"_*compound_head|_head_\d+\w?|__head", "tagged", "the head page's address with bit 0 set",
          "set_compound_head(), include/linux/page-flags.h"),
    Known(r"compound_info", "tagged", "the place of the head page with bit 0 set",
          "include/linux/page-flags.h, 8c846c879e22 (7.1)"),
    Known(r"pp_magic", "magic", "PP_SIGNATURE, and in its upper bits the index of the DMA mapping",
          "include/linux/poison.h; PP_MAGIC_MASK, include/linux/mm.h"),
    Known(r"dma_(addr_)?(upper|hi|high)", "upper", "the upper half of a DMA address",
        "page_pool_set_dma_addr()"),
    Known(r"dma(_addr|_lo|_low)?", "dma", "a DMA address", "page_pool_set_dma_addr(), net/core/page_pool.c"),
    Known(r"_*(page_)?type", "type", "the page's type", "enum pagetype, include/linux/page-flags.h"),
    Known(r"_*mapcount(_\d)?", "counter", "a mapcount, -1 when the page is not mapped",
          "page_mapcount_reset(), include/linux/mm.h"),
    Known(r"_*(page_|pt_)?flags(_\d)?", "flags", "page flags", "include/linux/page-flags.h"),
)  # fmt: skip

KERNEL_POINTER: dict[str, tuple[int, int]] = {
    "x86_64": (0xFFFF800000000000, 0),
    "arm64": (0xFFF0000000000000, 0),
    "riscv64": (0xFF00000000000000, 0),
    "powerpc64": (0xC000000000000000, 0x3000000000000000),
    "s390x": (0, 0xFFE0000000000000),
    "i386": (0xC0000000, 0),
    "arm": (0xC0000000, 0),
    "powerpc": (0xC0000000, 0),
}
"""ABI -> (bits that every kernel pointer has set, bits that none has), with the default split of memory.

Source: Documentation/arch/x86/x86_64/mm.rst, arm64/memory.rst, riscv/vm-layout.rst; PAGE_OFFSET of each.
"""

POISON_DELTA: dict[str, int] = {
    "x86_64": 0xDEAD000000000000, "arm64": 0xDEAD000000000000, "riscv64": 0xDEAD000000000000,
    "powerpc64": 0x5DEADBEEF0000000, "s390x": 0xDEAD000000000000,
}  # fmt: skip
"""CONFIG_ILLEGAL_POINTER_VALUE; 0 on 32-bit machines. Source: mm/Kconfig and arch/*/Kconfig."""

TAIL_MAPPING = 0x400
"""Low bits of what every tail page has in mapping. Source: include/linux/poison.h."""


def poison_delta(abi: Abi) -> int:
    """Return POISON_POINTER_DELTA of `abi`."""
    return POISON_DELTA.get(abi.name, 0xDEAD000000000000 if abi.bits == 64 else 0)


def domain(cell: Cell, abi: Abi) -> Domain:
    """Return the values that `cell` can hold on `abi`."""
    noted = _noted(cell, abi)
    if noted is not None:
        return noted
    owner = OWNERS.get((cell.owner, cell.name))
    if owner is not None:
        return _made(owner[0], cell, abi, "", owner[1])
    known = _known(cell.name)
    if known is not None:
        sort = "upper" if known.sort == "dma" and (cell.element or 0) > 0 else known.sort
        says = "" if sort != known.sort else known.says
        return _made(sort, cell, abi, says, known.source)
    return _typed(cell, abi)


@lru_cache(maxsize=4096)
def _known(name: str) -> Known | None:
    """Return the first row of NAMES about members called `name`."""
    return next((row for row in NAMES if re.fullmatch(row.pattern, name)), None)


def pointer_bits(abi: Abi) -> tuple[int, int]:
    """Return (bits always set, bits never set) of a kernel pointer that is not NULL."""
    return KERNEL_POINTER.get(abi.name, (0xFFFF800000000000, 0) if abi.bits == 64 else (0, 0))


def note_value(cell: Cell, key: str) -> str | None:
    """Return what the design's comment says behind `key=` of the member, or None."""
    for note in cell.member.notes:
        name, separator, text = note.partition("=")
        if separator and name.strip() == key:
            return text.strip()
    return None


def _noted(cell: Cell, abi: Abi) -> Domain | None:
    for note in cell.member.notes:
        word, _, value = note.partition("=")
        word = word.strip()
        if word == "from" and value.strip() == "-1":
            word = "counter"
        if word in SORTS:
            return _made(word, cell, abi, "", "the design's comment")
        if word in ("low_bits", "aligned"):
            try:
                number = int(value, 0)
            except ValueError:
                continue
            low = number if word == "low_bits" else number.bit_length() - 1
            full = (1 << cell.bit_size) - 1
            return Domain("pointer", full & ~((1 << low) - 1), 0, f"a value whose low {low} bits are clear")
        if word == "set_bits":
            bits = int(value, 0)
            return Domain("tagged", (1 << cell.bit_size) - 1, bits, f"a value with bits {bits:#x} set")
    return None


def _typed(cell: Cell, abi: Abi) -> Domain:
    kind = cell.type
    if isinstance(kind, Typedef) and kind.name == "dma_addr_t":
        return _made("dma", cell, abi, "", "dma_addr_t")
    bare = unwrap(kind)
    if isinstance(bare, Pointer):
        if "(" in bare.target:
            return _made("code", cell, abi, "", "a function pointer by its type")
        if bare.target.removeprefix("const ") in ("char", "unsigned char", "signed char", "u8", "__u8"):
            return Domain(
                "tagged", (1 << cell.bit_size) - 1, 0, "a pointer to bytes, which need no alignment"
            )
        return _made("pointer", cell, abi, f"a pointer to {bare.target}", "its type")
    if isinstance(bare, Scalar) and bare.encoding == "bool":
        return Domain("count", 1, 0, "true or false")
    if isinstance(bare, Enum) and bare.values:
        return Domain("count", bare.ones & ((1 << cell.bit_size) - 1), 0, f"a value of {bare.spelling}")
    return _made("count", cell, abi, "", "its type")


def _made(sort: str, cell: Cell, abi: Abi, says: str, source: str) -> Domain:
    full = (1 << cell.bit_size) - 1
    says = says or SORTS[sort]
    word_bits = abi.pointer.bit_length() - 1
    aligned = full & ~((1 << word_bits) - 1)
    if sort in ("pad", "zero"):
        return Domain(sort, 0, 0, says, source)
    if sort == "pointer":
        return Domain(sort, aligned, 0, says, source)
    if sort == "list":
        poison = LIST_POISON.get(cell.name, 0)
        which = "LIST_POISON2" if poison == 0x122 else "LIST_POISON1"
        text = f"a list pointer, and {which} ({poison:#x} in its low bits) once list_del() took it off"
        return Domain(sort, aligned | poison, 0, text, source)
    if sort == "code":
        # Thumb-2 marks its functions with bit 0; elsewhere functions start at multiples of 4 at least.
        ones = full if abi.name == "arm" else full & ~3
        return Domain(sort, ones, 0, says, source)
    if sort == "tagged":
        return (
            Domain(sort, aligned | 1, 1, says, source)
            if "bit 0" in says
            else Domain(sort, full, 0, says, source)
        )
    if sort == "magic":
        # Bits 0 and 1 are kept clear: for PageTail() and for the pfmemalloc mark.
        return Domain(sort, full & ~3, 0x40, says, source)
    if sort == "dma" and cell.bit_size >= 32:
        return Domain(sort, full & ~0xFFF, 0, says, source)
    return Domain(sort, full, 0, says, source)
