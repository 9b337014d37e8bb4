"""The entrance: what it imports, what it says when something fails, and with which status."""

import os
import signal
import subprocess
import sys
import threading
from argparse import Namespace
from types import SimpleNamespace

import pytest

from memdesc import __version__
from memdesc.cli import main as entrance
from memdesc.cli.exit_status import ExitStatus
from memdesc.errors import Bug, InputError

HEAVY = ("numpy", "tree_sitter", "sqlite3", "multiprocessing", "concurrent", "json", "hashlib", "asyncio")


class _Interrupting:
    """A signal that arrives while a class is made: Python makes a RuntimeError of it up to 3.11."""

    def __set_name__(self, _owner: type, _name: str) -> None:
        raise KeyboardInterrupt


def test_an_interruption_while_a_class_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is none of our failures."""
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(entrance, "load", lambda _: type("Command", (), {"field": _Interrupting()}))
    try:
        assert entrance.main(["rule"]) == ExitStatus.INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])
    assert capsys.readouterr().err == "memdesc: interrupted\n"


def _fails_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every command raise `error`."""

    def run(_arguments: Namespace) -> ExitStatus:
        raise error

    command = SimpleNamespace(add_arguments=lambda _parser: None, run=run)
    monkeypatch.setattr(entrance, "load", lambda _name: command)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["rule", "--help"]])
def test_help_imports_no_analyser(words: list[str]) -> None:
    """`memdesc --help` answers at once because it loads none of what the work needs."""
    code = (
        "import sys\nfrom memdesc.cli.main import main\n"
        f"try: main({words!r})\nexcept SystemExit: pass\n"
        "sys.stderr.write(' '.join(sorted(sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = loaded.stderr.split()
    assert "memdesc.cli.main" in modules
    parts = [m for m in modules if m.startswith("memdesc.")]
    if words[0] != "rule":
        light = (
            "memdesc.cli",
            "memdesc.errors",
            "memdesc.escape",
        )  # what is printed passes the last of these
        assert [p for p in parts if not p.startswith(light)] == []
        assert [m for m in modules if m.split(".")[0] in HEAVY] == []
    assert [p for p in parts if p.startswith(("memdesc.source", "memdesc.inference", "memdesc.layout"))] == []


def test_help_lists_every_command_with_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The commands of this installation are all in the help."""
    with pytest.raises(SystemExit) as ended:
        entrance.main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert {"check", "infer", "explain", "rule", "signatures", "debug"} <= set(entrance.available())
    for name in entrance.available():
        assert f"\n    {name}" in said


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Each command's own help comes without doing any of its work."""
    for name in entrance.available():
        with pytest.raises(SystemExit) as ended:
            entrance.main([name, "--help"])
        assert ended.value.code == 0
        assert capsys.readouterr().out.startswith(f"usage: memdesc {name}")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The version is the package's."""
    with pytest.raises(SystemExit):
        entrance.main(["--version"])
    assert capsys.readouterr().out == f"memdesc {__version__}\n"


@pytest.mark.parametrize("words", [[], ["nonsense"], ["rule", "--nonsense"], ["check", "--jobs", "0"]])
def test_wrong_usage_is_status_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What argparse refuses could not run."""
    with pytest.raises(SystemExit) as ended:
        entrance.main(words)
    assert ended.value.code == ExitStatus.FAILED
    assert capsys.readouterr().err.startswith("usage: memdesc")


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (InputError("a.c:3", "is not C"), 2, "memdesc: a.c:3: is not C\n"),
        (KeyboardInterrupt(), 130, "memdesc: interrupted\n"),
        (entrance.Terminated(), 143, "memdesc: terminated\n"),
        (MemoryError(), 2, "memdesc: not enough memory; fewer --jobs need less\n"),
        (OSError(28, "No space left on device", "/out"), 2, "memdesc: /out: No space left on device\n"),
    ],
)
def test_failures_are_one_line(
    error: BaseException,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A failure is one line on standard error and its status."""
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    _fails_with(error, monkeypatch)
    try:
        assert entrance.main(["rule"]) == status
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])
    heard = capsys.readouterr()
    assert (heard.out, heard.err) == ("", said)


@pytest.mark.parametrize("error", [Bug("two roots"), ZeroDivisionError("x\ny"), RecursionError()])
def test_our_own_failure_asks_for_a_report(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bug is one line that asks for a report; the traceback comes only with --traceback."""
    _fails_with(error, monkeypatch)
    assert entrance.main(["rule"]) == ExitStatus.FAILED
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "please report it" in said
    assert type(error).__name__ in said
    for words in (["--traceback", "rule"], ["rule", "--traceback"]):
        assert entrance.main(words) == ExitStatus.FAILED
        assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_reader_that_goes_away() -> None:
    """`memdesc ... | head` ends quietly."""
    read, write = os.pipe()
    os.close(read)
    ended = subprocess.run(
        [sys.executable, "-m", "memdesc", "signatures"], stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (ended.returncode, ended.stderr) == (ExitStatus.PIPE_CLOSED, b"")


def test_signals_end_a_forked_worker_silently() -> None:
    """Workers inherit the handlers, and must not print what the parent says once."""
    code = (
        "import os, signal, sys\nfrom memdesc.cli.main import _stop_cleanly\n_stop_cleanly()\n"
        "child = os.fork()\n"
        "if not child:\n    os.kill(os.getpid(), signal.SIGTERM); os._exit(7)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == ("143\n", "")


def test_main_runs_outside_the_main_thread(capsys: pytest.CaptureFixture[str]) -> None:
    """Signals cannot be set there; the command works all the same."""
    status: list[int] = []
    thread = threading.Thread(target=lambda: status.append(entrance.main(["signatures", "put_page"])))
    thread.start()
    thread.join()
    assert status == [ExitStatus.CLEAN]
    assert "put_page" in capsys.readouterr().out
