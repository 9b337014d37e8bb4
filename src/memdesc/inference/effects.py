"""Effects: what the body of a function does with its parameters, as demands of the function.

A call of a function without a signature is followed into the body. One with a signature is not; what its body, and
the functions that this calls, do with a parameter under no condition is what it demands besides its signature.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from memdesc.inference.bodies import Bodies
from memdesc.inference.derive import Derivation, Derived, refusing, worded
from memdesc.inference.slots import accepting, takes_folio
from memdesc.kinds import ANY, Kind
from memdesc.source.signatures import Demand, Signature

_DEEP = 8
"""Calls that lead to a use; what lies further is no matter of the function at hand."""
Use = tuple[int, Demand, str, int]
"""(node, demand, who demands, row of the facts)"""


class Effects:
    """Finds the demands of functions.

    Args: uses: the demands that stand in bodies. signed: whether calls of a name are told by a signature.
    """

    def __init__(self, bodies: Bodies, uses: Iterable[Use], signed: Callable[[str], bool]) -> None:
        self.bodies, self.signed = bodies, signed
        self._uses: dict[int, list[Use]] = {}
        for use in uses:
            self._uses.setdefault(int(bodies.linked.rows[use[3], 6]), []).append(use)
        self._known: dict[str, dict[int, tuple[Derived, ...]]] = {}
        self._called = {
            number: (op.split(":")[1], int(op.rpartition(":")[2]))
            for number, op in enumerate(bodies.linked.ops)
            if op[:2] == "a:" and op[2:3] != "." and op.count(":") == 2
        }

    def beyond(
        self, signed: Iterable[tuple[str, Signature | None]], derivation: Derivation
    ) -> Iterator[tuple[str, int, tuple[Derived, ...]]]:
        """Yield (function, parameter, demands that its signature and its assertions do not make), and note them.

        A test asks and demands nothing by that, and what a function turns into another kind it treats as such. One
        that frees by its signature says itself which memory it frees: how it gives that back is its own matter.
        """
        for name, signature in signed:
            if signature is None or signature.result.whole_truth or name not in self.bodies.defined:
                continue
            for number, demands in self.of(name).items():
                slot = signature.params[number] if number < len(signature.params) else None
                if slot is None or slot.guard or slot.becomes:
                    continue
                said = accepting(slot) & (ANY & ~Kind.TAIL if takes_folio(slot) else ANY)
                held = derivation.demands.get((name, number), ())
                for derived in held:
                    said &= derived.demand.accepts
                frees = any(demand.action == "free" for demand in slot.demands)
                more = tuple(
                    d
                    for d in demands
                    if said & ~d.demand.accepts and not (frees and d.demand.action == "free")
                )
                if more:
                    derivation.demands[name, number] = (*held, *more)
                    yield name, number, more

    def of(self, name: str, depth: int = 0) -> dict[int, tuple[Derived, ...]]:
        """Return the demands of a function (spelt as in Linked) by parameter."""
        found = self._known.get(name)
        if found is None:
            self._known[name] = {}  # what calls itself demands nothing by that
            found = self._of(name, depth)
            if depth < _DEEP:
                self._known[name] = found
        return found

    def _of(self, name: str, depth: int) -> dict[int, tuple[Derived, ...]]:
        bodies = [f for f in self.bodies.defined.get(name, ()) if self.bodies.rows(f)]
        made = [self._in(function, depth) for function in bodies]
        # What only one of several definitions demands is a matter of the configuration.
        return {
            number: tuple(
                d for demand, d in each.items() if all(demand in other.get(number, ()) for other in made)
            )
            for number, each in (made[0].items() if made else ())
        }

    def _in(self, function: int, depth: int) -> dict[int, dict[Demand, Derived]]:
        made: dict[int, dict[Demand, Derived]] = {}
        for node, demand, by, row in self._standing(function, depth):
            refused = ANY & ~demand.accepts
            for number, own in refusing(self.bodies, function, node, refused):
                said = demand if own == refused else replace(worded(own), action=demand.action)
                made.setdefault(number, {}).setdefault(said, Derived(said, by, row))
        return made

    def _standing(self, function: int, depth: int) -> Iterable[Use]:
        """Yield the uses that stand in a body under no condition, those in what it calls besides."""
        linked = self.bodies.linked
        for use in self._uses.get(function, ()):
            if not self.bodies.conditional(use[3]):
                yield use
        if depth >= _DEEP:
            return
        for row in self.bodies.rows(function):
            called = self._called.get(int(linked.rows[row, 2]))
            if called is None or self.signed(called[0]) or called[0] not in self.bodies.defined:
                continue
            demands = self.of(called[0], depth + 1).get(called[1], ())
            if demands and not self.bodies.conditional(row):
                for each in demands:
                    yield int(linked.rows[row, 0]), each.demand, each.by, each.row
