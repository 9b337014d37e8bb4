"""Summaries: what a function does by its body, as a signature that could stand for it where the body is not read.

What it demands of its parameters is said by `effects`; what it gives is said here: memory that it obtained, or an
argument, or another view of one. What a member or a global holds is not told: that is a matter of the whole kernel,
and not of the function.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from memdesc.inference.effects import Effects
from memdesc.inference.graph import INTRA, Graph
from memdesc.inference.transfer import SAME
from memdesc.kinds import ANY, BESIDE, BITS, CAPABILITIES, NAMES, STATES, Kind, beside
from memdesc.source.graphing import DESCRIPTORS, INTEGERS, PAGES
from memdesc.source.signatures import PAGE_WORDS, Demand

_DEEP = 8
_MOST_KINDS = 10
_ACTIONS = {"use": "wants", "free": "frees", "member": "keeps", "convert": "converts"}
_ADDRESSES = INTEGERS | PAGES
_LANGUAGE = frozenset({"stack", "global", "percpu", "user"})


@dataclass(frozen=True, slots=True)
class Summary:
    """A function and what its body shows: clauses of its parameters and of its result, as signatures have them."""

    name: str
    file: str
    params: tuple[tuple[str, str], ...]
    result: str
    clauses: dict[int, tuple[str, ...]]
    """By parameter; -1 is the result."""


class Summaries:
    """Finds what the functions of a graph do, each by its own body and those that it calls."""

    def __init__(self, graph: Graph, effects: Effects) -> None:
        self.graph, self.effects = graph, effects
        self.bodies, self.signed = effects.bodies, effects.signed
        self._sources: dict[int, int] = {}
        for node, kinds, _row, name in graph.sources:
            if name not in _LANGUAGE:
                self._sources[node] = self._sources.get(node, 0) | kinds
        self._gives: dict[str, Kind] = {}
        self._views: dict[int, list[tuple[int, int]]] = {}
        for source, target, sort, transfer, _row, site in graph.flows:
            if sort == INTRA and site:
                self._views.setdefault(target, []).append((source, graph.table.all[transfer].keep))

    def all(self, wanted: Callable[[str, str], bool]) -> Iterator[Summary]:
        """Yield the summaries of all functions that say anything, by name. Args: wanted: of a name and its file."""
        linked = self.bodies.linked
        for name, functions in sorted(self.bodies.defined.items()):
            if "@" in name or self.signed(name):
                continue
            file, facts = linked.functions[functions[0]]
            if not wanted(name, linked.paths[file]) or any(not p.isidentifier() for p, _ in facts.params):
                continue
            clauses = {n: tuple(each) for n, each in self._demands(name) if each}
            given = self._result(name, functions)
            if given:
                clauses[-1] = (given,)
            if clauses:
                yield Summary(name, linked.paths[file], facts.params, facts.result, clauses)

    def _demands(self, name: str) -> Iterator[tuple[int, list[str]]]:
        asserted = {
            number: demands
            for (function, number), demands in self.graph.derived.demands.items()
            if function == name
        }
        done = self.effects.of(name)
        for number in sorted({*asserted, *done}):
            found = [d.demand for d in (*asserted.get(number, ()), *done.get(number, ()))]
            yield number, said(found)

    def _result(self, name: str, functions: list[int]) -> str:
        node = self.bodies.linked.symbols.get(f"r:{name}", 0)
        if not node:
            return ""
        written = self.bodies.linked.functions[functions[0]][1].result
        if written and "*" not in written and written not in _ADDRESSES:
            return ""
        passed = {self._passes(function, node) for function in functions}
        if len(passed) == 1 and (only := passed.pop()):
            return only
        given = self.gives(name) & ~STATES
        return f"gives {'|'.join(given.names)}" if given else ""

    def _passes(self, function: int, node: int) -> str:
        params = self.bodies.linked.functions[function][1].params
        for number, reached in self.bodies.parameters(function).items():
            if node in reached:
                kept = Kind(reached[node].keep)
                mask = "" if reached[node] == SAME else f" & {worded(kept)}"
                return f"gives kind of {params[number][0]}{mask}" if kept else ""
        return ""

    def gives(self, name: str, depth: int = 0) -> Kind:
        """Return the kinds of memory that a function obtains and returns."""
        found = self._gives.get(name)
        if found is None:
            self._gives[name] = Kind.NONE
            found = self._given(name, depth)
            if depth < _DEEP:
                self._gives[name] = found
        return found

    def _given(self, name: str, depth: int) -> Kind:
        linked = self.bodies.linked
        end = linked.symbols.get(f"r:{name}", 0)
        if not end or depth > _DEEP:
            return Kind.NONE
        total = Kind.NONE
        for function in self.bodies.defined.get(name, ()):
            into: dict[int, list[tuple[int, str]]] = {}
            for row in self.bodies.rows(function):
                source, target, op = linked.rows[row, :3].tolist()
                if target:
                    into.setdefault(target, []).append((source, linked.ops[op]))
            seen: dict[int, int] = {end: int(ANY)}
            work = [end]
            while work:
                node = work.pop()
                keep = seen[node]
                total |= Kind(self._sources.get(node, 0) & keep) if node != end else Kind.NONE
                ways = list(self._views.get(node, ()))
                for source, op in into.get(node, ()):
                    if op[:2] == "r:" and op[2:3] != "." and not self.signed(op[2:]):
                        total |= self.gives(op[2:], depth + 1) & Kind(keep)
                    passed = self._kept(op)
                    if passed and source and not self.graph.heap[source]:
                        ways.append((source, passed))
                for source, passed in ways:
                    if seen.get(source, 0) | (keep & passed) != seen.get(source, 0):
                        seen[source] = seen.get(source, 0) | (keep & passed)
                        work.append(source)
        return total

    def _kept(self, op: str) -> int:
        """Return what passes along an edge of a body, 0 where the value that comes out is another one."""
        if op in ("=", "&"):
            return int(ANY)
        if op[:3] in ("g+:", "g-:"):
            _, name, argument = op.split(":")[:3]
            return self.bodies.guard(name, int(argument), op[1] == "+").keep
        return 0


def said(demands: Iterable[Demand]) -> list[str]:
    """Return demands as clauses, those that another contains left out."""
    kept: dict[str, tuple[str, Kind]] = {}
    for demand in demands:
        if (
            demand.contents
            or demand.when is not None
            or demand.interpretation
            or demand.action not in _ACTIONS
        ):
            continue
        clause = _ACTIONS[demand.action]
        word = demand.word
        named = all(w in CAPABILITIES or w in PAGE_WORDS for w in word.split("|"))
        before = kept.get(clause)
        if before is None:
            kept[clause] = (word if named else worded(demand.accepts, beside(demand.action)), demand.accepts)
        elif before[1] & ~demand.accepts:
            accepts = before[1] & demand.accepts
            kept[clause] = (
                word if named and accepts == demand.accepts else worded(accepts, beside(demand.action)),
                accepts,
            )
    return [f"{clause} {word}" for clause, (word, _) in kept.items()]


def worded(accepts: Kind, added: Kind = BESIDE) -> str:
    """Return kinds in the notation, the shorter way. Args: added: kinds that the notation adds to a list."""
    refused = [NAMES[bit] for bit in BITS if ANY & ~accepts & bit]
    kept = [NAMES[bit] for bit in BITS if accepts & bit & ~added]
    if not kept:
        return "none"
    return (
        "|".join(kept) if len(kept) < len(refused) and len(kept) <= _MOST_KINDS else "!" + "|".join(refused)
    )


def rendered(summary: Summary) -> str:
    """Return a summary as a prototype in the notation of signatures."""
    params = []
    for number, (name, written) in enumerate(summary.params):
        clauses = summary.clauses.get(number, ())
        said_ = f" /* {'; '.join(clauses)} */" if clauses else ""
        params.append(f"{_typed(written)}{name}{said_}")
    given = summary.clauses.get(-1, ())
    result = _typed(summary.result or "type")
    behind = f" /* {'; '.join(given)} */" if given else ""
    return f"{result}{summary.name}({', '.join(params)}){behind};"


def _typed(written: str) -> str:
    bare = written.rstrip("* ")
    if not bare:
        return ""
    return f"{'struct ' if bare in DESCRIPTORS else ''}{bare} {'*' * written.count('*')}"
