"""Exercises: what a kernel is given to do that was booted to try converted code.

An exercise is a script for busybox's shell, with comments that say what it needs:

    # for: fs/*/*               files whose code it runs, as a pattern of paths
    # memory: 40                of the guest, in MiB; $MEMORY of the script
    # image: 63 mkfs.{type}     a disk of so many MiB, /dev/vda, made by this program of the host
    # config: CONFIG_ZRAM=y     lines of the kernel's configuration

`{type}` is the name by which the code at hand registers its filesystem; $TYPE of the script. An exercise that ends
with a status other than 0 has failed.
"""

import posixpath
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from importlib import resources
from pathlib import Path

from memdesc import door
from memdesc.errors import InputError

_SAID = re.compile(r"^# (for|memory|image|config): (.+)$", re.M)
_REGISTERED = re.compile(rb'\bstruct\s+file_system_type\s+\w+\s*=\s*\{[^{}]*?\.name\s*=\s*"(\w+)"')
_MOST_BYTES = 1 << 20
_TYPE = "{type}"
_MEMORY = 64
_LEAST, _MOST = 16, 4096
_MOST_IMAGE = 1 << 16


@dataclass(frozen=True, slots=True)
class Exercise:
    """A script and what it needs.

    Attributes: name: of what it is for. patterns: of paths. memory, image: in MiB; 0 for no disk. maker: the command
    that makes the disk's contents; nothing for a disk of zeros. config: lines. type: of the filesystem.
    """

    name: str
    script: bytes
    patterns: tuple[str, ...]
    memory: int
    image: int
    maker: tuple[str, ...]
    config: tuple[str, ...]
    type: str = ""

    @property
    def environment(self) -> bytes:
        """What the script may read."""
        return f"export TYPE={self.type} MEMORY={self.memory}\n".encode()


def read(name: str, script: bytes) -> Exercise:
    """Return the exercise that a script is. Raises: InputError: it asks for what is no size."""
    said: dict[str, list[str]] = {}
    for match in _SAID.finditer(script.decode("utf-8", "replace")):
        said.setdefault(match[1], []).append(match[2].strip())
    image = " ".join(said.get("image", ())).split()
    memory = _number(name, "memory", (said.get("memory") or [str(_MEMORY)])[0], _LEAST, _MOST)
    size = _number(name, "image", image[0], 1, _MOST_IMAGE) if image else 0
    config = tuple(word for line in said.get("config", ()) for word in line.split())
    for word in config:
        if not re.fullmatch(r"CONFIG_\w+=[\w\"./-]+", word):
            raise InputError(name, f"asks for {word}, which is no line of a configuration")
    patterns = tuple(word for line in said.get("for", ()) for word in line.split())
    return Exercise(name, script, patterns, memory, size, tuple(image[1:]), config)


def _number(name: str, what: str, said: str, least: int, most: int) -> int:
    if not re.fullmatch(r"\d{1,6}", said) or not least <= int(said) <= most:
        raise InputError(name, f"{what} is to be from {least} to {most} MiB")
    return int(said)


def shipped() -> list[Exercise]:
    """Return the exercises that come with memdesc."""
    folder = resources.files("memdesc.convert.exercises")
    found = sorted((each for each in folder.iterdir() if each.name.endswith(".sh")), key=lambda e: e.name)
    return [read(each.name.removesuffix(".sh"), each.read_bytes()) for each in found]


def chosen(
    files: Collection[str], own: Path | None, text: Callable[[str], bytes], listed: Callable[[str], list[str]]
) -> list[Exercise]:
    """Return the exercises that run code of `files`: one for each folder for which there is one.

    Args: own: a script of the user, which is for all. text: gives the files of the tree. listed: the paths of the C
    files of a folder of it.
    Raises: InputError: there is none, or it asks for a type of filesystem, and no file registers one.
    """
    if own is not None:
        known = [replace(read(str(own), door.read(own, _MOST_BYTES)), patterns=("*",))]
    else:
        known = shipped()
    found: dict[tuple[str, str], Exercise] = {}
    for path in sorted(files):
        folder = posixpath.dirname(path)
        for each in known:
            if path.endswith(".c") and any(fnmatchcase(path, pattern) for pattern in each.patterns):
                found.setdefault(
                    (each.name, "" if own is not None else folder), _named(each, folder, text, listed)
                )
    if not found:
        raise InputError("--verify boot", "has no exercise for what is converted; --exercise FILE brings one")
    return list(found.values())


def _named(
    each: Exercise, folder: str, text: Callable[[str], bytes], listed: Callable[[str], list[str]]
) -> Exercise:
    """Return an exercise for the code in a folder."""
    if not any(_TYPE in word for word in each.maker):
        return each
    types = [m.decode() for path in listed(folder) for m in _REGISTERED.findall(text(path))]
    if not types:
        raise InputError(folder, "registers no filesystem, so there is no telling what to mount")
    maker = tuple(word.replace(_TYPE, types[0]) for word in each.maker)
    return replace(each, name=f"{each.name} {types[0]}", maker=maker, type=types[0])
