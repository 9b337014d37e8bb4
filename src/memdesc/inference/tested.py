"""Whether what a call returned is tested for NULL wherever its function uses it."""

import re

import numpy as np
import numpy.typing as npt

from memdesc.inference.link import Linked

_DATE = re.compile(r"~\d+:")
"""A condition on a local names the function, which assignment of it, and the local."""
_PASSED = ("=", "&", "+", "arr")
_NARROWED = ("g+:", "g-:", "t:", "e:")
_USES = ("a:", "c:", "m:")


class Tested:
    """Answers for the calls of one graph."""

    def __init__(self, linked: Linked) -> None:
        self.linked = linked
        rows = linked.rows
        self._order = np.argsort(rows[:, 0], kind="stable")
        self._starts = np.searchsorted(rows[self._order, 0], np.arange(linked.node_count + 1))
        returned = np.array([op.startswith("r:") for op in linked.ops], dtype=bool)
        given: npt.NDArray[np.intp] = np.flatnonzero(returned[rows[:, 2]])
        self._results = dict(zip(rows[given, 3].tolist(), rows[given, 1].tolist(), strict=True))
        self._numbers = {op: number for number, op in enumerate(linked.ops) if op.startswith("r:")}
        self._names: dict[int, str] = {}
        self._conditions: dict[int, tuple[tuple[tuple[str, bool], ...], ...]] = {}
        for file, facts in enumerate(linked.files):
            for declared in facts.declared:
                if declared.role in ("local", "param"):
                    name = f"{facts.functions[declared.function].name}:{declared.name}"
                    for node in declared.nodes:
                        self._names[linked.node(file, node)] = name

    def everywhere(self, row: int) -> bool:
        """Return whether a test for NULL leads to each use of the result of the call in `row`.

        To store it in a member or a global is a use: who reads it there takes it for what its name says. What
        is returned is used by the callers.
        """
        before = self._answers(row)
        start = self._results.get(int(self.linked.rows[row, 3]))
        work, seen = ([start], {start}) if start is not None else ([], set())
        while work:
            node = work.pop()
            for at in self._order[self._starts[node] : self._starts[node + 1]].tolist():
                op = self.linked.ops[int(self.linked.rows[at, 2])]
                if op in _PASSED or op.startswith(_NARROWED):
                    target = int(self.linked.rows[at, 1])
                    symbol = self.linked.names.get(target, "")
                    if symbol[:2] in ("f:", "g:"):
                        if not self._led_to(node, at, before):
                            return False
                        continue
                    for following in (target, *(self._received(symbol) if symbol[:2] == "r:" else ())):
                        if following not in seen:
                            seen.add(following)
                            work.append(following)
                elif op.startswith(_USES) and not self._led_to(node, at, before):
                    return False
        return True

    def _received(self, symbol: str) -> list[int]:
        """Return the nodes of the results of all calls of a function."""
        number = self._numbers.get(symbol)
        if number is None:
            return []
        found: list[int] = self.linked.rows[self.linked.rows[:, 2] == number, 1].tolist()
        return found

    def _led_to(self, node: int, row: int, before: frozenset[tuple[str, bool]]) -> bool:
        """Whether the use in `row` is behind a test of the variable that has the value.

        Args: before: answers that were known before the value was there: of what the variable held then.
        """
        name = self._names.get(node)
        return any(answer and _DATE.sub(":", asked) == name for asked, answer in self._answers(row) - before)

    def _answers(self, row: int) -> frozenset[tuple[str, bool]]:
        facts = self.linked.rows[row]
        file = int(facts[7])
        if file not in self._conditions:
            self._conditions[file] = self.linked.files[file].conditions()
        return frozenset(self._conditions[file][int(facts[5])])
