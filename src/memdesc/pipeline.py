"""What the commands do with a run: one function a command. `check` is in a module of its own, which is quick."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from memdesc.checking import Earlier, opened, own_part, told_again, undisturbed, wanted
from memdesc.checking import Options as Options
from memdesc.checking import check as check
from memdesc.errors import InputError
from memdesc.inference import answer, derive, kept
from memdesc.inference.constrain import constrain
from memdesc.inference.declare import Explanation, Inference
from memdesc.inference.derive import Told
from memdesc.inference.kept import Whole
from memdesc.inference.link import link
from memdesc.inference.solve import Solution
from memdesc.inference.summarise import Summaries, rendered
from memdesc.source import kernel, reading
from memdesc.source.generated import generated
from memdesc.source.signatures import fitted, load
from memdesc.source.structs import described
from memdesc.source.survey import Progress, Survey, name_of
from memdesc.source.text import plain
from memdesc.stages import layout_of_tree, solved, statistics
from memdesc.types import Types

if TYPE_CHECKING:
    from memdesc.layout.design import Design

_TOOLS = "tools/"
_CONTAINERS = re.compile(rb"\bstruct\s+(?:page|folio)\s*\*(?:\s*(?:const\s*)?\*+\s*\w|\s*\w+\s*\[)")
"""A declaration of a pointer to pointers to pages, or of an array of them."""


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
    undisturbed()
    with opened(options) as cache:
        survey = reading.survey(paths, tree, cache, options.jobs, progress)
        results = cache if survey.tree else None
        types = types_of_tree(survey, chosen) if chosen is not None else None
        earlier = Earlier(results, survey, "infer", [_told(types)])
        asked = wanted(paths, survey.root)
        whole = earlier.find(lambda blob: kept.unpack(blob, asked))
        if whole is not None:
            whole = replace(whole, statistics=told_again(whole.statistics, survey))
        else:
            earlier.begin()
            solution, seconds, layout = solved(survey, cache, options.jobs, progress)
            types = types or types_of_tree(survey, chosen)
            # What stands in one table agrees: the answers for some files are those of a run on all.
            every = (lambda _: True) if survey.tree else asked
            found = answer.entities(solution, survey.texts, every, types)
            linked = solution.graph.linked
            read = (path for path, facts in zip(linked.paths, linked.files, strict=True) if facts.functions)
            told = statistics(survey, solution, seconds, layout)
            whole = Whole(found, told, types.name, tuple(t.name for t in types.all), tuple(read))
            own = replace(whole, statistics=own_part(told, survey))
            earlier.keep(lambda texts: kept.pack(own, texts))
    return _answered(whole, paths, survey, asked)


def _told(types: Types | None) -> str:
    """Return the types of a design as text, the same for the same."""
    if types is None:
        return ""
    parts = [
        types.name,
        *(f"{t.name} {int(t.kinds)} {int(t.besides)} {t.lent} {t.carved}" for t in types.all),
        *(f"{word} {int(kinds)}" for word, kinds in sorted(types.words.items())),
        "",
        *(f"{tag} {int(kinds)}" for tag, kinds in sorted(types.tags.items())),
    ]
    return "\n".join(parts)


def _answered(whole: Whole, paths: Sequence[Path], survey: Survey, asked: Callable[[str], bool]) -> Inference:
    """Return what an inference of a whole tree says of the files that were asked for."""
    found = tuple(e for e in whole.entities if asked(e.file))
    listed = found
    if survey.tree:
        ours = wanted([path for path in paths if _in_tools(path, survey.root)], survey.root)
        listed = tuple(e for e in found if not e.file.startswith(_TOOLS) or ours(e.file))
    several = sum(len(_CONTAINERS.findall(survey.texts(path))) for path in whole.read if asked(path))
    return Inference(
        str(survey.tree) if survey.tree else "",
        kernel.release(survey.tree) if survey.tree else "",
        listed,
        whole.statistics,
        len(found) - len(listed),
        whole.design,
        whole.types,
        str(survey.root),
        several,
    )


def _design(name: str) -> "Design":
    from memdesc.layout.design import load as load_design  # a reader of headers: a check can do without

    return load_design(name)


def types_of_tree(survey: Survey, design: "Design | None") -> Types:
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


def solved_tree(
    paths: Sequence[Path],
    tree: Path | None,
    options: Options,
    progress: Progress,
    overlay: Mapping[Path, bytes] | None = None,
) -> tuple[Survey, Solution, dict[str, float], str]:
    """Return the files that a run on `paths` is about, and what `stages.solved()` makes of them.

    Args: overlay: what is read in the place of files.
    """
    undisturbed()
    with opened(options) as cache:
        survey = reading.survey(paths, tree, cache, options.jobs, progress, overlay)
        return survey, *solved(survey, cache, options.jobs, progress)


def explain(
    path: Path, line: int, column: int, tree: Path | None, options: Options, progress: Progress
) -> Explanation:
    """Return what the pointer at a line and column, counted from 1, can be, and why; column 0 is any.

    Raises: InputError: no page pointer stands there.
    """
    survey, solution, *_ = solved_tree([path], tree, options, progress)
    found = answer.explain(
        solution, survey.texts, name_of(path, survey.root), line, column, types_of_tree(survey, None)
    )
    if isinstance(found, tuple):
        why = "no pointer to memory that could be followed stands there"
        near = ", ".join(f"'{said}' at {one}:{two}" for one, two, said in found)
        place = f"{path}:{line}" + (f":{column}" if column else "")
        raise InputError(place, why + (f"; the nearest: {near}" if near else ""))
    return replace(found, root=str(survey.root))


def derived(tree: Path, options: Options, progress: Progress) -> tuple[Told, ...]:
    """Return what the functions of a tree themselves demand of their parameters, by name and place."""
    undisturbed()
    with opened(options) as cache:
        survey = reading.survey([tree], tree, cache, options.jobs, progress)
        paths, files = reading.facts(survey, cache, options.jobs, progress)
    progress("linking", 0, 1)
    linked = link(paths, files, described())
    layout = layout_of_tree(survey)
    graph = constrain(linked, fitted(load(), layout), kernel.version(tree))
    return derive.told(linked, graph.derived, survey.texts)


def summarised(tree: Path, options: Options, progress: Progress) -> str:
    """Return generated signatures of what a tree's headers offer to other code, as the text of a file."""
    undisturbed()
    with opened(options) as cache:
        survey = reading.survey([tree], tree, cache, options.jobs, progress, offered=True)
        paths, files = reading.facts(survey, cache, options.jobs, progress)
    progress("linking", 0, 1)
    linked = link(paths, files, described())
    graph = constrain(linked, fitted(load(), layout_of_tree(survey)), kernel.version(tree))
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
    solution, *_ = solved(survey, None, 1, _unseen)
    dumps = {"graph": answer.dump_graph, "planes": answer.dump_planes, "kinds": answer.dump_kinds}
    return dumps[stage](solution)


def _unseen(_phase: str, _done: int, _total: int) -> None:
    """Show no progress."""
