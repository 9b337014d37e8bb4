"""Whether a file that somebody named is C at all."""

import re

_CONTROL = bytes(n for n in range(128) if n < 9 or 13 < n < 32 or n == 127)
_MOST_CONTROL = 20
"""One control character in so many bytes is a damaged text; more are a binary file."""
_FEW = 8
_LOOKED_AT = 1 << 16
_MOST_ITEMS = 200
_FUNCTION = re.compile(rb"^[A-Za-z_][\w \t*]*\b\w+\([^;{}()]*\)\n\{\n", re.M)
"""The head of a function, as the kernel writes most of them."""


def unlike_c(data: bytes) -> str:
    """Return why `data` is no C text; empty when it may be. An empty file, or one of comments and directives
    alone, may be; so is one in which anything is a function, a struct or a macro, whole or cut short."""
    head = data[:_LOOKED_AT]
    if len(head) - len(head.translate(None, _CONTROL)) > _FEW + len(head) // _MOST_CONTROL:
        return "is a binary file; a C file was expected"
    if _FUNCTION.search(head):
        return ""
    from memdesc.source.text import split  # a check whose result is known reads no C
    from memdesc.source.tree import Reader

    source = split(data)
    lines = [line for line in source.masked.split(b"\n") if line.strip()]
    if all(line.lstrip().startswith(b"#") for line in lines):
        return ""
    if not any(mark in source.masked for mark in (b";", b"{")):
        return "nothing in it reads as C"
    if any(item.role != "object" for item in source.items):
        return ""
    reader = Reader()
    for item in source.items[:_MOST_ITEMS]:
        if not reader.tree(source, item)[0].root_node.has_error:
            return ""
    return "nothing in it reads as C"
