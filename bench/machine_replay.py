"""Replays a long trace and says how fast, and with how much memory.

    python3 bench/machine_replay.py [--design DESIGN] [--events N] [--lines] [TRACE]

The trace is a recorded one (by default that of the tests, 63,000 events of Debian's kernel), over and over until
it has so many events: 10 million unless told. Prints one line for writing it, one for reading it, one for
keeping account of its pages without a machine, and one for each machine. Seconds are of the processor, so that
what else the computer does hardly matters; peak memory is that of this process.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from memdesc.machine import Machine
from memdesc.machine.replay import present_pages, replay
from memdesc.machine.trace.events import Events
from memdesc.machine.trace.file import Runs, Sample, Tail, Trace, Writer
from memdesc.report.progress import Bar

RECORDED = Path(__file__).parents[1] / "tests/machine/traces/debian-6.12.trace"


def repeat(trace: Trace, target: Path, wanted: int) -> int:
    """Write `trace` to `target` again and again until it has `wanted` events; return how many it has."""
    frames = [frame for frame in trace if not isinstance(frame, Sample | Tail)]
    last = max(int(frame["time"][-1]) for frame in frames if isinstance(frame, np.ndarray)) + 1
    with target.open("wb") as stream:
        writer, count, rounds = Writer(stream, trace.head), 0, 0
        while count < wanted:
            for frame in frames:
                if isinstance(frame, np.ndarray):
                    later: Events = frame.copy()
                    later["time"] += np.uint64(rounds * last)
                    writer.events(later)
                    count += len(frame)
                elif rounds == 0 and isinstance(frame, Runs):
                    writer.population(frame)
                elif rounds == 0 and isinstance(frame, list):
                    writer.stacks(frame)
            rounds += 1
        writer.tail(Tail(count, rounds * last, 0, 0, 0))
    return count


def peak_mib() -> int:
    """Return the most memory that this process had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main() -> None:
    """Do it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("trace", nargs="?", type=Path, default=RECORDED)
    parser.add_argument("--design", action="append")
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--lines", action="store_true", help="count cache lines")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.trace"
        began = time.process_time()
        count = repeat(Trace(args.trace), path, args.events)
        _say("written", count, began, f"{path.stat().st_size / count:.1f} bytes an event")
        trace = Trace(path)
        began = time.process_time()
        for _ in trace:
            pass
        _say("read", count, began, f"peak {peak_mib()} MiB")
        with Bar() as bar:
            began = time.process_time()
            replay(trace, None, bar)
        _say("accounted", count, began, f"peak {peak_mib()} MiB")
        for design in args.design or ["linux-6.12", "memdesc-8"]:
            machine = Machine(design, present_pages(trace) * 4096, count_lines=args.lines)
            with Bar() as bar:
                began = time.process_time()
                made = replay(trace, machine, bar)
            assert made.run is not None
            calls = sum(operation.count for operation in made.run.costs.operations)
            per_second = calls / (time.process_time() - began)
            _say(f"on {design}", count, began, f"{per_second:,.0f} page operations/s, peak {peak_mib()} MiB")


def _say(what: str, count: int, began: float, more: str) -> None:
    took = time.process_time() - began
    print(f"{what}: {count:,} events in {took:.1f} s, {count / took:,.0f} events/s, {more}", flush=True)


if __name__ == "__main__":
    main()
