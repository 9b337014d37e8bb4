"""Checks for the language server: each is a process of its own, and what it says comes back as records.

A process that fails, or takes all memory, takes no server along; one whose answer is wanted no more is ended.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from memdesc.errors import Bug
from memdesc.records import Step

_MOST_BYTES = 1 << 28
"""Of what one check says of one file."""


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
    """What a check of one file said: its findings, or why there are none."""

    findings: tuple[Found, ...] = ()
    trouble: str = ""


async def check(path: Path, text: bytes, options: Sequence[str]) -> Answer:
    """Return what is found in `text` where it is read in the place of the file at `path`.

    Args: options: more of `memdesc check`'s. A check that is cancelled ends its process.
    """
    words = [
        "check",
        "-",
        "--stdin-as",
        str(path),
        "--format",
        "json",
        "--level",
        "note",
        "--quiet",
        *options,
    ]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "memdesc",
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=path.parent if path.parent.is_dir() else None,
    )
    try:
        said, wrong = await process.communicate(text)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode not in (0, 1):
        lines = wrong.decode("utf-8", "replace").strip().splitlines()
        return Answer(trouble=lines[-1] if lines else f"memdesc check ended with status {process.returncode}")
    return Answer(findings(said, path))


def findings(said: bytes, path: Path) -> tuple[Found, ...]:
    """Return the findings in the file at `path` of what `memdesc check --format json` printed.

    Raises: Bug: it printed something else.
    """
    try:
        report = json.loads(said[:_MOST_BYTES])
        home = report["tree"] or str(path.parent)
        own = os.path.realpath(path)
        return tuple(
            _found(each, home)
            for each in report["findings"]
            if os.path.realpath(os.path.join(home, each["file"])) == own
        )
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
