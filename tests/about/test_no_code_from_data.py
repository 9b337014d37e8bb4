"""Nothing that is read becomes code: no module of ours unpickles, unmarshals or evaluates what it is given.

`machine --script` runs a program that the user names, and says so; it is the only one.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import memdesc

ROOT = Path(memdesc.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
FORBIDDEN_MODULES = {
    "_pickle", "cPickle", "cloudpickle", "code", "codeop", "dill", "joblib", "jsonpickle", "marshal", "pickle",
    "pickletools", "runpy", "shelve", "yaml",
}  # fmt: skip
PICKLING = {"recv", "send", "Pool", "Queue", "SimpleQueue", "Manager", "ProcessPoolExecutor"}
"""What of multiprocessing and concurrent.futures sends objects; bytes can be sent without."""
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
RUNS_SCRIPTS = {"machine/script.py"}


def faults(tree: ast.Module) -> Iterator[str]:
    """Yield what in a module could make code of data."""
    imported: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {f"{node.module}.{alias.name}" for alias in node.names}
            imported.add(node.module or "")
    yield from sorted(name for name in imported if name.partition(".")[0] in FORBIDDEN_MODULES)
    processes = any(name.startswith(("multiprocessing", "concurrent")) for name in imported)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in FORBIDDEN_CALLS:
            yield f"{called.id}()"
        if isinstance(called, ast.Name) and processes and called.id in PICKLING:
            yield f"{called.id}() pickles"
        if isinstance(called, ast.Attribute):
            owner = called.value.id if isinstance(called.value, ast.Name) else ""
            if owner == "builtins" and called.attr in FORBIDDEN_CALLS:
                yield f"builtins.{called.attr}()"
            if called.attr.endswith("load_extension"):
                yield f".{called.attr}()"
            if processes and called.attr in PICKLING:
                yield f".{called.attr}() pickles"
        if any(k.arg == "allow_pickle" for k in node.keywords):
            yield "allow_pickle"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_makes_code_of_data(path: Path) -> None:
    """Neither at its top nor in a function."""
    found = list(faults(ast.parse(path.read_text("utf-8"))))
    if str(path.relative_to(ROOT)) in RUNS_SCRIPTS:
        assert found
    else:
        assert not found


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "def f():\n    from marshal import loads",
        "import concurrent.futures\nwith concurrent.futures.ProcessPoolExecutor() as p: pass",
        "import multiprocessing\na, b = multiprocessing.Pipe()\na.recv()",
        "from concurrent.futures import ProcessPoolExecutor\nwith ProcessPoolExecutor() as p: pass",
        "from numpy import load\nload('x', allow_pickle=True)",
        "x = eval(text)",
        "import builtins\nbuiltins.exec(text)",
        "connection.enable_load_extension(True)",
        "from shelve import open as o",
    ],
)
def test_what_is_looked_for_is_found(text: str) -> None:
    """The test above can fail."""
    assert list(faults(ast.parse(text)))
