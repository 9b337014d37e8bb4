"""Print how many signatures the inference could have derived by itself: bench/signatures.py TREE [--list]

Each function that has a signature and a body in the tree is inferred as if it had none, from what its body does
with members, converters and functions whose signatures are kept; what comes out is compared with what the
signature says, clause by clause. Functions are left out in batches, none together with one that it calls or
is called by, so that each is inferred with all others known.

A demand is derived when the same kinds are demanded, and *stricter* or *weaker* when fewer or more are accepted; a
`gives` when the same kinds are returned; `gives kind of` when the argument flows into the result; evidence
(`whole`, `exact`, `as`) when the body shows it. Tests, locks, containers and marks (`true`, `ends`, `into`, `holds`,
`becomes`, ...) are not inferred from bodies at all.
"""

import argparse
import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from memdesc.inference.constrain import constrain
from memdesc.inference.evidence import Evidence, meaning
from memdesc.inference.graph import DESCRIPTORS
from memdesc.inference.grounds import Demands
from memdesc.inference.link import Linked, link
from memdesc.inference.owners import owners
from memdesc.inference.solve import Solution, solve
from memdesc.kinds import ANY, STATES, Kind
from memdesc.layout.kernel_tree import layout_of
from memdesc.layout.offer import types_of
from memdesc.source import kernel, reading
from memdesc.source.cache import Cache
from memdesc.source.signatures import Signature, Slot, fitted, load
from memdesc.source.structs import described
from memdesc.source.survey import cache_key

BY_HAND = ("guard", "into", "merges", "holds", "becomes", "drops", "ends", "noreturn", "sets", "takes", "leaves",
           "gives_in", "gives_same", "gives_field", "gives_when", "pages")  # fmt: skip


def calls(linked: Linked) -> dict[str, set[str]]:
    """Return the names that each function calls, by name."""
    found: dict[str, set[str]] = {}
    called = {n: op.split(":")[1] for n, op in enumerate(linked.ops) if op[:2] in ("a:", "r:")}
    pairs = np.unique(linked.rows[:, [6, 2]], axis=0)
    for function, op in pairs.tolist():
        if op in called and 0 <= function < len(linked.functions):
            found.setdefault(linked.functions[function][1].name, set()).add(called[op])
    return found


def batches(names: list[str], calling: dict[str, set[str]]) -> list[list[str]]:
    """Return the names in as few groups as a greedy walk finds, without callers and callees in one."""
    out: list[list[str]] = []
    for name in names:
        for group in out:
            if not any(other in calling.get(name, ()) or name in calling.get(other, ()) for other in group):
                group.append(name)
                break
        else:
            out.append([name])
    return out


def of_slot(slot: Slot, node: int, demands: Demands) -> list[tuple[str, str]]:
    """Return (clause, how it was derived) for each clause of a parameter."""
    found = []
    said = ANY
    for demand in slot.demands:
        if demand.contents or demand.when is not None or demand.interpretation:
            found.append(("conditions, contents, newyork", "by hand"))
        else:
            said &= demand.accepts
    if said != ANY:
        own = Kind(int(demands.accepts[node])) | STATES if node else ANY
        said |= STATES
        how = (
            "derived"
            if own == said
            else "nothing"
            if own == ANY
            else "weaker"
            if not said & ~own
            else "stricter"
        )
        found.append(("demand", how))
    if slot.descriptor in DESCRIPTORS:
        shown = bool(node) and bool(int(demands.evidence.beyond[node]) & meaning(slot.descriptor))
        found.append(("evidence", "derived" if shown else "nothing"))
    found += [("tests, locks, containers, marks", "by hand") for name in BY_HAND if getattr(slot, name)]
    return found


def of_result(
    signature: Signature, node: int, params: list[int], solution: Solution
) -> list[tuple[str, str]]:
    """Return (clause, how it was derived) for each clause of the result."""
    slot = signature.result
    found = [("tests, locks, containers, marks", "by hand") for name in BY_HAND if getattr(slot, name)]
    if slot.gives and not slot.pages:
        own = Kind(solution.at(node)) & ~STATES if node else Kind.NONE
        said = slot.gives & ~STATES
        how = (
            "derived"
            if own == said
            else "nothing"
            if not own
            else "weaker"
            if not own & ~said
            else "stricter"
        )
        found.append(("gives", how))
    if slot.gives_kind_of:
        start = params[signature.index(slot.gives_kind_of)]
        found.append(
            ("gives kind of", "derived" if node and start and flows(solution, start, node) else "nothing")
        )
    return found


def flows(solution: Solution, start: int, end: int) -> bool:
    """Whether what a parameter holds may be returned, by way of summaries of what is called."""
    edges = solution.edges
    seen, work = {start}, [start]
    while work and len(seen) < 2000:
        node = work.pop()
        first, last = np.searchsorted(edges[:, 0], (node, node + 1)).tolist()
        for target, sort in edges[first:last, 1:3].tolist():
            if target == end:
                return True
            if sort == 0 and target not in seen and not solution.graph.heap[target]:
                seen.add(target)
                work.append(target)
    return False


def content(path: Path) -> bytes:
    """Return the bytes of a file of the tree, none when there is no such file."""
    return path.read_bytes() if path.is_file() else b""


def main() -> int:
    """Derive and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tree", type=Path)
    parser.add_argument(
        "--list", action="store_true", help="print each signature that has a body, and its clauses"
    )
    arguments = parser.parse_args()
    version = kernel.version(arguments.tree)
    jobs = len(os.sched_getaffinity(0))
    with Cache(cache_key()) as cache:
        survey = reading.survey([arguments.tree], arguments.tree, cache, jobs, lambda *_: None)
        paths, files = reading.facts(survey, cache, jobs, lambda *_: None)
    linked = link(paths, files, described())
    known = fitted(load(), layout_of(lambda path: content(arguments.tree / path), version))
    meant = {s.name: s for s in known if s.holds_for(version)}
    bodies = sorted(name for name in meant if name in linked.definitions)
    groups = batches(bodies, calls(linked))
    symbols = linked.symbols
    results: dict[str, list[tuple[str, str]]] = {}
    for number, group in enumerate(groups):
        print(f"batch {number + 1} of {len(groups)}: {len(group)} functions", file=sys.stderr)
        kept = {name: value for name, value in known.functions.items() if name not in set(group)}
        solution = solve(constrain(linked, replace(known, functions=kept), version))
        types = types_of(None, None)
        demands = Demands(solution, Evidence(solution, types, owners(solution.graph, types)))
        for name in group:
            signature = meant[name]
            params = [symbols.get(f"p:{name}:{n}", 0) for n in range(len(signature.params))]
            found = of_result(signature, symbols.get(f"r:{name}", 0), params, solution)
            for slot, node in zip(signature.params, params, strict=True):
                found += of_slot(slot, node, demands)
            results[name] = found
    report(meant, results, arguments.list)
    return 0


def report(meant: dict[str, Signature], results: dict[str, list[tuple[str, str]]], listing: bool) -> None:
    """Print the counts."""
    clauses: dict[str, Counter[str]] = {}
    for found in results.values():
        for clause, how in found:
            clauses.setdefault(clause, Counter())[how] += 1
    whole = [name for name, found in results.items() if found and all(how == "derived" for _, how in found)]
    part = [n for n, found in results.items() if n not in whole and any(how == "derived" for _, how in found)]
    bare = [name for name, found in results.items() if not found]
    print(f"{len(meant)} signatures hold for this kernel, {len(results)} of them have a body in it")
    print(f"{len(whole)} derived in whole, {len(part)} in part; {len(bare)} only say that nothing happens")
    for clause, count in sorted(clauses.items()):
        print(f"    {clause}: " + ", ".join(f"{n} {how}" for how, n in count.most_common()))
    if listing:
        for name, found in sorted(results.items()):
            print(f"{name}: " + "; ".join(f"{clause} {how}" for clause, how in found))


if __name__ == "__main__":
    sys.exit(main())
