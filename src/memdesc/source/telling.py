"""What decides whether code is worth reading, as the signatures say it: who gives memory, and who refuses which.

`telling()` is the entrance; nothing here is a list of names.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import re2

from memdesc.kinds import ANY, BESIDE, CAPABILITIES, STATES, Kind
from memdesc.source.added import once
from memdesc.source.signatures import PAGE_WORDS, Demand, Signature, Signatures, Slot, load
from memdesc.source.vocabulary import CONTAINERS_OF

ADDRESSES = int(Kind.STACK | Kind.GLOBAL | Kind.PERCPU)
"""What `&x` gives, and the name of an array."""
_EVERYWHERE = Kind.SLAB | Kind.LARGE | Kind.USER | Kind.IO | Kind.STACK | Kind.GLOBAL | STATES | BESIDE
"""Kinds that most files have to do with: that one gives them, or frees them, says little by itself."""
COMMON = int(_EVERYWHERE)
_PAIRED = (Kind.SLAB, Kind.LARGE, Kind.IO, Kind.MANAGED)
"""Those kinds of many files that say something where another function of the file refuses them."""
_BUFFERS = (
    Kind.SLAB | Kind.LARGE | Kind.VMALLOC | Kind.STACK | Kind.GLOBAL | Kind.COHERENT | Kind.TAIL | Kind.NET
)
_TELLING_LENGTH = 7
"""A longer name of an allocator within another name says that this one has its memory from there."""
_ALONE = (0, 1)
"""Numbers of the patterns of `anything` that matter by themselves."""
_TAG = re.compile(r"(?:struct )?(\w+)")


@dataclass(frozen=True, slots=True)
class Telling:
    """Names as bytes, kinds as numbers.

    Attributes: gives: function -> the kinds that it gives. refuses: function -> parameter -> the kinds that it
    does not accept there. members: member -> the kinds that may not be stored there. frees: those functions
    of `refuses` that only free. passes: functions whose result is an argument again, or another view of it.
    variables: calls that stand for a variable, which may be assigned, or its address taken. joins: functions that
    put one argument into another. puts, fields: functions that put an argument into a member, and that return one,
    which the code does not name; accessors: those of a member. strong: finds what matters wherever it stands: a type
    of page descriptors, a function that gives or refuses what few do. freed_address: finds `free(&x)`.
    anything: finds which of several patterns are in a text, in one pass: those two, and by `pairs` of their numbers
    what gives a kind that many files have, and what refuses it.
    """

    gives: dict[bytes, int]
    refuses: dict[bytes, dict[int, int]]
    members: dict[bytes, int]
    frees: frozenset[bytes]
    passes: frozenset[bytes]
    variables: frozenset[bytes]
    joins: frozenset[bytes]
    puts: dict[bytes, dict[int, bytes]]
    fields: dict[bytes, bytes]
    accessors: dict[bytes, frozenset[bytes]]
    strong: Any
    freed_address: Any
    anything: Any
    pairs: tuple[tuple[int, int], ...]

    def concerns(self, data: bytes) -> bool:
        """Whether a file has anything that matters; cheap."""
        found = frozenset(self.anything.Match(data) or ())
        return not found.isdisjoint(_ALONE) or any(found.issuperset(pair) for pair in self.pairs)


@once
def telling() -> Telling:
    """Return what the signatures tell."""
    return of(load())


def of(signatures: Signatures) -> Telling:
    """Return what `signatures` tell."""
    gives: dict[bytes, int] = {}
    refuses: dict[bytes, dict[int, int]] = {}
    puts: dict[bytes, dict[int, bytes]] = {}
    fields: dict[bytes, bytes] = {}
    frees, passes, variables, joins, strong, stems = set(), set(), set(), set(), set(), set()
    types = _types(signatures)
    for s in signatures:
        name = s.name.rpartition(".")[2].encode()
        given = _given(s)
        used, freed = Kind.NONE, Kind.NONE
        for n, slot in enumerate(s.params):
            for demand in slot.demands:
                if demand.interpretation:
                    continue
                refused = _refused(demand)
                places = refuses.setdefault(name, {})
                places[n] = places.get(n, 0) | int(refused)
                if demand.action == "free":
                    freed |= refused
                    rare = demand.accepts & ~_EVERYWHERE and not demand.accepts & Kind.SLAB
                    strong |= {name} if rare else set()
                elif not demand.contents:
                    used |= refused
            if slot.guard and (slot.guard[0] ^ slot.guard[1]) & _BUFFERS:
                strong.add(name)
            if slot.into or slot.merges or slot.takes:
                joins.add(name)
            for target in slot.into:
                if "." in target:
                    puts.setdefault(name, {})[n] = target.rpartition(".")[2].encode()
        if s.result.gives_field:
            fields[name] = s.result.gives_field.rpartition(".")[2].encode()
        if given:
            gives[name] = gives.get(name, 0) | int(given)
        if freed and not used:
            frees.add(name)
        if s.result.gives_kind_of or s.result.gives_same or s.result.gives_in:
            passes.add(name)
        if any(slot.variable for slot in s.params):
            variables.add(name)
        if given & ~_EVERYWHERE or used & _BUFFERS or _handles(s, types):
            strong.add(name)
        if s.result.gives & ~_EVERYWHERE and len(name.strip(b"_")) >= _TELLING_LENGTH:
            stems.add(name.strip(b"_"))
    members: dict[bytes, int] = {}
    for member in signatures.members:
        refused = Kind.NONE
        for demand in member.demands:
            refused |= _refused(demand)
        if refused and not demand.interpretation:
            members[member.name.encode()] = members.get(member.name.encode(), 0) | int(refused)
    pages = rb"\bstruct\s+(?:%s)\b|\b(?:%s)\b" % (
        _any(t for t in types if not t.endswith(("_t", "_ref"))),
        _any(t for t in types if t.endswith(("_t", "_ref"))),
    )
    stored = rb"(?:->|\.)\s*(?:%s)\s*=[^=]" % _words(members)
    pages = rb"%s|\b(?:%s)\s*\(|%s|%s" % (pages, _words(strong), _words(stems), stored)
    address = rb"\b(?:%s)\s*\(\s*&" % _words(frees)
    patterns = [pages, address]
    pairs = []
    for kind in _PAIRED:
        givers = {name for name, kinds in gives.items() if kinds & kind} - strong
        refusers = {
            name for name, places in refuses.items() if any(k & kind for k in places.values())
        } - strong
        if givers and refusers:
            pairs.append((len(patterns), len(patterns) + 1))
            patterns += [rb"\b(?:%s)\b" % _words(names) for names in (givers, refusers)]
    return Telling(
        gives,
        refuses,
        members,
        frozenset(frees),
        frozenset(passes) | {name.encode() for name in CONTAINERS_OF},
        frozenset(variables),
        frozenset(joins),
        puts,
        fields,
        {
            member: frozenset(
                name
                for name in (*puts, *fields)
                if member in (fields.get(name), *puts.get(name, {}).values())
            )
            for member in {*fields.values(), *(m for held in puts.values() for m in held.values())}
        },
        _automaton(pages),
        _automaton(address),
        _automata(patterns),
        tuple(pairs),
    )


def _refused(demand: Demand) -> Kind:
    """Return what a demand may refuse; what a layout decides is taken for refused."""
    words = demand.word.split("|")
    if any(word in PAGE_WORDS or (word in CAPABILITIES and CAPABILITIES[word].layout) for word in words):
        return ANY & ~STATES
    return ANY & ~demand.accepts


def _words(names: Iterable[bytes]) -> bytes:
    return b"|".join(sorted(names))


def _any(names: Iterable[str]) -> bytes:
    return "|".join(sorted(names)).encode()


def _options() -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1  # bytes as they are
    options.max_mem = 64 << 20
    return options


def _automaton(pattern: bytes) -> Any:
    """Return a pattern that reads the text once, however many words it names."""
    return re2.compile(pattern, _options())


def _automata(patterns: list[bytes]) -> Any:
    """Return patterns that are looked for together."""
    found = re2.Set.SearchSet(_options())
    for pattern in patterns:
        found.Add(pattern)
    found.Compile()
    return found


def _types(signatures: Signatures) -> frozenset[str]:
    """Return the structs and typedefs that describe pages: whose members have owners, or whose uses are evidence."""
    found = {member.struct for member in signatures.members if member.owners != ANY}
    for s in signatures:
        for slot in (*s.params, s.result):
            match = _TAG.match(slot.ctype.replace("const ", ""))
            if match and (slot.descriptor or slot.gives_kind_of) and _describes(match[1], slot):
                found.add(match[1])
    return frozenset(found)


def _describes(tag: str, slot: Slot) -> bool:
    return slot.ctype.replace("const ", "").startswith("struct ") or tag in ("netmem_ref", "pgtable_t")


def _given(s: Signature) -> Kind:
    given = s.result.gives | s.result.gives_else
    if s.result.pages:
        given |= Kind.DRIVER | Kind.BLOCK
    for kinds, _ in s.result.gives_when:
        given |= kinds
    for slot in s.params:
        given |= slot.holds | slot.becomes
    return given


def _handles(s: Signature, types: frozenset[str]) -> bool:
    """Whether a function is given a page, or gives one."""
    tags = (_TAG.match(slot.ctype.replace("const ", "")) for slot in (*s.params, s.result))
    return any(tag is not None and tag[1] in types for tag in tags)
