"""Records of what was inferred: which kinds each page pointer of a tree has, and its right declaration."""

from dataclasses import dataclass
from enum import StrEnum

from memdesc.kinds import Kind
from memdesc.records import Statistics, Step


class Role(StrEnum):
    """Where an entity is declared."""

    PARAM = "param"
    RETURN = "return"
    LOCAL = "local"
    FIELD = "field"
    GLOBAL = "global"


@dataclass(frozen=True, slots=True)
class Ground:
    """What speaks for an answer: a use, or where memory comes from.

    Attributes: what: the function or member. says: what it takes its argument for ("whole", "within", "exact",
    "as slab"), the kinds that it gives, or nothing.
    """

    file: str
    line: int
    what: str
    says: str


@dataclass(frozen=True, slots=True)
class Entity:
    """One declaration of a `struct page *` or `struct folio *`.

    Attributes: function: where it stands; empty for a field or a global. name: of the parameter, local or
    global, `tag.member` for a field, the function's for a return. index: position of a parameter from 0,
    None elsewhere. declared: the C type as written. arrives, demanded: kinds. descriptor: the type of the design
    that it should point to (without one: "folio", "slab", "netmem", "ptdesc", "zpdesc"), "page" when it really is a
    page of any or several kinds, None when undetermined. evidence: one sentence each. why: a clause that says why,
    or what would decide it. grounds: what the answer stands on, the nearest first.
    """

    file: str
    line: int
    function: str
    role: Role
    name: str
    index: int | None
    declared: str
    arrives: Kind
    demanded: Kind
    descriptor: str | None
    evidence: tuple[str, ...] = ()
    why: str = ""
    grounds: tuple[Ground, ...] = ()

    @property
    def type(self) -> str | None:
        """The type that it should point to: `descriptor`."""
        return self.descriptor


@dataclass(frozen=True, slots=True)
class Inference:
    """The result of an inference over a tree.

    Attributes: entities: in the order of file, line, role, name. left_out: how many there are in tools/ of the
    tree, where nobody asked for that folder. design, types: what there was to choose from. root: the folder
    that the files are relative to. containers: how many declarations hold pointers to pages and are none
    (`struct page **`, arrays), of which nothing is said.
    """

    tree: str
    kernel: str
    entities: tuple[Entity, ...]
    statistics: Statistics
    left_out: int = 0
    design: str = ""
    types: tuple[str, ...] = ()
    root: str = ""
    containers: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a pointer at one place can be and what is asked of it, with the evidence for both.

    Attributes: because: how each kind arrives, from where it was obtained to here. demands: the uses that
    restrict it, from here to the use. others: (column, text) of the other pointers of the line, when no column was
    asked for.
    """

    expression: str
    function: str
    file: str
    line: int
    column: int
    arrives: Kind
    demanded: Kind
    descriptor: str | None
    because: tuple[Step, ...] = ()
    demands: tuple[Step, ...] = ()
    root: str = ""
    others: tuple[tuple[int, str], ...] = ()
