"""Inferences kept: what every pointer of a tree is, as bytes for the cache, and back, checked.

The bytes are JSON (see rows.py). Entities are kept by file: whoever asks for one file need not make those of all.
`unpack()` gives None for bytes that `pack()` cannot have made.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from memdesc.inference.declare import Entity
from memdesc.records import Statistics
from memdesc.rows import array, counted, record, statistics_of, text, values


@dataclass(frozen=True, slots=True)
class Whole:
    """What an inference says of all files of a tree.

    Attributes: entities: in the order of file, line, role, name. statistics: what the run came to. design, types:
    what there was to choose from. read: the files of which functions were followed.
    """

    entities: tuple[Entity, ...]
    statistics: Statistics
    design: str
    types: tuple[str, ...]
    read: tuple[str, ...]


def pack(whole: Whole, asked: Mapping[str, bytes]) -> bytes:
    """Return an inference as bytes; `asked` are the hashes of the texts that it was made of."""
    files = [[file, [values(e) for e in own]] for file, own in groupby(whole.entities, lambda e: e.file)]
    hashes = [[path, asked[path].hex()] for path in sorted(asked)]
    told = [whole.design, list(whole.types), list(whole.read)]
    return json.dumps([files, counted(whole.statistics), told, hashes], separators=(",", ":")).encode("ascii")


def unpack(blob: bytes, wanted: Callable[[str], bool]) -> tuple[Whole, dict[str, bytes]] | None:
    """Return what pack() made bytes of, with the entities of the files that are wanted, and the hashes of the texts.

    None when it made no such bytes.
    """
    try:
        files, statistics, told, hashes = array(json.loads(blob.decode("ascii")), 4)
        entities: list[Entity] = []
        for each in array(files):
            file, own = array(each, 2)
            if wanted(text(file)):
                entities += _entities(text(file), array(own))
        design, types, read = array(told, 3)
        pairs = [array(each, 2) for each in array(hashes)]
        return Whole(tuple(entities), statistics_of(statistics), text(design), _texts(types), _texts(read)), {
            text(path): bytes.fromhex(text(content)) for path, content in pairs
        }
    except (ValueError, RecursionError):
        return None


def _entities(file: str, rows: Sequence[object]) -> Iterable[Entity]:
    for row in rows:
        entity = record(Entity, row)
        if entity.file != file:
            raise ValueError("of another file")
        yield entity


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(text, array(value)))
