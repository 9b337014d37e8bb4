"""Reading a C file as written: its items, and each item's text as plain C.

Nothing is preprocessed and nothing is looked up: all `#if` branches are read, and offsets in everything that
comes out of here are byte offsets in the file.
"""

import re
from bisect import bisect_right
from operator import attrgetter

from memdesc.source.conditionals import resolve
from memdesc.source.cutting import Splitter
from memdesc.source.declarations import reshape_object, reshape_struct
from memdesc.source.guess import guess
from memdesc.source.heads import reshape_head
from memdesc.source.items import Item, Source
from memdesc.source.mask import blank, mask
from memdesc.source.reshape import reshape_body
from memdesc.source.versions import resolve as of_version

__all__ = ["Item", "Source", "shape", "shaped", "split"]


def split(data: bytes, version: tuple[int, ...] | None = None) -> Source:
    """Return the file's text without comments and literals, and its top-level items by offset.

    Args: version: of the kernel that the file is read for; code for others is left out. None: all is read.
    Never raises and takes time linear in the size of `data`, whatever the bytes are.
    """
    masked = mask(data)
    if version is not None:
        masked = of_version(masked, version)
    splitter = Splitter(masked)
    splitter.run()
    if splitter.continued:
        text = bytearray(masked)
        for start, end in splitter.continued:
            text[start:end] = text[start:end].replace(b"\\\n", b" \n").replace(b"\\\r\n", b" \r\n")
        masked = bytes(text)
    items = sorted(splitter.items, key=attrgetter("start"))
    return Source(data, masked, tuple(items), tuple(splitter.problems))


def shape(source: Source, item: Item, effort: int = 0) -> bytes:
    """Return the item's text at equal length in plain C, ready for a C grammar.

    Args: effort: 0 keeps whole conditional groups and trusts the tables; 1 and 2 keep no directives and guess
    more
                  (see `conditionals.resolve`).
    """
    return shaped(source, item, effort)[0]


def shaped(source: Source, item: Item, effort: int = 0) -> tuple[bytes, list[tuple[int, int]]]:
    """As `shape`; also return the spans of the file, alternatives of a conditional, that were left out."""
    text = source.masked[item.start : item.end]
    dropped: list[tuple[int, int]] = []
    brace = item.body - item.start
    if item.role == "macro":
        body = _pasted(text[brace:])
        return blank(text[:brace]) + reshape_body(guess(body, effort) if effort else body), dropped
    if b"#" in text:
        text = _without_macros(source, item, text)
        text, spans = resolve(text, effort)
        dropped = [(item.start + start, item.start + end) for start, end in spans]
    if item.role == "function":
        body = text[brace:]
        return reshape_head(text[:brace], effort) + reshape_body(
            guess(body, effort) if effort else body
        ), dropped
    if item.role == "struct":
        return reshape_struct(text, effort), dropped
    return reshape_object(text, effort), dropped


def plain(data: bytes) -> bytes:
    """Return the file as the C parser gets it: at equal length, comments blank, macros and attributes reshaped."""
    source = split(data)
    text = bytearray(source.masked)
    for item in source.items:
        shaped_item = shape(source, item)
        text[item.start : item.start + len(shaped_item)] = shaped_item
    return bytes(text)


def _without_macros(source: Source, item: Item, text: bytes) -> bytes:
    """Blank the macros defined inside an item; they are items of their own."""
    items = source.items
    at = bisect_right(items, item.start, key=attrgetter("start"))
    out: bytearray | None = None
    while at < len(items) and items[at].start < item.end:
        if items[at].role == "macro":
            out = out if out is not None else bytearray(text)
            start, end = items[at].start - item.start, items[at].end - item.start
            out[start:end] = blank(bytes(out[start:end]))
        at += 1
    return bytes(out) if out is not None else text


def _pasted(text: bytes) -> bytes:
    """Make one identifier of pasted tokens, and the argument itself of a stringified one."""
    if b"#" not in text:
        return text
    text = re.sub(rb"\s*+##\s*+", lambda m: b"_" * len(m[0]), text)
    return text.replace(b"#", b" ")
