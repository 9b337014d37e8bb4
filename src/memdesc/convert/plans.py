"""How one target is converted: what is edited for it, and where its value comes from and goes to."""

from dataclasses import dataclass, field

from memdesc.convert.edits import Edit
from memdesc.convert.flows import Source
from memdesc.convert.model import Target
from memdesc.convert.uses import Body


@dataclass(frozen=True, slots=True)
class Plan:
    """How one target is converted.

    Attributes: bodies: what becomes of a parameter in each definition of its function, of a local, or of each
    access to a member; the target's own first. declared: edits of declarations, by file. sources: the expressions
    that give it its value: arguments of calls, what is assigned, what is returned. given: the calls that get a
    result. members: of tables that hold the function. handed: the parameters of functions that it is given to.
    null: a caller passes NULL. siblings: names in the same declaration as a local.
    """

    target: Target
    bodies: tuple[Body, ...]
    declared: list[tuple[str, Edit]]
    sources: list[Source]
    given: list[Source] = field(default_factory=list)
    members: set[str] = field(default_factory=set)
    handed: set[tuple[str, int]] = field(default_factory=set)
    null: bool = False
    siblings: tuple[str, ...] = ()

    @property
    def made(self) -> list[Source]:
        """The expressions in its bodies that are a descriptor once it is converted."""
        return [(body.function, node) for body in self.bodies for node in body.given]

    @property
    def stored(self) -> list[Source]:
        """The pages that are put into members of it that hold descriptors."""
        return [(body.function, node) for body in self.bodies for node in body.sources]
