"""What a conversion is asked for, what it gives, and the reasons for which a pointer stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from memdesc.convert.edits import Edit


class Reason(StrEnum):
    """Why a parameter stays a page."""

    NOT_FOUND = "its declaration cannot be edited alone"
    UNREAD = "the function does not parse as it is written"
    CHANGED = "the pointer is assigned, counted on or its address is taken"
    NAME_TAKEN = "the new name is in use in the function"
    MAYBE_NULL = "nothing shows that it is never NULL: page_folio() reads what it is given"
    TABLE = "the function is stored in a table whose type cannot change, or handed on"
    MACRO = "a macro calls the function, or makes its name"
    SEVERAL = "the function is defined in several files"
    PROTOTYPE = "a declaration of the function cannot be edited"
    NOTHING = "nothing in the function is written for folios, and its callers have none"
    BUILD = "what was made of it does not compile as before"


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """A parameter to convert. file: from the tree's top. index: of the parameter, from 0."""

    file: str
    function: str
    index: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A parameter that stays, the reason, and what it is about."""

    target: Target
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was made of a set of parameters.

    Attributes: edits: file -> the edits of it; no file without any. converted, refused: in the order of file and
    function. touched: converted parameter -> the places (file, function) that its conversion edits; the function is
    empty for a prototype.
    """

    edits: Mapping[str, tuple[Edit, ...]]
    converted: tuple[Target, ...]
    refused: tuple[Refusal, ...]
    touched: Mapping[Target, frozenset[tuple[str, str]]]


class Refused(Exception):
    """A parameter cannot be converted."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class Says(StrEnum):
    """What a verification says of a file or a function."""

    BUILDS = "compiles as before"
    NOT_BUILT = "not built in this configuration"
    FAILS = "does not compile as before"
    IDENTICAL = "identical"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verification's word on one file (`function` is empty) or function; lines: what is new or differs."""

    file: str
    function: str
    says: Says
    lines: tuple[str, ...] = ()
