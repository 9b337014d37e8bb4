"""The shipped workloads leave a consistent machine, whatever the design, byte order and width."""

import pytest

from memdesc.layout import design as designs
from memdesc.layout.abi import ABIS
from memdesc.machine import Machine, workloads
from memdesc.machine.invariants import violations
from memdesc.machine.watch import Watch

EVERY = 1500
SMALL = 10 << 20
QUICK = (("linux-6.18", "i386"), ("memdesc-8", "x86_64"))
ALL = (
    ("linux-6.12", "x86_64"), ("memdesc-32", "x86_64"), ("proposal-2021", "s390x"), ("linux-6.1", "powerpc64"),
    ("memdesc-8", "i386"), ("linux-6.18", "arm"),
)  # fmt: skip


def _run(name: str, abi: str, workload: str) -> None:
    machine = Machine(designs.load(name, ABIS[abi]), SMALL, seed=7)
    calls = 0

    def after(_pages: frozenset[int]) -> None:
        nonlocal calls
        calls += 1
        if calls % EVERY == 0:
            assert violations(machine) == [], calls

    Watch(machine, after)
    workloads.load(workload)(machine)
    assert calls > EVERY
    assert violations(machine) == []
    left = {kind for kind, pages in machine.pages_by_kind().items() if pages}
    assert left <= {"free", "reserved", "file", "slab"}


@pytest.mark.parametrize("workload", workloads.names())
@pytest.mark.parametrize(("name", "abi"), QUICK)
def test_invariants_hold(name: str, abi: str, workload: str) -> None:
    """Every so many operations, and at the end; processes, pools and areas gave everything back."""
    _run(name, abi, workload)


@pytest.mark.real
@pytest.mark.parametrize("workload", workloads.names())
@pytest.mark.parametrize(("name", "abi"), ALL)
def test_invariants_hold_everywhere(name: str, abi: str, workload: str) -> None:
    """The same on the other designs."""
    _run(name, abi, workload)
