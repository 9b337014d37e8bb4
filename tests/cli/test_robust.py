"""What can be wrong with the input, the disk or the moment: a clear line, the right status, no traceback,
and a run that can be repeated."""

import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Run
from memdesc.cli.exit_status import ExitStatus

EXAMPLE = Path(__file__).parents[2] / "examples" / "tree"
GOOD = b"void f(void)\n{\n\tvoid *p = vmalloc(8);\n\n\tkfree(p);\n}\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the example tree that a test may spoil."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "tree"))


def _clean(ended: "subprocess.CompletedProcess[str]", *statuses: int) -> None:
    assert ended.returncode in (statuses or (0, 1)), ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    assert "bug in memdesc" not in ended.stderr


LONE = {
    "empty": b"",
    "blank": b"\n \t\n",
    "nul": b"int a\0b;\0\0" + GOOD + b"\0",
    "latin1": b"/* caf\xe9 \xff\xfe */\n" + GOOD,
    "bom": b"\xef\xbb\xbf" + GOOD,
    "crlf": GOOD.replace(b"\n", b"\r\n"),
    "no-newline": GOOD[:-1],
    "truncated": GOOD[:-6],
    "open-comment": GOOD + b"/* never closed",
    "open-string": GOOD + b'char *s = "never closed',
    "open-braces": GOOD + b"void g(void) { { { {\n",
    "shut-braces": b"} } } }\n" + GOOD,
    "parentheses": b"int x = " + b"(" * 10_000 + b"1" + b")" * 10_000 + b";\n" + GOOD,
    "open-parentheses": b"int x = " + b"(" * 10_000 + b"1;\n" + GOOD,
    "braces": b"void g(void) " + b"{" * 10_000 + b"}" * 10_000 + b"\n" + GOOD,
    "initializer": b"int x[] = " + b"{" * 5_000 + b"1" + b"}" * 5_000 + b";\n" + GOOD,
    "ifs": b"#if A\n" * 2_000 + b"#endif\n" * 2_000 + GOOD,
    "open-ifs": b"#if A\n" * 2_000 + GOOD,
    "else-ifs": b"void g(int x)\n{\n" + b"if (x) ; else " * 5_000 + b";\n}\n" + GOOD,
    "operators": b"int g(int x) { return " + b"x + " * 20_000 + b"x; }\n" + GOOD,
    "pointers": b"int " + b"*" * 10_000 + b"x;\n" + GOOD,
    "line": b"int x; " * 100_000 + b"\n" + GOOD,
    "binary": bytes(range(256)) * 400,
}
UNHARMED = {"nul", "latin1", "bom", "crlf", "no-newline", "open-comment", "line", "parentheses", "ifs"}
"""Inputs whose good function must be read in spite of what stands beside it."""


@pytest.mark.parametrize("name", LONE)
def test_lone_file(name: str, tmp_path: Path, memdesc: Run) -> None:
    """Whatever a C file holds, it is read as far as it can be."""
    path = tmp_path / "a.c"
    path.write_bytes(LONE[name])
    ended = memdesc("check", path)
    if name == "binary":  # nothing is read, so "nothing found" would mislead
        assert ended.returncode == ExitStatus.FAILED
        assert ended.stderr == f"memdesc: {path}: is a binary file; a C file was expected\n"
        return
    _clean(ended)
    if name in UNHARMED:
        assert ended.returncode == ExitStatus.FOUND, ended.stdout + ended.stderr
        assert ": error: " in ended.stdout
    again = memdesc("check", path)
    assert (again.stdout, again.returncode) == (ended.stdout, ended.returncode)
    _clean(memdesc("infer", path))


@pytest.mark.real
def test_a_file_of_50_megabytes(tmp_path: Path, memdesc: Run) -> None:
    """It is read, or named as unread; it does not take the machine with it."""
    path = tmp_path / "big.c"
    path.write_bytes(
        GOOD.replace(b"f(", b"f%d(") % 0 + b"int table[] = { 1, 2, 3, 4, 5, 6, 7, 8 };\n" * 1_250_000
    )
    assert path.stat().st_size > 50_000_000
    ended = memdesc("check", path, "--no-cache")
    _clean(ended)
    assert ended.returncode == ExitStatus.FOUND or "big.c" in ended.stderr


def test_odd_things_in_a_tree(tree: Path, memdesc: Run) -> None:
    """FIFOs, sockets, loops, dangling links and folders named like files are passed by."""
    before = memdesc("check", tree)
    _clean(before, 1)
    os.mkfifo(tree / "mm" / "fifo.c")
    (tree / "mm" / "loop").symlink_to("..")
    (tree / "mm" / "self.c").symlink_to("self.c")
    (tree / "mm" / "dangling.c").symlink_to("nowhere.c")
    (tree / "mm" / "device.c").symlink_to("/dev/zero")
    (tree / "mm" / "folder.c").mkdir()
    (tree / "mm" / "name\xff\n.c").write_bytes(b"int x;\n")
    (tree / "mm" / os.fsdecode(b"name\xff.c")).write_bytes(b"int x;\n")
    after = memdesc("check", tree)
    _clean(after, 1)
    assert after.stdout == before.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_file_that_may_not_be_read() -> None:
    """It is named among the unread, and the rest is checked."""
    with tempfile.TemporaryDirectory() as folder:  # pytest closes its own to others whenever it starts
        Path(folder).chmod(0o755)
        _check_as_nobody(Path(shutil.copytree(EXAMPLE, Path(folder) / "tree")))


def _check_as_nobody(tree: Path) -> None:
    secret = tree / "mm" / "secret.c"
    secret.write_bytes(GOOD)
    secret.chmod(0)
    folder = tree / "closed"
    folder.mkdir(mode=0)
    code = (  # once as root, for whoever it becomes may not be let near the modules
        "import os, sys\nfrom memdesc.cli.main import main\nmain([*sys.argv[1:], '--output', os.devnull])\n"
        "os.setgid(65534); os.setuid(65534)\nsys.exit(main(sys.argv[1:]))"
    )
    words = [sys.executable, "-c", code, "check", str(tree), "--no-cache", "--jobs", "1"]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    _clean(ended, 1)
    assert "mm/secret.c" in ended.stderr


def test_a_tree_that_changes(tree: Path, memdesc: Run) -> None:
    """Files that come, go, grow and shrink meanwhile do no harm."""
    stop = threading.Event()

    def churn() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            for n in range(40):
                path = tree / "mm" / f"churn{n}.c"
                if (n + number) % 3:
                    path.write_bytes(GOOD * (number % 7))
                else:
                    path.unlink(missing_ok=True)
            shutil.rmtree(tree / "mm" / "gone", ignore_errors=True)
            (tree / "mm" / "gone").mkdir()
            (tree / "mm" / "gone" / "a.c").write_bytes(GOOD)

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(3):
            _clean(memdesc("check", tree), 1)
    finally:
        stop.set()
        thread.join()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A tree that takes a while."""
    tree = Path(shutil.copytree(EXAMPLE, tmp_path / "large"))
    function = (EXAMPLE / "drivers" / "crypto" / "heron.c").read_text()
    for n in range(1_500):
        (tree / "drivers" / "crypto" / f"heron{n}.c").write_text(function.replace("heron", f"heron{n}") * 3)
    return tree


@pytest.fixture
def started(large: Path, tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A run in the middle of its work, in a process group of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "memdesc", "check", str(large), "--no-cache"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0, cwd=tmp_path,
    )  # fmt: skip
    time.sleep(1.0)
    assert process.poll() is None, "it ended before it could be interrupted"
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("whole", [True, False], ids=["group", "process"])
@pytest.mark.parametrize(
    ("number", "status", "says"),
    [
        (signal.SIGINT, ExitStatus.INTERRUPTED, "memdesc: interrupted\n"),
        (signal.SIGTERM, ExitStatus.TERMINATED, "memdesc: terminated\n"),
    ],
)
def test_a_signal_in_the_middle(
    number: int, status: ExitStatus, says: str, whole: bool, started: "subprocess.Popen[str]"
) -> None:
    """One line, the right status, soon, and no process is left behind; also when only one is told."""
    if whole:
        os.killpg(started.pid, number)
    else:
        os.kill(started.pid, number)
    out, err = started.communicate(timeout=20)
    assert (started.returncode, out, err) == (status, "", says)
    for _ in range(50):
        if not _alive(started.pid):
            break
        time.sleep(0.1)
    assert not _alive(started.pid)


def test_an_interrupted_run_can_be_repeated(tree: Path, large: Path, tmp_path: Path, memdesc: Run) -> None:
    """What the first left in the cache does the second no harm."""
    words = [sys.executable, "-m", "memdesc", "check", str(large)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0)
    time.sleep(1.0)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    shutil.rmtree(large / "drivers" / "crypto")
    shutil.copytree(EXAMPLE / "drivers" / "crypto", large / "drivers" / "crypto")
    after = memdesc("check", large, "--paths", "tree")
    _clean(after, 1)
    assert after.stdout == memdesc("check", tree, "--no-cache", "--paths", "tree").stdout
    assert tmp_path.exists()


def test_two_at_once(tree: Path, memdesc: Run) -> None:
    """They share the cache and print the same."""
    words = [sys.executable, "-m", "memdesc", "check", str(tree), "--paths", "tree"]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in "ab"]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [1, 1], said
    expected = memdesc("check", tree, "--no-cache", "--paths", "tree").stdout
    assert [out for out, _ in said] == [expected, expected]
    assert not any("Traceback" in err or "cache" in err.replace("from the cache", "") for _, err in said)


def test_a_cache_that_cannot_be(tree: Path, tmp_path: Path, memdesc: Run) -> None:
    """Said once, and the run goes on."""
    (tmp_path / "file").write_text("")
    ended = memdesc("check", tree, environment={"XDG_CACHE_HOME": str(tmp_path / "file")})
    _clean(ended, 1)
    assert ended.stderr.count("going on without the cache") == 1
    assert ended.stdout == memdesc("check", tree, "--no-cache").stdout


def test_a_damaged_cache(tree: Path, tmp_path: Path, memdesc: Run) -> None:
    """Said once, rebuilt, and never believed."""
    environment = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    first = memdesc("check", tree, environment=environment)
    (path,) = (tmp_path / "cache" / "memdesc").glob("*.sqlite")
    raw = path.read_bytes()
    path.write_bytes(raw[:100] + os.urandom(len(raw) - 100))
    second = memdesc("check", tree, environment=environment)
    _clean(second, 1)
    assert second.stderr.count("will be rebuilt") == 1
    assert second.stdout == first.stdout
    third = memdesc("check", tree, environment=environment)
    assert "will be rebuilt" not in third.stderr
    assert third.stdout == first.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small file system")
def test_a_full_disk_under_the_cache(tree: Path, tmp_path: Path, memdesc: Run) -> None:
    """Said once, and the run goes on."""
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mount is not permitted here")
    try:
        (small / "ballast").write_bytes(bytes(40 * 1024))
        ended = memdesc("check", tree, environment={"XDG_CACHE_HOME": str(small)})
        _clean(ended, 1)
        assert ended.stderr.count("going on without the cache") == 1
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert ended.stdout == memdesc("check", tree, "--no-cache").stdout


def test_a_full_disk_under_the_output(tree: Path, memdesc: Run) -> None:
    """The report could not be written, and that is said."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    ended = memdesc("check", tree, "--output", "/dev/full")
    _clean(ended, 2)
    assert ended.stderr == "memdesc: /dev/full: cannot be written: no space left on device\n"
    with open("/dev/full", "w") as full:
        words = [sys.executable, "-m", "memdesc", "check", str(tree)]
        ended = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == ExitStatus.FAILED
    assert ended.stderr == "memdesc: standard output: cannot be written: no space left on device\n"


def test_standard_streams_that_are_shut(tree: Path) -> None:
    """`memdesc check >&-` has nowhere to write, and does not fall over."""
    command = f"'{sys.executable}' -m memdesc check '{tree}' >&- 2>&-"
    ended = subprocess.run(["sh", "-c", command], check=False)
    assert ended.returncode in (1, 2)


def test_a_terminal_sees_a_bar_and_colours(tree: Path) -> None:
    """On a terminal there is progress, and it is gone in the end."""
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    words = [sys.executable, "-m", "memdesc", "check", str(tree), "--no-cache"]
    process = subprocess.Popen(words, stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    said = b""
    while select.select([master], [], [], 60)[0]:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        said += piece
    process.wait()
    os.close(master)
    assert process.returncode == 1
    assert b"\x1b[1;31merror:" in said
    assert b"%" in said
    assert b"\r\x1b[K" in said


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8", "en_US.ISO-8859-1"])
def test_any_locale(locale: str, tree: Path, memdesc: Run) -> None:
    """What the source holds can be written whatever the terminal's encoding."""
    path = tree / "drivers" / "crypto" / "heron.c"
    path.write_bytes(path.read_bytes().replace(b"req->table);", b"req->table); /* \xe9 \xf0\x9f\x90\xa6 */"))
    environment = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ended = memdesc("check", tree, environment=environment, errors="replace")
    _clean(ended, 1)
