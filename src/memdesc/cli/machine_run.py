"""`memdesc machine run`: a workload, a script or a trace on a design."""

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from memdesc.cli import numbers, output
from memdesc.cli.exit_status import ExitStatus
from memdesc.cli.machine_compare import MOST_SEED, replay_designs
from memdesc.errors import InputError

SUMMARY = "run a workload, a script or a trace on a design, and say what its descriptors cost"
DEFAULT_MEMORY = "64M"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc machine run`."""
    parser.add_argument(
        "--design", action="append", required=True, metavar="DESIGN",
        help="what `memdesc layout` reads; repeat it to see several side by side",
    )  # fmt: skip
    parser.add_argument("--abi", metavar="ABI", help="that the design is laid out for")
    parser.add_argument(
        "--memory", metavar="SIZE", help=f"such as 512M (default: {DEFAULT_MEMORY}; for a trace, as recorded)"
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--workload", metavar="NAME", help="one of those shipped; 'list' lists them")
    what.add_argument("--trace", type=Path, metavar="FILE", help="of `memdesc machine record`")
    what.add_argument(
        "--script", type=Path, metavar="FILE.py", help="a Python file with a function run(machine)"
    )
    parser.add_argument(
        "--check", metavar="every|N|end",
        help="look which generic code misreads what: after every operation, every N, or at the end",
    )  # fmt: skip
    parser.add_argument(
        "--no-lines", action="store_true", help="do not count cache lines (several times faster)"
    )
    parser.add_argument("--seed", type=numbers.whole(0, MOST_SEED), default=0, metavar="N")
    parser.add_argument("--format", choices=("text", "json", "html"), default="text")
    output.add_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Run, render, and return 1 when pages were misread, else 0.

    Raises: InputError: an argument, the design, the trace or the script cannot be used.
    """
    output.writable(args.output)
    check = check_of(args.check)
    if args.workload == "list":
        from memdesc.machine import workloads

        output.write("".join(f"{name}\n" for name in workloads.names()), args.output)
        return ExitStatus.CLEAN
    if args.trace is not None:
        memory = numbers.size(args.memory, "--memory") if args.memory else None
        replay_designs(
            args.trace, args.design, memory, args.seed, not args.no_lines, check, args.format, args.output
        )  # fmt: skip
        return ExitStatus.CLEAN
    return _run(args, check)


def check_of(text: str | None) -> int | None:
    """Return how often to look: 1 for "every", 0 for "end", N; None when nobody asked.

    Raises: InputError: it is none of these.
    """
    if text is None:
        return None
    if text in ("every", "end"):
        return 1 if text == "every" else 0
    number = numbers.number_of(text)
    if number is None or number < 1:
        raise InputError("--check", f"'{numbers.short(text)}' is neither every nor end nor a number above 0")
    return number


def _run(args: argparse.Namespace, check: int | None) -> int:
    from memdesc.layout import design as designs
    from memdesc.layout.abi import of_name
    from memdesc.machine import Machine, script, workloads
    from memdesc.machine.run import perform

    path = args.script or Path(f"workload {args.workload}")
    named: Callable[[Machine], None] = script.load(path) if args.script else workloads.load(args.workload)
    abi = of_name(args.abi) if args.abi else None
    memory = numbers.size(args.memory or DEFAULT_MEMORY, "--memory")
    runs = []
    for design in [designs.load(name, abi) for name in args.design]:
        machine = Machine(design, memory, args.seed, count_lines=not args.no_lines)
        runs.append(perform(machine, lambda machine: script.call(named, machine, path), check))
    renderer = import_module(f"memdesc.report.machine_{args.format}")
    title = f"memdesc machine: {args.workload or args.script.name}"
    text = renderer.render_runs(title, runs) if args.format == "html" else renderer.render_runs(runs)
    output.write(text, args.output)
    return ExitStatus.FOUND if any(run.misreads for run in runs) else ExitStatus.CLEAN
