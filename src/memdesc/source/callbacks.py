"""Callbacks: which functions of the kernel call a function that they are given, and with which of their arguments.

`devm_add_action(dev, action, data)` calls `action(data)` later. A prototype says so when a parameter of the
pointed-to function has the name of one of its own: `void (*action)(void *data), void *data`.
`signatures/callbacks/*.h` hold such prototypes; `handed()` answers for one function, `derived()` makes them
from the headers of a tree.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from memdesc.source import commas
from memdesc.source.items import Source
from memdesc.source.signatures import FOLDER

SHIPPED = FOLDER / "callbacks"
Passed = tuple[tuple[int, int], ...]
"""(parameter of the callback, argument of the call that it gets) pairs."""

_POINTER = re.compile(r"^(.*?)\(\s*\*\s*(?:const\s+|__\w+\s+)*(\w*)\s*(?:\[[^\]]*\])?\)\s*\((.*)\)$", re.S)
_FUNCTION = re.compile(r"^typedef\s+[\w\s*]*?\b(\w+)\s*\(([^()]*)\)\s*;?$", re.S)
_NAMED = re.compile(r"^(.*?)(\w+)\s*(?:\[[^\]]*\])*$", re.S)
_HEAD = re.compile(r"[^()=]*?\b(\w+)\s*\(")
_STORAGE = re.compile(r"\b(?:static|extern|inline|__always_inline)\b\s*")
_UNDOING = re.compile(r"unregister|remove|(?<!auto)cancel|_del_|delete")
"""Names of functions that take a callback to know what to take back: they do not call it."""
_LINE = re.compile(r"^[^/\n].*?\b(\w+)\(.*\);$", re.M)
_CONSTANT = re.compile(r"\b(?:const|volatile|__\w+)\b")
_ADDRESS = frozenset({"void *", "unsigned long", "ulong", "uintptr_t"})
"""Types by which a callback is given what belongs to whoever registered it."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its name, its type without qualifiers, and for a pointer to a function the types and names of its
    own parameters."""

    name: str
    ctype: str
    takes: tuple[tuple[str, str], ...] | None = None


def _listed(text: str) -> list[str]:
    """Return the parts of a parameter list."""
    return [part.strip() for part in commas.parts(text) if part.strip()]


def _typed(text: str) -> tuple[str, str]:
    """Return (type without qualifiers, name) of a declaration; the name is empty where there is none."""
    bare = " ".join(_CONSTANT.sub(" ", text).split())
    match = _NAMED.match(bare)
    if match is None or not match[1].strip() or match[1].strip() in ("struct", "union", "enum", "unsigned"):
        return bare, ""
    return match[1].strip(), match[2]


def parameter(text: str, typedefs: Mapping[str, str]) -> Parameter:
    """Return what a parameter's declaration says. Args: typedefs: parameter lists of types of functions, by name."""
    match = _POINTER.match(text)
    if match is not None:
        return Parameter(match[2], "", tuple(map(_typed, _listed(match[3]))))
    ctype, name = _typed(text)
    inner = typedefs.get(ctype.removesuffix("*").strip())
    return Parameter(name, ctype, tuple(map(_typed, _listed(inner))) if inner is not None else None)


def named_alike(params: tuple[Parameter, ...]) -> dict[int, Passed]:
    """Return what is passed to each callback of a prototype, by the names of its parameters."""
    at = {p.name: n for n, p in enumerate(params) if p.name and p.takes is None}
    found = {}
    for n, each in enumerate(params):
        passed = tuple((j, at[name]) for j, (_, name) in enumerate(each.takes or ()) if name in at)
        if passed:
            found[n] = passed
    return found


@lru_cache(maxsize=1)
def _lines() -> dict[str, str]:
    lines: dict[str, str] = {}
    for path in sorted(SHIPPED.glob("*.h")):
        for match in _LINE.finditer(path.read_text("utf-8")):
            lines.setdefault(match[1], match[0])
    return lines


@lru_cache(maxsize=4096)
def handed(name: str) -> Mapping[int, Passed]:
    """Return for each parameter of a kernel function that is a callback what that is called with."""
    line = _lines().get(name)
    if line is None:
        return {}
    inner = line[line.index(name + "(") + len(name) + 1 : line.rindex(")")]
    return named_alike(tuple(parameter(text, {}) for text in _listed(inner)))


def matching(params: tuple[Parameter, ...]) -> dict[int, Passed]:
    """Return what a prototype's callbacks are called with, as far as the types leave no choice.

    A callback that takes two of one type leaves one, also for the others.

    What is an address alone is handed on to the one parameter that takes such. A pointer to a struct is handed on to
    a callback that takes nothing else (`kref_put(kref, release)`): one that takes more is called for each of many
    (`bus_for_each_dev(bus, start, data, fn)`).
    """
    found = {}
    twice = {
        t for each in params for t, _ in each.takes or () if sum(t == o for o, _ in each.takes or ()) > 1
    }
    for n, each in enumerate(params):
        if not each.takes:
            continue
        passed = []
        for j, (ctype, _) in enumerate(each.takes):
            if ctype not in _ADDRESS and not (ctype.startswith("struct ") and len(each.takes) == 1):
                continue
            alike = [m for m, other in enumerate(params) if other.takes is None and other.ctype == ctype]
            if len(alike) == 1 and ctype not in twice:
                passed.append((j, alike[0]))
        if passed:
            found[n] = tuple(passed)
    return found


def typedefs(source: Source) -> Iterator[tuple[str, str]]:
    """Yield (name, parameters) of the types of functions, and of pointers to functions, that a header defines."""
    for item in source.items:
        text = source.masked[item.start : min(item.end, item.start + 600)]
        if item.role != "object" or not text.startswith(b"typedef"):
            continue
        said = " ".join(text.decode("ascii", "replace").rstrip("; \n\t").split())
        pointer = _POINTER.match(said)
        function = None if pointer else _FUNCTION.match(said)
        if pointer is not None and pointer[2]:
            yield pointer[2], pointer[3]
        elif function is not None:
            yield function[1], function[2]


def prototypes(source: Source, types: Mapping[str, str]) -> Iterator[tuple[str, tuple[Parameter, ...]]]:
    """Yield (name, parameters) of the functions that a header declares, or defines, and that take a function."""
    for item in source.items:
        if item.role not in ("object", "function") or source.masked.startswith(b"typedef", item.start):
            continue
        end = item.body if item.role == "function" else item.end
        if end - item.start > 1200:
            continue
        head = " ".join(source.masked[item.start : end].decode("ascii", "replace").split())
        name, listed = _declared(_STORAGE.sub("", head))
        params = tuple(parameter(part, types) for part in listed)
        if any(p.takes for p in params):
            yield name, params


def _declared(head: str) -> tuple[str, list[str]]:
    """Return (name, parameters) of a prototype: of the first name with brackets that a type stands before."""
    start = 0
    while match := _HEAD.match(head, start):
        end = _closing(head, match.end() - 1)
        if end < 0:
            break
        if head[start : match.start(1)].strip():
            return match[1], _listed(head[match.end() : end])
        start = end + 1  # an attribute: __printf(4, 5)
    return "", []


def _closing(text: str, at: int) -> int:
    """Return the offset of the parenthesis that closes the one at `at`, -1 where none does."""
    depth = 0
    for n in range(at, len(text)):
        depth += (text[n] == "(") - (text[n] == ")")
        if not depth:
            return n
    return -1


def _handing(source: Source) -> Iterator[tuple[str, tuple[str, ...], list[tuple[str, list[str]]]]]:
    """Yield (name, parameters, [(callee, arguments)]) of the macros of a header."""
    for item in source.items:
        if item.role != "macro" or not item.params or item.end - item.body > 600:
            continue
        body = source.masked[item.body : item.end].decode("ascii", "replace").replace("\\\n", " ")
        calls = []
        for match in re.finditer(r"\b([A-Za-z_]\w*)\s*\(", body):
            inner = body[match.end() : _closing(body, match.end() - 1)]
            calls.append((match[1], [part.strip("() ") for part in _listed(inner)]))
        if calls:
            yield item.name, item.params, calls


def derived(sources: Iterable[Source]) -> dict[str, dict[int, Passed]]:
    """Return for the functions and macros of headers what their callbacks are called with: see matching()."""
    held = list(sources)
    types = dict(pair for source in held for pair in typedefs(source))
    found: dict[str, dict[int, Passed]] = {}
    for source in held:
        for name, params in prototypes(source, types):
            passed = matching(params)
            if passed and not _UNDOING.search(name):
                found.setdefault(name, passed)
    macros = [macro for source in held for macro in _handing(source)]
    while True:
        more: dict[str, dict[int, Passed]] = {}
        for name, own_params, calls in macros:
            if name in found:
                continue
            for callee, arguments in calls:
                at = {n: own_params.index(a) for n, a in enumerate(arguments) if a in own_params}
                handed_on = {
                    at[n]: kept
                    for n, pairs in found.get(callee, {}).items()
                    if n in at and (kept := tuple((j, at[k]) for j, k in pairs if k in at))
                }
                if handed_on:
                    more.setdefault(name, handed_on)
        if not more:
            return found
        found |= more


def written(found: Mapping[str, Mapping[int, Passed]]) -> str:
    """Return the prototypes of what was derived, one a line, by name."""
    return "".join(f"{_prototype(name, found[name])}\n" for name in sorted(found))


def _prototype(name: str, callbacks: Mapping[int, Passed]) -> str:
    """Return a prototype whose parameters say what is passed to the callbacks; behind the last, nothing is said."""
    last = max([*callbacks, *(k for pairs in callbacks.values() for _, k in pairs)])
    passed = {k for pairs in callbacks.values() for _, k in pairs}
    params = []
    for n in range(last + 1):
        if n in callbacks:
            at = dict(callbacks[n])
            inner = (f"void *a{at[j]}" if j in at else "int" for j in range(max(at) + 1))
            params.append(f"void (*f{n})({', '.join(inner)})")
        else:
            params.append(f"void *a{n}" if n in passed else "int")
    return f"void {name}({', '.join(params)});"
