"""What --verify finds: a page descriptor that breaks a rule of its kind."""

from dataclasses import dataclass

from memdesc.kernel.population import Page


@dataclass(frozen=True, slots=True)
class Breach:
    """A descriptor that breaks a rule.

    Attributes: pfn: of the page. kind: what the census takes it for. rule, says: its name and what should hold.
    descriptor: how the descriptor reads, in words; never what the page holds.
    """

    pfn: int
    kind: Page
    rule: str
    says: str
    descriptor: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A dump whose descriptors were checked. rules: those that apply to its layout, with what they say. skipped:
    those that do not. pages: descriptors checked. partial: what could not be read, and so was not checked."""

    origin: str
    pages: int
    rules: tuple[tuple[str, str], ...]
    skipped: tuple[str, ...]
    breaches: tuple[Breach, ...]
    partial: tuple[str, ...]
