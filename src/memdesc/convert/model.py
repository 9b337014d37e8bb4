"""What a conversion is asked for, what it gives, and the reasons for which a pointer stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from memdesc.convert.edits import Edit


class Reason(StrEnum):
    """Why a pointer stays a page."""

    NOT_FOUND = "its declaration cannot be edited alone"
    UNREAD = "the function does not parse as it is written"
    CHANGED = "the pointer is assigned, counted on or its address is taken"
    NAME_TAKEN = "the new name is in use in the function"
    MAYBE_NULL = "nothing shows that it is never NULL: page_folio() reads what it is given"
    TABLE = "the function is stored in a table whose type cannot change, or handed on"
    MACRO = "a macro calls the function, or makes its name"
    SEVERAL = "the function is defined in several files"
    PROTOTYPE = "a declaration of the function cannot be edited"
    NOTHING = "nothing in the function is written for the new type, and its callers have none of it"
    MORE = "it would need more converters than it makes unnecessary"
    SIBLING = "it is declared together with what stays a page"
    EXPRESSION = "it is computed or used in a way that is not understood"
    MEMBER = "what the member holds is used in a way that is not understood, or of another type"
    TAIL = "it may be a tail: the function looks for the head"
    BUILD = "what was made of it does not compile as before"


RESULT, LOCAL, MEMBER = -1, -2, -3
"""What stands for the index of a parameter in a target that is none."""


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """What to convert: a parameter, a result, a local or a member of a struct.

    Attributes: file: from the tree's top. function: the tag of the struct for a member. index: of the parameter, from
    0; RESULT, LOCAL or MEMBER. name, line: of a local or a member, where it is declared.
    """

    file: str
    function: str
    index: int
    name: str = ""
    line: int = 0

    @property
    def role(self) -> str:
        """What it is: parameter, result, local or member."""
        return {RESULT: "result", LOCAL: "local", MEMBER: "member"}.get(self.index, "parameter")

    @property
    def holder(self) -> str:
        """What it belongs to: a function or a struct."""
        return f"struct {self.function}" if self.index == MEMBER else f"{self.function}()"

    @property
    def sought(self) -> str:
        """The word by which it is named elsewhere."""
        return self.name if self.index == MEMBER else self.function

    @property
    def what(self) -> str:
        """What it is, in words that follow the function's name."""
        if self.index == RESULT:
            return "result"
        return f"argument {self.index + 1}" if self.index >= 0 else f"{self.role} {self.name}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A target that stays, the reason, and what it is about."""

    target: Target
    reason: Reason
    detail: str = ""


Edits = Mapping[str, tuple[Edit, ...]]


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was made of a set of targets.

    Attributes: edits: file -> the edits of it; no file without any. converted, refused: in the order of file and
    function. touched: converted target -> the places (file, function) that its conversion edits; the function is
    empty for a prototype.
    """

    edits: Mapping[str, tuple[Edit, ...]]
    converted: tuple[Target, ...]
    refused: tuple[Refusal, ...]
    touched: Mapping[Target, frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Step:
    """One patch. targets: what it converts. before, after: file -> the edits of the tree before and after it."""

    targets: tuple[Target, ...]
    before: Edits
    after: Edits

    @property
    def files(self) -> list[str]:
        """The files that it changes."""
        paths = self.before.keys() | self.after.keys()
        return sorted(p for p in paths if self.before.get(p, ()) != self.after.get(p, ()))


class Refused(Exception):
    """A target cannot be converted."""

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
    HELD = "ran, and what it was given was of the type"
    NOT_RUN = "was not run"
    FIRED = "was given what is not of the type"
    BROKE = "did not come to its end"
    PASSED = "came to its end"


BOOTED = frozenset([Says.HELD, Says.NOT_RUN, Says.FIRED, Says.BROKE, Says.PASSED])
"""What a kernel that was booted says: of an exercise, or of an assertion."""
BAD = frozenset([Says.FAILS, Says.DIFFERS, Says.FIRED, Says.BROKE])
"""What makes a verification fail."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verification's word on one file or exercise (`function` is empty) or function; lines: what is new, differs or
    was said."""

    file: str
    function: str
    says: Says
    lines: tuple[str, ...] = ()
