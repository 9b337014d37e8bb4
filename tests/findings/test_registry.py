"""Rules: their declarations, their pages, and which rule a rejected kind breaks."""

import re

import pytest

from memdesc.findings.model import Impact, Interpretation, Level, Rule
from memdesc.findings.registry import FOLDER, base, candidates, page, rule_for, rules
from memdesc.kinds import ANY, BITS, CAPABILITIES, Kind
from memdesc.layout.shipped import shipped
from memdesc.source.signatures import Demand, fitted, load

SECTIONS = ["Why", "Example", "Known false alarms", "What to do", "Source"]
NEWYORK = Interpretation.NEWYORK


def demands() -> list[Demand]:
    """Return every demand of the shipped signatures and members, once."""
    known = fitted(load(), shipped(None))
    found = {d for s in known for slot in (s.result, *s.params) for d in slot.demands}
    found |= {d for member in known.members for d in member.demands}
    return sorted(found, key=lambda d: (d.word, d.action, d.contents, d.when or ()))


def test_every_rejected_kind_breaks_exactly_one_rule() -> None:
    """Whatever arrives where it is not accepted, one rule says so, and only one."""
    for demand in demands():
        for kind in BITS:
            if not kind & demand.accepts:
                found = [rule.name for rule in candidates(base(demand.word), demand.action, kind)]
                assert len(found) == 1, f"{demand.word} ({demand.action}), {kind.names}: {found}"
                assert rule_for(demand.word, demand.action, kind, NEWYORK) is rules()[found[0]]


def test_every_member_and_converter_has_a_rule_for_every_kind() -> None:
    """No kind can arrive at a member or a converter without a rule for it."""
    for kind in BITS:
        for action in ("member", "convert"):
            assert rule_for("", action, kind) is not None


def test_a_rule_that_names_the_word_goes_first() -> None:
    """The rule for a word goes before one for all words."""

    def name(word: str, action: str, kind: Kind, how: Interpretation = Interpretation.OTTAWA) -> str:
        rule = rule_for(word, action, kind, how)
        return rule.name if rule else "-"

    assert name("sendable", "use", Kind.SLAB) == "slab-page-sent"
    assert name("refcounted", "use", Kind.SLAB) == "slab-page-referenced"
    assert name("lockable|tail", "use", Kind.SLAB) == "unmappable-page"
    assert name("lockable", "use", Kind.TAIL) == "tail-page-as-head"
    assert name("linear", "use", Kind.STACK) == "stack-memory-as-linear"
    assert name("kmalloc-memory", "free", Kind.VMALLOC) == "mismatched-free"
    assert name("page-memory", "free", Kind.TABLE) == "table-not-destructed"
    assert name("table-memory", "free", Kind.DRIVER) == "table-not-constructed"
    assert name("puttable", "use", Kind.NET) == "pool-page-as-plain"
    assert name("sendable", "use", Kind.NONCOMP) == "uncounted-page-referenced"
    assert name("newyork:bare", "use", Kind.FILE) == "-"
    assert name("newyork:bare", "use", Kind.FILE, NEWYORK) == "compound-head-of-described"
    assert name("sendable", "use", Kind.SLAB, NEWYORK) == "slab-page-sent"


def test_the_lowest_kind_counts_when_several_arrive() -> None:
    """Of several kinds, the first decides which rule is broken."""
    assert rule_for("refcounted", "use", Kind.SLAB | Kind.NONCOMP) is rules()["slab-page-referenced"]


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.name)
def test_a_rule_is_declared_in_full(rule: Rule) -> None:
    """No field of a rule is left empty."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert rule.summary
    assert rule.summary[0].islower()
    assert not rule.summary.endswith(".")
    assert rule.false_positives
    assert rule.since
    assert rule.sources
    assert isinstance(rule.level, Level)
    assert isinstance(rule.impact, Impact)
    assert rule.arrives & ANY
    for word in rule.demands:
        plain = word.removeprefix("newyork:")
        assert plain in CAPABILITIES or plain in ("use", "free", "size", "member", "convert", "vmalloc", "coherent",
                                                  "folio-page"), word  # fmt: skip
        assert word.startswith("newyork:") == (rule.interpretation is NEWYORK)


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.name)
def test_a_rule_has_a_page(rule: Rule) -> None:
    """Every rule can be explained."""
    text = page(rule.name)
    assert text.startswith(f"# {rule.name}\n")
    assert re.findall(r"^## (.*)$", text, re.M) == SECTIONS
    blocks = re.findall(r"^```c\n(.*?)^```$", text, re.M | re.S)
    assert blocks, "no example"
    marked = [line for line in "".join(blocks).split("\n") if "// expect" in line]
    assert marked
    assert all(line.endswith("// expect") for line in marked)
    for source in rule.sources:
        assert f"- {source}\n" in text
    assert all(len(line) <= 130 for line in text.split("\n"))


def test_every_page_has_a_rule() -> None:
    """No page is left of a rule that is gone."""
    pages = {path.stem.replace("_", "-") for path in FOLDER.glob("*.md")}
    assert pages == set(rules())


def test_the_base_of_a_word_is_its_capability() -> None:
    """A word with a prefix belongs to the capability behind it."""
    assert base("lockable|tail") == "lockable"
    assert base("newyork:bare") == "newyork:bare"
    assert base("!slab|table") == "!slab|table"
    assert base("newyork:folio-page") == "newyork:folio-page"
