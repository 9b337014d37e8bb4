"""Records that several stages share: a step of a trace, what was not read, what a run cost."""

from dataclasses import dataclass, field
from enum import StrEnum


class Question(StrEnum):
    """Something that the configuration decides, and that a rule may depend on."""

    VMAP_STACK = "vmap-stack"  # stacks lie in vmalloc space
    REMAPPED_COHERENT = "remapped-coherent"  # coherent memory lies outside the linear map
    IMAGE_APART = "image-apart"  # static objects lie outside the linear map


@dataclass(frozen=True, slots=True)
class Step:
    """One place on the way from where memory was obtained to the use; lines and columns from 1.

    Attributes: column: counts bytes, as gcc does. text: the source line as it stands, indentation
    included. note: what happens there, without a trailing full stop.
    """

    file: str
    line: int
    column: int
    function: str
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that was not read: a file or a function (name empty for a whole file), and why."""

    file: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a run read and cost; seconds per phase, memory in bytes. layout: whose struct page decided.

    functions_defined: in all files that were read, of which `functions` were followed, and `functions_read` of these
    without a part that does not parse.
    """

    files: int = 0
    files_read: int = 0
    functions: int = 0
    functions_read: int = 0
    unread: tuple[Unread, ...] = ()
    cache_hits: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    peak_memory_bytes: int = 0
    nodes: int = 0
    edges: int = 0
    layout: str = ""
    functions_defined: int = 0
