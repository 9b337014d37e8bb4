"""What stands for what, kept between runs: as bytes for the cache, and back, checked.

It is made of some headers and files of a tree, and of nothing else: the name of what is kept has the content of all
of them, and the program that read them. `unpack()` gives None for bytes that `pack()` cannot have made.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from memdesc import __version__
from memdesc.convert import correspondences
from memdesc.convert.correspondences import CACHE, COMPATIBILITY, FLAGS, TYPES, Correspondences
from memdesc.rows import array, number, text
from memdesc.source.cache import Cache

PROGRAM = ("convert/*.py", "rows.py")
"""What makes them, besides what is in the name of the cache."""


def read(texts: Callable[[str], bytes], headers: Sequence[str], cache: Cache | None) -> Correspondences:
    """Return what correspondences.read() does, from the cache where it is there."""
    if cache is None:
        return correspondences.read(texts, headers)
    name = _name(texts, headers)
    blob = cache.get_result(name)
    known = unpack(blob) if blob is not None else None
    if known is not None:
        return known
    if blob is not None:
        cache.forget([name])
    made = correspondences.read(texts, headers)
    cache.put_result(name, pack(made))
    return made


def _name(texts: Callable[[str], bytes], headers: Sequence[str]) -> bytes:
    here = Path(__file__).parents[1]
    digest = hashlib.blake2b(f"correspondences {__version__}".encode(), digest_size=16)
    for path in sorted(path for pattern in PROGRAM for path in here.glob(pattern)):
        digest.update(hashlib.blake2b(path.read_bytes()).digest())
    for name in sorted({*headers, FLAGS, TYPES, COMPATIBILITY, CACHE}):
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0")
        digest.update(hashlib.blake2b(texts(name)).digest())
    return digest.digest()


def pack(known: Correspondences) -> bytes:
    """Return what stands for what, of folios, as bytes."""
    pages = sorted(name.decode("latin-1") for name in known.pages or ())
    parts = [
        [[name, at, other] for (name, at), other in known.functions.items()],
        [[name, at, other] for (name, at), other in known.exact.items()],
        list(map(list, known.members.items())),
        list(map(list, known.results.items())),
        pages,
        sorted(map(list, known.readers)),
    ]
    return json.dumps(parts, separators=(",", ":")).encode("ascii")


def unpack(blob: bytes) -> Correspondences | None:
    """Return what pack() made bytes of, None when it made no such bytes."""
    try:
        functions, exact, members, results, pages, readers = array(json.loads(blob.decode("ascii")), 6)
        return Correspondences(
            _placed(functions),
            _named(members),
            _placed(exact),
            _named(results),
            frozenset(text(name).encode("latin-1") for name in array(pages)),
            readers=frozenset((text(name), number(at)) for name, at in (array(e, 2) for e in array(readers))),
        )
    except (ValueError, RecursionError):
        return None


def _placed(value: object) -> Mapping[tuple[str, int], str]:
    rows = (array(each, 3) for each in array(value))
    return {(text(name), number(at)): text(other) for name, at, other in rows}


def _named(value: object) -> Mapping[str, str]:
    return {text(name): text(other) for name, other in (array(each, 2) for each in array(value))}
