"""What is found in a file when all its functions are read, and when those are that a tree would have read."""

from functools import lru_cache

from memdesc.findings.judge import judge
from memdesc.findings.levels import select
from memdesc.findings.model import Finding, Interpretation, Level
from memdesc.inference.constrain import constrain
from memdesc.inference.link import link
from memdesc.inference.solve import solve
from memdesc.layout.shipped import shipped
from memdesc.source import choosing, gather
from memdesc.source.signatures import Signatures, fitted, load
from memdesc.source.structs import described
from memdesc.source.vocabulary import vocabulary

VERSION = (6, 1)


@lru_cache(maxsize=1)
def _signatures() -> Signatures:
    return fitted(load(), shipped(None))


def found(data: bytes, name: str, all_functions: bool) -> dict[tuple[str, str, int, int], Finding]:
    """Return what is found in a file by itself, of any level."""
    if not all_functions and not choosing.relevant(data):
        return {}
    facts = gather.gather(data, vocabulary(), described(), gather.Scope(all_functions))
    graph = constrain(link([name], [facts], described()), _signatures(), VERSION)
    misuses = judge(solve(graph), lambda _: data, Interpretation.OTTAWA)
    kept = select(misuses, Level.NOTE, lambda _: True)
    return {(f.rule, f.function, f.line, f.column): f for f in kept}


def missed(data: bytes, name: str) -> tuple[int, list[Finding]]:
    """Return how much is found when all functions of a file are read, and what of it is not found otherwise."""
    everything, chosen = found(data, name, True), found(data, name, False)
    return len(everything), [finding for key, finding in everything.items() if key not in chosen]


def functions_read(data: bytes) -> list[str]:
    """Return the names of the functions that a tree would have read of a file."""
    facts = gather.gather(data, vocabulary(), described(), gather.Scope(False))
    return [function.name for function in facts.functions]
