"""What is settled at the end of a file: members handed to calls, and pointers to functions that are copies.

Which members hold memory, and which parameters are called, is known when all of a file was read. What can make
no difference is left out here, so that most calls with an address (`spin_lock(&x->lock)`) cost nothing.
"""

import re

from memdesc.source.graphing import Output

_DEFINE_FREE = re.compile(rb"DEFINE_FREE\s*\(\s*(\w+)\s*,")
_FREED = re.compile(rb"\b([A-Za-z_]\w*)\s*\(\s*(?:\([^()]*\)\s*)?_T\s*[,)]")
_TESTS = frozenset({b"if", b"IS_ERR_OR_NULL", b"IS_ERR", b"likely", b"unlikely", b"typeof", b"sizeof"})


def settle(out: Output, defined: frozenset[str]) -> None:
    """Emit the edges of members that were handed to calls, and keep the copies of pointers that matter.

    Args: defined: the functions that the file defines.
    """
    symbols = out.symbols
    inner = {name[2:].rpartition(".")[0] for name in symbols if name[:2] == "f:" and name.count(".") > 1}
    held = {name[2:].removesuffix("[]") for name in symbols if name[:2] == "f:"}
    for name, n, key, taken, site, offset, condition, function in out.handed:
        own = name in defined
        if f"p:{name}:{n}[]" in symbols or (not own and key in inner):
            for held_by in (f"f:{key}[]", f"f:{key}") if taken else (f"f:{key}[]",):
                _edge(out, _symbol(out, held_by), 0, f"c:{name}:{n}", site, offset, condition, function)
        if taken and (f"p:{name}:{n}*" in symbols or (not own and key in held)):
            member = _symbol(out, f"f:{key}")
            _edge(out, member, 0, f"i:{name}:{n}", site, offset, condition, function)
            number = out.nodes
            out.nodes += 1
            _edge(out, 0, number, f"d:{name}:{n}", site, offset, condition, function)
            _edge(out, number, member, "=", 0, offset, condition, function)
    wanted = set(out.called)
    while True:
        more = {source for target, source, _ in out.aliases if target in wanted} - wanted
        if not more:
            break
        wanted |= more
    for target, source, known in dict.fromkeys(out.aliases):
        if target in wanted or (known and target[1:].partition(")")[0] not in defined):
            out.stored.append((target, "." + source))


def cleanups(text: bytes) -> list[tuple[str, str]]:
    """Return (`(free)NAME`, function) for each function that a `DEFINE_FREE(NAME, ...)` hands its variable to."""
    found = _DEFINE_FREE.match(text)
    if found is None:
        return []
    name = found[1].decode("ascii", "replace")
    called = dict.fromkeys(_FREED.findall(text, found.end()))
    return [
        (f"(free){name}", function.decode("ascii", "replace"))
        for function in called
        if function not in _TESTS
    ]


def _symbol(out: Output, name: str) -> int:
    number = out.symbols.get(name)
    if number is None:
        number = out.symbols[name] = out.nodes
        out.nodes += 1
    return number


def _edge(
    out: Output, source: int, target: int, op: str, site: int, offset: int, condition: int, function: int
) -> None:
    number = out.strings.setdefault(op, len(out.strings))
    out.edges.extend((source, target, number, site, offset, condition, function))
