"""`memdesc infer`: say which kinds every page pointer has and how it should be declared."""

import argparse
import sys

from memdesc import pipeline
from memdesc.cli import inputs, output, shown
from memdesc.cli.exit_status import ExitStatus
from memdesc.report import json_report, text
from memdesc.report.progress import Bar
from memdesc.source import added


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc infer`."""
    inputs.add_paths(parser)
    parser.add_argument(
        "--design",
        metavar="DESIGN",
        help="take the types from a design, as `memdesc layout` reads it: proposal-2021, memdesc-8, linux-6.18, ..., "
        "a C header, a kernel image or BTF (default: what the tree declares, and what is known to come)",
    )
    parser.add_argument("--format", choices=["text", "json"], default="text", help="form of the report")
    output.add_argument(parser)
    shown.add_argument(parser)
    inputs.add_signatures(parser)
    inputs.add_effort(parser)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Infer and render."""
    top = inputs.tree(arguments.tree)
    paths = inputs.paths(arguments.paths, top)
    top = inputs.kernel_of(paths, top)
    output.writable(arguments.output)
    with added.adding(inputs.signatures(arguments.signatures)), Bar() as bar:
        inference = pipeline.infer(paths, top, inputs.effort(arguments), bar, arguments.design)
    render = json_report.infer if arguments.format == "json" else text.infer
    if arguments.format == "text" and arguments.shown == "here":
        inference = shown.from_here(inference, inference.root)
    output.write(render(inference), arguments.output)
    sys.stderr.write(text.infer_summary(inference))
    return ExitStatus.CLEAN
