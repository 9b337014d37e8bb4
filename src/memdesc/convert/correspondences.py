"""What stands for what: functions and members of struct page and those of struct folio, as a tree itself says.

Five sources, all plain text of the tree at hand: wrappers whose whole body calls a folio function with
page_folio(page) in the place of the page; folio functions whose whole body calls a page function with &folio->page;
the macros of page-flags.h that make one function of each; and members that FOLIO_MATCH() asserts to lie at the same
offset and that are declared with the same type; and functions that return a page of what another returns as folio.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from memdesc.convert.descriptors import FOLIO, Descriptor
from memdesc.convert.returning import called, results
from memdesc.source.mask import mask

COMPATIBILITY = "mm/folio-compat.c"
FLAGS = "include/linux/page-flags.h"
TYPES = "include/linux/mm_types.h"
CACHE = "mm/filemap.c"

_WRAPPER = re.compile(
    r"\b(\w+)\(([^(){};]*\bstruct page \*(\w+)[^(){};]*)\)\s*"
    r"\{\s*(?:return\s+)?(\w+)\(([^;{}]*)\);\s*\}"
)
_ONE = re.compile(
    r"^static (?:__always_)?inline \w+ (\w+)\(struct (page|folio) \*(\w+)\)\s*\{(.*?)^\}", re.M | re.S
)
_DEFINITION = re.compile(r"^(?:static|extern|[a-z_])[\w \t*\n]*?\b(\w+)\(([^(){};]*)\)\s*\{", re.M)
_MACRO = re.compile(r"^#define[ \t]+(\w+)\(([^()]*)\)[ \t]*((?:[^\n]*\\\n)*[^\n]*)$", re.M)
_MADE = re.compile(r"\b(\w+)\((?:const )?struct (page|folio) \*\w+\)")
_WRITTEN = re.compile(r"\b(\w*Page\w+)\((?:const )?struct page\b")
_OPERATION = re.compile(r"(_*)(TestSet|TestClear|Set|Clear|)Page")
_OPERATIONS = {"": "test", "Set": "set", "Clear": "clear", "TestSet": "test_set", "TestClear": "test_clear"}
_MATCH = re.compile(r"\bFOLIO_MATCH\((\w+),\s*(\w+)\);")
_PAGES = re.compile(rb"\bstruct\s+page\s*\*+\s*((?:\w+\s*,\s*\*+\s*)*\w+)")
_VOIDS = re.compile(rb"\bvoid\s*\*\s*(\w+)\s*[(;\[]")
_INLINE = re.compile(
    r"^static (?:__always_)?inline [\w \t*]+?\b(\w+)\(([^(){};]*)\)\s*\{(?:\s*return\s+([^;{}]+);\s*\})?",
    re.M,
)
_MOST_NESTED = 8


@dataclass(frozen=True, slots=True)
class Correspondences:
    """Pairs by the name on the page's side.

    Attributes: functions: name and position of the argument that is the page -> folio function, which takes the
    same arguments but for that one. members: member of struct page -> of struct folio. exact: as functions, for
    those that do the same with any page, be it a head or not: the folio function is a call of the other. results:
    function that returns a page -> function that takes the same arguments and returns the page's folio. pages: what
    headers declare as pages; None: not known. voids: what they declare as `void *`. to: the type that pages become.
    typed: member of struct page and the type, without spaces, to which code casts it -> member of the descriptor
    that has this type. links: members of struct page that are pages, and in the descriptor are descriptors.
    """

    functions: Mapping[tuple[str, int], str]
    members: Mapping[str, str]
    exact: Mapping[tuple[str, int], str] = field(default_factory=dict)
    results: Mapping[str, str] = field(default_factory=dict)
    pages: frozenset[bytes] | None = None
    to: Descriptor = FOLIO
    typed: Mapping[tuple[str, str], str] = field(default_factory=dict)
    links: frozenset[str] = frozenset()
    voids: frozenset[bytes] = frozenset()
    readers: frozenset[tuple[str, int]] = frozenset()

    @property
    def reading(self) -> Collection[tuple[str, int]]:
        """Functions and the position of the argument, whose memory each call reads."""
        return self.functions.keys() | self.readers

    @property
    def same(self) -> dict[str, str]:
        """Function for pages -> the one for folios, by name alone."""
        return {**self.results, **{page: folio for (page, _), folio in self.functions.items()}}


def read(texts: Callable[[str], bytes], headers: Sequence[str]) -> Correspondences:
    """Return what the tree whose files `texts` gives says.

    Args: headers: paths of the headers to look into for wrappers, relative to the tree's top.
    Source: mm/folio-compat.c, include/linux/page-flags.h and FOLIO_MATCH() in include/linux/mm_types.h, since 5.16.
    """
    plain = {path: _plain(texts(path)) for path in {*headers, FLAGS}}
    functions: dict[tuple[str, int], str] = {}
    refused: set[tuple[str, int]] = set()
    exact: dict[tuple[str, int], str] = {}

    def add(key: tuple[str, int], name: str) -> None:
        if functions.setdefault(key, name) != name:
            refused.add(key)

    for text in plain.values():
        for key, name in _wrappers(text, FOLIO):
            add(key, name)
        for key, name in _users(text, FOLIO):
            exact.setdefault(key, name)
    named = [called(text) for text in plain.values()]
    for key, name in _wrappers(_plain(texts(COMPATIBILITY)), FOLIO):
        if any(key[0] in each and name in each for each in named):
            add(key, name)  # who sees the one sees the other
    written = {match[1] for match in _WRITTEN.finditer(_MACRO.sub("", plain[FLAGS]))}
    for page, folio in _flags(plain[FLAGS]):
        if page not in written:
            add((page, 0), folio)
    kept = {key: name for key, name in functions.items() if key not in refused}
    return Correspondences(
        kept,
        _members(_plain(texts(TYPES))),
        {key: name for key, name in exact.items() if key not in functions},
        results({**plain, **{path: _plain(texts(path)) for path in (COMPATIBILITY, CACHE)}}, list(plain)),
        frozenset(name for text in plain.values() for name in declared_pages(text.encode("latin-1"))),
        readers=_readers(plain.values()),
    )


@dataclass(frozen=True, slots=True)
class Word:
    """A member of struct page and one of a descriptor, of the same place and size. was, now: their types."""

    page: str
    descriptor: str
    was: str
    now: str


def of_words(
    texts: Callable[[str], bytes], headers: Sequence[str], to: Descriptor, words: Sequence[Word]
) -> Correspondences:
    """Return what stands for what when pages become descriptors that lie over them.

    Args: headers: paths of headers to look into for wrappers. words: what lies at the same place.
    """
    plain = {path: _plain(texts(path)) for path in headers}
    functions: dict[tuple[str, int], str] = {}
    exact: dict[tuple[str, int], str] = {}
    for text in plain.values():
        for key, name in _wrappers(text, to):
            functions.setdefault(key, name)
        for key, name in _users(text, to):
            exact.setdefault(key, name)
    pointer = f"struct {to.tag} *"
    members: dict[str, str] = {}
    typed: dict[tuple[str, str], str] = {}
    links = set()
    for word in words:
        same = [w for w in words if w.page == word.page and w.now == w.was]
        if word.now == word.was and (word.descriptor == word.page or len(same) == 1):
            members[word.page] = word.descriptor
        alike = [w for w in words if (w.page, w.now) == (word.page, word.now)]
        if len(alike) == 1 and word.now != word.was and word.now.endswith("*"):
            as_page = "struct page *" if word.now == pointer else word.now
            typed[word.page, as_page.replace(" ", "")] = word.descriptor
            if as_page == word.was:
                members[word.page] = word.descriptor
                links.add(word.page)
    return Correspondences(
        functions,
        members,
        {key: name for key, name in exact.items() if key not in functions},
        {},
        frozenset(name for text in plain.values() for name in declared_pages(text.encode("latin-1"))),
        to,
        typed,
        frozenset(links),
        frozenset(name for text in plain.values() for name in declared_voids(text.encode("latin-1"))),
    )


def declared_pages(masked: bytes) -> set[bytes]:
    """Return the names that a text declares as a page: pointers, arrays of them, functions that give one."""
    return {name for listed in _PAGES.findall(masked) for name in re.findall(rb"\w+", listed)}


def declared_voids(masked: bytes) -> set[bytes]:
    """Return the names that a text declares as `void *`: pointers, arrays of them, functions that give one."""
    return set(_VOIDS.findall(masked))


def _readers(texts: Iterable[str]) -> frozenset[tuple[str, int]]:
    """Return the functions of headers that read a page whatever else they do: `return page->index << PAGE_SHIFT;`."""
    found: dict[str, set[int]] = {}
    for text in texts:
        for name, parameters, value in _INLINE.findall(text):
            mine = set()
            for at, parameter in enumerate(parameters.split(",")):
                page = re.fullmatch(r"\s*(?:const )?struct page \*(\w+)\s*", parameter)
                read = re.search(rf"(?<![&\w]){page[1]}\s*->", value) if page else None
                if read and not re.search(r"\?|&&|\|\||\bsizeof\b|\btypeof\b", value[: read.start()]):
                    mine.add(at)
            found[name] = found.get(name, mine) & mine
    return frozenset((name, at) for name, each in found.items() for at in each)


def _plain(data: bytes) -> str:
    return mask(data).decode("latin-1")


def _wrappers(text: str, to: Descriptor) -> list[tuple[tuple[str, int], str]]:
    """Return the wrappers of one file; none for a name that it also defines in another way."""
    found: dict[str, set[tuple[int, str] | None]] = {}
    for match in _WRAPPER.finditer(text):
        name, parameters, page, target, given = match.groups()
        names = [_last(parameter) for parameter in parameters.split(",")]
        at = names.index(page)
        expected = [f"{to.of}({each})" if each == page else each for each in names]
        same = [each.strip() for each in given.split(",")] == expected
        found.setdefault(name, set()).add((at, target) if same else None)
    defined = [match[1] for match in _DEFINITION.finditer(text)]
    pairs = _bodies(text, defined) if to is FOLIO else []
    for name, ways in found.items():
        only = next(iter(ways))
        if len(ways) == 1 and only is not None and defined.count(name) <= 1:
            pairs.append(((name, only[0]), only[1]))
    return pairs


def _bodies(text: str, defined: Sequence[str]) -> list[tuple[tuple[str, int], str]]:
    """Return the functions of one page whose body is that of a folio function once page_folio() is called."""
    folios: dict[str, list[str]] = {}
    pages: dict[str, str] = {}
    for name, tag, parameter, body in _ONE.findall(text):
        if defined.count(name) != 1:
            continue
        if tag == "folio":
            folios.setdefault(_squeezed(body, parameter), []).append(name)
            continue
        own = re.search(rf"\b(\w+)\s*=\s*page_folio\(\s*{parameter}\s*\)\s*;", body)
        rest = re.sub(rf"(?:struct\s+folio\s*\*\s*)?\b{own[1]}\s*=[^;]*;", "", body, count=1) if own else body
        rest = re.sub(rf"struct\s+folio\s*\*\s*{own[1]}\s*;", "", rest) if own else rest
        if own and not re.search(rf"\b{parameter}\b", rest):
            pages[name] = _squeezed(rest, own[1])
    return [((page, 0), folios[body][0]) for page, body in pages.items() if len(folios.get(body, ())) == 1]


def _squeezed(body: str, folio: str) -> str:
    return re.sub(r"\s*([^\w\s])\s*", r"\1", " ".join(re.sub(rf"\b{folio}\b", "folio", body).split()))


def _users(text: str, to: Descriptor) -> list[tuple[tuple[str, int], str]]:
    """Return the functions of descriptors of one file that are a call of a page function; none defined twice."""
    pairs = []
    tag = re.escape(to.tag)
    user = re.compile(
        rf"\b({tag}_\w+|\w+_{tag})\(([^(){{}};]*\bstruct {tag} \*(\w+)[^(){{}};]*)\)\s*"
        r"\{\s*(?:return\s+)?(\w+)\(((?:[^;{}()]|\([^;{}()]*\))*)\);\s*\}"
    )
    for match in user.finditer(text):
        name, parameters, folio, target, given = match.groups()
        names = [_last(parameter) for parameter in parameters.split(",")]
        expected = [to.page(each.encode()).decode() if each == folio else each for each in names]
        once = len(re.findall(rf"\b{name}\s*\([^(){{}};]*\)\s*\{{", text)) == 1
        if once and [each.strip() for each in given.split(",")] == expected:
            pairs.append(((target, names.index(folio)), name))
    return pairs


def _last(parameter: str) -> str:
    words = re.findall(r"\w+", parameter)
    return words[-1] if words else ""


def _flags(text: str) -> list[tuple[str, str]]:
    """Return the pairs (page function, folio function) that the macros of page-flags.h make."""
    macros: dict[str, tuple[list[str], str]] = {}
    for match in _MACRO.finditer(text):
        parameters = [each.strip() for each in match[2].split(",")]
        macros.setdefault(match[1], (parameters, match[3].replace("\\\n", "\n")))
    call = re.compile(r"\b(" + "|".join(map(re.escape, macros)) + r")\(([^()]*)\)") if macros else None
    if call is None:
        return []

    def expand(name: str, given: str, depth: int) -> str:
        parameters, body = macros[name]
        values = [each.strip() for each in given.split(",")]
        if len(values) != len(parameters) or depth > _MOST_NESTED:
            return ""
        for parameter, value in zip(parameters, values, strict=True):
            if parameter:
                body = re.sub(rf"\b{re.escape(parameter)}\b", lambda _, v=value: v, body)  # type: ignore[misc]
        body = re.sub(r"\s*##\s*", "", body)
        return call.sub(lambda m: expand(m[1], m[2], depth + 1), body)

    pairs = []
    for match in call.finditer(_MACRO.sub("", text)):
        made = _MADE.findall(expand(match[1], match[2], 0))
        for (first, kind), (second, other) in pairwise(made):
            if kind == "folio" and other == "page" and _same_operation(second, first):
                pairs.append((second, first))
    return pairs


def _same_operation(page: str, folio: str) -> bool:
    """Whether two functions that one macro makes do the same: SetPageX() and folio_set_x()."""
    match = _OPERATION.match(page)
    if match is None:
        return False
    others = [f"{match[1]}folio_{word}_" for word in _OPERATIONS.values() if word.startswith("test_")]
    wanted = f"{match[1]}folio_{_OPERATIONS[match[2]]}_"
    return folio.startswith(wanted) and not any(len(o) > len(wanted) and folio.startswith(o) for o in others)


def _members(text: str) -> dict[str, str]:
    page, folio = _body(text, "page"), _body(text, "folio")
    members = {}
    head = text.partition("#undef FOLIO_MATCH")[0]  # what follows is about the tail pages
    for mine, theirs in _MATCH.findall(head):
        one, two = _declared(page, mine), _declared(folio, theirs)
        if one is not None and one == two:
            members[mine] = theirs
    return members


def _body(text: str, tag: str) -> str:
    match = re.search(rf"^struct {tag} \{{(.*?)^\}}", text, re.M | re.S)
    return match[1] if match else ""


def _declared(body: str, member: str) -> str | None:
    """Return the type that `member` is declared with, None when it is not declared exactly once."""
    found = re.findall(rf"^\s*([a-z_][\w ]*[\s*]+){member};", body, re.M)
    return " ".join(found[0].replace("*", " * ").split()) if len(found) == 1 else None
