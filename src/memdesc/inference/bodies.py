"""Bodies: which values in a function's body are those of its parameters, and what stands under no condition."""

import re
from collections.abc import Callable
from functools import cached_property

import numpy as np
import numpy.typing as npt

from memdesc.inference.link import Linked
from memdesc.inference.transfer import SAME, Transfer
from memdesc.kinds import ANY
from memdesc.source.facts import Conditions

Guard = Callable[[str, int, bool], Transfer]
"""What passes the test of argument N of a function, when it is answered so."""
View = Callable[[str], "tuple[int, Transfer] | None"]
"""The argument whose memory a function returns another view of, with what of it; None when there is none."""

_VARIANTS = ("arch/", "tools/")
"""Folders that define functions which others define too, for themselves."""
_CONFIGURED = re.compile(r"[A-Z_]\w*")
_ASKED = re.compile(r"(?:(\w+)(?:~\d+)*:)?(\w+)\((\w+)\)")


class Bodies:
    """Answers about the bodies of one graph."""

    def __init__(self, linked: Linked, guard: Guard, view: View) -> None:
        self.linked, self.guard, self.view = linked, guard, view
        self._parameters: dict[int, dict[int, dict[int, Transfer]]] = {}
        self._conditions: dict[int, Conditions] = {}

    @cached_property
    def _order(self) -> "tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]":
        functions = self.linked.rows[:, 6]
        order = np.argsort(functions, kind="stable")
        return order, np.searchsorted(functions[order], np.arange(len(self.linked.functions) + 1))

    @cached_property
    def _names(self) -> dict[int, str]:
        return {number: name for name, number in self.linked.definitions.items()}

    @cached_property
    def defined(self) -> dict[str, list[int]]:
        """The functions that calls of a name may mean, but for the variants of architectures."""
        found: dict[str, list[int]] = {}
        for number in range(len(self.linked.functions)):
            spelt = self.spelt(number)
            if spelt:
                found.setdefault(spelt, []).append(number)
        return found

    def rows(self, function: int) -> list[int]:
        """Return the rows of a function's body, in their order."""
        order, starts = self._order
        found: list[int] = order[starts[function] : starts[function + 1]].tolist()
        return found

    def spelt(self, function: int) -> str:
        """Return how calls spell a function, empty when it is the variant of an architecture or has no name."""
        if function < 0:
            return ""
        file, facts = self.linked.functions[function]
        spelt = self._names.get(function, "")
        if "@" in spelt:
            return spelt
        return "" if self.linked.paths[file].startswith(_VARIANTS) else facts.name

    def conditional(self, row: int, compiled: bool = True) -> bool:
        """Whether a row stands under a condition that its function's caller could avoid.

        What a test of a parameter lets pass is known where it narrows; that a parameter is not NULL is no condition.

        Args: compiled: what the configuration decides is such a condition: a kernel may have another body.
        """
        number, file = int(self.linked.rows[row, 5]), int(self.linked.rows[row, 7])
        if not number:
            return False
        if file not in self._conditions:
            self._conditions[file] = self.linked.files[file].conditions()
        function = self.linked.functions[int(self.linked.rows[row, 6])][1]
        params = {name: at for at, (name, _) in enumerate(function.params)}
        for atom, answer in self._conditions[file][number]:
            if not compiled and _CONFIGURED.fullmatch(atom):
                continue
            if atom.removeprefix(f"{function.name}:") in params and answer:
                if "*" in dict(function.params)[atom.removeprefix(f"{function.name}:")]:
                    continue
                return True
            asked = _ASKED.fullmatch(atom)
            if asked is None or asked[3] not in params or self.guard(asked[2], 0, answer).keep == ANY:
                return True
        return False

    def parameters(self, function: int) -> dict[int, dict[int, Transfer]]:
        """Return, by parameter, the nodes of a body that hold its value, with what has passed up to there."""
        found = self._parameters.get(function)
        if found is None:
            found = self._parameters[function] = self._from_parameters(function)
        return found

    def _from_parameters(self, function: int) -> dict[int, dict[int, Transfer]]:
        linked, body, spelt = self.linked, self.rows(function), self.spelt(function)
        onward: dict[int, list[tuple[int, Transfer]]] = {}
        into: dict[int, list[int]] = {}
        given: dict[tuple[int, int], int] = {}
        for row in body:
            source, _, number, site = linked.rows[row, :4].tolist()
            op = linked.ops[number]
            if op[:2] == "a:" and op.count(":") == 2:
                given[site, int(op.rpartition(":")[2])] = source
        for row in body:
            source, target, number, site = linked.rows[row, :4].tolist()
            if not target:
                continue
            op = linked.ops[number]
            passed: Transfer | None = None
            if op in ("=", "&"):
                passed = SAME
            elif op[:3] in ("g+:", "g-:"):
                _, name, argument = op.split(":")[:3]
                passed = self.guard(name, int(argument), op[1] == "+")
            elif op[:2] == "r:" and (seen := self.view(op[2:])) is not None:
                source, passed = given.get((site, seen[0]), 0), seen[1]
            into.setdefault(target, []).append(source if passed is not None else 0)
            if passed is not None and source:
                onward.setdefault(source, []).append((target, passed))
        found: dict[int, dict[int, Transfer]] = {}
        for number in range(len(linked.functions[function][1].params)):
            start = linked.symbols.get(f"p:{spelt}:{number}")
            if start is None:
                continue
            reached = {start: SAME}
            work = [start]
            while work:
                node = work.pop()
                for target, transfer in onward.get(node, ()):
                    passed = Transfer(reached[node].keep & transfer.keep)
                    old = reached.get(target)
                    joined = passed if old is None else Transfer(old.keep | passed.keep)
                    if joined != old:
                        reached[target] = joined
                        work.append(target)
            # Where another value may stand there as well, nothing is said of the parameter.
            mixed = [node for node in reached if node != start and any(s not in reached for s in into[node])]
            while mixed:
                if reached.pop(mixed[-1], None) is None:
                    mixed.pop()
                else:
                    mixed += [target for target, _ in onward.get(mixed.pop(), ()) if target != start]
            found[number] = reached
        return found
