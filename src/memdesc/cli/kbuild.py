"""`memdesc kbuild`: the checker of `make C=1 CHECK="memdesc kbuild"`.

kbuild calls its checker once for each file, as it calls sparse. What one file shows depends on the whole tree, so the
first call of a make checks all of it and leaves what it found in the folder of the cache; the others, which may run
beside it, wait and read their part. Which make a call belongs to is read from /proc: the topmost one above it.
"""

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from memdesc import door, outlet
from memdesc.cli import choice
from memdesc.cli.exit_status import ExitStatus
from memdesc.errors import InputError
from memdesc.source import kernel
from memdesc.source.cache import folder
from memdesc.source.cache_place import secured

_WITH_VALUE = frozenset(
    [
        "-include",
        "-imacros",
        "-isystem",
        "-idirafter",
        "-iquote",
        "-I",
        "-D",
        "-U",
        "-x",
        "-o",
        "-arch",
        "-MF",
    ]
)
_SOURCES = "srctree"  # kbuild's name for the top of the kernel, in the environment
_MAKES = ("make", "gmake", "remake")
_INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.M)
_HIGHEST = 64
_MOST_BYTES = 64 << 20
_DAY = 86400
Shown = dict[str, str]
"""What to print for each file, by its absolute path."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc kbuild`."""
    choice.add_arguments(parser)
    parser.add_argument(
        "--strict",
        action="store_true",
        help="end with 1 where something is found, which stops make (default: 0)",
    )
    parser.set_defaults(signatures=[])


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Print what is found in the file that kbuild names, on standard error as a compiler does.

    Raises: InputError: no file was named, or it cannot be read.
    """
    file = _source(arguments.rest)
    path = Path(os.path.realpath(file))
    text = door.read(path, _MOST_BYTES)
    tree = kernel.top(path)
    module = None
    if tree is None and _SOURCES in os.environ:
        tree = kernel.top(Path(os.environ[_SOURCES]))
        module = kernel.module(path) or path.parent
    said = ""
    if tree is None:  # a file that the build made, in a folder of its own
        said = _checked([path], None, arguments).get(str(path), "")
    else:
        shown = _of_this_make(path, tree, module, arguments)
        said = shown.get(str(path), "")
        for name in sorted(shown):
            if name.endswith(".h") and _includes(text, name):
                said += shown[name]
    sys.stderr.write(said)
    return ExitStatus.FOUND if said and arguments.strict else ExitStatus.CLEAN


def _source(words: list[str]) -> str:
    """Return the C file among the arguments of a compiler."""
    found = ""
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in _WITH_VALUE:
            skip = True
        elif not word.startswith("-") and word.endswith(".c"):
            found = word
    if not found:
        raise InputError("kbuild", "no C file was named; it is called as make C=1 CHECK='memdesc kbuild'")
    return found


def _includes(text: bytes, header: str) -> bool:
    return any(
        header.endswith("/" + os.path.normpath(match[1].decode("utf-8", "surrogateescape")).lstrip("./"))
        for match in _INCLUDE.finditer(text)
    )


def _of_this_make(path: Path, tree: Path, module: Path | None, arguments: argparse.Namespace) -> Shown:
    """Return what the first call of this make found, for each file; found now if this is the first."""
    make = _make()
    if not make:
        return _checked([module or tree], tree, arguments)
    own = (arguments.level, arguments.select, arguments.ignore, arguments.settings)
    said = repr((str(tree), str(module), os.getcwd(), make, own)).encode("utf-8", "surrogateescape")
    place = folder() / f"kbuild-{hashlib.blake2b(said, digest_size=12).hexdigest()}.json"
    changed = path.stat().st_mtime_ns
    known = _read(place, changed)
    if known is not None:
        return known
    try:
        lock = secured(place.with_suffix(".lock"))
    except OSError:
        return _checked([module or tree], tree, arguments)  # the cache says why nothing can be kept there
    with _held(lock):
        known = _read(place, changed)
        if known is None:
            begun = time.time_ns()
            known = _checked([module or tree], tree, arguments)
            with contextlib.suppress(OSError, InputError):
                outlet.write(json.dumps({"begun": begun, "shown": known}), secured(place))
                _clear(place)
    return known


@contextlib.contextmanager
def _held(lock: Path) -> Iterator[None]:
    with door.opened(lock) as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _read(place: Path, changed: int) -> Shown | None:
    """Return what another call left, None when there is nothing, or the file has changed since (time in ns)."""
    if not place.exists():
        return None
    try:
        said = json.loads(door.read(secured(place), _MOST_BYTES).decode("utf-8"))
        shown = said["shown"]
        if said["begun"] < changed or not all(
            isinstance(each, str) for pair in shown.items() for each in pair
        ):
            return None
        return dict(shown)
    except (OSError, InputError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _clear(place: Path) -> None:
    """Remove what the makes of other days left."""
    for old in place.parent.glob("kbuild-*"):
        if old.stat().st_mtime < time.time() - _DAY:
            old.unlink()


def _make() -> str:
    """Return what names the topmost make that this process is a part of: its number and when it was started."""
    found = ""
    pid = os.getppid()
    for _ in range(_HIGHEST):
        try:
            said = door.read(f"/proc/{pid}/stat", 1 << 16).decode("utf-8", "replace")
        except InputError:
            break
        name, _, rest = said.partition("(")[2].rpartition(")")
        fields = rest.split()
        if name in _MAKES:
            found = f"{pid}-{fields[19]}"
        pid = int(fields[1])
        if pid <= 1:
            break
    return found


def _checked(paths: list[Path], tree: Path | None, arguments: argparse.Namespace) -> Shown:
    """Return what is found below some paths, as it is to be printed for each file."""
    from memdesc import checking  # all that a check needs, which the calls that only read can do without
    from memdesc.cli import shown
    from memdesc.findings import registry
    from memdesc.report import text
    from memdesc.source import added

    wanted = choice.chosen(arguments, paths)
    options = wanted.options(len(os.sched_getaffinity(0)), True)
    with added.adding(wanted.signatures):
        report = checking.check(paths, tree, options, lambda *_: None)
    remedies = {finding.rule: registry.remedy(finding.rule) for finding in report.findings}
    out: Shown = {}
    for file in dict.fromkeys(finding.file for finding in report.findings):
        part = replace(report, findings=tuple(f for f in report.findings if f.file == file))
        out[os.path.join(report.root, file)] = text.check(
            shown.from_here(part, report.root), text.PLAIN, remedies
        )
    return out
