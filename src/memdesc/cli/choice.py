"""Which findings a user wants: rules, levels and files, from the command line and from a settings file.

A settings file is `.memdesc.toml`, the nearest one in the folder of the first PATH or above it:

    level = "error"                       # as --level
    select = ["slab-page-sent"]            # as --select
    ignore = ["stack-buffer-not-dma-safe"]
    signatures = ["tools/signatures.h"]   # as --signatures; files below this file's folder
    exclude = ["drivers/staging/*"]       # files of which nothing is reported, by their path from this file's folder

The command line is stronger. A settings file decides what is found, so one that came with somebody's tree is named on
standard error whenever it is followed.
"""

import argparse
import glob
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from memdesc import door
from memdesc.cli import output
from memdesc.errors import InputError, meant
from memdesc.findings import registry
from memdesc.findings.model import Interpretation, Level
from memdesc.source import added

if TYPE_CHECKING:
    from memdesc import checking

NAME = ".memdesc.toml"
_MOST_BYTES = 1 << 20
_LISTS = ("select", "ignore", "exclude", "signatures")
_KEYS = ("level", *_LISTS)
_LEVELS = {level.word: level for level in Level}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is wanted. rules: None for all. exclude: patterns of absolute paths. origin: the settings file, if any.
    signatures: what is known of the project's own functions."""

    level: Level
    rules: frozenset[str] | None
    exclude: tuple[str, ...]
    origin: Path | None = None
    signatures: added.Files = ()

    def options(
        self,
        jobs: int,
        cache: bool,
        interpretation: Interpretation = Interpretation.OTTAWA,
        level: Level | None = None,
    ) -> "checking.Options":
        """Return what a check is to do for this choice. Args: level: another level than the one chosen."""
        from memdesc import checking  # which most calls of kbuild can do without

        return checking.Options(jobs, cache, level or self.level, interpretation, self.rules, self.exclude)

    def announce(self) -> None:
        """Say on standard error which settings file is followed, if one is."""
        if self.origin:
            output.say(f"following {self.origin}; --settings none does not")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --level, --select, --ignore and --settings."""
    parser.add_argument(
        "--level",
        choices=[level.word for level in sorted(Level, reverse=True)],
        help=f"report findings that are at least this sure (default: {Level.WARNING.word})",
    )
    parser.add_argument(
        "--select",
        metavar="RULE[,RULE...]",
        action="append",
        help="report findings of these rules alone; memdesc rule lists them",
    )
    parser.add_argument(
        "--ignore", metavar="RULE[,RULE...]", action="append", help="leave out findings of these rules"
    )
    parser.add_argument(
        "--settings",
        metavar="FILE",
        help=f"follow FILE; 'none' for no settings (default: the nearest {NAME} above the first PATH)",
    )


def chosen(arguments: argparse.Namespace, paths: Sequence[Path]) -> Choice:
    """Return what the command line and the settings file want.

    Raises: InputError: a rule that there is not, or settings that are none.
    """
    from memdesc.cli import inputs  # readers of C, which most calls of kbuild can do without

    said, origin = _settings(arguments.settings, paths)
    level = _LEVELS[arguments.level or "".join(said.get("level", ())) or Level.WARNING.word]
    every = registry.rules()
    wanted = frozenset(every)
    for words in (said.get("select"), _split(arguments.select)):
        if words:
            wanted = frozenset(_rule(word, origin) for word in words)
    if arguments.select is None:
        wanted -= {_rule(word, origin) for word in said.get("ignore", ())}
    wanted -= {_rule(word, None) for word in _split(arguments.ignore)}
    folder = glob.escape(str(origin.resolve().parent)) if origin else ""
    excluded = tuple(f"{folder}/{pattern}" for pattern in said.get("exclude", ()))
    own = inputs.signatures([*_own_signatures(said.get("signatures", ()), origin), *arguments.signatures])
    return Choice(level, None if len(wanted) == len(every) else wanted, excluded, origin, own)


def _own_signatures(names: Sequence[str], origin: Path | None) -> list[str]:
    """Return the files of signatures that settings name: of their folder alone, since settings may be others'."""
    if origin is None:
        return []
    folder = door.Tree(origin.absolute().parent)
    for name in names:
        if folder.leads_out(name):
            raise InputError(str(origin), f"signatures: {name} leads out of the folder of the settings")
    return [str(origin.parent / name) for name in names]


def _split(given: Iterable[str] | None) -> list[str]:
    return [word.strip() for words in given or () for word in words.split(",") if word.strip()]


def _rule(word: str, origin: Path | None) -> str:
    return registry.rule(word, str(origin) if origin else "").name


def _settings(named: str | None, paths: Sequence[Path]) -> tuple[dict[str, list[str]], Path | None]:
    """Return the settings, and where they are from."""
    if named == "none":
        return {}, None
    if named is not None:
        return _read(Path(named)), Path(named)
    place = nearest(paths[0] if paths else Path())
    return ({}, None) if place is None else (_read(place), place)


def nearest(path: Path) -> Path | None:
    """Return the settings file in a folder or the nearest one above it, None when there is none."""
    start = path.absolute()
    for folder in (start, *start.parents):
        place = folder / NAME
        if not place.is_symlink() and place.is_file():
            return place
    return None


def _read(path: Path) -> dict[str, list[str]]:
    try:
        said = tomllib.loads(door.read(path, _MOST_BYTES).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(str(path), f"is no TOML: {' '.join(str(error).split())}") from None
    for key, value in said.items():
        if key not in _KEYS:
            raise InputError(str(path), f"no such setting: {key}{meant(key, _KEYS)}")
        if key == "level" and not (isinstance(value, str) and value in _LEVELS):
            raise InputError(str(path), f"level is one of {', '.join(_LEVELS)}")
        if key in _LISTS and not (isinstance(value, list) and all(isinstance(each, str) for each in value)):
            raise InputError(str(path), f"{key} is a list of strings")
    return {key: [value] if key == "level" else value for key, value in said.items()}
