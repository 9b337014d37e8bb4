"""What is known of a pointer at one place of a function from what stands before it: that it is not NULL."""

import re
from collections.abc import Container

from tree_sitter import Node

from memdesc.convert.parsed import Function, arguments, walk

_NOT_ALWAYS = frozenset(
    [
        "for_statement",
        "do_statement",
        "case_statement",
        "labeled_statement",
        "sizeof_expression",
        "typeof",
        "gnu_asm_expression",
    ]
)
_JUMPS = frozenset(["return_statement", "goto_statement", "break_statement", "continue_statement"])
_NEVER_NULL = frozenset(["compound_head", "folio_page", "pfn_to_page", "virt_to_page"])
"""Functions that compute their result without asking for anything."""
_PLAIN = re.compile(rb"[a-z_]\w*|Page\w+|\w+Page\w+")
_DROPS = frozenset(
    [b"sizeof", b"typeof", b"__typeof__", b"likely", b"unlikely", b"IS_ERR", b"IS_ERR_OR_NULL"]
)


def always(use: Node, body: Node) -> bool:
    """Whether every run through `body` comes by `use`, as far as `body` alone tells."""
    if not _unconditional(use, body):
        return False
    before = (n for n in walk(body) if n.start_byte < use.start_byte)
    return not any(n.type in ("return_statement", "goto_statement") for n in before)


def _unconditional(use: Node, top: Node) -> bool:
    """Whether `use` is evaluated whenever `top`, which holds it, is, unless `top` is left before."""
    node = use
    while node.parent is not None and node != top:
        parent = node.parent
        if parent.type in ("if_statement", "while_statement", "switch_statement"):
            if parent.child_by_field_name("condition") != node:
                return False
        elif parent.type in ("binary_expression", "conditional_expression"):
            operator = parent.child_by_field_name("operator")
            lazy = operator is None or operator.type in ("&&", "||")
            if lazy and parent.named_children[0] != node:
                return False
        elif parent.type in _NOT_ALWAYS:
            return False
        elif parent.type == "call_expression" and node.type == "argument_list":
            callee = parent.child_by_field_name("function")
            word = (callee.text or b"") if callee is not None else b""
            if not _PLAIN.fullmatch(word) or word in _DROPS:
                return False  # a macro may drop its argument
        node = parent
    return True


def known(function: Function, argument: Node, reading: Container[tuple[str, int]] = ()) -> bool:
    """Whether `argument` of a call in `function` cannot be NULL there: it was read or tested before.

    Args: reading: functions, with the position of the argument, that read what they are given.
    """
    node = _bare(argument)
    if node.type == "pointer_expression" and function.text(node)[:1] == b"&":
        return True
    if node.type == "call_expression":
        return function.text(node.child_by_field_name("function")).decode("latin-1") in _NEVER_NULL
    if node.type not in ("identifier", "field_expression"):
        return False
    text = _spelt(function, node)
    same = [n for n in walk(function.body) if n.type == node.type and _spelt(function, n) == text]
    changes = [n for n in same if _assigned(function, n)]
    at = argument
    while at.parent is not None and at != function.body:
        parent = at.parent
        if _holds_here(function, parent, at, text):
            return not _between(changes, at.start_byte, argument.start_byte)
        if parent.type in ("compound_statement", "case_statement"):
            earlier = [n for n in parent.named_children if n.end_byte <= at.start_byte]
            for whole in reversed(earlier):
                statement = _labelled(whole)
                if any(n.type in ("labeled_statement", "case_statement") for n in walk(statement)):
                    break  # reached from elsewhere
                if _settles(function, statement, same, text, reading):
                    return not _between(changes, statement.start_byte, argument.start_byte)
                if statement != whole:
                    break
                if _between(changes, statement.start_byte, statement.end_byte):
                    return False
        elif parent.type == "labeled_statement":
            return False
        at = parent
    return False


def _labelled(node: Node) -> Node:
    """Return the statement behind labels."""
    while node.type == "labeled_statement" and node.named_children[-1].type != "statement_identifier":
        node = node.named_children[-1]
    return node


def tested(function: Function, argument: Node) -> bool:
    """Whether the function asks anywhere if `argument` is NULL or an error, or sets it to NULL."""
    node = _bare(argument)
    if node.type not in ("identifier", "field_expression", "subscript_expression"):
        return True
    text = _spelt(function, node)
    for each in walk(function.body):
        if each.type != node.type or _spelt(function, each) != text or each.parent is None:
            continue
        if _asks(function, each) or (_assigned(function, each) and _to_null(function, each.parent)):
            return True
    return False


def read_after(
    function: Function, value: Node, name: bytes, reading: Container[tuple[str, int]] = ()
) -> bool:
    """Whether the local `name`, once `value` is assigned to it, is read in any case before it changes."""
    at = value
    while at.parent is not None and at.parent.type not in ("compound_statement", "case_statement"):
        at = at.parent
    if at.parent is None:
        return False
    same = [n for n in walk(function.body) if n.type == "identifier" and function.text(n) == name]
    changes = [n for n in same if _assigned(function, n)]
    for statement in at.parent.named_children:
        if statement.start_byte < at.end_byte or statement.type == "comment":
            continue
        if any(n.type in ("labeled_statement", "case_statement") for n in walk(statement)):
            return False
        if _settles(function, statement, same, name, reading):
            return True
        if _between(changes, statement.start_byte, statement.end_byte) or _may_leave(statement):
            return False
    return False


def _may_leave(statement: Node) -> bool:
    return any(n.type in _JUMPS for n in walk(statement))


def _bare(node: Node) -> Node:
    while node.type == "parenthesized_expression" and len(node.named_children) == 1:
        node = node.named_children[0]
    return node


def _spelt(function: Function, node: Node) -> bytes:
    return b"".join(function.text(node).split())


def _assigned(function: Function, node: Node) -> bool:
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "assignment_expression":
        return parent.child_by_field_name("left") == node
    if parent.type in ("init_declarator", "pointer_declarator"):
        return True
    return parent.type == "update_expression" or (
        parent.type == "pointer_expression" and function.text(parent)[:1] == b"&"
    )


def _to_null(function: Function, parent: Node) -> bool:
    holder = parent.parent if parent.type == "pointer_declarator" and parent.parent is not None else parent
    value = holder.child_by_field_name("right") or holder.child_by_field_name("value")
    return function.text(value) in (b"NULL", b"0")


def _between(nodes: list[Node], start: int, end: int) -> bool:
    return any(start <= n.start_byte < end for n in nodes)


def _asks(function: Function, node: Node) -> bool:
    """Whether the value of `node` is asked for being NULL or an error."""
    parent = node.parent
    if parent is None:
        return False
    if parent.type in ("unary_expression", "binary_expression"):
        operator = parent.child_by_field_name("operator")
        sort = operator.type if operator is not None else ""
        if sort in ("==", "!="):
            left, right = parent.child_by_field_name("left"), parent.child_by_field_name("right")
            return function.text(right if left == node else left) in (b"NULL", b"0")
        return sort in ("!", "&&", "||")
    if parent.type == "parenthesized_expression":
        return parent.parent is not None and parent.parent.type in ("if_statement", "while_statement")
    if parent.type == "conditional_expression":
        return parent.child_by_field_name("condition") == node
    if parent.type == "argument_list" and parent.parent is not None:
        called = function.text(parent.parent.child_by_field_name("function"))
        return called in (b"IS_ERR", b"IS_ERR_OR_NULL", b"likely", b"unlikely", b"PTR_ERR")
    return False


def _holds_here(function: Function, parent: Node, child: Node, text: bytes) -> bool:
    """Whether `child` of `parent` is reached only where what `text` spells is no NULL and no error."""
    if parent.type in ("if_statement", "while_statement", "conditional_expression"):
        condition = parent.child_by_field_name("condition")
        if condition is None or condition == child:
            return False
        if parent.child_by_field_name("alternative") == child:
            return _says(function, condition, text, sure=False)
        return _says(function, condition, text, sure=True)
    if parent.type == "binary_expression" and parent.child_by_field_name("right") == child:
        operator = parent.child_by_field_name("operator")
        left = parent.child_by_field_name("left")
        if left is not None and operator is not None and operator.type in ("&&", "||"):
            return _says(function, left, text, sure=operator.type == "&&")
    return False


def _says(function: Function, condition: Node, text: bytes, *, sure: bool) -> bool:
    """Whether a condition that is true (`sure`) or false shows that the pointer is one."""
    node = _bare(condition)
    spelt = _spelt(function, node)
    if node.type == "call_expression":
        called = function.text(node.child_by_field_name("function"))
        given = arguments(node)
        if called in (b"likely", b"unlikely") and len(given) == 1:
            return _says(function, given[0], text, sure=sure)
        return spelt in (b"IS_ERR_OR_NULL(" + text + b")", b"IS_ERR(" + text + b")") and not sure
    if node.type == "unary_expression" and spelt[:1] == b"!":
        return _says(function, node.named_children[0], text, sure=not sure)
    if node.type == "binary_expression":
        operator = node.child_by_field_name("operator")
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None or operator is None:
            return False
        if operator.type == ("&&" if sure else "||"):
            return any(_says(function, each, text, sure=sure) for each in (left, right))
        wanted = "!=" if sure else "=="
        return operator.type == wanted and {_spelt(function, left), _spelt(function, right)} == {
            text,
            b"NULL",
        }
    return sure and spelt == text


def _settles(
    function: Function, statement: Node, same: list[Node], text: bytes, reading: Container[tuple[str, int]]
) -> bool:
    """Whether who gets past `statement` has a pointer: it was read there, or what is none left."""
    if statement.type == "if_statement" and statement.child_by_field_name("alternative") is None:
        condition = statement.child_by_field_name("condition")
        then = statement.child_by_field_name("consequence")
        if condition and then and _leaves(function, then) and _says(function, condition, text, sure=False):
            return True
    return any(
        statement.start_byte <= n.start_byte < statement.end_byte
        and _reads(function, n, reading)
        and _unconditional(n, statement)
        for n in same
    )


def _reads(function: Function, node: Node, reading: Container[tuple[str, int]]) -> bool:
    """Whether the memory that `node` points to is read there."""
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "field_expression":
        rest = function.text(parent)[node.end_byte - parent.start_byte :]
        return parent.child_by_field_name("argument") == node and rest.lstrip().startswith(b"->")
    if parent.type != "argument_list" or parent.parent is None:
        return False
    called = function.text(parent.parent.child_by_field_name("function")).decode("latin-1")
    at = [n.id for n in arguments(parent.parent)].index(node.id)
    return (called, at) in reading or called == "page_folio"


def _leaves(function: Function, statement: Node) -> bool:
    if statement.type == "compound_statement":
        return bool(statement.named_children) and _leaves(function, statement.named_children[-1])
    return statement.type in _JUMPS
