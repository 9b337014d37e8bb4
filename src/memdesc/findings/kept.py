"""Results kept: the findings and statistics of a run as bytes for the cache, and back, checked.

The bytes are JSON: a record is an array of the values of its fields, in their order. `unpack()` gives None for bytes
that `pack()` cannot have made: every value must have the type of its field, a finding's rule must be one that there
is, and its trace must lead somewhere. Seconds are of the run that made the result, and not kept.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, get_type_hints

from memdesc.findings.model import Finding, Level, Statistics, Step, Unread
from memdesc.findings.registry import rules
from memdesc.kinds import ANY, Kind

T = TypeVar("T")
_MOST = 1 << 62
_PARTS = ("unread", "seconds")
"""Fields of Statistics that are no plain values."""


def pack(findings: tuple[Finding, ...], statistics: Statistics, asked: Mapping[str, bytes]) -> bytes:
    """Return findings and statistics as bytes; `asked` are the hashes of the texts that they were made of."""
    counted = [getattr(statistics, each.name) for each in fields(Statistics) if each.name not in _PARTS]
    unread = [_values(each) for each in statistics.unread]
    hashes = [[path, asked[path].hex()] for path in sorted(asked)]
    text = json.dumps([[_values(f) for f in findings], unread, counted, hashes], separators=(",", ":"))
    return text.encode("ascii")


def unpack(blob: bytes) -> tuple[tuple[Finding, ...], Statistics, dict[str, bytes]] | None:
    """Return what pack() made bytes of, None when it made no such bytes."""
    try:
        found, unread, counted, hashes = _array(json.loads(blob.decode("ascii")), 4)
        findings = tuple(_record(Finding, each) for each in _array(found))
        left = tuple(_record(Unread, each) for each in _array(unread))
        names = [each.name for each in fields(Statistics) if each.name not in _PARTS]
        readers = _readers(Statistics)
        known = {n: readers[n](v) for n, v in zip(names, _array(counted, len(names)), strict=True)}
        pairs = [_array(each, 2) for each in _array(hashes)]
        texts = {_text(path): bytes.fromhex(_text(content)) for path, content in pairs}
    except (ValueError, RecursionError):
        return None
    if any(f.rule not in rules() or not f.trace for f in findings):
        return None
    return findings, Statistics(**known, unread=left), texts


def pack_paths(paths: Iterable[str]) -> bytes:
    """Return the names of the texts that a result was made of as bytes."""
    return json.dumps(sorted(paths), separators=(",", ":")).encode("ascii")


def unpack_paths(blob: bytes) -> list[str] | None:
    """Return the paths that pack_paths() made bytes of, None when it made no such bytes."""
    try:
        return [_text(path) for path in _array(json.loads(blob.decode("ascii")))]
    except (ValueError, RecursionError):
        return None


def _values(record: object) -> list[Any]:
    """Return a record as JSON has it."""
    values = (getattr(record, each.name) for each in fields(record))  # type: ignore[arg-type]
    return [[_values(step) for step in v] if isinstance(v, tuple) else v for v in values]


def _record(cls: type[T], value: object) -> T:
    kind: type = cls
    readers = _readers(kind)
    return cls(*(read(v) for read, v in zip(readers.values(), _array(value, len(readers)), strict=True)))


@cache
def _readers(cls: type) -> dict[str, Callable[[object], Any]]:
    """Return what checks and makes the value of each field of a record."""
    return {name: _READERS[hint] for name, hint in get_type_hints(cls).items() if hint in _READERS}


def _array(value: object, count: int | None = None) -> list[object]:
    if not isinstance(value, list) or (count is not None and len(value) != count):
        raise ValueError("no such array")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value < _MOST:
        raise ValueError("no number of that size")
    return value


def _kind(value: object) -> Kind:
    if type(value) is not int or not 0 <= value <= ANY:
        raise ValueError("no kinds")
    return Kind(value)


def _level(value: object) -> Level:
    return Level(_number(value))


def _trace(value: object) -> tuple[Step, ...]:
    return tuple(_record(Step, each) for each in _array(value))


_READERS: dict[object, Callable[[object], Any]] = {
    str: _text,
    int: _number,
    Kind: _kind,
    Level: _level,
    tuple[Step, ...]: _trace,
}
