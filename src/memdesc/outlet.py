"""The door for every file that is written: whole, or as it was before.

    with outlet.replacing(path) as stream: ...      # bytes; a file is replaced when the block ends well
    outlet.writable(path)                           # before long work: refuse what replacing() would refuse
    outlet.replace_all({path: data, ...})           # several files, all or none

A new file is made in the same folder under a name that nobody can guess, filled, brought to the disk, and put in the
place of the old one: a full disk, an error or an interruption leaves the old file as it was and nothing beside it. It
has the mode of the old one, and as far as the system lets us its owner. A link is followed, and its target replaced.
What is no regular file (/dev/null, a FIFO, a terminal) is written to as it is, and so is a file that this process has
open already (/dev/stdout, /dev/fd/N), after what was written there before.
"""

import contextlib
import errno
import os
import re
import signal
import stat
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from memdesc import door
from memdesc.errors import InputError
from memdesc.escape import page

_OWN = re.compile(r"/(?:dev|proc/self)/fd/(\d{1,9})")
_PATIENCE_SECONDS = 3.0
_STANDARD = {"/dev/stdout": 1, "/dev/stderr": 2}


def writable(path: Path) -> None:
    """Refuse a file that could not be written, before the work whose result it is to hold.

    Raises: InputError: its folder is missing or not writable, or `path` is a folder.
    """
    if _own(path) is not None:
        return
    target = Path(os.path.realpath(path))
    try:
        mode = target.stat().st_mode if target.exists() else stat.S_IFREG
    except OSError as error:
        raise _refused(path, error) from error
    if stat.S_ISDIR(mode) or stat.S_ISSOCK(mode):
        raise InputError(str(path), f"is a {door.sort(mode)}; a file was expected")
    if not stat.S_ISREG(mode):
        if not os.access(target, os.W_OK):
            raise InputError(str(path), "cannot be written: permission denied")
        return
    if not target.parent.is_dir():
        raise InputError(str(path), "cannot be written: no such folder")
    if target.exists() and not os.access(target, os.W_OK):
        raise InputError(str(path), "cannot be written: permission denied")
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise InputError(str(path), "cannot be written: no file can be made in its folder")


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a stream; what was written to it stands at `path` when the block ends, and not before.

    Raises: InputError: the file cannot be written. BrokenPipeError: nobody reads any more. Whatever the block raises,
    but for OSError, which is taken for one of the stream.
    """
    try:
        handle = _own(path)
        target = os.path.realpath(path)
        if handle is not None:
            with os.fdopen(os.dup(handle), "wb") as stream:
                yield stream
        elif os.path.exists(target) and not os.path.isfile(target):
            with open(target, "wb", opener=_special) as stream:
                yield stream
        else:
            yield from _replaced(target)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _refused(path, error) from error


def write(text: str, path: Path) -> None:
    """Write a text in UTF-8, as replacing() does; what escape.page() finds unfit is written out.

    Raises: InputError: the file cannot be written. BrokenPipeError: nobody reads any more.
    """
    with replacing(path) as stream:
        stream.write(page(text).encode("utf-8"))


def replace_all(texts: Mapping[Path, bytes]) -> None:
    """Write several files: all are made before the first is put in its place, and then no signal comes between.

    Raises: InputError: one cannot be written; then none is.
    """
    made: dict[str, str] = {}
    try:
        for path, data in texts.items():
            try:
                target = os.path.realpath(path)
                handle, made[target] = _beside(target)
                with os.fdopen(handle, "wb") as stream:
                    stream.write(data)
                    _finish(stream, target)
            except OSError as error:
                raise _refused(path, error) from error
        with _undisturbed():
            for target in list(made):
                os.replace(made[target], target)
                del made[target]
    finally:
        for name in made.values():
            with contextlib.suppress(OSError):
                os.unlink(name)


@contextlib.contextmanager
def folders(wanted: Iterable[Path]) -> Iterator[None]:
    """Make folders that are missing; those that were made are removed again when the block fails.

    Raises: InputError: one cannot be made.
    """
    made: list[Path] = []
    try:
        for path in wanted:
            missing = [path, *path.parents]
            for each in reversed(missing[: next((n for n, p in enumerate(missing) if p.exists()), 0)]):
                try:
                    each.mkdir()
                except OSError as error:
                    why = f"cannot be made: {(error.strerror or str(error)).lower()}"
                    raise InputError(str(each), why) from error
                made.append(each)
        yield
    except BaseException:
        for each in reversed(made):
            with contextlib.suppress(OSError):
                each.rmdir()
        raise


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals that end a program wait until the block has ended."""
    waiting: list[int] = []
    old = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            old[number] = signal.signal(number, lambda n, _: waiting.append(n))
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
        for each in waiting[:1]:
            signal.raise_signal(each)


def _special(path: str, flags: int) -> int:
    """Open what is no regular file; a reader of a FIFO is not waited for for ever."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            handle = os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            if error.errno != errno.ENXIO or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            os.set_blocking(handle, True)
            return handle


def _replaced(target: str) -> Iterator[BinaryIO]:
    handle, made = _beside(target)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            _finish(stream, target)
        os.replace(made, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(made)
        raise


def _beside(target: str) -> tuple[int, str]:
    folder, name = os.path.split(target)
    return tempfile.mkstemp(prefix=f".{name[:80]}.", dir=folder)


def _finish(stream: BinaryIO, target: str) -> None:
    """Give a new file what `target` has, if there is one, and bring it to the disk."""
    old = os.stat(target) if os.path.exists(target) else None
    stream.flush()
    handle = stream.fileno()
    os.fchmod(handle, stat.S_IMODE(old.st_mode) if old else 0o666 & ~_umask())
    if old and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
        with contextlib.suppress(PermissionError):
            os.fchown(handle, old.st_uid, old.st_gid)
    _settle(handle)


def _settle(handle: int) -> None:
    """Bring a file to the disk: some file systems say only now that it is full."""
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOSYS):
            raise


def _own(path: Path) -> int | None:
    """Return the number of the file of this process that `path` stands for, None for other paths."""
    text = os.path.normpath(path)
    match = _OWN.fullmatch(text)
    return int(match[1]) if match else _STANDARD.get(text)


def _refused(path: Path, error: OSError) -> InputError:
    if error.errno == errno.ENXIO:
        return InputError(str(path), "cannot be written: nobody reads from it")
    return InputError(str(path), f"cannot be written: {(error.strerror or str(error)).lower()}")


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
