"""Convert, compile, give up what does not compile, and so on, until the rest does; then compare."""

from collections.abc import Callable
from dataclasses import dataclass

from memdesc.convert import compiling, correspondences, identical
from memdesc.convert.compiling import Shop
from memdesc.convert.correspondences import Correspondences
from memdesc.convert.edits import apply
from memdesc.convert.model import Conversion, Target, Verdict


@dataclass(frozen=True, slots=True)
class Proved:
    """A conversion of which all compiles as before, with the verdicts on it."""

    made: Conversion
    verdicts: list[Verdict]


def prove(
    shop: Shop,
    text: Callable[[str], bytes],
    convert: Callable[[frozenset[Target]], Conversion],
    known: Correspondences,
    *,
    compared: bool,
) -> Proved:
    """Return what is left of a conversion once what does not compile is given up.

    Args: convert: gives the conversion without some targets. compared: whether to compare functions in the judge
    build, too; a type that never had tails is compared in the ordinary one.
    """
    without: frozenset[Target] = frozenset()
    while True:
        made = convert(without)
        after = {path: apply(text(path), edits) for path, edits in made.edits.items()}
        verdicts = shop.build_both(after)
        blamed = compiling.blamed(made, verdicts, after)
        if not blamed:
            break
        without |= blamed
    if compared:
        flags = None
        if known.to.reads:
            flags = after.get(correspondences.FLAGS) or text(correspondences.FLAGS)
        verdicts += identical.compare(shop, after, made, known.same, flags)
    return Proved(made, verdicts)
