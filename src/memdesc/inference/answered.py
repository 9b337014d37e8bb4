"""What a test of the kernel tells of memory that nothing else is known of.

`if (is_vmalloc_addr(p)) kfree(p);` is wrong wherever p comes from. Only a use of the very value that was tested
counts: behind the branch, where its ways meet, nothing is told. Where an address lies does not change. What a page
is may change after the test, and a reference may have been taken before it, so tests of pages tell nothing here.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from memdesc.inference.graph import TOLD_BY, Sink
from memdesc.inference.link import Linked
from memdesc.inference.transfer import Transfer
from memdesc.kinds import BESIDE, CAPABILITIES, STATES, Kind


def answered(
    linked: Linked, sinks: Iterable[Sink], passing: Callable[[str, int, bool], Transfer]
) -> Iterator[tuple[int, int, int, str]]:
    """Yield (node, kind, row, name) of what a test lets pass straight to a use that accepts nothing of it.

    Args: passing: what of argument N of a function passes when it answers so.
    """
    used: dict[int, list[Kind]] = {}
    for sink in sinks:
        if sink.demand.when is None and not sink.demand.interpretation and not sink.demand.contents:
            used.setdefault(sink.node, []).append(sink.demand.accepts)
    rows = linked.rows
    for number, op in enumerate(linked.ops):
        if op[:3] not in ("g+:", "g-:") or op.count(":") != 2:
            continue
        _, name, argument = op.split(":")
        kinds = Kind(passing(name, int(argument), op[1] == "+").keep) & ~(STATES | BESIDE)
        if not kinds or kinds & CAPABILITIES["linear"].kinds:
            continue
        for row in np.flatnonzero(rows[:, 2] == number).tolist():
            node = int(rows[row, 1])
            if any(not kinds & accepts for accepts in used.get(node, ())):
                yield node, int(kinds) & -int(kinds), row, f"{TOLD_BY} {name}"
