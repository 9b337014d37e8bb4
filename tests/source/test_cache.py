"""The cache: what is kept comes back, what is damaged never does, and trouble never stops a run."""

import contextlib
import logging
import multiprocessing
import os
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from memdesc.source import cache
from memdesc.source.cache import Cache


@pytest.fixture
def where(tmp_path: Path) -> Path:
    """A folder that does not exist yet."""
    return tmp_path / "cache" / "memdesc"


def _file(where: Path) -> Path:
    (path,) = where.glob("facts-*.sqlite")
    return path


def test_facts_come_back(where: Path) -> None:
    """In the same run and in the next; what was never kept does not."""
    with Cache("k", where) as first:
        first.put_many([(b"a", b"1"), (b"b", b"")])
        assert first.get_many([b"a", b"b", b"c"]) == {b"a": b"1", b"b": b""}
    with Cache("k", where) as second:
        assert second.get_many([b"b"]) == {b"b": b""}


def test_a_key_holds_what_was_put_last(where: Path) -> None:
    """Putting again replaces, and leaves nothing behind."""
    with Cache("k", where) as store:
        store.put_many([(b"a", b"1")])
        store.put_many([(b"a", b"22"), (b"a", b"333")])
        assert store.get_many([b"a"]) == {b"a": b"333"}
    assert sqlite3.connect(_file(where)).execute("SELECT count(*) FROM data").fetchone() == (1,)


def test_results_and_facts_do_not_mix(where: Path) -> None:
    """A digest of a run is looked up among results only."""
    with Cache("k", where) as store:
        store.put_result(b"r", b"result")
        store.put_many([(b"f", b"facts")])
        assert store.get_result(b"r") == b"result"
        assert store.get_result(b"f") is None
        assert store.get_many([b"r", b"f"]) == {b"f": b"facts"}


def test_another_key_is_another_cache(where: Path) -> None:
    """What another version kept is never read."""
    with Cache("one", where) as store:
        store.put_many([(b"a", b"1")])
    with Cache("two", where) as store:
        assert store.get_many([b"a"]) == {}


def test_files_of_old_versions_go(where: Path) -> None:
    """Only the few that were used last stay."""
    for n in range(6):
        Cache(f"v{n}", where).close()
        os.utime(where / f"facts-{cache.FORMAT}-v{n}.sqlite", (n, n))
    Cache("now", where).close()
    names = sorted(path.name.split("-")[2] for path in where.glob("facts-*.sqlite"))
    assert names == ["now.sqlite", "v4.sqlite", "v5.sqlite"]


def test_folders_of_one_tree(where: Path) -> None:
    """Folders come back by root, the root among them; a sibling whose name begins alike is not below it."""
    with Cache("k", where) as store:
        store.put_folders([("/t", b"l1", b"1"), ("/t/b\udcff", b"l2", b""), ("/t2", b"l3", b"3")])
        assert store.folders(Path("/t")) == {"/t": (b"l1", b"1"), "/t/b\udcff": (b"l2", b"")}
        assert set(store.folders(Path("/"))) == {"/t", "/t/b\udcff", "/t2"}
        store.put_folders([("/t", b"new", b"4")])
        assert store.folders(Path("/t"))["/t"] == (b"new", b"4")


def test_a_folder_that_rotted_is_not_believed(where: Path) -> None:
    """Its path, its listing and what is known of its files are checked; the others stay."""
    with Cache("k", where) as store:
        store.put_folders((f"/t/{name}", name.encode() * 20, b"said" + name.encode() * 20) for name in "ABCD")
    path = _file(where)
    raw = path.read_bytes()
    for old, new in ((b"A" * 20 + b"said", b"A" * 19 + b"-said"), (b"/t/B", b"/t/E"), (b"saidC", b"saidX")):
        assert old in raw
        raw = raw.replace(old, new, 1)
    path.write_bytes(raw)
    with Cache("k", where) as store:
        assert set(store.folders(Path("/t"))) == {"/t/D"}


def test_many_and_few(where: Path) -> None:
    """Both ways of looking up find the same."""
    items = {n.to_bytes(4): bytes([n % 251]) * (n % 97) for n in range(5_000)}
    with Cache("k", where) as store:
        store.put_many(items.items())
        assert store.get_many(items) == items
        few = list(items)[::100]
        assert store.get_many(few) == {key: items[key] for key in few}


def test_the_oldest_go_first(where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit, what was last used longest ago is forgotten, results at a limit of their own."""
    monkeypatch.setattr(cache, "MAXIMUM_BYTES", 1_000)
    monkeypatch.setattr(cache, "MAXIMUM_RESULT_BYTES", 250)
    with Cache("k", where) as store:
        store.put_many([(bytes([n]), bytes(100)) for n in range(5)])
        store._today += 1
        assert store.get_many([b"\0"])
        store.put_many([(bytes([n]), bytes(100)) for n in range(5, 9)])
        for n in range(4):
            store.put_result(b"r%d" % n, bytes(100))
    with Cache("k", where) as store:
        assert [n for n in range(9) if store.get_many([bytes([n])])] == [0, 2, 3, 4, 5, 6, 7, 8]
        assert [n for n in range(4) if store.get_result(b"r%d" % n)] == [2, 3]


@pytest.mark.parametrize("damage", ["zeros", "noise", "short", "other", "text", "tail"])
def test_a_damaged_file_is_rebuilt(damage: str, where: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Said once, never believed, and of use again afterwards."""
    with Cache("k", where) as store:
        store.put_many([(n.to_bytes(4), os.urandom(500)) for n in range(2_000)])
    path = _file(where)
    raw = bytearray(path.read_bytes())
    if damage == "zeros":
        raw[:] = bytes(len(raw))
    elif damage == "noise":
        raw[200:] = os.urandom(len(raw) - 200)
    elif damage == "short":
        del raw[len(raw) // 3 :]
    elif damage == "text":
        raw[:] = b"not a database at all\n" * 100
    elif damage == "tail":
        raw[len(raw) // 2 :] = os.urandom(len(raw) - len(raw) // 2)
    path.write_bytes(raw)
    if damage == "other":
        path.unlink()
        sqlite3.connect(path).execute("CREATE TABLE folders(x)").connection.close()
    good = {n.to_bytes(4): None for n in range(2_000)}
    with caplog.at_level(logging.WARNING), Cache("k", where) as store:
        for _ in range(2):
            store.get_many(good)
            store.folders(Path("/"))
        store.put_many([(b"new", b"1")])
        assert store.get_many([b"new"]) == {b"new": b"1"}
        assert store.usable
    assert [r.levelname for r in caplog.records] == ["WARNING"]
    assert "damaged" in caplog.text
    caplog.clear()
    with Cache("k", where) as store:
        assert store.get_many([b"new"]) == {b"new": b"1"}
    assert caplog.records == []


def test_a_statement_without_end_is_stopped(
    where: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An index of pages that leads to itself is walked for a bounded number of steps."""
    with Cache("k", where) as store:
        store.put_many([(n.to_bytes(4), b"1") for n in range(2_000)])
    monkeypatch.setattr(cache, "_TICK", 100)
    monkeypatch.setattr(cache, "_MOST_TICKS", 50)
    with Cache("k", where) as store:
        assert store.get_many([(7).to_bytes(4)])
        assert store.sizes() == {}
        assert store.get_many([(7).to_bytes(4)]) == {}
    assert "damaged (interrupted)" in caplog.text


def test_values_of_other_types(where: Path) -> None:
    """SQLite keeps anything in any column; what is no number or bytes is not taken for one."""
    for column, table in (
        ("path", "folders"),
        ("listing", "folders"),
        ("checksum", "folders"),
        ("id", "meta"),
        ("size", "meta"),
    ):
        for value in ("text", 1.5, None, b"blob", -1, 1 << 62):
            with Cache("k", where) as store:
                store.put_many([(b"a", b"1")])
                store.put_folders([("/t", b"l", b"h")])
            connection = sqlite3.connect(_file(where), isolation_level=None)
            with contextlib.closing(connection), contextlib.suppress(sqlite3.IntegrityError):
                connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
            with Cache("k", where) as store:
                store.folders(Path("/"))
                store.sizes()
                store.get_many([b"a"])
                store.put_many([(b"b", b"2")])
                assert store.get_many([b"b"]) == {b"b": b"2"}


def test_a_blob_that_rotted_is_not_believed(where: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Its check sum tells; the others stay."""
    with Cache("k", where) as store:
        store.put_many([(b"a", b"A" * 3_000), (b"b", b"B" * 3_000)])
    path = _file(where)
    path.write_bytes(path.read_bytes().replace(b"A" * 100, b"A" * 99 + b"B", 1))
    with Cache("k", where) as store:
        assert store.get_many([b"a", b"b"]) == {b"b": b"B" * 3_000}
        assert store.get_many([b"a"]) == {}
    assert len(caplog.records) == 1


def test_a_blob_under_another_key_is_not_believed(where: Path) -> None:
    """The check sum covers the key."""
    with Cache("k", where) as store:
        store.put_many([(b"a", b"1"), (b"b", b"2")])
    with sqlite3.connect(_file(where)) as connection:
        connection.execute("UPDATE data SET blob = CASE id WHEN 1 THEN ? ELSE ? END", (b"2", b"1"))
    connection.close()
    with Cache("k", where) as store:
        assert store.get_many([b"a", b"b"]) == {}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (sqlite3.SQLITE_FULL, "no space left"),
        (sqlite3.SQLITE_BUSY, "another run keeps it locked"),
        (sqlite3.SQLITE_IOERR, "it cannot be read or written"),
        (sqlite3.SQLITE_READONLY, "it may not be written"),
    ],
)
def test_trouble_closes_the_cache_for_this_run(
    code: int, said: str, where: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Said once; the run goes on, and the next one finds what was kept before."""
    with Cache("k", where) as store:
        store.put_many([(b"a", b"1")])

    def items() -> Iterator[tuple[bytes, bytes]]:
        error = sqlite3.OperationalError("trouble")
        error.sqlite_errorcode = code
        yield b"b", b"2"
        raise error

    with Cache("k", where) as store:
        store.put_many(items())
        assert not store.usable
        assert store.get_many([b"a"]) == {}
        store.put_many([(b"c", b"3")])
        store.put_folders([("/", b"l", b"a")])
        assert store.folders(Path("/")) == {}
        assert store.get_result(b"r") is None
    assert [r.message for r in caplog.records] == [f"going on without the cache {store._path}: {said}"]
    with Cache("k", where) as store:
        assert store.get_many([b"a", b"b"]) == {b"a": b"1"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small file system")
def test_a_full_disk(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The real thing: a file system of 256 KB."""
    where = tmp_path / "small"
    where.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", str(where)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mount is not permitted here")
    try:
        with Cache("k", where) as store:
            store.put_many([(b"small", b"1")])
            store.put_many([(n.to_bytes(4), os.urandom(5_000)) for n in range(1_000)])
            assert not store.usable
        assert [r.message for r in caplog.records] == [
            f"going on without the cache {store._path}: no space left"
        ]
        with Cache("k", where) as store:
            assert store.get_many([b"small"]) == {b"small": b"1"}
        _file(where).unlink()
        (where / "ballast").write_bytes(bytes(256 * 1024))
        Cache("k", where).close()
    finally:
        subprocess.run(["umount", str(where)], check=True)


def test_a_folder_that_cannot_be(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file where the folder should be is no reason to stop."""
    (tmp_path / "cache").write_text("")
    with Cache("k", tmp_path / "cache" / "memdesc") as store:
        assert not store.usable
        assert store.get_many([b"a"]) == {}
    assert len(caplog.records) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_cache_of_somebody_else_is_left_alone(where: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever can write it could tell us anything."""
    Cache("k", where).close()
    os.chown(_file(where), 65534, 65534)
    assert not Cache("k", where).usable
    assert "belongs to another user" in caplog.text


def _write(where: Path, number: int, rounds: int) -> None:
    for turn in range(rounds):
        with Cache("k", where) as store:
            store.put_many([(b"%d.%d.%d" % (number, turn, n), bytes(2_000)) for n in range(50)])
            store.put_folders([(f"/t/{number}.{turn}", b"l", b"h")])
            assert store.get_many([b"%d.%d.0" % (number, turn)])
            assert store.usable


def test_two_processes_at_once(where: Path) -> None:
    """Both keep all that they wrote."""
    context = multiprocessing.get_context("fork")
    both = [context.Process(target=_write, args=(where, number, 10)) for number in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    with Cache("k", where) as store:
        assert len(store.folders(Path("/t"))) == 20
        keys = [b"%d.%d.%d" % (p, t, n) for p in range(2) for t in range(10) for n in range(50)]
        assert len(store.get_many(keys)) == 1_000


def test_a_killed_writer_leaves_a_good_cache(where: Path) -> None:
    """What was not finished is gone, what was before is there."""
    with Cache("k", where) as store:
        store.put_many([(b"a", b"1")])
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_write, args=(where, 9, 10_000))
    process.start()
    for _ in range(200):
        time.sleep(0.05)
        if _file(where).stat().st_size > 500_000:
            break
    process.kill()
    process.join()
    with Cache("k", where) as store:
        assert store.get_many([b"a"]) == {b"a": b"1"}
        store.put_many([(b"b", b"2")])
        assert store.usable


def test_the_folder_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """$XDG_CACHE_HOME when absolute, else ~/.cache, as the XDG base directory specification says."""
    monkeypatch.setenv("HOME", "/home/me")
    for value, expected in (("/c", "/c"), ("", "/home/me/.cache"), ("rel", "/home/me/.cache")):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert cache.folder() == Path(expected) / "memdesc"


def test_reading_is_fast(where: Path) -> None:
    """20,000 blobs of 5 KB in well under the time that parsing one folder takes."""
    blob = os.urandom(5_000)
    with Cache("k", where) as store:
        store.put_many([(n.to_bytes(16), blob) for n in range(20_000)])
    start = time.monotonic()
    with Cache("k", where) as store:
        assert len(store.get_many([n.to_bytes(16) for n in range(20_000)])) == 20_000
    assert time.monotonic() - start < 2
