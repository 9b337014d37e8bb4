"""The words that collecting facts needs of the signatures: which calls are places rather than flows."""

import re
from dataclasses import dataclass

from memdesc.source.added import once
from memdesc.source.signatures import Signatures, load

_PLAIN = {"READ_ONCE", "data_race", "kasan_reset_tag", "untagged_addr", "lockless_dereference", "ACCESS_ONCE"}
_TRANSPARENT = {"msg_iter", "sgl", "frags", "bi_io_vec", "i_pages", "bvecs", "bvec_iter"}

_TYPE_SETTER = re.compile(r"__(?:Set|Clear)Page[A-Z]\w*|__folio_(?:set|clear)_\w+")
"""What PAGE_TYPE_OPS() and its kin define: which of them there are, and what they make, the tree says."""

_POINTED = re.compile(r"(?:const )?struct (\w+) \*")


CONTAINERS_OF = frozenset({"container_of", "list_entry", "container_of_const"})
"""Macros that lead from a member to the object in which it lies: container_of.h and list.h of include/linux."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names by what collecting does with a call of them; numbers are positions of parameters.

    Attributes: inside: the call is what argument N contains. same: the call is argument N again. takes:
    argument N is assigned argument M. changed: arguments that are something else after the call. ends: the
    call ends a state of all pages at hand. iterators: (element, container). containers: arguments whose
    contents matter. worded: calls whose arguments' words matter. elements: members that are what their
    container contains. guards: calls that tell kinds. stops: calls that do not return. known: all names.
    telling: members that tell kinds. views: the call is
    another view of argument N. arrays: those elements that are arrays of what is contained. fills: arguments
    into whose containers the call puts something. empties: the call takes the value out of argument N, which is
    NULL after it. stored: structs with members in which only some memory may be stored. measured:
    the argument that says how much is allocated or freed. pointed: those that it fills by a pointer to a pointer,
    which may be a single one. per_cpu: the argument that is a per-CPU variable, or the
    address of one.
    """

    inside: dict[str, int]
    same: dict[str, int]
    takes: dict[str, tuple[int, int]]
    changed: dict[str, tuple[int, ...]]
    ends: frozenset[str]
    iterators: dict[str, tuple[int, int]]
    containers: dict[str, tuple[int, ...]]
    worded: frozenset[str]
    elements: frozenset[str]
    transparent: frozenset[str]
    guards: frozenset[str]
    stops: frozenset[str]
    known: frozenset[str]
    marks: frozenset[str]
    telling: frozenset[str]
    arrays: frozenset[str]
    leaves: dict[str, tuple[tuple[int, str], ...]]
    returned: dict[str, str]
    views: dict[str, int]
    fills: dict[str, tuple[int, ...]]
    empties: dict[str, int]
    stored: frozenset[str]
    measured: dict[str, int]
    per_cpu: dict[str, int]
    pointed: dict[str, tuple[int, ...]]

    def alters(self, name: str) -> tuple[int, ...]:
        """Return the arguments that are something else after a call; of page types' setters, the first."""
        found = self.changed.get(name, ())
        return found or ((0,) if name[:2] == "__" and _TYPE_SETTER.fullmatch(name) else ())


@once
def vocabulary() -> Vocabulary:
    """Return the vocabulary of the signatures."""
    return of(load())


def of(signatures: Signatures) -> Vocabulary:
    """Return the vocabulary of `signatures`."""
    inside: dict[str, int] = {}
    same = dict.fromkeys(_PLAIN, 0)
    takes: dict[str, tuple[int, int]] = {}
    changed: dict[str, tuple[int, ...]] = {}
    iterators: dict[str, tuple[int, int]] = {}
    containers: dict[str, tuple[int, ...]] = {}
    views: dict[str, int] = {}
    ends, worded, guards, stops, marks = set(), set(), set(), set(), set()
    for s in signatures:
        result, name = s.result, s.name
        if result.gives_in and s.index(result.gives_in) >= 0:
            inside[name] = s.index(result.gives_in)
        if result.gives_same and s.index(result.gives_same) >= 0:
            same[name] = s.index(result.gives_same)
        if name.startswith("rcu_dereference") or name == "rcu_access_pointer":
            same[name] = 0
        if result.gives_kind_of and s.index(result.gives_kind_of) >= 0:
            views[name] = s.index(result.gives_kind_of)
        if s.measured()[1] >= 0:
            worded.add(name)
        if result.noreturn:
            stops.add(name)
        if result.pages or result.gives_when:
            worded.add(name)
        held = set(containers.get(name, ()))
        turned = set(changed.get(name, ()))
        for n, slot in enumerate(s.params):
            if s.iterator and slot.merges and s.index(slot.merges[0]) >= 0:
                iterators[name] = (n, s.index(slot.merges[0]))
            if slot.takes and s.index(slot.takes) >= 0:
                takes[name] = (n, s.index(slot.takes))
            if slot.becomes or slot.drops:
                turned.add(n)
            if slot.guard:
                guards.add(name)
            if slot.holds or any(d.contents for d in slot.demands):
                held.add(n)
            for target in (*slot.into, *slot.merges):
                if s.index(target) >= 0:
                    held.add(s.index(target))
                if slot.merges:
                    held.add(n)
            if slot.ends:
                ends.add(name)
            if slot.sets:
                marks.add(name)
            if slot.becomes_when or any(d.when for d in slot.demands):
                worded.add(name)
        if result.ends:
            ends.add(name)
        if held:
            containers[name] = tuple(sorted(held))
        if turned:
            changed[name] = tuple(sorted(turned))
    return Vocabulary(
        inside,
        same,
        takes,
        changed,
        frozenset(ends),
        iterators,
        containers,
        frozenset(worded),
        frozenset(m.name for m in signatures.members if m.element),
        frozenset(_TRANSPARENT),
        frozenset(guards),
        frozenset(stops),
        frozenset(s.name for s in signatures),
        frozenset(marks),
        frozenset(m.name for m in signatures.members if m.guard),
        frozenset(m.name for m in signatures.members if m.element and (m.array or m.ctype.count("*") > 1)),
        {
            s.name: tuple((n, slot.leaves) for n, slot in enumerate(s.params) if slot.leaves)
            for s in signatures
            if any(slot.leaves for slot in s.params)
        },
        {s.name: m[1] for s in signatures if (m := _POINTED.fullmatch(s.result.ctype))},
        views,
        {
            s.name: tuple(n for n, slot in enumerate(s.params) if slot.holds)
            for s in signatures
            if any(slot.holds for slot in s.params)
        },
        {s.name: n for s in signatures for n, slot in enumerate(s.params) if slot.empties},
        frozenset(m.struct for m in signatures.members if m.demands),
        {s.name: s.measured()[1] for s in signatures if s.measured()[1] >= 0},
        {s.name: n for s in signatures for n, slot in enumerate(s.params) if slot.variable == "percpu"},
        {
            s.name: tuple(n for n, slot in enumerate(s.params) if slot.holds and slot.ctype.count("*") > 1)
            for s in signatures
            if any(slot.holds for slot in s.params)
        },
    )
