"""Packets that come from nowhere we can see: they are any packets, so what they hold meets in one node."""

import numpy as np

from memdesc.inference.graph import CALL, INTRA, Graph

_EVERY = "f:sk_buff.frags[]"


def meet(graph: Graph) -> None:
    """Let the contents of packets that are parameters, and that no call brings, flow to and from one node."""
    linked = graph.linked
    entered = set(graph.alike[graph.alike[:, 2] == CALL][:, 1].tolist())
    every = 0
    for spelt, number in linked.definitions.items():
        for n, (_, written) in enumerate(linked.functions[number][1].params):
            held = linked.symbols.get(f"p:{spelt}:{n}[]") if written.startswith("sk_buff *") else None
            if held is None or held in entered:
                continue
            if not every:
                every = linked.symbols.setdefault(_EVERY, linked.node_count)
                if every == linked.node_count:
                    linked.node_count += 1
                    linked.names[every] = _EVERY
                    graph.heap = np.append(graph.heap, True)
            graph.flows.append((every, held, INTRA, 0, -1, 0))
            graph.flows.append((held, every, INTRA, 0, -1, 0))
