"""Signatures of a project's own functions, beside the shipped ones.

    with added.adding(files): ...       # in there signatures.load() knows them, and all that is made of it

What is made of the signatures is made once for each set of added files: `once`. Workers are forked and know what
their parent knew.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import TypeVar

T = TypeVar("T")
Files = tuple[tuple[str, str], ...]
"""(name for messages, text in the notation of docs/signatures.md) of each file."""

_FILES: ContextVar[Files] = ContextVar("added", default=())


def files() -> Files:
    """Return the files that are added at present."""
    return _FILES.get()


@contextlib.contextmanager
def adding(more: Files) -> Iterator[None]:
    """Let the signatures of some files be known until the block ends."""
    token = _FILES.set((*_FILES.get(), *more))
    try:
        yield
    finally:
        _FILES.reset(token)


def once(function: Callable[[], T]) -> Callable[[], T]:
    """Return `function`, made to be called once for each set of added files."""

    @lru_cache(maxsize=2)
    def made(_files: Files) -> T:
        return function()

    @wraps(function)
    def get() -> T:
        return made(_FILES.get())

    return get
