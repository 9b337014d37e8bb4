"""A run of memdesc under limits: of processor time, and of memory."""

import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

FILES = Path(__file__).parent / "files"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended. status: negative for a signal."""

    status: int
    out: str
    err: str

    def refused(self) -> bool:
        """Whether it ended as bad input has to: status 2 and one line."""
        return self.status == 2 and self.err.count("\n") == 1 and "this is a bug" not in self.err


Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `memdesc ARGUMENTS`; past the limits it ends by a signal, or says that there is not enough memory."""

    def limit(seconds: int, space_bytes: int) -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (space_bytes, space_bytes))

    def perform(*arguments: str | Path, seconds: int = 4, space_mib: int = 1024) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "memdesc", *map(str, arguments)],
            capture_output=True, stdin=subprocess.DEVNULL, cwd=tmp_path, timeout=120, check=False,
            preexec_fn=lambda: limit(seconds, space_mib << 20),
        )  # fmt: skip
        return Ended(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode())

    return perform
