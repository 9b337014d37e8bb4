"""Whether a file that somebody named is C."""

import os

import pytest

from memdesc.source.likeness import unlike_c


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n\n",
        b"/* nothing yet */\n",
        b"#include <linux/mm.h>\n#if 0\nprose\n#endif\n",
        b"#define X 1\n",
        b"int x;\n",
        b"int a\0b;\nint c;\n",
        b"void f(void)\n{\n\tg(1",
        b'MODULE_LICENSE("GPL");\n',
        b"EXPORT_SYMBOL(x)\nstruct a { int b; };\n",
        b"void f(void)\n{\n}\nthis part (is broken\n",
        b"this part is broken )\nvoid f(void)\n{\n}\n",
    ],
)
def test_c(text: bytes) -> None:
    """What holds anything of C is C, and so is what holds nothing yet."""
    assert unlike_c(text) == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"This is prose.\nIt goes on.\n", "nothing in it reads as C"),
        (b"<html><body>x</body></html>\n", "nothing in it reads as C"),
        (b"\x7fELF" + bytes(64), "is a binary file"),
        (bytes(range(256)) * 400, "is a binary file"),
        (b"%PDF-1.5\n%\xd0\xd4\xc5\xd8\n1 0 obj\n<< /Length 843 >>\nstream\n", "nothing in it reads as C"),
    ],
)
def test_no_c(text: bytes, why: str) -> None:
    """What holds none is told from it."""
    assert unlike_c(text).startswith(why)


def test_random_bytes() -> None:
    """They are told by their control characters."""
    assert unlike_c(os.urandom(4096)) == "is a binary file; a C file was expected"
