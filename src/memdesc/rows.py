"""Records as plain values, for what is kept between runs, and back, checked.

A record is an array of the values of its fields, in their order; a tuple in it is an array. What comes back has the
types of the fields, or there is a ValueError: bytes of a cache may be anybody's.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

from memdesc.kinds import ANY, Kind
from memdesc.records import Statistics, Unread

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
_MOST = 1 << 62
_PARTS = ("unread", "seconds")
"""Fields of Statistics that are no plain values; seconds are of the run that spent them, and not kept."""


def values(record: "DataclassInstance") -> list[Any]:
    """Return a record as JSON has it."""
    return [_value(getattr(record, each.name)) for each in fields(record)]


def _value(value: object) -> Any:
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    return values(value) if is_dataclass(value) and not isinstance(value, type) else value


def counted(statistics: Statistics) -> list[Any]:
    """Return statistics as JSON has them."""
    plain = [getattr(statistics, each.name) for each in fields(Statistics) if each.name not in _PARTS]
    return [[values(each) for each in statistics.unread], plain]


def statistics_of(value: object) -> Statistics:
    """Return the statistics that counted() made `value` of. Raises: ValueError: it made no such thing."""
    unread, plain = array(value, 2)
    names = readers(Statistics, _PARTS)
    known = {n: names[n](v) for n, v in zip(names, array(plain, len(names)), strict=True)}
    return Statistics(**known, unread=tuple(record(Unread, each) for each in array(unread)))


def record(cls: type[T], value: object) -> T:
    """Return the record that values() made `value` of.

    Raises: ValueError: it made no such thing.
    """
    kind: type = cls
    each = readers(kind)
    return cls(*(read(v) for read, v in zip(each.values(), array(value, len(each)), strict=True)))


@cache
def readers(cls: type, without: tuple[str, ...] = ()) -> dict[str, Callable[[object], Any]]:
    """Return what checks and makes the value of each field of a record."""
    return {name: _reader(hint) for name, hint in get_type_hints(cls).items() if name not in without}


def array(value: object, count: int | None = None) -> list[object]:
    """Return an array. Raises: ValueError: it is none, or not of this length."""
    if not isinstance(value, list) or (count is not None and len(value) != count):
        raise ValueError("no such array")
    return value


def text(value: object) -> str:
    """Return a text. Raises: ValueError: it is none."""
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


def number(value: object) -> int:
    """Return a number that is not negative. Raises: ValueError: it is none."""
    if type(value) is not int or not 0 <= value < _MOST:
        raise ValueError("no number of that size")
    return value


def _kind(value: object) -> Kind:
    if type(value) is not int or not 0 <= value <= ANY:
        raise ValueError("no kinds")
    return Kind(value)


_READERS: dict[object, Callable[[object], Any]] = {str: text, int: number, Kind: _kind}


def _reader(hint: Any) -> Callable[[object], Any]:
    """Return what checks and makes a value of a type that a field of a record may have."""
    if hint in _READERS:
        return _READERS[hint]
    if get_origin(hint) is tuple:
        inner = _reader(get_args(hint)[0])
        return lambda value: tuple(map(inner, array(value)))
    if NoneType in get_args(hint):
        inner = _reader(next(each for each in get_args(hint) if each is not NoneType))
        return lambda value: None if value is None else inner(value)
    if issubclass(hint, StrEnum):
        return lambda value: hint(text(value))
    if isinstance(hint, type) and is_dataclass(hint):
        kind: type = hint
        return lambda value: record(kind, value)
    if issubclass(hint, int):
        return lambda value: hint(number(value))
    raise TypeError(f"no value of {hint} is kept")
