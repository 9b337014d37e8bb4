"""`memdesc machine compare`, and `run --trace`: what designs cost on a recorded workload."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from memdesc.cli import numbers, output
from memdesc.errors import InputError

if TYPE_CHECKING:
    from memdesc.machine.outcome import Replay
    from memdesc.report.progress import Bar

SUMMARY = "replay a trace on several designs, side by side"
MOST_SEED = (1 << 63) - 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc machine compare`."""
    parser.add_argument(
        "--design",
        action="append",
        required=True,
        metavar="DESIGN",
        help="what `memdesc layout` reads; repeat",
    )
    parser.add_argument(
        "--trace", type=Path, required=True, metavar="FILE", help="of `memdesc machine record`"
    )
    parser.add_argument("--memory", metavar="SIZE", help="that of the recorded machine")
    parser.add_argument("--seed", type=numbers.whole(0, MOST_SEED), default=0, metavar="N")
    parser.add_argument("--format", choices=("text", "json", "html"), default="text")
    output.add_argument(parser)
    parser.add_argument("--no-check", action="store_true", help="do not look for misread pages")
    parser.add_argument(
        "--no-lines", action="store_true", help="do not count cache lines (several times faster)"
    )


def run(args: argparse.Namespace) -> int:
    """Replay, render, and return 0.

    Raises: InputError: a trace or a design cannot be used.
    """
    output.writable(args.output)
    memory = numbers.size(args.memory, "--memory") if args.memory else None
    replay_designs(
        args.trace,
        args.design,
        memory,
        args.seed,
        not args.no_lines,
        None if args.no_check else 0,
        args.format,
        args.output,
    )
    return 0


def replay_designs(
    path: Path, designs: list[str], memory_bytes: int | None, seed: int, lines: bool, check: int | None, form: str,
    target: Path | None,
) -> None:  # fmt: skip
    """Replay the trace at `path` on each of `designs` and write the comparison to `target`.

    Raises: InputError: the trace is none, is damaged or of pages of another size; a design cannot be used.
    """
    import logging
    from importlib import import_module

    from memdesc.layout import design as layouts
    from memdesc.machine.agreement import by_counters, by_flags
    from memdesc.machine.machine import Machine
    from memdesc.machine.replay import present_pages, replay
    from memdesc.machine.shape import described_apart
    from memdesc.machine.trace.file import Trace
    from memdesc.report.progress import Bar

    trace = Trace(path)
    if trace.head.page_size != 4096:
        raise InputError(
            str(path), f"has pages of {trace.head.page_size} bytes, and a machine has pages of 4096"
        )
    loaded = [layouts.load(name) for name in designs]
    size = memory_bytes or max(present_pages(trace) * trace.head.page_size, 16 << 20)
    for design in loaded:
        if described_apart("free", design):
            _must_fit(design.name, size)
    replays: list[Replay] = []
    stopped: InputError | KeyboardInterrupt | None = None
    with Bar() as bar:
        for number, design in enumerate(loaded, 1):
            which = f" on {design.name}" + (f" ({number} of {len(loaded)})" if len(loaded) > 1 else "")
            try:
                machine = Machine(design, size, seed, count_lines=lines)
                replays.append(replay(trace, machine, partial(_named, bar, which), check))
                del machine
            except MemoryError:
                stopped = InputError(design.name, "needs more memory than there is")
            except (InputError, KeyboardInterrupt) as error:
                stopped = error
            if stopped is not None:
                break
    if stopped is not None and not replays:
        raise stopped
    if trace.cut:
        logging.getLogger("memdesc").warning("%s: was cut; this is about the part that is there", path)
    rows = [*by_counters(replays[0].moments), *by_flags(replays[0].moments)]
    renderer = import_module(f"memdesc.report.machine_{form}")
    output.write(renderer.render_comparison(replays, rows), target)
    if stopped is not None:
        left = ", ".join(design.name for design in loaded[len(replays) :])
        output.say(f"{left}: not replayed; the report has the designs before")
        raise stopped


def _named(bar: Bar, which: str, phase: str, done: int, total: int) -> None:
    """Show how far the replay of one of several designs is."""
    bar(f"{phase}{which}", done, total)


def _must_fit(design: str, size: int) -> None:
    """Refuse a machine whose memory we may have to hold whole: free pages are described inside themselves.

    Raises: InputError: there is not so much memory here.
    """
    from memdesc.report.plots import size as said

    try:
        words = Path("/proc/meminfo").read_text("ascii").split()
        available = int(words[words.index("MemAvailable:") + 1]) << 10
    except (OSError, ValueError, IndexError):
        return
    if size > available:
        raise InputError(
            "--memory",
            f"{design} describes free pages inside themselves: a machine of {said(size)} may need as much here, "
            f"and {said(available)} are available",
        )
