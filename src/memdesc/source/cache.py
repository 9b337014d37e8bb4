"""What was read before: facts of files and results of runs, kept between runs.

One SQLite file a format, in $XDG_CACHE_HOME/memdesc (~/.cache/memdesc). Its name holds FORMAT and the
caller's key (version of memdesc, of the facts, of the vocabulary), so that another version never reads
it. Tables:

    folders  path of a folder -> its listing, what is known of the files in it, and a check sum of all three
    meta     key of a blob -> its number, check sum, size, what it is, and the day it was last used
    data     number of a blob -> the blob

Nothing here is ever needed: whatever goes wrong (a full disk, a lock that is not let go, a damaged file) is
logged once, as a warning, and the run goes on without. It must lie where cache_place.py says. A blob whose
check sum does not fit, and a file that SQLite finds damaged, are thrown away. Two runs may share a cache:
each waits for the other's writes for at most BUSY_SECONDS. The rollback journal is chosen over the write-
ahead log because new blobs are then written once, not twice (0.8 s against 3.5 s for 60,000 blobs of 5 KB),
and because it needs no memory shared with other hosts. A `Cache` belongs to the process and thread that
opened it.

Raise FORMAT when the tables change.
"""

import contextlib
import logging
import os
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from memdesc.source.cache_place import SUFFIXES, secured

FORMAT = 3
MAGIC = 0x6D646573
BUSY_SECONDS = 10.0
MAXIMUM_BYTES = 2 << 30
MAXIMUM_RESULT_BYTES = 512 << 20
KEPT_FILES = 3

_LOG = logging.getLogger(__name__)
_SAID: set[str] = set()
_CHUNK = 900
_FACTS, _RESULT = 0, 1
_CLOSED_FOR_NOW = {
    sqlite3.SQLITE_BUSY: "another run keeps it locked",
    sqlite3.SQLITE_LOCKED: "another run keeps it locked",
    sqlite3.SQLITE_FULL: "no space left",
    sqlite3.SQLITE_IOERR: "it cannot be read or written",
    sqlite3.SQLITE_READONLY: "it may not be written",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_PERM: "permission denied",
    sqlite3.SQLITE_AUTH: "permission denied",
    sqlite3.SQLITE_NOMEM: "not enough memory",
}
_MOST_BLOBS = 1 << 62
_TICK = 1_000_000
_MOST_TICKS = 30
"""Steps of SQLite's machine in a statement, in _TICK: ten times what the largest cache needs."""
_SHORT_READ = 522  # SQLITE_IOERR_SHORT_READ: the file ends too early

_SCHEMA = f"""
CREATE TABLE folders(path BLOB PRIMARY KEY, listing BLOB, said BLOB, checksum INTEGER)
    WITHOUT ROWID;
CREATE TABLE meta(key BLOB PRIMARY KEY, id INTEGER, checksum INTEGER, size INTEGER, what INTEGER,
    day INTEGER) WITHOUT ROWID;
CREATE TABLE data(id INTEGER PRIMARY KEY, blob BLOB);
PRAGMA application_id = {MAGIC};
PRAGMA user_version = {FORMAT};
"""


def folder() -> Path:
    """Return the folder of the user's cache, whether it exists or not."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return Path(base if os.path.isabs(base) else os.path.expanduser("~/.cache")) / "memdesc"


class Cache:
    """An open cache, or a closed one that knows nothing and forgets everything.

    Args: key: names what the contents were made by; letters, digits, dots and hyphens. where: the folder.
    No method raises for trouble with the cache; `usable` says whether it still works.
    """

    def __init__(self, key: str, where: Path | None = None) -> None:
        self._path = (where or folder()) / f"facts-{FORMAT}-{key}.sqlite"
        self._connection: sqlite3.Connection | None = None
        self._warned = False
        self._ticks = 0
        self._today = int(time.time() // 86400)
        with self._careful():
            self._open()

    @property
    def usable(self) -> bool:
        """Whether anything can be found or kept."""
        return self._connection is not None

    def folders(self, root: Path) -> dict[str, tuple[bytes, bytes]]:
        """Return (listing, what is known of the files) of every folder at or below the absolute path `root`."""
        first = os.fsencode(root).rstrip(b"/")
        last = first + b"0"  # the character after the slash
        found: dict[str, tuple[bytes, bytes]] = {}
        with self._careful() as connection:
            if connection:
                rows = connection.execute(
                    "SELECT path, listing, said, checksum FROM folders WHERE path = ? OR path > ? AND path < ?",
                    (first or b"/", first + b"/", last),
                )
                found = {
                    os.fsdecode(path): (listing, said)
                    for path, listing, said, checksum in _typed(rows, bytes, bytes, bytes, int)
                    if _checksum(path + listing, said) == checksum
                }
        return found

    def put_folders(self, items: Iterable[tuple[str, bytes, bytes]]) -> None:
        """Remember folders: absolute path, listing, what is known of the files."""
        rows = [
            (name := os.fsencode(path), listing, said, _checksum(name + listing, said))
            for path, listing, said in items
        ]
        with self._careful() as connection:
            if connection and rows:
                with _transaction(connection):
                    connection.executemany("INSERT OR REPLACE INTO folders VALUES (?, ?, ?, ?)", rows)

    def sizes(self, keys: Iterable[bytes] | None = None) -> dict[bytes, int]:
        """Return how many bytes the facts have that are kept, by content hash; of all, or of those called `keys`."""
        found: dict[bytes, int] = {}
        with self._careful() as connection:
            if connection:
                parts = [()] if keys is None else _parts(sorted(keys))
                for part in parts:
                    which = f" AND key IN ({','.join('?' * len(part))})" if part else ""
                    rows = connection.execute(
                        f"SELECT key, size FROM meta WHERE what = ?{which}", (_FACTS, *part)
                    )
                    found |= dict(_typed(rows, bytes, int))
        return found

    def get_many(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the facts that are known, by content hash."""
        return dict(self._each(set(keys), _FACTS))

    def put_many(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Remember facts by content hash."""
        self._put(items, _FACTS)

    def get_result(self, key: bytes) -> bytes | None:
        """Return what an earlier run left under `key`, None when there is nothing."""
        return dict(self._each({key}, _RESULT)).get(key)

    def put_result(self, key: bytes, blob: bytes) -> None:
        """Remember the result of a whole run under `key`."""
        self._put([(key, blob)], _RESULT)

    def forget(self, keys: Sequence[bytes]) -> None:
        """Throw away blobs whose contents do not hold together, as their check sum could not tell."""
        with self._careful() as connection:
            if connection:
                with _transaction(connection):
                    for part in _parts(keys):
                        marks = ",".join("?" * len(part))
                        where = f"WHERE key IN ({marks})"
                        connection.execute(
                            f"DELETE FROM data WHERE id IN (SELECT id FROM meta {where})", part
                        )
                        connection.execute(f"DELETE FROM meta {where}", part)
        self._warn(f"{len(keys)} damaged entries of the cache {self._path} were thrown away")

    def close(self) -> None:
        """Forget what has not been used for longest where there is too much, and let go of the file."""
        with self._careful() as connection:
            if connection:
                self._prune(connection)
                self._connection = None
                connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> None:
        path = secured(self._path)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.text_factory = bytes
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAXIMUM_RESULT_BYTES + (1 << 20))
            connection.set_progress_handler(self._tick, _TICK)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.execute("PRAGMA page_size = 8192")
            connection.execute("PRAGMA synchronous = NORMAL")
            if _is_new(connection):
                with _transaction(connection):
                    for statement in _SCHEMA.split(";") if _is_new(connection) else ():
                        connection.execute(statement)
            if _made_of(connection) != _expected():
                raise sqlite3.DatabaseError("not a cache of memdesc")
        except BaseException:
            connection.close()
            raise
        self._path, self._connection = path, connection
        os.utime(path)
        _drop_old_files(path)

    def _tick(self) -> int:
        """Say whether a statement goes on without end, as it does through a damaged index of pages."""
        self._ticks += 1
        return self._ticks > _MOST_TICKS

    @contextlib.contextmanager
    def _careful(self) -> Iterator[sqlite3.Connection | None]:
        """Give the connection, and turn trouble with it into one warning and an empty or closed cache."""
        self._ticks = 0
        try:
            yield self._connection
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", None)
            if code is not None and code != _SHORT_READ and code & 0xFF in _CLOSED_FOR_NOW:
                self._give_up(_CLOSED_FOR_NOW[code & 0xFF])
            elif isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.ProgrammingError):
                self._rebuild(str(error))
            else:
                raise
        except OSError as error:
            self._give_up(error.strerror or str(error))
        except UnicodeDecodeError:
            self._rebuild("names of no encoding")  # sqlite3 has no words for its own error then

    def _warn(self, what: str) -> None:
        if not self._warned and what not in _SAID:
            self._warned = True
            _SAID.add(what)
            _LOG.warning("%s", what)

    def _give_up(self, why: str) -> None:
        self._disconnect()
        self._warn(f"going on without the cache {self._path}: {why}")

    def _rebuild(self, why: str) -> None:
        self._disconnect()
        self._warn(f"the cache {self._path} is damaged ({why}) and will be rebuilt")
        try:
            _remove(self._path)
            self._open()
        except (sqlite3.Error, OSError):
            self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _each(self, keys: set[bytes], what: int) -> Iterator[tuple[bytes, bytes]]:
        damaged: list[tuple[int, bytes]] = []
        with self._careful() as connection:
            if not connection or not keys:
                return
            known = _find(connection, keys, what)
            for part in _parts(sorted(known)):
                marks = ",".join("?" * len(part))
                for number, blob in connection.execute(
                    f"SELECT id, blob FROM data WHERE id IN ({marks})", part
                ):
                    key, checksum, _ = known[number]
                    if isinstance(blob, bytes) and _checksum(key, blob) == checksum:
                        yield key, blob
                    else:
                        damaged.append((number, key))
            stale = [(self._today, key) for key, _, day in known.values() if day != self._today]
            if stale or damaged:
                with _transaction(connection):
                    connection.executemany("UPDATE meta SET day = ? WHERE key = ?", stale)
                    connection.executemany("DELETE FROM data WHERE id = ?", [(n,) for n, _ in damaged])
                    connection.executemany("DELETE FROM meta WHERE key = ?", [(key,) for _, key in damaged])
        if damaged:
            self._warn(f"{len(damaged)} damaged entries of the cache {self._path} were thrown away")

    def _put(self, items: Iterable[tuple[bytes, bytes]], what: int) -> None:
        with self._careful() as connection:
            if not connection:
                return
            kept = [(key, blob) for key, blob in items if len(blob) <= MAXIMUM_RESULT_BYTES]
            with _transaction(connection):
                last = connection.execute("SELECT ifnull(max(id), 0) FROM data").fetchone()[0]
                if not 0 <= last < _MOST_BLOBS:
                    raise sqlite3.DatabaseError("its numbers run out")
                for number, (key, blob) in enumerate(kept, last + 1):
                    old = connection.execute("SELECT id FROM meta WHERE key = ?", (key,)).fetchone()
                    if old:
                        connection.execute("DELETE FROM data WHERE id = ?", old)
                    connection.execute("INSERT INTO data VALUES (?, ?)", (number, blob))
                    connection.execute(
                        "INSERT OR REPLACE INTO meta VALUES (?, ?, ?, ?, ?, ?)",
                        (key, number, _checksum(key, blob), len(blob), what, self._today),
                    )

    def _prune(self, connection: sqlite3.Connection) -> None:
        """Delete the oldest entries until the sums of sizes are within the limits."""
        sums = dict(_typed(connection.execute("SELECT what, sum(size) FROM meta GROUP BY what"), int, int))
        if sums.get(_RESULT, 0) <= MAXIMUM_RESULT_BYTES and sum(sums.values()) <= MAXIMUM_BYTES:
            return
        rows = list(
            _typed(connection.execute("SELECT id, size, what FROM meta ORDER BY day, id"), int, int, int)
        )
        gone: set[int] = set()
        for kinds, limit in (((_RESULT,), MAXIMUM_RESULT_BYTES), ((_FACTS, _RESULT), MAXIMUM_BYTES)):
            left = [(number, size) for number, size, what in rows if what in kinds and number not in gone]
            total = sum(size for _, size in left)
            for number, size in left:
                if total <= limit:
                    break
                gone.add(number)
                total -= size
        with _transaction(connection):
            connection.execute("CREATE TEMP TABLE gone(id INTEGER PRIMARY KEY)")
            connection.executemany("INSERT INTO gone VALUES (?)", [(number,) for number in gone])
            connection.execute("DELETE FROM data WHERE id IN (SELECT id FROM gone)")
            connection.execute("DELETE FROM meta WHERE id IN (SELECT id FROM gone)")
            connection.execute("DELETE FROM folders")
            connection.execute("DROP TABLE gone")


def _find(connection: sqlite3.Connection, keys: set[bytes], what: int) -> dict[int, tuple[bytes, int, int]]:
    """Return (key, check sum, day) of the blobs called `keys`, by number."""
    if len(keys) > _CHUNK:
        rows = connection.execute("SELECT key, id, checksum, day FROM meta WHERE what = ?", (what,))
        typed = _typed(rows, bytes, int, int, int)
        return {number: (key, checksum, day) for key, number, checksum, day in typed if key in keys}
    found = {}
    for part in _parts(sorted(keys)):
        marks = ",".join("?" * len(part))
        rows = connection.execute(
            f"SELECT key, id, checksum, day FROM meta WHERE what = ? AND key IN ({marks})", (what, *part)
        )
        for key, number, checksum, day in _typed(rows, bytes, int, int, int):
            found[number] = (key, checksum, day)
    return found


def _typed(rows: Iterable[tuple[Any, ...]], *types: type) -> Iterator[tuple[Any, ...]]:
    """Yield rows whose values are of these types; SQLite keeps anything in any column.

    Raises: sqlite3.DatabaseError: one is of another.
    """
    for row in rows:
        if tuple(map(type, row)) != types:
            raise sqlite3.DatabaseError("a value of another type")
        yield row


def _made_of(connection: sqlite3.Connection) -> tuple[object, ...]:
    """Return the tables of a database, and the numbers that say what it is."""
    tables = connection.execute("SELECT CAST(sql AS BLOB) FROM sqlite_master ORDER BY name").fetchall()
    magic = connection.execute("PRAGMA application_id").fetchone()
    return tables, magic, connection.execute("PRAGMA user_version").fetchone()


@lru_cache(maxsize=1)
def _expected() -> tuple[object, ...]:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_SCHEMA)
        return _made_of(connection)


def _is_new(connection: sqlite3.Connection) -> bool:
    return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything inside is kept or nothing is; another writer is waited for at the start."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _checksum(key: bytes, blob: bytes) -> int:
    return zlib.crc32(blob, zlib.crc32(key))


def _parts(items: Sequence[bytes] | Sequence[int]) -> Iterator[tuple[bytes | int, ...]]:
    for start in range(0, len(items), _CHUNK):
        yield tuple(items[start : start + _CHUNK])


def _drop_old_files(current: Path) -> None:
    """Remove the files of other versions of memdesc but the few that were used last."""
    times: list[tuple[float, Path]] = []
    for path in current.parent.glob("facts-*.sqlite"):
        with contextlib.suppress(FileNotFoundError):  # another run removes them as well
            if path != current:
                times.append((path.lstat().st_mtime, path))
    for _, path in sorted(times, reverse=True)[KEPT_FILES - 1 :]:
        _remove(path)


def _remove(path: Path) -> None:
    for suffix in SUFFIXES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
