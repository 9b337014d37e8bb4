"""Habits of the code base: size, words for public things, prose without loose ends."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

import memdesc

ROOT = Path(memdesc.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
MOST_LINES = 600
CHECKOUT = Path(__file__).parents[2]


def _public(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield what a module offers: itself, its public functions and classes, and their public methods."""
    yield "the module", tree
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, node
            for inner in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", inner


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_public_things_say_what_they_are(path: Path) -> None:
    """A docstring each."""
    for name, node in _public(ast.parse(path.read_text("utf-8"))):
        assert isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        said = ast.get_docstring(node)
        if isinstance(node, ast.Module) and not path.read_text("utf-8").strip():
            continue
        assert said, f"{name} has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_are_small(path: Path) -> None:
    """None is longer than a reader can hold."""
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


def test_the_median_module_is_small() -> None:
    """Half of them fit on a few screens."""
    lengths = [len(path.read_text("utf-8").splitlines()) for path in MODULES if path.name != "__init__.py"]
    assert statistics.median(lengths) < 250


def test_every_test_says_what_holds() -> None:
    """A test's docstring is the sentence that it proves."""
    for path in sorted((CHECKOUT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"


def test_every_fixture_has_an_expectation() -> None:
    """A C file under tests/c says what is true of it, or that it is clean.

    Those under reading/ need not: each function in them must be read without a fault.
    """
    says = re.compile(
        r"/\* memdesc: (expect|alt) |// (expect|kinds:|from:|unread:|facts?:|layout:)|/\* @\d+", re.M
    )
    for path in sorted((CHECKOUT / "tests" / "c").rglob("*.[ch]")):
        if path.parent.name == "reading":
            continue
        clean = path.name.startswith("clean-")
        assert clean is not bool(says.search(path.read_text("utf-8", "replace"))), path


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_group_is_repeated_possessively(path: Path) -> None:
    """`(?>(?:ab|c)*)` says the same as `(?:ab|c)*+`, of which Python before 3.11.5 makes nonsense."""
    assert not re.search(r"\)(?:[*+?]|\{[\d,]+\})\+[^=]", path.read_text("utf-8"))


def test_nothing_of_a_developers_machine_is_in_it() -> None:
    """Paths are the user's, never ours."""
    odd = re.compile(r"/(home|root|work)/\w+")
    for path in (*MODULES, *CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")):
        assert not odd.search(path.read_text("utf-8")), path
