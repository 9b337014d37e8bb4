"""`memdesc debug`: dump one stage of the analysis of a file."""

import argparse

from memdesc import pipeline
from memdesc.cli import inputs, output
from memdesc.cli.exit_status import ExitStatus

STAGES = ("text", "facts", "graph", "planes", "kinds")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc debug`."""
    parser.add_argument("--stage", choices=STAGES, required=True, help="the stage whose records to show")
    parser.add_argument("file", metavar="FILE", help="a C file")
    output.add_argument(parser)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Dump."""
    output.write(pipeline.dump(arguments.stage, inputs.file(arguments.file)), arguments.output)
    return ExitStatus.CLEAN
