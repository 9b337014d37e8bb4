"""Checks for the language server: each is a process of its own, and what it says comes back as records.

A process that fails, or takes all memory, takes no server along; one whose answer is wanted no more is ended.
"""

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from memdesc.errors import Bug
from memdesc.records import Step
from memdesc.report.progress import LINES

_MOST_BYTES = 1 << 28
"""Of what one check says."""
_LINE_BYTES = 1 << 20
Progress = Callable[[str, int, int], None]
"""Takes a phase, and how many of how many steps of it are done."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as an editor has it: places count lines from 1 and bytes, files are absolute."""

    rule: str
    level: str
    line: int
    column: int
    expression: str
    message: str
    when: str
    arrives: tuple[str, ...]
    accepts: tuple[str, ...]
    trace: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a check of some files said: the findings of each, or why there are none."""

    findings: Mapping[Path, tuple[Found, ...]] = field(default_factory=dict)
    trouble: str = ""


async def check(
    paths: Sequence[Path], texts: Mapping[Path, bytes], options: Sequence[str], progress: Progress
) -> Answer:
    """Return what is found in some files where `texts` are read in the place of the files that they stand for.

    Args: options: more of `memdesc check`'s. A check that is cancelled ends its process.
    """
    own = ["--format", "json", "--level", "note", "--quiet", *options]
    with overlaid(texts) as overlay:
        words = ["-m", "memdesc", "check", *own, *overlay, "--", *map(str, paths)]
        process = await started(words, paths[0])
        try:
            said, trouble = await asyncio.gather(_read(process), told(process, progress))
            await process.wait()
        finally:
            await ended(process)
    if process.returncode not in (0, 1):
        return Answer(trouble=trouble or f"memdesc check ended with status {process.returncode}")
    return Answer(findings(said, paths))


@contextlib.contextmanager
def overlaid(texts: Mapping[Path, bytes]) -> Iterator[list[str]]:
    """Keep texts in files of this user's own; give the options that let them be read."""
    with tempfile.TemporaryDirectory(prefix="memdesc-") as folder:
        words = []
        for number, (path, text) in enumerate(texts.items()):
            file = Path(folder, f"{number}{path.suffix}")
            file.write_bytes(text)
            words.append(f"--overlay={path}={file}")
        yield words


async def started(words: Sequence[str], near: Path) -> asyncio.subprocess.Process:
    """Start Python in the folder of a file, with pipes to all its streams."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=near.parent if near.parent.is_dir() else None,
        env={**os.environ, "MEMDESC_PROGRESS": "lines"},
        limit=_LINE_BYTES,
    )


async def told(process: asyncio.subprocess.Process, progress: Progress) -> str:
    """Follow what a process says on standard error until it ends it; return the last line that is no progress."""
    assert process.stderr
    last = ""
    while line := await process.stderr.readline():
        said = line.decode("utf-8", "replace").strip()
        if not said.startswith(LINES):
            last = said or last
            continue
        phase, _, counts = said.removeprefix(LINES).rpartition(" ")
        phase, _, done = phase.rpartition(" ")
        if done.isdecimal() and counts.isdecimal():
            progress(phase, int(done), int(counts))
    return last


async def ended(process: asyncio.subprocess.Process) -> None:
    """End a process if it runs."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _read(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdin
    assert process.stdout
    process.stdin.close()
    return await process.stdout.read()


def findings(said: bytes, paths: Sequence[Path]) -> dict[Path, tuple[Found, ...]]:
    """Return the findings in some files of what `memdesc check --format json` printed.

    Raises: Bug: it printed something else.
    """
    try:
        report = json.loads(said[:_MOST_BYTES])
        home = report["tree"] or str(paths[0].parent)
        found: dict[str, list[Found]] = {os.path.realpath(path): [] for path in paths}
        for each in report["findings"]:
            place = os.path.realpath(os.path.join(home, each["file"]))
            if place in found:
                found[place].append(_found(each, home))
        return {path: tuple(found[os.path.realpath(path)]) for path in paths}
    except (ValueError, KeyError, TypeError) as error:
        raise Bug(f"the answer of a check could not be read: {error}") from error


def _found(said: dict[str, object], home: str) -> Found:
    trace = said["trace"]
    assert isinstance(trace, list)
    steps = (Step(**{**step, "file": os.path.join(home, step["file"])}) for step in trace)
    line, column = (int(str(said[name])) for name in ("line", "column"))
    rule, level, expression, message, when = (
        str(said[name]) for name in ("rule", "level", "expression", "message", "when")
    )
    arrives, accepts = (tuple(map(str, _listed(said[name]))) for name in ("arrives", "accepts"))
    return Found(rule, level, line, column, expression, message, when, arrives, accepts, tuple(steps))


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value
