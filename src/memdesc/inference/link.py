"""Linking: the facts of all files become one graph; names meet their definitions.

`link(files, ...)` is the entrance. A static function or a struct that a file defines itself is its own; other
names are the kernel's. A chain of members is followed through the structs' declarations to the innermost.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from memdesc.source.facts import WIDTH, FileFacts, FunctionFacts, Said
from memdesc.source.structs import elements

Ints = npt.NDArray[np.int32]
Members = Mapping[str, tuple[str, int, bool]]


@dataclass(slots=True)
class Linked:
    """All files as one graph.

    Attributes: rows: one edge a row: source, target, op, site, byte offset, condition set, function, file;
    sites and functions count over all files, condition sets in each. ops: the constructs, with calls of static
    functions spelt `F@FILE`. symbols: name -> node. arrays: nodes of members that are arrays. definitions:
    function (spelt so) -> number. files: what else they say, without their graphs. nodes: the node that each
    file's nodes became, files one after another; node_bases: where a file's begin.
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
    sites: list[Said]
    nodes: Ints
    node_bases: list[int]
    names: dict[int, str] = field(default_factory=dict)
    stored: dict[str, list[str]] = field(default_factory=dict)

    def node(self, file: int, number: int) -> int:
        """Return the node that a file's own node `number` became."""
        return int(self.nodes[self.node_bases[file] + number])


_DRIVERS = ("drivers/", "sound/", "arch/")
"""Folders whose files are each a part of the kernel of their own."""


_ARCHITECTURE = re.compile(r"arch/\w+/")
_PROGRAMS = ("scripts/", "tools/", "samples/", "usr/", "Documentation/")
"""Folders of programs: the structs of their headers are not the kernel's."""


class _Structs:
    """Struct definitions of all files, and which one a file means."""

    def __init__(
        self, paths: Sequence[str], files: Sequence[FileFacts], known: Mapping[str, Members]
    ) -> None:
        self.paths = paths
        self.files = files
        self.known = known
        self.elements = elements()
        self.by_tag: dict[str, list[int]] = {}
        self.typedefs: dict[str, str] = {}
        for n, facts in enumerate(files):
            if paths[n].endswith(".h"):
                for tag in facts.packed_structs:
                    self.by_tag.setdefault(tag, []).append(n)
                self.typedefs.update(facts.typedefs)
        self.folders = [os.path.dirname(path) for path in paths]
        self._unpacked: dict[tuple[int, str], Members] = {}
        self._users: dict[str, str] = {}
        self._nearby: dict[tuple[str, str], tuple[str, Members] | None] = {}
        # What a name means is the same for all files of a folder that define no struct.
        found: dict[int | str, dict[str, tuple[str, Members] | None]] = {}
        resolved: dict[int | str, dict[str, tuple[str, bool]]] = {}
        places = [
            n if facts.packed_structs or facts.typedefs else folder
            for n, (facts, folder) in enumerate(zip(files, self.folders, strict=True))
        ]
        self._found = [found.setdefault(place, {}) for place in places]
        self._resolved = [resolved.setdefault(place, {}) for place in places]

    def find(self, file: int, tag: str) -> tuple[str, Members] | None:
        """Return (spelling that is unique, members) of what `file` means by `tag`."""
        known = self._found[file]
        if tag not in known:
            known[tag] = self._find(file, tag)
        return known[tag]

    def _find(self, file: int, tag: str) -> tuple[str, Members] | None:
        facts = self.files[file]
        tag = facts.typedefs.get(tag) or self.typedefs.get(tag, tag)
        if tag not in facts.packed_structs:
            return self._nearest(self.folders[file], tag)
        where = self.by_tag.get(tag, ())
        name = tag if len(where) == 1 and where[0] == file else f"{tag}@{file}"
        return name, self._members(file, tag)

    def _nearest(self, folder: str, tag: str) -> tuple[str, Members] | None:
        key = (folder, tag)
        if key not in self._nearby:
            self._nearby[key] = self._search(folder, tag)
        return self._nearby[key]

    def _search(self, folder: str, tag: str) -> tuple[str, Members] | None:
        top = folder.partition("/")[0] + "/"
        held = self.by_tag.get(tag, ())
        where = [n for n in held if not self.paths[n].startswith(_PROGRAMS) or self.paths[n].startswith(top)]
        if not where:
            known = self.known.get(tag)
            return (tag, known) if known is not None else None
        if len(where) == 1:
            return tag, self._members(where[0], tag)
        best = max(
            where,
            key=lambda n: (len(_shared(folder + "/", self.paths[n])), -len(self.paths[n])),
        )
        return f"{tag}@{best}", self._members(best, tag)

    def _members(self, file: int, tag: str) -> Members:
        key = (file, tag)
        found = self._unpacked.get(key)
        if found is None:
            found = self._unpacked[key] = self.files[file].members(tag) or {}
        return found

    def resolve(self, file: int, chain: str) -> tuple[str, bool]:
        """Return (unique name of the member that `TAG.A.B` is, whether it is an array)."""
        known = self._resolved[file]
        found = known.get(chain)
        if found is None:
            found = known[chain] = self._resolve(file, chain)
        return found

    def users(self, tag: str) -> str:
        """Return who uses a struct of a header that many include, each part of them for its own objects.

        That is the kernel ("*"), or the architecture whose header it is; nobody in particular when it is empty.
        """
        found = self._users.get(tag)
        if found is None:
            bare, at, where = tag.partition("@")
            files = [int(where)] if at else self.by_tag.get(bare, [])
            path = self.paths[files[0]] if files else ""
            found = "*" if "include/" in path else ""
            if found and (own := _ARCHITECTURE.match(path)):
                found = own[0]
            self._users[tag] = found
        return found

    def _resolve(self, file: int, chain: str) -> tuple[str, bool]:
        stem = chain
        while stem.endswith("[]"):
            stem = stem.removesuffix("[]")
        suffix = chain[len(stem) :]
        parts = stem.split(".")
        tag = parts[0]
        array = False
        container = ""
        for n, member in enumerate(parts[1:], 1):
            member = member.split("[", 1)[0]
            found = self.find(file, tag)
            if found is None:
                if len(parts) - n > 1 and "_" in parts[-1] and parts[-1] in self.elements:
                    return f"{tag}.{'.'.join(parts[n:-1])}[]{suffix}", False
                return f"{tag}.{'.'.join(parts[n:])}{suffix}", False
            name, members = found
            declared = members.get(member)
            if n == len(parts) - 1 and container and name.partition("@")[0] in self.elements.get(member, ()):
                return f"{container}[]{suffix}", False
            container = f"{name}.{member}"
            if n == len(parts) - 1:
                array = declared is not None and declared[2]
                return f"{name}.{member}{suffix}", array
            if declared is None or not declared[0]:
                return f"{name}.{'.'.join(parts[n:])}{suffix}", False
            tag = declared[0]
        return chain, array


def part_of(path: str) -> str:
    """Return the part of the kernel that a file belongs to: its folder, but for a driver's, which is its own."""
    return path if path.startswith(_DRIVERS) and path.endswith(".c") else os.path.dirname(path)


def _shared(one: str, other: str) -> str:
    """Return how two paths begin alike, by characters: folders that are called alike are near too."""
    pairs = zip(one, other, strict=False)
    return one[: next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))]


def link(paths: Sequence[str], files: Sequence[FileFacts], known: Mapping[str, Members]) -> Linked:
    """Return the graph of all files.

    Args: paths: of the files, relative to the tree. known: structs that need no declaration.
    """
    structs = _Structs(paths, files, known)
    statics = [
        {f.name for f in facts.functions if f.static and paths[n].endswith(".c")}
        for n, facts in enumerate(files)
    ]
    stored: dict[str, list[str]] = {}
    copied: dict[str, list[str]] = {}
    functions: list[tuple[int, FunctionFacts]] = []
    definitions: dict[str, int] = {}
    sites: list[Said] = []
    for n, facts in enumerate(files):
        own = statics[n]
        for pointer, function in facts.stored:
            key = _pointer(pointer, n, own, structs)
            if function[:1] == ".":
                copied.setdefault(key, []).append(_pointer(function[1:], n, own, structs))
            else:
                stored.setdefault(key, []).append(f"{function}@{n}" if function in own else function)
        for defined in facts.functions:
            spelt = f"{defined.name}@{n}" if defined.name in own else defined.name
            if defined.known or defined.name in own:
                definitions.setdefault(spelt, len(functions))
            functions.append((n, defined))
        sites.extend(facts.sites)
    bases = _starts(facts.node_count for facts in files)
    symbols, arrays, nodes = _nodes(files, statics, structs, bases)
    ops, numbers = _constructs(files, statics, structs)
    return Linked(
        tuple(paths),
        [facts.without_graph() for facts in files],
        _rows(files, nodes, bases, numbers, ops),
        ops,
        symbols,
        arrays,
        len(nodes) + 1,
        functions,
        definitions,
        sites,
        nodes,
        bases.tolist(),
        {number: name for name, number in symbols.items()},
        _pointed(stored, copied),
    )


def _pointed(stored: dict[str, list[str]], copied: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the functions behind each pointer: those stored in it, and in those that it is a copy of."""
    for key in copied:
        seen, work = {key}, [key]
        while work:
            for source in copied.get(work.pop(), ()):
                if source not in seen:
                    seen.add(source)
                    work.append(source)
        found = dict.fromkeys(function for source in sorted(seen) for function in stored.get(source, ()))
        if found:
            stored[key] = list(found)
    return {key: list(dict.fromkeys(functions)) for key, functions in stored.items()}


def _pointer(key: str, file: int, own: set[str], structs: _Structs) -> str:
    """Return the unique name of a pointer to a function."""
    if key[:1] != "(":
        return structs.resolve(file, key)[0]
    where, _, name = key[1:].partition(")")
    if where == "g" and name in structs.files[file].globals:
        return f"(g){name}@{file}"
    return f"({where}@{file}){name}" if where in own else key


def _starts(lengths: Iterable[int]) -> Ints:
    """Return where each of some pieces begins when they are laid one after another."""
    return np.cumsum([0, *lengths], dtype=np.int32)[:-1]


def _nodes(
    files: Sequence[FileFacts], statics: Sequence[set[str]], structs: _Structs, bases: Ints
) -> tuple[dict[str, int], set[int], Ints]:
    """Return (symbol -> node, nodes of array members, node that each file's nodes became).

    A node without a name is one more than its place among all; node 0 of a file is 0.
    """
    symbols: dict[str, int] = {}
    arrays: set[int] = set()
    places: list[int] = []
    became: list[int] = []
    for n, facts in enumerate(files):
        own, base = statics[n], int(bases[n])
        part = part_of(structs.paths[n])
        for node, symbol in facts.symbols:
            name, array = _symbol(symbol, n, own, structs, part, facts)
            place = base + node
            number = symbols.setdefault(name, place + 1)
            if array and not name.partition("#")[0].endswith("[]"):
                arrays.add(number)
            places.append(place)
            became.append(number)
    nodes = np.arange(1, sum(facts.node_count for facts in files) + 1, dtype=np.int32)
    nodes[bases] = 0
    nodes[places] = became
    return symbols, arrays, nodes


def _constructs(
    files: Sequence[FileFacts], statics: Sequence[set[str]], structs: _Structs
) -> tuple[list[str], Ints]:
    """Return (all constructs, the number of each file's constructs among them, files one after another)."""
    known: dict[str, int] = {}
    numbers = [
        known.setdefault(_op(op, n, statics[n], structs), len(known))
        for n, facts in enumerate(files)
        for op in facts.strings
    ]
    return list(known), np.array(numbers, dtype=np.int32)


def _rows(files: Sequence[FileFacts], nodes: Ints, bases: Ints, numbers: Ints, ops: list[str]) -> Ints:
    """Return the edges of all files, as Linked has them."""
    held = np.frombuffer(b"".join(facts.edges for facts in files), dtype=np.int32).reshape(-1, WIDTH)
    counts = [len(facts.edges) // WIDTH for facts in files]
    file = np.repeat(np.arange(len(files), dtype=np.int32), counts)
    base = bases[file]
    site = held[:, 3]
    rows = np.empty((len(held), WIDTH + 1), dtype=np.int32)
    rows[:, 0] = nodes[base + held[:, 0]]
    rows[:, 1] = nodes[base + held[:, 1]]
    rows[:, 2] = numbers[_starts(len(facts.strings) for facts in files)[file] + held[:, 2]]
    rows[:, 3] = np.where(site > 0, site + _starts(len(facts.sites) for facts in files)[file], 0)
    if "arr" in ops:
        array = rows[:, 2] == ops.index("arr")
        rows[array, 3] = nodes[base[array] + site[array]]
    rows[:, 4:6] = held[:, 4:6]
    rows[:, 6] = held[:, 6] + _starts(len(facts.functions) for facts in files)[file]
    rows[:, 7] = file
    return rows


def _symbol(
    symbol: str, file: int, own: set[str], structs: _Structs, part: str, facts: FileFacts
) -> tuple[str, bool]:
    sort = symbol[0]
    if sort == "f":
        name, array = structs.resolve(file, symbol[2:])
        # Objects of one part of the kernel seldom meet those of another in a member that everyone has.
        users = structs.users(name.partition(".")[0])
        if users:
            inside = users != "*" and structs.paths[file].startswith(users)
            name = f"{name}#{users.rstrip('/') if inside else part}"
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


_TEST = re.compile(r"(?<=[+-])\w+(?=/)")


def _op(op: str, file: int, own: set[str], structs: _Structs) -> str:
    if ":" not in op:
        return op
    sort, name, *rest = op.split(":")
    if sort == "v":
        return _TEST.sub(lambda m: f"{m[0]}@{file}" if m[0] in own else m[0], op) if own else op
    if name[:1] == "." and sort in ("a", "c", "i", "d", "r", "k", "t", "e", "g+", "g-"):
        if name.startswith(".?."):
            return op
        return ":".join((sort, "." + _pointer(name[1:], file, own, structs), *rest))
    if sort in ("m", "o", "u", "w"):
        return f"{sort}:{structs.resolve(file, name)[0]}"
    if sort == "h" and rest[1] in own:
        rest[1] = f"{rest[1]}@{file}"
    if name in own:
        name = f"{name}@{file}"
    return ":".join((sort, name, *rest))
