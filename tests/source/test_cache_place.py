"""Where the cache lies: nobody but its user may be able to change it, else the run does without and says why."""

import contextlib
import logging
import os
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from memdesc.source.cache import FORMAT, Cache
from memdesc.source.cache_place import SUFFIXES

NOBODY = 65534
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture
def top() -> Iterator[Path]:
    """A folder that everybody may enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(os.path.realpath(name))
        if any(
            above.stat().st_uid == os.geteuid() and not above.stat().st_mode & 0o011
            for above in folder.parents
        ):
            pytest.skip("temporary files lie in a private folder")
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def where(top: Path) -> Path:
    """A folder with a cache in it, below one that others may enter."""
    folder = top / "cache" / "memdesc"
    with _cache(folder) as store:
        store.put_many([(b"a", b"1")])
    folder.parent.chmod(0o755)
    return folder


@contextlib.contextmanager
def _cache(folder: Path) -> Iterator[Cache]:
    with Cache("k", folder) as store:
        yield store


def _refused(folder: Path, caplog: pytest.LogCaptureFixture) -> str:
    """Return why the cache in a folder is not used; one line, and nothing in it changes."""
    before = _listing(folder.parent)
    caplog.clear()
    with caplog.at_level(logging.WARNING), _cache(folder) as store:
        assert not store.usable
        store.put_many([(b"b", b"2")])
        assert store.get_many([b"a", b"b"]) == {}
        assert store.get_result(b"r") is None
    assert _listing(folder.parent) == before
    (record,) = caplog.records
    head, _, why = record.getMessage().partition(".sqlite: ")
    assert head.startswith("going on without the cache ")
    return why.replace(str(folder), "F").replace(str(folder.parent), "P")


def _listing(folder: Path) -> list[tuple[str, int, int]]:
    paths = sorted(folder.rglob("*"))
    return [(str(path), path.lstat().st_mtime_ns, path.lstat().st_size) for path in paths]


def test_what_is_made_is_ours_alone(top: Path) -> None:
    """Whatever the umask says, and the folders on the way as well."""
    old = os.umask(0)
    try:
        with _cache(top / "a" / "b") as store:
            store.put_many([(b"a", b"1")])
    finally:
        os.umask(old)
    made = [top / "a", top / "a" / "b", *(top / "a" / "b").iterdir()]
    assert len(made) == 3
    assert all(not stat.S_IMODE(path.stat().st_mode) & 0o077 for path in made)


@pytest.mark.parametrize("mode", [0o777, 0o775, 0o757, 0o1777, 0o720])
def test_a_folder_that_others_may_write_to(mode: int, where: Path, caplog: pytest.LogCaptureFixture) -> None:
    """They could put a journal beside the database; that it is sticky does not help."""
    where.chmod(mode)
    assert _refused(where, caplog) == "others may write to F"


@pytest.mark.parametrize("mode", [0o777, 0o775])
def test_a_folder_above_that_others_may_write_to(
    mode: int, where: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """They could put another folder in the place of ours."""
    where.parent.chmod(mode)
    assert _refused(where, caplog) == "others may write to P"


def test_a_sticky_folder_above(where: Path) -> None:
    """In /tmp, nobody can move what is ours."""
    where.parent.chmod(0o1777)
    with _cache(where) as store:
        assert store.get_many([b"a"]) == {b"a": b"1"}


def test_a_folder_that_nobody_else_can_enter(where: Path) -> None:
    """What others may do behind it they cannot do."""
    where.parent.chmod(0o775)
    where.parents[1].chmod(0o700)
    with _cache(where) as store:
        assert store.usable


@pytest.mark.parametrize("mode", [0o666, 0o620, 0o602])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_others_may_write_to(
    mode: int, suffix: str, where: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What is in it need not be ours."""
    path = where / f"facts-{FORMAT}-k.sqlite{suffix}"
    path.touch()
    path.chmod(mode)
    assert _refused(where, caplog) == f"others may write to F/facts-{FORMAT}-k.sqlite{suffix}"


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("sort", ["dangling", "link", "folder", "fifo"])
def test_what_is_no_file(sort: str, suffix: str, where: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Neither followed nor waited for, and nothing is made at the end of a link."""
    path = where / f"facts-{FORMAT}-k.sqlite{suffix}"
    path.unlink(missing_ok=True)
    target = where.parent / "target"
    if sort in ("link", "dangling"):
        path.symlink_to(target)
        if sort == "link":
            sqlite3.connect(target).close()
    elif sort == "fifo":
        os.mkfifo(path)
    else:
        path.mkdir()
    assert _refused(where, caplog) == f"F/facts-{FORMAT}-k.sqlite{suffix} is no regular file"
    assert target.exists() is (sort == "link")


def test_links_of_our_own_on_the_way(where: Path, top: Path) -> None:
    """A cache may be moved to where there is room."""
    (top / "home").mkdir()
    (top / "home" / ".cache").symlink_to("../cache")
    (top / "home" / "direct").symlink_to(where)
    for folder in (top / "home" / ".cache" / "memdesc", top / "home" / "direct"):
        with _cache(folder) as store:
            assert store.get_many([b"a"]) == {b"a": b"1"}


@pytest.mark.parametrize("target", ["nowhere", "memdesc", "../cache/memdesc/x"])
def test_a_link_that_leads_nowhere(target: str, top: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is made at its end."""
    folder = top / "cache" / "memdesc"
    folder.parent.mkdir()
    folder.symlink_to(target)
    assert _refused(folder, caplog) == "the link F leads nowhere"


def test_a_link_is_no_way_round(where: Path, top: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The folder it leads to is looked at, and those above that."""
    (top / "open").mkdir()
    (top / "open").chmod(0o777)
    (top / "open" / "memdesc").mkdir(0o700)
    where.rename(top / "old")
    where.symlink_to("../open/memdesc")
    assert _refused(where, caplog) == f"others may write to {top / 'open'}"


def test_a_file_where_a_folder_should_be(top: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is left alone."""
    (top / "cache").mkdir()
    (top / "cache" / "memdesc").touch()
    assert _refused(top / "cache" / "memdesc", caplog) == "F is no folder"


@root_only
@pytest.mark.parametrize("part", ["memdesc", "cache", f"facts-{FORMAT}-k.sqlite"])
def test_what_belongs_to_another_user(part: str, where: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The folder, one above it, the file."""
    path = {"memdesc": where, "cache": where.parent}.get(part, where / part)
    os.chown(path, NOBODY, NOBODY)
    why = _refused(where, caplog)
    assert why == f"{ {'memdesc': 'F', 'cache': 'P'}.get(part, f'F/{part}') } belongs to another user"


@root_only
@pytest.mark.parametrize("suffix", SUFFIXES[1:])
def test_a_journal_that_somebody_planted(suffix: str, where: Path, caplog: pytest.LogCaptureFixture) -> None:
    """SQLite would write what it says into the database."""
    path = where / f"facts-{FORMAT}-k.sqlite{suffix}"
    path.write_bytes(bytes.fromhex("d9d505f920a163d7") + bytes(504))
    os.chown(path, NOBODY, NOBODY)
    assert _refused(where, caplog) == f"F/facts-{FORMAT}-k.sqlite{suffix} belongs to another user"


@root_only
def test_a_link_of_another_user(where: Path, top: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It could lead elsewhere in the next moment."""
    folder = top / "other" / "memdesc"
    folder.parent.mkdir()
    folder.symlink_to(where)
    os.chown(folder, NOBODY, NOBODY, follow_symlinks=False)
    assert _refused(folder, caplog) == "the link F belongs to another user"


@root_only
def test_the_home_of_another_user(
    top: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """With sudo, $HOME may stay: nothing is read there, and nothing of root's is left in it."""
    home = top / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    with caplog.at_level(logging.WARNING):
        assert not Cache("k").usable
    assert f"{home} belongs to another user" in caplog.text
    assert list(home.iterdir()) == []


@root_only
def test_another_user_finds_the_same(where: Path, top: Path) -> None:
    """Who is not root is treated alike: a cache of root's is not theirs, and their own is."""
    own = top / "own"
    own.mkdir()
    os.chown(own, NOBODY, NOBODY)
    if (child := os.fork()) == 0:
        status = 1
        try:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
            status = int(Cache("k", where).usable) + 2 * (not Cache("k", own / "memdesc").usable)
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_files_of_other_names_are_no_matter(where: Path) -> None:
    """Only what SQLite opens is looked at; old files that are strange are no reason to stop either."""
    (where / "notes").symlink_to("nowhere")
    for n in range(5):
        (where / f"facts-0-{n}.sqlite").symlink_to("nowhere")
    with _cache(where) as store:
        assert store.get_many([b"a"]) == {b"a": b"1"}
