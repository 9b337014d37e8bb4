"""ABIs as data: sizes and alignments of C's basic types, and the few rules that differ between targets.

One row an ABI. An `Abi` is a value that is passed around; nothing in memdesc asks which machine it runs on.
The rows are checked against gcc and clang by tests/layout/test_compilers.py.

    >>> ABIS["i386"].scalar("long long")
    Scalar(name='long long', size=8, align=4, encoding='int', signed=True)
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from memdesc.errors import InputError

Encoding = Literal["int", "bool", "float"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A basic type. size and align are bytes; align is the one that the type has inside a struct."""

    depth: ClassVar[int] = 0
    name: str
    size: int
    align: int
    encoding: Encoding
    signed: bool

    @property
    def spelling(self) -> str:
        """The type as C writes it."""
        return self.name


@dataclass(frozen=True, slots=True)
class Abi:
    """What a compiler for one target lays out by.

    Attributes: name: as given to --abi. byteorder: "little" or "big". pointer: bytes of a pointer and of
    `long`. wide: alignment in bytes, inside a struct, of 8-byte integers and doubles. wider: size and
    alignment of __int128, or None. long_double: size and alignment. char_signed: whether plain char is.
    anonymous_bit_fields_align: an unnamed bit-field raises the alignment of its struct (AAPCS).
    biggest: what a bare `aligned` attribute means, in bytes.
    gcc, clang: how the compilers that judge us are called for it.
    """

    name: str
    byteorder: Literal["little", "big"]
    pointer: int
    wide: int
    wider: tuple[int, int] | None
    long_double: tuple[int, int]
    char_signed: bool
    anonymous_bit_fields_align: bool
    biggest: int
    gcc: tuple[str, ...] = ()
    clang: tuple[str, ...] = ()

    @property
    def bits(self) -> int:
        """The width of a pointer in bits: 32 or 64."""
        return self.pointer * 8

    def scalar(self, name: str) -> Scalar:
        """Return the basic type called `name` in its canonical spelling.

        Raises: KeyError: it is not a basic type of this ABI.
        """
        signed, size, encoding = _BASIC[name]
        if name == "long double":
            return Scalar(name, *self.long_double, "float", True)
        if size == _INT128:
            if self.wider is None:
                raise KeyError(name)
            return Scalar(name, *self.wider, "int", signed)
        width = self.pointer if size == _LONG else size
        align = self.wide if width == 8 else width
        if name == "char":
            signed = self.char_signed
        return Scalar(name, width, align, encoding, signed)


_LONG, _INT128 = -1, -2
_BASIC: dict[str, tuple[bool, int, Encoding]] = {
    "char": (True, 1, "int"),
    "signed char": (True, 1, "int"),
    "unsigned char": (False, 1, "int"),
    "short": (True, 2, "int"),
    "unsigned short": (False, 2, "int"),
    "int": (True, 4, "int"),
    "unsigned int": (False, 4, "int"),
    "long": (True, _LONG, "int"),
    "unsigned long": (False, _LONG, "int"),
    "long long": (True, 8, "int"),
    "unsigned long long": (False, 8, "int"),
    "__int128": (True, _INT128, "int"),
    "unsigned __int128": (False, _INT128, "int"),
    "_Bool": (False, 1, "bool"),
    "float": (True, 4, "float"),
    "double": (True, 8, "float"),
    "long double": (True, 0, "float"),
}

# Sources: the psABI of each target; Debian's cross compilers and clang --target are the judges.
ABIS: dict[str, Abi] = {
    abi.name: abi
    for abi in (
        Abi("x86_64", "little", 8, 8, (16, 16), (16, 16), True, False, 16,
            ("gcc", "-m64"), ("clang", "--target=x86_64-linux-gnu")),
        Abi("i386", "little", 4, 4, None, (12, 4), True, False, 16,
            ("gcc", "-m32"), ("clang", "--target=i386-linux-gnu")),
        Abi("arm64", "little", 8, 8, (16, 16), (16, 16), False, True, 16,
            ("aarch64-linux-gnu-gcc",), ("clang", "--target=aarch64-linux-gnu")),
        Abi("arm", "little", 4, 8, None, (8, 8), False, True, 8,
            ("arm-linux-gnueabihf-gcc",), ("clang", "--target=arm-linux-gnueabihf")),
        Abi("riscv64", "little", 8, 8, (16, 16), (16, 16), False, False, 16,
            ("riscv64-linux-gnu-gcc",), ("clang", "--target=riscv64-linux-gnu")),
        Abi("powerpc64", "big", 8, 8, (16, 16), (16, 16), False, False, 16,
            ("powerpc64-linux-gnu-gcc",), ("clang", "--target=powerpc64-linux-gnu")),
        Abi("powerpc", "big", 4, 8, None, (16, 16), False, False, 16,
            ("powerpc-linux-gnu-gcc",), ("clang", "--target=powerpc-linux-gnu")),
        Abi("s390x", "big", 8, 8, (16, 8), (16, 8), False, False, 8,
            ("s390x-linux-gnu-gcc",), ("clang", "--target=s390x-linux-gnu")),
    )
}  # fmt: skip

DEFAULT = ABIS["x86_64"]

_OF_MACHINE: dict[tuple[int, str, int], str] = {
    (62, "little", 8): "x86_64",
    (3, "little", 4): "i386",
    (183, "little", 8): "arm64",
    (40, "little", 4): "arm",
    (243, "little", 8): "riscv64",
    (21, "big", 8): "powerpc64",
    (20, "big", 4): "powerpc",
    (22, "big", 8): "s390x",
}


def of_name(name: str) -> Abi:
    """Return the ABI called `name`.

    Raises: InputError: there is none of that name; the message lists those there are.
    """
    try:
        return ABIS[name]
    except KeyError:
        raise InputError("--abi", f"no ABI is called '{name}'; known: {', '.join(ABIS)}, all") from None


def of_machine(machine: int | None, byteorder: Literal["little", "big"], pointer: int) -> Abi:
    """Return the ABI of an ELF e_machine, or a generic one of that byte order and pointer size.

    A generic ABI (bare BTF names no machine) aligns 8-byte integers to 8 bytes. Types read from BTF carry
    their own offsets, so this matters only for what is declared on top of them.
    """
    if machine is not None and (known := _OF_MACHINE.get((machine, byteorder, pointer))):
        return ABIS[known]
    name = f"{pointer * 8}-bit-{byteorder}-endian"
    wider = (16, 16) if pointer == 8 else None
    return Abi(name, byteorder, pointer, 8, wider, (16, 16), True, False, 16)
