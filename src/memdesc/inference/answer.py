"""Answers from a solution: what each declared pointer should be, what stands at a place, dumps of stages."""

import os
from collections.abc import Callable, Sequence

import numpy as np

from memdesc.escape import visible
from memdesc.inference.declare import Entity, Explanation, Ground, Role
from memdesc.inference.descriptor import PAGE, Seen, judge
from memdesc.inference.evidence import KINDS, UNKNOWN, Evidence
from memdesc.inference.grounds import Demands, Found, says
from memdesc.inference.link import Linked
from memdesc.inference.owners import owners
from memdesc.inference.solve import Solution
from memdesc.inference.standing import nearest, standing, written
from memdesc.inference.tables import agree
from memdesc.inference.trace import Tracer
from memdesc.kinds import ANY, BITS, NAMES, Kind
from memdesc.places import Lines
from memdesc.records import Step
from memdesc.source.facts import WIDTH, Declared, FileFacts
from memdesc.types import Types

Texts = Callable[[str], bytes]


def entities(
    solution: Solution, texts: Texts, wanted: Callable[[str], bool], types: Types
) -> tuple[Entity, ...]:
    """Return every page and folio pointer that is declared in files that are wanted, by file and line."""
    linked = solution.graph.linked
    evidence = Evidence(solution, types, owners(solution.graph, types))
    demands = Demands(solution, evidence)
    found: list[Entity] = []
    lines: dict[str, Lines] = {}
    bases = 0
    for n, facts in enumerate(linked.files):
        path = linked.paths[n]
        first = bases
        bases += len(facts.functions)
        if not wanted(path):
            continue
        place = None
        for declared in facts.declared:
            if place is None:
                place = lines.setdefault(path, Lines(texts(path)))
            nodes = [linked.node(n, node) for node in declared.nodes]
            accepts = int(ANY)
            for node in nodes:
                accepts &= int(demands.accepts[node])
            seen = _seen(solution, evidence, nodes, declared)
            function = linked.functions[first + declared.function][1].name
            verdict = judge(seen, types)
            grounds = tuple(
                _ground(linked, one, lines, texts) for one in demands.grounds(nodes, verdict, types)
            )
            why = verdict.why
            open_ = seen.around & UNKNOWN or not seen.arrives
            if verdict.name is None and open_ and (lacking := demands.unknown(nodes)):
                why = f"{why}; {lacking}"
            found.append(
                Entity(
                    path,
                    place.line(declared.offset),
                    function,
                    Role(declared.role),
                    declared.name,
                    declared.index if declared.role == "param" else None,
                    declared.ctype,
                    seen.arrives,
                    Kind(accepts),
                    verdict.name,
                    tuple(f"{one.what} at {one.file}:{one.line}" for one in grounds),
                    why,
                    grounds,
                )
            )
        found += _fields(solution, demands, evidence, n, path, texts, lines, types)
    told = agree(found, linked, types.folio.name if types.folio is not None else PAGE)
    return tuple(sorted(told, key=lambda e: (e.file, e.line, e.role.value, e.name)))


def _ground(linked: Linked, found: Found, lines: dict[str, Lines], texts: Texts) -> Ground:
    at = linked.rows[found.row]
    where = linked.paths[int(at[7])]
    place = lines.get(where) or lines.setdefault(where, Lines(texts(where)))
    return Ground(where, place.line(int(at[4])), found.name, says(found.says))


def _seen(solution: Solution, evidence: Evidence, nodes: Sequence[int], declared: Declared) -> Seen:
    returned = declared.role == "return"
    valued = list(nodes)
    if returned:
        first, last = np.searchsorted(evidence.targets, (nodes[0], nodes[0] + 1)).tolist()
        valued = evidence.sources[first:last].tolist()
    arrives = here = beyond = before = around = refused = 0
    for node in nodes:
        arrives |= solution.at(node)
        before |= int(evidence.before[node])
        around |= int(evidence.around[node])
        refused |= int(evidence.refused[node])
        if returned:
            beyond |= int(evidence.after[node])
    for node in valued:
        here |= int(evidence.here[node])
        beyond |= int(evidence.beyond[node])
    offered = solution.graph.offered.get(nodes[0]) if declared.role != "local" else None
    return Seen(Kind(arrives), here, beyond, before, declared.ctype, returned, offered, around, Kind(refused))


def _fields(
    solution: Solution,
    demands: Demands,
    evidence: Evidence,
    number: int,
    path: str,
    texts: Texts,
    lines: dict[str, Lines],
    types: Types,
) -> list[Entity]:
    linked = solution.graph.linked
    found = []
    facts = linked.files[number]
    for tag in facts.packed_structs:
        for name, (base, depth, array) in (facts.members(tag) or {}).items():
            if base not in ("page", "folio") or depth != 1 or array:
                continue
            spellings = (
                f"f:{tag}.{name}",
                f"f:{tag}@{number}.{name}",
                f"f:{tag}.{name}#{os.path.dirname(path)}",
            )
            node = next((linked.symbols[s] for s in spellings if s in linked.symbols), None)
            place = lines.setdefault(path, Lines(texts(path)))
            at = _find(texts(path), tag, name)
            arrives = solution.at(node) if node is not None else 0
            done = accepts = around = 0
            grounds: tuple[Ground, ...] = ()
            readers: list[int] = []
            if node is not None:
                accepts = int(ANY)
                done, around = int(evidence.beyond[node]) & KINDS, int(evidence.around[node])
                first, last = np.searchsorted(solution.edges[:, 0], (node, node + 1)).tolist()
                readers = solution.edges[first:last, 1].tolist()
                for reader in readers:
                    done |= int(evidence.beyond[reader])
                    accepts &= int(demands.accepts[reader])
            verdict = judge(
                Seen(Kind(arrives), done, done, 0, f"struct {base} *", around=around or UNKNOWN), types
            )
            if readers:
                said = demands.grounds(readers, verdict, types)
                grounds = tuple(_ground(linked, one, lines, texts) for one in said)
            found.append(
                Entity(
                    path,
                    place.line(at),
                    "",
                    Role.FIELD,
                    f"{tag}.{name}",
                    None,
                    f"struct {base} *",
                    Kind(arrives),
                    Kind(accepts or int(ANY)),
                    verdict.name,
                    tuple(f"{one.what} at {one.file}:{one.line}" for one in grounds),
                    verdict.why,
                    grounds,
                )
            )
    return found


def _find(text: bytes, tag: str, member: str) -> int:
    start = max(text.find(f"struct {tag} {{".encode()), 0)
    at = text.find(f"*{member}".encode(), start)
    return at if at >= 0 else start


def explain(
    solution: Solution, texts: Texts, file: str, line: int, column: int, types: Types
) -> Explanation | tuple[tuple[int, int, str], ...]:
    """Return what is known of the pointer at a place, or the nearest pointers (line, column, text) of none."""
    linked = solution.graph.linked
    if file not in linked.paths:
        return ()
    seen = Evidence(solution, types, owners(solution.graph, types))
    demands = Demands(solution, seen)
    number = linked.paths.index(file)
    place = Lines(texts(file))
    start, end = place.start_of(line), place.start_of(line + 1)
    here = np.flatnonzero(
        (linked.rows[:, 7] == number) & (linked.rows[:, 4] >= start) & (linked.rows[:, 4] < end)
    )
    best: tuple[tuple[int, int], int, int] | None = None
    for row in here.tolist():
        source, target, _op, _site, offset = (int(v) for v in linked.rows[row, :5])
        node = target if target and (not source or solution.graph.heap[source]) else source
        score = (-abs(offset - start - column + 1) if column else 0, bin(solution.at(node)).count("1") > 0)
        if best is None or score > best[0]:
            best = (score, row, node)
    if best is None:
        return tuple(nearest(solution, demands, file, texts(file), line))
    _, row, node = best
    tracer = Tracer(solution)
    because: list[Step] = []
    arrives = solution.at(node)
    lines: dict[str, Lines] = {file: place}

    def step(at: int, note: str) -> Step:
        facts = linked.rows[at]
        where = linked.paths[int(facts[7])]
        text = lines.setdefault(where, Lines(texts(where)))
        one, two = text.line_column(int(facts[4]))
        return Step(where, one, two, linked.functions[int(facts[6])][1].name, text.text_of(one), note)

    for kind in BITS:
        if arrives & kind and len(because) < 6:
            way = tracer.find(node, int(kind), -1)
            if way is not None:
                because.append(
                    step(way.row, f"{NAMES[kind]} from {way.source}{'' if '->' in way.source else '()'}")
                )
    asked = [step(one.row, one.name) for one in demands.uses([node], most=6)]
    offset = int(linked.rows[row, 4])
    text = texts(file)
    one, two = place.line_column(offset)
    expression = written(text, offset)
    others = standing(solution, demands, file, text, line, line) if not column else []
    return Explanation(
        expression,
        linked.functions[int(linked.rows[row, 6])][1].name,
        file,
        one,
        two,
        Kind(arrives),
        Kind(int(demands.accepts[node])),
        judge(
            Seen(Kind(arrives), int(seen.here[node]), int(seen.beyond[node]), int(seen.before[node])), types
        ).name,
        tuple(because),
        tuple(asked),
        others=tuple((at, said) for _, at, said in others if at != two and said != expression),
    )


def dump_facts(files: Sequence[FileFacts], paths: Sequence[str]) -> str:
    """Return the facts of files as text, an edge a line: function, offset, nodes, construct, conditions."""
    out = []
    for path, facts in zip(paths, files, strict=True):
        names = dict(facts.symbols)
        conditions = facts.conditions()
        out.append(f"{visible(path)}: {len(facts.functions)} functions, {facts.node_count} nodes")
        for at in range(0, len(facts.edges), WIDTH):
            source, target, op, _site, offset, condition, function = facts.edges[at : at + WIDTH]
            under = " ".join(("" if answer else "!") + atom for atom, answer in conditions[condition])
            where = facts.functions[function].name if function < len(facts.functions) else ""
            out.append(
                f"{where} +{offset}: {names.get(source, source)} -> "
                f"{names.get(target, target)} {facts.strings[op]}" + (f" if {under}" if under else "")
            )
    return "\n".join(out) + "\n"


def dump_graph(solution: Solution) -> str:
    """Return the flows of a solved graph as text, one a line, then its demands."""
    names = solution.graph.linked.names
    sorts = ("within", "into", "out of")
    out = []
    for source, target, sort, transfer, _row, _site in solution.edges.tolist():
        step = solution.graph.table.all[transfer]
        keeps = f" keeps {_kept(Kind(step.keep))}" if step.keep != int(ANY) else ""
        out.append(f"{names.get(source, source)} -> {names.get(target, target)} {sorts[sort]}{keeps}")
    for sink in solution.graph.sinks:
        out.append(
            f"{names.get(sink.node, sink.node)} => {sink.name} {sink.demand.action} {sink.demand.word}"
        )
    return "\n".join(out) + "\n"


def _kept(kinds: Kind) -> str:
    """Return a set of kinds by what is in it, or by what is not when that is shorter."""
    missing = (ANY & ~kinds).names
    return "all but " + "|".join(missing) if len(missing) < len(kinds.names) else "|".join(kinds.names)


def dump_planes(solution: Solution) -> str:
    """Return the kinds of every node at which some arrive, by plane, and the flows that summaries laid."""
    names = solution.graph.linked.names
    out = []
    own = {tuple(edge) for edge in solution.graph.edges().tolist()}
    for edge in solution.edges.tolist():
        if tuple(edge) not in own:
            out.append(f"summary at a call: {names.get(edge[0], edge[0])} -> {names.get(edge[1], edge[1])}")
    for node in np.flatnonzero(solution.up | solution.down).tolist():
        planes = (("up", solution.up[node]), ("down", solution.down[node]))
        said = ", ".join(f"{plane} {'|'.join(Kind(int(kinds)).names)}" for plane, kinds in planes if kinds)
        heap = " (a member or global)" if solution.graph.heap[node] else ""
        out.append(f"{names.get(node, node)}{heap}: {said}")
    return "\n".join(out) + "\n"


def dump_kinds(solution: Solution) -> str:
    """Return the kinds of every named node as text, one a line."""
    out = []
    for name, node in sorted(solution.graph.linked.symbols.items()):
        kinds = Kind(solution.at(node)).names
        out.append(f"{name}: {'|'.join(kinds) or 'unknown'}")
    return "\n".join(out) + "\n"
