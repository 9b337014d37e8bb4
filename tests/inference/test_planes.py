"""The solver keeps calls apart: what one caller hands in does not come out at another's call, however deep."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memdesc import stages
from memdesc.inference.solve import Solution
from memdesc.kinds import Kind
from memdesc.source import reading

GIVERS = {"kmalloc(64, GFP_KERNEL)": Kind.SLAB, "vmalloc(64)": Kind.VMALLOC}


def _solved(path: Path, text: str) -> Solution:
    path.write_text(text)
    return stages.solved(reading.alone(path), None, 1, lambda *_: None)[0]


def _helpers(depth: int) -> str:
    """Return functions that hand a pointer through, each by calling the one before."""
    out = "static void *pass0(void *p)\n{\n\treturn p;\n}\n"
    for n in range(1, depth + 1):
        out += f"static void *pass{n}(void *p)\n{{\n\tvoid *q = pass{n - 1}(p);\n\n\treturn q;\n}}\n"
    return out


def _caller(name: str, depth: int, giver: str) -> str:
    return (
        f"struct {name} {{ void *kept; }};\n"
        f"void fill_{name}(struct {name} *x)\n{{\n\tx->kept = pass{depth}({giver});\n}}\n"
    )


def _kinds(solution: Solution, symbol: str) -> Kind:
    nodes = [n for name, n in solution.graph.linked.symbols.items() if name.startswith(symbol)]
    assert nodes, symbol
    return Kind(max(solution.at(node) for node in nodes))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(GIVERS)), min_size=1, max_size=5), st.integers(0, 4))
def test_each_caller_gets_back_what_it_handed_in(tmp_path: Path, givers: list[str], depth: int) -> None:
    """Whatever others hand to the same helpers: summaries are composed through any depth of calls."""
    text = _helpers(depth) + "".join(_caller(f"c{n}", depth, giver) for n, giver in enumerate(givers))
    solution = _solved(tmp_path / "a.c", text)
    for n, giver in enumerate(givers):
        found = _kinds(solution, f"f:c{n}@0.kept")
        assert found & (Kind.SLAB | Kind.VMALLOC) == GIVERS[giver]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(GIVERS)), min_size=2, max_size=5), st.integers(0, 3))
def test_sets_only_grow(tmp_path: Path, givers: list[str], depth: int) -> None:
    """A further caller takes no kind from any symbol that was there before."""
    texts = [
        _helpers(depth) + "".join(_caller(f"c{n}", depth, giver) for n, giver in enumerate(some))
        for some in (givers[:-1], givers)
    ]
    fewer, more = (_solved(tmp_path / "a.c", text) for text in texts)
    for name, node in fewer.graph.linked.symbols.items():
        now = more.graph.linked.symbols.get(name)
        if now is not None:
            assert fewer.at(node) & ~more.at(now) == 0, name


@pytest.mark.parametrize("test", ["PageSlab(page)", "!PageSlab(page)"])
def test_a_flow_keeps_a_part_of_what_comes(tmp_path: Path, test: str) -> None:
    """Behind a guard there is no kind that was not before it, on either side of the answer."""
    text = (
        "struct a { struct page *before, *after; };\nvoid f(struct a *a)\n{\n"
        "\tstruct page *page = virt_to_page(kmalloc(8, GFP_KERNEL));\n\n\ta->before = page;\n"
        f"\tif ({test})\n\t\ta->after = page;\n}}\n"
    )
    solution = _solved(tmp_path / "a.c", text)
    before, after = _kinds(solution, "f:a@0.before"), _kinds(solution, "f:a@0.after")
    assert after & ~before == 0
    assert bool(after & Kind.SLAB) == (test[0] != "!")
