"""Packing: the facts of a file as bytes for the cache, and back, with every number and string checked.

The bytes are data and nothing else: what they say is looked at, never obeyed. `unpack()` gives None for bytes that
`pack()` cannot have made, and otherwise facts on which every later stage can rely: a number that names something
names something that is there, a construct and a symbol are spelt as facts.py says. It needs no more memory than a
small multiple of the bytes, whatever counts they claim. A blob is:

    counts     how many of each there are, see _COUNTS
    numbers    uint32: edges | nodes | strings by number | plain numbers | lengths | flags | functions by number
    text       constructs, symbols and other strings, each ended by END
    parts      the conditions, and one after another the structs, as facts.py packs them

Most headers only define structs; theirs is shorter: counts that begin with a 0, lengths, names, structs.

Numbers that have the same bound lie together, so that one look for the largest checks all of them: this is done for
5,000 files before the solver starts. Lengths tell how many of the flat records belong to each of their owners, and
must add up.
"""

import hashlib
import re
import struct
from array import array
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, islice, pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from memdesc.source.facts import (
    CONSTRUCTS,
    END,
    SYMBOLS,
    WIDTH,
    Declared,
    FileFacts,
    FunctionFacts,
    Said,
    condition_sets,
    pack_conditions,
)
from memdesc.source.texts import SHAPE_BYTES

_COUNTS = struct.Struct("<19I")
"""Nodes, edges, constructs, symbols, other strings, functions, parameters, sites, arguments of sites, stored,
declared, nodes of these, typedefs, globals, structs; bytes of constructs, symbols, other strings, conditions."""
_STRUCT_COUNTS = struct.Struct("<4I")
"""Of a file that only defines structs: no node, structs, typedefs, bytes of their names."""
_NO_SITES: tuple[Said, ...] = ((),)
_NO_CONDITIONS = pack_conditions(((),))
_NODES_AN_EDGE = 4
"""An edge or a symbol brings nodes; no walk over code makes more for each."""
_MOST = 1 << 31
_OFFSET = 4
"""The number of an edge that is a place in the file; so are what functions and declarations say of places."""
_OPS = re.compile(rf"(?:(?:{'|'.join(CONSTRUCTS)}){END})*", re.ASCII)
_SYMBOLS = re.compile(rf"(?:(?:{'|'.join(SYMBOLS)}){END})*", re.ASCII)
_ROLES = frozenset({"param", "local", "return"})

Words = npt.NDArray[np.uint32]
_T = TypeVar("_T")


def pack(facts: FileFacts) -> bytes:
    """Return `facts` as bytes."""
    if facts == _struct_facts(facts.packed_structs, facts.typedefs):
        return _pack_structs(facts.packed_structs, facts.typedefs)
    names: dict[str, int] = {}
    functions, sites, declared = facts.functions, facts.sites, facts.declared
    said: Iterable[str] = chain(
        (text for f in functions for text in (f.name, f.result)),
        (text for f in functions for param in f.params for text in param),
        (words for arguments in sites for _, words in arguments),
        (text for pair in facts.stored for text in pair),
        (text for d in declared for text in (d.role, d.name, d.ctype)),
        (text for pair in facts.typedefs.items() for text in pair),
        (text for name, of in facts.globals.items() for text in (name, of[0])),
        facts.packed_structs,
    )
    numbers = array("I", (number for number, _ in facts.symbols))
    numbers.extend(number for d in declared for number in d.nodes)
    numbers.extend(names.setdefault(text, len(names)) for text in said)
    numbers.extend(number for f in functions for number in (f.start, f.end))
    numbers.extend(number for arguments in sites for number, _ in arguments)
    numbers.extend(number for d in declared for number in (d.index + 1, d.offset))
    numbers.extend(of[1] for of in facts.globals.values())
    numbers.extend(len(f.params) for f in functions)
    numbers.extend(map(len, sites))
    numbers.extend(len(d.nodes) for d in declared)
    numbers.extend(map(len, facts.packed_structs.values()))
    numbers.extend(f.static + 2 * f.macro + 4 * f.error for f in functions)
    numbers.extend(of[2] + 2 * of[3] for of in facts.globals.values())
    numbers.extend(d.function for d in declared)
    texts = [_joined(facts.strings), _joined(symbol for _, symbol in facts.symbols), _joined(names)]
    counts = _COUNTS.pack(
        facts.node_count,
        len(facts.edges) // WIDTH,
        len(facts.strings),
        len(facts.symbols),
        len(names),
        len(functions),
        sum(len(f.params) for f in functions),
        len(sites),
        sum(map(len, sites)),
        len(facts.stored),
        len(declared),
        sum(len(d.nodes) for d in declared),
        len(facts.typedefs),
        len(facts.globals),
        len(facts.packed_structs),
        *map(len, texts),
        len(facts.packed_conditions),
    )
    parts = (counts, facts.edges.tobytes(), numbers.tobytes(), *texts, facts.packed_conditions)
    return b"".join((*parts, *facts.packed_structs.values()))


def unpack(blob: bytes) -> FileFacts | None:
    """Return the facts that `pack()` made bytes of, None when it made no such bytes."""
    if len(blob) < _COUNTS.size or not any(blob[:4]):
        return _unpack_structs(blob)
    (
        node_count, edge_count, op_count, symbol_count, name_count, function_count, param_count, site_count,
        argument_count, stored_count, declared_count, held_count, typedef_count, global_count, struct_count,
        *text_sizes,
    ) = _COUNTS.unpack_from(blob)  # fmt: skip
    column_sizes = _column_sizes(blob)
    total = sum(column_sizes)
    start = _COUNTS.size + 4 * total
    if start + sum(text_sizes) > len(blob) or node_count > 16 + _NODES_AN_EDGE * (edge_count + symbol_count):
        return None
    numbers = np.frombuffer(blob, np.uint32, total, _COUNTS.size)
    edges, nodes, strings, plain, lengths, flags, owners = (
        numbers[a:b] for a, b in pairwise(accumulate(column_sizes, initial=0))
    )
    ops, symbols, names, conditions, structs = (
        blob[a:b] for a, b in pairwise((*accumulate(text_sizes, initial=start), len(blob)))
    )
    constructs = _split(ops, op_count, _OPS)
    spelt = _split(symbols, symbol_count, _SYMBOLS)
    words = _split(names, name_count)
    sets = condition_sets(conditions)
    if constructs is None or spelt is None or words is None or sets is None:
        return None
    limits = (node_count, node_count, op_count, site_count, _MOST, sets, function_count)
    array_op = constructs.index("arr") if "arr" in constructs else -1
    if not (
        _edges_fit(edges.reshape(-1, WIDTH), limits, array_op)
        and _below(nodes, node_count)
        and _below(strings, name_count)
        and _below(plain, _MOST)
        and _below(flags, 8)
        and _below(owners, function_count)
    ):
        return None

    length = iter(lengths.tolist())
    params, arguments, held, sizes = (
        list(islice(length, count)) for count in (function_count, site_count, declared_count, struct_count)
    )
    owned = (sum(params), sum(arguments), sum(held), sum(sizes))
    if owned != (param_count, argument_count, held_count, len(structs)):
        return None
    text = iter([words[at] for at in strings.tolist()])
    number, flag, node = iter(plain.tolist()), iter(flags.tolist()), iter(nodes.tolist())
    functions = tuple(
        FunctionFacts(name, first, last, own, result, bool(sort & 1), bool(sort & 2), bool(sort & 4))
        for (name, result), (first, last), own, sort in zip(
            _groups(text, function_count, 2),
            _groups(number, function_count, 2),
            _pieces(_groups(text, param_count, 2), params),
            islice(flag, function_count),
            strict=True,
        )
    )
    said = list(zip(islice(number, argument_count), islice(text, argument_count), strict=True))
    numbered = tuple(zip(islice(node, symbol_count), spelt, strict=True))
    stored = tuple(_groups(text, stored_count, 2))
    declared = tuple(
        Declared(function, role, name, index - 1, ctype, offset, own)
        for function, (role, name, ctype), (index, offset), own in zip(
            owners.tolist(),
            _groups(text, declared_count, 3),
            _groups(number, declared_count, 2),
            _pieces(list(node), held),
            strict=True,
        )
    )
    if any(d.role not in _ROLES or (not d.nodes and d.role != "local") for d in declared):
        return None
    typedefs = dict(_groups(text, typedef_count, 2))
    globals_ = {
        name: (of, depth, bool(sort & 1), bool(sort & 2))
        for (name, of), depth, sort in zip(_groups(text, global_count, 2), number, flag, strict=True)
    }
    rows = array("i")
    rows.frombytes(edges.tobytes())
    return FileFacts(
        tuple(constructs),
        rows,
        node_count,
        numbered,
        functions,
        tuple(_pieces(said, arguments)),
        conditions,
        dict(zip(text, (structs[a:b] for a, b in pairwise(accumulate(sizes, initial=0))), strict=True)),
        typedefs,
        stored,
        declared,
        globals_,
    )


def _column_sizes(blob: bytes) -> tuple[int, ...]:
    """Return how many numbers each column has: edges, nodes, strings, plain numbers, lengths, flags, functions."""
    (
        _, edge_count, _, symbol_count, _, function_count, param_count, site_count, argument_count, stored_count,
        declared_count, held_count, typedef_count, global_count, struct_count, *_,
    ) = _COUNTS.unpack_from(blob)  # fmt: skip
    return (
        edge_count * WIDTH,
        symbol_count + held_count,
        2 * (function_count + param_count + stored_count + typedef_count + global_count)
        + argument_count + 3 * declared_count + struct_count,
        2 * (function_count + declared_count) + argument_count + global_count,
        function_count + site_count + declared_count + struct_count,
        function_count + global_count,
        declared_count,
    )  # fmt: skip


def shape(blob: bytes) -> bytes:
    """Return what names the facts that `pack()` made `blob` of, but for where their code stands in the file.

    Two files of one shape make the same graph: what stands before what in them is the same, how far apart is not. It
    is empty where the file says nothing. Bytes that no facts were packed to have a shape that nothing else has.
    """
    if len(blob) < _COUNTS.size or not any(blob[:4]):
        return _digest(blob) if blob else b""
    _, _, _, _, _, function_count, _, _, argument_count, _, declared_count, *_ = _COUNTS.unpack_from(blob)
    edges, nodes, strings, *_ = _column_sizes(blob)
    plain = edges + nodes + strings
    declared = plain + 2 * function_count + argument_count
    end = declared + 2 * declared_count
    if _COUNTS.size + 4 * end > len(blob):
        return _digest(blob)
    numbers = np.frombuffer(blob, np.uint32, end, _COUNTS.size).copy()
    places = np.concatenate(
        [
            np.arange(_OFFSET, edges, WIDTH),
            np.arange(plain, plain + 2 * function_count),
            np.arange(declared + 1, end, 2),
        ]
    )
    _, numbers[places] = np.unique(numbers[places], return_inverse=True)
    return _digest(blob[: _COUNTS.size] + numbers.tobytes() + blob[_COUNTS.size + 4 * end :])


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=SHAPE_BYTES).digest()


def _struct_facts(packed: dict[str, bytes], typedefs: dict[str, str]) -> FileFacts:
    """Return the facts of a file that does nothing but define structs and typedefs, as most headers."""
    return FileFacts((), array("i"), 1, (), (), _NO_SITES, _NO_CONDITIONS, packed, typedefs, (), (), {})


def _pack_structs(packed: dict[str, bytes], typedefs: dict[str, str]) -> bytes:
    text = _joined(chain(packed, typedefs, typedefs.values()))
    head = _STRUCT_COUNTS.pack(0, len(packed), len(typedefs), len(text))
    return b"".join((head, array("I", map(len, packed.values())).tobytes(), text, *packed.values()))


def _unpack_structs(blob: bytes) -> FileFacts | None:
    if len(blob) < _STRUCT_COUNTS.size:
        return None
    nodes, struct_count, typedef_count, text_size = _STRUCT_COUNTS.unpack_from(blob)
    text_at = _STRUCT_COUNTS.size + 4 * struct_count
    at = text_at + text_size
    if nodes or at > len(blob):
        return None
    words = _split(blob[text_at:at], struct_count + 2 * typedef_count)
    sizes = array("I")
    sizes.frombytes(blob[_STRUCT_COUNTS.size : text_at])
    if words is None or at + sum(sizes) != len(blob):
        return None
    packed = {
        tag: blob[a:b] for tag, (a, b) in zip(words, pairwise(accumulate(sizes, initial=at)), strict=False)
    }
    types = struct_count + typedef_count
    return _struct_facts(packed, dict(zip(words[struct_count:types], words[types:], strict=True)))


def _edges_fit(rows: Words, limits: tuple[int, ...], array_op: int) -> bool:
    """Whether every number of the edges is below its limit; the site of an `arr` edge is a node."""
    if not len(rows):
        return True
    nodes, _, _, sites, *_ = limits
    largest = np.maximum.reduce(rows, axis=0).tolist()
    if any(
        number >= limit for at, (number, limit) in enumerate(zip(largest, limits, strict=True)) if at != 3
    ):
        return False
    if largest[3] < min(sites, nodes):
        return True
    below = np.where(rows[:, 2] == array_op, nodes, sites)
    return bool(np.all(rows[:, 3] < below))


def _below(column: Words, limit: int) -> bool:
    return not len(column) or int(np.maximum.reduce(column)) < limit


def _joined(strings: Iterable[str]) -> bytes:
    """Return strings as one text, each ended by END, which no text has."""
    text = END.join([*(each.replace(END, " ") for each in strings), ""])
    return text.encode("utf-8", "surrogatepass")


def _split(text: bytes, count: int, spelling: re.Pattern[str] | None = None) -> list[str] | None:
    """Return the strings that `_joined()` made a text of, None if they are not `count` or not spelt so."""
    try:
        joined = text.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    found = joined.split(END)
    if len(found) != count + 1 or found.pop() or (spelling and not spelling.fullmatch(joined)):
        return None
    return found


def _groups(items: Iterator[_T], count: int, width: int) -> list[tuple[_T, ...]]:
    """Take `count` groups of `width` from `items`."""
    taken = islice(items, count * width)
    return list(zip(*(taken,) * width, strict=True))


def _pieces(items: list[_T], lengths: list[int]) -> list[tuple[_T, ...]]:
    """Return `items` cut into pieces of these lengths."""
    whole = tuple(items)
    return [whole[a:b] if a != b else () for a, b in pairwise(accumulate(lengths, initial=0))]
