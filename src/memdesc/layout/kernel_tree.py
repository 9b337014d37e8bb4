"""The design that a kernel tree's own headers declare: struct page, its descriptors, its page types.

`layout_of()` is the entrance of the checker, `design_of()` gives the whole design. Headers of a whole kernel
include each other without end, so only the declarations that matter are cut out of them and read alone; names
of types that they use are looked up in the same headers, else in designs/prelude.h. The configuration is that
of the shipped designs.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from memdesc.errors import InputError
from memdesc.kinds import Layout
from memdesc.layout import read_c
from memdesc.layout.abi import DEFAULT
from memdesc.layout.decide import decided
from memdesc.layout.design import Design, of_header
from memdesc.layout.shipped import shipped

Text = Callable[[str], bytes]
"""Gives the bytes of a file of a tree by its path, empty when there is none."""

_DECLARED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("include/linux/page-flags.h", ("enum pagetype",)),
    ("include/linux/mm_types.h", ("struct page", "struct folio", "struct ptdesc")),
    ("include/net/netmem.h", ("struct netmem_desc", "struct net_iov")),
    ("mm/slab.h", ("struct slab",)),
    ("mm/zpdesc.h", ("struct zpdesc",)),
)
"""Header of a tree -> what of it describes pages; a kernel that lacks one of them has no such descriptor."""
_MOST_BYTES = 1 << 16
_TYPEDEF = re.compile(
    rb"^typedef (?:struct|union) \{(?:[^{}\n]*|[^\n]*\n(?:[^}\n][^\n]*\n){0,60})\} (\w+);"
    rb"|^typedef (?:unsigned |struct )?\w+ \*?(\w+);",
    re.M,
)
CONFIG = {
    "64BIT": True,
    "MEMCG": True,
    "MMU": True,
    "SLAB_OBJ_EXT": True,
    "SLUB": True,
    "SLUB_CPU_PARTIAL": True,
    "SMP": True,
}


def layout_of(text: Text, version: tuple[int, ...] | None) -> Layout:
    """Return what the struct page of a tree decides: by its headers, else by the nearest shipped design.

    Of kinds that the headers do not tell of, the shipped design does: a tree may be a part of a kernel.

    Args: text: reads the tree. version: of the kernel; None when it is not known.
    """
    found = shipped(version)
    try:
        own = decided(design_of("include", text))
    except InputError as error:
        return replace(found, name=f"{found.name}, since the tree's headers are not understood: {error.why}")
    lacks = {word: own.lacks[word] | found.lacks[word] & ~own.told for word in found.lacks}
    return replace(own, name="the headers of the tree", lacks=lacks)


def design_of(name: str, text: Text) -> Design:
    """Return the design that the headers of a tree declare, for x86_64.

    Args: name: stands for them in messages.
    Raises: InputError: there is no struct page, or a declaration that is not understood.
    """
    parts: list[bytes] = []
    for path, wanted in _DECLARED:
        data = text(path)
        for title in wanted:
            cut = _declaration(data, title)
            if len(cut) > _MOST_BYTES:
                raise InputError(path, f"declares a {title} of {len(cut)} bytes")
            if cut:
                parts += [*_typedefs(data, cut), cut]
    joined = b"\n".join(dict.fromkeys(parts))
    if b"struct page {" not in joined:
        raise InputError(_DECLARED[1][0], "declares no struct page")
    return of_header(name, read_c.read_text(joined, name, DEFAULT, CONFIG))


def _declaration(data: bytes, title: str) -> bytes:
    """Return `struct NAME { ... };` without what attributes follow the brace, empty when it is not there."""
    head = re.search(rb"^" + title.encode().replace(b" ", rb"\s+") + rb"\s*\{", data, re.M)
    end = data.find(b"\n}", head.end()) if head else -1
    return data[head.start() : end] + b"\n};" if head and end >= 0 else b""


def _typedefs(data: bytes, cut: bytes) -> list[bytes]:
    """Return the typedefs in `data` that `cut` needs, each after those that it needs itself."""
    found: dict[bytes, bytes] = {}
    for match in _TYPEDEF.finditer(data):
        found.setdefault(match[1] or match[2], match[0])
    needed: list[bytes] = []

    def need(text: bytes) -> None:
        for name in dict.fromkeys(re.findall(rb"\w+", text)):
            if name in found and found[name] not in needed and found[name] != text:
                need(found[name])
                needed.append(found[name])

    need(cut)
    return needed
