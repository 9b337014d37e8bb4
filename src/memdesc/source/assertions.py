"""Assertions: what a function says of its arguments by refusing others.

`VM_BUG_ON_PAGE(PageTail(page), page)`, `WARN_ON(!virt_addr_valid(p))` and `if (!PageX(page)) return -EINVAL;` say
what must not arrive. Each becomes a fact about the value before it: the tests that it must pass, as a *formula*.
A formula is alternatives separated by `|`, each of tests separated by `&`; `-PageTail/0` is the test of argument
0 of PageTail() answered false. What the tests tell is for `memdesc.inference` to say.
"""

import re

import tree_sitter

from memdesc.source.branches import CONDITIONS, Branches
from memdesc.source.environment import Env, other_than
from memdesc.source.facts import WIDTH
from memdesc.source.graphing import Local

Node = tree_sitter.Node

_REFUSING = re.compile(r"(?!BUILD_)\w*(?:BUG|WARN)_ON(?:_\w+)?$|WARN(?:_ONCE|_RATELIMIT)?$")
"""Macros that complain when their first argument is true."""
_REQUIRING = re.compile(r"(?:\w*_)?(?:ASSERT|assert)(?:_\w+)?$")
"""Macros that complain when their first argument is false."""
_STOPPING = re.compile(r"(?:VM_)?BUG_ON(?:_PAGE|_FOLIO|_VMA|_MM|_PGFLAGS)?$")
"""Those behind which what they refuse is taken to be gone."""
_WRONG_KIND = re.compile(r"-E(?:INVAL|FAULT)")
"""Errors that say that the argument is wrong, rather than that this is not the time."""
_TEST = re.compile(r"g([+-]):(\w+):(\d+)$")
_ALTERNATIVES = 8


class Assertions(Branches):
    """Narrows as `Branches` does, and notes what assertions refuse."""

    def begin(self, name: str, number: int, delta: int, params: tuple[tuple[str, Local], ...]) -> Env:
        """Start a function; returns the environment at its beginning."""
        self.granted: set[tuple[str, bool]] = set()
        return super().begin(name, number, delta, params)

    def condition(self, node: Node, env: Env) -> tuple[Env, Env]:
        """Return the environments in which the condition holds and in which it does not; constants decide."""
        if node.type == "binary_expression" and self.operator(node) in ("&&", "||"):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None and left.type == "number_literal":
                if (self.text(left) != "0") == (self.operator(node) == "&&"):
                    return self.condition(right, env)
                return env.copy(), env.copy()  # the other operand is not asked
        return super().condition(node, env)

    def _asked(self, node: Node, env: Env) -> tuple[Env, Env]:
        name = self.callee(node)
        holds = required(name)
        arguments = self.arguments(node)
        if holds is None or not arguments:
            return super()._asked(node, env)
        start = len(self.out.edges)
        yes, no = self.condition(arguments[0], env)
        self.refuse(name, env, yes if holds else no, start, node)
        return yes, no

    def assertion(self, name: str, node: Node, env: Env) -> Env | None:
        """Walk an assertion that stands as a statement; returns the environment behind it."""
        yes, no = self._asked(node, env)
        kept = yes if required(name) else no
        return kept if _STOPPING.match(name) else env

    def refusal(self, then: Node, env: Env, kept: Env, start: int, node: Node) -> None:
        """Note what an `if` refuses whose branch `then` returns an error; `kept` holds behind it."""
        error = self._returned(then)
        if error:
            self.refuse(error, env, kept, start, node)

    def _returned(self, node: Node) -> str:
        """Return the error that a branch returns at once, empty when it does anything else."""
        if node.type == "compound_statement":
            inner = [c for c in node.named_children if c.type != "comment"]
            if not inner or not all(self._harmless(c) for c in inner[:-1]):
                return ""
            node = inner[-1]
        if node.type != "return_statement":
            return ""
        said = [c for c in node.named_children if c.type != "comment"]
        found = _WRONG_KIND.search(self.text(said[0])) if len(said) == 1 else None
        whole = found is not None and self.text(said[0]) in (found[0], f"ERR_PTR({found[0]})")
        return found[0] if found is not None and whole else ""

    def _harmless(self, node: Node) -> bool:
        """Whether a statement only says something in the log."""
        if node.type != "expression_statement" or not node.named_children:
            return False
        call = node.named_children[0]
        name = self.callee(call) if call.type == "call_expression" else ""
        return (
            re.match(r"(?:\w+_)?(?:err|warn|warn_once|dbg|debug|info|notice|printk|WARN\w*)$", name)
            is not None
        )

    def refuse(self, by: str, env: Env, kept: Env, start: int, node: Node) -> None:
        """Note for each path what its value must be for `kept` to be reached from `env`.

        Args: by: the asserting macro, or the error. start: length of the edges before the condition was walked.
        """
        if self.mute:
            return
        under = self._unasserted(env)
        for path, after in other_than(kept, env):
            before = env.get(path, 0)
            if path[0] == "!" or not after or before == after or (path in env and not before):
                continue
            before, formula = self._formula(before, after, start)
            if formula:
                self.edge(before, 0, f"v:{by}:{formula}", node, under)
        mine = self.out.conditions[env.get(CONDITIONS, 0)]
        self.granted.update(h for h in self.out.conditions[kept.get(CONDITIONS, 0)] if h not in mine)

    def _unasserted(self, env: Env) -> Env:
        """Return an environment with the conditions of `env` that neither assertions nor tests for NULL made."""
        held = self.out.conditions[env.get(CONDITIONS, 0)]
        pointers = {self.asked_as(name) for name in self.params if self.pointer(name)}
        kept = tuple(h for h in held if h not in self.granted and not (h[1] and h[0] in pointers))
        return {CONDITIONS: self._condition(kept)}

    def _formula(self, before: int, after: int, start: int) -> tuple[int, str]:
        """Return (node, the tests by which its value becomes that of `after`), no tests when it need pass none.

        Args: before: the node, 0 when it is the one that all ways come from.
        """
        edges, names = self.out.edges, list(self.out.strings)
        into: dict[int, list[tuple[int, str]]] = {}
        for at in range(start, len(edges), WIDTH):
            into.setdefault(edges[at + 1], []).append((edges[at], names[edges[at + 2]]))
        found: list[frozenset[str]] = []
        work: list[tuple[int, frozenset[str]]] = [(after, frozenset())]
        while work:
            node, tests = work.pop()
            ways = [way for way in into.get(node, ()) if way[1] == "=" or _TEST.match(way[1])]
            if node == before or (not before and not ways):
                before = node
                found.append(tests)
                continue
            if len(ways) < len(into.get(node, ())) or not ways or len(found) + len(work) > _ALTERNATIVES:
                return 0, ""
            for source, op in ways:
                test = _TEST.match(op)
                work.append((source, tests | {f"{test[1]}{test[2]}/{test[3]}"} if test else tests))
        if not found or frozenset() in found:
            return 0, ""
        return before, "|".join(sorted("&".join(sorted(tests)) for tests in set(found)))


def required(name: str) -> bool | None:
    """Return what the macro called `name` wants of its first argument, None when it is no assertion."""
    if not name:
        return None
    if _REFUSING.match(name):
        return False
    return True if _REQUIRING.match(name) and not name.startswith(("lockdep", "static", "_Static")) else None
