"""Small parts of the reader of declarations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from memdesc.layout.c_expr import Word
from memdesc.layout.model import Array, Type, strip


@dataclass(slots=True)
class Attributes:
    """What attributes say of a layout. align: bytes, 0 for nothing."""

    align: int = 0
    packed: bool = False

    def add(self, other: Attributes) -> None:
        """Take over what `other` says as well."""
        self.align = max(self.align, other.align)
        self.packed = self.packed or other.packed


@dataclass(slots=True)
class Declarator:
    """A name, where it stands, and what it makes of the type before it."""

    name: str
    offset: int
    wrap: Callable[[Type], Type]
    function: bool = False


def closing(words: Sequence[Word], at: int) -> int:
    """Return the index of the parenthesis that closes the one at `at`, the number of words if none does."""
    depth = 0
    for n in range(at, len(words)):
        depth += {"(": 1, ")": -1}.get(words[n].text, 0)
        if not depth:
            return n
    return len(words)


def flexible(kind: Type) -> bool:
    """Return whether `kind` is an array without a size."""
    bare = strip(kind)
    return isinstance(bare, Array) and bare.count == 0
