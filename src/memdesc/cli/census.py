"""`memdesc census`: count the memory of a kernel by kind."""

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from memdesc.cli import numbers, output
from memdesc.cli.exit_status import ExitStatus
from memdesc.errors import InputError
from memdesc.escape import steer
from memdesc.kernel.census import DIMENSIONS, Census, count
from memdesc.kernel.pages import Memory
from memdesc.kernel.price import Price, prices
from memdesc.kernel.reconcile import Account, account
from memdesc.layout import design as designs
from memdesc.layout.design import Design

_CLEAR = steer("\x1b[H\x1b[J")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc census`."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--live", action="store_true", help="count the running machine, as root (the default)")
    which.add_argument("--dump", type=Path, metavar="VMCORE", help="count a dump")
    parser.add_argument(
        "--kernel",
        type=Path,
        metavar="FILE",
        help="vmlinuz, vmlinux or BTF of the kernel that the dump is of",
    )
    parser.add_argument(
        "--by", action="append", default=[], choices=DIMENSIONS, metavar="WHAT",
        help=f"group by one of {', '.join(DIMENSIONS)}; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--design", action="append", default=[], metavar="NAME",
        help="say what this design of descriptors would cost: one of "
        f"{', '.join(designs.SHIPPED)}, a C header, or a kernel's BTF; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--format", choices=("text", "json", "html", "parquet"), default="text", help="form of the report"
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report to FILE")
    parser.add_argument(
        "--watch",
        type=numbers.seconds(0),
        metavar="SECONDS",
        help="count again and again, and show what changed",
    )
    parser.add_argument(
        "--verify", action="store_true", help="report descriptors of a dump that break a rule of their kind"
    )


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Count and render.

    Raises: InputError: the memory cannot be read, or the arguments do not go together.
    """
    _consistent(arguments)
    output.writable(arguments.output)
    chosen = [designs.load(name) for name in dict.fromkeys(arguments.design)]
    memory = _open(arguments)
    if arguments.verify:
        from memdesc.cli import verify

        return verify.run(memory, arguments)
    if arguments.watch:
        return _watch(memory, chosen, arguments)
    if arguments.format == "parquet":
        from memdesc.report import census_parquet

        with census_parquet.Writer(arguments.output, memory.source.about(), memory.source.zones()) as writer:
            count(memory.source, tuple(arguments.by), also=writer.add)
        return ExitStatus.CLEAN
    census, found, costs = _count(memory, chosen, arguments)
    output.write(_render(census, found, costs, arguments), arguments.output)
    return ExitStatus.CLEAN


def _consistent(arguments: argparse.Namespace) -> None:
    if arguments.dump is None:
        if arguments.kernel is not None:
            raise InputError("--kernel", "goes with --dump; a live machine has its own layout")
        if arguments.verify:
            raise InputError("--verify", "goes with --dump: a live machine shows no descriptors")
    elif arguments.watch:
        raise InputError("--watch", "goes with a live machine; a dump does not change")
    if arguments.output is None and (
        arguments.format == "parquet" or (arguments.format == "html" and arguments.watch)
    ):
        raise InputError(f"--format {arguments.format}", "needs --output FILE")
    if arguments.format == "parquet" and arguments.watch:
        raise InputError("--watch", "cannot be written as parquet")


def _open(arguments: argparse.Namespace) -> Memory:
    if arguments.dump is None:
        from memdesc.kernel.live import open_live

        return open_live()
    from memdesc.kernel.dump import open_dump

    return open_dump(arguments.dump, arguments.kernel)


def _count(
    memory: Memory, chosen: Sequence[Design], arguments: argparse.Namespace
) -> tuple[Census, Account, tuple[Price, ...]]:
    census = count(memory.source, tuple(arguments.by), picture=arguments.format == "html")
    return census, account(census), prices(census, chosen) if chosen or arguments.format == "html" else ()


def _render(
    census: Census,
    found: Account,
    costs: tuple[Price, ...],
    arguments: argparse.Namespace,
    before: Census | None = None,
) -> str:
    if arguments.format == "json":
        from memdesc.report import census_json

        return census_json.render(census, found, costs, line=bool(arguments.watch))
    if arguments.format == "html":
        from memdesc.report import census_html

        return census_html.render(census, found, costs)
    from memdesc.report import census_text
    from memdesc.report.text import PLAIN, style

    tty = arguments.output is None and sys.stdout.isatty()
    return census_text.render(
        census, found, costs, arguments.by, style(sys.stdout) if tty else PLAIN,
        shutil.get_terminal_size((110, 40)).columns if tty else 110, before,
    )  # fmt: skip


def _watch(memory: Memory, chosen: Sequence[Design], arguments: argparse.Namespace) -> ExitStatus:
    """Count every so many seconds until interrupted."""
    before: Census | None = None
    clear = _CLEAR if arguments.format == "text" and arguments.output is None and sys.stdout.isatty() else ""
    try:
        while True:
            began = time.monotonic()
            census, found, costs = _count(memory, chosen, arguments)
            output.write(clear + _render(census, found, costs, arguments, before), arguments.output)
            before = census
            time.sleep(max(arguments.watch - (time.monotonic() - began), 0))
    except KeyboardInterrupt:
        return ExitStatus.CLEAN
