"""Paths as the user sees them: relative to where he stands, so that an editor opens what is printed."""

import argparse
import os
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

Record = TypeVar("Record")
FORMATS = ("text", "gitlab")
"""Forms of a report in which files are named from where the user stands; in others from the top of the tree."""


def add_argument(parser: argparse.ArgumentParser) -> None:
    """Declare --paths."""
    parser.add_argument(
        "--paths",
        choices=["here", "tree"],
        dest="shown",
        default="here",
        help="in text and for GitLab, name files from the current folder (here) or from the top of the tree (tree); "
        "other formats, baselines and identities of findings always name them from the top (default: %(default)s)",
    )


def from_here(record: Record, root: str) -> Record:
    """Return a record with each `file` in it as a path from the current folder.

    Args: root: what its files are relative to; nothing changes when it is empty.
    """
    if not root:
        return record
    here = os.getcwd()
    known: dict[str, str] = {}

    def name(file: str) -> str:
        if file not in known:
            known[file] = os.path.relpath(os.path.join(root, file), here)
        return known[file]

    found: Record = _renamed(record, name)
    return found


def _renamed(value: Any, name: Callable[[str], str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_renamed(each, name) for each in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes = {}
    for each in fields(value):
        old = getattr(value, each.name)
        new = name(old) if each.name == "file" and old else _renamed(old, name)
        if new is not old:
            changes[each.name] = new
    return replace(value, **changes) if changes else value
