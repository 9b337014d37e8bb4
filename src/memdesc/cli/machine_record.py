"""`memdesc machine record`: a typed allocation trace of the running kernel."""

import argparse
import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from memdesc.cli import output
from memdesc.errors import InputError

SUMMARY = "record what the running kernel allocates pages for (root)"
_LONGEST = 1_000_000
"""Seconds that a recording may last."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc machine record`."""
    parser.add_argument("--seconds", type=float, default=0.0, metavar="N", help="how long; until interrupted")
    parser.add_argument("-o", "--output", type=Path, default=Path("memdesc.trace"), metavar="TRACE")
    parser.add_argument(
        "--buffer", type=int, default=32, metavar="MIB", help="the kernel's buffer of each CPU (%(default)s)"
    )
    parser.add_argument(
        "--sample", type=float, default=1.0, metavar="SECONDS", help="how often to read the kernel's counters"
    )
    parser.add_argument(
        "--from", dest="folder", type=Path, metavar="FOLDER",
        help="make the trace of what was recorded elsewhere, into a folder (see docs/machine.md)",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Record, say what was recorded, and return 0.

    Raises: InputError: not root, a kernel that lacks what is needed, or a file that cannot be written.
    """
    from memdesc.machine.record import record, write
    from memdesc.machine.replay import attribution
    from memdesc.machine.trace.file import Trace
    from memdesc.report.machine_text import render_attribution
    from memdesc.report.plots import size
    from memdesc.report.progress import Bar

    for option, given, least in (("--seconds", args.seconds, 0), ("--sample", args.sample, 1e-3)):
        if not least <= given <= _LONGEST:
            raise InputError(option, f"must be positive, and {_LONGEST:,} at most")
    if not 1 <= args.buffer <= 4096:
        raise InputError("--buffer", "must be from 1 to 4096 MiB")
    output.writable(args.output)
    with Bar() as bar:
        if args.folder is not None:
            tail = write(args.folder, args.output, bar)
        else:
            with _stoppable() as stopped:
                tail = record(args.output, args.seconds, args.buffer << 10, args.sample, bar, stopped)
    told = attribution(Trace(args.output))
    sys.stdout.write(
        f"{args.output}: {tail.events:,} events in {tail.nanoseconds / 1e9:.1f} s, "
        f"{size(args.output.stat().st_size)}; lost by the kernel: {tail.lost:,}; "
        f"without their stack: {tail.unpaired:,}\n" + render_attribution(told)
    )
    if tail.lost:
        print(
            "memdesc: the kernel's buffers overflowed; a larger --buffer loses fewer events", file=sys.stderr
        )
    return 0


@contextlib.contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Let signals end the recording in good order; the second one ends it at once, as everywhere else."""
    seen: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}

    def stop(number: int, frame: FrameType | None) -> None:
        seen.append(number)
        earlier = before[signal.Signals(number)]
        if len(seen) > 1 and callable(earlier):
            earlier(number, frame)

    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, stop)
    try:
        yield lambda: bool(seen)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
