"""Which pointer of an old kernel is which pointer of a new one: functions paired, then their parameters.

`functions(tree)` reads, `pairs(old, new)` pairs functions, `changes(pair)` says what became of each page
pointer. What is not certain is dropped and counted, with the reason.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from memdesc.places import Lines
from memdesc.source.text import shape, split

DESCRIPTORS = {
    "page": "page",
    "folio": "folio",
    "slab": "slab",
    "ptdesc": "ptdesc",
    "zpdesc": "zpdesc",
    "netmem_ref": "netmem",
    "net_iov": "netmem",
}
"""What a descriptor is called in C, and by `memdesc infer`."""

LIKE = 0.55
"""How alike two bodies must be (0 to 1, by tokens) where the functions' names are alike too."""
VERY_LIKE = 0.8
"""The same where only the bodies speak."""
ENOUGH = 30
"""Tokens of a body that says by itself which function it is."""
MARGIN = 0.08
"""By how much the best of several candidates must be the best."""
CHUNK = 200

_INTERESTING = re.compile(rb"struct\s+(?:page|folio|slab|ptdesc|zpdesc|net_iov)\b|\bnetmem_ref\b")
_TOKEN = re.compile(rb"[A-Za-z_]\w*|\d\w*|[^\s\w]")
_WORD = re.compile(r"[A-Za-z_]\w*")
_DESCRIBES = re.compile(r"folios?|pages?|slabs?|ptdescs?|zpdescs?|netmems?|pagetables?|subpages?")
_QUALIFIERS = {"const", "volatile", "struct", "union", "enum", "static", "inline", "extern", "register"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, its type without qualifiers, and how many stars (or brackets) it has."""

    name: str
    base: str
    stars: int

    @property
    def descriptor(self) -> str:
        """What it points to, in the words of `memdesc infer`; empty if it is no plain descriptor."""
        return DESCRIPTORS.get(self.base, "") if self.stars == (self.base != "netmem_ref") else ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function definition. lines: of its head, first and last. tokens: of its body; may be empty."""

    file: str
    name: str
    lines: tuple[int, int]
    static: bool
    parameters: tuple[Parameter, ...]
    result: Parameter
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A function of the old tree, what it is in the new one, and how that is known."""

    old: Function
    new: Function
    how: str


@dataclass(frozen=True, slots=True)
class Change:
    """A `struct page *` of the old tree. index: of the parameter, None for the result. truth: its descriptor
    in the new tree; "page" if it stayed one."""

    pair: Pair
    index: int | None
    truth: str


def functions(tree: Path, jobs: int = 2) -> list[Function]:
    """Return all functions of the tree in files that mention a descriptor, by file."""
    paths = sorted(p for p in tree.rglob("*.[ch]") if p.is_file() and not p.is_symlink())
    chunks = [
        [(str(p), str(p.relative_to(tree))) for p in paths[n : n + CHUNK]]
        for n in range(0, len(paths), CHUNK)
    ]
    with ProcessPoolExecutor(jobs) as pool:
        return [f for found in pool.map(_read, chunks) for f in found]


def _read(files: Sequence[tuple[str, str]]) -> list[Function]:
    found: list[Function] = []
    for path, name in files:
        found += read(Path(path).read_bytes(), name)
    return found


def read(data: bytes, name: str) -> list[Function]:
    """Return the functions of a file that mentions a descriptor, and none of any other."""
    if not _INTERESTING.search(data):
        return []
    source = split(data)
    lines = Lines(data)
    found = []
    for item in source.items:
        if item.role != "function":
            continue
        head = source.masked[item.start : item.body]
        tokens: tuple[str, ...] = ()
        if _INTERESTING.search(head):
            head = shape(source, item)[: item.body - item.start]
            body = source.masked[item.body : item.end]
            tokens = tuple(_same(t.decode("latin-1")) for t in _TOKEN.findall(body))
        parameters, result = _head(head.decode("latin-1"), item.name)
        found.append(
            Function(
                name,
                item.name,
                (lines.line(item.start), lines.line(item.body)),
                "static" in head.decode("latin-1").split(),
                parameters,
                result,
                tokens,
            )
        )
    return found


def _same(token: str) -> str:
    """Spell alike what a conversion between descriptors spells anew."""
    return _DESCRIBES.sub("page", token.lower()) if token[:1].isalpha() or token[:1] == "_" else token


def _head(text: str, name: str) -> tuple[tuple[Parameter, ...], Parameter]:
    found = re.search(rf"\b{re.escape(name)}\s*\(", text)
    if not found:
        return (), Parameter("", "", 0)
    parts, depth, start = [], 0, found.end()
    for at in range(found.end(), len(text)):
        byte = text[at]
        if byte in ",)" and depth == 0:
            parts.append(text[start:at])
            start = at + 1
            if byte == ")":
                break
        depth += (byte in "([") - (byte in ")]")
    result = _declared(text[: found.start()] + " result")
    if [p.strip() for p in parts] in ([""], ["void"]):
        return (), result
    return tuple(_declared(p) for p in parts), result


def _declared(text: str) -> Parameter:
    """Return what one declaration of a name says."""
    if "(" in text:  # a pointer to a function
        return Parameter("", " ".join(text.split()), 0)
    words = [w for w in _WORD.findall(text) if w not in _QUALIFIERS]
    name = words[-1] if len(words) > 1 else ""
    base = words[:-1] if len(words) > 1 else words
    return Parameter(name, " ".join(base[-1:]), text.count("*") + text.count("["))


def pairs(old: Iterable[Function], new: Iterable[Function], dropped: "Counter[str]") -> Iterator[Pair]:
    """Yield what each function of the old tree that has a page pointer is in the new one.

    Args: dropped: counts the functions that are given up, by reason.
    """
    old, new = list(old), list(new)
    old_names, new_names = _by_name(old), _by_name(new)
    fresh: dict[str, list[Function]] = defaultdict(list)
    for function in new:
        if function.name not in old_names and _describes(function):
            fresh[skeleton(function.name)].append(function)
    by_file: dict[str, list[Function]] = defaultdict(list)
    for group in fresh.values():
        for function in group:
            by_file[function.file].append(function)
    taken: set[tuple[str, int]] = set()
    for function in old:
        if not _points_to_page(function):
            continue
        same = new_names.get(function.name, [])
        here = [f for f in same if f.file == function.file]
        if here:
            found, how = _of_several(function, here, old_names), "same file"
        elif same:
            found, how = _moved(function, same, old_names), "moved"
        else:
            found, how = _renamed(function, fresh, by_file), "renamed"
        if isinstance(found, str):
            dropped[found] += 1
        elif (found.file, found.lines[0]) in taken and how == "renamed":
            dropped["two functions became one"] += 1
        else:
            taken.add((found.file, found.lines[0]))
            yield Pair(function, found, how)


def _by_name(found: Sequence[Function]) -> dict[str, list[Function]]:
    names: dict[str, list[Function]] = defaultdict(list)
    for function in found:
        names[function.name].append(function)
    return names


def _points_to_page(function: Function) -> bool:
    return any(p.descriptor == "page" for p in (*function.parameters, function.result))


def _describes(function: Function) -> bool:
    return any(p.descriptor for p in (*function.parameters, function.result))


def _of_several(
    function: Function, here: Sequence[Function], old: dict[str, list[Function]]
) -> Function | str:
    """Alternatives of an `#if` are paired in their order, if there are as many as before."""
    before = [f for f in old[function.name] if f.file == function.file]
    if len(before) == len(here):
        return here[before.index(function)]
    return _best(function, here, LIKE) or "alternatives of an #if came or went"


def _moved(function: Function, same: Sequence[Function], old: dict[str, list[Function]]) -> Function | str:
    """A function is followed into another file if no other old one could have moved there."""
    free = [f for f in same if all(f.file != o.file for o in old[function.name])]
    rivals = [f for f in old[function.name] if all(f.file != s.file for s in same)]
    if not free:
        return "gone; others of its name were there before"
    if len(rivals) > 1:
        return "several of its name moved"
    return _best(function, free, LIKE) or "gone; another of its name has another body"


def _renamed(
    function: Function, fresh: dict[str, list[Function]], by_file: dict[str, list[Function]]
) -> Function | str:
    alike = [f for f in fresh.get(skeleton(function.name), ()) if near(f.file, function.file)]
    found = _best(function, alike, LIKE)
    if found is None and len(function.tokens) >= ENOUGH:
        found = _best(function, by_file.get(function.file, ()), VERY_LIKE)
    return found or "gone, or its new name is not certain"


def skeleton(name: str) -> str:
    """Return the words of a name without those for a descriptor, in no order: `lock_page` as `folio_lock`."""
    return " ".join(sorted(w for w in _DESCRIBES.sub("", name.lower()).split("_") if w))


def near(one: str, other: str) -> bool:
    """Whether a function may move between two files as it is renamed: one folder, or a header."""
    return one.rpartition("/")[0] == other.rpartition("/")[0] or "include/" in one or "include/" in other


def _best(function: Function, candidates: Sequence[Function], least: float) -> Function | None:
    scored = sorted(
        ((likeness(function.tokens, f.tokens), n) for n, f in enumerate(candidates)), reverse=True
    )
    if not scored or scored[0][0] < least:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < MARGIN:
        return None
    return candidates[scored[0][1]]


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Return how alike two bodies are, from 0 to 1."""
    if not one or not other or len(one) > 4 * len(other) or len(other) > 4 * len(one):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < LIKE or matcher.quick_ratio() < LIKE:
        return 0.0
    return matcher.ratio()


def changes(pair: Pair, dropped: "Counter[str]") -> Iterator[Change]:
    """Yield what became of each page pointer of a pair.

    Args: dropped: counts the pointers that are given up, by reason.
    """
    for index, parameter in enumerate(pair.old.parameters):
        if parameter.descriptor != "page":
            continue
        found = partner(pair.old.parameters, pair.new.parameters, index)
        if isinstance(found, str):
            dropped[f"parameter: {found}"] += 1
        elif not pair.new.parameters[found].descriptor:
            dropped["parameter: became something that is no descriptor"] += 1
        else:
            yield Change(pair, index, pair.new.parameters[found].descriptor)
    if pair.old.result.descriptor == "page":
        if pair.new.result.descriptor:
            yield Change(pair, None, pair.new.result.descriptor)
        else:
            dropped["result: became something that is no descriptor"] += 1


_NEVER = 1e9


def partner(old: tuple[Parameter, ...], new: tuple[Parameter, ...], index: int) -> int | str:
    """Return which new parameter the old one at `index` became, or why that is not certain."""

    @cache
    def cost(i: int, j: int, forced: int) -> float:
        """Return the least cost of aligning the parameters from i and j on; `index` goes to `forced`."""
        if i == len(old):
            return 2.0 * (len(new) - j)
        ways = []
        if i != index:
            ways.append(2.0 + cost(i + 1, j, forced))
        elif forced < 0:
            return 2.0 + cost(i + 1, j, forced)
        if j < len(new):
            if i != index or j == forced:
                ways.append(_unlike(old[i], new[j]) + cost(i + 1, j + 1, forced))
            ways.append(2.0 + cost(i, j + 1, forced))
        return min(ways, default=_NEVER)

    scored = sorted((cost(0, 0, forced), forced) for forced in range(-1, len(new)))
    if len(scored) > 1 and scored[1][0] - scored[0][0] < 0.5:
        return "several could be it"
    found = scored[0][1]
    name = _same(old[index].name)
    if found >= 0 and name != _same(new[found].name) and any(name == _same(p.name) for p in new):
        return "several could be it"  # where it stands says one thing, its name another
    return found if found >= 0 else "gone"


def _unlike(one: Parameter, other: Parameter) -> float:
    """Return how unlike two parameters are: 0 for one that did not change, 4 for two that have nothing alike."""
    names = one.name == other.name
    if one.base == other.base and one.stars == other.stars:
        return 0.0 if names else 1.0
    if one.descriptor and other.descriptor:
        return 0.5 if names or _same(one.name) == _same(other.name) else 1.0
    return 2.0 if names else 4.0
