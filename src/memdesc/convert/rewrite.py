"""Turns `struct page *` into `struct folio *`: parameters with declarations and calls, results, and locals.

What is converted is a set of pointers, each of which inference says is always a folio. Inside, what has a
correspondence is replaced by it, and every other use of the pointer's value becomes `&folio->page`, which is the
same address. Where a page comes in from outside of the set, the folio at hand is taken, or `page_folio(page)`.
Whatever cannot be understood in full is refused with a reason and stays as it is.
"""

import posixpath
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from memdesc.convert import adopting, callbacks, flows, local, members, results, uses
from memdesc.convert.correspondences import Correspondences, declared_pages, declared_voids
from memdesc.convert.edits import Edit
from memdesc.convert.flows import Around, Source
from memdesc.convert.mentions import Mentions, Scan, named
from memdesc.convert.model import LOCAL, MEMBER, RESULT, Conversion, Reason, Refusal, Refused, Target
from memdesc.convert.objections import Judge, Readers
from memdesc.convert.parsed import Files
from memdesc.convert.plans import Plan
from memdesc.convert.tables import Table, table
from memdesc.places import Lines, Span

_INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]+"([\w./-]+)"', re.M)


class Kept:
    """What several rewritings of the same tree have in common. Args: text, mentions: as for rewrite()."""

    def __init__(self, text: Callable[[str], bytes], mentions: Mentions = lambda _: ()) -> None:
        self.files = Files(text)
        self.mentions = mentions
        self.plans: dict[Target, Plan | Refused] = {}
        self.tables: dict[tuple[str, str, int], Table | Refused] = {}
        self._declared: dict[str, tuple[frozenset[bytes], frozenset[bytes]]] = {}

    def declared(self, path: str, known: Correspondences) -> tuple[frozenset[bytes], frozenset[bytes]]:
        """Return what is declared as pages, and as `void *`, in a file, the headers beside it and all others."""
        if path not in self._declared:
            found: set[bytes] = set()
            voids: set[bytes] = set()
            left, seen = [path], {path}
            while left:
                source = self.files[left.pop()].source
                found |= declared_pages(source.masked)
                voids |= declared_voids(source.masked)
                for named in _INCLUDE.findall(source.data):
                    other = posixpath.normpath(
                        posixpath.join(posixpath.dirname(path), named.decode("latin-1"))
                    )
                    if other not in seen and not other.startswith(".."):
                        seen.add(other)
                        left.append(other)
            pages = frozenset(found) | (known.pages or frozenset())
            self._declared[path] = pages, (frozenset(voids) | known.voids) - pages
        return self._declared[path]


@dataclass(slots=True)
class _Asked:
    """What a rewriting works on, and what it has settled so far."""

    kept: Kept
    known: Correspondences
    adopted: frozenset[Target] = frozenset()
    plans: dict[Target, Plan] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)

    def give_up(self, target: Target, no: Refused) -> None:
        if target not in self.adopted:
            self.refused.append(Refusal(target, no.reason, no.detail))
        self.plans.pop(target, None)


def rewrite(
    text: Callable[[str], bytes],
    targets: Collection[Target],
    known: Correspondences,
    mentions: Mentions = lambda _: (),
    without: Collection[Target] = (),
    kept: Kept | None = None,
) -> Conversion:
    """Return the edits that convert as many of `targets` as is right.

    Args: text: gives the files of the tree. mentions: files that may mention a function that is not static.
    without: targets that do not build, and stay. kept: of an earlier run, which then is of the same texts.
    """
    kept = kept or Kept(text, mentions)
    asked = _settled(targets, frozenset(), known, without, kept)
    if known.to.reads:
        return _made(asked)
    adopted: frozenset[Target] = frozenset()
    within = {t.file for t in targets}
    while True:
        fresh = adopting.candidates(asked.plans.values(), kept.files, within) - set(targets) - adopted
        if not fresh:
            return _made(asked)
        adopted |= fresh
        asked = _settled(targets, adopted, known, without, kept)


def _settled(
    targets: Collection[Target],
    adopted: frozenset[Target],
    known: Correspondences,
    without: Collection[Target],
    kept: Kept,
) -> _Asked:
    """Return what of `targets` can be converted, with what of `adopted` comes with it."""
    files = kept.files
    asked = _Asked(kept, known, adopted)
    apart = {
        (t.function, t.index)
        for t in targets
        if t.file.endswith(".c") and t.index not in (LOCAL, MEMBER) and not _static(files, t)
    }
    if isinstance(kept.mentions, Scan):
        kept.mentions.look_for({t.name for t in adopted if t.index == MEMBER and t.file.endswith(".h")})
    for target in sorted({*targets, *adopted}):
        if target.file.endswith(".h") and (target.function, target.index) in apart:
            continue  # what a header gives instead of the function is converted with it
        try:
            if target in without:
                raise Refused(Reason.BUILD)
            asked.plans[target] = _planned(target, kept, known)
        except Refused as no:
            asked.give_up(target, no)
    groups = _together(asked)
    _settle(asked, groups)
    return asked


def _made(asked: _Asked) -> Conversion:
    """Return the edits of what is settled."""
    plans = asked.plans
    edits: dict[str, dict[Edit, None]] = {}
    touched: dict[Target, frozenset[tuple[str, str]]] = {}
    around, handed = _around(asked), _handed(plans)
    compared = {
        (body.function.file, h.edit.span)
        for plan in plans.values()
        for body in plan.bodies
        for h in body.handed
        if h.against is not None
    }
    for target, plan in plans.items():
        places = {(path, "") for path, _ in plan.declared}
        for path, edit in plan.declared:
            edits.setdefault(path, {})[edit] = None
        for body in plan.bodies:
            mine = edits.setdefault(body.function.file, {})
            file = body.function.file
            made = [
                *body.edits,
                *(
                    h.alike if h.alike is not None and (file, h.against) in compared else h.edit
                    for h in body.handed
                    if (file, h.edit.span) not in handed
                ),
            ]
            mine.update(dict.fromkeys(placed for edit in made for placed in body.placed(edit)))
            places.add((body.function.file, body.function.name))
        for function, node in (*plan.sources, *plan.stored):
            edits.setdefault(function.file, {}).update(dict.fromkeys(flows.boundary(around, function, node)))
            places.add((function.file, function.name))
        for function, node in (*plan.given, *plan.made):
            if (function.file, function.span(node)) not in handed:
                edits.setdefault(function.file, {}).update(
                    dict.fromkeys(results.page_again(function, node, asked.known.to))
                )
            places.add((function.file, function.name))
        touched[target] = frozenset(places)
    order = sorted(asked.refused, key=lambda r: r.target)
    kept = {path: tuple(sorted(mine, key=_place)) for path, mine in sorted(edits.items()) if mine}
    return Conversion(kept, tuple(plans), tuple(order), touched)


def _static(files: Files, target: Target) -> bool:
    return all(function.static for function in files[target.file].defined(target.function))


def _place(edit: Edit) -> tuple[int, int]:
    return edit.span.start, edit.span.end


def _planned(target: Target, kept: Kept, known: Correspondences) -> Plan:
    """Return the plan of a target, with lists of its own."""
    if target not in kept.plans:
        try:
            kept.plans[target] = _plan(target, kept.files, kept.mentions, known)
        except Refused as no:
            kept.plans[target] = no
    found = kept.plans[target]
    if isinstance(found, Refused):
        raise found
    return replace(found, declared=list(found.declared), sources=list(found.sources))


def _plan(target: Target, files: Files, mentions: Mentions, known: Correspondences) -> Plan:
    if target.index == MEMBER:
        member = members.plan(target, files, mentions, known)
        return Plan(target, tuple(member.bodies), member.declared, member.sources)
    own = files[target.file].defined(target.function)
    if not own or files[target.file].unread(target.function):
        raise Refused(Reason.UNREAD if files[target.file].unread(target.function) else Reason.NOT_FOUND)
    if target.index == LOCAL:
        lines = Lines(own[0].source.data)
        here = [f for f in own if lines.line(f.item.start) <= target.line <= lines.line(f.item.end)]
        if len(here) != 1:
            raise Refused(Reason.NOT_FOUND)
        found = local.plan(here[0], target, known)
        sources: list[Source] = [(here[0], node) for node in found.sources]
        return Plan(target, (found.body,), [], sources, siblings=found.siblings)
    if target.index == RESULT:
        result = results.plan(target, files, mentions, known.to)
        return Plan(target, (), result.declared, result.sources, given=result.calls)
    where = named(target, files, mentions, known.to)
    if len({f.file for f in where.definitions if f.file.endswith(".c")}) > 1:
        raise Refused(Reason.SEVERAL)
    others = [f for f in where.definitions if f.file != target.file]
    bodies = tuple(uses.plan(each, target.index, known) for each in (*own, *others))
    if any(not flows.simple(node) for body in bodies for node in body.sources):
        raise Refused(Reason.EXPRESSION)
    calls: list[Source] = list(where.calls)
    return Plan(
        target, bodies, where.declared, calls, members=where.members, handed=where.handed, null=where.null
    )


def _together(asked: _Asked) -> dict[Target, frozenset[Target]]:
    """Return, for a function that a table holds, all that are stored in the same member.

    Adds the member's declaration and the calls through it to what names the function, and gives up what cannot be
    converted for what else the member holds.
    """
    groups: dict[Target, frozenset[Target]] = {}
    _look_for(asked.kept, {member for plan in asked.plans.values() for member in plan.members})
    _look_for(asked.kept, {name for plan in asked.plans.values() for name, _ in plan.handed})
    for target, plan in list(asked.plans.items()):
        group: set[Target] = set()
        try:
            found = [_table("member", member, target.index, asked) for member in plan.members]
            kinds = {callbacks.type_of(each, asked.kept.files, asked.kept.mentions) for each in plan.handed}
            found += [_table("type", kind, target.index, asked) for kind in kinds]
            for each in found:
                group |= _stored(each, target.index, asked)
                plan.declared.extend(each.declared)
                plan.sources.extend(each.calls)
            groups[target] = frozenset(group)
        except Refused as no:
            asked.give_up(target, no)
    return groups


def _look_for(kept: Kept, names: Collection[str]) -> None:
    if isinstance(kept.mentions, Scan):
        kept.mentions.look_for(names)


def _table(sort: str, name: str, index: int, asked: _Asked) -> Table:
    """Return what belongs to a member of tables, or a type of callbacks. Raises: Refused: it cannot be converted."""
    kept = asked.kept
    key = sort, name, index
    if key not in kept.tables:
        make = table if sort == "member" else callbacks.table
        try:
            kept.tables[key] = make(name, index, kept.files, kept.mentions, asked.known.to)
        except Refused as no:
            kept.tables[key] = no
    found = kept.tables[key]
    if isinstance(found, Refused):
        raise found
    return found


def _stored(found: Table, index: int, asked: _Asked) -> set[Target]:
    """Return the targets that a member holds. Raises: Refused: it holds what is no target, and takes a page."""
    group = set()
    plans, files = asked.plans, asked.kept.files
    for file, function in sorted(found.stored):
        here = Target(file, function, index)
        others = [t for t in plans if (t.function, t.index) == (function, index) and not _static(files, t)]
        if here in plans:
            group.add(here)
        elif len(others) == 1:
            group.add(others[0])
        else:
            defined = files[file].defined(function)
            if not defined or any(uses.is_page(each, index) for each in defined):
                raise Refused(Reason.TABLE, f"it also holds {function}()")
    return group


def _settle(asked: _Asked, groups: Mapping[Target, frozenset[Target]]) -> None:
    """Give up, until nothing changes, what is of no use or may be given NULL."""
    plans = asked.plans
    judge = Judge(
        Readers(asked.known.reading, plans.values(), asked.kept.files),
        (lambda path: asked.kept.declared(path, asked.known)[0]) if asked.known.pages is not None else None,
    )
    while True:
        around, handed = _around(asked), _handed(plans)
        objections = {
            t: no
            for t, plan in plans.items()
            if (no := judge.objection(plan, _reads(plans, groups, t), handed, around)) is not None
            or (t in asked.adopted and (no := judge.foreign(plan, around)) is not None)
        }
        for target, plan in plans.items():
            missing = [t for t in groups.get(target, ()) if t not in plans or t in objections]
            if missing and target not in objections:
                objections[target] = Refused(Reason.TABLE, f"{missing[0].function}() stays")
            lonely = [name for name in plan.siblings if not _converted(plans, plan, name, objections)]
            if lonely and target not in objections:
                objections[target] = Refused(Reason.SIBLING, lonely[0])
        for target, no in objections.items():
            asked.give_up(target, no)
        if not objections:
            return


def _reads(plans: Mapping[Target, Plan], groups: Mapping[Target, frozenset[Target]], target: Target) -> bool:
    """Whether the memory is read, by the function or by one that shares its table, and so its contract."""
    return any(
        any(body.reads for body in plans[t].bodies[:1])
        for t in (target, *groups.get(target, ()))
        if t in plans
    )


def _converted(plans: Mapping[Target, Plan], plan: Plan, name: str, without: Collection[Target]) -> bool:
    """Whether the local `name` of the same declaration is converted, too."""
    scope = plan.bodies[0].scope
    return any(
        t.index == LOCAL
        and t not in without
        and (t.file, t.function, t.name) == (plan.target.file, plan.target.function, name)
        and other.bodies[0].scope == scope
        for t, other in plans.items()
    )


def _handed(plans: Mapping[Target, Plan]) -> set[tuple[str, Span]]:
    """Return the expressions, by file, that are given to what is converted."""
    return {place for plan in plans.values() for place in flows.spans((*plan.sources, *plan.stored))}


def _around(asked: _Asked) -> Around:
    plans, known = asked.plans, asked.known
    at: dict[tuple[str, int], list[uses.Body]] = {}
    for plan in plans.values():
        for body in plan.bodies:
            at.setdefault((body.function.file, body.function.named), []).append(body)
    given = frozenset(
        (f.file, f.span(node)) for plan in plans.values() for f, node in (*plan.given, *plan.made)
    )
    if known.to.reads:
        return Around(at, given, known.results, known.to)
    return Around(
        at,
        given,
        known.results,
        known.to,
        lambda function, leaf: flows.untyped(function, leaf, asked.kept.declared(function.file, known)[1]),
    )
