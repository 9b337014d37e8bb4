"""The entrance: a table of commands, of which only the chosen one is imported, and one place for failures."""

import argparse
import importlib
import importlib.util
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn, Protocol, cast

from memdesc import __version__
from memdesc.cli import streams, usage
from memdesc.cli.exit_status import ExitStatus
from memdesc.errors import InputError

COMMANDS: dict[str, str] = {
    "check": "report memory that reaches a use which does not accept its kind",
    "infer": "say which kinds every page pointer has and how it should be declared",
    "status": "count the pointers of struct page that are left to convert, and whose they are",
    "convert": "rewrite page pointers that are always folios, and say why others stay",
    "explain": "say what the pointer at a place can be, and why",
    "rule": "list the rules, or show the page of one",
    "signatures": "list what is known of the kernel's functions, or verify it against a tree",
    "layout": "lay the descriptors over struct page and name what collides",
    "census": "count the memory of a kernel by kind",
    "machine": "run a recorded workload on a design of descriptors",
    "kbuild": "check one file as the checker of make C=1",
    "lsp": "show an editor what is found in its open files, as a language server",
    "doctor": "say what memdesc needs here, and what is missing for which command",
    "completion": "write what lets a shell complete the command line",
    "man": "write the manual page",
    "debug": "dump one stage of the analysis of a file",
}
"""Every command with its line of help; its module is `memdesc.cli.<name>`."""


FOR_COMPILERS = ("kbuild",)
"""Commands that are given the arguments of a compiler; what is no option of theirs is let pass."""


class Command(Protocol):
    """What the module of a command provides."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's arguments."""

    def run(self, arguments: argparse.Namespace) -> ExitStatus:
        """Do it, and return the exit status."""


class Terminated(BaseException):
    """SIGTERM or SIGHUP arrived; workers and temporary files are still to be cleared away."""


def available() -> dict[str, str]:
    """Return the commands of this installation with their lines of help; imports none of them."""
    return {name: says for name, says in COMMANDS.items() if importlib.util.find_spec(f"memdesc.cli.{name}")}


def load(name: str) -> Command:
    """Return the module of the command called `name`."""
    return cast(Command, importlib.import_module(f"memdesc.cli.{name}"))


def parser(chosen: str | None) -> usage.Parser:
    """Return the parser of the command line; only the command `chosen` has its own arguments."""
    top = usage.Parser(
        prog="memdesc",
        description="Say which kind of memory is behind every struct page of a kernel, and where code errs.",
        epilog="memdesc COMMAND --help says more about a command.",
    )
    top.add_argument("--version", action="version", version=f"memdesc {__version__}")
    top.add_argument("--traceback", action="store_true", help="show where memdesc itself failed")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True, title="commands")
    for name, says in available().items():
        sub = commands.add_parser(
            name,
            help=says,
            description=says[0].upper() + says[1:] + ".",
            allow_abbrev=name not in FOR_COMPILERS,
        )
        if name == chosen:
            top.chosen = sub
            sub.add_argument(
                "--traceback", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
            )
            load(name).add_arguments(sub)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (the process's own when None) and return the exit status.

    Raises: SystemExit: from argparse, for --help, --version and wrong usage (status 2).
    """
    words = list(sys.argv[1:] if argv is None else argv)
    traceback = "--traceback" in words
    streams.prepare()
    _log_to_standard_error()
    _stop_cleanly()
    try:
        chosen = next((word for word in words if not word.startswith("-")), None)
        if chosen not in FOR_COMPILERS:
            _refuse_empty(words)
        arguments = _parsed(chosen if chosen in COMMANDS else None, words)
        status = load(arguments.command).run(arguments)
        sys.stdout.flush()
        return status
    except InputError as error:
        return _fail(str(error), traceback)
    except BrokenPipeError:
        streams.drop_output()
        return ExitStatus.PIPE_CLOSED
    except (KeyboardInterrupt, Terminated) as stopped:
        return _stopped(stopped, traceback)
    except MemoryError:
        return _fail("not enough memory; fewer --jobs need less", traceback)
    except OSError as error:
        where = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        return _fail(f"{where}{error.strerror or error}", traceback)
    except Exception as error:
        cause = error.__cause__
        if isinstance(cause, KeyboardInterrupt | Terminated):  # as Python does where a class is made
            return _stopped(cause, traceback)
        said = " ".join(str(error).split())[:200]
        what = f"{type(error).__name__}: {said}" if said else type(error).__name__
        return _fail(
            f"this is a bug in memdesc {__version__} ({what}); "
            "please report it with what the same command says with --traceback",
            traceback,
        )


def _stopped(how: BaseException, traceback: bool) -> ExitStatus:
    if isinstance(how, Terminated):
        _fail("terminated", traceback)
        return ExitStatus.TERMINATED
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _fail("interrupted", traceback)
    return ExitStatus.INTERRUPTED


def _refuse_empty(words: Sequence[str]) -> None:
    """Raises: InputError: an argument is empty, as a variable of a shell that is not set; a path would mean here."""
    for before, word in zip(["", *words], words, strict=False):
        if not word or (word.startswith("--") and word.endswith("=")):
            place = word.removesuffix("=") or (before if before.startswith("-") else "")
            raise InputError(place, "an argument is empty")


def _parsed(chosen: str | None, words: list[str]) -> argparse.Namespace:
    """Return the command line, understood; `rest` is what a command that takes a compiler's arguments leaves."""
    if chosen not in FOR_COMPILERS:
        return parser(chosen).parse_args(words)
    arguments, rest = parser(chosen).parse_known_args(words)
    arguments.rest = rest
    return arguments


def _log_to_standard_error() -> None:
    """Print what the parts warn about, one line each."""
    from memdesc.escape import steer

    log = logging.getLogger("memdesc")
    if not log.handlers:
        handler = logging.StreamHandler()
        over_a_bar = steer("\r\x1b[K") if sys.stderr.isatty() else ""
        handler.setFormatter(logging.Formatter(over_a_bar + "memdesc: %(message)s"))
        log.addHandler(handler)
        log.propagate = False


def _fail(line: str, traceback: bool) -> ExitStatus:
    if traceback and sys.exc_info()[0]:
        import traceback as printer

        printer.print_exc()
    from memdesc.cli import output

    output.say(line)
    return ExitStatus.FAILED


def _stop_cleanly() -> None:
    """Turn what ends a program into exceptions here, and into a silent end in processes forked from here."""
    owner = os.getpid()

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        if os.getpid() != owner:
            os._exit(128 + number)
        raise KeyboardInterrupt if number == signal.SIGINT else Terminated

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, stop)
        for number in (signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # a job in the background, nohup
                signal.signal(number, stop)


if __name__ == "__main__":
    sys.exit(main())
