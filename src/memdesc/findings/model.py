"""Records of what was found: immutable, and all that a renderer needs."""

import hashlib
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from memdesc.kinds import Kind
from memdesc.records import Question as Question
from memdesc.records import Statistics as Statistics
from memdesc.records import Step as Step
from memdesc.records import Unread as Unread


class Level(IntEnum):
    """How sure a finding is; the higher, the surer."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The word in messages: error, warning, note."""
        return self.name.lower()


class Impact(StrEnum):
    """How bad it is when the finding is true."""

    MEMORY = "memory"  # corruption, use after free, leak of a page
    CRASH = "crash"  # an oops or a BUG()
    WRONG = "wrong"  # a wrong answer or refused call
    FUTURE = "future"  # fine today, breaks when descriptors are separate


class Interpretation(StrEnum):
    """The two readings of a folio; see docs/inference.md."""

    OTTAWA = "ottawa"  # any page that is not a tail; today
    NEWYORK = "newyork"  # its own structure that some pages refer to


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; its page lies beside it (`rules/<name>.md`).

    Attributes: name: kebab-case, says the pattern. summary: one line. demands: words of the signatures'
    demands that the rule is about (`sendable`, `linear`, `free`, `member`, `convert`, ...). arrives: the
    kinds whose arrival is the finding. false_positives: known ones, one sentence. since: version of
    memdesc. sources: where the kernel says so. architectures: the only ones below
    arch/ that the rule is about, all when empty. depends: what a breach of the rule needs of the
    configuration to do harm; where no architecture has it, there is no breach. place: the place breaks the
    rule whatever arrives there.
    by_file: whoever wrote a file breaks the rule out of habit; its places are one finding that counts them.
    owned: kinds that say nothing when their source gives folios as well: who obtained the memory has to change,
    not who finds it in a page table.
    """

    name: str
    summary: str
    demands: tuple[str, ...]
    arrives: Kind
    level: Level
    impact: Impact
    false_positives: str
    since: str
    sources: tuple[str, ...]
    interpretation: Interpretation = Interpretation.OTTAWA
    architectures: tuple[str, ...] = ()
    depends: Question | None = None
    place: bool = False
    by_file: bool = False
    owned: Kind = Kind.NONE


@dataclass(frozen=True, slots=True)
class Finding:
    """Memory of a kind that reaches a use which does not accept it.

    Attributes: message: one sentence that stands alone. trace: from the source to the use, the use last.
    sink: name of the function or member that does not accept. source: name of what gave the memory. when: the
    condition under which it goes wrong, as the end of a sentence; empty when it always does.
    """

    rule: str
    level: Level
    file: str
    line: int
    column: int
    function: str
    expression: str
    arrives: Kind
    accepts: Kind
    message: str
    sink: str
    source: str
    trace: tuple[Step, ...]
    when: str = ""

    @property
    def id(self) -> str:
        """Identity without line numbers: rule, file, function, expression, kinds, source and sink.

        Kinds do not count where the place itself is the finding, whatever arrives.
        """
        parts = (
            self.rule, self.file, self.function, " ".join(self.expression.split()), self.source, self.sink,
            ",".join(self.arrives.names) if self.source else "",
        )  # fmt: skip
        return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Allowance:
    """A suppression comment; see findings/allowed.py. wrong: why it suppresses nothing; empty when it may."""

    file: str
    line: int
    rule: str
    reason: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a check.

    Attributes: root: the folder that the files of the findings are relative to. notes: findings that were left out
    because they are notes and a higher level was asked for. allowed: misuses that comments suppress. unused: comments
    that suppress none.
    """

    tree: str
    kernel: str
    findings: tuple[Finding, ...]
    statistics: Statistics
    root: str = ""
    notes: int = 0
    allowed: int = 0
    unused: tuple[Allowance, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """A finding that a patch adds. cause: the line of the patch that brings it, None where that is the finding's own
    line, or where no line of the patch is near."""

    finding: Finding
    cause: Step | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What one patch does. subject: of the patch. mended: findings as they stood before it."""

    subject: str
    added: tuple[Added, ...]
    mended: tuple[Finding, ...]
