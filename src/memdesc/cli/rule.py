"""`memdesc rule`: list the rules, or show the page of one."""

import argparse

from memdesc.cli import output
from memdesc.cli.exit_status import ExitStatus
from memdesc.findings import registry


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc rule`."""
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="the rule whose page to show (default: list all)"
    )
    output.add_argument(parser)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Show the list or the page."""
    rules = registry.rules()
    if arguments.name is None:
        width = max(map(len, rules), default=0)
        lines = (f"{rule.name:{width}}  {rule.level.word:7}  {rule.summary}\n" for rule in rules.values())
        output.write("".join(lines), arguments.output)
        return ExitStatus.CLEAN
    output.write(registry.page(registry.rule(arguments.name).name), arguments.output)
    return ExitStatus.CLEAN
