"""Reading: the files of a tree, or lone files, and what each says, from the cache or made anew.

`survey()` lists the files and hashes those that are not known to be unchanged; `facts()` gives the facts of
all of them. A run whose result is known needs only the first.
"""

import os
import struct
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from memdesc import door
from memdesc.errors import InputError
from memdesc.records import Unread
from memdesc.source import choosing, gather, versions, workers
from memdesc.source import survey as surveys
from memdesc.source.cache import Cache
from memdesc.source.facts import FileFacts
from memdesc.source.packing import pack, shape, unpack
from memdesc.source.structs import described
from memdesc.source.survey import ALLOWING, SILENT, VERSIONED, Progress, Row, Survey, key_of
from memdesc.source.texts import HASH_BYTES, MOST_BYTES, MOST_FOLLOWED_BYTES, SHAPE_BYTES, content_hash
from memdesc.source.vocabulary import vocabulary

_CHUNK = 24
"""Files a task: few enough that both processors end together."""
_HEADER_BYTES = 1 << 19
"""Longer headers are lists of constants; their structs are not looked for."""
_EMPTY = pack(gather.NOTHING)
_PIECE = struct.Struct(f"<cB{SHAPE_BYTES}sII")
_NO_SHAPE = bytes(SHAPE_BYTES)
_TAKEN = b"taken"
_COMMENT = b"memdesc:"
_Sizes = Callable[[bytes], int | None]
_NOTHING_KEPT: _Sizes = dict[bytes, int]().get
_Answer = tuple[Row, bytes | None] | str
"""(what is known of a file, packed facts or None when they are kept), or why it was not read."""


def survey(
    paths: Sequence[Path],
    tree: Path | None,
    cache: Cache | None,
    jobs: int,
    progress: Progress,
    overlay: Mapping[Path, bytes] | None = None,
    *,
    offered: bool = False,
) -> Survey:
    """Return the files that a run on `paths` is about, read; see `memdesc.source.survey.known`."""
    found = surveys.known(paths, tree, cache, overlay, offered=offered)
    complete(found, paths, cache, jobs, progress)
    return found


def complete(
    found: Survey, paths: Sequence[Path], cache: Cache | None, jobs: int, progress: Progress
) -> None:
    """Read the files of a survey that are not known.

    Raises: InputError: one of `paths` cannot be read.
    """
    begun = time.perf_counter()
    made = _read(found, found.todo, _sizes(found, cache), jobs, progress)
    if cache:
        if lost := _look_up(found, cache):
            made += _read(found, lost, _NOTHING_KEPT, jobs, progress)
        cache.put_many((found.key(n), found.packed[n]) for n in made)
        if not found.offered:
            surveys.keep(found, cache)
    found.todo = []
    surveys.asked_for(paths, found)
    found.hits = found.read - len(made)
    found.seconds["read"] = time.perf_counter() - begun


def _sizes(found: Survey, cache: Cache | None) -> _Sizes:
    """Return what tells how many bytes the facts of a name have that are kept, None when they are not."""
    if cache is None or not found.todo:
        return _NOTHING_KEPT
    if len(found.todo) > _CHUNK:
        return cache.sizes().get
    # One task, which no worker does: the cache can be asked for each file.
    return lambda key: cache.sizes([key]).get(key)


def _look_up(found: Survey, cache: Cache) -> list[int]:
    """Get the facts of files whose shapes are not known; return the files whose facts are not kept."""
    wanted = [n for n, content in enumerate(found.hashes) if content and n not in found.shapes]
    held = cache.get_many({found.key(n) for n in wanted}) if wanted else {}
    for number in wanted:
        blob = held.get(found.key(number))
        if blob is not None:
            found.packed[number] = blob
            found.shapes[number] = shape(blob)
    return [number for number in wanted if number not in found.shapes]


def alone(path: Path) -> Survey:
    """Return a survey of one file as if it lay in no tree."""
    found = surveys.alone(path)
    _read(found, found.todo, _NOTHING_KEPT, 1, lambda *_: None)
    return found


def facts(
    found: Survey, cache: Cache | None, jobs: int, progress: Progress
) -> tuple[list[str], list[FileFacts]]:
    """Return (paths, facts) of the files that say anything; what the cache lost or damaged is read again."""
    found.unfold()
    wanted = [n for n, content in enumerate(found.hashes) if content and n not in found.packed]
    held = cache.get_many({found.key(n) for n in wanted}) if cache and wanted else {}
    found.packed.update((n, held[found.key(n)]) for n in wanted if found.key(n) in held)
    del held
    known = _unpacked(found)
    unfit = {n for n, blob in found.packed.items() if blob and n not in known}
    damaged = [n for n in wanted if n in unfit]
    lost = sorted({*damaged, *(n for n in wanted if n not in found.packed)})
    if cache and damaged:
        cache.forget([found.key(n) for n in damaged])
    if lost:
        found.packed = {}
        made = _read(found, lost, _NOTHING_KEPT, jobs, progress)
        found.hits -= len(lost)
        if cache:
            cache.put_many((found.key(n), found.packed[n]) for n in made)
        known |= _unpacked(found)
        unfit = unfit - {*lost} | {n for n, blob in found.packed.items() if blob and n not in known}
    for number in sorted(unfit):
        found.unread.append(Unread(found.files[number][0], "", "its facts have no form; please report this"))
    found.packed = {}
    full = sorted(known, key=lambda number: found.files[number][0])
    return [found.files[n][0] for n in full], [known[n] for n in full]


def _unpacked(found: Survey) -> dict[int, FileFacts]:
    """Return the facts that are at hand, by the file's number; without those that are damaged.

    Of the bytes only the mark _TAKEN stays: with all of them a run would hold everything twice.
    """
    known = {}
    for number, blob in found.packed.items():
        if blob and blob is not _TAKEN:
            found.packed[number] = _TAKEN
            one = unpack(blob)
            if one is not None:
                known[number] = one
    return known


def _read(found: Survey, todo: list[int], kept: _Sizes, jobs: int, progress: Progress) -> list[int]:
    """Hash the files numbered in `todo`, make the facts of those whose size is not `kept`; return these."""
    progress("reading", 0, len(todo))
    done = 0
    made: list[int] = []
    tasks = [todo[at : at + _CHUNK] for at in range(0, len(todo), _CHUNK)]

    def work(numbers: list[int]) -> bytes:
        return _sent(
            _read_one(
                os.path.join(found.root, found.files[n][0]),
                found.salt(n),
                found.whole(n),
                found.version,
                kept,
                found.overlay.get(found.files[n][0]),
            )
            for n in numbers
        )

    def take(index: int, result: bytes | workers.Died) -> None:
        nonlocal done
        numbers = tasks[index]
        answers = [result.how] * len(numbers) if isinstance(result, workers.Died) else _received(result)
        for number, one in zip(numbers, answers, strict=True):
            if isinstance(one, str):
                found.hashes[number] = b""
                found.unread.append(Unread(found.files[number][0], "", one))
                continue
            row, facts = one
            found.tell(number, row)
            if facts is not None:
                found.packed[number] = facts
                made.append(number)
            elif not kept(found.key(number)):
                found.packed[number] = found.shapes[number] = b""
        done += len(tasks[index])
        progress("reading", done, len(todo))

    workers.run(work, tasks, jobs, take)
    return sorted(made)


def _sent(answers: Iterable[_Answer]) -> bytes:
    """Return answers as bytes, for the way from a worker."""
    pieces = []
    for one in answers:
        if isinstance(one, str):
            data = one.encode("utf-8", "surrogatepass")
            pieces += [_PIECE.pack(b"u", 0, _NO_SHAPE, len(data), 0), data]
            continue
        row, facts = one
        sort, data = b"k" if facts is None else b"f", row.content + (facts or b"")
        pieces += [_PIECE.pack(sort, row.marks, row.shape or _NO_SHAPE, len(data), row.defined), data]
    return b"".join(pieces)


def _received(sent: bytes) -> list[_Answer]:
    answers: list[_Answer] = []
    at = 0
    while at < len(sent):
        sort, marks, own, size, defined = _PIECE.unpack_from(sent, at)
        data = sent[at + _PIECE.size : at + _PIECE.size + size]
        at += _PIECE.size + size
        if sort == b"u":
            answers.append(data.decode("utf-8", "surrogatepass"))
            continue
        made = data[HASH_BYTES:] if sort == b"f" else None
        known = b"" if marks & SILENT else None if own == _NO_SHAPE else own
        answers.append((Row(data[:HASH_BYTES], defined, known, marks), made))
    return answers


def _content(path: str, whole: bool) -> bytes:
    """Return the bytes of a file.

    Raises: InputError: it cannot be read.
    """
    return door.read(path, MOST_BYTES if whole else MOST_FOLLOWED_BYTES, follow=False)


def _read_one(
    path: str,
    salt: bytes,
    whole: bool,
    version: tuple[int, ...] | None,
    kept: _Sizes,
    given: bytes | None,
) -> _Answer:
    """Read a file, unless its content is `given`, and make its facts, unless they are `kept`."""
    try:
        data = _content(path, whole) if given is None else given
    except InputError as error:
        return error.why
    asks = version is not None and versions.WORD in data
    marks = VERSIONED * asks | ALLOWING * (_COMMENT in data)
    content, defined = content_hash(data), choosing.count(data)
    if kept(key_of(content, salt, version if asks else None)) is not None:
        return Row(content, defined, None, marks), None
    try:
        made = pack(_facts(data, path, whole, version))
        made = b"" if made == _EMPTY else made
        return Row(content, defined, shape(made), marks | SILENT * (not made)), made
    except RecursionError:
        return "nested too deeply"


def _facts(data: bytes, path: str, all_functions: bool, version: tuple[int, ...] | None) -> FileFacts:
    if all_functions or choosing.relevant(data):
        return gather.gather(data, vocabulary(), described(), gather.Scope(all_functions, version))
    if path.endswith(".h") and b"struct" in data and len(data) < _HEADER_BYTES:
        return gather.declarations(data, version)
    return gather.NOTHING
