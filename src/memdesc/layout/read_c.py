"""Types from a C header: a small, exact reader of declarations.

`read()` takes a file, `read_text()` its text. Functions and variables are skipped, structs, unions, enums
and typedefs are laid out for the given ABI. Types that the header uses but does not declare come from
designs/prelude.h. What a comment says to memdesc (`/* memdesc: ... */`, `/* @16 */`) is kept as notes.

    >>> from memdesc.layout.abi import ABIS
    >>> header = read_text("struct a { char c; /* @8 */ long n; };", "a.h", ABIS["arm64"])
    >>> header.types.struct("a").offset("n")
    8
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from memdesc.errors import InputError
from memdesc.layout.abi import Abi
from memdesc.layout.c_lex import Lexed, Note, Source, lex
from memdesc.layout.c_top import HeaderParser
from memdesc.layout.model import Declared
from memdesc.places import Lines

MAX_HEADER_BYTES = 64 << 20
_MACHINE_MACROS = {
    "x86_64": "__x86_64__", "i386": "__i386__", "arm64": "__aarch64__", "arm": "__arm__",
    "riscv64": "__riscv", "powerpc64": "__powerpc64__",
    "powerpc": "__powerpc__", "s390x": "__s390x__",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """What a header declares, and what it says to memdesc. places: struct name -> file:line:column."""

    types: Declared
    notes: tuple[Note, ...]
    places: Mapping[str, str]


def read(path: str | Path, abi: Abi, config: Mapping[str, bool] | None = None) -> Header:
    """Return the types that the header at `path` declares, laid out for `abi`.

    Args: config: NAME -> y or n for the CONFIG_NAME that #if asks for; all others are n.
    Raises: InputError: it cannot be read or is no C that is understood here, at file:line:column.
    """
    place = str(path)
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise InputError(place, f"cannot be read: {error.strerror}") from None
    if len(raw) > MAX_HEADER_BYTES:
        raise InputError(place, f"has {len(raw)} bytes; at most {MAX_HEADER_BYTES} are read")
    return read_text(raw, place, abi, config)


def read_text(text: str | bytes, name: str, abi: Abi, config: Mapping[str, bool] | None = None) -> Header:
    """Return the types that the C in `text` declares; `name` stands for it in messages. See read()."""
    raw = text.encode() if isinstance(text, str) else text
    lexed, source = _lex(raw, name, abi, config or {})
    prelude = _prelude(abi, tuple(sorted((config or {}).items())))
    return _parse(lexed, source, abi, prelude)


def _lex(raw: bytes, name: str, abi: Abi, config: Mapping[str, bool]) -> tuple[Lexed, Source]:
    # latin-1 makes one character of every byte, so that offsets are bytes whatever a comment holds.
    source = Source(name, raw.decode("latin-1"), Lines(raw))
    return lex(source, predefined(abi, config)), source


def predefined(abi: Abi, config: Mapping[str, bool]) -> dict[str, str]:
    """Return the macros that are defined before the first line: of the ABI, and of the configuration."""
    big = abi.byteorder == "big"
    macros = {
        "__SIZEOF_POINTER__": str(abi.pointer),
        "__SIZEOF_LONG__": str(abi.pointer),
        "__BYTE_ORDER__": "4321" if big else "1234",
        "__ORDER_BIG_ENDIAN__": "4321",
        "__ORDER_LITTLE_ENDIAN__": "1234",
        "BITS_PER_LONG": str(abi.bits),
        "CONFIG_64BIT" if abi.bits == 64 else "CONFIG_32BIT": "1",
        "__BIG_ENDIAN" if big else "__LITTLE_ENDIAN": "1",
        "CONFIG_CPU_BIG_ENDIAN" if big else "CONFIG_CPU_LITTLE_ENDIAN": "1",
        "PAGE_SHIFT": "12",
        "PAGE_SIZE": "4096",
        "__memdesc__": "1",
    }
    if abi.bits == 64:
        macros["__LP64__"] = "1"
    if abi.name in _MACHINE_MACROS:
        macros[_MACHINE_MACROS[abi.name]] = "1"
    for option, yes in config.items():
        full = option if option.startswith("CONFIG_") else f"CONFIG_{option}"
        if yes:
            macros[full] = "1"
        else:
            macros.pop(full, None)
    return macros


def _parse(lexed: Lexed, source: Source, abi: Abi, prelude: Declared | None) -> Header:
    parser = HeaderParser(lexed, source, abi, prelude)
    parser.run()
    types = Declared(abi, source.name, parser.structs, parser.enums, parser.enumerators, parser.typedefs)
    return Header(types, tuple(lexed.notes), parser.places)


@lru_cache(maxsize=32)
def _prelude(abi: Abi, config: tuple[tuple[str, bool], ...]) -> Declared:
    raw = (files("memdesc.layout") / "designs" / "prelude.h").read_bytes()
    lexed, source = _lex(raw, "prelude.h", abi, dict(config))
    return _parse(lexed, source, abi, None).types
