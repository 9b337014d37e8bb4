"""`memdesc convert`: rewrite page pointers that are always folios."""

import argparse
import difflib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from memdesc import door, outlet, pipeline
from memdesc.cli import inputs, output
from memdesc.cli.exit_status import ExitStatus
from memdesc.convert.correspondences import Correspondences, read
from memdesc.convert.edits import apply
from memdesc.convert.rewrite import Rewritten, Target, rewrite
from memdesc.errors import InputError
from memdesc.findings.model import Interpretation, Level
from memdesc.inference.declare import Inference, Role
from memdesc.report.progress import Bar

_MOST_BYTES = 64 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc convert`."""
    inputs.add_paths(parser)
    parser.add_argument(
        "--function", action="append", metavar="NAME", help="convert this function only; may be repeated"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--diff", action="store_true", help="print a unified diff (the default)")
    form.add_argument("--in-place", action="store_true", help="write the changed files")
    form.add_argument("--refusals", action="store_true", help="print what stays and why, as JSON")
    inputs.add_effort(parser)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Infer, rewrite and print or write."""
    top = inputs.tree(arguments.tree)
    paths = inputs.paths(arguments.paths, top)
    options = pipeline.Options(
        jobs=arguments.jobs,
        cache=not arguments.no_cache,
        level=Level.WARNING,
        interpretation=Interpretation.OTTAWA,
    )
    with Bar() as bar:
        inference = pipeline.infer(paths, top, options, bar)
    if not inference.tree:
        raise InputError(str(paths[0]), "lies in no kernel tree, which alone says what stands for what")
    tree = door.Tree(Path(inference.tree))

    def text(path: str) -> bytes:
        return tree.text(path, _MOST_BYTES)

    folder = Path(inference.tree) / "include" / "linux"
    known = read(
        text, [f"include/linux/{name}" for name in sorted(os.listdir(folder)) if name.endswith(".h")]
    )
    made = _rewritten(inference, text, known, arguments.function)
    if arguments.refusals:
        output.write(_refusals(made), None)
    elif arguments.in_place:
        changed = {path: apply(text(path), each.edits) for path, each in made.items() if each.edits}
        for path in changed:
            outlet.writable(Path(inference.tree) / path)
        for path, data in changed.items():
            with outlet.replacing(Path(inference.tree) / path) as stream:
                stream.write(data)
    else:
        for path, each in made.items():
            before = text(path)
            output.write(_diff(path, before, apply(before, each.edits)), None)
    converted = sum(len(each.converted) for each in made.values())
    stay = sum(len(each.refused) for each in made.values())
    sys.stderr.write(f"{converted} parameters converted, {stay} stay\n")
    return ExitStatus.CLEAN


def _rewritten(
    inference: Inference, text: Callable[[str], bytes], known: Correspondences, only: list[str] | None
) -> dict[str, Rewritten]:
    targets: dict[str, set[Target]] = {}
    for entity in inference.entities:
        wanted = entity.role is Role.PARAM and entity.descriptor == "folio" and entity.index is not None
        if not wanted or entity.declared.replace(" ", "") != "structpage*":
            continue
        if entity.file.endswith(".c") and (not only or entity.function in only):
            targets.setdefault(entity.file, set()).add(Target(entity.function, entity.index or 0))
    return {path: rewrite(text(path), targets[path], known) for path in sorted(targets)}


def _refusals(made: dict[str, Rewritten]) -> str:
    rows = [
        {
            "file": path,
            "function": no.target.function,
            "index": no.target.index,
            "reason": no.reason.name.lower().replace("_", "-"),
            "why": str(no.reason),
            "detail": no.detail,
        }
        for path, each in made.items()
        for no in each.refused
    ]
    return json.dumps(rows, indent=2) + "\n"


def _diff(path: str, before: bytes, after: bytes) -> str:
    lines = [data.decode("utf-8", "surrogateescape").splitlines(keepends=True) for data in (before, after)]
    return "".join(difflib.unified_diff(*lines, f"a/{path}", f"b/{path}"))
