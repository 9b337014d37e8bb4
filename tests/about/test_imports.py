"""Which part may know which: things flow one way (see CONTRIBUTING.md). Imports inside functions and for
typing alone count as well."""

import ast
from functools import cache
from pathlib import Path

import pytest

import memdesc

ROOT = Path(memdesc.__file__).parent
LEAVES = {"door", "escape", "outlet", "errors", "places", "kinds", "records", "rows", "types"}
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "door": {"errors"},
    "outlet": {"door", "errors", "escape"},
    "escape": set(),
    "places": set(),
    "kinds": set(),
    "records": {"kinds"},
    "rows": {"kinds", "records"},
    "types": {"kinds"},
    "layout": set(LEAVES),
    "source": set(LEAVES),
    "inference": LEAVES | {"source"},
    "findings": LEAVES | {"source", "inference"},
    "convert": LEAVES | {"source", "inference"},
    "kernel": LEAVES | {"layout"},
    "machine": LEAVES | {"layout"},
    "report": set(LEAVES),
    "stages": LEAVES | {"layout", "source", "inference", "findings"},
    "checking": LEAVES | {"source", "findings", "stages"},
    "pipeline": LEAVES | {"layout", "source", "inference", "findings", "stages", "checking"},
    "asking": LEAVES | {"source", "inference", "checking", "stages", "pipeline"},
    "cli": LEAVES
    | {"layout", "source", "inference", "findings", "convert", "kernel", "machine", "report"}
    | {"checking", "pipeline", "asking"},
    "__main__": {"cli"},
}
"""Part -> the other parts that it may import from."""
RECORDS = {
    "convert.edits",
    "convert.left",
    "convert.model",
    "findings.model",
    "inference.declare",
    "machine.costs",
    "machine.outcome",
} | {
    f"layout.{name}"
    for name in ("capabilities", "chart", "compare", "hazards", "model", "probes", "rules", "solve")
}
RECORDS |= {f"kernel.{name}" for name in ("breach", "census", "picture", "population", "price", "reconcile")}
"""Modules of records and tables, from which the renderers may import besides."""


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {_name(path): path for path in sorted(ROOT.rglob("*.py")) if path != ROOT / "__init__.py"}


@cache
def _imports(name: str) -> frozenset[str]:
    """Return the modules of ours that the module called `name` imports, wherever it does."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    ours = {each.removeprefix("memdesc.") for each in found if each.startswith("memdesc.")}
    return frozenset(filter(None, map(_module, ours)))


def _module(dotted: str) -> str:
    """Return the module that `dotted`, a module or a name in one, belongs to."""
    while dotted and dotted not in MODULES:
        dotted = dotted.rpartition(".")[0]
    return dotted


@pytest.mark.parametrize("name", MODULES)
def test_direction(name: str) -> None:
    """No module reaches back."""
    part = name.partition(".")[0]
    for other in _imports(name) - {name}:
        target = other.partition(".")[0]
        allowed = target == part or target in ALLOWED[part] or (part == "report" and other in RECORDS)
        assert allowed, f"{name} must not import {other}"


def test_no_knots() -> None:
    """No module imports itself by way of others."""
    state: dict[str, int] = {}

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert state.get(name) != 1, " -> ".join((*way[way.index(name) :], name))
        if name not in state:
            state[name] = 1
            for other in sorted(_imports(name) - {name}):
                if not name.startswith(other + "."):
                    visit(other, (*way, name))
            state[name] = 2

    for name in MODULES:
        visit(name, ())


def test_every_part_has_its_place() -> None:
    """A new part is given its place in the table above."""
    assert {name.partition(".")[0] for name in MODULES} <= set(ALLOWED)
