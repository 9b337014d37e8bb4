"""Functions in K&R style and with digraphs are functions like others."""

import pytest

from memdesc.source.text import shape, split

BODY = "kfree(p); }\nint after(void)\n{ return 0; }\n"


@pytest.mark.parametrize(
    "text",
    [
        f"int f(a, p)\n\tint a;\n\tvoid *p;\n{{ {BODY}",
        f"static void\nf(p) register struct page *p; /* no more */ {{ {BODY}",
        "void f(void)\n<% kfree(p); %>\nint after(void)\n<% return 0; %>\n",
        f"int x;\nstruct s {{ int b<:3:>; }};\nvoid f(int a<:3:>)\n{{ {BODY}",
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
    assert b"{" not in split(b'char *s = "<% <: %>"; /* <% */\n').masked
