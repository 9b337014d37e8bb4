"""What speaks against a conversion: it is of no use, or page_folio() might be given NULL."""

from collections.abc import Callable, Collection, Container, Iterable
from dataclasses import dataclass, field

from tree_sitter import Node

from memdesc.convert import flows, paths
from memdesc.convert.flows import Around, Source
from memdesc.convert.model import LOCAL, MEMBER, RESULT, Reason, Refused
from memdesc.convert.parsed import Files, Function
from memdesc.convert.plans import Plan
from memdesc.convert.uses import Body
from memdesc.places import Span

_Places = Collection[tuple[str, Span]]


@dataclass(slots=True)
class Judge:
    """Says what speaks against plans, given what else is converted. reading: gives of a file the functions, with the
    position of the argument, that read what they are given. pages: gives the names that a file sees declared as
    pages."""

    reading: Callable[[str], Container[tuple[str, int]]]
    pages: Callable[[str], Container[bytes]] | None = None
    _known: dict[tuple[str, Span], tuple[bool, bool]] = field(default_factory=dict)

    def objection(self, plan: Plan, reads: bool, handed: _Places, around: Around) -> Refused | None:
        """Return why a target stays, None if it is converted.

        Args: reads: whether what it points to is read there. handed: what is given to converted pointers.
        """
        for function, leaf in _converters((*plan.sources, *plan.stored), around):
            if not around.to.reads and flows.of_head(function, leaf):
                return Refused(Reason.TAIL, f"{function.text(leaf).decode('latin-1')} in {function.name}()")
            if self.pages is not None and not flows.page(function, leaf, self.pages(function.file)):
                what = function.text(leaf).decode("latin-1")
                return Refused(Reason.EXPRESSION, f"{what} is not seen to be declared as a page")
        if plan.target.index == LOCAL:
            return self._local(plan, handed, around)
        if plan.target.index == MEMBER:
            return self._member(plan, handed, around)
        if plan.target.index == RESULT:
            return self._result(plan, handed, around)
        return self._parameter(plan, reads, handed, around)

    @staticmethod
    def foreign(plan: Plan, around: Around) -> Refused | None:
        """Return why a pointer of which the inference says nothing stays: not all that it is given is converted."""
        sources = (*plan.sources, *plan.stored)
        if _converters(sources, around) or not _folios(sources):
            return Refused(Reason.NOTHING)
        return None

    def _sure(self, function: Function, leaf: Node) -> tuple[bool, bool]:
        """Whether it is known to be none NULL, and whether anybody asks."""
        key = function.file, function.span(leaf)
        if key not in self._known:
            surely = paths.known(function, leaf, self.reading(function.file))
            self._known[key] = surely, not surely and paths.tested(function, leaf)
        return self._known[key]

    def _parameter(self, plan: Plan, reads: bool, handed: _Places, around: Around) -> Refused | None:
        main = plan.bodies[0]
        some = any if around.to.reads else all
        used = any(
            b.useful or any((b.function.file, h.edit.span) in handed for h in b.handed) for b in plan.bodies
        )
        if (
            not used
            and not (plan.members or plan.handed)
            and (not plan.sources or some(_converters([source], around) for source in plan.sources))
        ):
            return Refused(Reason.NOTHING)
        if not around.to.reads:
            return None
        certain = (plan.target.function, plan.target.index) in self.reading(plan.target.file)
        for caller, leaf in _converters(plan.sources, around):
            if certain:
                continue
            surely, asked = self._sure(caller, leaf)
            if surely:
                continue
            if plan.null:
                return Refused(Reason.MAYBE_NULL, "a caller passes NULL")
            if main.tests:
                return Refused(Reason.MAYBE_NULL, f"it is compared with NULL, and {caller.name}() does not")
            if not reads or asked:
                return Refused(Reason.MAYBE_NULL, f"called by {caller.name}()")
        for function, leaf in _converters(plan.stored, around):
            body = next(b for b in plan.bodies if b.function is function)
            if (no := self._value(body, leaf)) is not None:
                return no
        return None

    def _local(self, plan: Plan, handed: _Places, around: Around) -> Refused | None:
        body = plan.bodies[0]
        function = body.function
        on = sum((function.file, h.edit.span) in handed for h in body.handed)
        outside = _converters(plan.sources, around)
        known = _folios(plan.sources) - len(outside)
        gains = body.gains + on + (known if body.gains + on else 0)
        if not body.gains + on + (0 if around.to.reads else known):
            return Refused(Reason.NOTHING)
        if not around.to.reads:
            return None
        if body.pages + len(body.handed) - on + len(outside) > gains:
            return Refused(Reason.MORE)
        for _, leaf in outside:
            if (no := self._value(body, leaf)) is not None:
                return no
        return None

    def _value(self, body: Body, leaf: Node) -> Refused | None:
        """Return why page_folio() cannot be put around what is assigned to a pointer; it might be NULL."""
        function = body.function
        surely, asked = self._sure(function, leaf)
        if surely:
            return None
        what = function.text(leaf).decode("latin-1")
        if body.tests:
            return Refused(Reason.MAYBE_NULL, f"it is compared with NULL or an error, and is {what}")
        if leaf.type == "call_expression":
            if not paths.read_after(function, leaf, body.name, self.reading(function.file)):
                return Refused(Reason.MAYBE_NULL, f"it is {what}")
        elif asked or not body.reads:
            return Refused(Reason.MAYBE_NULL, f"it is {what}")
        return None

    def _member(self, plan: Plan, handed: _Places, around: Around) -> Refused | None:
        on = sum((b.function.file, h.edit.span) in handed for b in plan.bodies for h in b.handed)
        known = _folios(plan.sources) - len(_converters(plan.sources, around))
        if around.to.reads:
            return Refused(Reason.MEMBER, "it may be NULL")
        if not sum(body.gains for body in plan.bodies) + on + known:
            return Refused(Reason.NOTHING)
        return None

    def _result(self, plan: Plan, handed: _Places, around: Around) -> Refused | None:
        outside = _converters(plan.sources, around)
        own = _folios(plan.sources) - len(outside)
        on = sum((f.file, f.span(call)) in handed for f, call in plan.given)
        if not on and ((plan.given and around.to.reads) or not own):
            return Refused(Reason.NOTHING)
        if not around.to.reads:
            return None
        if len(plan.given) - on + len(outside) > on + own:
            return Refused(Reason.MORE)
        for function, leaf in outside:
            if not self._sure(function, leaf)[0]:
                return Refused(Reason.MAYBE_NULL, f"it returns {function.text(leaf).decode('latin-1')}")
        return None


class Readers:
    """The functions, with the position of the argument, that read what they are given whatever else they do: those
    that are known, and those of plans that read it, or hand it on to such a one.

    That is true of a function as it stands, be it converted or not.
    """

    def __init__(self, known: Collection[tuple[str, int]], plans: Iterable[Plan], files: Files) -> None:
        self._known = known
        self._files = files
        self._wide: dict[tuple[str, int], str] = {}
        self._own: dict[str, set[tuple[str, int]]] = {}
        self._of: dict[str, Container[tuple[str, int]]] = {}
        left = [plan for plan in plans if plan.target.index >= 0]
        while fresh := [plan for plan in left if all(map(self._certain, plan.bodies))]:
            for plan in fresh:
                left.remove(plan)
                self._add(plan)

    def __call__(self, file: str) -> Container[tuple[str, int]]:
        """Return those that a file may call by their names."""
        if file not in self._of:
            wide = {key for key, home in self._wide.items() if home == file or not self._hidden(key[0], file)}
            self._of[file] = {*self._known, *wide, *self._own.get(file, ())}
        return self._of[file]

    def _add(self, plan: Plan) -> None:
        file, key = plan.target.file, (plan.target.function, plan.target.index)
        if file.endswith(".c") and all(body.function.static for body in plan.bodies):
            self._own.setdefault(file, set()).add(key)
        else:
            self._wide[key] = file

    def _certain(self, body: Body) -> bool:
        file = body.function.file
        own = self._own.get(file, ())
        return body.certain or any(
            each in self._known
            or each in own
            or (each in self._wide and (self._wide[each] == file or not self._hidden(each[0], file)))
            for each in body.passed
        )

    def _hidden(self, name: str, file: str) -> bool:
        """Whether a file has a function of its own of that name."""
        return any(function.static for function in self._files[file].defined(name))


def _folios(sources: Collection[Source]) -> int:
    """Return how many expressions are no NULL."""
    return sum(
        function.text(leaf) not in (b"NULL", b"0")
        for function, node in sources
        for leaf in flows.leaves(node)
    )


def _converters(sources: Collection[Source], around: Around) -> list[Source]:
    """Return the expressions that need page_folio()."""
    return [
        (function, leaf)
        for function, node in sources
        for leaf in flows.leaves(node)
        if flows.converter(around, function, leaf)
    ]
