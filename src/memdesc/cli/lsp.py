"""`memdesc lsp`: a language server on standard input and output, which editors start."""

import argparse
import importlib.util
import logging

from memdesc.cli import inputs
from memdesc.cli.exit_status import ExitStatus
from memdesc.errors import InputError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc lsp`."""
    parser.add_argument(
        "--stdio", action="store_true", help="speak on standard input and output, as it always does"
    )
    inputs.add_tree(parser)
    inputs.add_effort(parser)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Serve until the editor ends it.

    Raises: InputError: the library that speaks the protocol is not installed.
    """
    if importlib.util.find_spec("pygls") is None:
        raise InputError("lsp", "needs pygls; from the checkout: pip install -e '.[lsp]'")
    from memdesc.cli.lsp_server import serve  # the protocol's library, which is optional

    logging.getLogger("pygls").setLevel(logging.ERROR)  # an editor shows each line of standard error
    options = [f"--jobs={arguments.jobs}", *(["--no-cache"] if arguments.no_cache else [])]
    top = inputs.tree(arguments.tree)
    serve([*options, *([f"--tree={top}"] if top else [])])
    return ExitStatus.CLEAN
