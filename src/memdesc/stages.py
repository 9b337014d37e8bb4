"""The stages of a run in order, once its files are known: facts, link, constrain, solve, judge."""

import resource
import time
from collections.abc import Callable

from memdesc.findings.judge import judge
from memdesc.findings.model import Finding, Interpretation
from memdesc.inference.constrain import constrain
from memdesc.inference.link import link
from memdesc.inference.solve import Solution, solve
from memdesc.kinds import BY_NAME, Layout
from memdesc.layout.descriptors import TYPES
from memdesc.layout.shipped import shipped
from memdesc.records import Statistics, Unread
from memdesc.source import configuration, kernel, reading
from memdesc.source.built import Built
from memdesc.source.cache import Cache
from memdesc.source.configuration import Configuration
from memdesc.source.generated import generated
from memdesc.source.page_types import with_types
from memdesc.source.signatures import Signature, Signatures, fitted, load
from memdesc.source.structs import described
from memdesc.source.survey import Progress, Survey


def judged(
    survey: Survey,
    cache: Cache | None,
    jobs: int,
    interpretation: Interpretation,
    progress: Progress,
    asked: Callable[[str], bool],
) -> tuple[tuple[Finding, ...], Statistics]:
    """Return all misuses in the files that are `asked` for, and what the run came to."""
    solution, seconds, layout = solved(survey, cache, jobs, progress)
    begun = time.perf_counter()
    progress("tracing", 0, 1)
    misuses = judge(
        solution,
        survey.texts,
        interpretation,
        _configuration(survey),
        asked,
        _built(survey),
    )
    seconds["trace"] = time.perf_counter() - begun
    return misuses, statistics(survey, solution, seconds, layout)


def solved(
    survey: Survey, cache: Cache | None, jobs: int, progress: Progress
) -> tuple[Solution, dict[str, float], str]:
    """Return the solution, seconds by phase, and whose struct page decided what may be done with memory."""
    begun = time.perf_counter()
    paths, files = reading.facts(survey, cache, jobs, progress)
    progress("linking", 0, 1)
    loaded = time.perf_counter()
    linked = link(paths, files, described())
    del files
    linking = time.perf_counter()
    version = kernel.version(survey.tree) if survey.tree else None
    layout = layout_of_tree(survey)
    graph = constrain(linked, fitted(_signatures(survey), layout), version, _unread(version, layout))
    constraining = time.perf_counter()
    progress("solving", 0, 1)
    solution = solve(graph)
    seconds = {
        "load": loaded - begun,
        "link": linking - loaded,
        "constrain": constraining - linking,
        "solve": time.perf_counter() - constraining,
    }
    return solution, seconds, layout.name


def _signatures(survey: Survey) -> Signatures:
    """Return the shipped signatures, and those of the page types that the tree declares."""
    if survey.tree is None:
        return load()
    marks = {row.mark: BY_NAME[row.kind] for row in TYPES}
    return with_types(load(), survey.texts, marks)


def _unread(version: tuple[int, ...] | None, layout: Layout) -> Callable[[str], Signature | None]:
    """Return what tells of functions whose bodies are not at hand, by the generated signatures."""
    known = generated()

    def tell(name: str) -> Signature | None:
        found = known.of(name, version)
        if found is None:
            return None
        return fitted(Signatures({name: (found,)}, ()), layout).functions[name][0]

    return tell


def layout_of_tree(survey: Survey) -> Layout:
    """Return what the struct page of the kernel that was read decides."""
    if survey.tree is None:
        return shipped(None)
    from memdesc.layout.kernel_tree import layout_of  # a reader of headers: a lone file need not wait for it

    return layout_of(survey.texts, kernel.version(survey.tree))


def _configuration(survey: Survey) -> Configuration:
    """Return what the Kconfig files of the kernel that was read decide."""
    if survey.tree is None:
        return configuration.SHIPPED
    return configuration.read(survey.texts, survey.architectures)


def _built(survey: Survey) -> Built | None:
    """Return what tells for which architectures a file is built; None where nothing does: no tree, or only a part
    of one, without the Kconfig files of architectures."""
    names = tuple(sorted(survey.architectures))
    if survey.tree is None or not any(survey.texts(f"arch/{name}/Kconfig") for name in names):
        return None
    return Built(survey.texts, names)


def statistics(survey: Survey, solution: Solution, seconds: dict[str, float], layout: str) -> Statistics:
    """Return what a run came to: what was read and what was not, how long it took, how much memory."""
    linked = solution.graph.linked
    listed = {one.file for one in survey.unread}
    refused = survey.texts.refused.items()
    unread = [*survey.unread, *(Unread(file, "", why) for file, why in refused if file not in listed)]
    functions = good = 0
    for file, function in linked.functions:
        if function.macro:
            continue
        functions += 1
        if function.error:
            unread.append(Unread(linked.paths[file], function.name, "a part of it does not parse"))
        else:
            good += 1
    memory = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    )
    return Statistics(
        survey.count,
        survey.read,
        functions,
        good,
        tuple(sorted(unread, key=lambda u: (u.file, u.name))),
        survey.hits,
        {**survey.seconds, **seconds},
        memory * 1024,
        linked.node_count,
        len(solution.edges),
        layout,
        survey.functions_beside(functions),
    )
