"""Words: what a finding and the steps of its trace say."""

from dataclasses import replace

from memdesc.findings.registry import base
from memdesc.inference.graph import GIVEN_TO, NEEDED_BY, TOLD_BY, Sink
from memdesc.inference.trace import Way
from memdesc.kinds import ANY, BESIDE, CAPABILITIES, NAMES, STATES, Kind
from memdesc.records import Step


def plain(name: str) -> str:
    """Return the name of a node without the file and the part of the kernel that it belongs to."""
    name = name.partition("#")[0]
    head, at, rest = name.partition("@")
    return head + rest.lstrip("0123456789") if at else name


def struct_of(member: str) -> str:
    """Return the bare name of the struct of a member, as linking spells it: `TAG@FILE.MEMBER#PART`."""
    return member.partition("@")[0].partition(".")[0]


def named(source: str) -> str:
    """Return how what gives memory is named: a function, or a member."""
    return source if "->" in source else f"{source}()"


_MOST_NAMED = 6
"""Kinds that are named one by one."""
_TAKEN = ", and taken from "


def taken(put: str, used: str, tag: str) -> str:
    """Return what a step says where memory is stored in one object of a struct and taken from another."""
    return f" of '{put}'{_TAKEN}'{used}', which may be another struct {tag}"


def _origin(source: str) -> str:
    """Return where memory is from, as the sentence of a finding goes on."""
    if source.startswith((GIVEN_TO, NEEDED_BY, TOLD_BY)):
        return named(source)
    known = {"stack": "a local variable", "global": "the kernel image", "percpu": "a per-CPU variable"}
    return f"from {known.get(source, named(source))}"


def tidy(trace: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return a trace without the steps at the place of the one before, but for the first and the last.

    What is told of two objects goes to the step before.
    """
    kept: list[Step] = []
    for n, step in enumerate(trace):
        last = n == len(trace) - 1
        if kept and not last and (kept[-1].file, kept[-1].line) == (step.file, step.line):
            if _TAKEN in step.note:
                kept[-1] = replace(kept[-1], note=f"{kept[-1].note}, {step.note}")
            continue
        kept.append(step)
    return tuple(kept)


def accepted(sink: Sink) -> str:
    """Return what a use accepts, in words."""
    word = base(sink.demand.word).removeprefix("newyork:")
    if word in CAPABILITIES:
        return CAPABILITIES[word].says
    if sink.demand.action == "member":
        return "memory that keeps it there"
    # How a page is held and whose memory is are no kinds that one could give instead.
    names = (sink.demand.accepts & ~(STATES | BESIDE)).names
    if 0 < len(names) <= _MOST_NAMED:
        return "memory of kind " + " or ".join(names)
    refused = (ANY & ~sink.demand.accepts).names
    return "memory of any kind but " + ", ".join(refused[:4]) + (" ..." if len(refused) > 4 else "")


def refusal(sink: Sink, kind: Kind) -> str:
    """Return what the last step of a trace says."""
    if sink.demand.action == "member":
        return f"{sink.name} is read, which {NAMES[kind]} memory uses for something else"
    if sink.demand.action == "return":
        return f"{sink.name}() is to return only {accepted(sink)}"
    return f"{sink.name}() accepts only {accepted(sink)}"


def message(sink: Sink, kind: Kind, way: Way, expression: str) -> str:
    """Return the sentence of a finding."""
    what = f"{NAMES[kind]} memory {_origin(way.source)}"
    if sink.demand.action == "member":
        return f"{sink.name} is read of {what}, which keeps something else there"
    if sink.because == sink.row:
        return f"{what} meets '{expression}', which accepts only {accepted(sink)}"
    if sink.demand.action == "return":
        value = expression.removeprefix("return ")
        return f"{what} is returned by {sink.name}() as '{value}', which is to return only {accepted(sink)}"
    verb = "is freed by" if sink.demand.action == "free" else "reaches"
    return f"{what} {verb} {sink.name}() as '{expression}', which accepts only {accepted(sink)}"
