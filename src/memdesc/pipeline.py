"""The stages in order: read, facts, link, constrain, solve, report. One function a command."""

import gc
import hashlib
import os
import re
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from memdesc import __version__
from memdesc.errors import InputError
from memdesc.findings import allowed, kept
from memdesc.findings.judge import judge, select
from memdesc.findings.model import Finding, Interpretation, Level, Report
from memdesc.findings.registry import rules
from memdesc.inference import answer, derive
from memdesc.inference.constrain import constrain
from memdesc.inference.declare import Explanation, Inference
from memdesc.inference.derive import Told
from memdesc.inference.link import link
from memdesc.inference.solve import Solution, solve
from memdesc.inference.summarise import Summaries, rendered
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
from memdesc.source.reading import Progress, Survey
from memdesc.source.signatures import Signature, Signatures, fitted, load
from memdesc.source.structs import described
from memdesc.source.text import plain
from memdesc.types import Types

if TYPE_CHECKING:
    from memdesc.layout.design import Design

_TOOLS = "tools/"
_CONTAINERS = re.compile(rb"\bstruct\s+(?:page|folio)\s*\*(?:\s*(?:const\s*)?\*+\s*\w|\s*\w+\s*\[)")
"""A declaration of a pointer to pointers to pages, or of an array of them."""
PROGRAM = (
    "*.py",
    "source/*.py",
    "inference/*.py",
    "findings/**/*.py",
    "layout/*.py",
    "layout/designs/*.*",
    "source/signatures/derived/*.h",
)
"""What makes results; what makes facts, the signatures among it, is in the name of the cache: reading.cache_key()."""
_NO_MATTER = ("jobs", "cache", "level", "rules", "excluded")
"""Options that say how a run is done, or choose from what it finds."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run may use and what it is to report.

    Attributes: rules: findings of these alone are reported, None for all. excluded: patterns (fnmatch) of the
    absolute paths of files of which nothing is reported.
    """

    jobs: int
    cache: bool
    level: Level = Level.WARNING
    interpretation: Interpretation = Interpretation.OTTAWA
    rules: frozenset[str] | None = None
    excluded: tuple[str, ...] = ()


def _undisturbed() -> None:
    """Millions of records are made that live to the end of the run: nothing of them is garbage."""
    gc.disable()


def _opened(options: Options) -> AbstractContextManager[Cache | None]:
    return Cache(reading.cache_key()) if options.cache else nullcontext()


def _solve(
    survey: Survey, cache: Cache | None, options: Options, progress: Progress
) -> tuple[Solution, dict[str, float], str]:
    """Return the solution, seconds by phase, and whose struct page decided what may be done with memory."""
    begun = time.perf_counter()
    paths, files = reading.facts(survey, cache, options.jobs, progress)
    progress("linking", 0, 1)
    loaded = time.perf_counter()
    linked = link(paths, files, described())
    linking = time.perf_counter()
    version = kernel.version(survey.tree) if survey.tree else None
    layout = _layout(survey)
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


def _layout(survey: Survey) -> Layout:
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


def _statistics(survey: Survey, solution: Solution, seconds: dict[str, float], layout: str) -> Statistics:
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
        len(survey.files),
        sum(map(bool, survey.hashes)),
        functions,
        good,
        tuple(sorted(unread, key=lambda u: (u.file, u.name))),
        survey.hits,
        {**survey.seconds, **seconds},
        memory * 1024,
        linked.node_count,
        len(solution.edges),
        layout,
        _defined(survey, functions),
    )


def _defined(survey: Survey, followed: int) -> int:
    """Return how many functions all files define, of which some were followed."""
    return followed if survey.small else max(followed, sum(survey.defined))


def _wanted(paths: Sequence[Path], root: Path) -> Callable[[str], bool]:
    """Return what tells whether a file is one of `paths`, or below one."""
    below = [reading.name_of(path, root) for path in paths]
    if "." in below:
        below = [name for name in below if os.path.isabs(name)]
        return lambda file: (
            not os.path.isabs(file) or any(file == b or file.startswith(b + "/") for b in below)
        )
    return lambda file: any(file == b or file.startswith(b + "/") for b in below)


def check(
    paths: Sequence[Path],
    tree: Path | None,
    options: Options,
    progress: Progress,
    overlay: Mapping[Path, bytes] | None = None,
) -> Report:
    """Return every finding of at least the wanted level below `paths`; the whole tree is the context.

    All of a tree's misuses are kept together, so that one run answers for every path in it and every level. They are
    found again as long as the facts are of the same shape and the texts that were asked for are the same: an edit of
    code that is not followed changes neither.

    Args: overlay: what is read in the place of files of the tree or of a module; the files stay as they are.
    Raises: InputError: a path that cannot be read at all.
    """
    _undisturbed()
    with _opened(options) as cache:
        survey = reading.survey(paths, tree, cache, options.jobs, progress, overlay)
        name = str(survey.tree) if survey.tree else ""
        release = kernel.release(survey.tree) if survey.tree else ""
        results = cache if survey.tree else None
        wanted = _wanted(paths, survey.root)
        key = _name(survey, options, release) if results else None
        known = _kept(results, key, survey) if results and key else None
        if known is not None:
            misuses, statistics = known
            return _report(name, release, misuses, options, wanted, statistics, survey)
        content = survey.digest()
        solution, seconds, layout = _solve(survey, cache, options, progress)
        begun = time.perf_counter()
        progress("tracing", 0, 1)
        misuses = judge(
            solution,
            survey.texts,
            options.interpretation,
            _configuration(survey),
            (lambda _: True) if results else wanted,
            _built(survey),
        )
        seconds["trace"] = time.perf_counter() - begun
        statistics = _statistics(survey, solution, seconds, layout)
        key = key or (_name(survey, options, release) if results else None)
        if results and key and survey.digest() == content and not survey.texts.changed:
            listed = frozenset(survey.unread)
            own = replace(statistics, unread=tuple(u for u in statistics.unread if u not in listed))
            asked = survey.texts.asked
            results.put_result(key, kept.pack_paths(asked))
            results.put_result(_of_texts(key, asked), kept.pack(misuses, own, asked))
        return _report(name, release, misuses, options, wanted, statistics, survey)


def _report(
    name: str,
    release: str,
    misuses: tuple[Finding, ...],
    options: Options,
    asked: Callable[[str], bool],
    statistics: Statistics,
    survey: Survey,
) -> Report:
    """Return what to report of all misuses: at each level a part of what is reported at the one below."""
    level = options.level

    def wanted(file: str) -> bool:
        return asked(file) and not any(
            fnmatch(os.path.join(survey.root, file), pattern) for pattern in options.excluded
        )

    comments = {
        file: allowed.read(file, survey.texts(file), rules())
        for file in (survey.files[number][0] for number in sorted(survey.allowing))
        if wanted(file)
    }
    chosen = [f for f in misuses if wanted(f.file) and (options.rules is None or f.rule in options.rules)]
    left, suppressed, unused = allowed.apply(chosen, comments, options.rules)
    every = select(left, Level.NOTE, wanted)
    shown = tuple(finding for finding in every if finding.level >= level)
    notes = sum(finding.level is Level.NOTE for finding in every) if level > Level.NOTE else 0
    return Report(name, release, shown, statistics, str(survey.root), notes, suppressed, unused)


def _kept(results: Cache, key: bytes, survey: Survey) -> tuple[tuple[Finding, ...], Statistics] | None:
    """Return what an earlier run made of the same files, None when none did."""
    index = results.get_result(key)
    paths = kept.unpack_paths(index) if index else None
    if paths is None:
        return None
    name = _of_texts(key, survey.texts.hashes(paths))
    blob = results.get_result(name)
    if blob is None:
        return None
    known = kept.unpack(blob)
    if known is None:
        results.forget([name])
        return None
    misuses, statistics, asked = known
    if survey.texts.hashes(asked) != asked:
        return None
    unread = sorted({*survey.unread, *statistics.unread}, key=lambda u: (u.file, u.name))
    return misuses, replace(
        statistics,
        files=len(survey.files),
        files_read=sum(map(bool, survey.hashes)),
        functions_defined=_defined(survey, statistics.functions),
        unread=tuple(unread),
        cache_hits=survey.hits,
        seconds=survey.seconds,
    )


def _name(survey: Survey, options: Options, release: str) -> bytes | None:
    """Return what names the result of checking these facts with this very program; None where some are lost."""
    shape = survey.shape()
    if shape is None:
        return None
    asked = [str(getattr(options, each.name)) for each in fields(options) if each.name not in _NO_MATTER]
    places = [str(survey.small), *sorted(survey.architectures), *map(str, survey.outside)]
    said = "\0".join(["check", __version__, _program(), release, str(survey.tree), *asked, *places])
    return hashlib.blake2b(shape + said.encode("utf-8", "surrogateescape"), digest_size=16).digest()


def _of_texts(key: bytes, hashes: Mapping[str, bytes]) -> bytes:
    """Return what names, of the results under a key, the one that was made of these texts."""
    digest = hashlib.blake2b(key, digest_size=16)
    for path in sorted(hashes):
        digest.update(path.encode("utf-8", "surrogateescape") + b"\0" + hashes[path])
    return digest.digest()


def _program() -> str:
    """Return what says which code made a result."""
    here = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(path for pattern in PROGRAM for path in here.glob(pattern)):
        digest.update(str(path.relative_to(here)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def infer(
    paths: Sequence[Path],
    tree: Path | None,
    options: Options,
    progress: Progress,
    design: str | None = None,
) -> Inference:
    """Return what every page and folio pointer declared below `paths` is, and should be declared as.

    Args: design: what the types to choose from are taken from (whatever `memdesc.layout.design.load` reads); None
    means those that the tree declares and those that are known to come.
    Raises: InputError: a path or a design that cannot be read.

    Programs in tools/ of a tree have a struct page of their own (tools/testing/radix-tree/linux/), which is not
    the kernel's: what is declared there is only counted, unless one of `paths` lies in tools/.
    """
    chosen = _design(design) if design is not None else None
    survey, solution, seconds, layout = _solved(paths, tree, options, progress)
    types = _types(survey, chosen)
    found = answer.entities(solution, survey.texts, _wanted(paths, survey.root), types)
    listed = found
    if survey.tree:
        asked = _wanted([path for path in paths if _in_tools(path, survey.root)], survey.root)
        listed = tuple(e for e in found if not e.file.startswith(_TOOLS) or asked(e.file))
    return Inference(
        str(survey.tree) if survey.tree else "",
        kernel.release(survey.tree) if survey.tree else "",
        listed,
        _statistics(survey, solution, seconds, layout),
        len(found) - len(listed),
        types.name,
        tuple(t.name for t in types.all),
        str(survey.root),
        _containers(survey, solution, _wanted(paths, survey.root)),
    )


def _containers(survey: Survey, solution: Solution, wanted: Callable[[str], bool]) -> int:
    """Return how many declarations of several pages the files that were asked for have."""
    linked = solution.graph.linked
    read = (path for path, facts in zip(linked.paths, linked.files, strict=True) if facts.functions)
    return sum(len(_CONTAINERS.findall(survey.texts(path))) for path in read if wanted(path))


def _design(name: str) -> "Design":
    from memdesc.layout.design import load as load_design  # a reader of headers: a check can do without

    return load_design(name)


def _types(survey: Survey, design: "Design | None") -> Types:
    """Return the types to choose from, and the owners of the words of the tree's struct page."""
    from memdesc.layout.kernel_tree import design_of
    from memdesc.layout.offer import types_of

    own = None
    if survey.tree is not None:
        try:
            own = design_of("include", survey.texts)
        except InputError:
            own = None  # a part of a kernel, or headers that are not understood: shipped designs are asked
    return types_of(own, design)


def _in_tools(path: Path, root: Path) -> bool:
    return f"{os.path.relpath(path.resolve(), root.resolve())}/".startswith(_TOOLS)


def _solved(
    paths: Sequence[Path], tree: Path | None, options: Options, progress: Progress
) -> tuple[Survey, Solution, dict[str, float], str]:
    _undisturbed()
    with _opened(options) as cache:
        survey = reading.survey(paths, tree, cache, options.jobs, progress)
        return survey, *_solve(survey, cache, options, progress)


def explain(
    path: Path, line: int, column: int, tree: Path | None, options: Options, progress: Progress
) -> Explanation:
    """Return what the pointer at a line and column, counted from 1, can be, and why; column 0 is any.

    Raises: InputError: no page pointer stands there.
    """
    survey, solution, *_ = _solved([path], tree, options, progress)
    found = answer.explain(
        solution, survey.texts, reading.name_of(path, survey.root), line, column, _types(survey, None)
    )
    if isinstance(found, tuple):
        why = "no pointer to memory that could be followed stands there"
        near = ", ".join(f"'{said}' at {one}:{two}" for one, two, said in found)
        place = f"{path}:{line}" + (f":{column}" if column else "")
        raise InputError(place, why + (f"; the nearest: {near}" if near else ""))
    return replace(found, root=str(survey.root))


def derived(tree: Path, options: Options, progress: Progress) -> tuple[Told, ...]:
    """Return what the functions of a tree themselves demand of their parameters, by name and place."""
    _undisturbed()
    with _opened(options) as cache:
        survey = reading.survey([tree], tree, cache, options.jobs, progress)
        paths, files = reading.facts(survey, cache, options.jobs, progress)
    progress("linking", 0, 1)
    linked = link(paths, files, described())
    layout = _layout(survey)
    graph = constrain(linked, fitted(load(), layout), kernel.version(tree))
    return derive.told(linked, graph.derived, survey.texts)


def summarised(tree: Path, options: Options, progress: Progress) -> str:
    """Return generated signatures of what a tree's headers offer to other code, as the text of a file."""
    _undisturbed()
    with _opened(options) as cache:
        survey = reading.survey([tree], tree, cache, options.jobs, progress, offered=True)
        paths, files = reading.facts(survey, cache, options.jobs, progress)
    progress("linking", 0, 1)
    linked = link(paths, files, described())
    graph = constrain(linked, fitted(load(), _layout(survey)), kernel.version(tree))
    offered, numbers = _offered(survey)

    def wanted(name: str, file: str) -> bool:
        if file.startswith("include/"):
            return name.encode() not in numbers and not file.startswith(_NOT_OFFERED)
        return file.endswith(".c") and not file.startswith(_PROGRAMS) and name.encode() in offered

    assert graph.effects is not None
    found = tuple(Summaries(graph, graph.effects).all(wanted))
    lines = [f"// Made by `memdesc signatures --derive` of Linux {kernel.release(tree)}; not to be edited.\n"]
    file = ""
    for summary in sorted(found, key=lambda s: (s.file, s.name)):
        if summary.file != file:
            file = summary.file
            lines.append(f"\n// source: {file}\n")
        lines.append(f"{rendered(summary)}\n")
    older = generated().before(kernel.version(tree) or ()) - {summary.name for summary in found}
    return "".join((*lines, *silent(survey, older)))


_NOT_OFFERED = ("include/dt-bindings/", "include/linux/decompress/")
"""Constants of device trees, and what stands for a C library (`malloc()`) in the code that unpacks a kernel."""
_PROGRAMS = ("tools/", "scripts/", "samples/", "usr/", "Documentation/")
_NAMED = re.compile(rb"\b([A-Za-z_]\w*)[ \t]*\(")
_FIELD = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+([A-Z_][A-Z0-9_]*)\([^)]*\)((?:[^\n\\]|\\[\s\S])*)", re.M)
_NO_NUMBER = re.compile(rb"\*\s*\)|\b[a-z_][a-z0-9_]*\s*\(|=(?!=)|->")


def silent(survey: Survey, names: set[str]) -> Iterator[str]:
    """Yield prototypes of those functions that the headers of include/ declare still, with nothing said of them: what
    an older kernel's function of that name did is not done any more, or not in any case."""
    for path, _ in survey.files:
        if not path.startswith("include/") or not path.endswith(".h"):
            continue
        own: dict[str, str] = {}
        for match in _PROTOTYPE.finditer(survey.texts(path)):
            name = match[1].decode("ascii", "replace")
            if name in names:
                parts = (re.findall(rb"[A-Za-z_]\w*", part) for part in match[2].split(b","))
                own[name] = ", ".join(part[-1].decode("ascii", "replace") for part in parts if part)
        names = names - own.keys()
        if own:
            yield f"\n// source: {path}\n"
            yield from (f"void {name}({params});\n" for name, params in sorted(own.items()))


_PROTOTYPE = re.compile(rb"\b([A-Za-z_]\w*)[ \t]*\(([^(){};]*)\)(?:\s*__\w+(?:\([^()]*\))?)*\s*[;{]")


def _offered(survey: Survey) -> tuple[set[bytes], set[bytes]]:
    """Return what the headers of include/ name before parentheses, and the macros there that compute with numbers:
    those spelt as constants that have to do with no pointer and call no function."""
    found: set[bytes] = set()
    numbers: set[bytes] = set()
    for path, _ in survey.files:
        if path.startswith("include/") and path.endswith(".h"):
            text = survey.texts(path)
            found.update(_NAMED.findall(text))
            numbers.update(name for name, body in _FIELD.findall(text) if not _NO_NUMBER.search(body))
    return found, numbers


def dump(stage: str, file: Path) -> str:
    """Return one stage's records of a lone file as text, a record a line."""
    survey = reading.alone(file)
    if stage == "text":
        return b"".join(plain(survey.texts(path)) for path, _ in survey.files).decode(
            "utf-8", "backslashreplace"
        )
    if stage == "facts":
        paths, files = reading.facts(survey, None, 1, _unseen)
        return answer.dump_facts(files, paths)
    options = Options(1, False, Level.NOTE, Interpretation.OTTAWA)
    solution, *_ = _solve(survey, None, options, _unseen)
    dumps = {"graph": answer.dump_graph, "planes": answer.dump_planes, "kinds": answer.dump_kinds}
    return dumps[stage](solution)


def _unseen(_phase: str, _done: int, _total: int) -> None:
    """Show no progress."""
