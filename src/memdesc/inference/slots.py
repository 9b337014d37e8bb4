"""Questions about the parameters and results of signatures."""

from memdesc.kinds import ANY, Kind
from memdesc.source.signatures import Demand, Signature, Slot


def of_contents(demand: Demand) -> bool:
    """Whether a demand is on what a container holds unless it has a mark: each way there decides."""
    return demand.contents and demand.when is not None and demand.when[1] == "has" and not demand.when[3]


def takes_folio(slot: Slot) -> bool:
    """Whether a parameter is a folio by its type, and nothing else is said there of tail pages."""
    if not slot.ctype.replace("const ", "").startswith("struct folio *"):
        return False
    said = [d for d in slot.demands if not d.contents and not d.interpretation]
    return all(d.accepts & Kind.TAIL and "tail" not in d.word for d in said)


def accepted(signature: Signature, name: str) -> Kind:
    """What a parameter accepts: a clash is reported once and does not spread into the result."""
    return accepting(signature.params[signature.index(name)])


def accepting(slot: Slot) -> Kind:
    """What a parameter accepts at every call."""
    accepted = ANY
    for demand in slot.demands:
        if not demand.contents and demand.when is None and not demand.interpretation:
            accepted &= demand.accepts
    return accepted


def converts(signature: Signature) -> bool:
    """Whether a function gives another descriptor of what it is given."""
    at = signature.index(signature.result.gives_kind_of)
    given = signature.params[at].ctype if at >= 0 else ""
    own = signature.result.ctype
    return given.endswith("*") and own.endswith("*") and _tag(given) != _tag(own) and "struct" in own


def _tag(ctype: str) -> str:
    return ctype.replace("const ", "").removeprefix("struct ").rstrip(" *")


def joins(signature: Signature) -> bool:
    """Whether a call makes flows between its own arguments and its result."""
    result = signature.result
    return bool(
        result.gives_kind_of
        or result.gives_in
        or result.gives_same
        or any(s.into or s.merges for s in signature.params)
    )
