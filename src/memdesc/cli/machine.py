"""`memdesc machine`: run designs of descriptors: a workload, a trace, several side by side; record a trace."""

import argparse
import importlib

SUBCOMMANDS = ("run", "compare", "record", "hazards")
"""Each has a module of its own, `memdesc.cli.machine_<name>`, with SUMMARY, add_arguments() and run()."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands of `memdesc machine`."""
    what = parser.add_subparsers(dest="machine_command", metavar="COMMAND", required=True)
    for name in SUBCOMMANDS:
        module = importlib.import_module(f"memdesc.cli.machine_{name}")
        says = f"{module.SUMMARY[0].upper()}{module.SUMMARY[1:]}."
        module.add_arguments(what.add_parser(name, help=module.SUMMARY, description=says))


def run(args: argparse.Namespace) -> int:
    """Run one subcommand and return its status.

    Raises: InputError: something that was given cannot be used.
    """
    status: int = importlib.import_module(f"memdesc.cli.machine_{args.machine_command}").run(args)
    return status
