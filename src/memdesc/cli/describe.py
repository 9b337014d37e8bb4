"""The command line as data: every command with its options, taken from the parsers that --help prints.

The man page and the completions of shells are made of it, so that all of them say the same.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from memdesc.cli import main


@dataclass(frozen=True, slots=True)
class Option:
    """An option or a positional argument.

    Attributes: names: as written, "--level"; empty for a positional. value: what stands for its value in help, empty
    for a flag. choices: the values that there are, if they are few.
    """

    names: tuple[str, ...]
    value: str
    choices: tuple[str, ...]
    help: str


@dataclass(frozen=True, slots=True)
class Described:
    """A command. path: its words, ("layout", "diff"); () for memdesc itself."""

    path: tuple[str, ...]
    help: str
    usage: str
    options: tuple[Option, ...]
    commands: tuple[str, ...]


def commands() -> tuple[Described, ...]:
    """Return memdesc itself and every command, those within commands as well, in the order of --help."""
    out = [_described((), "", main.parser(None))]
    for name, says in main.available().items():
        chosen = main.parser(name).chosen
        if chosen is not None:
            out += _walk((name,), says, chosen)
    return tuple(out)


def _walk(path: tuple[str, ...], says: str, parser: argparse.ArgumentParser) -> Iterator[Described]:
    yield _described(path, says, parser)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, inner in action.choices.items():
                yield from _walk((*path, name), helps.get(name, ""), inner)


def _described(path: tuple[str, ...], says: str, parser: argparse.ArgumentParser) -> Described:
    options = []
    inner: tuple[str, ...] = ()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            inner = tuple(action.choices)
        elif action.help != argparse.SUPPRESS:
            options.append(_option(parser, action))
    usage = " ".join(parser.format_usage().removeprefix("usage: ").split())
    return Described(path, says, usage, tuple(options), inner)


def _option(parser: argparse.ArgumentParser, action: argparse.Action) -> Option:
    formatter = parser._get_formatter()
    takes = action.nargs != 0
    value = ""
    if takes and action.option_strings:
        value = formatter._format_args(action, action.dest.upper())
    elif takes:
        metavar = action.metavar or action.dest
        value = metavar if isinstance(metavar, str) else " ".join(metavar)
    says = formatter._expand_help(action) if action.help else ""
    choices = tuple(map(str, action.choices)) if action.choices is not None else ()
    return Option(tuple(action.option_strings), value, choices, " ".join(says.split()))
