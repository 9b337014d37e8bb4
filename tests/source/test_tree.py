"""Trees: what of our C files a tree holds, and where its nodes lie."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter
from hypothesis import given, settings
from hypothesis import strategies as st

from memdesc.source.text import Item, Source, shaped, split
from memdesc.source.tree import Reader
from memdesc.source.words import KEYWORDS

READING = sorted((Path(__file__).parents[1] / "c" / "reading").glob("*.[ch]"))
SOURCES = {path.name: split(path.read_bytes()) for path in READING}
READER = Reader()
CALL = re.compile(rb"\b([A-Za-z_]\w*)\s*\(")
# What looks like a call inside a function and is none.
NO_CALLS = frozenset(
    b"__free __aligned volatile goto _Generic FAILED while_each_thing __pool_begin TWICE".split()
)


def item_of(name: str, file: str) -> tuple[Source, Item]:
    source = SOURCES[file]
    return source, next(item for item in source.items if item.name == name)


def walk(tree: tree_sitter.Tree) -> Iterator[tree_sitter.Node]:
    stack = [tree.root_node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children))


def text_of(source: Source, node: tree_sitter.Node | None, delta: int) -> bytes:
    assert node is not None
    return source.data[node.start_byte + delta : node.end_byte + delta]


def calls(source: Source, item: Item) -> dict[bytes, list[bytes]]:
    tree, delta = READER.tree(source, item)
    found: dict[bytes, list[bytes]] = {}
    for node in walk(tree):
        if node.type == "call_expression":
            name = text_of(source, node.child_by_field_name("function"), delta)
            arguments = node.child_by_field_name("arguments")
            assert arguments is not None
            found[name] = [text_of(source, child, delta) for child in arguments.named_children]
    return found


@pytest.mark.parametrize("file", SOURCES)
def test_every_item_parses(file: str) -> None:
    """Every function of our files has a tree without a fault."""
    source = SOURCES[file]
    for item in source.items:
        tree, _ = READER.tree(source, item)
        assert not tree.root_node.has_error, source.data[item.start : item.end].decode("latin-1")


@pytest.mark.parametrize("file", SOURCES)
def test_no_call_is_lost(file: str) -> None:
    """Every call in the text is a call in the tree."""
    source = SOURCES[file]
    for item in source.items:
        if item.role != "function":
            continue
        tree, delta = READER.tree(source, item)
        seen = set()
        for node in walk(tree):
            start = node
            if node.type == "call_expression":
                function = node.child_by_field_name("function")
                assert function is not None
                start = function.child_by_field_name("field") or function
            elif not node.type.endswith("_statement"):
                continue
            seen.add(start.start_byte + delta)
        macros = [
            other for other in source.items if other.role == "macro" and item.start < other.start < item.end
        ]
        dropped = [*shaped(source, item)[1], *((macro.start, macro.end) for macro in macros)]
        for found in CALL.finditer(source.masked, item.body, item.end):
            if found[1] in KEYWORDS or found[1] in NO_CALLS:
                continue
            if any(start <= found.start() < end for start, end in dropped):
                continue
            near = source.data[found.start() - 20 : found.end() + 20]
            if b"DEBUG" in near or b"ASSERT_OR" in near or b"WAIT_FOR" in near or b"__stringify" in near:
                continue  # a block by now, or part of a string
            assert found.start() in seen, near


def test_loops_start_where_the_macro_does() -> None:
    """A loop that a macro makes begins at the macro."""
    source = SOURCES["iterators.c"]
    marked = {at.start() for at in re.finditer(rb"(?m)(?<=\t)\w+\([^\n]*/\* loop \*/", source.data)}
    loops = set()
    for item in source.items:
        tree, delta = READER.tree(source, item)
        loops |= {node.start_byte + delta for node in walk(tree) if node.type == "while_statement"}
    assert loops == marked


def test_loop_arguments_keep_their_places() -> None:
    """Arguments of such a macro stand in the tree where they stand in the text."""
    source, item = item_of("herd_count", "iterators.c")
    tree, delta = READER.tree(source, item)
    loop = next(node for node in walk(tree) if node.type == "while_statement")
    names = {text_of(source, node, delta) for node in walk(tree) if node.type == "identifier"}
    assert {b"animal", b"next", b"first"} <= names
    condition = loop.child_by_field_name("condition")
    assert text_of(source, condition, delta) == b"(animal, &herd->members, node)"


def test_types_are_arguments() -> None:
    """A type given to a macro does not break the call."""
    found = calls(*item_of("types_as_arguments", "expressions.c"))
    assert found[b"container_of"] == [b"head", b"shelf", b"list"]
    assert found[b"list_first_entry"] == [b"head", b"shelf", b"list"]
    assert found[b"min_t"] == [b"unsigned long", b"shelf->n", b"other->n"]
    assert found[b"va_arg"] == [b"ap", b"char"]
    assert found[b"offsetof"] == [b"shelf", b"boxes[2].page"]
    assert found[b"kmalloc_obj"] == [b"shelf", b"GFP_KERNEL"]


@pytest.mark.parametrize(
    ("name", "file", "shown"),
    [
        ("pool_get", "attributes.c", ["pool"]),
        ("pool_find", "attributes.c", ["pools", "name", "len"]),
        ("pool_say", "attributes.c", ["pool", "format"]),
        ("pool_make", "attributes.c", ["pool"]),
        ("sys_fetch", "syscalls.c", ["fd", "buf", "count"]),
        ("sys_twist", "syscalls.c", ["a", "b"]),
        ("compat_sys_fetch", "syscalls.c", ["fd", "range"]),
        ("sys_nothing", "syscalls.c", []),
        ("ask_thing", "syscalls.c", ["thing", "flags"]),
        ("exc_divide", "syscalls.c", []),
        ("split_head", "conditionals.c", ["a"]),
        ("split_brace", "conditionals.c", ["a"]),
    ],
)
def test_heads(name: str, file: str, shown: list[str]) -> None:
    """The head of a function is read whatever attributes stand in it."""
    source, item = item_of(name, file)
    tree, delta = READER.tree(source, item)
    definitions = [node for node in walk(tree) if node.type == "function_definition"]
    assert len(definitions) == 1
    declarator = next(node for node in walk(tree) if node.type == "function_declarator")
    named = declarator.child_by_field_name("declarator")
    assert named is not None
    assert named.text is not None
    assert named.text.decode() == name
    parameters = declarator.child_by_field_name("parameters")
    assert parameters is not None
    names = []
    for parameter in parameters.named_children:
        stack = [parameter.child_by_field_name("declarator")]
        while stack:
            node = stack.pop()
            if node is not None and node.type == "identifier":
                names.append(text_of(source, node, delta).decode())
            elif node is not None:
                stack.extend(node.named_children)
    assert names == shown


def test_alternatives_stay_alternatives() -> None:
    """Branches of an #if are alternatives in the tree too."""
    source, item = item_of("whole_groups", "conditionals.c")
    tree, _ = READER.tree(source, item)
    kinds = [node.type for node in walk(tree)]
    assert kinds.count("preproc_ifdef") == 2
    assert kinds.count("preproc_elif") == 1
    assert kinds.count("preproc_else") == 1


def test_macros_are_bodies_of_functions() -> None:
    """A macro that looks like a function is read as one."""
    for name, kind in [
        ("page_of", "return_statement"),
        ("use_twice", "do_statement"),
        ("swap_pages", "return_statement"),
        ("OPS", "initializer_pair"),
    ]:
        source, item = item_of(name, "macros.c")
        tree, delta = READER.tree(source, item)
        node = next(node for node in walk(tree) if node.type == kind)
        if kind == "do_statement":
            assert text_of(source, node, delta).startswith(b"do {")
    assert calls(*item_of("use_twice", "macros.c"))[b"get_page"] == [b"p"]
    assert calls(*item_of("commented", "macros.c"))[b"get_page"] == [b"x"]


def test_members_of_groups_are_members() -> None:
    """struct_group() hides no member."""
    source, item = item_of("grouped", "structs.h")
    tree, delta = READER.tree(source, item)
    fields = {text_of(source, node, delta) for node in walk(tree) if node.type == "field_identifier"}
    assert fields == {b"first", b"second", b"a", b"b", b"tail", b"guarded"}


def test_results_of_a_selection_are_seen() -> None:
    """The expressions that _Generic selects from are in the tree."""
    source, item = item_of("gnu_c", "expressions.c")
    tree, delta = READER.tree(source, item)
    names = {text_of(source, node, delta) for node in walk(tree) if node.type == "identifier"}
    assert {b"page_to_nid", b"page_to_zone"} <= names


def test_deep_nesting() -> None:
    """Code that nests too deeply to be followed does no harm."""
    source = split(b"int f(void)\n{\n\treturn " + b"(" * 10_000 + b"1" + b")" * 10_000 + b";\n}\n")
    assert [item.name for item in source.items] == ["f"]
    READER.tree(source, source.items[0])


@given(st.sampled_from(READING), st.data())
@settings(max_examples=100, deadline=None)
def test_damaged_files_have_trees(path: Path, data: st.DataObject) -> None:
    """Whatever was cut out of a file, the rest has a tree."""
    text = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start, min(len(text), start + 50)))
        text[start:end] = data.draw(st.binary(max_size=4))
    source = split(bytes(text))
    for item in source.items:
        tree, delta = READER.tree(source, item)
        for node in tree.root_node.children:
            assert item.start - 30 <= node.start_byte + delta <= len(text) + 30
