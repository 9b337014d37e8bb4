"""What the commands read: arguments that several share, and paths that are looked at before work starts."""

import argparse
import os
import stat
import sys
from collections.abc import Container, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from memdesc import door
from memdesc.cli import numbers, output
from memdesc.errors import InputError
from memdesc.source import added, kernel
from memdesc.source.likeness import unlike_c
from memdesc.source.signatures import parse
from memdesc.source.texts import MOST_BYTES

if TYPE_CHECKING:
    from memdesc import checking

_MOST_SIGNATURES_BYTES = 1 << 20


def add_paths(parser: argparse.ArgumentParser) -> None:
    """Declare PATH... and --tree."""
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a kernel tree, folders or files in one, or a C file outside any tree; what is not in the current "
        "folder is looked for in that of --tree (default: the tree of --tree, else the current folder)",
    )
    add_tree(parser)


def add_tree(parser: argparse.ArgumentParser) -> None:
    """Declare --tree."""
    parser.add_argument(
        "--tree", metavar="DIR", help="top of the kernel tree (default: found by walking up from the PATHs)"
    )


def add_signatures(parser: argparse.ArgumentParser) -> None:
    """Declare --signatures."""
    parser.add_argument(
        "--signatures",
        metavar="FILE",
        action="append",
        default=[],
        help="annotated prototypes of your own functions, in the notation of docs/signatures.md; may be repeated",
    )


def signatures(arguments: Sequence[str]) -> added.Files:
    """Return the files of --signatures, which are known to be in the notation.

    Raises: InputError: one cannot be read, or is not in the notation.
    """
    found = []
    for name in arguments:
        text = door.read(name, _MOST_SIGNATURES_BYTES).decode("utf-8", "backslashreplace")
        parse(text, name)
        found.append((name, text))
    return tuple(found)


def add_effort(parser: argparse.ArgumentParser) -> None:
    """Declare --jobs and --no-cache."""
    parser.add_argument(
        "--jobs",
        type=numbers.whole(1, 1 << 12),
        default=len(os.sched_getaffinity(0)),
        metavar="N",
        help="processes that read files (default: the processors there are, here %(default)s)",
    )
    parser.add_argument("--no-cache", action="store_true", help="neither read nor write the cache of facts")


def effort(arguments: argparse.Namespace) -> "checking.Options":
    """Return what add_effort() declared, as a run takes it."""
    from memdesc import checking  # --help can do without

    return checking.Options(arguments.jobs, not arguments.no_cache)


def tree(argument: str | None) -> Path | None:
    """Return the folder of --tree; None when it was not given.

    Raises: InputError: there is no such folder, or it holds no C file.
    """
    if argument is None:
        return None
    path = Path(argument)
    if not stat.S_ISDIR(_mode(path)):
        raise InputError(argument, "is not a folder")
    if not _holds_c(path):
        raise InputError(argument, "holds no C files (*.c, *.h)")
    return path


def kernel_of(found: Sequence[Path], top: Path | None) -> Path | None:
    """Return the tree to read: `top`, or where the PATHs are a module's, its kernel, found as kbuild finds it.

    Looked at are $KDIR, what the module's Makefile says (`KDIR ?= DIR`) and, unless $KERNELRELEASE says that kbuild
    itself is at work, /lib/modules/RELEASE/source and /lib/modules/RELEASE/build of the running kernel.
    What was taken, or that there is none, is said on standard error.
    """
    if top is not None or any(kernel.top(path) for path in found):
        return top
    module = next((home for home in map(kernel.module, found) if home is not None), None)
    if module is None:
        return None
    release = os.environ.get("KERNELRELEASE") or os.uname().release
    named = kernel.named_by(module, release)
    places = [
        os.environ.get("KDIR", ""),
        named,
        *(f"/lib/modules/{release}/{name}" for name in ("source", "build")),
    ]
    for place in filter(None, places):
        if (tree := kernel.top(Path(place))) is not None:
            output.say(f"{module} is read as a module of {tree}; --tree names another kernel")
            return tree
    output.say(
        f"no kernel was found for the module {module} (looked at $KDIR, its Makefile, /lib/modules/{release}): of "
        "the kernel's functions only the shipped signatures are known, of any version; --tree names a kernel"
    )
    return None


def paths(arguments: Sequence[str], top: Path | None, overlay: Container[Path] = ()) -> list[Path]:
    """Return the PATHs, or what stands for them when there are none: `top`, else the current folder.

    A relative PATH that is not in the current folder is looked for in `top`.

    Args: overlay: files that need not be there.
    Raises: InputError: a path that does not exist, cannot be read, or holds no C file.
    """
    named = [Path(argument) for argument in arguments]
    found = [each if each.absolute() in overlay else _from(top, each) for each in named] or [top or Path()]
    for path in found:
        if path.absolute() in overlay:
            continue
        if not stat.S_ISDIR(_mode(path)):
            file(str(path))
        elif not _holds_c(path):
            raise InputError(str(path), "holds no C files (*.c, *.h)")
    return found


def _from(top: Path | None, path: Path) -> Path:
    """Return `path`, or where it is not there, what lies at the same place below `top`."""
    if top is None or path.is_absolute() or os.path.lexists(path):
        return path
    return top / path if os.path.lexists(top / path) else path


def standard_input(words: Sequence[str], name: str | None) -> tuple[list[str], dict[Path, bytes]]:
    """Return the PATHs that are not -, and what is read from standard input, by the path of the file it stands for.

    Raises: InputError: - without a name, a name without -, or one that is no C file's; input that is no C text.
    """
    others = [word for word in words if word != "-"]
    if len(others) == len(words):
        if name is not None:
            raise InputError(name, "--stdin-as goes with the PATH -")
        return others, {}
    if name is None:
        raise InputError("-", "--stdin-as PATH says which C file standard input is")
    path = _replaced(name)
    data = piped(MOST_BYTES)
    if why := unlike_c(data):
        raise InputError("standard input", why)
    return others, {path: data}


def add_overlay(parser: argparse.ArgumentParser) -> None:
    """Declare --overlay."""
    parser.add_argument(
        "--overlay",
        metavar="PATH=FILE",
        action="append",
        default=[],
        help="read FILE in the place of the C file PATH, which need not be there: what an editor has not saved yet; "
        "may be repeated",
    )


def overlay(arguments: Sequence[str]) -> dict[Path, bytes]:
    """Return what --overlay names, by the absolute path of the file that it stands for.

    Raises: InputError: a word without =, a path that is no C file's, a text that cannot be read or is no C.
    """
    found = {}
    for word in arguments:
        name, sign, file = word.rpartition("=")
        if not sign or not name:
            raise InputError(word, "--overlay is written PATH=FILE")
        data = door.read(file, MOST_BYTES)
        found[_replaced(name)] = data
        if why := unlike_c(data):
            raise InputError(file, why)
    return found


def _replaced(name: str) -> Path:
    path = Path(name).absolute()
    if path.suffix not in (".c", ".h"):
        raise InputError(name, "is not a C file (*.c, *.h)")
    if not path.parent.is_dir():
        raise InputError(str(path.parent), "no such folder")
    return path


def piped(most: int) -> bytes:
    """Return what standard input holds. Raises: InputError: more than `most` bytes."""
    data = sys.stdin.buffer.read(most + 1)
    if len(data) > most:
        raise InputError("standard input", f"is too large: more than {most >> 20} MiB")
    return data


def file(argument: str) -> Path:
    """Return the C file that `argument` names.

    Raises: InputError: it does not exist, cannot be read, or is something else.
    """
    path = Path(argument)
    mode = _mode(path)
    if not stat.S_ISREG(mode):
        raise InputError(argument, f"is a {_sort(mode)}; a C file was expected")
    if path.suffix not in (".c", ".h"):
        raise InputError(argument, "is not a C file (*.c, *.h)")
    if not os.access(path, os.R_OK):
        raise InputError(argument, "cannot be read: permission denied")
    if why := unlike_c(door.read(path, MOST_BYTES)):
        raise InputError(argument, why)
    return path


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        raise InputError(str(path), "no such file or folder") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(str(path), f"cannot be read: {why.lower()}") from None


def _sort(mode: int) -> str:
    for is_sort, name in (
        (stat.S_ISDIR, "folder"),
        (stat.S_ISFIFO, "FIFO"),
        (stat.S_ISSOCK, "socket"),
        (stat.S_ISCHR, "character device"),
        (stat.S_ISBLK, "block device"),
    ):
        if is_sort(mode):
            return name
    return "special file"


def _holds_c(folder: Path) -> bool:
    """Whether a C file lies in `folder` or below; stops at the first.

    Raises: InputError: the folder itself cannot be listed.
    """
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise InputError(str(folder), f"cannot be read: {(error.strerror or str(error)).lower()}") from None
    return any(name.endswith((".c", ".h")) for _, _, names in os.walk(folder) for name in names)
