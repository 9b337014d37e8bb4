"""Which functions are read: those that a value can come through from memory to a use that refuses it, no others."""

from pathlib import Path

import pytest

from choices import functions_read, missed
from memdesc.source import choosing

CASES = sorted((Path(__file__).parents[1] / "c" / "cases").glob("*.c"))

GIVEN = "static void *buf_get(size_t n)\n{\n\treturn vmalloc(n);\n}\n"
FREED = "static void buf_put(void *p)\n{\n\tkfree(p);\n}\n"
STRUCTS = "struct inner { void *buf; };\nstruct outer { struct inner in; struct ops *ops; };\n"
UNRELATED = "static int unrelated(struct outer *o)\n{\n\treturn o->count + 1;\n}\n"

WAYS = {
    "a member": "void in(struct outer *o)\n{\n\to->in.buf = buf_get(4);\n}\n"
    "void out(struct outer *o)\n{\n\tbuf_put(o->in.buf);\n}\n",
    "locals and a getter": "void in(struct outer *o)\n{\n\tvoid *p = buf_get(4);\n\n\to->in.buf = p;\n}\n"
    "void *get(struct outer *o)\n{\n\treturn o->in.buf;\n}\n"
    "void out(struct outer *o)\n{\n\tvoid *q = get(o);\n\n\tbuf_put(q);\n}\n",
    "a setter": "void set(struct outer *o, void *p)\n{\n\to->in.buf = p;\n}\n"
    "void in(struct outer *o)\n{\n\tset(o, buf_get(4));\n}\n"
    "void out(struct outer *o)\n{\n\tbuf_put(o->in.buf);\n}\n",
    "a second member": "void in(struct outer *o)\n{\n\to->in.buf = buf_get(4);\n}\n"
    "void move(struct outer *o, struct outer *to)\n{\n\tto->other = o->in.buf;\n}\n"
    "void out(struct outer *o)\n{\n\tbuf_put(o->other);\n}\n",
    "a global": "static void *kept;\nvoid in(void)\n{\n\tkept = buf_get(4);\n}\n"
    "void out(void)\n{\n\tbuf_put(kept);\n}\n",
    "functions behind members": "static const struct ops ops = { .get = buf_get, .put = buf_put };\n"
    "void in(struct outer *o)\n{\n\to->in.buf = o->ops->get(4);\n}\n"
    "void out(struct outer *o)\n{\n\to->ops->put(o->in.buf);\n}\n",
    "an argument by reference": "void fill(void **to)\n{\n\t*to = buf_get(4);\n}\n"
    "void out(void)\n{\n\tvoid *p;\n\n\tfill(&p);\n\tbuf_put(p);\n}\n",
    "three calls": "void one(void *p)\n{\n\tbuf_put(p);\n}\nvoid two(void *p)\n{\n\tone(p);\n}\n"
    "void three(void)\n{\n\ttwo(buf_get(4));\n}\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_every_function_on_a_way_is_read(way: str) -> None:
    """Neither names memory nor pages; what has nothing to do with it is left alone."""
    text = STRUCTS + GIVEN + FREED + WAYS[way] + UNRELATED
    names = set(functions_read(text.encode()))
    assert {"buf_get", "buf_put"} <= names
    assert "unrelated" not in names
    assert missed(text.encode(), "drivers/misc/x.c")[1] == []


@pytest.mark.parametrize("way", WAYS)
def test_where_nothing_is_refused_nothing_is_followed(way: str) -> None:
    """What is freed as it was allocated needs no other function."""
    text = (STRUCTS + GIVEN + FREED + WAYS[way] + UNRELATED).replace("vmalloc", "kmalloc")
    assert not choosing.relevant(text.encode())
    assert functions_read(text.encode()) == []


def test_memory_of_the_stack_is_followed_to_where_it_is_refused() -> None:
    """Through any number of calls, from an address or an array."""
    text = (
        "static int one(struct usb_device *d, void *p)\n{\n\treturn usb_control_msg(d, 0, 0, 0, 0, 0, p, 4, 9);\n}\n"
        "static int two(struct usb_device *d, void *p)\n{\n\treturn one(d, p);\n}\n"
        "static int three(struct usb_device *d, void *p)\n{\n\treturn two(d, p);\n}\n"
        "int array(struct usb_device *d)\n{\n\tu8 here[4];\n\n\treturn three(d, here);\n}\n"
        "int address(struct usb_device *d)\n{\n\tu32 here;\n\n\treturn three(d, &here);\n}\n"
        "int other(struct usb_device *d)\n{\n\treturn d->speed;\n}\n"
    )
    assert functions_read(text.encode()) == ["one", "two", "three", "array", "address"]
    count, left = missed(text.encode(), "drivers/misc/x.c")
    assert count
    assert not left


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_a_tree_finds_what_a_lone_file_shows(path: Path) -> None:
    """In every case, whatever the level."""
    assert missed(path.read_bytes(), f"drivers/misc/{path.name}")[1] == []


@pytest.mark.parametrize(
    "text", [b"", b"}{)(", b"kfree(&", b"void f(", b"x = vmalloc(1); kfree(x", b"\xff\0" * 99]
)
def test_anything_can_be_chosen_from(text: bytes) -> None:
    """Whatever the bytes are, nothing is raised."""
    functions_read(b"void *a(void) { return vmalloc(1); }\nvoid b(void) { kfree(a()); " + text)
    functions_read(text)
