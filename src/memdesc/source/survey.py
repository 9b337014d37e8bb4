"""The files of a run, and what is known of them from earlier runs without opening one.

`known()` lists the files. A folder whose files are all as they were when it was last read stays *folded*: its
files are not named, and all that a run with a known result has to tell of them stands in the folder's head. The
files of the other folders are named one by one, those to be read in `todo`; `reading.complete()` reads them.
"""

import hashlib
import os
import struct
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Self

from memdesc import __version__
from memdesc.errors import InputError
from memdesc.records import Unread
from memdesc.source import added, kernel, listing, versions
from memdesc.source.added import once
from memdesc.source.cache import Cache
from memdesc.source.facts import FORMAT
from memdesc.source.listing import Folder, Stamp
from memdesc.source.signatures import FOLDER
from memdesc.source.texts import HASH_BYTES, MOST_FOLLOWED_BYTES, SHAPE_BYTES, Texts

Progress = Callable[[str, int, int], None]
SMALL_TREE = 400
"""Of a tree with fewer files every function is read."""
SILENT, VERSIONED, ALLOWING = 1, 2, 4
"""Marks of a file: that it says nothing; whose facts depend on the kernel's version; that speaks to memdesc in
a comment."""
_HEAD = struct.Struct(f"<IB{SHAPE_BYTES}sIQ")
_ROW = struct.Struct(f"<{HASH_BYTES}sI{SHAPE_BYTES}sB")
_NO_HASH, _NO_SHAPE = bytes(HASH_BYTES), bytes(SHAPE_BYTES)
_WHOLE, _ALLOWS, _LACKS = 1, 2, 4


@once
def cache_key() -> str:
    """Return what facts depend on besides the files: the code that collects them, by which Python and grammar
    it does so, and the signatures, those that the user added among them."""
    here = Path(__file__).parent
    said = f"{sys.version} {sys.byteorder} {_grammar()}"
    digest = hashlib.blake2b(said.encode(), digest_size=6)
    for path in (*sorted(FOLDER.glob("*.h")), *sorted(here.glob("*.py"))):
        digest.update(path.read_bytes())
    digest.update(repr(added.files()).encode("utf-8", "surrogateescape") if added.files() else b"")
    return f"{__version__}-{FORMAT}-{digest.hexdigest()}"


def _grammar() -> str:
    """Return which grammar and which parser of C are installed; asks neither, since a run may need none."""
    return " ".join(metadata.version(name) for name in ("tree-sitter", "tree-sitter-c"))


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of a file.

    Attributes: content: the hash, empty for a file that could not be read. defined: how many functions it has.
    shape: of its facts, empty for one that says nothing, None where it is not known. marks: SILENT, ...
    """

    content: bytes
    defined: int
    shape: bytes | None
    marks: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A folder whose files are as they were, and what is known of them.

    Attributes: listing: of its files, as Folder has it. whole: whether all of their functions were read. version:
    the code of the kernel's version that their facts hold for. shape: names the facts of all. read: how many could be
    read. defined: functions in them. allows: whether one may hold suppression comments. lacks: whether one could not
    be read, or its facts have no shape. rows: of the files, by name, as bytes.
    """

    listing: bytes
    version: int
    whole: bool
    allows: bool
    lacks: bool
    shape: bytes
    read: int
    defined: int
    rows: bytes

    @classmethod
    def of(cls, listed: bytes, said: bytes) -> Self:
        """Return what `said()` made bytes of.

        Raises: ValueError: it made no such bytes of this listing.
        """
        if len(said) != _HEAD.size + listing.count(listed) * _ROW.size:
            raise ValueError("no folder")
        version, flags, shape, read, defined = _HEAD.unpack_from(said)
        return cls(
            listed, version, bool(flags & _WHOLE), bool(flags & _ALLOWS), bool(flags & _LACKS),
            shape, read, defined, said[_HEAD.size :],
        )  # fmt: skip

    def said(self) -> bytes:
        """Return all but the listing as bytes."""
        flags = _WHOLE * self.whole | _ALLOWS * self.allows | _LACKS * self.lacks
        return _HEAD.pack(self.version, flags, self.shape, self.read, self.defined) + self.rows

    def contents(self) -> dict[str, bytes]:
        """Return the hashes of the files' contents, by name."""
        starts = range(0, len(self.rows), _ROW.size)
        hashes = (self.rows[at : at + HASH_BYTES] for at in starts)
        return dict(zip(listing.names(self.listing), hashes, strict=True))

    def files(self, version: int) -> dict[str, tuple[Stamp, Row]]:
        """Return stamp and row of each file that could be read; facts that hold for another version have no shape."""
        found = {}
        listed = listing.unpacked(self.listing)
        for (name, stamp), row in zip(listed, _ROW.iter_unpack(self.rows), strict=True):
            content, defined, own, marks = row
            shape: bytes | None = b"" if marks & SILENT else None if own == _NO_SHAPE else own
            if marks & VERSIONED and self.version != version:
                shape, marks = None, marks & ~SILENT
            if content != _NO_HASH:
                found[name] = stamp, Row(content, defined, shape, marks)
        return found


def folded(files: Sequence[tuple[str, Stamp, Row]], version: int, whole: bool) -> Folded:
    """Return what is to be kept of a folder, of whose files nothing is open.

    Args: files: by name; those that could not be read have no content.
    """
    rows = [row for _, _, row in files]
    return Folded(
        listing.settled(listing.packed([(name, stamp) for name, stamp, _ in files])),
        version,
        whole,
        any(row.marks & ALLOWING for row in rows),
        any(not row.content or row.shape is None for row in rows),
        shape_of((name, row.shape) for name, _, row in files if row.shape),
        sum(bool(row.content) for row in rows),
        sum(row.defined for row in rows),
        b"".join(
            _ROW.pack(row.content or _NO_HASH, row.defined, row.shape or _NO_SHAPE, row.marks) for row in rows
        ),
    )


def shape_of(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return what names the facts of a folder's files, given by name with their shapes; no shape for no file."""
    digest = hashlib.blake2b(digest_size=SHAPE_BYTES)
    none = True
    for name, shape in files:
        none = False
        digest.update(os.fsencode(name) + b"\0" + shape)
    return _NO_SHAPE if none else digest.digest()


@dataclass
class Survey:
    """The files of a run.

    Attributes: tree: None for lone files. files: paths relative to `root`, absolute for those of a module outside the
    tree, with stamps; without those of folded folders. folded: folders of which nothing was looked at, by path.
    outside: the folders of modules outside the tree. offered: all that the headers of include/ define is read.
    hashes: of the contents, empty for a file that could not be read. version: of the kernel, None where it is not
    known. versioned: numbers of the files whose facts depend on it. allowing: of those that may hold suppression
    comments. overlay: what is read in the place of a file, by its path. packed: facts that are at hand, by the file's
    number; empty bytes for a file that says nothing. shapes: of all facts that are known (see packing). defined: how
    many functions each file has. todo: numbers of the files to be read. before: what was kept of the folders that
    were listed, by path. hits: files whose facts were known. seconds: spent, by phase. texts: what files say.
    """

    root: Path
    tree: Path | None
    files: list[tuple[str, Stamp]] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    defined: list[int] = field(default_factory=list)
    small: bool = False
    unread: list[Unread] = field(default_factory=list)
    folded: dict[str, Folded] = field(default_factory=dict)
    outside: tuple[Path, ...] = ()
    version: tuple[int, ...] | None = None
    versioned: set[int] = field(default_factory=set)
    allowing: set[int] = field(default_factory=set)
    overlay: Mapping[str, bytes] = field(default_factory=dict)
    offered: bool = False
    packed: dict[int, bytes] = field(default_factory=dict)
    shapes: dict[int, bytes] = field(default_factory=dict)
    todo: list[int] = field(default_factory=list)
    hits: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    before: dict[str, Folded | None] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _named: dict[str, dict[str, bytes]] = field(default_factory=dict)

    @cached_property
    def texts(self) -> Texts:
        """What gives the text of any file below `root`."""
        return Texts(self.root, self.hash_of, self.outside, self.overlay)

    @cached_property
    def architectures(self) -> set[str]:
        """The names of the architectures that the files are of."""
        paths = (*(f"{folder}/" for folder in self.folded), *(path for path, _ in self.files))
        split = (path.split("/") for path in paths if path.startswith("arch/"))
        return {parts[1] for parts in split if len(parts) > 2}

    @property
    def complete(self) -> bool:
        """Whether all is known without opening a file."""
        return not self.todo and all(n in self.shapes for n, content in enumerate(self.hashes) if content)

    @property
    def count(self) -> int:
        """How many files there are."""
        return len(self.files) + sum(listing.count(one.listing) for one in self.folded.values())

    @property
    def read(self) -> int:
        """How many files could be read."""
        return sum(map(bool, self.hashes)) + sum(one.read for one in self.folded.values())

    @property
    def functions(self) -> int:
        """How many functions the files define."""
        return sum(self.defined) + sum(one.defined for one in self.folded.values())

    def functions_beside(self, followed: int) -> int:
        """Return how many functions the files define, of which some were followed."""
        return followed if self.small else max(followed, self.functions)

    @property
    def version_code(self) -> int:
        """The kernel's version as one number, 0 where it is not known."""
        return versions.code(self.version) if self.version is not None else 0

    def add(self, path: str, stamp: Stamp) -> int:
        """Name one more file; return its number."""
        number = self._numbers[path] = len(self.files)
        self.files.append((path, stamp))
        self.hashes.append(b"")
        self.defined.append(0)
        return number

    def tell(self, number: int, row: Row) -> None:
        """Let a file be known."""
        self.hashes[number], self.defined[number] = row.content, row.defined
        self.mark(number, row.marks)
        if row.shape is not None:
            self.shapes[number] = row.shape
            if not row.shape:
                self.packed[number] = b""

    def mark(self, number: int, marks: int) -> None:
        """Note what of its marks is asked for by number."""
        if marks & VERSIONED:
            self.versioned.add(number)
        if marks & ALLOWING:
            self.allowing.add(number)

    def row(self, number: int) -> Row:
        """Return what is known of a file."""
        shape = self.shapes.get(number)
        marks = VERSIONED * (number in self.versioned) | ALLOWING * (number in self.allowing)
        return Row(self.hashes[number], self.defined[number], shape, marks | SILENT * (shape == b""))

    def unfold(self) -> None:
        """Name the files of all folders one by one."""
        for folder in sorted(self.folded):
            for name, (stamp, row) in self.folded[folder].files(self.version_code).items():
                self.tell(self.add(os.path.join(folder, name), stamp), row)
        self.folded = {}

    def hash_of(self, path: str) -> bytes:
        """Return the hash of a file's content, empty for one that was not listed or not read."""
        number = self._numbers.get(path)
        if number is not None:
            return self.hashes[number]
        folder, _, name = path.rpartition("/")
        if folder not in self.folded:
            return b""
        if folder not in self._named:
            self._named[folder] = self.folded[folder].contents()
        return self._named[folder].get(name, b"")

    def whole(self, number: int) -> bool:
        """Whether all functions of a file are read: of a small tree, of a module outside it, of what is offered."""
        return self.is_whole(self.files[number][0])

    def is_whole(self, path: str) -> bool:
        """Whether all functions of the files at or below a path are read."""
        return self.small or os.path.isabs(path) or (self.offered and f"{path}/".startswith("include/"))

    def digest(self) -> bytes:
        """Return what names this very content of all files."""
        self.unfold()
        digest = hashlib.blake2b(digest_size=16)
        for path, content in sorted(zip((path for path, _ in self.files), self.hashes, strict=True)):
            digest.update(path.encode("utf-8", "surrogateescape") + b"\0" + content)
        return digest.digest()

    def shape(self) -> bytes | None:
        """Return what names the facts of all files, wherever in them the code stands; None where some are lost.

        That, and the texts that were asked for, is what a run makes its findings of.
        """
        folders = {path: one.shape for path, one in self.folded.items()}
        own: dict[str, list[tuple[str, bytes]]] = {}
        for number, ((path, _), content) in enumerate(zip(self.files, self.hashes, strict=True)):
            shape = self.shapes.get(number) if content else b""
            if shape is None:
                return None
            if shape:
                folder, _, name = path.rpartition("/")
                own.setdefault(folder, []).append((name, shape))
        folders |= {path: shape_of(sorted(files)) for path, files in own.items()}
        digest = hashlib.blake2b(digest_size=SHAPE_BYTES)
        for path in sorted(path for path, shape in folders.items() if shape != _NO_SHAPE):
            digest.update(os.fsencode(path) + b"\0" + folders[path])
        return digest.digest()

    def salt(self, number: int) -> bytes:
        """Return what a file's facts depend on besides its content and the kernel's version."""
        return (b"s" if self.whole(number) else b"t") + (
            b"h" if self.files[number][0].endswith(".h") else b"c"
        )

    def key(self, number: int) -> bytes:
        """Return the name of a file's facts in the cache."""
        return key_of(
            self.hashes[number], self.salt(number), self.version if number in self.versioned else None
        )


def key_of(content: bytes, salt: bytes, version: tuple[int, ...] | None) -> bytes:
    """Return the name of facts in the cache: of a content, and what else they depend on."""
    said = b"" if version is None else versions.code(version).to_bytes(8)
    return content + salt + said


def known(
    paths: Sequence[Path],
    tree: Path | None,
    cache: Cache | None,
    overlay: Mapping[Path, bytes] | None = None,
    *,
    offered: bool = False,
) -> Survey:
    """Return the files that a run on `paths` is about: all of the tree, if they lie in one.

    Args: overlay: what is read in the place of files, which may be new ones; empty bytes for one that is to be gone.
    offered: read all functions of the headers in include/.
    """
    begun = time.perf_counter()
    top = tree or next((found for found in map(kernel.top, paths) if found is not None), None)
    if top is None and any(p.is_dir() for p in paths):
        top = next(p for p in paths if p.is_dir())
    if top is None or (tree is None and not (top / "include").is_dir() and all(p.is_file() for p in paths)):
        found = _lone(paths)
        found.overlay = _relative(overlay or {}, found.root)
    else:
        found = _listed(paths, top.resolve(), cache, overlay or {}, offered)
    found.seconds["list"] = time.perf_counter() - begun
    return found


def _lone(paths: Sequence[Path]) -> Survey:
    root = Path(os.path.commonpath([str(p.resolve().parent) for p in paths]))
    found = Survey(root, None, small=True)
    for path in paths:
        # What an overlay gives need not exist.
        stamp = Stamp.of(path.stat()) if path.exists() else Stamp(0, 0, 0, 0)
        found.todo.append(found.add(os.path.relpath(path.resolve(), root), stamp))
    return found


def alone(path: Path) -> Survey:
    """Return a survey of one file as if it lay in no tree."""
    return _lone([path])


def _relative(overlay: Mapping[Path, bytes], root: Path) -> dict[str, bytes]:
    return {name_of(path, root): content for path, content in overlay.items()}


def _listed(
    paths: Sequence[Path], root: Path, cache: Cache | None, overlay: Mapping[Path, bytes], offered: bool
) -> Survey:
    found = Survey(root, root, version=kernel.version(root), offered=offered)
    folders = {folder.path: folder for folder in listing.folders(root, found.unread)}
    found.small = sum(listing.count(folder.listing) for folder in folders.values()) < SMALL_TREE
    outside: list[Path] = []
    for place in dict.fromkeys(path.resolve() for path in paths):
        if os.path.isabs(name_of(place, root)):
            home = kernel.module(place) or (place if place.is_dir() else None)
            outside.append(home or place.parent)
            if home is not None:
                folders |= {folder.path: folder for folder in _outside(home, root, found.unread)}
    found.outside = tuple(dict.fromkeys(outside))
    found.overlay = _relative(overlay, root)
    named = {name_of(path, root): path for path in paths}
    more = {name: Stamp.of(path.stat()) for name, path in named.items() if path.is_file()}
    more = {name: stamp for name, stamp in more.items() if not _lists(folders, name)}
    more |= {name: Stamp(len(text), 0, 0, 0) for name, text in found.overlay.items()}
    apart = {name.rpartition("/")[0] for name in more}
    before: dict[str, tuple[bytes, bytes]] = {}
    if cache:
        for place in (root, *found.outside):
            before |= cache.folders(place)
    files: dict[str, tuple[Stamp, Row | None]] = {}
    for path, folder in folders.items():
        whole = found.is_whole(path)
        one = found.before[path] = _before(before.get(os.path.normpath(root / path)), whole)
        afresh = offered and whole
        same = one is not None and one.listing == folder.listing and one.version == found.version_code
        if one and same and path not in apart and not (one.allows or one.lacks or afresh):
            found.folded[path] = one
            continue
        rows = _rows(one, found.version_code) if one and not afresh else {}
        for name, stamp in folder.files():
            own = rows.get(name)
            files[f"{path}/{name}" if path else name] = stamp, own[1] if own and own[0] == stamp else None
    files |= {name: (stamp, None) for name, stamp in more.items() if name not in files}
    for path in sorted(files):
        stamp, row = files[path]
        number = found.add(path, stamp)
        if row and path not in found.overlay:
            found.tell(number, row)
        elif not found.whole(number) and stamp.size > MOST_FOLLOWED_BYTES:
            found.unread.append(Unread(path, "", f"too large ({stamp.size >> 20} MiB)"))
        else:
            found.todo.append(number)
    return found


def _lists(folders: Mapping[str, Folder], path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return folder in folders and any(name == one for one, _ in folders[folder].files())


def _rows(one: Folded, version: int) -> dict[str, tuple[Stamp, Row]]:
    try:
        return one.files(version)
    except ValueError:
        return {}


def _before(kept: tuple[bytes, bytes] | None, whole: bool) -> Folded | None:
    """Return what was kept of a folder, None where nothing was that holds."""
    try:
        one = Folded.of(*kept) if kept else None
    except ValueError:
        return None
    return one if one and one.whole == whole else None


def keep(found: Survey, cache: Cache) -> None:
    """Keep what is known of listed folders, where that is new."""
    apart = {name.rpartition("/")[0] for name in found.overlay}
    folders: dict[str, list[tuple[str, Stamp, Row]]] = {
        path: [] for path in found.before if path not in found.folded and path not in apart
    }
    for number, (path, stamp) in enumerate(found.files):
        folder, _, name = path.rpartition("/")
        if folder in folders and name.endswith((".c", ".h")):
            folders[folder].append((name, stamp, found.row(number)))
    rows = []
    for folder, files in folders.items():
        one = folded(sorted(files, key=lambda file: file[0]), found.version_code, found.is_whole(folder))
        if one != found.before[folder]:
            rows.append((os.path.normpath(found.root / folder), one.listing, one.said()))
    cache.put_folders(rows)


def _outside(home: Path, root: Path, unread: list[Unread]) -> list[Folder]:
    """Return the folders of a module by absolute path, without those of the tree at `root`."""
    own: list[Unread] = []
    found = [Folder(str(home / path), files) for path, files in listing.folders(home, own)]
    unread += [Unread(str(home / one.file), one.name, one.reason) for one in own]
    return [folder for folder in found if not Path(folder.path).is_relative_to(root)]


def name_of(path: Path, root: Path) -> str:
    """Return how a survey of the tree at `root` calls a file or folder: relative in the tree, else absolute."""
    place, top = path.resolve(), root.resolve()
    return os.path.relpath(place, top) if place.is_relative_to(top) else str(place)


def asked_for(paths: Sequence[Path], found: Survey) -> None:
    """Let no path that was asked for be passed over.

    Raises: InputError: a file that was asked for was not read, or a folder of which no file was.
    """
    for path in paths:
        name = name_of(path, found.root)
        if path.is_file() and not found.hash_of(name):
            why = next((u.reason for u in found.unread if u.file == name), "is no file that is read")
            raise InputError(str(path), f"was not read: {why}")
        if path.is_dir() and name != "." and not _any_below(name, found):
            raise InputError(
                str(path), "none of its files was read: they are hidden, links, or cannot be opened"
            )


def _any_below(name: str, found: Survey) -> bool:
    if any(path.startswith(name + "/") and one.read for path, one in found.folded.items()):
        return True
    read = (path for (path, _), content in zip(found.files, found.hashes, strict=True) if content)
    return name in found.folded or any(path.startswith(name + "/") for path in read)
