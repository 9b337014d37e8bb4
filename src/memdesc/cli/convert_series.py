"""`memdesc convert --series`: who sends it, whether each patch builds, and the files."""

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from memdesc import outlet
from memdesc.convert.compiling import Shop
from memdesc.convert.edits import apply
from memdesc.convert.model import Says, Step
from memdesc.errors import InputError
from memdesc.report.patches import Sender

_PERSON = re.compile(r"[^<>\n]+ <[^<>\s]+@[^<>\s]+>")
_NOW = "SOURCE_DATE_EPOCH"


def sender(author: str | None, signed: bool, root: Path) -> Sender:
    """Return who sends the series: `author`, else whom git knows.

    Raises: InputError: nobody is known, or it is no `Name <address>`.
    """
    who = author if author is not None else _known(root)
    if not _PERSON.fullmatch(who):
        raise InputError(f"--author {who}", "is not of the form 'Name <address>'")
    now = os.environ.get(_NOW, "")
    if now and not re.fullmatch(r"\d{1,10}", now):
        raise InputError(f"{_NOW}={now}", "is no time in seconds")
    return Sender(who, datetime.fromtimestamp(int(now), UTC) if now else datetime.now(UTC), signed)


def _known(root: Path) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "var", "GIT_AUTHOR_IDENT"], capture_output=True, check=False
        )
    except FileNotFoundError:
        done = None
    said = done.stdout.decode("utf-8", "replace").strip() if done is not None and not done.returncode else ""
    match = re.match(r"(.*>) \d+ [+-]\d+$", said)
    if match is None:
        raise InputError("--series", "needs --author 'Name <address>': git knows nobody")
    return match[1]


def folder(path: Path) -> None:
    """Make the folder of a series. Raises: InputError: it cannot be made, or holds files."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        held = any(path.iterdir())
    except OSError as error:
        raise InputError(str(path), f"cannot be made: {(error.strerror or str(error)).lower()}") from error
    if held:
        raise InputError(str(path), "is not empty; a series is written to a folder of its own")


def built(found: Sequence[Step], shop: Shop, text: Callable[[str], bytes]) -> list[Step]:
    """Return the steps, each of which compiles: one that does not is one with the next."""
    out: list[Step] = []
    waiting: Step | None = None
    for number, step in enumerate(found, 1):
        one = step if waiting is None else Step((*waiting.targets, *step.targets), waiting.before, step.after)
        waiting = None
        after = {path: apply(text(path), edits) for path, edits in one.after.items()}
        verdicts = shop.build_both(after, one.files) if number < len(found) else ()
        if any(verdict.says is Says.FAILS for verdict in verdicts):
            waiting = one
        else:
            out.append(one)
    return out


def write(mails: dict[str, bytes], path: Path) -> None:
    """Write the mails, all or none."""
    outlet.replace_all({path / name: data for name, data in mails.items()})
