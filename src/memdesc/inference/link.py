"""Linking: the facts of all files become one graph; names meet their definitions.

`link(files, ...)` is the entrance. A static function or a struct that a file defines itself is its own; other
names are the kernel's. A chain of members is followed through the structs' declarations to the innermost.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from memdesc.source.facts import WIDTH, FileFacts, FunctionFacts

Ints = npt.NDArray[np.int32]
Members = Mapping[str, tuple[str, int, bool]]


@dataclass(slots=True)
class Linked:
    """All files as one graph.

    Attributes: rows: one edge a row: source, target, op, site, byte offset, condition set, function, file;
    sites and functions count over all files. ops: the constructs, with calls of static functions spelt
    `F@FILE`. symbols: name -> node. arrays: nodes of members that are arrays. definitions: function (spelt
    so) -> number.
    """

    paths: tuple[str, ...]
    files: Sequence[FileFacts]
    rows: Ints
    ops: list[str]
    symbols: dict[str, int]
    arrays: set[int]
    node_count: int
    functions: list[tuple[int, FunctionFacts]]
    definitions: dict[str, int]
    sites: list[tuple[str, int, tuple[tuple[int, str], ...]]]
    conditions: list[tuple[tuple[str, bool], ...]]
    node_bases: list[int]
    local_symbols: list[dict[int, int]]
    names: dict[int, str] = field(default_factory=dict)
    stored: dict[str, list[str]] = field(default_factory=dict)


_DRIVERS = ("drivers/", "sound/", "arch/")
"""Folders whose files are each a part of the kernel of their own."""


class _Structs:
    """Struct definitions of all files, and which one a file means."""

    def __init__(
        self, paths: Sequence[str], files: Sequence[FileFacts], known: Mapping[str, Members]
    ) -> None:
        self.paths = paths
        self.files = files
        self.known = known
        self.by_tag: dict[str, list[int]] = {}
        self.typedefs: dict[str, str] = {}
        for n, facts in enumerate(files):
            if paths[n].endswith(".h"):
                for tag in facts.structs:
                    self.by_tag.setdefault(tag, []).append(n)
                self.typedefs.update(facts.typedefs)
        self.folders = [os.path.dirname(path) for path in paths]
        self._resolved: dict[tuple[str, str], tuple[str, bool]] = {}
        self._found: dict[tuple[str, str], tuple[str, Members] | None] = {}

    def find(self, file: int, tag: str) -> tuple[str, Members] | None:
        """Return (spelling that is unique, members) of what `file` means by `tag`."""
        facts = self.files[file]
        tag = facts.typedefs.get(tag) or self.typedefs.get(tag, tag)
        own = facts.structs.get(tag)
        if own is not None:
            where = self.by_tag.get(tag, ())
            return (tag if len(where) == 1 and where[0] == file else f"{tag}@{file}"), own
        folder = self.folders[file]
        key = (folder, tag)
        if key not in self._found:
            self._found[key] = self._nearest(folder, tag)
        return self._found[key]

    def _nearest(self, folder: str, tag: str) -> tuple[str, Members] | None:
        where = self.by_tag.get(tag, ())
        if not where:
            known = self.known.get(tag)
            return (tag, known) if known is not None else None
        if len(where) == 1:
            return tag, self.files[where[0]].structs[tag]
        best = max(
            where,
            key=lambda n: (len(_shared(folder + "/", self.paths[n])), -len(self.paths[n])),
        )
        return f"{tag}@{best}", self.files[best].structs[tag]

    def resolve(self, file: int, chain: str) -> tuple[str, bool]:
        """Return (unique name of the member that `TAG.A.B` is, whether it is an array)."""
        facts = self.files[file]
        if facts.structs or facts.typedefs:
            return self._resolve(file, chain)
        key = (self.folders[file], chain)
        found = self._resolved.get(key)
        if found is None:
            found = self._resolved[key] = self._resolve(file, chain)
        return found

    def _resolve(self, file: int, chain: str) -> tuple[str, bool]:
        stem = chain
        while stem.endswith("[]"):
            stem = stem.removesuffix("[]")
        suffix = chain[len(stem) :]
        parts = stem.split(".")
        tag = parts[0]
        array = False
        for n, member in enumerate(parts[1:], 1):
            member = member.split("[", 1)[0]
            found = self.find(file, tag)
            if found is None:
                return f"{tag}.{'.'.join(parts[n:])}{suffix}", False
            name, members = found
            declared = members.get(member)
            if n == len(parts) - 1:
                array = declared is not None and declared[2]
                return f"{name}.{member}{suffix}", array
            if declared is None or not declared[0]:
                return f"{name}.{'.'.join(parts[n:])}{suffix}", False
            tag = declared[0]
        return chain, array


def _shared(one: str, other: str) -> str:
    """Return how two paths begin alike, by characters: folders that are called alike are near too."""
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return one[:length]


def link(paths: Sequence[str], files: Sequence[FileFacts], known: Mapping[str, Members]) -> Linked:
    """Return the graph of all files.

    Args: paths: of the files, relative to the tree. known: structs that need no declaration.
    """
    structs = _Structs(paths, files, known)
    symbols: dict[str, int] = {}
    arrays: set[int] = set()
    ops: list[str] = []
    op_numbers: dict[str, int] = {}
    blocks: list[Ints] = []
    functions: list[tuple[int, FunctionFacts]] = []
    definitions: dict[str, int] = {}
    sites: list[tuple[str, int, tuple[tuple[int, str], ...]]] = []
    conditions: list[tuple[tuple[str, bool], ...]] = []
    condition_numbers: dict[tuple[tuple[str, bool], ...], int] = {}
    bases: list[int] = []
    maps: list[dict[int, int]] = []
    count = 1
    stored_in: dict[str, list[str]] = {}
    statics = [
        {f.name for f in facts.functions if f.static and paths[n].endswith(".c")}
        for n, facts in enumerate(files)
    ]
    for n, facts in enumerate(files):
        for member, function in facts.stored:
            spelt = f"{function}@{n}" if function in statics[n] else function
            if member.startswith("p:"):
                continue
            stored_in.setdefault(structs.resolve(n, member)[0], []).append(spelt)
    for n, facts in enumerate(files):
        own = statics[n]
        bases.append(count)
        local: dict[int, int] = {}
        mapped = np.arange(facts.node_count, dtype=np.int32) + count
        mapped[0] = 0
        count += facts.node_count
        for node, symbol in facts.symbols:
            name, array = _symbol(symbol, n, own, structs, facts)
            number = symbols.get(name)
            if number is None:
                number = symbols[name] = int(mapped[node])
            if array:
                arrays.add(number)
            mapped[node] = number
            local[node] = number
        maps.append(local)
        first_function, first_site = len(functions), len(sites)
        for defined in facts.functions:
            spelt = f"{defined.name}@{n}" if defined.name in own else defined.name
            definitions.setdefault(spelt, len(functions))
            functions.append((n, defined))
        sites.extend(facts.sites)
        if not facts.strings:
            continue
        numbers = []
        for op in facts.strings:
            spelt = _op(op, n, own, structs)
            number = op_numbers.get(spelt)
            if number is None:
                number = op_numbers[spelt] = len(ops)
                ops.append(spelt)
            numbers.append(number)
        held = []
        for condition in facts.conditions:
            number = condition_numbers.get(condition)
            if number is None:
                number = condition_numbers[condition] = len(conditions)
                conditions.append(condition)
            held.append(number)
        rows = np.frombuffer(facts.edges, dtype=np.int32).reshape(-1, WIDTH)
        block = np.empty((len(rows), WIDTH + 1), dtype=np.int32)
        block[:, 0] = mapped[rows[:, 0]]
        block[:, 1] = mapped[rows[:, 1]]
        block[:, 2] = np.array(numbers, dtype=np.int32)[rows[:, 2]]
        arr = rows[:, 2] == (facts.strings.index("arr") if "arr" in facts.strings else -1)
        block[:, 3] = np.where(
            arr, mapped[np.where(arr, rows[:, 3], 0)], np.where(rows[:, 3] > 0, rows[:, 3] + first_site, 0)
        )
        block[:, 4] = rows[:, 4]
        block[:, 5] = np.array(held, dtype=np.int32)[rows[:, 5]]
        block[:, 6] = rows[:, 6] + first_function
        block[:, 7] = n
        blocks.append(block)
    all_rows = np.concatenate(blocks) if blocks else np.empty((0, WIDTH + 1), dtype=np.int32)
    linked = Linked(
        tuple(paths),
        files,
        all_rows,
        ops,
        symbols,
        arrays,
        count,
        functions,
        definitions,
        sites,
        conditions,
        bases,
        maps,
    )
    linked.names = {number: name for name, number in symbols.items()}
    linked.stored = stored_in
    return linked


def _of_everyone(tag: str, structs: _Structs) -> bool:
    """Whether a struct is one that all of the kernel uses, each part of it for its own objects."""
    bare, at, where = tag.partition("@")
    if at:
        path = structs.paths[int(where)]
        return "include/" in path
    found = structs.by_tag.get(bare)
    return bool(found) and "include/" in structs.paths[found[0]] if found else False


def _symbol(symbol: str, file: int, own: set[str], structs: _Structs, facts: FileFacts) -> tuple[str, bool]:
    sort = symbol[0]
    if sort == "f":
        name, array = structs.resolve(file, symbol[2:])
        if _of_everyone(name.partition(".")[0], structs):
            # Objects of one part of the kernel seldom meet those of another in such a member.
            path = structs.paths[file]
            shared = path.startswith(_DRIVERS) and path.endswith(".c")
            name = f"{name}#{path if shared else os.path.dirname(path)}"
        return "f:" + name, array
    if sort == "g":
        bare = symbol[2:].removesuffix("[]")
        return (f"{symbol}@{file}" if bare in facts.globals else symbol), False
    _, name, *rest = symbol.split(":")
    bare = name.removesuffix("[]")
    if bare in own:
        spelt = name.replace(bare, f"{bare}@{file}", 1)
        return ":".join((sort, spelt, *rest)), False
    return symbol, False


def _op(op: str, file: int, own: set[str], structs: _Structs) -> str:
    if ":" not in op:
        return op
    sort, name, *rest = op.split(":")
    if name[:1] == "." and sort in ("a", "c", "r", "k", "t", "e", "g+", "g-"):
        if name.startswith(".?."):
            return op
        return ":".join((sort, "." + structs.resolve(file, name[1:])[0], *rest))
    if sort in ("m", "w"):
        return f"{sort}:{structs.resolve(file, name)[0]}"
    if name in own:
        return ":".join((sort, f"{name}@{file}", *rest))
    return op
