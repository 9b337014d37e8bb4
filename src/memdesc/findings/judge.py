"""Judging: which demands are not met, by which rule, and along which way; the findings of a run."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from memdesc.findings.apart import OBJECTS, Apart, freeing
from memdesc.findings.asked import Asked
from memdesc.findings.chosen import Chosen
from memdesc.findings.doubts import Doubts, weighed
from memdesc.findings.model import Finding, Impact, Interpretation, Level, Rule
from memdesc.findings.objects import another
from memdesc.findings.registry import base, rule_for, rules
from memdesc.findings.settled import TOLD_APART, Settled
from memdesc.findings.sizes import Sizes
from memdesc.findings.transfers import excused
from memdesc.findings.words import accepted, message, named, plain, refusal, tidy
from memdesc.inference.graph import CALL, GIVEN_TO, INTRA, RETURN, Sink
from memdesc.inference.solve import Solution
from memdesc.inference.standing import shown
from memdesc.inference.tested import Tested
from memdesc.inference.trace import Tracer, Way
from memdesc.kinds import BITS, NAMES, STATES, Kind
from memdesc.places import Lines
from memdesc.records import Step
from memdesc.source.added import once
from memdesc.source.built import Built
from memdesc.source.configuration import SHIPPED, Configuration
from memdesc.source.signatures import load

Texts = Callable[[str], bytes]
"""Gives the bytes of a file by its path relative to the tree; empty when it cannot be read any more."""

_PER_FUNCTION = 2


_LINEAR_OR_NOT = frozenset({"linear", "dma", "vmalloced"})
_CALLED = re.compile(r"\b(\w+)\(")
_CAST = re.compile(r"\((?:const |volatile |unsigned |struct )*\w+(?: long)?[\s*]*(?:__force)?[\s*]*\)")


_MOST_ALIKE = 50
"""Calls of one function with the same argument that are looked at, in one caller."""
_COMPARED_AFTER = re.compile(
    rb"\w[\w.>()\[\] ,*&-]*?(?:->|\.)\w+\s*[!=]=\s*(?!NULL\b|0\b|[A-Z_0-9]+\b)[\w(&*]"
)
_COMPARED_BEFORE = re.compile(rb"(?<![A-Z_0-9 ])(?<!NULL)\s*[!=]=\s*$")
_INVOKED = re.compile(r"\w+ ?\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)")
"""A macro's invocation, or an `if` with its condition."""
_VIEW = re.compile(r"(?:__pa|virt_to_phys|virt_to_page|page_address)\(([\w.>-]+)\)")
_ADDED = re.compile(r" [-+] .*$")


def _ending(use: Sink, sink: Sink) -> bool:
    """Whether a use ends what `sink` does: of a page that may be of a pool, a reference that is put does so too."""
    return freeing(use) or (sink.demand.word == "pooled" and base(use.demand.word) == "puttable")


def _bare(expression: str) -> str:
    """An expression without its casts, without what is added to it, and without another view of the same memory."""
    view = _VIEW.fullmatch("".join(expression.split()))
    return view[1] if view else _ADDED.sub("", _CAST.sub("", expression)).replace(" ", "")


@dataclass(slots=True)
class _Places:
    solution: Solution
    tracer: Tracer
    texts: Texts
    lines: dict[str, Lines]
    telling: dict[int, list[Sink]] = field(default_factory=dict)
    groups: dict[int, dict[str, dict[str, list[Sink]]]] = field(default_factory=dict)

    def of(self, row: int) -> tuple[str, int, int, str, str]:
        """Return (file, line, column, function, source line) of a row of the facts."""
        linked = self.solution.graph.linked
        facts = linked.rows[row]
        path = linked.paths[int(facts[7])]
        lines = self.lines.get(path)
        if lines is None:
            lines = self.lines[path] = Lines(self.texts(path))
        line, column = lines.line_column(int(facts[4]))
        number = int(facts[6])
        function = linked.functions[number][1].name if 0 <= number < len(linked.functions) else ""
        return path, line, column, function, lines.text_of(line)

    def through(self, way: Way, name: str) -> bool:
        """Whether a way leads through a call of `name`, where the same is reported."""
        linked = self.solution.graph.linked
        rows = [hop.row for hop in way.hops if hop.row >= 0]
        return any(linked.ops[int(linked.rows[row, 2])] == f"r:{name}" for row in rows)

    def converting(self, row: int) -> bool:
        """Whether a row lies in the definition of a converter, whose matter it is to know both descriptors."""
        linked = self.solution.graph.linked
        number = int(linked.rows[row, 6])
        name = linked.functions[number][1].name if 0 <= number < len(linked.functions) else ""
        return name in self.solution.graph.converters

    def alternatives(self, sink: Sink, kind: Kind, own: bool) -> list[Sink]:
        """Return the uses to which the function hands the same expression, and that accept it: it tells kinds apart.

        Memory that it obtained itself (`own`) it need not tell apart, unless it asks a test that does.
        """
        if not freeing(sink) and base(sink.demand.word) not in _LINEAR_OR_NOT:
            return []
        found = []
        function = int(self.solution.graph.linked.rows[sink.row, 6])
        alike = self._alike(function).get(_bare(self.expression(sink.row)), {})
        welcome = self.solution.at(sink.node) & int(sink.demand.accepts & ~STATES)
        for other in (each for name, held in alike.items() if name != sink.name for each in held):
            if _ending(other, sink) != _ending(sink, sink):
                continue
            if welcome and not welcome & ~int(other.demand.accepts):
                continue  # it would do for either, and so tells nothing
            if other.demand.accepts & kind and (not own or self._tested(sink.row, other.row)):
                found.append(other)
        return found

    def _alike(self, function: int) -> dict[str, dict[str, list[Sink]]]:
        """Return the calls in a function that free memory or tell kinds apart, by argument and callee."""
        if not self.telling:
            for sink in self.solution.graph.sinks:
                if freeing(sink) or base(sink.demand.word) in (*_LINEAR_OR_NOT, "puttable"):
                    self.telling.setdefault(int(self.solution.graph.linked.rows[sink.row, 6]), []).append(
                        sink
                    )
        found = self.groups.get(function)
        if found is None:
            found = self.groups[function] = {}
            for sink in self.telling.get(function, ()):
                held = found.setdefault(_bare(self.expression(sink.row)), {}).setdefault(sink.name, [])
                if len(held) < _MOST_ALIKE:
                    held.append(sink)
        return found

    def _tested(self, one: int, other: int) -> bool:
        """Whether a test that has a signature was answered one way before a row, and the other before another."""
        asked = self.tracer.known(other)
        apart = [atom for atom, answer in self.tracer.known(one) if (atom, not answer) in asked]
        return any(word in self.solution.graph.told for atom in apart for word in _CALLED.findall(atom))

    def compared(self, sink: Sink) -> str:
        """Why a read of a member does no harm: it is compared with a pointer that no other memory keeps there."""
        if sink.demand.action != "member":
            return ""
        data, at, end = self._extent(sink.row)
        member = re.escape(sink.name.rpartition(">")[2].rpartition(".")[2].encode())
        own = rb"\w[^;]*?(?:->|\.)%s\s*[!=]=\s*[A-Z0-9_]*_%s\b" % (member, member.upper())
        if (
            _COMPARED_AFTER.match(data, at, end)
            or _COMPARED_BEFORE.search(data[max(0, at - 80) : at])
            or re.compile(own).match(data, at, end)
        ):
            return "the member is only compared with a value of its own"
        return ""

    def expression(self, row: int) -> str:
        """Return the source text at a row, up to the end of its expression."""
        return shown(*self._extent(row))

    def _extent(self, row: int) -> tuple[bytes, int, int]:
        """Return a file's text, and where the expression at a row begins and ends in it."""
        linked = self.solution.graph.linked
        facts = linked.rows[row]
        data = self.texts(linked.paths[int(facts[7])])
        at = int(facts[4])
        depth, end = 0, at
        while end < len(data) and end - at < 120:
            c = data[end : end + 1]
            if c in b"([":
                depth += 1
            elif c in b")]":
                if not depth:
                    break
                depth -= 1
            elif c in b",;{" and not depth:
                break
            end += 1
        return data, at, end


def judge(
    solution: Solution,
    texts: Texts,
    interpretation: Interpretation,
    configuration: Configuration = SHIPPED,
    wanted: Callable[[str], bool] = lambda _: True,
    built: Built | None = None,
) -> tuple[Finding, ...]:
    """Return every use that breaks a rule, of whatever level, in files that are `wanted`; see `select()`.

    Args: configuration: what the architectures of the kernel do. built: what its files are built for.
    """
    tracer = Tracer(solution)
    apart = Apart(solution, tracer, texts)
    chosen = Chosen(solution, tracer, apart)
    doubts = Doubts(solution, tracer, apart, Asked(solution, tracer, texts), chosen)
    places = _Places(solution, tracer, texts, {})
    linked = solution.graph.linked
    found: list[Finding] = []
    tested = lru_cache(maxsize=1)(lambda: Tested(linked))
    sizes = Sizes(solution, tracer, texts)
    for sink in solution.graph.sinks:
        arriving = solution.at(sink.node)
        if arriving and freeing(sink) and wanted(linked.paths[int(linked.rows[sink.row, 7])]):
            mismatch = sizes.mismatch(sink)
            if mismatch is not None:
                found.append(_of_size(doubts, places, sink, *mismatch))
        bad = arriving & ~int(sink.demand.accepts)
        if not (bad or not sink.demand.accepts) or (
            sink.demand.interpretation and sink.demand.interpretation != interpretation.value
        ):
            continue
        if not wanted(linked.paths[int(linked.rows[sink.row, 7])]):
            continue
        rule = rule_for(sink.demand.word, sink.demand.action, Kind.FILE, interpretation)
        if rule is not None and rule.place:
            if not places.converting(sink.row):
                found.append(_at_place(places, sink, rule, Kind(arriving)))
            continue
        if _is_tested(sink, tested):
            continue
        for kind in BITS:
            if bad & kind:
                finding = _finding(tracer, doubts, places, sink, kind, interpretation, configuration, built)
                if finding is not None:
                    found.append(finding)
    return tuple(found)


def _is_tested(sink: Sink, tested: Callable[[], Tested]) -> bool:
    """Whether the demand is on a result that is tested before it is used."""
    return sink.demand.when is not None and sink.demand.when[2] == "tested" and tested().everywhere(sink.row)


def _at_place(places: _Places, sink: Sink, rule: Rule, arriving: Kind) -> Finding:
    """Return the finding that a place is, whatever arrives there."""
    file, line, column, function, text = places.of(sink.row)
    expression = places.expression(sink.row)
    use = f"{sink.name}({expression})" if sink.demand.action == "use" else f"'{expression}'"
    note = f"which accepts {accepted(sink)}" if sink.demand.action == "use" else rule.summary
    return Finding(
        rule.name,
        rule.level,
        file,
        line,
        column,
        function,
        expression,
        arriving & ~STATES or Kind.FILE | Kind.ANON,
        Kind.NONE,
        f"{use}: {rule.summary}",
        sink.name,
        "",
        (Step(file, line, column, function, text, note),),
    )


def _finding(
    tracer: Tracer,
    doubts: Doubts,
    places: _Places,
    sink: Sink,
    kind: Kind,
    interpretation: Interpretation,
    configuration: Configuration,
    built: Built | None,
) -> Finding | None:
    rule = rule_for(sink.demand.word, sink.demand.action, kind, interpretation)
    if rule is None:
        return None
    path = places.solution.graph.linked.paths[int(places.solution.graph.linked.rows[sink.row, 7])]
    if path.startswith("tools/") and sink.demand.action == "member":
        return None  # programs have a struct page of their own
    built_for = path.split("/")[1] if path.startswith("arch/") else ""
    if rule.architectures and built_for and built_for not in rule.architectures:
        return None
    if rule.depends is not None:
        able = configuration.architectures(rule.depends)
        if not configuration.possible(rule.depends) or (built_for and able and built_for not in able):
            return None
    way, changed = tracer.find_at_all(sink.node, int(kind), sink.row)
    exclusive = not changed
    if way is None or not _credible(places, way, sink) or _grown(way, sink, kind):
        return None
    if rule.depends is not None and built is not None:
        configuration = _of_way(places, way, sink, configuration, built)
        if not configuration.possible(rule.depends):
            return None
    given = way.source.startswith(GIVEN_TO)
    if given and not way.kinds & kind:
        return None  # whoever turned it into this knows who allocated it; callers give more than one sort
    own = _own(places.solution, way, sink) or given
    others = places.alternatives(sink, kind, own)
    settled = Settled(places.solution, tracer)
    told = settled.by_test(way, sink, kind) or any(settled.by_condition(way, sink, one) for one in others)
    if others and not told:
        return None
    if kind & rule.owned and way.kinds & (Kind.FILE | Kind.ANON):
        return None
    if rule.impact is Impact.FUTURE and places.through(way, sink.name):
        return None
    expression = places.expression(sink.row)
    reasons = _reasons(doubts, places, way, sink, kind, configuration, exclusive)
    name, doubt = weighed(reason for reason in reasons if not (told and reason[0] in TOLD_APART))
    if name in OBJECTS:
        other = tracer.find(sink.node, int(kind), sink.row, way.row)
        if (
            other is not None
            and _credible(places, other, sink)
            and not weighed(doubts.reasons(other, sink, kind, expression))[0]
        ):
            way, doubt = other, ""  # memory from elsewhere comes here as well, and nothing speaks for that
    certainty = min(rule.level, Level.NOTE) if doubt else rule.level
    file, line, column, function, text = places.of(sink.row)
    trace = (*_steps(places, way, sink, kind), Step(file, line, column, function, text, refusal(sink, kind)))
    return Finding(
        rule.name,
        certainty,
        file,
        line,
        column,
        function,
        expression,
        kind,
        sink.demand.accepts,
        message(sink, kind, way, expression) + _because(places, sink) + (f"; but {doubt}" if doubt else ""),
        sink.name,
        way.source,
        tidy(trace),
        _when(rule, configuration, sink),
    )


def _when(rule: Rule, configuration: Configuration, sink: Sink) -> str:
    """Return the condition under which a finding goes wrong: of the configuration, or of the version."""
    said = configuration.says(rule.depends) if rule.depends is not None else ""
    until = f"before Linux {'.'.join(map(str, sink.demand.until))}" if sink.demand.until else ""
    return ", ".join(filter(None, (said, until)))


def _reasons(
    doubts: Doubts,
    places: _Places,
    way: Way,
    sink: Sink,
    kind: Kind,
    configuration: Configuration,
    exclusive: bool,
) -> Iterator[tuple[str, str]]:
    """Yield the doubts about a way. Args: exclusive: no member of it is compared with two constants."""
    if not exclusive:
        yield (
            "other-constant",
            "what is compared with one constant on the way is compared with another at its end",
        )
    if said := places.compared(sink):
        yield "own-value", said
    if said := excused(way, sink, kind, configuration, places.texts, places.solution):
        yield "spi-core", said
    yield from doubts.reasons(way, sink, kind, places.expression(sink.row))


def _of_way(
    places: _Places, way: Way, sink: Sink, configuration: Configuration, built: Built
) -> Configuration:
    """Return what the configuration decides for the files of a way; its source may be in a module."""
    linked = places.solution.graph.linked
    rows = [way.row, *(hop.row for hop in way.hops if hop.row >= 0), sink.row]
    files = {linked.paths[int(linked.rows[row, 7])] for row in rows}
    able = frozenset.intersection(*(built.architectures(file) for file in sorted(files)))
    return configuration.of(able, built.module(linked.paths[int(linked.rows[way.row, 7])]))


def _of_size(doubts: Doubts, places: _Places, sink: Sink, kind: Kind, way: Way, why: str) -> Finding:
    """Return the finding that more or less is freed than was allocated."""
    rule = rules()["mismatched-free-size"]
    _, doubt = weighed(doubts.reasons(way, sink, kind, places.expression(sink.row)))
    file, line, column, function, text = places.of(sink.row)
    expression = places.expression(sink.row)
    trace = (
        *_steps(places, way, sink, kind),
        Step(file, line, column, function, text, f"{sink.name}() frees it"),
    )
    return Finding(
        rule.name,
        min(rule.level, Level.NOTE) if doubt else rule.level,
        file,
        line,
        column,
        function,
        expression,
        kind | Kind.DRIVER if kind & Kind.BLOCK else kind,
        Kind.NONE,  # the kind is right, the amount is not
        f"{sink.name}() frees '{expression}' as another amount than was allocated: {why}"
        + (f"; but {doubt}" if doubt else ""),
        sink.name,
        way.source,
        tidy(trace),
    )


def _own(solution: Solution, way: Way, sink: Sink) -> bool:
    """Whether the function obtained the memory itself, and nothing that the use accepts: it has no choice."""
    if solution.at(sink.node) & int(sink.demand.accepts & ~STATES):
        return False
    heap = solution.graph.heap
    return all(hop.sort == INTRA and not heap[hop.target] for hop in way.hops)


def _credible(places: _Places, way: Way, sink: Sink) -> bool:
    """Whether one kernel can hold the whole way."""
    linked = places.solution.graph.linked
    rows = [way.row, sink.row, *(hop.row for hop in way.hops if hop.row >= 0)]
    files = {linked.paths[int(linked.rows[row, 7])] for row in rows}
    if len({path.split("/")[1] for path in files if path.startswith("arch/")}) > 1 or not _one(files):
        return False
    if any(path.startswith("/") and _MAIN.search(places.texts(path)) for path in files):
        return False
    if _called_by_name(places.solution, way):
        return False
    if base(sink.demand.word) not in ("puttable", "refcounted"):
        return True
    ops = (linked.ops[int(linked.rows[row, 2])] for row in rows)
    return not any(op[:3] == "g+:" and op[3:].partition(":")[0] in _counting() for op in ops)


def _grown(way: Way, sink: Sink, kind: Kind) -> bool:
    """Whether a page of the allocator went through calls to a function that asserts what it is.

    Nobody asserts that of a fresh page: one of the functions made it what it is.
    """
    fresh = Kind.DRIVER | Kind.BLOCK
    asserted = sink.because >= 0 and not sink.demand.accepts & fresh
    return asserted and bool(kind & fresh) and sum(hop.sort != INTRA for hop in way.hops) > 1


_SYSTEM = re.compile(r"^/.*/os/([^/]+)/")
_MAIN = re.compile(rb"^(?:int[ \t]+)?main[ \t]*\(", re.M)


def _one(files: Iterable[str]) -> bool:
    """Whether files of a module are for one operating system: each has a folder of its own below os/."""
    return len({match[1] for path in files if (match := _SYSTEM.match(path))}) < 2


def _called_by_name(solution: Solution, way: Way) -> bool:
    """Whether the way leads from a file of the kernel by name into a module outside: no kernel calls one so."""
    linked = solution.graph.linked
    rows = [way.row, *(hop.row for hop in way.hops)]
    for n, hop in enumerate(way.hops):
        if hop.row < 0 or hop.sort == INTRA or rows[n] < 0:
            continue
        op = linked.ops[int(linked.rows[hop.row, 2])]
        if op[2:3] == ".":
            continue  # by a table of functions
        here = linked.paths[int(linked.rows[hop.row, 7])]
        after = linked.names.get(hop.target, "") if hop.sort == CALL else ""
        other = rows[n] if hop.sort == RETURN else -1
        name = after.split(":")[1] if after[:2] == "p:" else ""
        number = linked.definitions.get(name, -1)
        callee = (
            linked.paths[linked.functions[number][0]]
            if number >= 0
            else linked.paths[int(linked.rows[other, 7])]
            if other >= 0
            else here
        )
        if callee.startswith("/") and not here.startswith("/"):
            return True
    return False


@once
def _counting() -> frozenset[str]:
    """Return the tests that take a reference when they are true: what passed them counts references."""
    slots = ((s.name, slot) for s in load() for slot in s.params)
    return frozenset(name for name, slot in slots if slot.guard is not None and slot.drops & Kind.UNREF)


_LANGUAGE = {
    "stack": "a local variable",
    "global": "an object of the kernel image",
    "percpu": "a per-CPU variable",
}
"""Memory that no call gives."""


def _steps(places: _Places, way: Way, sink: Sink, kind: Kind) -> Iterable[Step]:
    linked = places.solution.graph.linked
    file, line, column, function, text = places.of(way.row)
    gives = _LANGUAGE.get(way.source, named(way.source))
    yield Step(file, line, column, function, text, f"{NAMES[kind]} memory: {gives}")
    for n, hop in enumerate(way.hops):
        if hop.row < 0:
            continue
        name = linked.names.get(hop.target, "")
        if hop.sort == 1:
            note = f"handed to {plain(name[2:].split(':')[0])}()"
        elif hop.sort == 2:
            note = (
                "returned"
                if name == "" or name[0] != "p"
                else f"left in an argument of {plain(name[2:].split(':')[0])}()"
            )
        elif name[:2] in ("f:", "g:"):
            held = plain(name[2:]).removesuffix("[]")
            note = f"put into {held}" if "[]" in name else f"stored in {held}"
            note += another(places.solution, places.texts, way, n, sink)
        elif hop.through:
            note = "passes through"
        else:
            continue
        file, line, column, function, text = places.of(hop.row)
        yield Step(file, line, column, function, text, note)


def _because(places: _Places, sink: Sink) -> str:
    """Return which assertion in the callee makes the demand, empty when none does, or it is the sink itself."""
    if sink.because in (-1, sink.row):
        return ""
    file, line, *_ = places.of(sink.because)
    said = _INVOKED.match(places.expression(sink.because))
    return f" ('{said[0]}', {file}:{line})" if said else f" ({file}:{line})"
