"""Pages of one type do not pass for another: at run time, and for a type checker."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from memdesc.machine import Handle, Machine, Stale
from memdesc.machine.handles import OF_KIND, DriverPage, Folio, NetPage, VmallocPage

MAPPABLE = {Folio, NetPage, VmallocPage, DriverPage}
PROGRAM = """
from memdesc.machine import Machine, Folio, NetPage, Slab, TablePage
machine = Machine("linux-6.12", 4 << 20)
folio: Folio = machine.folios.allocate("file")
net: NetPage = machine.pools.allocate()
slab: Slab = machine.slabs.allocate_slab()
table: TablePage = machine.tables.allocate()
machine.map(folio)
machine.map(net)
machine.map(slab)           # refused
machine.map(table)          # refused
machine.slabs.free_slab(net)        # refused
machine.pools.put(slab)             # refused
machine.tables.free(folio)          # refused
machine.folios.put(slab)            # refused
machine.cache.dirty(net)            # refused
"""


@pytest.fixture(params=["linux-6.18", "memdesc-8"])
def machine(request: pytest.FixtureRequest) -> Machine:
    """A small machine."""
    return Machine(request.param, 4 << 20)


@pytest.mark.parametrize("kind", OF_KIND)
def test_only_mappable_types_are_mapped(machine: Machine, kind: str) -> None:
    """Slab and page-table pages are refused by name; nothing happens to them."""
    page = machine.allocate(kind)
    if type(page) in MAPPABLE:
        machine.map(page)  # type: ignore[arg-type]
        machine.unmap(page)  # type: ignore[arg-type]
    else:
        with pytest.raises(TypeError, match="only folios, net pages, vmalloc pages and driver pages"):
            machine.map(page)  # type: ignore[arg-type]
    machine.free(page)


def test_a_function_takes_its_own_type(machine: Machine) -> None:
    """Every manager refuses every other type of page, and names both."""
    takes: dict[type[object], Callable[..., object]] = {
        Folio: machine.folios.put, NetPage: machine.pools.put, VmallocPage: machine.vmalloc.free,
        DriverPage: machine.drivers.free,
    }  # fmt: skip
    for kind in OF_KIND:
        page = machine.allocate(kind)
        for wanted, function in takes.items():
            if type(page) is not wanted:
                with pytest.raises(TypeError, match="was expected, and this is a"):
                    function(page)
        machine.free(page)


@pytest.mark.parametrize("wrong", [None, 7, "folio", object()])
def test_what_is_no_page_is_refused(machine: Machine, wrong: object) -> None:
    """Anything else is a TypeError as well, never a crash."""
    for function in (
        machine.free,
        machine.map,
        machine.folios.put,
        machine.slabs.free_slab,
        machine.cache.dirty,
    ):
        with pytest.raises(TypeError):
            function(wrong)  # type: ignore[operator]


@pytest.mark.parametrize("kind", OF_KIND)
def test_a_freed_page_is_stale(machine: Machine, kind: str) -> None:
    """Freeing twice is told."""
    page: Handle = machine.allocate(kind)
    machine.free(page)
    with pytest.raises(Stale, match="was freed"):
        machine.free(page)


def _marked() -> list[int]:
    lines = [number for number, line in enumerate(PROGRAM.splitlines(), 1) if "# refused" in line]
    assert len(lines) > 6
    return lines


@pytest.mark.real
def test_mypy_refuses_the_same(tmp_path: Path) -> None:
    """It reports exactly the marked lines."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    ended = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", f"--cache-dir={tmp_path}",
         "--config-file=", str(program)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    found = re.findall(r"program\.py:(\d+): error: ", ended.stdout)
    assert [int(line) for line in found] == _marked(), ended.stdout + ended.stderr
    assert len(found) == len(ended.stdout.splitlines()), ended.stdout


@pytest.mark.real
def test_pyright_refuses_the_same(tmp_path: Path) -> None:
    """So does pyright, in its strict mode."""
    pytest.importorskip("pyright")
    (tmp_path / "pyrightconfig.json").write_text(
        json.dumps({"typeCheckingMode": "strict", "include": ["program.py"]})
    )
    (tmp_path / "program.py").write_text(PROGRAM)
    ended = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(tmp_path)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    if not ended.stdout.lstrip().startswith("{"):
        pytest.skip(f"pyright does not run here: {(ended.stderr or ended.stdout).strip()[-200:]}")
    report = json.loads(ended.stdout)
    assert report["summary"]["filesAnalyzed"] == 1
    errors = [d for d in report["generalDiagnostics"] if d["severity"] == "error"]
    assert sorted(d["range"]["start"]["line"] + 1 for d in errors) == _marked(), errors
