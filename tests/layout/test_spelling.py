"""Types as text: where a name stands, what pointers and qualifiers make of them, parameters without names."""

import re

import pytest

from memdesc.layout.spelling import array_of, parameters, pointer_to, put, qualified


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("int", "int x"),
        ("char *", "char *x"),
        ("char *const", "char *const x"),
        ("int[3]", "int x[3]"),
        ("void (*)(int)", "void (*x)(int)"),
        ("void (*const)(int (*)(void))", "void (*const x)(int (*)(void))"),
        ("int (*)[2][3]", "int (*x)[2][3]"),
        ("void (*[2])(struct page *)", "void (*x[2])(struct page *)"),
        ("int (*(*)(int))(const char *, ...)", "int (*(*x)(int))(const char *, ...)"),
        ("void (int)", "void x(int)"),
    ],
)
def test_a_name_stands_in_its_type(text: str, declared: str) -> None:
    """The name is written where C has it, whatever pointers, arrays and functions are around it."""
    assert put(text, "x").replace(" x", "x").replace(" (", "(") == declared.replace(" x", "x").replace(
        " (", "("
    )


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("int", "int *"),
        ("const char", "const char *"),
        ("char *const", "char *const *"),
        ("int[3]", "int (*)[3]"),
        ("void (int)", "void (*)(int)"),
        ("void (*)(int)", "void (**)(int)"),
        ("void (*[3])(int)", "void (*(*)[3])(int)"),
    ],
)
def test_a_pointer_to_a_type(text: str, pointer: str) -> None:
    """The star stands where the name stood, in parentheses before an array or a function."""
    assert pointer_to(text) == pointer


def test_a_qualifier_stands_with_what_it_qualifies() -> None:
    """Before a number, behind the stars of a pointer, inside the parentheses of a pointer to a function."""
    assert qualified("int", "const") == "const int"
    assert qualified("char *", "const") == "char *const"
    assert qualified("void (*)(int)", "const volatile") == "void (*const volatile)(int)"
    assert qualified("char *[4]", "const") == "char *const[4]"
    assert qualified("int[4]", "volatile") == "volatile int[4]"
    assert array_of("void (*)(int)", 2) == "void (*[2])(int)"


@pytest.mark.parametrize(
    ("given", "types"),
    [
        ("struct page *page, int order", "struct page *, int"),
        ("", "void"),
        ("void", "void"),
        ("const char *fmt, ...", "const char *, ..."),
        ("long unsigned int n, gfp_t gfp", "unsigned long, gfp_t"),
        ("int (*each)(struct page *page, void *data), void *data", "int (*)(struct page *, void *), void *"),
        ("const struct page *const __user pages[4]", "const struct page *const[4]"),
        ("unsigned", "unsigned int"),
        ("struct a *, enum b kind", "struct a *, enum b"),
    ],
)
def test_parameters_lose_their_names_and_nothing_else(given: str, types: str) -> None:
    """What is left is what BTF has of a function, so that a header and a kernel can be compared."""
    assert parameters(re.findall(r"\w+|\.\.\.|[^\w\s]", given)) == types
