"""The MAINTAINERS file: whose a path is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memdesc.convert.maintainers import NOBODY, Maintainers

TEXT = """List of maintainers
===================

Descriptions of section entries and preferred order
---------------------------------------------------

	F: *Files* and directories wildcard patterns.
	F:	drivers/net/	all files in and below drivers/net

Maintainers List
----------------

BIG FILESYSTEM
M:	Somebody <somebody@example.org>
S:	Maintained
F:	fs/big/
X:	fs/big/stolen.c

BIG FILESYSTEM'S BITS
F:	fs/big/bit*.c
F:	include/linux/big.h

ALL FILESYSTEMS
F:	fs/*
F:	mm

BOARD
N:	bigboard

THE REST
F:	*
F:	*/
"""


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("fs/big/inode.c", "BIG FILESYSTEM"),
        ("fs/big/deep/down/inode.c", "BIG FILESYSTEM"),
        ("fs/big/bitmap.c", "BIG FILESYSTEM'S BITS"),
        ("fs/big/deep/bitmap.c", "BIG FILESYSTEM"),
        ("fs/big/stolen.c", "THE REST"),
        ("fs/inode.c", "ALL FILESYSTEMS"),
        ("fs/small/inode.c", "THE REST"),
        ("mm/slub.c", "ALL FILESYSTEMS"),
        ("include/linux/big.h", "BIG FILESYSTEM'S BITS"),
        ("include/linux/big.hpp", "THE REST"),
        ("arch/arm/bigboard-setup.c", "BOARD"),
        ("Makefile", "THE REST"),
    ],
)
def test_entry(path: str, entry: str) -> None:
    """The deepest path that names a file, then the longest; * stays in its folder; X takes out; N comes last."""
    assert Maintainers(TEXT).entry(path) == entry


def test_without_a_file() -> None:
    """Nobody's, and no error."""
    assert Maintainers("").entry("fs/inode.c") == NOBODY


def test_an_expression_that_could_take_for_ever() -> None:
    """It is left out: the file comes with the tree, from whoever made that."""
    found = Maintainers("ODD\nN:\t(a+)+$\n\nBROKEN\nN:\t(\n\nGOOD\nN:\ta+b\n")
    assert found.entry("a" * 40 + "c") == NOBODY
    assert found.entry("aab") == "GOOD"


@given(st.text(), st.text(min_size=1))
def test_any_text(text: str, path: str) -> None:
    """Whatever the file holds, every path has an entry or none."""
    assert Maintainers(text).entry(path)
