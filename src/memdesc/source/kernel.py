"""Kernel trees: where one starts, and which version it is."""

import re
from pathlib import Path

from memdesc import door
from memdesc.errors import InputError

_LINE = re.compile(r"^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION)[ \t]*=[ \t]*(\S*)[ \t]*$", re.M)
_HEAD_BYTES = 4096


def top(path: Path) -> Path | None:
    """Return the top of the kernel tree that `path` lies in, None when it lies in none."""
    start = path.resolve()
    for folder in (start, *start.parents):
        if folder.is_dir() and _head(folder) and (folder / "include" / "linux").is_dir():
            return folder
    return None


def release(tree: Path) -> str:
    """Return the kernel's release as its Makefile says it ("6.1.153", "6.12.0-rc3"), empty when unknown."""
    said = _head(tree)
    if not said:
        return ""
    numbers = ".".join(said[name] for name in ("VERSION", "PATCHLEVEL", "SUBLEVEL") if said.get(name))
    return numbers + said.get("EXTRAVERSION", "")


def version(tree: Path) -> tuple[int, ...] | None:
    """Return the kernel's version as numbers, (6, 1, 153), None when the tree does not say."""
    said = _head(tree)
    numbers = [said.get(name, "") for name in ("VERSION", "PATCHLEVEL", "SUBLEVEL")]
    if not numbers[0].isdecimal() or not numbers[1].isdecimal():
        return None
    return tuple(int(number) for number in numbers if number.isdecimal())


def _head(tree: Path) -> dict[str, str]:
    """Return the version lines of the tree's Makefile, empty when it is not a kernel's."""
    try:
        text = door.Tree(tree).head("Makefile", _HEAD_BYTES).decode("utf-8", "replace")
    except InputError:
        return {}
    said = {match[1]: match[2] for match in _LINE.finditer(text)}
    return said if "VERSION" in said and "PATCHLEVEL" in said else {}


_OBJECTS = re.compile(rb"^\s*obj-(?:m|y|\$\()", re.M)
_FARTHEST = 8


def module(path: Path) -> Path | None:
    """Return the top folder of the module that a file or folder outside the kernel belongs to, None if it is of none.

    That is the outermost folder above it whose Kbuild or Makefile names objects as kbuild wants them (`obj-m`),
    without a gap of more than one folder.
    """
    start = path.resolve()
    found, gap = None, 0
    for folder in [start, *start.parents][:_FARTHEST]:
        if any(_OBJECTS.search(_start(folder / name)) for name in ("Kbuild", "Makefile")):
            found, gap = folder, 0
        elif found is not None and (gap := gap + 1) > 1:
            break
    return found


_KDIR = re.compile(
    rb"^\s*+(?:KDIR|KERNELDIR|KERNEL_DIR|KERNEL_SRC|KSRC|KERNEL)\s*+[?:]?=[ \t]*+([^\s#]++)[ \t]*+$", re.M
)


def named_by(module: Path, release: str) -> str:
    """Return the kernel's folder that the Makefile of a module names (`KDIR ?= /usr/src/linux`), empty for none.

    Args: release: of the running kernel, for `$(shell uname -r)` and `$(KERNELRELEASE)`.
    """
    for name in ("Kbuild", "Makefile"):
        for match in _KDIR.finditer(_start(module / name).replace(b"$(shell uname -r)", release.encode())):
            said = match[1].decode("utf-8", "surrogateescape").replace("$(KERNELRELEASE)", release)
            if "$" not in said:
                return str(module / said)
    return ""


def _start(path: Path) -> bytes:
    try:
        with door.opened(path) as stream:
            return stream.read(_HEAD_BYTES)
    except InputError:
        return b""
