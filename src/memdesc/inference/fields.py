"""Members that are only reached by functions of the kernel: what a driver keeps with its device.

`pci_set_drvdata(pdev, x)` puts x where `pci_get_drvdata(pdev)` finds it; a driver never names the member. `declare()`
gives such a member a node for each part of the kernel, as linking does for members that are named.
"""

import os

import numpy as np

from memdesc.inference.link import Linked, part_of
from memdesc.source.signatures import Signatures


def spellings(name: str, path: str) -> tuple[str, ...]:
    """Return how the node of a member may be called that a file at `path` means, the nearest first."""
    return f"f:{name}#{path}", f"f:{name}#{os.path.dirname(path)}", f"f:{name}"


def declare(linked: Linked, signatures: Signatures) -> None:
    """Add a node for each member that calls put something into or read, and that the file does not name itself."""
    wanted: dict[int, str] = {}
    meant = {f"r:{s.name}": s.result.gives_field for s in signatures if s.result.gives_field}
    for signature in signatures:
        for n, slot in enumerate(signature.params):
            meant |= {f"a:{signature.name}:{n}": target for target in slot.into if "." in target}
    for number, op in enumerate(linked.ops):
        if op in meant:
            wanted[number] = meant[op]
    calls = linked.rows[np.isin(linked.rows[:, 2], list(wanted))]
    for op, file in np.unique(calls[:, [2, 7]], axis=0).tolist():
        path, name = linked.paths[file], wanted[op]
        if any(spelt in linked.symbols for spelt in spellings(name, path)):
            continue
        spelt = f"f:{name}#{part_of(path)}"
        linked.symbols[spelt] = linked.node_count
        linked.names[linked.node_count] = spelt
        linked.node_count += 1
