"""`memdesc man`: the manual page, made of what --help says."""

import argparse

from memdesc import __version__
from memdesc.cli import describe, output
from memdesc.cli.describe import Described
from memdesc.cli.exit_status import ExitStatus

_STATUS = (
    ("0", "Nothing is reported."),
    ("1", "Something is reported (check)."),
    ("2", "Wrong usage, something that was asked for could not be read, or memdesc itself failed."),
)
_ENVIRONMENT = (
    ("XDG_CACHE_HOME", "Where the cache lies, ~/.cache by default; in it, the folder memdesc."),
    ("KDIR, KERNELRELEASE", "Where the kernel of a module outside any tree is looked for."),
    ("NO_COLOR", "Text is printed without colours."),
    ("MEMDESC_PROGRESS", "With the value lines, how far a run is is told on standard error, a line a step."),
)
_FILES = ((".memdesc.toml", "Settings of a project: level, select, ignore, exclude, signatures."),)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `memdesc man`."""
    output.add_argument(parser)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Write the page."""
    output.write(page(describe.commands()), arguments.output)
    return ExitStatus.CLEAN


def page(commands: tuple[Described, ...]) -> str:
    """Return the manual page in the macros of man(7)."""
    top, *others = commands
    lines = [
        f'.TH MEMDESC 1 "" "memdesc {__version__}" "User Commands"',
        ".SH NAME",
        r"memdesc \- say which kind of memory is behind every struct page of a kernel, and where code errs",
        ".SH SYNOPSIS",
        *(
            f".B {_text(' '.join(['memdesc', *c.path]))}\n.RI {_quoted(_arguments(c))}\n.br"
            for c in others
            if not c.commands
        ),
        ".SH OPTIONS",
        *_options(top),
        ".SH COMMANDS",
    ]
    for command in others:
        lines += [
            f".SS memdesc {_text(' '.join(command.path))}",
            _text(_sentence(command.help)),
            *_options(command),
        ]
    for title, rows in (("EXIT STATUS", _STATUS), ("ENVIRONMENT", _ENVIRONMENT), ("FILES", _FILES)):
        lines.append(f".SH {title}")
        for name, says in rows:
            lines += [".TP", f".B {_text(name)}", _text(says)]
    return "\n".join([*lines, ""])


def _arguments(command: Described) -> str:
    """Return what stands behind the words of a command in its usage."""
    words = " ".join(("memdesc", *command.path))
    return command.usage.removeprefix(words).strip()


def _options(command: Described) -> list[str]:
    lines = []
    for option in command.options:
        names = ", ".join(option.names)
        said = f".BR {_quoted(names)} {_quoted(f' {option.value}')}" if names else f".I {_text(option.value)}"
        lines += [".TP", said, _text(_sentence(option.help))]
    return lines


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _text(text: str) -> str:
    """Return text that troff prints as it is."""
    said = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{said}" if said[:1] in (".", "'") else said


def _quoted(text: str) -> str:
    return '"' + _text(text).replace('"', r"\(dq") + '"'
