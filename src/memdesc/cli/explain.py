"""`memdesc explain`: say what the pointer at a place can be, and why."""

import argparse
import re
import sys
from pathlib import Path

from memdesc import pipeline
from memdesc.cli import inputs, numbers, output, shown
from memdesc.cli.exit_status import ExitStatus
from memdesc.errors import InputError
from memdesc.report import text
from memdesc.report.progress import Bar
from memdesc.source import added

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>[1-9][0-9]*)(?::(?P<column>[1-9][0-9]*))?:?")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc explain`."""
    parser.add_argument(
        "place", metavar="FILE:LINE[:COLUMN]", help="where the pointer stands, counted from 1"
    )
    inputs.add_tree(parser)
    output.add_argument(parser)
    shown.add_argument(parser)
    inputs.add_signatures(parser)
    inputs.add_effort(parser)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Explain and render."""
    match = _PLACE.fullmatch(arguments.place)
    if not match:
        raise InputError(arguments.place, "is not a place; FILE:LINE or FILE:LINE:COLUMN was expected")
    line, column = (numbers.number_of(match[part] or "0") for part in ("line", "column"))
    if line is None or column is None or max(line, column) > numbers.MOST_LINE:
        raise InputError(numbers.short(arguments.place), "no file has so many lines or columns")
    top = inputs.tree(arguments.tree)
    output.writable(arguments.output)
    top = inputs.kernel_of([inputs.file(match["file"])], top)
    options = inputs.effort(arguments)
    with added.adding(inputs.signatures(arguments.signatures)), Bar() as bar:
        explanation = pipeline.explain(Path(match["file"]), line, column, top, options, bar)
    if arguments.shown == "here":
        explanation = shown.from_here(explanation, explanation.root)
    colours = text.PLAIN if arguments.output else text.style(sys.stdout)
    output.write(text.explain(explanation, colours), arguments.output)
    return ExitStatus.CLEAN
