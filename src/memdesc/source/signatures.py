"""Signatures: what kernel functions accept and produce, read from annotated C prototypes.

`load()` is the entrance. The files beside this module (`signatures/*.h`) hold prototypes in the kernel's
own notation; a comment behind a parameter, or behind the closing parenthesis, says what holds. The
notation is described in docs/signatures.md; `Signature` and `Slot` are what it means.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from memdesc.errors import InputError
from memdesc.kinds import ANY, BESIDE, BY_NAME, CAPABILITIES, Kind, Layout, beside
from memdesc.source import added
from memdesc.source.added import once

FOLDER = Path(__file__).with_name("signatures")
PAGE_WORDS = ("->mapping", "->index", "->private", "->lru", "->_mapcount", "->memcg_data")
"""Words of struct page that a layout is asked for: the kinds that keep there what the name says."""
_UNTOLD = Layout()


Condition = tuple[str, str, str, bool]
"""(parameter name, "is" or "has", word, polarity): `when flags has FOLL_GET`, `unless skb has pp_recycle`."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a use accepts.

    Attributes: word: the capability or kinds as written ("sendable", "slab|large"). accepts: the kinds.
    action: "use", "free" for the end of an allocation, "convert" for a converter between descriptors, "member" for a
    read of what only some kinds keep there, "return" for what a function's own body may return. contents: the demand
    is on what the container holds, not on the pointer. when: (parameter name, "is"|"has", word, polarity) that must
    hold. interpretation: "newyork" for what breaks only once descriptors are separate, "" for what holds always.
    until: version before which alone it is demanded, of a lone file; empty where the newest demands it as well.
    """

    word: str
    accepts: Kind
    action: str = "use"
    contents: bool = False
    when: Condition | None = None
    interpretation: str = ""
    until: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """One parameter, or the returned value, of a signature.

    Attributes: guard: (kinds kept when the call is true, kinds kept when it is false). into: names of
    parameters (or "tag.member") whose contents the value joins. merges: the container's contents are
    those of the named parameters as well. holds: kinds that the call puts into the container. becomes,
    source: the value is turned from the kinds in `source` into `becomes` by the call, if becomes_when holds.
    drops: bits taken away by the call. gives_turned: of what gives_kind_of names, these kinds come out
    as those. descriptor: evidence for the type that the slot should have. sets: marks that the call leaves on the
    object, for conditions `has MARK`. gives_else: kinds given when nothing is known to arrive at the parameter
    that gives_kind_of names. gives_when: kinds given only under a condition. ends_when: the condition under
    which `ends` holds. takes: the argument is an lvalue that is assigned what the parameter of this name holds.
    leaves: a constant that what the argument points to is not after the call. empties: the argument is an
    lvalue that is NULL after the call. brings: kinds that the function's own body has to be right for. variable:
    the argument is a variable of this storage, or the address of one. measure: (unit, what is measured): the
    parameter says how much is allocated (`return`) or freed (another one); of a result or a freed parameter,
    (unit, number): it is always that much.
    """

    name: str
    ctype: str
    demands: tuple[Demand, ...] = ()
    guard: tuple[Kind, Kind] | None = None
    into: tuple[str, ...] = ()
    merges: tuple[str, ...] = ()
    holds: Kind = Kind.NONE
    becomes: Kind = Kind.NONE
    becomes_when: Condition | None = None
    source: Kind = Kind.NONE
    drops: Kind = Kind.NONE
    descriptor: str = ""
    gives: Kind = Kind.NONE
    gives_kind_of: str = ""
    gives_mask: Kind = ANY
    gives_turned: tuple[Kind, Kind] = (Kind.NONE, Kind.NONE)
    gives_in: str = ""
    gives_same: str = ""
    gives_field: str = ""
    pages: tuple[str, str] | None = None
    ends: Kind = Kind.NONE
    noreturn: bool = False
    sets: tuple[str, ...] = ()
    gives_else: Kind = Kind.NONE
    gives_when: tuple[tuple[Kind, Condition], ...] = ()
    ends_when: Condition | None = None
    takes: str = ""
    leaves: str = ""
    empties: bool = False
    brings: Kind = Kind.NONE
    variable: str = ""
    measure: tuple[str, str] = ("", "")
    whole_truth: str = ""
    unlike: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """A function, macro or ops-struct member (`tag.member`) and what its slots accept and produce."""

    name: str
    result: Slot
    params: tuple[Slot, ...]
    origin: str
    since: tuple[int, ...] = ()
    until: tuple[int, ...] = ()
    place: str = ""
    iterator: bool = False

    def index(self, name: str) -> int:
        """Return the position of parameter `name`, -1 when there is none."""
        for n, slot in enumerate(self.params):
            if slot.name == name:
                return n
        return -1

    def measured(self) -> tuple[str, int, str]:
        """Return (unit, position of the parameter that says how much, number that is always meant)."""
        for n, slot in enumerate((self.result, *self.params)):
            unit, said = slot.measure
            if unit:
                return (unit, -1, said) if said.isdigit() else (unit, n - 1, "")
        return "", -1, ""

    def holds_for(self, version: tuple[int, ...] | None) -> bool:
        """Whether the signature is meant for kernel `version` (all versions when None)."""
        if version is None:
            return True
        return version >= self.since and not (self.until and version >= self.until)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a struct that is known without its declaration (`struct sockaddr.sa_data[]`).

    Attributes: owners: the kinds of the struct's memory for which the member means what its name says, as
    written in owned. element: the member is the element of the container that the struct is. gives: kinds
    that a read of the member brings. demands: what may be stored in it. reads: what a read of it demands
    besides. guard: kinds that what the struct contains may have when the member is set, and when it is not.
    descriptor: evidence for the type of what is accessed.
    """

    struct: str
    name: str
    ctype: str
    array: bool
    element: bool = False
    owners: Kind = ANY
    owned: str = ""
    descriptor: str = ""
    place: str = ""
    gives: Kind = Kind.NONE
    demands: tuple[Demand, ...] = ()
    reads: tuple[Demand, ...] = ()
    guard: tuple[Kind, Kind] | None = None
    since: tuple[int, ...] = ()
    until: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Signatures:
    """All signatures, by name; a name may have one per range of kernel versions, the oldest first."""

    functions: dict[str, tuple[Signature, ...]]
    members: tuple[Member, ...]
    files: tuple[str, ...] = field(default=())

    def of(self, name: str, version: tuple[int, ...] | None = None) -> Signature | None:
        """Return the signature of `name` that holds for `version`.

        A lone file has no version (None): it is held to what any version demands, so the newest signature
        is returned with the demands of the older ones added. `foo_noprof` (6.10 and later) is `foo`.
        """
        group = self.functions.get(name) or self.functions.get(name.removesuffix("_noprof"), ())
        if version is None:
            return strictest(group)
        return next((signature for signature in reversed(group) if signature.holds_for(version)), None)

    def __iter__(self) -> Iterator[Signature]:
        for group in self.functions.values():
            yield from group

    def __len__(self) -> int:
        return sum(len(group) for group in self.functions.values())


def strictest(group: tuple[Signature, ...]) -> Signature | None:
    """Return the last signature of `group`, each parameter with the demands of all that name it.

    What a call becomes or gives is the newest one's, but for what it gives when nothing is known, where any
    version's counts; where two versions demand of one parameter, both hold, and a test keeps what it keeps in any.
    """
    if len(group) < 2:
        return group[0] if group else None
    newest = group[-1]
    params = []
    for slot in newest.params:
        for other in group[:-1]:
            at = other.index(slot.name)
            if slot.name and at >= 0:
                before = other.params[at]
                known = {replace(d, until=()) for d in slot.demands}
                added = tuple(replace(d, until=other.until) for d in before.demands if d not in known)
                guard = slot.guard
                if guard is not None:
                    yes, no = before.guard or (ANY, ANY)
                    guard = guard[0] | yes, guard[1] | no
                slot = replace(slot, demands=slot.demands + added, guard=guard)
        params.append(slot)
    result = newest.result
    for other in group[:-1]:
        result = replace(result, gives_else=result.gives_else | other.result.gives_else)
    return replace(newest, result=result, params=tuple(params))


def kinds_of(text: str, place: str = "", layout: Layout = _UNTOLD) -> Kind:
    """Return the kinds that an expression of the notation names: `slab|large`, `!slab`, `refcounted`, `->lru`.

    Args: layout: what decides where a layout has to be asked; of one that tells nothing, nothing is refused.
    Raises: InputError: a word that is neither a kind, nor a capability, nor a word of struct page.
    """
    text = text.strip()
    if text.startswith("!"):
        return ANY & ~kinds_of(text[1:].strip().strip("()"), place, layout)
    total = Kind.NONE
    for word in text.split("|"):
        word = word.strip()
        if word in BY_NAME:
            total |= BY_NAME[word]
        elif word in CAPABILITIES:
            capability = CAPABILITIES[word]
            total |= capability.kinds & ~layout.lacks.get(capability.layout, Kind.NONE)
        elif word in PAGE_WORDS:
            total |= ANY & ~layout.lacks.get(word, Kind.NONE)
        elif word != "none":
            why = f"'{word}' is neither a kind, nor a capability, nor a word of struct page"
            raise InputError(place, why)
    return total


_EVIDENCE = {"whole": "folio", "within": "within", "exact": "page", "address": "address"}
"""What a use takes its argument for: the folio, any page of it, this very page, what has an address."""


def fitted(signatures: Signatures, layout: Layout) -> Signatures:
    """Return `signatures` with what a layout decides filled in: capabilities, and who owns which word."""
    asked = {name for name, capability in CAPABILITIES.items() if capability.layout} | set(PAGE_WORDS)

    def demands(slot: Slot) -> tuple[Demand, ...]:
        return tuple(
            replace(d, accepts=_demanded(d.word, d.action, layout=layout))
            if asked & set(d.word.split("|"))
            else d
            for d in slot.demands
        )

    def fit(signature: Signature) -> Signature:
        if not any(asked & set(d.word.split("|")) for slot in signature.params for d in slot.demands):
            return signature
        return replace(signature, params=tuple(replace(s, demands=demands(s)) for s in signature.params))

    return replace(
        signatures,
        functions={name: tuple(map(fit, group)) for name, group in signatures.functions.items()},
        members=tuple(
            replace(m, owners=kinds_of(m.owned, layout=layout) | BESIDE)
            if asked & set(m.owned.split("|"))
            else m
            for m in signatures.members
        ),
    )


_CONDITION = re.compile(r"^(.*?)\s+(when|unless)\s+(\w+)\s+(is|has)\s+(\S+)$")


def _condition(text: str) -> tuple[str, Condition | None]:
    if match := _CONDITION.match(text):
        return match[1], (match[3], match[4], match[5], match[2] == "when")
    return text, None


def _demand(
    text: str, place: str, action: str = "use", contents: bool = False, interpretation: str = ""
) -> Demand:
    text, when = _condition(text)
    word = text.strip()
    prefix = f"{interpretation}:" if interpretation else ""
    return Demand(prefix + word, _demanded(word, action, place), action, contents, when, interpretation)


def _demanded(word: str, action: str, place: str = "", layout: Layout = _UNTOLD) -> Kind:
    """Return the kinds that a demand accepts: whose the memory is matters to who frees it alone.

    What refuses a place in a block or a pin (`!compound`, `unpinned`) says so of both.
    """
    kinds = kinds_of(word, place, layout)
    return kinds | beside(action) if kinds and not kinds & (Kind.COMPOUND | Kind.PINNED) else kinds


_DEMANDS = {"wants": "use", "frees": "free", "converts": "convert", "keeps": "member", "returns": "return"}
"""Words of demands, and what they are about."""


def _clause(slot: Slot, clause: str, place: str) -> Slot:
    word, _, rest = clause.strip().partition(" ")
    rest = rest.strip()
    if word in _DEMANDS:
        return replace(slot, demands=(*slot.demands, _demand(rest, place, _DEMANDS[word])))
    if word == "newyork" and rest.startswith("wants "):
        demand = _demand(rest[6:], place, interpretation="newyork")
        return replace(slot, demands=(*slot.demands, demand))
    if word == "takes":
        return replace(slot, takes=rest)
    if word == "leaves" and rest.startswith("!"):
        return replace(slot, leaves=rest[1:])
    if word == "sets":
        return replace(slot, sets=(*slot.sets, rest))
    if word == "in" and rest.startswith("wants "):
        return replace(slot, demands=(*slot.demands, _demand(rest[6:], place, contents=True)))
    if word in ("true", "false"):
        yes, no = slot.guard or (ANY, ANY)
        kept = kinds_of(rest, place)
        return replace(slot, guard=(kept, no) if word == "true" else (yes, kept))
    if word == "into":
        return replace(slot, into=(*slot.into, rest))
    if word == "merges":
        return replace(slot, merges=(*slot.merges, rest))
    if word == "holds":
        return replace(slot, holds=kinds_of(rest, place))
    if word == "drops":
        return replace(slot, drops=kinds_of(rest, place))
    if word == "brings":
        return replace(slot, brings=kinds_of(rest, place))
    if word == "becomes":
        rest, when = _condition(rest)
        kinds, _, source = rest.partition(" from ")
        turned = kinds_of(source, place) if source else ANY
        return replace(slot, becomes=kinds_of(kinds, place), source=turned, becomes_when=when)
    if word == "ends":
        rest, when = _condition(rest)
        return replace(slot, ends=kinds_of(rest, place), ends_when=when)
    if word == "as":
        return replace(slot, descriptor=rest)
    if word in _EVIDENCE:
        return replace(slot, descriptor=_EVIDENCE[word])
    if word in ("order", "bytes", "pages"):
        return replace(slot, measure=(word, rest.removeprefix("of ")))
    if word == "variable" and rest == "percpu":
        return replace(slot, variable=rest)
    if word == "empties":
        return replace(slot, empties=True)
    if word == "whole-truth:" and rest:
        return replace(slot, whole_truth=rest)
    if word == "unlike" and (match := re.fullmatch(r"(\w+): (.+)", rest)):
        return replace(slot, unlike=(*slot.unlike, (match[1], match[2])))
    if word == "noreturn":
        return replace(slot, noreturn=True)
    if word == "gives":
        return _gives(slot, rest, place)
    raise InputError(place, f"'{word}' is not a word of the signature notation")


def _gives(slot: Slot, rest: str, place: str) -> Slot:
    if match := re.fullmatch(r"kind of (\w+)(?: & (.+?))?(?: turning (.+?) into (.+?))?(?: or (.+))?", rest):
        mask = kinds_of(match[2], place) if match[2] else ANY
        turned = (
            (kinds_of(match[3], place), kinds_of(match[4], place)) if match[3] else (Kind.NONE, Kind.NONE)
        )
        default = kinds_of(match[5], place) if match[5] else Kind.NONE
        return replace(slot, gives_kind_of=match[1], gives_mask=mask, gives_turned=turned, gives_else=default)
    if match := re.fullmatch(r"head of (\w+)", rest):
        return replace(slot, gives_kind_of=match[1], gives_mask=ANY & ~Kind.TAIL)
    if match := re.fullmatch(r"in (\w+)", rest):
        return replace(slot, gives_in=match[1])
    if match := re.fullmatch(r"same (\w+)", rest):
        return replace(slot, gives_same=match[1])
    if match := re.fullmatch(r"field (\w+\.\w+)", rest):
        return replace(slot, gives_field=match[1])
    if match := re.fullmatch(r"pages\((\w*), *(\w*)\)", rest):
        return replace(slot, pages=(match[1], match[2]), gives=slot.gives | Kind.DRIVER)
    rest, when = _condition(rest)
    if when:
        return replace(slot, gives_when=(*slot.gives_when, (kinds_of(rest, place), when)))
    return replace(slot, gives=slot.gives | kinds_of(rest, place))


_COMMENT = re.compile(r"/\*(.*?)\*/", re.S)
_DIRECTIVE = re.compile(r"^// *(source|since|until): *(.*)$")
_TRAILING = re.compile(r"[ \t]*//((?:[ \t]*(?:since|until): *[\d.]+,?)+)[ \t]*$")
_PROTOTYPE = re.compile(r"^(?P<type>.*?)\b(?P<name>\w+(?:\.\w+)?)\s*\($", re.S)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.strip().split(".")) if text.strip() else ()


def _slot(text: str, place: str) -> Slot:
    clauses: list[str] = []
    for comment in _COMMENT.findall(text):
        clauses += [c for c in comment.split(";") if c.strip()]
    bare = " ".join(_COMMENT.sub(" ", text).split())
    match = re.match(r"^(.*?)(\w+)\s*(\[[^\]]*\])*$", bare)
    if match and match[1].strip():
        slot = Slot(match[2], match[1].strip())
    else:
        slot = Slot(bare if bare.isidentifier() else "", bare)
    for clause in clauses:
        slot = _clause(slot, clause, place)
    return slot


def _split_parameters(text: str) -> list[str]:
    """Split at the commas that stand outside comments and brackets; a comment belongs to what it follows."""
    parts, depth, start, i = [], 0, 0, 0
    while i < len(text):
        if text.startswith("/*", i):
            i = text.index("*/", i) + 2
            continue
        c = text[i]
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
        i += 1
    parts.append(text[start:])
    return [p for p in parts if p.strip()]


def _close(text: str, at: int) -> int:
    """Return the offset of the parenthesis that closes the one at `at`, comments skipped."""
    depth, i = 0, at
    while i < len(text):
        if text.startswith("/*", i):
            i = text.index("*/", i) + 2
            continue
        if text[i] == "(":
            depth += 1
        elif text[i] == ")":
            depth -= 1
            if not depth:
                return i
        i += 1
    raise ValueError("unclosed")


def parse(text: str, name: str) -> tuple[list[Signature], list[Member]]:
    """Return the signatures and struct members declared in `text`; `name` is the file for messages.

    Raises: InputError: a declaration that is not in the notation, with file:line.
    """
    signatures: list[Signature] = []
    members: list[Member] = []
    origin = ""
    since: tuple[int, ...] = ()
    until: tuple[int, ...] = ()
    buffer, first = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        if match := _DIRECTIVE.match(line):
            if match[1] == "source":
                origin, since, until = match[2].strip(), (), ()
            elif match[1] == "since":
                since = _version(match[2])
            elif match[1] == "until":
                until = _version(match[2])
            continue
        if not buffer and (not line.strip() or line.startswith(("//", "/*"))):
            continue
        first = first if buffer else number
        own = {}
        if match := _TRAILING.search(line):
            own = {
                w: _version(v) for w, v in re.findall(r"(since|until): *([\d.]+)", match[1].replace(",", " "))
            }
            line = line[: match.start()]
        buffer += line + "\n"
        place = f"{name}:{first}"
        stripped = _COMMENT.sub("", buffer).rstrip()
        if re.match(r"\s*(struct|union)\s+\w+\s*\{", stripped):
            if stripped.endswith("};"):
                members += (replace(m, since=since, until=until) for m in _members(buffer, place))
                buffer = ""
            continue
        if not stripped.endswith(";"):
            continue
        try:
            range_ = (own.get("since", since), own.get("until", until))
            signatures.append(_prototype(buffer, origin, *range_, place))
        except ValueError as e:
            raise InputError(place, "not a prototype in the signature notation") from e
        buffer = ""
    if buffer.strip():
        raise InputError(f"{name}:{first}", "a declaration that does not end")
    return signatures, members


def _prototype(
    text: str, origin: str, since: tuple[int, ...], until: tuple[int, ...], place: str
) -> Signature:
    bare = _COMMENT.sub(lambda m: " " * len(m[0]), text)
    opening = bare.index("(")
    closing = _close(text, opening)
    head = text[:opening].strip()
    iterator = head.startswith("for_each ")
    match = re.match(r"^(.*?)([A-Za-z_]\w*(?:\.\w+)?)$", head, re.S)
    if not match:
        raise ValueError(head)
    name = match[2]
    inner = text[opening + 1 : closing]
    params = tuple(_slot(p, place) for p in _split_parameters(inner))
    if len(params) == 1 and params[0].ctype == "void" and params[0].name in ("", "void"):
        params = ()
    result = _slot(match[1].strip() + " " + "/**/".join(_comments(text[closing + 1 :])), place)
    result = replace(result, name="", ctype=" ".join(_COMMENT.sub(" ", match[1]).split()))
    return Signature(name, result, params, origin, since, until, place, iterator)


def _comments(text: str) -> Iterable[str]:
    return (f"/*{c}*/" for c in _COMMENT.findall(text))


def _members(text: str, place: str) -> list[Member]:
    opening = text.index("{")
    struct = text[:opening].split()[1]
    found = []
    for match in re.finditer(r"([^;{}]*?);\s*((?:/\*.*?\*/)?)", text[opening + 1 : text.rindex("}")], re.S):
        declared = " ".join(_COMMENT.sub(" ", match[1]).split())
        named = re.match(r"^(.*?)(\w+)\s*((?:\[[^\]]*\])*)$", declared)
        if not named:
            raise InputError(place, f"'{declared}' is not a member")
        member = Member(struct, named[2], named[1].strip(), bool(named[3]), place=place)
        for clause in _COMMENT.findall(match[2])[:1] and _COMMENT.findall(match[2])[0].split(";"):
            word, _, rest = clause.strip().partition(" ")
            if word == "element":
                member = replace(member, element=True)
            elif word == "of":
                member = replace(member, owners=kinds_of(rest, place) | BESIDE, owned=rest)
            elif word == "newyork" and rest.startswith("of "):
                demand = _demand(rest[3:], place, "member", interpretation="newyork")
                member = replace(member, reads=(*member.reads, demand))
            elif word == "as":
                member = replace(member, descriptor=rest.strip())
            elif word in ("true", "false"):
                yes, no = member.guard or (ANY, ANY)
                kept = kinds_of(rest, place)
                member = replace(member, guard=(kept, no) if word == "true" else (yes, kept))
            elif word == "wants":
                member = replace(member, demands=(*member.demands, _demand(rest, place)))
            elif word == "gives":
                member = replace(member, gives=kinds_of(rest, place))
            elif word in _EVIDENCE:
                member = replace(member, descriptor=_EVIDENCE[word])
            elif word:
                raise InputError(place, f"'{word}' is not a word for a member")
        found.append(member)
    return found


@once
def load() -> Signatures:
    """Return the shipped signatures; those of added files (added.py) stand in the place of shipped ones of that name.

    Raises: InputError: a file that cannot be read or is not in the notation.
    """
    functions: dict[str, list[Signature]] = {}
    members: list[Member] = []
    files = []
    for path in sorted(FOLDER.glob("*.h")):
        files.append(path.name)
        found, declared = parse(path.read_text("utf-8"), path.name)
        for signature in found:
            functions.setdefault(signature.name, []).append(signature)
        members += declared
    own: dict[str, list[Signature]] = {}
    for name, text in added.files():
        files.append(name)
        found, declared = parse(text, name)
        for signature in found:
            own.setdefault(signature.name, []).append(signature)
        named = {(member.struct, member.name) for member in declared}
        members = [m for m in members if (m.struct, m.name) not in named] + declared
    functions |= own
    ordered = {
        name: tuple(sorted(group, key=lambda s: (s.until or (9999,), s.since)))
        for name, group in functions.items()
    }
    return Signatures(ordered, tuple(members), tuple(files))
