"""The outlet: a file is written whole or stays as it was, and nothing is left beside it."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from memdesc import outlet
from memdesc.errors import InputError


def test_a_new_file(tmp_path: Path) -> None:
    """With the mode that the umask gives."""
    old = os.umask(0o027)
    try:
        outlet.write("é \udc80\n", tmp_path / "a")
    finally:
        os.umask(old)
    assert (tmp_path / "a").read_bytes() == "é \\udc80\n".encode()
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["a"]


def test_an_old_file_is_replaced(tmp_path: Path) -> None:
    """It keeps its mode; who has it open still reads the old one."""
    path = tmp_path / "a"
    path.write_text("old, and longer")
    path.chmod(0o604)
    with path.open() as reader:
        outlet.write("new", path)
        assert reader.read() == "old, and longer"
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_owner_stays(tmp_path: Path) -> None:
    """Root that writes over a user's file leaves it to the user."""
    path = tmp_path / "a"
    path.touch()
    os.chown(path, 65534, 65534)
    outlet.write("new", path)
    assert (path.stat().st_uid, path.stat().st_gid) == (65534, 65534)


@pytest.mark.parametrize(
    "error", [ValueError("no"), KeyboardInterrupt(), OSError(28, "No space left on device")]
)
@pytest.mark.parametrize("old", [None, "old"])
def test_a_failure_leaves_all_as_it_was(error: BaseException, old: str | None, tmp_path: Path) -> None:
    """Whatever it is, and whether or not a file was there."""
    path = tmp_path / "a"
    if old is not None:
        path.write_text(old)

    def write() -> None:
        with outlet.replacing(path) as stream:
            stream.write(b"half")
            raise error

    with pytest.raises((type(error), InputError)) as caught:
        write()
    if isinstance(error, OSError):
        assert str(caught.value) == f"{path}: cannot be written: no space left on device"
    assert (path.read_text() if path.exists() else None) == old
    assert os.listdir(tmp_path) == (["a"] if old is not None else [])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small file system")
@pytest.mark.parametrize("how", ["write", "layout"])
def test_a_full_disk(how: str, tmp_path: Path) -> None:
    """The old file is whole, and no part of the new one is left."""
    where = tmp_path / "small"
    where.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(where)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mount is not permitted here")
    try:
        path = where / "a.h"
        path.write_text("old")
        (where / "ballast").write_bytes(bytes(64 * 1024 - 4096))
        if how == "write":
            with pytest.raises(InputError, match=r"a\.h: cannot be written: no space left on device$"):
                outlet.write("x" * 30_000, path)
        else:
            command = [sys.executable, "-m", "memdesc", "layout", "header", "linux-6.12", "-o", str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (
                2,
                f"memdesc: {path}: cannot be written: no space left on device\n",
            )
        assert path.read_text() == "old"
        assert sorted(os.listdir(where)) == ["a.h", "ballast"]
    finally:
        subprocess.run(["umount", str(where)], check=True)


def test_links_are_followed(tmp_path: Path) -> None:
    """The target is replaced and the link stays; a dangling one makes its target."""
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "old").write_text("old")
    (tmp_path / "one").symlink_to("d/old")
    (tmp_path / "two").symlink_to("d/new")
    for link, target in (("one", "old"), ("two", "new")):
        outlet.writable(tmp_path / link)
        outlet.write("text", tmp_path / link)
        assert (tmp_path / link).is_symlink()
        assert (tmp_path / "d" / target).read_text() == "text"


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    """The new file's name cannot be guessed, and is made anew."""
    (tmp_path / ".a.part").symlink_to("victim")
    (tmp_path / "a.part").symlink_to("victim")
    outlet.write("text", tmp_path / "a")
    assert not (tmp_path / "victim").exists()


def test_what_is_no_regular_file(tmp_path: Path) -> None:
    """A device and a FIFO are written to, and are still there."""
    outlet.writable(Path("/dev/null"))
    outlet.write("text", Path("/dev/null"))
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    os.mkfifo(tmp_path / "f")
    outlet.writable(tmp_path / "f")
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append((tmp_path / "f").read_text()))
    reader.start()
    outlet.write("text", tmp_path / "f")
    reader.join()
    assert got == ["text"]
    with pytest.raises(InputError, match="no space left on device"):
        outlet.write("text", Path("/dev/full"))


def test_a_reader_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may ever open the other end."""
    monkeypatch.setattr(outlet, "_PATIENCE_SECONDS", 0.1)
    os.mkfifo(tmp_path / "f")
    with pytest.raises(InputError, match="nobody reads from it"):
        outlet.write("text", tmp_path / "f")


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_files_that_are_open_already(name: str, tmp_path: Path) -> None:
    """What was written before stays, and what comes after follows."""
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom memdesc import outlet\n"
        f"p = Path({name!r})\noutlet.writable(p)\noutlet.write('b', p)\nos.write(1, b'c')"
    )
    with (tmp_path / "out").open("w") as out:
        out.write("a")
        out.flush()
        subprocess.run([sys.executable, "-c", code], stdout=out, check=True)
    assert (tmp_path / "out").read_text() == "abc"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "bc"


def test_what_cannot_be_written_is_refused_before(tmp_path: Path) -> None:
    """A folder, a folder that is missing, a name that is too long."""
    (tmp_path / "f").touch()
    for path, why in (
        (tmp_path, "is a folder; a file was expected"),
        (tmp_path / "no" / "a", "cannot be written: no such folder"),
        (tmp_path / "f" / "a", "cannot be written: no such folder"),
    ):
        with pytest.raises(InputError, match=why):
            outlet.writable(path)
        with pytest.raises(InputError):
            outlet.write("x", path)
    with pytest.raises(InputError, match="cannot be written: file name too long"):
        outlet.write("x", tmp_path / ("n" * 300))


def test_several_at_once(tmp_path: Path) -> None:
    """All of them, through links, with their modes."""
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(0o640)
    (tmp_path / "link").symlink_to("a")
    outlet.replace_all({tmp_path / "link": b"new", tmp_path / "b": b"too"})
    assert [(tmp_path / name).read_text() for name in ("a", "b")] == ["new", "too"]
    assert (tmp_path / "link").is_symlink()
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["a", "b", "link"]


def test_several_or_none(tmp_path: Path) -> None:
    """One that cannot be written keeps the others as they were, and leaves nothing beside them."""
    (tmp_path / "a").write_text("old")
    with pytest.raises(InputError, match="no such file or directory"):
        outlet.replace_all({tmp_path / "a": b"new", tmp_path / "none" / "b": b"too"})
    assert (tmp_path / "a").read_text() == "old"
    assert os.listdir(tmp_path) == ["a"]


def test_several_are_not_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the files are put in place waits for the last of them; an earlier one leaves all as they were."""
    paths = [tmp_path / name for name in "abc"]
    for path in paths:
        path.write_text("old")
    replace = os.replace

    def pressed(source: str, target: str) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", pressed)
        with pytest.raises(KeyboardInterrupt):
            outlet.replace_all(dict.fromkeys(paths, b"new"))
    assert [path.read_text() for path in paths] == ["new"] * 3

    def early(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", early)
    with pytest.raises(KeyboardInterrupt):
        outlet.replace_all(dict.fromkeys(paths, b"newer"))
    assert [path.read_text() for path in paths] == ["new"] * 3
    assert sorted(os.listdir(tmp_path)) == ["a", "b", "c"]


def test_folders_that_were_made_go_again(tmp_path: Path) -> None:
    """Those that were there before, or hold something by then, stay."""
    (tmp_path / "old").mkdir()
    wanted = [tmp_path / "old" / "a" / "b", tmp_path / "new" / "c", tmp_path / "new" / "d"]
    with contextlib.suppress(ZeroDivisionError), outlet.folders(wanted):
        assert all(path.is_dir() for path in wanted)
        (tmp_path / "new" / "d" / "file").touch()
        assert 1 // 0
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*")) == [
        "new",
        "new/d",
        "new/d/file",
        "old",
    ]
    (tmp_path / "file").touch()
    with (
        pytest.raises(InputError, match="cannot be made"),
        outlet.folders([tmp_path / "e", tmp_path / "file" / "f"]),
    ):
        pass
    assert not (tmp_path / "e").exists()
    with outlet.folders(wanted):
        pass
    assert all(path.is_dir() for path in wanted)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_leaves_nothing_beside_the_file(name: str, tmp_path: Path) -> None:
    """A closed terminal does not, either."""
    (tmp_path / "a").write_text("old")
    code = f"""if True:
        import os, signal, sys
        from pathlib import Path
        from memdesc import outlet
        from memdesc.cli import main

        class Command:
            def add_arguments(self, parser): pass
            def run(self, arguments):
                with outlet.replacing(Path({str(tmp_path / "a")!r})) as stream:
                    stream.write(b"new")
                    os.kill(os.getpid(), signal.{name})
        main.load = lambda name: Command()
        sys.exit(main.main(["rule"]))"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert done.returncode == (130 if name == "SIGINT" else 143)
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text() == "old"
