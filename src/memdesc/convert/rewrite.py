"""Turns parameters `struct page *` into `struct folio *`, with declarations and calls.

What is converted is a set of parameters, each of which inference says is always a folio. Inside, what has a
correspondence is replaced by it, and every other use of the pointer's value becomes `&folio->page`, which is the
same address. A caller hands on its own folio, or `page_folio(page)`. Whatever cannot be understood in full is refused
with a reason and stays as it is.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from tree_sitter import Node

from memdesc.convert import paths, uses
from memdesc.convert.correspondences import Correspondences
from memdesc.convert.edits import Edit
from memdesc.convert.mentions import Mentions, Named, named
from memdesc.convert.model import Conversion, Reason, Refusal, Refused, Target
from memdesc.convert.parsed import Files, Function
from memdesc.convert.tables import Table, table
from memdesc.places import Span

_FOLIO_PAGE = re.compile(rb"&\s*(\w+)\s*->\s*page")


@dataclass(frozen=True, slots=True)
class _Plan:
    """How one parameter is converted: in each of its definitions, and where its function is named."""

    target: Target
    bodies: tuple[uses.Body, ...]
    named: Named


def rewrite(
    text: Callable[[str], bytes],
    targets: Collection[Target],
    known: Correspondences,
    mentions: Mentions = lambda _: (),
    without: Collection[Target] = (),
) -> Conversion:
    """Return the edits that convert as many of `targets` as is right.

    Args: text: gives the files of the tree. mentions: files that may mention a function that is not static.
    without: targets that do not build, and stay.
    """
    files = Files(text)
    plans: dict[Target, _Plan] = {}
    refused: list[Refusal] = []
    apart = {(t.function, t.index) for t in targets if t.file.endswith(".c") and not _static(files, t)}
    for target in sorted(set(targets)):
        if target.file.endswith(".h") and (target.function, target.index) in apart:
            continue  # what a header gives instead of the function is converted with it
        try:
            if target in without:
                raise Refused(Reason.BUILD)
            plans[target] = _plan(target, files, known, mentions)
        except Refused as no:
            refused.append(Refusal(target, no.reason, no.detail))
    groups = _together(plans, refused, files, mentions)
    _settle(plans, groups, refused, known)
    edits: dict[str, dict[Edit, None]] = {}
    touched: dict[Target, frozenset[tuple[str, str]]] = {}
    at, handed = _by_place(plans), _handed(plans)
    for target, plan in plans.items():
        places = {(path, "") for path, _ in plan.named.declared}
        for path, edit in plan.named.declared:
            edits.setdefault(path, {})[edit] = None
        for body in plan.bodies:
            mine = edits.setdefault(body.function.file, {})
            mine.update(dict.fromkeys(body.edits))
            mine.update(
                dict.fromkeys(h.edit for h in body.handed if (body.function.file, h.edit.span) not in handed)
            )
            places.add((body.function.file, body.function.name))
        for caller, argument in plan.named.calls:
            edits.setdefault(caller.file, {}).update(dict.fromkeys(_boundary(at, caller, argument)))
            places.add((caller.file, caller.name))
        touched[target] = frozenset(places)
    order = sorted(refused, key=lambda r: r.target)
    kept = {path: tuple(sorted(mine, key=_place)) for path, mine in sorted(edits.items()) if mine}
    return Conversion(kept, tuple(plans), tuple(order), touched)


def _static(files: Files, target: Target) -> bool:
    return all(function.static for function in files[target.file].defined(target.function))


def _place(edit: Edit) -> tuple[int, int]:
    return edit.span.start, edit.span.end


def _plan(target: Target, files: Files, known: Correspondences, mentions: Mentions) -> _Plan:
    own = files[target.file].defined(target.function)
    if not own:
        unread = target.function in files[target.file].unread
        raise Refused(Reason.UNREAD if unread else Reason.NOT_FOUND)
    where = named(target, files, mentions)
    if len({f.file for f in where.definitions if f.file.endswith(".c")}) > 1:
        raise Refused(Reason.SEVERAL)
    others = [f for f in where.definitions if f.file != target.file]
    bodies = tuple(uses.plan(each, target.index, known) for each in (*own, *others))
    return _Plan(target, bodies, where)


def _together(
    plans: dict[Target, _Plan], refused: list[Refusal], files: Files, mentions: Mentions
) -> dict[Target, frozenset[Target]]:
    """Return, for a function that a table holds, all that are stored in the same member.

    Adds the member's declaration and the calls through it to what names the function, and gives up what cannot be
    converted for what else the member holds.
    """
    groups: dict[Target, frozenset[Target]] = {}
    tables: dict[tuple[str, int], Table | Refused] = {}
    for target, plan in list(plans.items()):
        group: set[Target] = set()
        try:
            for member in plan.named.members:
                key = member, target.index
                if key not in tables:
                    try:
                        tables[key] = table(member, target.index, files, mentions)
                    except Refused as no:
                        tables[key] = no
                found = tables[key]
                if isinstance(found, Refused):
                    raise found
                group |= _stored(found, target.index, plans, files)
                plan.named.declared.extend(found.declared)
                plan.named.calls.extend(found.calls)
            groups[target] = frozenset(group)
        except Refused as no:
            refused.append(Refusal(target, no.reason, no.detail))
            del plans[target]
    return groups


def _stored(found: Table, index: int, plans: dict[Target, _Plan], files: Files) -> set[Target]:
    """Return the targets that a member holds. Raises: Refused: it holds what is no target, and takes a page."""
    group = set()
    for file, function in found.stored:
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


def _settle(
    plans: dict[Target, _Plan],
    groups: dict[Target, frozenset[Target]],
    refused: list[Refusal],
    known: Correspondences,
) -> None:
    """Give up, until nothing changes, what is of no use or may be given NULL."""
    judged: dict[tuple[str, Span], tuple[bool, bool]] = {}

    def sure(caller: Function, argument: Node) -> tuple[bool, bool]:
        """Whether it is known to be none NULL, and whether anybody asks."""
        key = caller.file, caller.span(argument)
        if key not in judged:
            surely = paths.known(caller, argument, known.functions)
            judged[key] = surely, not surely and paths.tested(caller, argument)
        return judged[key]

    def reads(target: Target) -> bool:
        """Whether the memory is read, by the function or by one that shares its table, and so its contract."""
        return any(plans[t].bodies[0].reads for t in (target, *groups.get(target, ())) if t in plans)

    while True:
        at = _by_place(plans)
        handed = _handed(plans)
        objections = {
            t: no
            for t, plan in plans.items()
            if (no := _objection(plan, reads(t), handed, at, sure)) is not None
        }
        for target in plans:
            missing = [t for t in groups.get(target, ()) if t not in plans or t in objections]
            if missing and target not in objections:
                objections[target] = Refused(Reason.TABLE, f"{missing[0].function}() stays")
        for target, no in objections.items():
            refused.append(Refusal(target, no.reason, no.detail))
            del plans[target]
        if not objections:
            return


def _objection(
    plan: _Plan,
    reads: bool,
    handed: Collection[tuple[str, Span]],
    at: dict[tuple[str, int], list[uses.Body]],
    sure: Callable[[Function, Node], tuple[bool, bool]],
) -> Refused | None:
    main = plan.bodies[0]
    used = any(
        b.useful or any((b.function.file, h.edit.span) in handed for h in b.handed) for b in plan.bodies
    )
    calls = plan.named.calls
    if (
        not used
        and not plan.named.members
        and (not calls or any(_own_folio(at, *call) is None for call in calls))
    ):
        return Refused(Reason.NOTHING)
    certain = all(body.certain for body in plan.bodies)
    for caller, argument in plan.named.calls:
        if certain or _own_folio(at, caller, argument) is not None:
            continue
        surely, asked = sure(caller, argument)
        if surely:
            continue
        if main.tests:
            return Refused(Reason.MAYBE_NULL, f"it is compared with NULL, and {caller.name}() does not")
        if not reads or asked:
            return Refused(Reason.MAYBE_NULL, f"called by {caller.name}()")
    return None


def _handed(plans: dict[Target, _Plan]) -> set[tuple[str, Span]]:
    """Return the arguments, by file, that are given to what is converted."""
    return {(c.file, c.span(argument)) for plan in plans.values() for c, argument in plan.named.calls}


def _by_place(plans: dict[Target, _Plan]) -> dict[tuple[str, int], list[uses.Body]]:
    """Return (file, offset of the name of a function) -> what is converted in that function."""
    found: dict[tuple[str, int], list[uses.Body]] = {}
    for plan in plans.values():
        for body in plan.bodies:
            found.setdefault((body.function.file, body.function.named), []).append(body)
    return found


def _own_folio(at: dict[tuple[str, int], list[uses.Body]], caller: Function, argument: Node) -> bytes | None:
    """Return the folio that a caller has already of the page that it hands on."""
    text = b"".join(caller.text(argument).split())
    for body in at.get((caller.file, caller.named), ()):
        if body.name == text:
            return body.renamed
    match = _FOLIO_PAGE.fullmatch(caller.text(argument))
    if match and re.search(
        rb"\bstruct\s+folio\s*\*(?:\s*\w+\s*,\s*\*)*\s*" + match[1] + rb"\b", caller.whole
    ):
        return match[1]
    local = uses.local(caller, text) if re.fullmatch(rb"\w+", text) else None
    if local is not None and local[1].end <= caller.span(argument).start:
        return local[0]
    return None


def _boundary(at: dict[tuple[str, int], list[uses.Body]], caller: Function, argument: Node) -> list[Edit]:
    span = caller.span(argument)
    folio = _own_folio(at, caller, argument)
    if folio is not None:
        return [Edit(span, folio)]
    return [Edit(Span(span.start, span.start), b"page_folio("), Edit(Span(span.end, span.end), b")")]
