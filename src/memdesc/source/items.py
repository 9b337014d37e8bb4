"""The pieces of a file that reading gives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One top-level piece of a file, or a macro defined within one.

    Args: role: "function", "struct" (struct, union or enum definition, typedef'd or not), "macro" (#define),
    or
              "object" (any other declaration, definition or invocation at file scope).
          name: the function's, macro's or struct tag's name; empty where there is none.
          start, end: byte offsets in the file.
          body: function: offset of its "{"; macro: offset of the replacement text; else `start`.
          params: macro: the names of its parameters, "..." included; empty for all others.
    """

    role: str
    name: str
    start: int
    end: int
    body: int
    params: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A file's bytes, the same bytes without comments and literals, its items by offset, and what was odd.

    `problems` are (byte offset, one sentence) pairs.
    """

    data: bytes
    masked: bytes
    items: tuple[Item, ...]
    problems: tuple[tuple[int, str], ...]
