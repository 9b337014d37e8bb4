"""Work shared among processes, such that none is left behind and a crash costs one task, not the run.

`multiprocessing.Pool` waits forever for a worker that was killed, `concurrent.futures` gives up all work at
the first that is. Here a task whose worker dies (no memory, a parser that overflows its stack) is reported
as `Died`, and a new worker goes on. Workers are forked, so that tasks need not be sent to them, and end when
their parent does, however it ends. Results are bytes, so that nothing that a worker sends is more than data here.
"""

import contextlib
import multiprocessing
import os
import signal
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import TypeVar

from memdesc.errors import Bug

T = TypeVar("T")

_AHEAD = 2
_NUMBER_BYTES = 4
_WELL, _FAILED = b"+", b"-"
_CONTEXT = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Died:
    """The worker of a task ended before the task did; `how` says by which signal or status."""

    how: str


@dataclass(slots=True, eq=False)
class _Worker:
    process: ForkProcess
    connection: Connection
    given: deque[int] = field(default_factory=deque)


def run(
    work: Callable[[T], bytes], tasks: Sequence[T], jobs: int, take: Callable[[int, bytes | Died], None]
) -> None:
    """Do `work` on every one of `tasks` in at most `jobs` processes, and hand results to `take` as they come.

    Args: work: runs in the workers; must not raise. take: runs here, with the index of the task; indices
    come in no order. With one job, or one task, all is done here.
    Raises: Bug: `work` raised. Whatever `take` raises, and KeyboardInterrupt, after the workers were ended.
    """
    if jobs == 1 or len(tasks) < 2:
        for index, task in enumerate(tasks):
            take(index, work(task))
        return
    left = deque(range(len(tasks)))
    workers: list[_Worker] = []
    try:
        while left or any(worker.given for worker in workers):
            while len(workers) < jobs and left:
                workers.append(_start(work, tasks, workers))
            for worker in workers:
                while left and len(worker.given) < _AHEAD:
                    _give(worker, left)
            for ready in wait([worker.connection for worker in workers]):
                worker = next(w for w in workers if w.connection is ready)
                if not _receive(worker, take):
                    workers.remove(worker)
                    left.extendleft(reversed(worker.given))
    finally:
        for worker in workers:
            worker.process.kill()
        for worker in workers:
            worker.process.join()
            worker.connection.close()


def _start(work: Callable[[T], bytes], tasks: Sequence[T], others: Sequence[_Worker]) -> _Worker:
    ours, theirs = _CONTEXT.Pipe()
    inherited = [ours, *(other.connection for other in others)]
    process = _CONTEXT.Process(target=_serve, args=(work, tasks, theirs, inherited), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _serve(
    work: Callable[[T], bytes], tasks: Sequence[T], connection: Connection, inherited: Sequence[Connection]
) -> None:
    """Be a worker: do the tasks whose numbers arrive until no more can."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in inherited:
        other.close()
    with contextlib.suppress(EOFError, OSError):
        while True:
            index = int.from_bytes(connection.recv_bytes(_NUMBER_BYTES))
            try:
                done = _WELL + work(tasks[index])
            except BaseException:
                done = _FAILED + traceback.format_exc().encode("utf-8", "backslashreplace")
            connection.send_bytes(done)
    os._exit(0)


def _give(worker: _Worker, left: deque[int]) -> None:
    worker.given.append(left.popleft())
    with contextlib.suppress(OSError):  # it died; _receive() will find out
        worker.connection.send_bytes(worker.given[-1].to_bytes(_NUMBER_BYTES))


def _receive(worker: _Worker, take: Callable[[int, bytes | Died], None]) -> bool:
    """Take one result of `worker`, and return whether it lives; what it had not begun stays given."""
    try:
        said = worker.connection.recv_bytes()
    except (EOFError, OSError):
        worker.connection.close()
        worker.process.join()
        if worker.given:
            take(worker.given.popleft(), Died(_how(worker.process.exitcode)))
        return False
    index = worker.given.popleft()
    if said[:1] != _WELL:
        result = said[1:].decode("utf-8", "replace")
        bug = Bug(f"a worker failed: {result.strip().splitlines()[-1]}")
        bug.add_note(result)
        raise bug
    take(index, said[1:])
    return True


def _how(status: int | None) -> str:
    if status is not None and status < 0:
        with contextlib.suppress(ValueError):
            return f"its process was ended by {signal.Signals(-status).name}"
    return f"its process ended with status {status}"
