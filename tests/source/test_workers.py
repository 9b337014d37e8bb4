"""Work in many processes: all of it is done, and whatever happens nobody is left behind."""

import os
import signal
import subprocess
import sys
import time

import pytest

from memdesc.errors import Bug
from memdesc.source import workers
from memdesc.source.workers import Died


def _square(n: int) -> bytes:
    return b"%d" % (n * n)


def _odd(n: int) -> bytes:
    if n % 10 == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if n % 10 == 7:
        os._exit(5)
    return b"%d" % n


def _gather(*arguments: object) -> dict[int, object]:
    found: dict[int, object] = {}

    def take(index: int, result: object) -> None:
        assert index not in found
        found[index] = result

    workers.run(*arguments, take)  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 500])
def test_every_task_is_done_once(jobs: int, count: int) -> None:
    """In one process or many, with fewer tasks than processes or more."""
    assert _gather(_square, range(count), jobs) == {n: b"%d" % (n * n) for n in range(count)}


def test_large_results() -> None:
    """They are larger than a pipe holds."""
    found = _gather(lambda n: bytes(n * 1_000_000), range(9), 2)
    assert [len(found[n]) for n in range(9)] == [n * 1_000_000 for n in range(9)]  # type: ignore[arg-type]


def test_a_worker_that_dies_costs_its_task_alone() -> None:
    """The others are done, and how it died is said."""
    found = _gather(_odd, range(60), 2)
    for n in range(60):
        if n % 10 == 3:
            assert found[n] == Died("its process was ended by SIGKILL")
        elif n % 10 == 7:
            assert found[n] == Died("its process ended with status 5")
        else:
            assert found[n] == b"%d" % n


def test_work_that_raises_is_a_bug() -> None:
    """The message holds where; no process stays."""

    def work(n: int) -> bytes:
        return bytes([1 // (n - 5) + 9])

    with pytest.raises(Bug, match=r"^a worker failed: ZeroDivisionError: ") as failed:
        _gather(work, range(10), 2)
    assert "in work" in failed.value.__notes__[0]


def test_what_take_raises_ends_the_workers() -> None:
    """Nobody goes on with work that nobody wants."""
    seen: list[int] = []

    def work(n: int) -> bytes:
        time.sleep(0.01 if n < 4 else 30)
        return os.getpid().to_bytes(8)

    def take(_index: int, process: bytes | Died) -> None:
        assert isinstance(process, bytes)
        seen.append(int.from_bytes(process))
        if len(seen) == 4:
            raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        workers.run(work, range(9), 2, take)
    assert time.monotonic() - start < 5
    for process in set(seen):
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_workers_end_with_their_parent() -> None:
    """Even when it is killed and can tell nobody."""
    code = (
        "import time\nfrom memdesc.source import workers\n"
        "workers.run(lambda n: time.sleep(0.2) or b'', range(1000), 2, lambda i, r: print(i, flush=True))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, process_group=0, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    for _ in range(100):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("workers are left")
