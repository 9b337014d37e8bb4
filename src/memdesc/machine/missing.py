"""Managers of kinds that a design cannot hold: they say so when they are used, and not before."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar, cast

from memdesc.errors import InputError

T = TypeVar("T")


class Missing:
    """Stands in for a manager that could not be made; whatever is asked of it raises why."""

    __slots__ = ("_why",)

    def __init__(self, why: InputError) -> None:
        object.__setattr__(self, "_why", why)

    def __getattr__(self, name: str) -> NoReturn:
        raise object.__getattribute__(self, "_why")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise object.__getattribute__(self, "_why")


def held(make: Callable[[], T]) -> T:
    """Return what `make` makes; where the design lacks a member for it, what raises that when used."""
    try:
        return make()
    except InputError as why:
        return cast(T, Missing(why))
