"""Commits of git as patches. git is only asked; nothing in the work tree or the repository changes."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from memdesc.errors import InputError
from memdesc.source import kernel
from memdesc.source.patch import Patch, read

_DIFF = ("--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", "-M")
STAGED = "staged"
"""The word for what git's index holds for the next commit."""
_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=true", "-c", "diff.submodule=short")


def home(path: Path, top: Path | None) -> Path:
    """Return the folder that the names in a patch are relative to: the top of the kernel or of the repository that
    `path` lies in, else its folder."""
    found = kernel.top(path)
    if found is not None:
        return found
    start = path.resolve()
    folders = [folder for folder in (start, *start.parents) if folder.is_dir()]
    for folder in folders:
        if (folder / ".git").exists():
            return folder
    return top.resolve() if top is not None and start.is_relative_to(top.resolve()) else folders[0]


def known(word: str, folder: Path) -> bool:
    """Whether git knows `word` as a commit or a range of commits."""
    return all(_commit(part, folder) for part in word.split("..", 1) if part)


def patches(
    word: str, folder: Path, of_interest: Callable[[str], bool]
) -> tuple[dict[str, bytes], list[Patch], Path]:
    """Return (texts of the state before the commits where they differ from the work tree, the commits as patches, the
    top of the repository that all names are below).

    Raises: InputError: `word` is neither a commit nor a range of them, or git is not there.
    """
    if not known(word, folder) or word.startswith("-"):
        raise InputError(word, "is neither a file nor a commit (REV or REV..REV) of git here, nor 'staged'")
    top = _top(folder)
    if ".." in word:
        first, last = (part or "HEAD" for part in word.split("..", 1))
        listed = _git(top, "rev-list", "--reverse", "--first-parent", f"{first}..{last}", "--")
        commits = listed.decode("ascii").split()
        if not commits:
            raise InputError(word, "holds no commits")
        begun = first
    else:
        commits = [_commit(word, top)]
        begun = f"{word}^"
        if not _commit(begun, top):
            raise InputError(word, "has no commit before it")
    found = []
    for commit in commits:
        subject = _git(top, "show", "-s", "--format=%s", commit, "--").decode("utf-8", "replace").strip()
        diff = _git(top, "diff", *_DIFF, "--src-prefix=a/", "--dst-prefix=b/", f"{commit}^", commit, "--")
        if diff.strip():
            found += [Patch(subject, each.files, commit[:12]) for each in read(diff, commit[:12])]
    return _before(begun, top, of_interest), found, top


def staged(folder: Path, of_interest: Callable[[str], bool]) -> tuple[dict[str, bytes], list[Patch], Path]:
    """Return what patches() does, of the commit that git would make now: no patch where nothing is staged."""
    top = _top(folder)
    last = _commit("HEAD", top) or _git(top, "hash-object", "-t", "tree", "/dev/null").decode().strip()
    diff = _git(top, "diff", *_DIFF, "--cached", "--src-prefix=a/", "--dst-prefix=b/", last, "--")
    found = [Patch(STAGED, each.files, STAGED) for each in read(diff, STAGED)] if diff.strip() else []
    return _before(last, top, of_interest), found, top


def _top(folder: Path) -> Path:
    return Path(_git(folder, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").rstrip("\n"))


def _before(commit: str, top: Path, of_interest: Callable[[str], bool]) -> dict[str, bytes]:
    """Return the texts of a commit of files that differ in the work tree, empty for one that the commit has not."""
    said = _git(top, "diff", *_DIFF, "--no-renames", "--name-status", "-z", commit, "--")
    words = said.decode("utf-8", "surrogateescape").split("\0")
    out = {}
    for status, path in zip(words[::2], words[1::2], strict=False):
        if of_interest(path):
            out[path] = b"" if status[:1] == "A" else _git(top, "cat-file", "blob", f"{commit}:{path}")
    return out


def _commit(word: str, folder: Path) -> str:
    """Return the hash of a commit, empty for what is none."""
    try:
        return (
            _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{word}^{{commit}}")
            .decode()
            .strip()
        )
    except InputError:
        return ""


def _git(folder: Path, *words: str) -> bytes:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_PAGER": "cat", "LC_ALL": "C"}
    try:
        ended = subprocess.run(
            ["git", "-C", str(folder), *_SAFE, *words], capture_output=True, env=environment, check=False
        )
    except FileNotFoundError:
        raise InputError("git", "is not installed; --patch FILE does without") from None
    if ended.returncode:
        why = ended.stderr.decode("utf-8", "replace").strip().splitlines()
        raise InputError("git", f"{words[0]} failed: {why[0] if why else ended.returncode}")
    return ended.stdout
