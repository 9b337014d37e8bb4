"""`memdesc debug`: dump one stage of the analysis of a file."""

import argparse
from pathlib import Path

from memdesc import pipeline
from memdesc.cli import inputs, output
from memdesc.cli.status import ExitStatus

STAGES = ("facts", "graph", "kinds")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc debug`."""
    parser.add_argument("--stage", choices=STAGES, required=True, help="the stage whose records to show")
    parser.add_argument("file", metavar="FILE", help="a C file")


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Dump."""
    inputs.paths([arguments.file], None)
    output.write(pipeline.dump(arguments.stage, Path(arguments.file)), None)
    return ExitStatus.CLEAN
