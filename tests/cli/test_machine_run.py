"""`memdesc machine run`: workloads and scripts; one clear line for what cannot be used."""

import json
from pathlib import Path

import pytest

from conftest import Run
from memdesc.machine import workloads

HISTORY = Path(__file__).parents[1] / "layout" / "history"
DESIGNS = ("linux-6.12", "proposal-2021", "memdesc-8")


@pytest.mark.parametrize("name", workloads.names())
def test_workloads(memdesc: Run, name: str) -> None:
    """Each runs on designs of three sorts, and says what it cost and what was misread."""
    words = [word for design in DESIGNS for word in ("--design", design)]
    ended = memdesc(
        "machine", "run", *words, "--workload", name, "--memory", "16M", "--check", "end", "--no-lines",
        "--format", "json",
    )  # fmt: skip
    assert ended.stderr == ""
    said = json.loads(ended.stdout)
    runs = said["runs"] if isinstance(said, dict) else said
    assert [run["design"] for run in runs] == list(DESIGNS)
    misread = {(m["probe"], m["kind"]) for run in runs for m in run["misreads"]}
    assert misread <= {
        ("anon-bit", "slab"),
        ("ksm-bits", "slab"),
        ("movable-bits", "slab"),
        ("mapcount", "slab"),
    }
    assert ended.returncode == (1 if misread else 0)


def test_looking_after_every_operation_finds_what_passes(memdesc: Run, tmp_path: Path) -> None:
    """A page that is misread for a moment only is found when every operation is looked at."""
    script = tmp_path / "moment.py"
    script.write_text(
        "def run(machine):\n"
        "    cache = machine.slabs.create('objects', 512)\n"
        "    slabs = [[machine.slabs.allocate(cache) for _ in range(cache.objects)] for _ in range(2)]\n"
        "    machine.slabs.free(slabs[0].pop())\n"
        "    for place in slabs[0] + slabs[1]:\n"
        "        machine.slabs.free(place)\n"
        "    machine.slabs.shrink(cache)\n"
    )
    words = ("machine", "run", "--design", "linux-6.18", "--script", script, "--memory", "4M", "--check")
    assert memdesc(*words, "end").returncode == 0
    ended = memdesc(*words, "every")
    assert ended.returncode == 1
    assert "stable_page_flags() says ANON" in ended.stdout
    assert "on the CPU's own list, slabs=1" in ended.stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def run(machine):\n    machine.map(machine.slabs.allocate_slab())\n", "script.py:2: only folios"),
        (
            "def run(machine):\n    machine.tables.free(machine.allocate('net'))\n",
            "a page table was expected",
        ),
        ("def run(machine):\n    while True:\n        machine.allocate('driver')\n", "script.py:3: ENOMEM"),
        (
            "def run(machine):\n    p = machine.allocate('net')\n    machine.free(p)\n    machine.free(p)\n",
            "was freed",
        ),
        ("def run(machine):\n    machine.allocate('cheese')\n", "no kind is called 'cheese'"),
        ("def run(machine:\n", "is no Python"),
        ("def walk(machine):\n    pass\n", "has no function run(machine)"),
        ("import nothing_of_that_name\n", "ModuleNotFoundError"),
        ("def run(machine):\n    1 / 0\n", "script.py:2: ZeroDivisionError"),
        ("def run():\n    pass\n", "positional argument"),
    ],
)
def test_scripts_that_go_wrong(memdesc: Run, tmp_path: Path, text: str, says: str) -> None:
    """One line that names the script's own line, and status 2."""
    script = tmp_path / "script.py"
    script.write_text(text)
    ended = memdesc("machine", "run", "--design", "linux-6.18", "--script", script, "--memory", "4M")
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--workload", "nothing"), "known: file-server"),
        (("--workload", "file-server", "--memory", "lots"), "is no size"),
        (("--workload", "file-server", "--memory", "12K"), "too few"),
        (("--workload", "file-server", "--check", "never"), "neither every nor end"),
        (("--workload", "file-server", "--abi", "vax"), "no ABI is called 'vax'"),
        (("--workload", "file-server", "--abi", "i386", "--memory", "8G"), "32-bit"),
        (("--script", "missing.py"), "no such file or folder"),
    ],
)
def test_what_cannot_be_used(memdesc: Run, words: tuple[str, ...], says: str) -> None:
    """One line, status 2."""
    ended = memdesc("machine", "run", "--design", "linux-6.18", *words)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert says in ended.stderr


def test_a_design_that_cannot_hold_a_kind(memdesc: Run) -> None:
    """It says which member is missing, of which struct."""
    ended = memdesc("machine", "run", "--design", HISTORY / "slab-list-bad.h", "--workload", "slab-storm")
    assert ended.returncode == 2
    assert "cannot hold slab pages: struct slab has no member for the objects in use" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_the_workloads_are_listed(memdesc: Run) -> None:
    """By name, one a line."""
    ended = memdesc("machine", "run", "--design", "linux-6.18", "--workload", "list")
    assert tuple(ended.stdout.split()) == workloads.names()
    assert len(workloads.names()) == 5


@pytest.mark.parametrize("form", ["text", "html"])
def test_cache_lines_are_counted(memdesc: Run, form: str) -> None:
    """Unless told not to; both forms show each operation."""
    ended = memdesc(
        "machine", "run", "--design", "memdesc-32", "--workload", "fork-shell", "--memory", "16M", "--format", form
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "processes.fork" in ended.stdout
