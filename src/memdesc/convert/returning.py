"""Functions that return a page, and those that take the same and return its folio, as a tree itself says.

A function for pages belongs here when all it does is to call one that returns a folio, and to return a page of
that: `&folio->page`, `folio_file_page(folio, index)`. Calls are followed to the innermost function; two that end in
the same call with the same arguments are a pair. They differ for a page that is not the head, of which the inference
speaks.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from memdesc.source import commas

_DEFINITION = re.compile(
    r"^(?:(?:static|extern|inline|__always_inline|const)\s+)*struct (page|folio)\s*\*\s*(\w+)\s*"
    r"\(((?:[^(){};]|\([^(){};]*\))*)\)\s*\{(.*?)^\}",
    re.M | re.S,
)
_CALL = r"(\w+)\s*\(((?:[^();{}]|\((?:[^();{}]|\([^();{}]*\))*\))*)\)"
_ONLY = re.compile(rf"\s*return\s+{_CALL}\s*;\s*", re.S)
_WHOLE = re.compile(rf"\s*return\s+&\s*{_CALL}\s*->\s*page\s*;\s*", re.S)
_ASSIGNED = re.compile(
    rf"\s*struct folio \*\s*(\w+)\s*(?:;\s*\1\s*)?=\s*{_CALL}\s*;"
    r"(?P<rest>(?:\s*if\s*\([^{};]*\)\s*return\s+[^;{}]+;)*\s*return\s+[^;{}]+;)\s*",
    re.S,
)
_RETURNED = re.compile(r"\breturn\s+([^;]+);")
_BEFORE = re.compile(r"\b(\w+)\s*\(")
_MOST_CALLS = 6

_Form = tuple[str, tuple[str, ...]]
"""A function and what it is given; `$0` is the first parameter of the function whose form it is."""


@dataclass(frozen=True, slots=True)
class _Definition:
    folio: bool
    parameters: tuple[str, ...]
    body: str


def results(texts: Mapping[str, str], headers: Collection[str]) -> dict[str, str]:
    """Return function that gives a page -> function that gives the folio of it.

    Args: texts: file -> its text without comments. headers: those of the files that declare what others may call.
    """
    found: dict[str, list[_Definition]] = {}
    for text in texts.values():
        for match in _DEFINITION.finditer(text):
            names = tuple(_last(each) for each in _split(match[3]))
            found.setdefault(match[2], []).append(_Definition(match[1] == "folio", names, match[4]))
    once = {name: each[0] for name, each in found.items() if len(each) == 1}
    folios: dict[tuple[_Form, int], list[str]] = {}
    declared: dict[str, set[str]] = {name: set() for name in found}
    for header in headers:
        for name in called(texts[header]) & found.keys():
            declared[name].add(header)
    for name, each in once.items():
        if each.folio and declared[name]:
            folios.setdefault((_form(name, once), len(each.parameters)), []).append(name)
    pairs = {}
    for name, each in once.items():
        if each.folio:
            continue
        form = _form(name, once)
        if form[0] in once and once[form[0]].folio:
            others = [f for f in folios.get((form, len(each.parameters)), ()) if declared[f] & declared[name]]
            named = [f for f in others if f == name.replace("page", "folio")]
            if len(named or others) == 1:
                pairs[name] = (named or others)[0]
    return pairs


def called(text: str) -> set[str]:
    """Return the words of a text that stand before parentheses: what it declares, defines or calls."""
    return set(_BEFORE.findall(text))


def _form(name: str, known: Mapping[str, _Definition]) -> _Form:
    """Return the innermost call that a function is; itself when it is more than a call."""
    count = len(known[name].parameters)
    form: _Form = name, tuple(f"${at}" for at in range(count))
    for _ in range(_MOST_CALLS):
        definition = known.get(form[0])
        inner = _called(definition) if definition is not None else None
        if definition is None or inner is None or len(definition.parameters) != len(form[1]):
            break
        callee, given = inner
        if callee not in known:
            break
        values = dict(zip(definition.parameters, form[1], strict=True))
        form = callee, tuple(_filled(argument, values) for argument in given)
    return form


def _called(definition: _Definition) -> _Form | None:
    """Return the call that a function is, in the names of its parameters."""
    if match := _ONLY.fullmatch(definition.body):
        return match[1], _split(match[2])
    if definition.folio:
        return None
    if match := _WHOLE.fullmatch(definition.body):
        return match[1], _split(match[2])
    match = _ASSIGNED.fullmatch(definition.body)
    if match is None:
        return None
    page = re.compile(rf"&\s*{match[1]}\s*->\s*page|folio_(?:file_)?page\(\s*{match[1]}\s*,.*\)", re.S)
    if not all(page.fullmatch(each.strip()) for each in _RETURNED.findall(match["rest"])):
        return None
    return match[2], _split(match[3])


def _filled(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\b[A-Za-z_]\w*\b", lambda m: values.get(m[0], m[0]), text)


def _split(text: str) -> tuple[str, ...]:
    """Return the parts of a list of arguments, without white space that means nothing."""
    return tuple(re.sub(r"\s*([^\w\s])\s*", r"\1", " ".join(part.split())) for part in commas.parts(text))


def _last(parameter: str) -> str:
    pointer = re.search(r"\(\*(\w+)\)", parameter)
    words = re.findall(r"\w+", parameter)
    return pointer[1] if pointer else words[-1] if words else ""
