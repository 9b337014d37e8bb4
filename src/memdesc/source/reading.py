"""Reading: the files of a tree, or lone files, and what each says, from the cache or made anew.

`survey()` lists the files and hashes those that are not known to be unchanged; `facts()` gives the facts of
all of them. A run whose result is known needs only the first.
"""

import hashlib
import os
import struct
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from memdesc import __version__, door
from memdesc.errors import InputError
from memdesc.records import Unread
from memdesc.source import added, choosing, gather, kernel, versions, workers
from memdesc.source.added import once
from memdesc.source.cache import Cache, Stamp
from memdesc.source.facts import FORMAT, FileFacts
from memdesc.source.listing import c_files
from memdesc.source.packing import SHAPE_BYTES, pack, shape, unpack
from memdesc.source.signatures import FOLDER
from memdesc.source.structs import described
from memdesc.source.texts import HASH_BYTES, MOST_BYTES, Texts, content_hash
from memdesc.source.tree import grammar
from memdesc.source.vocabulary import vocabulary

Progress = Callable[[str, int, int], None]
_SMALL_TREE = 400
"""Of a tree with fewer files every function is read."""
_CHUNK = 24
"""Files a task: few enough that both processors end together."""
_HEADER_BYTES = 1 << 19
"""Longer headers are lists of constants; their structs are not looked for."""
_EMPTY = pack(gather.NOTHING)
_PIECE = struct.Struct(f"<c2s{SHAPE_BYTES}sII")
_NO_SHAPE = bytes(SHAPE_BYTES)
_SILENT = b"-"
"""Kept behind the hash of a file that says nothing, so that its facts need not be looked up."""
_TAKEN = b"taken"
_SHAPE_AT = HASH_BYTES + 4
_MARKS_AT = _SHAPE_AT + SHAPE_BYTES
"""Where in what is kept of a file its parts begin: hash, functions that it defines, shape, marks."""
_VERSIONED, _ALLOWING = b"v", b"a"
"""Kept behind the hash of a file whose facts depend on the kernel's version; that speaks to memdesc in a comment."""
_COMMENT = b"memdesc:"
_Answer = tuple[bytes, bytes | None, int, bytes, bytes] | str
"""(hash of the content, packed facts or None when they are known, functions in the file, marks, shape of the facts
unless they are known), or why it was not read."""


@dataclass
class Survey:
    """The files of a run.

    Attributes: tree: None for lone files. files: paths relative to `root`, absolute for those of a module outside the
    tree, with stamps. outside: the folders of such modules. offered: all that the headers of include/ define is read.
    hashes: of the
    contents, empty for a file that could not be read. version: of the kernel, None where it is not known. versioned:
    numbers of the files whose facts depend on it. allowing: of those that may hold suppression comments.
    overlay: what is read in the place of a file, by its path. packed: facts that are at hand, by the file's number;
    empty bytes for a file that says nothing. shapes: of all facts that are known (see packing). defined: how many
    functions each file has. hits: files whose facts were known. seconds: spent, by phase. texts: what files say.
    """

    root: Path
    tree: Path | None
    files: list[tuple[str, Stamp]]
    hashes: list[bytes]
    small: bool
    unread: list[Unread]
    defined: list[int]
    outside: tuple[Path, ...] = ()
    version: tuple[int, ...] | None = None
    versioned: set[int] = field(default_factory=set)
    allowing: set[int] = field(default_factory=set)
    overlay: Mapping[str, bytes] = field(default_factory=dict)
    offered: bool = False
    packed: dict[int, bytes] = field(default_factory=dict)
    shapes: dict[int, bytes] = field(default_factory=dict)
    hits: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @cached_property
    def texts(self) -> Texts:
        """What gives the text of any file below `root`."""
        hashes = dict(zip((path for path, _ in self.files), self.hashes, strict=True))
        return Texts(self.root, hashes, self.outside, self.overlay)

    @cached_property
    def architectures(self) -> set[str]:
        """The names of the architectures that the files are of."""
        split = (path.split("/") for path, _ in self.files if path.startswith("arch/"))
        return {parts[1] for parts in split if len(parts) > 2}

    def whole(self, number: int) -> bool:
        """Whether all functions of a file are read: of a small tree, of a module outside it, of what is offered."""
        path = self.files[number][0]
        return self.small or os.path.isabs(path) or (self.offered and path.startswith("include/"))

    def digest(self) -> bytes:
        """Return what names this very content of all files."""
        digest = hashlib.blake2b(digest_size=16)
        for (path, _), content in zip(self.files, self.hashes, strict=True):
            digest.update(path.encode("utf-8", "surrogateescape") + b"\0" + content)
        return digest.digest()

    def shape(self) -> bytes | None:
        """Return what names the facts of all files, wherever in them the code stands; None where some are lost.

        That, and the texts that were asked for, is what a run makes its findings of.
        """
        digest = hashlib.blake2b(digest_size=16)
        for number, ((path, _), content) in enumerate(zip(self.files, self.hashes, strict=True)):
            if not content:
                continue
            own = self.shapes.get(number)
            if own is None:
                return None
            if own:
                digest.update(path.encode("utf-8", "surrogateescape") + b"\0" + own)
        return digest.digest()

    def salt(self, number: int) -> bytes:
        """Return what a file's facts depend on besides its content and the kernel's version."""
        return (b"s" if self.whole(number) else b"t") + (
            b"h" if self.files[number][0].endswith(".h") else b"c"
        )

    def key(self, number: int) -> bytes:
        """Return the name of a file's facts in the cache."""
        return _key(
            self.hashes[number], self.salt(number), self.version if number in self.versioned else None
        )


@once
def cache_key() -> str:
    """Return what facts depend on besides the files: the code that collects them, by which Python and grammar
    it does so, and the signatures, those that the user added among them."""
    here = Path(__file__).parent
    said = f"{sys.version} {sys.byteorder} {grammar()}"
    digest = hashlib.blake2b(said.encode(), digest_size=6)
    for path in (*sorted(FOLDER.glob("*.h")), *sorted(here.glob("*.py"))):
        digest.update(path.read_bytes())
    digest.update(repr(added.files()).encode("utf-8", "surrogateescape") if added.files() else b"")
    return f"{__version__}-{FORMAT}-{digest.hexdigest()}"


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
    """Return the files that a run on `paths` is about: all of the tree, if they lie in one.

    Args: overlay: what is read in the place of files, which may be new ones; empty bytes for one that is to be gone.
    offered: read all functions of the headers in include/.
    """
    begun = time.perf_counter()
    found = _listed(paths, tree)
    found.offered = offered
    if overlay:
        _lay_over(found, overlay)
    stamps: dict[str, tuple[tuple[int, ...], bytes]] = {}
    for folder in (found.root, *found.outside):
        stamps |= cache.stamps(folder) if cache else {}
    todo: list[int] = []
    for number, (path, stamp) in enumerate(found.files):
        known = stamps.get(os.path.join(found.root, path))
        afresh = path in found.overlay or (offered and found.whole(number))
        if known and known[0] == stamp and not afresh:
            found.hashes[number] = known[1][:HASH_BYTES]
            found.defined[number] = int.from_bytes(known[1][HASH_BYTES:_SHAPE_AT])
            own, mark = known[1][_SHAPE_AT:_MARKS_AT], known[1][_MARKS_AT:]
            if _SILENT in mark:
                found.packed[number] = found.shapes[number] = b""
            elif own != _NO_SHAPE:
                found.shapes[number] = own
            _take_marks(found, number, mark)
        elif not found.whole(number) and stamp.size > gather.MAXIMUM_BYTES:
            found.unread.append(Unread(path, "", _too_large(stamp.size)))
        else:
            todo.append(number)
    listed = time.perf_counter()
    made = _read(found, todo, cache.sizes() if cache and todo else {}, jobs, progress)
    if cache:
        cache.put_many((found.key(n), found.packed[n]) for n in made)
        _look_up(found, cache)
        cache.put_stamps(
            (os.path.join(found.root, found.files[n][0]), found.files[n][1], _said(found, n))
            for n in todo
            if found.hashes[n] and found.files[n][0] not in found.overlay and not offered
        )
    _asked_for(paths, found)
    found.hits = sum(map(bool, found.hashes)) - len(made)
    found.seconds = {"list": listed - begun, "read": time.perf_counter() - listed}
    return found


def _look_up(found: Survey, cache: Cache) -> None:
    """Get the facts of files whose shapes are not known."""
    wanted = [n for n, content in enumerate(found.hashes) if content and n not in found.shapes]
    held = cache.get_many({found.key(n) for n in wanted}) if wanted else {}
    for number in wanted:
        blob = held.get(found.key(number))
        if blob is not None:
            found.packed[number] = blob
            found.shapes[number] = shape(blob)


def _said(found: Survey, number: int) -> bytes:
    """Return what is kept of a file with its stamp. Facts that depend on the version have a shape for each."""
    own = b"" if number in found.versioned else found.shapes.get(number, b"")
    return b"".join(
        (
            found.hashes[number],
            found.defined[number].to_bytes(_SHAPE_AT - HASH_BYTES),
            own or _NO_SHAPE,
            _mark(found, number),
        )
    )


def alone(path: Path) -> Survey:
    """Return a survey of one file as if it lay in no tree."""
    found = _lone([path])
    _read(found, [0], {}, 1, lambda *_: None)
    return found


def facts(
    found: Survey, cache: Cache | None, jobs: int, progress: Progress
) -> tuple[list[str], list[FileFacts]]:
    """Return (paths, facts) of the files that say anything; what the cache lost or damaged is read again."""
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
        made = _read(found, lost, {}, jobs, progress)
        found.hits -= len(lost)
        if cache:
            cache.put_many((found.key(n), found.packed[n]) for n in made)
        known |= _unpacked(found)
        unfit = unfit - {*lost} | {n for n, blob in found.packed.items() if blob and n not in known}
    for number in sorted(unfit):
        found.unread.append(Unread(found.files[number][0], "", "its facts have no form; please report this"))
    found.packed = {}
    full = sorted(known)
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


def name_of(path: Path, root: Path) -> str:
    """Return how a survey of the tree at `root` calls a file or folder: relative in the tree, else absolute."""
    place, top = path.resolve(), root.resolve()
    return os.path.relpath(place, top) if place.is_relative_to(top) else str(place)


def _listed(paths: Sequence[Path], tree: Path | None) -> Survey:
    top = tree or next((found for found in map(kernel.top, paths) if found is not None), None)
    if top is None and any(p.is_dir() for p in paths):
        top = next(p for p in paths if p.is_dir())
    unread: list[Unread] = []
    if top is None or (tree is None and not (top / "include").is_dir() and all(p.is_file() for p in paths)):
        return _lone(paths)
    root = top.resolve()
    files = c_files(root, unread)
    small = len(files) < _SMALL_TREE
    known = {path for path, _ in files}
    outside: list[Path] = []
    for place in dict.fromkeys(path.resolve() for path in paths):
        name = name_of(place, root)
        if os.path.isabs(name):
            home = kernel.module(place) or (place if place.is_dir() else None)
            outside.append(home or place.parent)
            if home is not None:
                files += _outside(home, root, unread)
        if place.is_file() and name not in known:
            files.append((name, Stamp.of(place.stat())))
    files = sorted(dict(files).items())
    count = len(files)
    return Survey(
        root,
        root,
        files,
        [b""] * count,
        small,
        unread,
        [0] * count,
        tuple(dict.fromkeys(outside)),
        kernel.version(root),
    )


def _lay_over(found: Survey, overlay: Mapping[Path, bytes]) -> None:
    """Let the files of an overlay be read in the place of those that are there."""
    found.overlay = {name_of(path, found.root): content for path, content in overlay.items()}
    listed = dict(found.files)
    new = {name: Stamp(len(text), 0, 0, 0) for name, text in found.overlay.items() if name not in listed}
    found.files = sorted({**listed, **new}.items())
    count = len(found.files)
    found.hashes, found.defined = [b""] * count, [0] * count


def _outside(folder: Path, root: Path, unread: list[Unread]) -> list[tuple[str, Stamp]]:
    """Return the C files of a module's folder by absolute path, without those of the tree at `root`."""
    own: list[Unread] = []
    found = [(str(folder / path), stamp) for path, stamp in c_files(folder, own)]
    unread += [Unread(str(folder / one.file), one.name, one.reason) for one in own]
    return [(path, stamp) for path, stamp in found if not Path(path).is_relative_to(root)]


def _asked_for(paths: Sequence[Path], found: Survey) -> None:
    """Let no path that was asked for be passed over.

    Raises: InputError: a file that was asked for was not read, or a folder of which no file was.
    """
    read = [path for (path, _), content in zip(found.files, found.hashes, strict=True) if content]
    names = set(read)
    for path in paths:
        name = name_of(path, found.root)
        if path.is_file() and name not in names:
            why = next((u.reason for u in found.unread if u.file == name), "is no file that is read")
            raise InputError(str(path), f"was not read: {why}")
        if path.is_dir() and name != "." and not any(one.startswith(name + "/") for one in read):
            raise InputError(
                str(path), "none of its files was read: they are hidden, links, or cannot be opened"
            )


def _lone(paths: Sequence[Path]) -> Survey:
    root = Path(os.path.commonpath([str(p.resolve().parent) for p in paths]))
    # What an overlay gives need not exist.
    stamps = [Stamp.of(p.stat()) if p.exists() else Stamp(0, 0, 0, 0) for p in paths]
    files = [(os.path.relpath(p.resolve(), root), stamp) for p, stamp in zip(paths, stamps, strict=True)]
    return Survey(root, None, files, [b""] * len(files), True, [], [0] * len(files))


def _read(
    found: Survey, todo: list[int], known: dict[bytes, int], jobs: int, progress: Progress
) -> list[int]:
    """Hash the files numbered in `todo`, make the facts of those whose size is not `known`; return these."""
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
                known,
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
            found.hashes[number], found.defined[number] = one[0], one[2]
            _take_marks(found, number, one[3])
            if one[1] is not None:
                found.packed[number], found.shapes[number] = one[1], one[4]
                made.append(number)
            elif not known[found.key(number)]:
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
            sort, data, defined, marks, own = b"u", one.encode("utf-8", "surrogatepass"), 0, b"", b""
        else:
            sort, data = b"k" if one[1] is None else b"f", one[0] + (one[1] or b"")
            defined, marks, own = one[2:]
        pieces += [_PIECE.pack(sort, marks, own, len(data), defined), data]
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
        else:
            made = data[HASH_BYTES:] if sort == b"f" else None
            own = b"" if own == _NO_SHAPE else own
            answers.append((data[:HASH_BYTES], made, defined, marks.rstrip(b"\0"), own))
    return answers


def _key(content: bytes, salt: bytes, version: tuple[int, ...] | None) -> bytes:
    said = b"" if version is None else versions.code(version).to_bytes(8)
    return content + salt + said


def _mark(found: Survey, number: int) -> bytes:
    """Return the marks of a file. One that depends on the version may say something of another version."""
    versioned, allowing = number in found.versioned, number in found.allowing
    silent = found.packed.get(number) == b"" and not versioned
    return _SILENT * silent + _VERSIONED * versioned + _ALLOWING * allowing


def _take_marks(found: Survey, number: int, marks: bytes) -> None:
    if _VERSIONED in marks:
        found.versioned.add(number)
    if _ALLOWING in marks:
        found.allowing.add(number)


def _read_one(
    path: str,
    salt: bytes,
    small: bool,
    version: tuple[int, ...] | None,
    known: dict[bytes, int],
    given: bytes | None,
) -> _Answer:
    """Read a file, unless its content is `given`, and make its facts, unless they are `known`."""
    try:
        data = given
        if data is None:
            data = door.read(path, MOST_BYTES if small else gather.MAXIMUM_BYTES, follow=False)
    except InputError as error:
        return error.why
    digest = content_hash(data)
    asks = version is not None and versions.WORD in data
    marks = _VERSIONED * asks + _ALLOWING * (_COMMENT in data)
    if _key(digest, salt, version if asks else None) in known:
        return digest, None, choosing.count(data), marks, b""
    try:
        made = pack(_facts(data, path, small, version))
        made = b"" if made == _EMPTY else made
        return digest, made, choosing.count(data), marks, shape(made)
    except RecursionError:
        return "nested too deeply"


def _too_large(size: int) -> str:
    return f"too large ({size >> 20} MiB)"


def _facts(data: bytes, path: str, all_functions: bool, version: tuple[int, ...] | None) -> FileFacts:
    if all_functions or choosing.relevant(data):
        return gather.gather(data, vocabulary(), described(), gather.Scope(all_functions, version))
    if path.endswith(".h") and b"struct" in data and len(data) < _HEADER_BYTES:
        return gather.declarations(data, version)
    return gather.NOTHING
