"""The machine agrees with `layout check`, and with itself: random typed operations, judged after each."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from memdesc.errors import InputError
from memdesc.layout import design as designs
from memdesc.layout.abi import ABIS, Abi
from memdesc.layout.hazards import check
from memdesc.machine import Machine
from memdesc.machine.check import Checker
from memdesc.machine.invariants import violations
from memdesc.machine.play import OPERATIONS, Operation, Play
from memdesc.machine.shape import KINDS, PageShape, Shape

HISTORY = Path(__file__).parents[1] / "layout" / "history"
CASES: tuple[tuple[str, Abi], ...] = (
    *((name, ABIS["x86_64"]) for name in designs.SHIPPED),
    ("linux-6.18", ABIS["i386"]),
    ("linux-6.12", ABIS["s390x"]),
    ("linux-6.1", ABIS["arm"]),
    ("proposal-2021", ABIS["powerpc"]),
    ("memdesc-32", ABIS["powerpc64"]),
    ("memdesc-8", ABIS["arm64"]),
)
HISTORIC = (
    "dma-addr-cured.h", "netpp-type-bad.h", "netpp-type-cured.h", "typed-net-page-bad.h",
    "typed-net-page-cured.h",
)  # fmt: skip
MEMORY = 3 << 20
EXAMPLES = int(os.environ.get("MEMDESC_EXAMPLES", "6"))


def fooled(design: designs.Design) -> frozenset[tuple[str, str]]:
    """Return (probe, kind) of what layout check says can be misread."""
    hits = {(v.probe.name, v.descriptor) for v in check(design).verdicts if v.state == "hit"}
    shapes = {kind: Shape(kind, PageShape(design, Machine(design, MEMORY).ground.memory)) for kind in KINDS}
    return frozenset(
        (probe, kind) for probe, name in hits for kind, shape in shapes.items()
        if shape.descriptor is not None and shape.descriptor.name == name
    )  # fmt: skip


class Sequences(RuleBasedStateMachine):
    """Typed operations in random order on one design."""

    design: designs.Design
    fooled: frozenset[tuple[str, str]]

    def __init__(self) -> None:
        super().__init__()
        self.machine = Machine(self.design, MEMORY)
        self.checker = Checker(self.machine)
        self.play = Play(self.machine)
        self.lacking: set[str] = set()

    @rule(operation=st.sampled_from(OPERATIONS), number=st.integers(0, 1 << 16))
    def do(self, operation: Operation, number: int) -> None:
        """One operation; what the design cannot hold is left out from then on."""
        if operation.kind in self.lacking:
            return
        self.machine.memmap.operation = operation.name
        try:
            self.play.do(operation, number)
        except InputError as lack:
            if "cannot hold" not in str(lack):
                raise
            self.lacking.add(operation.kind)

    @invariant()
    def safe_probes_never_misread(self) -> None:
        """What misreads, layout check reports."""
        self.checker.scan()
        unknown = set(self.checker.misreads) - self.fooled
        assert not unknown, [self.checker.misreads[key] for key in unknown]

    @invariant()
    def nothing_contradicts(self) -> None:
        """Pages are conserved, counts equal a recount, no page is in two places."""
        assert not violations(self.machine, self.play.held())


def _run(design: designs.Design) -> None:
    class Of(Sequences):
        pass

    Of.design, Of.fooled = design, fooled(design)
    run_state_machine_as_test(
        Of,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=40, deadline=None, print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(("name", "abi"), CASES, ids=lambda value: getattr(value, "name", value))
def test_random_operations(name: str, abi: Abi) -> None:
    """On every shipped design, of either byte order and width."""
    _run(designs.load(name, abi))


@pytest.mark.parametrize("name", HISTORIC)
def test_random_operations_on_history(name: str) -> None:
    """On layouts that broke and on their cures, as far as they hold the kinds."""
    _run(designs.load(HISTORY / name))
