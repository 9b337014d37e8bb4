"""The mistakes that can be planted in one file: where, what stands there, what is put in its place, and why.

Each function yields mutants, or says why a place that looked like one is none. What it asks is syntax and the
allocator that the file names; it does not ask whether anybody could find the mistake.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from . import rules
from .memory import AtHand, split
from .text import Call, Function, blanked, functions, uncast

Drop = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong program: `old` at offset `start` of `file` becomes `new`.

    Attributes: sort: the operator. letter: the class of tests/c/cases/README.md. line, last: the first and
    last line that change. uses: further lines at which the wrong value is used against the rules. why: the
    rule that is broken, in a few words.
    """

    sort: str
    letter: str
    file: str
    function: str
    line: int
    last: int
    start: int
    old: str
    new: str
    uses: tuple[int, ...]
    why: str

    def apply(self, text: str) -> str:
        """Return the wrong text; every line keeps its number."""
        assert text.startswith(self.old, self.start)
        return text[: self.start] + self.new + text[self.start + len(self.old) :]


@dataclass(frozen=True, slots=True)
class Question:
    """A guard on a parameter: a mutant if some caller hands in memory that the guard keeps out."""

    mutant: Mutant
    parameter: int
    static: bool
    families: tuple[str, ...]


@dataclass(slots=True)
class File:
    """One file while it is looked at."""

    path: str
    text: str
    code: str
    functions: list[Function]
    at_hand: AtHand
    caches: list[str]

    def line(self, at: int) -> int:
        """Return the line, from 1, of an offset."""
        return self.text.count("\n", 0, at) + 1

    def mutant(
        self, sort: str, letter: str, function: Function, start: int, end: int, new: str, why: str,
        uses: tuple[int, ...] = (),
    ) -> Mutant:  # fmt: skip
        """Return the mutant that has `new` from `start` to `end`; lines that it would lose are kept."""
        old = self.text[start:end]
        kept = new + "\n" * (old.count("\n") - new.count("\n"))
        return Mutant(
            sort, letter, self.path, function.name, self.line(start), self.line(end - 1), start, old, kept, uses, why
        )  # fmt: skip


def opened(path: str, text: str) -> File:
    """Return what is needed to plant in a file."""
    code = blanked(text)
    found = list(functions(code))
    caches = re.findall(r"^(?:static )?struct kmem_cache \*\s*(\w+)", code, re.M)
    return File(path, text, code, found, AtHand(found), caches)


def _called(text: str) -> str:
    """Return the first function that a text calls."""
    return re.sub(r"\((?:void|unsigned long)[ *]*\)", "", text).partition("(")[0]


_POOLED = rules.words([n for n, f in rules.FAMILY.items() if f == "pool"])


def frees_swapped(file: File, drop: Drop) -> Iterator[Mutant]:
    """The free of what one allocator of this file gave becomes another allocator's."""
    for function in file.functions:
        for call in function.calls(rules.FREES):
            index, family = rules.FREES[call.name]
            if function.name == call.name or not call.statement or index >= len(call.arguments):
                drop("the free is no statement")
                continue
            path = uncast(call.arguments[index])
            known = file.at_hand.of(function, path)
            if known is None:
                drop("this file does not show one allocator for what is freed")
                continue
            if known != family and not (family == "page" and known == "page"):
                drop("the free is not that of the allocator already")
                continue
            for wrong in rules.WRONG_FREES[family]:
                new = wrong.format(x=path)
                yield file.mutant(
                    "free swapped", "f" if family == "pool" else "c", function, call.start, call.end, new,
                    f"{known} memory freed with {_called(new)}()",
                )  # fmt: skip


def allocators_swapped(file: File, drop: Drop) -> Iterator[Mutant]:
    """The allocation becomes another allocator's, the free stays."""
    released: dict[tuple[int | str, str], list[int]] = {}
    for function in file.functions:
        for call in function.calls(rules.FREES):
            index, family = rules.FREES[call.name]
            if index < len(call.arguments):
                key = _home(function, uncast(call.arguments[index]))
                if key:
                    released.setdefault((*key[:1], key[1] + "=" + family), []).append(file.line(call.start))
    for function in file.functions:
        for one in function.assignments():
            if one.call not in rules.WRONG_ALLOCATIONS:
                continue
            call = next((c for c in function.calls((one.call,)) if c.start >= one.start), None)
            key = _home(function, one.path)
            if call is None or key is None or call.start != one.start:
                drop("the allocation is not assigned to a local or a member that can be named")
                continue
            family = rules.FAMILY[one.call]
            uses = released.get((key[0], key[1] + "=" + family))
            if not uses:
                drop("this file does not free it with the allocator's own free")
                continue
            for wrong in rules.WRONG_ALLOCATIONS[one.call]:
                try:
                    new = wrong.format(*call.arguments, x=one.path)
                except IndexError:
                    drop("fewer arguments than the allocator has")
                    continue
                yield file.mutant(
                    "allocator swapped", "f" if family == "pool" else "c", function, call.start, call.end, new,
                    f"memory of {_called(new)}() freed as {family}", tuple(uses),
                )  # fmt: skip


def _home(function: Function, path: str) -> tuple[int | str, str] | None:
    base, rest = split(path)
    if not base:
        return None
    if not rest or rest == "[]":
        return (function.start, base + rest)
    tag = function.structs.get(base)
    return (tag, rest) if tag else None


def _wrong_address(file: File, function: Function, at: int) -> Iterator[tuple[str, str]]:
    """Yield (expression, what it is) of memory in scope that is not in the linear map."""
    for name in function.arrays[:2]:
        yield name, "stack"
    for name, _tag in function.objects[:2]:
        yield f"&{name}", "stack"
    for path, family in file.at_hand.near(function, at):
        if family in ("vmalloc", "kv", "vmap", "percpu", "io"):
            yield path, family
    if file.path.startswith("arch/"):
        return  # where an image lies is the architecture's to know
    for found in list(re.finditer(r"^static (?:const )?u8 (\w+)\[", file.code, re.M))[:1]:
        if found[1] not in function.top:
            yield found[1], "global"


def addresses_replaced(file: File, drop: Drop) -> Iterator[Mutant]:
    """An argument that must be in the linear map becomes memory in scope that is not."""
    for function in file.functions:
        for call in function.calls(rules.LINEAR):
            index, letter = rules.LINEAR[call.name]
            if index >= len(call.arguments) or function.name == call.name:
                continue
            old = call.arguments[index]
            found = False
            for path, what in _wrong_address(file, function, call.start):
                if path == uncast(old):
                    continue
                where = _argument(call, function, index)
                if where is None:
                    continue
                found = True
                cast = "(unsigned long)" if call.name == "__pa" else ""
                yield file.mutant(
                    "argument replaced", letter, function, where, where + len(old), cast + path,
                    f"{what} memory given to {call.name}()",
                )  # fmt: skip
            if not found:
                drop("no memory outside the linear map is in scope")


def _argument(call: Call, function: Function, index: int) -> int | None:
    """Return the offset at which an argument begins."""
    at = function.code.index("(", call.start) + 1
    for argument in call.arguments[: index + 1]:
        at = function.code.find(argument, at, call.end)
        if at < 0:
            return None
        begin = at
        at += len(argument)
    return begin


_PAGES = {**rules.PAGES, **rules.FOLIOS}


def pages_replaced(file: File, drop: Drop) -> Iterator[Mutant]:
    """A page that must count references or be the page cache's becomes that of a kmalloc()ed object."""
    for function in file.functions:
        for call in function.calls(_PAGES):
            index, letter = _PAGES[call.name]
            if index >= len(call.arguments) or function.name == call.name:
                continue
            where = _argument(call, function, index)
            slabs = [p for p, f in file.at_hand.near(function, call.start) if f in ("slab", "cache")][:3]
            if where is None or not slabs:
                drop("no slab memory whose allocator the file shows is in scope")
                continue
            for path in slabs:
                page = (
                    f"virt_to_page({path})"
                    if call.name in rules.PAGES
                    else f"page_folio(virt_to_page({path}))"
                )
                yield file.mutant(
                    "argument replaced", letter, function, where, where + len(call.arguments[index]), page,
                    f"slab page given to {call.name}()",
                )  # fmt: skip


_MEMBER = re.compile(r"(?<![\w.>])(\w+)->(" + "|".join(rules.MEMBERS) + r")\b")


def members_of_others(file: File, drop: Drop) -> Iterator[Mutant]:
    """A member of struct page is read of a kmalloc()ed object's page instead."""
    for function in file.functions:
        for match in _MEMBER.finditer(function.code, function.start, function.end):
            if function.structs.get(match[1]) != "page":
                continue
            slabs = [p for p, f in file.at_hand.near(function, match.start()) if f in ("slab", "cache")][:2]
            if not slabs:
                drop("no slab memory whose allocator the file shows is in scope")
            for path in slabs:
                yield file.mutant(
                    "argument replaced", "d", function, match.start(), match.end(1), f"virt_to_page({path})",
                    f"->{match[2]} of a slab page",
                )  # fmt: skip


def guards_removed(file: File, drop: Drop) -> Iterator[Mutant | Question]:
    """A test answers always as if the memory were right, where memory that it keeps out is known to come."""
    for function in file.functions:
        for call in function.calls(rules.GUARDS):
            answer, kinds, letter = rules.GUARDS[call.name]
            if function.name == call.name or len(call.arguments) != 1:
                drop("the definition of the guard, or of one like it")
                continue
            path = uncast(call.arguments[0])
            if _ASSERTED.search(function.code, max(function.start, call.start - 60), call.start):
                drop("an assertion, which does not lead around anything")
                continue
            if not _refused(function, path, call):
                drop("nothing that the guard protects from follows in the function")
                continue
            last = file.line(function.end - 1)
            mutant = file.mutant(
                "guard removed", letter, function, call.start, call.end, answer,
                f"{call.name}() no longer keeps out {'|'.join(kinds)}",
                tuple(range(file.line(call.start), last + 1)),
            )  # fmt: skip
            given = file.at_hand.given(function, path)
            if given is not None:
                if given.families & set(kinds):
                    yield mutant
                else:
                    drop("what the guard keeps out is not assigned in this file")
                continue
            index = next(
                (n for n, p in enumerate(function.parameters) if re.search(rf"\b{re.escape(path)}$", p)), -1
            )
            if index < 0:
                drop("what is tested is neither a parameter nor assigned in this file")
                continue
            head = file.code[max(0, file.code.rfind("\n\n", 0, function.start)) : function.start]
            yield Question(mutant, index, "static" in head, kinds)


_REFUSING = {*rules.LINEAR, *rules.PAGES, *rules.FOLIOS, "kfree", "free_page", "free_pages"}


_ASSERTED = re.compile(r"(?:BUG_ON|BUG_ON_PAGE|ASSERT)\w*\s*\(\s*!?\s*\Z")


def _refused(function: Function, path: str, guard: Call) -> bool:
    """Whether something behind a guard must not be given what the guard keeps out."""
    behind = function.code[guard.end : function.end]
    word = re.escape(path)
    if re.search(rf"(?<![\w.>]){word}->(?:{'|'.join([*rules.MEMBERS, '_mapcount'])})\b", behind):
        return True
    for call in function.calls(_REFUSING):
        if call.start > guard.end and any(re.search(rf"(?<![\w.>]){word}\b", a) for a in call.arguments):
            return True
    return False


def converters_swapped(file: File, drop: Drop) -> Iterator[Mutant]:
    """The converter for one part of the address space becomes that for another."""
    for function in file.functions:
        for call in function.calls(rules.CONVERTERS):
            wrong, families = rules.CONVERTERS[call.name]
            index = rules.LINEAR.get(call.name, (0, ""))[0]
            if index >= len(call.arguments) or function.name == call.name:
                continue
            path = uncast(call.arguments[index])
            family = file.at_hand.of(function, path)
            if family is None:
                drop("this file does not show one allocator for what is converted")
            elif family not in families:
                drop("the other converter would do as well")
            else:
                new = wrong.format(*call.arguments, x=path)
                yield file.mutant(
                    "converter swapped", "b", function, call.start, call.end, new,
                    f"{family} memory of {call.name}() converted by {_called(new)}()",
                )  # fmt: skip


_TO_FOLIO = {*rules.PAGE_TO_FOLIO, "page_folio"}
_ANY_PAGE = {*rules.ANY_PAGE, *rules.ONE_PAGE}


def heads_from_tails(file: File, drop: Drop) -> Iterator[Mutant]:
    """A page that need not be the first of its folio is taken for the folio."""
    for function in file.functions:
        sources = list(function.calls(_ANY_PAGE))
        for call in function.calls(_TO_FOLIO):
            if len(call.arguments) < 1 or function.name == call.name:
                continue
            path = uncast(call.arguments[0])
            if not _any_page(function, path, [s for s in sources if s.start < call.start]):
                drop("this function does not show that the page may be a tail")
                continue
            page = f"(struct folio *){path}"
            if call.name == "page_folio":
                new = page
            else:
                new = f"{rules.PAGE_TO_FOLIO[call.name]}({page})"
            yield file.mutant(
                "head from tail", "e", function, call.start, call.end, new,
                f"page that may be a tail cast to a folio instead of {call.name}()",
                _uses(file, function, call) if call.name == "page_folio" else (),
            )  # fmt: skip
        for call in function.calls(rules.HEADS):
            index, _ = rules.HEADS[call.name]
            if index >= len(call.arguments) or not re.fullmatch(r"\w+", call.arguments[index]):
                continue
            path = call.arguments[index]
            if function.structs.get(path) != "folio":
                continue
            where = _argument(call, function, index)
            if where is not None:
                yield file.mutant(
                    "head from tail", "e", function, where, where + len(path),
                    f"(struct folio *)folio_page({path}, 1)",
                    f"second page of a folio given to {call.name}()",
                )  # fmt: skip


def _uses(file: File, function: Function, call: Call) -> tuple[int, ...]:
    """Return the lines behind a call that hand on the local to which its result is assigned."""
    assigned = re.search(r"\b(\w+)\s*=\s*\Z", function.code[function.start : call.start])
    if assigned is None:
        return ()
    handed = re.compile(rf"[(,]\s*{assigned[1]}\s*[,)]|\b{assigned[1]}->")
    return tuple(sorted({file.line(m.start()) for m in handed.finditer(file.code, call.end, function.end)}))


def _any_page(function: Function, path: str, sources: list[Call]) -> bool:
    """Whether `path` is filled or assigned by a call that gives any page of a folio."""
    base, rest = split(path)
    if sources and re.search(
        rf"\b{base}\s*=\s*compound_head\(", function.code[sources[0].start : function.end]
    ):
        return False
    for source in sources:
        if source.name in rules.ONE_PAGE:
            before = function.code[function.start : source.start]
            if not rest and re.search(rf"\b{base}\s*=\s*$", before):
                return True
        elif any(re.match(rf"&?{base}\b", uncast(a)) for a in source.arguments) and rest in ("", "[]"):
            return bool(rest) or any(uncast(a) == f"&{base}" for a in source.arguments)
        elif not rest:
            for argument in source.arguments:
                if re.search(
                    rf"\b{base}\s*=\s*{re.escape(uncast(argument))}\[",
                    function.code[source.end : function.end],
                ):
                    return True
    return False


def tables_unmade(file: File, drop: Drop) -> Iterator[Mutant]:
    """The constructor or destructor of a page table is left out, or a free that passes it by is used."""
    for function in file.functions:
        for call in function.calls(rules.TABLES):
            if function.name == call.name or (call.name.endswith(("dtor", "free")) and not call.statement):
                drop("the definition, or part of an expression")
                continue
            if len(call.arguments) < (2 if "free" in call.name else 1):
                continue
            new = rules.TABLES[call.name].format(*call.arguments)
            if call.name.endswith("ctor") and call.statement:
                new = "(void)0"
            # What was never constructed is wrong from where the function obtains it, a table from where it is freed.
            first = function.start if call.name.endswith("ctor") else call.start
            yield file.mutant(
                "page table", "g", function, call.start, call.end, new, f"{call.name}() becomes {new}",
                tuple(range(file.line(first), file.line(function.end - 1) + 1)),
            )  # fmt: skip


def references_untried(file: File, drop: Drop) -> Iterator[Mutant]:
    """A reference that can only be tried for, on a page found by its frame number, is taken outright."""
    for function in file.functions:
        for call in function.calls(("get_page_unless_zero", "try_get_page")):
            path = uncast(call.arguments[0]) if call.arguments else ""
            before = function.code[function.start : call.start]
            if not re.search(rf"\b{re.escape(path)}\s*=\s*(?:pfn_to_page|pfn_to_online_page)\(", before):
                drop("the function does not show that the page was found by its number")
                continue
            yield file.mutant(
                "guard removed", "h", function, call.start, call.end, f"(get_page({path}), 1)",
                "get_page() of a page whose count may be 0",
            )  # fmt: skip
        for call in function.calls(("skb_mark_for_recycle",)):
            if not call.statement or not _POOLED.search(file.code):
                drop("the file does not allocate pages of a pool")
                continue
            yield file.mutant(
                "guard removed", "f", function, call.start, call.end, "(void)0",
                "pages of a pool in a packet that is not marked",
                tuple(sorted({file.line(m.start()) for m in _PACKED.finditer(file.code)})),
            )  # fmt: skip


_PACKED = re.compile(r"\b(?:skb_add_rx_frag|skb_fill_page_desc|__?build_skb|napi_build_skb|build_skb)\b")

SORTS: tuple[Callable[[File, Drop], Iterator[Mutant | Question]], ...] = (
    frees_swapped,
    allocators_swapped,
    addresses_replaced,
    pages_replaced,
    members_of_others,
    guards_removed,
    converters_swapped,
    heads_from_tails,
    tables_unmade,
    references_untried,
)


def planted(path: str, text: str) -> tuple[list[Mutant | Question], Counter[tuple[str, str]]]:
    """Return every mistake that can be planted in a file, and how many places are none and why."""
    file = opened(path, text)
    dropped: Counter[tuple[str, str]] = Counter()
    found: list[Mutant | Question] = []
    for sort in SORTS:
        name = sort.__name__.replace("_", " ")

        def drop(why: str, name: str = name) -> None:
            dropped[name, why] += 1

        found += sort(file, drop)
    return found, dropped
