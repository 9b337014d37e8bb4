"""A file is cut after its facts were collected, before its text is asked for."""

import fuzz_cache
from memdesc.findings.judge import judge
from memdesc.findings.model import Interpretation
from memdesc.inference.constrain import constrain
from memdesc.inference.link import link
from memdesc.inference.solve import solve
from memdesc.source.signatures import load
from memdesc.source.structs import described


def test_nothing_is_left() -> None:
    """All findings of the cases are judged without the text that they are in."""
    paths = sorted(fuzz_cache.CASES.glob("*.c"))
    facts = [fuzz_cache.facts_of(path) for path in paths]
    linked = link([f"drivers/a/{path.name}" for path in paths], facts, described())
    solution = solve(constrain(linked, load(), (6, 1)))
    for text in (b"", b"struct page *p;\n" * 40):
        assert judge(solution, lambda _, text=text: text, Interpretation.OTTAWA)
