"""Functions in K&R style, with digraphs and with trigraphs are functions like others."""

import time

import pytest

from memdesc.source.text import shape, split

MANY = [f"p{n}" for n in range(3000)]
BODY = "kfree(p); }\nint after(void)\n{ return 0; }\n"


@pytest.mark.parametrize(
    "text",
    [
        f"int f(a, p)\n\tint a;\n\tvoid *p;\n{{ {BODY}",
        f"static void\nf(p) register struct page *p; /* no more */ {{ {BODY}",
        "void f(void)\n<% kfree(p); %>\nint after(void)\n<% return 0; %>\n",
        f"int x;\nstruct s {{ int b<:3:>; }};\nvoid f(int a<:3:>)\n{{ {BODY}",
        "void f(void)\n??< kfree(p); ??>\nint after(void)\n??< return 0 ??! ??-1; ??>\n",
        f"??=define A 1 ??/\n + 1\nint x??(3??);\nvoid f(int a??(3??))\n{{ {BODY}",
        f"int f({', '.join(MANY)})\n\tint {'; int '.join(MANY)};\n{{ {BODY}",
        f"int f(p)\n\tint {', '.join(MANY)};\n{{ {BODY}",
    ],
)
def test_old_ways_to_write_a_function(text: str) -> None:
    """Each is one item with its name, at equal length, and what follows stays a function."""
    source = split(text.encode())
    functions = [item for item in source.items if item.role == "function"]
    assert [item.name for item in functions] == ["f", "after"]
    assert not source.problems
    shaped = shape(source, functions[0])
    assert len(shaped) == functions[0].end - functions[0].start
    assert b"kfree(p);" in shaped
    assert b"{" in shaped


@pytest.mark.parametrize(
    "text", ["F(a)\nint x;\nstruct s { int a; };\n{ f(); }\n", "int f(int a);\n{ f(); }\n"]
)
def test_a_block_without_a_head(text: str) -> None:
    """It is no function, whatever declarations stand before."""
    assert [item.role for item in split(text.encode()).items if item.role == "function"] == []


def test_digraphs_in_literals() -> None:
    """They are text there."""
    assert b"{" not in split(b'char *s = "<% <: %> ??<"; /* <% ??< */\n').masked
    assert split(b'char *s = "a??/"; int x;\n').masked.endswith(b"; int x;\n")


def test_declarations_before_a_block_are_looked_at_once() -> None:
    """Not for each block that follows: none of them is a function."""
    text = b"int x;\n" * 20_000 + b"{ f(); }\n" * 20_000
    started = time.process_time()
    assert not [item for item in split(text).items if item.role == "function"]
    assert time.process_time() - started < 5
