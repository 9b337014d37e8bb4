"""Compilers as judges: what gcc and clang make of a declaration, read from the objects they write."""

import shutil
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from memdesc.layout.abi import Abi

_GCC_VERSIONS = ("", "-14", "-13", "-12")


@dataclass(frozen=True, slots=True)
class Compiler:
    """One compiler for one ABI; command includes the target."""

    name: str
    command: tuple[str, ...]
    abi: Abi
    folder: Path

    def objects(self, text: str) -> dict[str, bytes]:
        """Compile `text` and return the bytes of every object with external linkage that it defines."""
        source, target = self.folder / "probe.c", self.folder / "probe.o"
        source.write_text(text)
        done = subprocess.run(
            [*self.command, "-std=gnu11", "-ffreestanding", "-fno-common", "-w", "-O0", "-c",
             "-fno-zero-initialized-in-bss", str(source), "-o", str(target)]
            if self.name == "gcc" else
            [*self.command, "-std=gnu11", "-ffreestanding", "-fno-common", "-w", "-O0", "-c",
             str(source), "-o", str(target)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{self.command}: {done.stderr}\n{text}"
        return _symbols(target.read_bytes())

    def accepts(self, text: str, *options: str) -> tuple[bool, str]:
        """Return whether `text` compiles, and what the compiler said."""
        done = subprocess.run(
            [*self.command, *options, "-fsyntax-only", "-x", "c", "-"],
            input=text, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode == 0, done.stderr


def _symbols(raw: bytes) -> dict[str, bytes]:
    """Return name -> bytes of the objects in an ELF relocatable file."""
    wide, end = raw[4] == 2, "<" if raw[5] == 1 else ">"
    if wide:
        (table,) = struct.unpack_from(end + "Q", raw, 40)
        size, count = struct.unpack_from(end + "HH", raw, 58)
        sections = [struct.unpack_from(end + "IIQQQQIIQQ", raw, table + n * size) for n in range(count)]
    else:
        (table,) = struct.unpack_from(end + "I", raw, 32)
        size, count = struct.unpack_from(end + "HH", raw, 46)
        sections = [struct.unpack_from(end + "IIIIIIIIII", raw, table + n * size) for n in range(count)]
    out = {}
    for section in sections:
        if section[1] != 2:
            continue
        names = sections[section[6]][4]
        for at in range(section[4], section[4] + section[5], 24 if wide else 16):
            if wide:
                name, _, _, index, value, length = struct.unpack_from(end + "IBBHQQ", raw, at)
            else:
                name, value, length, _, _, index = struct.unpack_from(end + "IIIBBH", raw, at)
            if not name or not 0 < index < 0xFF00 or not length:
                continue
            text = raw[names + name : raw.index(b"\0", names + name)].decode()
            home = sections[index]
            bits = bytes(length) if home[1] == 8 else raw[home[4] + value : home[4] + value + length]
            out[text] = bits
    return out


def find_compiler(name: str, abi: Abi, folder: Path) -> Compiler | None:
    """Return the compiler called `name` ("gcc", "clang") for `abi`, or None when it is not installed."""
    command = abi.gcc if name == "gcc" else abi.clang
    for version in _GCC_VERSIONS:
        if path := shutil.which(command[0] + version):
            return Compiler(name, (path, *command[1:]), abi, folder)
    return None


@pytest.fixture
def compiler(tmp_path: Path) -> Callable[[str, Abi], Compiler]:
    """Give the compiler of a name and an ABI; skip the test when it is not installed."""

    def get(name: str, abi: Abi) -> Compiler:
        found = find_compiler(name, abi, tmp_path)
        if found is None:
            pytest.skip(f"{(abi.gcc if name == 'gcc' else abi.clang)[0]} is not installed")
        return found

    return get
