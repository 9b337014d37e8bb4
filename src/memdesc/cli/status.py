"""`memdesc status`: count the pointers of struct page that are left, what they should become and whose they are."""

import argparse
import os

from memdesc import door, pipeline
from memdesc.cli import inputs, numbers, output
from memdesc.cli.exit_status import ExitStatus
from memdesc.convert.left import By, Left, left
from memdesc.convert.maintainers import MAX_BYTES, Maintainers
from memdesc.errors import InputError
from memdesc.report import left as report
from memdesc.report import left_html
from memdesc.report.progress import Bar


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc status`."""
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="folders or files that are counted (default: the whole tree); with several trees, named from the top "
        "of each",
    )
    parser.add_argument(
        "--tree",
        metavar="DIR",
        action="append",
        default=[],
        help="top of a kernel tree; given several times, the trees are told side by side, the last in detail",
    )
    parser.add_argument(
        "--design",
        metavar="DESIGN",
        help="take the types from a design, as for memdesc infer (default: what the tree declares, and what is known "
        "to come)",
    )
    parser.add_argument(
        "--by",
        type=By,
        choices=list(By),
        default=By.SUBSYSTEM,
        help="count by entry of MAINTAINERS, by folder or by file (default: %(default)s)",
    )
    parser.add_argument(
        "--limit",
        type=numbers.whole(0, 1 << 30),
        default=30,
        metavar="N",
        help="rows and reasons shown in text, 0 for all (default: %(default)s)",
    )
    parser.add_argument(
        "--format", choices=["text", "json", "html"], default="text", help="form of the report"
    )
    output.add_argument(parser)
    inputs.add_effort(parser)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Infer, count and render."""
    output.writable(arguments.output)
    trees = [_left(arguments, top) for top in arguments.tree or [None]]
    match arguments.format:
        case "json":
            text = report.document(trees)
        case "html":
            text = left_html.render(trees)
        case _:
            text = report.text(trees, arguments.limit)
    output.write(text, arguments.output)
    return ExitStatus.CLEAN


def _left(arguments: argparse.Namespace, named: str | None) -> Left:
    top = inputs.tree(named)
    words = arguments.paths
    if top is not None and len(arguments.tree) > 1:
        if absolute := next((word for word in words if os.path.isabs(word)), None):
            raise InputError(absolute, "with several trees, paths are named from the top of each")
        words = [str(top / word) for word in words]
    paths = inputs.paths(words, top)
    kernel = inputs.kernel_of(paths, top)
    with Bar() as bar:
        inference = pipeline.infer(paths, kernel, inputs.effort(arguments), bar, arguments.design)
    tree = door.Tree(inference.tree or inference.root)
    text = tree.text("MAINTAINERS", MAX_BYTES) if inference.tree else b""
    for path, why in tree.refused.items():
        output.say(f"{path}: {why}; no subsystem is known")
    found = left(inference, arguments.by, Maintainers(text.decode("utf-8", "replace")).entry)
    if found.unread:
        output.say(f"{found.tree}: {found.unread} files or functions were not read")
    return found
